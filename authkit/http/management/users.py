"""`/users` and `/users-by-email`: who can log in, their roles, and what they may do."""

from __future__ import annotations

from typing import Any, Final

from authkit.http.management import holdings, roles
from authkit.http.management.errors import inexistent, invalid_body
from authkit.http.management.operation import Call, Parameter, operation
from authkit.http.management.paging import PAGED, listed, page
from authkit.http.management.shapes import list_of, members, shape
from authkit.registry.models import Permission, User
from authkit.registry.passwords import MAX_PASSWORD, MIN_PASSWORD
from authkit.registry.vendor_json import CONNECTION, role_json, user_json

_SETTINGS: Final = {
    **members(User, "email", "email_verified", "name", "blocked"),
    "password": {
        "type": "string", "minLength": MIN_PASSWORD, "maxLength": MAX_PASSWORD, "format": "password",
        "writeOnly": True, "description": "Kept as a hash alone, and shown by nothing.",
    },
    "connection": {
        "type": "string", "enum": [CONNECTION], "description": "Where the password is kept: there is one place.",
    },
}  # fmt: skip
_IDENTITY: Final = shape(
    "Identity",
    {
        "connection": {"type": "string"}, "provider": {"type": "string"}, "user_id": {"type": "string"},
        "isSocial": {"type": "boolean"},
    },
    required=("connection", "provider", "user_id", "isSocial"),
)  # fmt: skip
_EMAIL: Final = Parameter(
    "email", {"type": "string", "minLength": 1, "maxLength": 254}, "The address, however it is written.", required=True
)

USER: Final = shape(
    "User",
    {**members(User), "identities": list_of(_IDENTITY.schema)},
    required=("user_id", "email", "email_verified", "blocked", "identities"),
)
USER_LIST: Final = listed("users", USER)
NEW: Final = shape("NewUser", _SETTINGS, required=("email", "password"))
CHANGES: Final = shape("UserChanges", _SETTINGS, description="What is not named stays.")
ROLES: Final = shape("RoleIds", {"roles": list_of({"type": "string", "minLength": 1})}, required=("roles",))


def _named(call: Call) -> User:
    found = call.tenant.users.find(call.id)
    if found is None or found.id != call.id:  # the registry also finds by e-mail address; the path names an id
        raise inexistent("user", "user")
    return found


def _settings(call: Call) -> dict[str, Any]:
    settings = dict(call.body)
    if settings.pop("connection", CONNECTION) != CONNECTION:
        raise invalid_body(f"'No enum match' on property connection: the only one is {CONNECTION}.")
    return settings


def list_all(call: Call) -> Any:
    """List the users."""
    return page(call, "users", tuple(call.tenant.users), user_json)


def create(call: Call) -> Any:
    """Create a user."""
    return user_json(call.tenant.users.create(**_settings(call)))


def show(call: Call) -> Any:
    """Get a user."""
    return user_json(_named(call))


def change(call: Call) -> Any:
    """Update a user."""
    return user_json(call.tenant.users.update(_named(call), **_settings(call)))


def delete(call: Call) -> None:
    """Delete a user."""
    found = call.tenant.users.find(call.id)
    if found is not None and found.id == call.id:  # the vendor's documentation knows no 404: what is gone is gone
        call.tenant.users.delete(found, missing_ok=True)


def by_email(call: Call) -> Any:
    """Search users by e-mail address."""
    found = call.tenant.users.find(call.query["email"])
    return [user_json(found)] if found is not None and found.email == call.query["email"].lower() else []


def show_roles(call: Call) -> Any:
    """List the roles of a user."""
    return page(call, "roles", call.tenant.users.roles(_named(call)), role_json)


def add_roles(call: Call) -> None:
    """Give roles to a user."""
    call.tenant.users.add_roles(_named(call), *(roles.named(call, one) for one in call.body["roles"]))


def remove_roles(call: Call) -> None:
    """Take roles from a user."""
    call.tenant.users.remove_roles(_named(call), *(roles.named(call, one) for one in call.body["roles"]))


def show_permissions(call: Call) -> Any:
    """List the permissions of a user."""
    user, users = _named(call), call.tenant.users
    sources: dict[Permission, list[dict[str, str]]] = {}
    for one in users.permissions(user):
        sources.setdefault(one, []).append({"source_type": "DIRECT", "source_id": "", "source_name": ""})
    for role in users.roles(user):
        for one in call.tenant.roles.permissions(role):
            source = {"source_type": "ROLE", "source_id": role.id, "source_name": role.name}
            sources.setdefault(one, []).append(source)
    describe = holdings.Describer(call)
    return page(call, "permissions", [*sources.items()], lambda held: {**describe(held[0]), "sources": held[1]})


def add_permissions(call: Call) -> Any:
    """Give permissions to a user."""
    user = _named(call)
    holdings.for_each(call, lambda api, names: call.tenant.users.add_permissions(user, api, names))
    return {}


def remove_permissions(call: Call) -> None:
    """Take permissions from a user that it holds directly."""
    user = _named(call)
    holdings.for_each(call, lambda api, names: call.tenant.users.remove_permissions(user, api, names))


OPERATIONS: Final = (
    operation("GET", "/users", list_all, "read:users", query=PAGED, gives=USER_LIST),
    operation("POST", "/users", create, "create:users", takes=NEW, gives=USER, status=201, refuses=(409,)),
    operation("GET", "/users/{id}", show, "read:users", gives=USER),
    operation("PATCH", "/users/{id}", change, "update:users", takes=CHANGES, gives=USER, refuses=(409,)),
    operation("DELETE", "/users/{id}", delete, "delete:users", status=204),
    operation("GET", "/users-by-email", by_email, "read:users", query=(_EMAIL,), gives=USER_LIST),
    operation("GET", "/users/{id}/roles", show_roles, "read:users read:roles",
              query=PAGED, gives=listed("roles", roles.ROLE)),
    operation("POST", "/users/{id}/roles", add_roles, "update:users read:roles", takes=ROLES, status=204),
    operation("DELETE", "/users/{id}/roles", remove_roles, "update:users read:roles", takes=ROLES, status=204),
    operation("GET", "/users/{id}/permissions", show_permissions, "read:users",
              query=PAGED, gives=listed("permissions", holdings.USER_PERMISSION)),
    operation("POST", "/users/{id}/permissions", add_permissions, "update:users",
              takes=holdings.PERMISSIONS, gives=holdings.NOTHING, status=201),
    operation("DELETE", "/users/{id}/permissions", remove_permissions, "update:users",
              takes=holdings.PERMISSIONS, status=204),
)  # fmt: skip
