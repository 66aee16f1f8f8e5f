"""`rotation_timeline(tenant.keys)`: each signing key as next, current, previous and revoked, over time."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authkit.explore.figures import Picture
from authkit.explore.pictures.sheet import BLUE, GREEN, INK, LINE, ORANGE, QUIET, VERMILION, WIDTH, Sheet
from authkit.explore.pictures.spans import now_of, span
from authkit.ground.clock import Clock, readable
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.jose.ring import KeyRing, Place, RingKey
from authkit.registry.signing_keys import SigningKeys
from authkit.tenant import Tenant

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST: Final = 6
"""Keys on one picture, the newest; earlier ones are counted."""

_LEFT, _TOP, _ROW = 204.0, 138.0, 46.0
_LOOKS: Final[dict[Place, dict[str, Any]]] = {
    "next": {"colour": BLUE, "strength": 0.08, "dashed": True},
    "current": {"colour": GREEN, "strength": 0.5},
    "previous": {"colour": ORANGE, "strength": 0.22, "hatch": "////"},
}


class _Turn(NamedTuple):
    """A moment at which keys change places.

    The order is that of the ring, since a clock that stands still gives several turns one time: the key with number n
    becomes current in turn n, and one that is revoked by hand is so after the turn that made it previous.
    """

    order: float
    at: int
    what: str


class _Stay(NamedTuple):
    """A key in one place, from turn to turn; the last one lasts."""

    place: Place
    begin: float
    end: float


def rotation_timeline(keys: SigningKeys | KeyRing | Tenant[Any], clock: Clock | None = None) -> Picture:
    """A picture of the places that each signing key has had, one column from turn to turn, and which are published.

    Its table has a row a key: its places, when it took them, and whether the JWKS holds it.

    Args:
        keys: A tenant, its `keys`, or a ring of them. Of more than six keys the newest six are shown.
        clock: What says how long ago the last turn was, as in `tenant.clock`.

    Raises:
        ConfigurationError: These are no such keys, or what was given is no clock (`picture.keys`, `picture.clock`); or
            matplotlib is not installed (`extra.missing`).
    """
    held = keys.keys if isinstance(keys, Tenant) else keys
    ring = held.ring if isinstance(held, SigningKeys) else held
    if not isinstance(ring, KeyRing):
        raise ConfigurationError(
            "picture.keys", f"These are no signing keys of a tenant: {shorten(ring)}.", "Pass tenant.keys."
        )
    now = None if clock is None else now_of(clock)
    older, shown = ring.keys[:-MOST], ring.keys[-MOST:]
    rows = [key_row(entry) for entry in ring.keys]
    return Picture(_drawn(ring, len(older), now), _in_words(shown, now, len(older)), rows)


def key_row(entry: RingKey) -> dict[str, Any]:
    """A signing key as a row of a table: its place, its name, whether it is published, and its times."""
    times = {"current_since": entry.current_since, "current_until": entry.current_until, "revoked": entry.revoked_at}
    return {
        "place": entry.place,
        "kid": entry.key.kid,
        "in_jwks": entry.place != "revoked",
        **{name: "" if moment is None else readable(moment) for name, moment in times.items()},
    }


def _in_words(shown: tuple[RingKey, ...], moment: float | None, older: int) -> str:
    now = "" if moment is None else f" Now is {readable(moment)}."
    before = f" {older} older revoked keys are left out." if older else ""
    return f"{len(shown)} signing keys over time, oldest first.{now}{before} " + " ".join(map(_life, shown))


def _life(entry: RingKey) -> str:
    parts = [f"Key {entry.key.kid[:8]}…, now {entry.place}"]
    if entry.current_since is not None:
        parts.append(f"current from {readable(entry.current_since)}")
    if entry.current_until is not None:
        parts.append(f"until {readable(entry.current_until)}")
    if entry.revoked_at is not None:
        parts.append(f"revoked {readable(entry.revoked_at)}")
    return f"{', '.join(parts)}{', published early' if entry.place == 'next' else ''}."


def _turns(keys: tuple[RingKey, ...]) -> list[_Turn]:
    turns = []
    for number, entry in enumerate(keys):
        if entry.current_since is not None:
            turns.append(_Turn(number, entry.current_since, "rotate" if number else "start"))
        if entry.revoked_at is not None and _by_hand(keys, number):
            turns.append(_Turn(number + 1.5, entry.revoked_at, "revoke"))
    return sorted(turns)


def _by_hand(keys: tuple[RingKey, ...], number: int) -> bool:
    """Whether a revoked key was so before the rotation that would have done it."""
    later = keys[number + 2].current_since if number + 2 < len(keys) else None
    return later is None or keys[number].revoked_at != later


def _stays(keys: tuple[RingKey, ...], number: int) -> list[_Stay]:
    entry, stays = keys[number], []
    if number:
        stays.append(_Stay("next", number - 1, math.inf if entry.current_since is None else number))
    if entry.current_since is not None:
        stays.append(_Stay("current", number, math.inf if entry.current_until is None else number + 1))
    if entry.current_until is not None:
        gone = number + (1.5 if _by_hand(keys, number) else 2)
        stays.append(_Stay("previous", number + 1, math.inf if entry.revoked_at is None else gone))
        if entry.revoked_at is not None:
            stays.append(_Stay("revoked", gone, math.inf))
    return stays


def _drawn(ring: KeyRing, first: int, now: float | None) -> Figure:
    turns = [turn for turn in _turns(ring.keys) if turn.order >= first]
    shown = range(first, len(ring.keys))
    bottom = _TOP + _ROW * len(shown)
    left_out = f" {first} older keys, all revoked, are left out." if first else ""
    subtitle = f"A column lasts from one turn to the next, whatever time that took.{left_out}"
    sheet = Sheet(bottom + 52, "The places of the signing keys", subtitle)
    width = (WIDTH - 24 - _LEFT) / len(turns)
    edges = {turn.order: _LEFT + number * width for number, turn in enumerate(turns)}
    for turn in turns:
        _head(sheet, turn, edges[turn.order], width, bottom)
    if now is not None:
        since = f"now, {span(now - turns[-1].at)} later"
        sheet.text(WIDTH - 24, 82, since, bold=True, across="right")
    published = dict.fromkeys(edges, 0)
    for row, number in enumerate(shown):
        stays = _stays(ring.keys, number)
        _key(sheet, ring.keys[number], stays, edges, _TOP + _ROW * row)
        for order in edges:
            published[order] += any(stay.begin <= order < stay.end and stay.place != "revoked" for stay in stays)
    sheet.text(24, bottom + 24, "keys in the JWKS", colour=QUIET)
    for order, at in edges.items():
        sheet.text(at + width / 2, bottom + 24, str(published[order]), bold=True, across="center")
    return sheet.figure


def _head(sheet: Sheet, turn: _Turn, at: float, width: float, bottom: float) -> None:
    moment = datetime.fromtimestamp(turn.at, UTC)
    sheet.line([(at, _TOP - 44), (at, bottom + 36)], colour=LINE)
    sheet.text(at + 6, 104, turn.what, bold=True)
    sheet.text(at + 6, 122, sheet.fit(f"{moment:%Y-%m-%d %H:%M}" if width > 160 else f"{moment:%m-%d %H:%M}", width))


def _key(sheet: Sheet, entry: RingKey, stays: list[_Stay], edges: dict[float, float], top: float) -> None:
    sheet.text(24, top + 14, f"{entry.key.kid[:8]}…", mono=True, bold=True)
    sheet.text(24, top + 33, f"now {entry.place}", colour=QUIET)
    begins = min(edges)
    for stay in stays:
        start, end = edges[max(stay.begin, begins)], edges.get(stay.end, WIDTH - 24)
        if stay.end <= begins:
            continue
        if stay.place == "revoked":
            sheet.line([(start, top + 23), (end, top + 23)], colour=VERMILION, dashed=True)
        else:
            sheet.box(start + 2, top + 8, end - start - 4, 30, **_LOOKS[stay.place])
        label = sheet.fit("✘ revoked" if stay.place == "revoked" else stay.place, end - start - 8)
        sheet.text((start + end) / 2, top + 23, label, colour=INK, across="center", backed=stay.place != "current")
