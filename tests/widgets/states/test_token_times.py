"""How far a time in a token lies from now."""

import pytest

from authkit.widgets.states.token_times import relative


@pytest.mark.parametrize(
    ("name", "away", "words"),
    [
        ("exp", 86400, "expires in 24 h"),
        ("exp", 82800, "expires in 23 h"),
        ("exp", 3661, "expires in 1 h 1 min"),
        ("exp", -1, "expired 1 s ago"),
        ("exp", 0, "expires now"),
        ("exp", 0.5, "expires now"),
        ("nbf", 90000, "valid in 25 h"),
        ("nbf", -90061, "valid since 1 d 1 h"),
        ("iat", -60, "issued 1 min ago"),
        ("iat", 60, "issued 1 min in the future"),
        ("auth_time", -5, "login 5 s ago"),
        ("exp", 1e300, ""),
        ("exp", -1e300, ""),
        ("other", 5, ""),
    ],
)
def test_a_time_is_said_from_now(name, away, words):
    """In its two largest units; nothing where that says nothing."""
    assert relative(name, 1767603600 + away, 1767603600) == words
