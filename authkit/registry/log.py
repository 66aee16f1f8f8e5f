"""The tenant's log: every outcome with the vendor's code for it, newest last."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from authkit.ground import chance, display
from authkit.ground.chance import Chance
from authkit.ground.clock import Clock
from authkit.ground.errors import StorageError
from authkit.storage import Database

CODES: Final = MappingProxyType(
    {
        "seccft": "client credentials exchanged for an access token",
        "feccft": "client credentials refused",
        "s": "login",
        "fp": "login failed: wrong password",
        "fu": "login failed: no such user",
        "seacft": "authorization code exchanged for an access token",
        "feacft": "authorization code refused",
        "sertft": "refresh token exchanged for an access token",
        "fertft": "refresh token refused",
        "ferrt": "refresh token reused: its family was revoked",
        "fcoa": "authorization refused",
        "sapi": "Management API operation",
        "fapi": "Management API operation refused",
    }
)
"""The vendor's codes for log entries, as far as this tenant writes them."""

BATCH: Final = 100
"""Entries that are written together, at most."""

MOST_WAITING: Final = 10_000
"""Entries that wait for a store that cannot be written; of more, the oldest are let go."""

KEPT: Final = 100_000
"""Entries that a store keeps, the newest: about 30 MB. By number, not by age: here a day may pass in one cell."""

SHOWN: Final = 100
"""Entries that a log shows of itself, the newest; the others come by page, or as a table."""


class LogEntry(NamedTuple):
    """One outcome.

    Attributes:
        log_id: Its identifier.
        date: When it happened, in ISO 8601.
        type: The vendor's code, one of `CODES`.
        description: What happened, in a sentence; for a refusal the error and its reason.
        client_id, user_id, audience, scope: Whom it concerned; empty where nobody.
        expires_in: For how many seconds the access token is good that came of it; 0 where none did.
    """

    log_id: str
    date: str
    type: str
    description: str
    client_id: str = ""
    user_id: str = ""
    audience: str = ""
    scope: str = ""
    expires_in: int = 0


class Log:
    """The entries, oldest first.

    They are written in batches, since an entry is worth less than the time a disk takes: a process that is killed may
    lose its last few. Reading writes them first. The oldest go once there are more than `KEPT`.

    Args:
        database: The tenant's store.
        clock: When something happened.
        chance: Where identifiers come from.

    Attributes:
        due: Whether a batch is full that could not be written at once, where nothing may wait: see to a `flush()`.
    """

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        # Taken after the store's lock where both are needed, never before: who notes something may be in a transaction.
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[str, float, str, str]] = {}
        self._untried = 0
        self.due = False

    def add(
        self,
        type: str,
        description: str,
        *,
        client_id: str = "",
        user_id: str = "",
        audience: str = "",
        scope: str = "",
        expires_in: int = 0,
    ) -> None:
        """Note an outcome. A store that cannot be written is no reason to fail: the entry goes on waiting.

        Args:
            type: One of `CODES`.
            description: What happened. Never a secret, a token or a code.
            client_id: The application it concerned, if it is known.
            user_id: The user.
            audience: The API's identifier.
            scope: The scopes, separated by spaces.
            expires_in: For how many seconds the access token is good that came of it.
        """
        document = _document(description, client_id, user_id, audience, scope, expires_in)
        with self._lock:
            identifier = chance.text(self._chance.value("log_id"))
            self._waiting[identifier] = (identifier, self._clock.now(), type, document)
            if len(self._waiting) > MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._untried += 1
            full = self._untried >= BATCH
        if full and self._database.hurried:
            self.due = True
        elif full:
            with suppress(StorageError):
                self.flush(patient=False)

    def flush(self, *, patient: bool = True) -> None:
        """Write what waits; what cannot be written goes on waiting.

        Args:
            patient: Whether to wait for another program that writes. An entry can wait as well.

        Raises:
            StorageError: The store cannot be written.
        """
        self.due = False
        self._untried = 0
        if not self._waiting:
            return
        nested = self._database.in_transaction
        with self._database.transaction(patient=patient):
            with self._lock:
                waiting = list(self._waiting.values())
            for row in waiting:
                self._database.execute(
                    "INSERT INTO log (id, at, type, document) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", row
                )
            self._database.execute("DELETE FROM log WHERE number <= (SELECT max(number) FROM log) - ?", (KEPT,))
        # Inside another transaction nothing is sure yet: it goes on waiting, and may be written once more.
        if not nested:
            with self._lock:
                for identifier, *_ in waiting:
                    self._waiting.pop(identifier, None)

    def page(self, start: int, limit: int, *, newest_first: bool = False) -> list[LogEntry]:
        """A part of the entries.

        Args:
            start: How many to leave out.
            limit: How many to take; -1 takes all.
            newest_first: Whether to count from the newest.

        Raises:
            StorageError: The store cannot be read, or what waits cannot be written.
        """
        self.flush()
        order = "DESC" if newest_first else "ASC"
        rows = self._database.rows(
            f"SELECT id, at, type, document FROM log ORDER BY number {order} LIMIT ? OFFSET ?", (limit, start)
        )
        return [_entry(*row) for row in rows]

    def newest(self, limit: int) -> list[LogEntry]:
        """The newest entries, newest first, without waiting: those that cannot be written yet come first.

        Raises:
            StorageError: The store cannot be read.
        """
        with suppress(StorageError):
            self.flush(patient=False)
        with self._lock:
            waiting = list(self._waiting.values())
        known = {row[0] for row in waiting}
        rows = self._database.rows("SELECT id, at, type, document FROM log ORDER BY number DESC LIMIT ?", (limit,))
        return [_entry(*row) for row in [*reversed(waiting), *(row for row in rows if row[0] not in known)][:limit]]

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self.page(0, -1))

    def __len__(self) -> int:
        self.flush()
        return int(self._database.rows("SELECT count(*) FROM log")[0][0])

    def __repr__(self) -> str:
        shown = (f"  {entry.date}  {entry.type:<7} {entry.description}" for entry in self._shown())
        return "\n".join([self._title(), *shown])

    def _repr_html_(self) -> str:
        rows = (
            (entry.date, display.name(entry.type), entry.description, entry.client_id, entry.user_id)
            for entry in self._shown()
        )
        return display.table(("date", "type", "what happened", "client_id", "user_id"), rows, caption=self._title())

    def _title(self) -> str:
        number = len(self)
        return f"Log: {number}" if number <= SHOWN else f"Log: {number}, the newest {SHOWN} of them shown"

    def _shown(self) -> list[LogEntry]:
        return self.page(0, SHOWN, newest_first=True)[::-1]


@lru_cache(maxsize=256)  # an application that asks for a token asks for many, each time with the same words
def _document(description: str, client_id: str, user_id: str, audience: str, scope: str, expires_in: int) -> str:
    """What an entry tells, as JSON. Much of it is what a stranger sent: spelt out, it misleads no reader anywhere."""
    told = {
        "description": description,
        "client_id": client_id,
        "user_id": user_id,
        "audience": audience,
        "scope": scope,
    }
    facts: dict[str, Any] = {
        name: display.printable(value) for name, value in told.items() if value or name == "description"
    }
    return json.dumps({**facts, "expires_in": expires_in} if expires_in else facts)


def _entry(identifier: str, at: float, type: str, document: str) -> LogEntry:
    facts: dict[str, Any] = json.loads(document)
    date = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return LogEntry(identifier, date, type, **facts)
