"""Permissions that somebody holds – a role or a user –: scopes of APIs, kept beside their holder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from authkit.registry.apis import Apis, define_first
from authkit.registry.collection import storable, unknown
from authkit.registry.models import Api, Permission
from authkit.registry.models.base import in_order
from authkit.registry.rules import registration_error
from authkit.storage import Database

MAX_PERMISSIONS: Final = 1000


class Holdings:
    """What the holders of one kind hold.

    Args:
        database: The tenant's store.
        apis: Whose scopes can be held.
        table: Where it is kept.
        noun: What a holder is called in errors.
    """

    def __init__(
        self, database: Database, apis: Apis, table: Literal["role_permissions", "user_permissions"], noun: str
    ) -> None:
        self._database = database
        self._apis = apis
        self._table = table
        self._noun = noun

    def of(self, owner: str) -> tuple[Permission, ...]:
        """What this one holds, in the order it was given."""
        rows = self._database.rows(
            f"SELECT audience, permission FROM {self._table} WHERE owner = ? ORDER BY number", (storable(owner),)
        )
        return tuple(Permission(resource_server_identifier=api, permission_name=name) for api, name in rows)

    def add(self, owner: str, api: Api | str, names: Iterable[str]) -> None:
        """Give scopes of an API; those that are held already stay.

        Raises:
            RegistrationError: An unknown API or scope, or more than 1000; nothing was stored.
        """
        with self._database.transaction():
            found = self._apis.get(api)
            defined = frozenset(found.scope_values)
            for name in self._listed(names):
                if not isinstance(name, str) or name not in defined:
                    raise unknown(self._noun, "permission_name", name, define_first(found))
                self._database.execute(
                    f"INSERT INTO {self._table} (owner, audience, permission) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    (owner, found.identifier, name),
                )
            number = self._number(owner)
            if number > MAX_PERMISSIONS:
                raise registration_error(
                    self._noun, "permissions", "too_many", f"may hold at most {MAX_PERMISSIONS}",
                    "Split them over several roles.", number,
                )  # fmt: skip

    def _number(self, owner: str) -> int:
        """How many it holds that their APIs define: another one means nothing, and is in nobody's way."""
        held = self.of(owner)
        apis = {name: self._apis.get(name).scope_values for name in {one.resource_server_identifier for one in held}}
        defined = {name: frozenset(values) for name, values in apis.items()}
        return sum(one.permission_name in defined[one.resource_server_identifier] for one in held)

    def remove(self, owner: str, api: Api | str, names: Iterable[str]) -> None:
        """Take scopes of an API away; those that are not held are no fault.

        Raises:
            RegistrationError: There is no such API; nothing was changed.
        """
        with self._database.transaction():
            identifier = self._apis.get(api).identifier
            for name in self._listed(names):
                self._database.execute(
                    f"DELETE FROM {self._table} WHERE owner = ? AND audience = ? AND permission = ?",
                    (owner, identifier, storable(name)),
                )

    def _listed(self, names: object) -> tuple[object, ...]:
        if isinstance(names, Mapping | bytes) or not isinstance(names, Iterable):
            raise registration_error(
                self._noun, "permissions", "not_a_list", "must be a list of scopes",
                "Give their values, like ['read:orders'].", names,
            )  # fmt: skip
        return (names,) if isinstance(names, str) else tuple(in_order(names))
