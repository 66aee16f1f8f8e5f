"""A user's token as a click has changed it: what it says now, and what a token issued before still says."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from authkit.ground.display import printable
from authkit.issuance.preview import Sight

Mark = Literal["same", "differs", "appears", "falls away"]
_TIMES: Final = ("iat", "exp")  # they tell the time of issue, which no click here changes


class Member(NamedTuple):
    """One member of the token.

    Attributes:
        name: The claim, or `header.typ`.
        now: Its value in a token issued now; a dash where it is not in it.
        was: Its value in a token issued before the last click; empty without one.
        mark: How the two differ.
    """

    name: str
    now: str
    was: str
    mark: Mark


def members(now: Sight, before: Sight | None) -> tuple[Member, ...]:
    """Every member of either token; without an earlier one nothing differs."""
    new, old = _flat(now), _flat(before or now)
    return tuple(_member(name, new.get(name), old.get(name)) for name in dict.fromkeys((*new, *old)))


def _member(name: str, new: object, old: object) -> Member:
    mark: Mark = "same" if new == old else "appears" if old is None else "falls away" if new is None else "differs"
    return Member(name, _shown(new), "" if mark == "same" else _shown(old), mark)


def _flat(side: Sight) -> dict[str, object]:
    head = {"header.typ": side.header["typ"]} if "typ" in side.header else {}
    return head | {name: value for name, value in side.claims.items() if name not in _TIMES}


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return printable(" ".join(map(str, value)) or "none" if isinstance(value, list) else value)
