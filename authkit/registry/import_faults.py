"""The faults of an import: each with its place, and all of them in one error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from authkit.ground.errors import RegistrationError

_MAX_NAMED: Final = 5
_UNIQUE: Final = frozenset({"identifier", "id", "client_id", "audience", "name", "email", "user_id"})
"""What names an entry, and what only one in a tenant can therefore have."""


class Taken:
    """What only one of a kind can have, and which entry of the export has it."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, ...], str] = {}

    def add(self, place: str, entry: Mapping[str, object]) -> None:
        """Keep what an entry has that came in."""
        for field in _UNIQUE & entry.keys():
            self._places[_key(place, field, entry)] = place

    def by(self, place: str, fault: RegistrationError, entry: object) -> str:
        """The place of the entry that has what this one wanted; empty if it is none of this export."""
        return self._places.get(_key(place, fault.field, entry), "") if isinstance(entry, Mapping) else ""


def _key(place: str, field: str, entry: Mapping[str, object]) -> tuple[str, ...]:
    part, value = place.partition("[")[0], str(entry.get(field))
    if field == "audience":  # one grant an API for each application
        return part, field, value, str(entry.get("client_id"))
    return part, field, value.lower() if field == "email" else value  # one user an address, however it is written


def at(place: str, fault: RegistrationError, taken_by: str = "") -> RegistrationError:
    """The same fault, with its place in the export for a field.

    Args:
        place: The entry's.
        fault: What is wrong with it.
        taken_by: The place of the entry that has what only one can have.
    """
    field = f"{place}.{fault.field}" if fault.field else place
    remedy = fault.remedy
    if fault.code.endswith(".duplicate") and fault.field in _UNIQUE:  # whose repairs speak of creating one by hand
        remedy = "Import into an empty tenant, or take the entry out of the export."
        if taken_by:
            remedy = f"{taken_by} of this export has it already: take one of the two out, or change it."
    return RegistrationError(
        f"import{fault.code}" if fault.code.startswith(".") else fault.code,
        f"{field} {fault.rule}; given was {fault.value}. Nothing was imported.",
        remedy,
        field=field,
        rule=fault.rule,
        value=fault.value,
    )


def together(faults: list[RegistrationError]) -> RegistrationError:
    """One error: the first fault, and where the others are."""
    first, *others = faults
    if not others:
        return first
    places = ", ".join(f"{fault.field} [{fault.code}]" for fault in others[:_MAX_NAMED])
    more = f", and {len(others) - _MAX_NAMED} more" if len(others) > _MAX_NAMED else ""
    return RegistrationError(
        first.code,
        f"{first.message} Also at fault: {places}{more}.",
        first.remedy,
        field=first.field,
        rule=first.rule,
        value=first.value,
    )
