"""The faults of an import: each with its place, and all of them in one error."""

from __future__ import annotations

from typing import Final

from authkit.ground.errors import RegistrationError

_MAX_NAMED: Final = 5


def at(place: str, fault: RegistrationError) -> RegistrationError:
    """The same fault, with its place in the export for a field."""
    field = f"{place}.{fault.field}" if fault.field else place
    # The repairs of a duplicate speak of creating one by hand.
    twice = fault.code.endswith(".duplicate")
    return RegistrationError(
        f"import{fault.code}" if fault.code.startswith(".") else fault.code,
        f"{field} {fault.rule}; given was {fault.value}. Nothing was imported.",
        "Import into an empty tenant, or take the entry out of the export." if twice else fault.remedy,
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
