"""The tenant's roles: names for sets of permissions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from authkit.ground import chance
from authkit.ground.chance import Chance
from authkit.registry.apis import Apis
from authkit.registry.collection import Collection
from authkit.registry.models import Api, Permission, Role
from authkit.registry.permissions import Holdings
from authkit.registry.rules import build, registration_error
from authkit.storage import Database

MAX_ROLES: Final = 1000


class Roles(Collection[Role]):
    """The tenant's roles."""

    model = Role
    table = "roles"
    keys = ("id", "name")

    def __init__(self, database: Database, chance: Chance, apis: Apis) -> None:
        super().__init__(database, chance)
        self._holdings = Holdings(database, apis, "role_permissions", "Role")

    def create(self, /, *, name: str = "", **settings: Any) -> Role:
        """Make a role, which holds nothing yet.

        Args:
            name: Its name, unique in the tenant.
            **settings: Other fields of `Role`, as in `description="Handles orders"`.

        Raises:
            RegistrationError: A rule is broken; nothing was stored.
        """
        if "id" in settings:
            raise registration_error(
                "Role", "id", "read_only", "is made by the tenant", "Leave id out.", settings["id"]
            )
        return self.adopt(build(Role, {"name": name, **settings, "id": ""}))

    def permissions(self, role: Role | str) -> tuple[Permission, ...]:
        """What the role holds."""
        return self._holdings.of(self.get(role).id)

    def add_permissions(self, role: Role | str, api: Api | str, names: Iterable[str]) -> None:
        """Give the role scopes of an API.

        Raises:
            RegistrationError: An unknown role, API or scope; nothing was stored.
        """
        with self._database.transaction():
            self._holdings.add(self.get(role).id, api, names)

    def remove_permissions(self, role: Role | str, api: Api | str, names: Iterable[str]) -> None:
        """Take scopes of an API away from the role; those it does not hold are no fault.

        Raises:
            RegistrationError: An unknown role or API; nothing was changed.
        """
        with self._database.transaction():
            self._holdings.remove(self.get(role).id, api, names)

    def _check_new(self, draft: Role) -> None:
        super()._check_new(draft)
        if len(self) >= MAX_ROLES:
            raise registration_error(
                "Role", "name", "too_many", f"is one more than the {MAX_ROLES} roles that a tenant may have",
                "Delete one first.", draft.name,
            )  # fmt: skip

    def _made(self, draft: Role) -> dict[str, Any]:
        def draw() -> str:
            return "rol_" + chance.alphanumeric(self._chance.value("role_id"), 16)

        return {"id": draft.id or self._fresh(draw)}

    def _check(self, one: Role) -> None:
        other = self.find(one.name)
        if other is not None and other.id != one.id:
            raise registration_error(
                "Role",
                "name",
                "duplicate",
                "must be unique in the tenant",
                "Choose another, or use that role.",
                one.name,
            )

    def _columns(self, one: Role) -> dict[str, str]:
        return {"name": one.name}
