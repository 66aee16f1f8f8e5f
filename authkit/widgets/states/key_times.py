"""The key ring as a timeline: what each key was between one rotation and the next."""

from __future__ import annotations

from typing import Final, NamedTuple

from authkit.jose.ring import KeyRing, RingKey

LANES: Final = 4
"""How many keys are shown: the newest, which are always next, current, previous and a revoked one."""


class Lane(NamedTuple):
    """One key.

    Attributes:
        number: Its place in the order they were made, from 1.
        kid: Its name.
        place: What it is now.
        spells: What it was in each spell between two rotations, oldest first; empty before it was made.
    """

    number: int
    kid: str
    place: str
    spells: tuple[str, ...]


class Timeline(NamedTuple):
    """The newest keys.

    Attributes:
        since: NumericDate at which each spell began: that of a rotation, or of the tenant's start.
        lanes: The keys, oldest first.
    """

    since: tuple[int, ...]
    lanes: tuple[Lane, ...]


def timeline(ring: KeyRing) -> Timeline:
    """The newest keys of a ring, and the spells in which one of them was current."""
    keys = ring.keys
    current = next(number for number, entry in enumerate(keys) if entry.place == "current")
    first = max(0, len(keys) - LANES)
    spells = range(first, current + 1)
    since = tuple(keys[spell].current_since or 0 for spell in spells)
    lanes = tuple(
        Lane(number + 1, entry.key.kid, entry.place, tuple(_was(number, spell, entry, keys) for spell in spells))
        for number, entry in enumerate(keys)
        if number >= first
    )
    return Timeline(since, lanes)


def _was(number: int, spell: int, entry: RingKey, keys: tuple[RingKey, ...]) -> str:
    """What the key with this number was while the key with the number `spell` was current."""
    if spell < number:
        return "next" if spell == number - 1 else ""
    if spell == number:
        return "current"
    if spell > number + 1:
        return "revoked"
    # A rotation revokes the previous key, too: only what came before it was done by hand.
    ended = keys[spell + 1].current_since
    by_hand = entry.revoked_at is not None and (ended is None or entry.revoked_at < ended)
    return "previous, then revoked" if by_hand else "previous"
