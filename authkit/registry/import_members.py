"""The members of an entry of an export: which are set, and what the import itself asks of some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from authkit.registry.collection import storable
from authkit.registry.rules import registration_error

_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}")


def members(entry: object) -> dict[str, Any]:
    """The members of an entry that are set, and those of the objects in its lists, as of scopes."""
    if not isinstance(entry, Mapping):
        raise registration_error("Entry", "", "not_an_object", "must be a JSON object", "Write {...}.", entry)
    return {
        str(name): [without_nulls(one) for one in value] if isinstance(value, list | tuple) else value
        for name, value in without_nulls(entry).items()
    }


def without_nulls(one: Any) -> Any:
    """An object's members that are set; anything else as it is."""
    return {name: value for name, value in one.items() if value is not None} if isinstance(one, Mapping) else one


def checked_client_id(values: dict[str, Any]) -> None:
    """A client id that can be kept: none is made anew, as programs are configured with it and tokens name it."""
    given = values.get("client_id")
    if given is not None and not (isinstance(given, str) and _CLIENT_ID.fullmatch(given)):
        raise registration_error(
            "Application", "client_id", "invalid", "must be 1 to 128 letters, digits or . _ ~ -",
            "Take it out: a new one is made, which the application is then configured with.", given,
        )  # fmt: skip


def checked_client_secret(values: dict[str, Any]) -> None:
    """A client secret that can be stored."""
    given = values.get("client_secret")
    if isinstance(given, str) and not storable(given):
        raise registration_error(
            "Application", "client_secret", "not_text", "must be text",
            "Take out the half surrogate pair: it is no character.", given,
        )  # fmt: skip


def listed(noun: str, field: str, given: object) -> Iterable[object]:
    """A member that is a list, as one."""
    if not isinstance(given, list | tuple):
        raise registration_error(noun, field, "not_a_list", "must be a list", "Write [...].", given)
    return given
