"""What an import has to say besides its faults: many entries with one thing to say share a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authkit.ground.display import printable

_MAX_PLACES: Final = 5
_MAX_NAMES: Final = 20


class Notes:
    """Notes on entries, in the order in which they came up."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], list[str]] = {}
        self._left_out: dict[str, dict[str, None]] = {}

    def add(self, place: str, sentence: str) -> None:
        """Say something about one entry, as in `clients[0]`."""
        part = place.partition("[")[0]
        self._places.setdefault((part, sentence), []).append(place)

    def left_out(self, place: str, names: Iterable[str]) -> None:
        """Say which properties of an entry have no meaning here."""
        self._left_out.setdefault(place.partition("[")[0], {}).update(dict.fromkeys(names))

    def unknown_parts(self, names: Iterable[object]) -> None:
        """Say which parts of the export as a whole have no meaning here."""
        self._left_out.setdefault("", {}).update(dict.fromkeys(map(str, names)))

    def sentences(self) -> tuple[str, ...]:
        """All notes, each a sentence."""
        said = [f"{_listed(places, _MAX_PLACES)}: {sentence}." for (_, sentence), places in self._places.items()]
        for part, names in self._left_out.items():
            if names:
                shown = _listed([printable(name)[:60] for name in names], _MAX_NAMES)
                said.append(f"{f'{part}: ' if part else ''}left out, as they have no meaning here: {shown}.")
        return tuple(said)


def _listed(names: list[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
