"""What every collection of the registry does: iterate, look up, delete, store a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

from authkit.ground import display
from authkit.ground.chance import Chance
from authkit.ground.display import shorten
from authkit.ground.errors import RegistrationError
from authkit.ground.secret import REVEAL
from authkit.registry.models import Model
from authkit.registry.rules import build, registration_error
from authkit.storage import Database

M = TypeVar("M", bound=Model)


class Collection(Generic[M]):
    """The tenant's things of one kind, in the order they were created."""

    model: type[M]
    table: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ("id",)
    """Columns that name one of them, each unique."""

    def __init__(self, database: Database, chance: Chance) -> None:
        self._database = database
        self._chance = chance

    def __iter__(self) -> Iterator[M]:
        rows = self._database.rows(f"SELECT document FROM {self.table} ORDER BY number")
        return iter([self._load(document) for (document,) in rows])

    def __len__(self) -> int:
        return int(self._database.rows(f"SELECT count(*) FROM {self.table}")[0][0])

    def find(self, name: object) -> M | None:
        """The one with this id (for APIs also: identifier), or None."""
        for key in self.keys:
            rows = self._database.rows(f"SELECT document FROM {self.table} WHERE {key} = ?", (storable(name),))
            if rows:
                return self._load(rows[0][0])
        return None

    def get(self, one: M | str) -> M:
        """The one with this id (for APIs also: identifier), as it is stored now.

        Raises:
            RegistrationError: There is none (`id.unknown`).
        """
        name = getattr(one, "id", one)
        found = self.find(name)
        if found is None:
            names = " or ".join(self.keys)
            raise registration_error(
                self.model.noun, "id", "unknown", f"must name one that exists, by its {names}", self._known(), name
            )
        return found

    def delete(self, one: M | str) -> None:
        """Take it away, with everything that hangs on it.

        Raises:
            RegistrationError: There is none.
        """
        with self._database.transaction():
            found = self.get(one)
            self._may_delete(found)
            self._database.execute(f"DELETE FROM {self.table} WHERE id = ?", (found.id,))  # type: ignore[attr-defined]

    def update(self, one: M | str, /, **changes: Any) -> M:
        """Change some fields; the others stay. Returns the new, frozen object.

        Raises:
            RegistrationError: An unknown or unchangeable field, or a value against its rule; nothing was stored.
        """
        with self._database.transaction():
            found = self.get(one)
            for field, value in changes.items():
                if field in getattr(self.model, "immutable", ()) and value != getattr(found, field):
                    raise registration_error(
                        self.model.noun, field, "immutable", "cannot be changed after creation",
                        f"Create another {self.model.noun} with the {field} you want, and delete this one.", value,
                    )  # fmt: skip
            changed = build(self.model, {**dict(found), **changes})
            self._check(changed)
            columns = {**self._columns(changed), "document": self._document(changed)}
            assignments = ", ".join(f"{column} = ?" for column in columns)
            self._database.execute(
                f"UPDATE {self.table} SET {assignments} WHERE id = ?",
                (*columns.values(), changed.id),  # type: ignore[attr-defined]
            )
        return changed

    def _check(self, one: M) -> None:
        """Rules that need the rest of the registry; a collection that has some overrides this."""

    def _columns(self, one: M) -> dict[str, str]:
        """Columns beside the document that can change; a collection that has some overrides this."""
        return {}

    def _may_delete(self, one: M) -> None:
        """Whether it may go; a collection that protects some overrides this."""

    def _document(self, one: M) -> str:
        return json.dumps(one.model_dump(mode="json", context=REVEAL), ensure_ascii=False)

    def _load(self, document: str) -> M:
        return build(self.model, json.loads(document))

    def _known(self) -> str:
        names = [shorten(getattr(one, self.keys[-1]), 40) for one in self][:5]
        return f"Known are {', '.join(names)}." if names else "There is none yet: create it first."

    def __repr__(self) -> str:
        return "\n".join([self._title(), *("  " + " | ".join(row) for row in self._rows())])

    def _repr_html_(self) -> str:
        return display.table(self.model.columns, self._rows(), caption=self._title())

    def _title(self) -> str:
        return f"{self.model.noun}s: {len(self)}"

    def _rows(self) -> list[list[str]]:
        return [[one.shown().get(name, "") for name in self.model.columns] for one in self]


def storable(name: object) -> str:
    """A name to look up. SQLite holds UTF-8 text only: anything else names nothing in it, as the empty text does."""
    with suppress(UnicodeEncodeError):
        return name if isinstance(name, str) and name.encode() else ""
    return ""


def unknown(noun: str, field: str, value: object, remedy: str) -> RegistrationError:
    """The error for a reference to something that is not there."""
    return registration_error(noun, field, "unknown", "must name one that exists", remedy, value)
