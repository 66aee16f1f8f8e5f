"""Permissions that a role or a user holds, as they come in and go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from authkit.http.management import resource_servers
from authkit.http.management.operation import Call
from authkit.http.management.shapes import list_of, members, shape
from authkit.registry.models import Api, Permission
from authkit.registry.vendor_json import permission_json

_KNOWN: Final = members(Permission)
_SOURCE: Final = shape(
    "PermissionSource",
    {
        "source_type": {"type": "string", "enum": ["DIRECT", "ROLE"]},
        "source_id": {"type": "string"},
        "source_name": {"type": "string"},
    },
    required=("source_type", "source_id", "source_name"),
)
_DESCRIBED: Final = {**_KNOWN, "description": {"type": "string"}, "resource_server_name": {"type": "string"}}

PERMISSION: Final = shape("Permission", _DESCRIBED, required=tuple(_DESCRIBED))
USER_PERMISSION: Final = shape(
    "UserPermission",
    {**_DESCRIBED, "sources": list_of(_SOURCE.schema)},
    required=(*_DESCRIBED, "sources"),
    description="A permission, and where the user has it from: directly or through a role.",
)
PERMISSIONS: Final = shape(
    "Permissions",
    {"permissions": list_of(shape("PermissionName", _KNOWN, required=tuple(_KNOWN)).schema)},
    required=("permissions",),
)
NOTHING: Final = shape("Nothing", {}, description="An empty object.")


class Describer:
    """Writes permissions with what their APIs say of them, and looks each API up once.

    Args:
        call: The call that is answered.
    """

    def __init__(self, call: Call) -> None:
        self._apis = call.tenant.apis
        self._found: dict[str, Api | None] = {}

    def __call__(self, permission: Permission) -> dict[str, Any]:
        """One permission as JSON."""
        name = permission.resource_server_identifier
        if name not in self._found:
            self._found[name] = self._apis.find(name)
        return permission_json(permission, self._found[name])


def for_each(call: Call, do: Callable[[Api, Iterable[str]], None]) -> None:
    """Do something with the permissions of a body, API by API, all or nothing.

    Raises:
        Refused: There is no such API.
    """
    by_api: dict[str, list[str]] = {}
    for one in call.body["permissions"]:
        by_api.setdefault(one["resource_server_identifier"], []).append(one["permission_name"])
    with call.tenant.registry.database.transaction():
        for identifier, names in by_api.items():
            do(resource_servers.named(call, identifier), names)
