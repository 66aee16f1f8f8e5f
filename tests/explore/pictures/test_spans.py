"""Spans of time in words."""

import pytest

from authkit.explore.pictures.spans import YEAR, magnitude, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (0.4, "0 s"), (1, "1 s"), (59.6, "1 min"), (61, "1 min 1 s"), (3600, "1 h"), (3601, "1 h"),
        (86399, "23 h 59 min"), (90000, "1 day 1 h"), (86405, "1 day"), (-7200, "2 h"), (86400 * 2000, "2,000 days"),
    ],
)  # fmt: skip
def test_a_span_has_at_most_two_units(seconds: float, words: str) -> None:
    """The smaller one only next to the larger."""
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1e-12, "less than a nanosecond"), (5e-9, "about 5 nanoseconds"), (1.2e-4, "about 120 microseconds"),
        (0.999, "about 1,000 milliseconds"), (1, "about 1 second"), (100, "about 2 minutes"), (7000, "about 2 hours"),
        (86400, "about 1 day"), (YEAR, "about 1 year"), (5432 * YEAR, "about 5,400 years"),
        (1e4 * YEAR, "over 10^4 years"), (3.5e6 * YEAR, "over 10^6 years"),
    ],
)  # fmt: skip
def test_a_magnitude_fits_any_length(seconds: float, words: str) -> None:
    """Two digits at most, then powers of ten."""
    assert magnitude(seconds) == words
