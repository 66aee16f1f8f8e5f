"""`/roles`: names for sets of permissions, what they hold and who has them."""

from __future__ import annotations

from typing import Any, Final

from authkit.http.management import holdings
from authkit.http.management.errors import inexistent
from authkit.http.management.operation import Call, Parameter, operation
from authkit.http.management.paging import CHECKPOINTS, PAGED, listed, page
from authkit.http.management.shapes import list_of, members, shape
from authkit.registry.models import Role, User
from authkit.registry.vendor_json import member_json, role_json

_NAME_FILTER: Final = Parameter(
    "name_filter", {"type": "string", "minLength": 1, "maxLength": 200}, "Only those whose name holds this."
)

ROLE: Final = shape("Role", members(Role), required=("id", "name", "description"))
NEW: Final = shape("NewRole", members(Role, "name", "description"), required=("name",))
CHANGES: Final = shape("RoleChanges", members(Role, "name", "description"), description="What is not named stays.")
MEMBER: Final = shape("RoleMember", members(User, "user_id", "email", "name"), required=("user_id", "email"))
USERS: Final = shape("UserIds", {"users": list_of({"type": "string", "minLength": 1})}, required=("users",))


def named(call: Call, role_id: str) -> Role:
    """The role with this id, and not with this name.

    Raises:
        Refused: There is none.
    """
    found = call.tenant.roles.find(role_id)
    if found is None or found.id != role_id:
        raise inexistent("role", "role")
    return found


def list_all(call: Call) -> Any:
    """List the roles."""
    part = call.query.get("name_filter", "").casefold()
    return page(call, "roles", [one for one in call.tenant.roles if part in one.name.casefold()], role_json)


def create(call: Call) -> Any:
    """Create a role."""
    return role_json(call.tenant.roles.create(**call.body))


def show(call: Call) -> Any:
    """Get a role."""
    return role_json(named(call, call.id))


def change(call: Call) -> Any:
    """Update a role."""
    return role_json(call.tenant.roles.update(named(call, call.id), **call.body))


def delete(call: Call) -> None:
    """Delete a role."""
    call.tenant.roles.delete(named(call, call.id))


def permissions(call: Call) -> Any:
    """List the permissions of a role."""
    held = call.tenant.roles.permissions(named(call, call.id))
    return page(call, "permissions", held, holdings.Describer(call))


def add_permissions(call: Call) -> Any:
    """Add permissions to a role."""
    role = named(call, call.id)
    holdings.for_each(call, lambda api, names: call.tenant.roles.add_permissions(role, api, names))
    return {}


def remove_permissions(call: Call) -> None:
    """Remove permissions from a role."""
    role = named(call, call.id)
    holdings.for_each(call, lambda api, names: call.tenant.roles.remove_permissions(role, api, names))


def users(call: Call) -> Any:
    """List the users who have a role."""
    role, held = named(call, call.id), call.tenant.users
    return page(call, "users", held.in_role(role), member_json, lambda some: held.numbered_in_role(role, some))


def add_users(call: Call) -> Any:
    """Give a role to users."""
    role, tenant = named(call, call.id), call.tenant
    with tenant.registry.database.transaction():
        for name in call.body["users"]:
            found = tenant.users.find(name)
            if found is None or found.id != name:
                raise inexistent("user", "user")
            tenant.users.add_roles(found, role)
    return {}


OPERATIONS: Final = (
    operation("GET", "/roles", list_all, "read:roles", query=(*PAGED, _NAME_FILTER), gives=listed("roles", ROLE)),
    operation("POST", "/roles", create, "create:roles", takes=NEW, gives=ROLE, refuses=(409,)),
    operation("GET", "/roles/{id}", show, "read:roles", gives=ROLE),
    operation("PATCH", "/roles/{id}", change, "update:roles", takes=CHANGES, gives=ROLE, refuses=(409,)),
    operation("DELETE", "/roles/{id}", delete, "delete:roles", status=204),
    operation("GET", "/roles/{id}/permissions", permissions, "read:roles",
              query=PAGED, gives=listed("permissions", holdings.PERMISSION)),
    operation("POST", "/roles/{id}/permissions", add_permissions, "update:roles",
              takes=holdings.PERMISSIONS, gives=holdings.NOTHING, status=201),
    operation("DELETE", "/roles/{id}/permissions", remove_permissions, "update:roles",
              takes=holdings.PERMISSIONS, status=204),
    operation("GET", "/roles/{id}/users", users, "read:users read:roles",
              query=CHECKPOINTS, gives=listed("users", MEMBER, checkpoints=True)),
    operation("POST", "/roles/{id}/users", add_users, "update:users read:roles", takes=USERS, gives=holdings.NOTHING),
)  # fmt: skip
