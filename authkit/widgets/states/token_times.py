"""The times in a token, as people say them: when, and how far from now."""

from __future__ import annotations

from typing import Final

_UNITS: Final = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
_TOO_FAR: Final = 1e10  # three hundred years: no span that helps anyone
_WORDS: Final = {
    "exp": ("expires in {}", "expired {} ago", "expires now"),
    "nbf": ("valid in {}", "valid since {}", "valid from now"),
    "iat": ("issued {} in the future", "issued {} ago", "issued now"),
    "auth_time": ("login {} in the future", "login {} ago", "login now"),
}


def relative(name: str, moment: float, now: float) -> str:
    """How far a time claim lies from now, as in `expires in 23 h`; empty where that says nothing.

    Args:
        name: The claim.
        moment: Its NumericDate.
        now: The NumericDate of now.
    """
    away = moment - now
    if name not in _WORDS or abs(away) > _TOO_FAR:
        return ""
    ahead, behind, at = _WORDS[name]
    seconds = int(abs(away))
    return at if seconds == 0 else (ahead if away > 0 else behind).format(_short(seconds))


def _short(seconds: int) -> str:
    """Seconds in their two largest units; whole hours up to two days stay hours, as lifetimes are given."""
    if seconds % 3600 == 0 and seconds <= 172800:
        return f"{seconds // 3600} h"
    said = []
    for unit, length in _UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            said.append(f"{count} {unit}")
    return " ".join(said[:2])
