"""`crack_times`: from nanoseconds to more years than there were."""

import math
from typing import Any

import pytest

from authkit import ConfigurationError
from authkit.explore import crack_times


def test_a_password_falls_at_once_and_32_random_bytes_never() -> None:
    """Half of all guesses, on average."""
    frame = crack_times().table.set_index("secret")
    weakest, strongest = frame.iloc[0], frame.iloc[-1]
    assert "password" in frame.index[0] and weakest["time"] == "about 5 nanoseconds"
    assert frame.index[-1].startswith("32 random bytes") and strongest["time"] == "over 10^60 years"
    assert strongest["seconds"] == 2.0**255 / 1e9


def test_every_mark_is_in_the_words_weakest_first() -> None:
    """With its bits and its time."""
    words = crack_times(1e6, {"long": 40, "short": 10}).words
    assert "at 1,000,000 guesses a second" in words
    assert "short, 10 bits: about 510 microseconds; long, 40 bits: about 6 days" in words


def test_more_guesses_take_less_time() -> None:
    """In proportion."""
    slow, fast = (crack_times(rate, {"x": 60}).table["seconds"][0] for rate in (1e3, 1e9))
    assert slow == fast * 1e6


@pytest.mark.parametrize("rate", [1, 1e12, 1e30])
@pytest.mark.parametrize("secrets", [{"a": 0}, {"a": 512}, {f"{n}": 60 + n / 10 for n in range(8)}], ids=len)
def test_the_extremes_are_drawn(rate: float, secrets: dict[str, float]) -> None:
    """No bits, 512 of them, eight close together."""
    assert crack_times(rate, secrets).png()


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf, "1e9", None, True, 1e31])
def test_a_rate_is_a_positive_number(rate: Any) -> None:
    """One clear error."""
    with pytest.raises(ConfigurationError) as caught:
        crack_times(rate)
    assert caught.value.code == "picture.guesses_per_second"


@pytest.mark.parametrize(
    ("secrets", "code"),
    [
        ({}, "picture.secrets"), ("hunter2", "picture.secrets"), ({str(n): n for n in range(9)}, "picture.secrets"),
        ({"x": -1}, "picture.bits"), ({"x": 513}, "picture.bits"), ({"x": math.nan}, "picture.bits"),
        ({"x": "many"}, "picture.bits"),
    ],
)  # fmt: skip
def test_secrets_are_names_and_bits(secrets: Any, code: str) -> None:
    """Never a secret itself, which is not echoed either."""
    with pytest.raises(ConfigurationError) as caught:
        crack_times(secrets=secrets)
    assert caught.value.code == code and "hunter2" not in str(caught.value)
