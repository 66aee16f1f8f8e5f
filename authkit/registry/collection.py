"""What every collection of the registry does: iterate, look up, delete, store a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final, Generic, TypeVar

from authkit.ground import display
from authkit.ground.chance import Chance
from authkit.ground.display import shorten
from authkit.ground.errors import RegistrationError
from authkit.ground.secret import REVEAL
from authkit.registry.models import Model
from authkit.registry.rules import build, registration_error
from authkit.storage import Database

M = TypeVar("M", bound=Model)

MOST_KEPT: Final = 2000
"""Models and empty answers of the store that a collection keeps until something changes, at most."""

LONGEST_KEPT: Final = 600
"""Characters of the longest name whose answer is kept: no identifier is longer, and what strangers send may be."""


class Collection(Generic[M]):
    """The tenant's things of one kind, in the order they were created."""

    model: type[M]
    table: ClassVar[str]
    keys: ClassVar[tuple[str, ...]] = ("id",)
    """Columns that name one of them, each unique."""

    def __init__(self, database: Database, chance: Chance) -> None:
        self._database = database
        self._chance = chance
        # What was read from the store in one state of it: models are frozen, and building them is most of a look-up.
        self._read = _Read[M](None)

    def __iter__(self) -> Iterator[M]:
        return iter(self._select("ORDER BY number"))

    def __len__(self) -> int:
        return int(self._database.rows(f"SELECT count(*) FROM {self.table}")[0][0])

    def find(self, name: object) -> M | None:
        """The one with this id (for APIs also: identifier), or None."""
        for key in self.keys:
            for one in self._select(f"WHERE {key} = ?", storable(name)):
                return one
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

    def numbered(self, some: Iterable[M]) -> list[tuple[int, M]]:
        """Those of them that are still there, with the numbers by which they stand in order."""
        return with_numbers(some, self._database.rows(f"SELECT id, number FROM {self.table}"))

    def adopt(self, draft: M) -> M:
        """Store one that may bring its identifiers and secrets with it, as an imported one does; what it lacks is made.

        Raises:
            RegistrationError: A rule is broken, or the tenant has one like it; nothing was stored.
        """
        with self._database.transaction():
            self._check_new(draft)
            # Chance is drawn last, so that a refused attempt changes no later identifier.
            one = draft.model_copy(update=self._made(draft))
            self._insert(one)
        return one

    def delete(self, one: M | str, /, *, missing_ok: bool = False) -> None:
        """Take it away, with everything that hangs on it.

        Args:
            one: Itself or its id (for APIs also: identifier).
            missing_ok: Whether it is no fault that there is none.

        Raises:
            RegistrationError: There is none.
        """
        with self._database.transaction():
            found = self.find(getattr(one, "id", one)) if missing_ok else self.get(one)
            if found is None:
                return
            self._may_delete(found)
            self._database.execute(f"DELETE FROM {self.table} WHERE id = ?", (found.id,))  # type: ignore[attr-defined]

    def update(self, one: M | str, /, **changes: Any) -> M:
        """Change some fields; the others stay. Returns the new, frozen object.

        Of settings within a field, as in `refresh_token={"leeway": 5}`, those that are not named stay as well.

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
            changed = build(self.model, {**dict(found), **_completed(found, changes)})
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

    def _check_new(self, draft: M) -> None:
        """Rules for one that is not stored yet; a collection that has more of them overrides this."""
        self._check(draft)
        self._check_id(draft)

    def _check_id(self, draft: M) -> None:
        """An identifier that is brought along must be free."""
        name: str = draft.id  # type: ignore[attr-defined]
        if name and self.find(name) is not None:
            field = next(iter(self.model.model_fields))
            raise registration_error(
                self.model.noun, field, "duplicate", "must be unique in the tenant", "Leave it out: one is made.", name
            )

    def _made(self, draft: M) -> dict[str, Any]:
        """What the tenant makes for a new one, as far as that does not bring it."""
        raise NotImplementedError

    def _fresh(self, draw: Callable[[], str]) -> str:
        """An identifier that nothing has: what a training tenant draws next may have been imported from another."""
        while self.find(drawn := draw()) is not None:
            pass
        return drawn

    def _insert(self, one: M, **more: str) -> None:
        columns = {"id": one.id, **self._columns(one), **more, "document": self._document(one)}  # type: ignore[attr-defined]
        places = ", ".join("?" for _ in columns)
        self._database.execute(
            f"INSERT INTO {self.table} ({', '.join(columns)}) VALUES ({places})", tuple(columns.values())
        )

    def _columns(self, one: M) -> dict[str, str]:
        """Columns beside the document that can change; a collection that has some overrides this."""
        return {}

    def _may_delete(self, one: M) -> None:
        """Whether it may go; a collection that protects some overrides this."""

    def _document(self, one: M) -> str:
        return json.dumps(one.model_dump(mode="json", context=REVEAL), ensure_ascii=False)

    def _load(self, document: str) -> M:
        return build(self.model, json.loads(document))

    def _select(self, clause: str, *values: str) -> tuple[M, ...]:
        """Those that the rest of an SQL query picks, in its order, as they were at one moment."""
        kept = self._read
        if kept.state != (now := self._database.state()) or kept.size > MOST_KEPT:
            kept = self._read = _Read(now)
        found = kept.answers.get((clause, *values))
        if found is None:
            rows = self._database.rows(f"SELECT {self.table}.document FROM {self.table} {clause}", values)
            found = tuple(self._load(document) for (document,) in rows)
            # Into what was begun above: another thread may have begun anew since, in a later state.
            kept.keep((clause, *values), found)
        return found

    def _known(self) -> str:
        names = [shorten(getattr(one, self.keys[-1]), 40) for one in self._select("ORDER BY number LIMIT 5")]
        return f"Known are {', '.join(names)}." if names else "There is none yet: create it first."

    def __repr__(self) -> str:
        return "\n".join([self._title(), *("  " + " | ".join(row) for row in self._rows())])

    def _repr_html_(self) -> str:
        return display.table(self.model.columns, self._rows(), caption=self._title())

    def _title(self) -> str:
        return f"{self.model.noun}s: {len(self)}"

    def _rows(self) -> list[list[str]]:
        return [one.row() for one in self]


class _Read(Generic[M]):
    """What was read from the store in one state of it."""

    def __init__(self, state: object) -> None:
        self.state = state
        self.answers: dict[tuple[str, ...], tuple[M, ...]] = {}
        self.size = 0

    def keep(self, asked: tuple[str, ...], found: tuple[M, ...]) -> None:
        """Keep an answer, unless it was asked for by a name that nothing can have."""
        if max(map(len, asked)) <= LONGEST_KEPT:
            self.answers[asked] = found
            self.size += max(1, len(found))


def with_numbers(some: Iterable[M], rows: Iterable[tuple[str, int]]) -> list[tuple[int, M]]:
    """Those of them that have a number, with it; the rows are ids and numbers."""
    numbers = dict(rows)
    return [(numbers[name], one) for one in some if (name := one.id) in numbers]  # type: ignore[attr-defined]


def _completed(found: Model, changes: Mapping[str, object]) -> dict[str, object]:
    """The changes; where a field holds settings of its own, with those that are not named."""
    return {
        field: {**dict(kept), **value} if isinstance(value, Mapping) and isinstance(kept, Model) else value
        for field, value in changes.items()
        for kept in [getattr(found, field, None)]
    }


def storable(name: object) -> str:
    """A name to look up. SQLite holds UTF-8 text only: anything else names nothing in it, as the empty text does."""
    if not isinstance(name, str):
        return ""
    if not name.isascii():
        try:
            name.encode()
        except UnicodeEncodeError:
            return ""
    return name


def unknown(noun: str, field: str, value: object, remedy: str) -> RegistrationError:
    """The error for a reference to something that is not there."""
    return registration_error(noun, field, "unknown", "must name one that exists", remedy, value)
