"""The claims of a token that was read, each with its value, its time as people say it, and what it means."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground import display
from authkit.ground.display import printable
from authkit.jose.claims import MEANINGS, TIMES, readable_claims
from authkit.widgets.states.token_times import relative

_SHOWN: Final = 60
_LONGEST: Final = 300
_OWN: Final = "a claim of this issuer’s own"


def claims_table(claims: dict[str, Any], now: float, *, verified: bool) -> display.Html:
    """One row a claim.

    Args:
        claims: The payload, verified or not.
        now: The NumericDate of now.
        verified: Whether a verifier has accepted the token.
    """
    if not claims:
        return display.text("The payload holds no claims.")
    rows = []
    for name, value in list(readable_claims(claims).items())[:_SHOWN]:
        given = claims[name]
        away = relative(name, given, now) if name in TIMES and _is_number(given) else ""
        shown = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        rows.append((display.name(printable(name)), _with(shown, away), MEANINGS.get(name, _OWN)))
    more = [("…", f"{len(claims) - _SHOWN} more", "")] if len(claims) > _SHOWN else []
    trust = "Claims, verified" if verified else "Claims, NOT verified: anyone could have written them"
    return display.table(("claim", "value", "meaning"), [*rows, *more], caption=trust)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with(value: str, away: str) -> display.Html:
    return display.join([value, display.tag("strong", f", {away}") if away else ""])
