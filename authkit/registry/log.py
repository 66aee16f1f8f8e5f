"""The tenant's log: every outcome with the vendor's code for it, newest last."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from authkit.ground import chance, display
from authkit.ground.chance import Chance
from authkit.ground.clock import Clock
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


class LogEntry(NamedTuple):
    """One outcome.

    Attributes:
        log_id: Its identifier.
        date: When it happened, in ISO 8601.
        type: The vendor's code, one of `CODES`.
        description: What happened, in a sentence; for a refusal the error and its reason.
        client_id, user_id, audience, scope: Whom it concerned; empty where nobody.
    """

    log_id: str
    date: str
    type: str
    description: str
    client_id: str = ""
    user_id: str = ""
    audience: str = ""
    scope: str = ""


class Log:
    """The entries, oldest first.

    They are written in batches, since an entry is worth less than the time a disk takes: a process that is killed may
    lose its last few. Reading writes them first.

    Args:
        database: The tenant's store.
        clock: When something happened.
        chance: Where identifiers come from.
    """

    def __init__(self, database: Database, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, float, str, str]] = []

    def add(self, type: str, description: str, **whom: str) -> None:
        """Note an outcome.

        Args:
            type: One of `CODES`.
            description: What happened. Never a secret, a token or a code.
            **whom: `client_id`, `user_id`, `audience` and `scope`, as far as they are known.
        """
        identifier = chance.text(self._chance.value("log_id"))
        row = (identifier, self._clock.now(), type, json.dumps({"description": description, **whom}))
        with self._lock:
            self._waiting.append(row)
            full = len(self._waiting) >= BATCH
        if full:
            self.flush()

    def flush(self) -> None:
        """Write what waits; what cannot be written goes on waiting.

        Raises:
            StorageError: The store cannot be written.
        """
        if not self._waiting:
            return
        waiting: list[tuple[str, float, str, str]] = []
        try:
            # The store's lock first, as everyone who adds inside a transaction takes them.
            with self._database.transaction():
                with self._lock:
                    waiting, self._waiting = self._waiting, []
                for row in waiting:
                    self._database.execute("INSERT INTO log (id, at, type, document) VALUES (?, ?, ?, ?)", row)
        except BaseException:
            with self._lock:
                self._waiting[:0] = waiting
            raise

    def page(self, start: int, limit: int, *, newest_first: bool = False) -> list[LogEntry]:
        """A part of the entries."""
        self.flush()
        order = "DESC" if newest_first else "ASC"
        rows = self._database.rows(
            f"SELECT id, at, type, document FROM log ORDER BY number {order} LIMIT ? OFFSET ?", (limit, start)
        )
        return [_entry(*row) for row in rows]

    def __iter__(self) -> Iterator[LogEntry]:
        return iter(self.page(0, -1))

    def __len__(self) -> int:
        self.flush()
        return int(self._database.rows("SELECT count(*) FROM log")[0][0])

    def __repr__(self) -> str:
        shown = (f"  {entry.date}  {entry.type:<7} {display.printable(entry.description)}" for entry in self)
        return "\n".join([f"Log: {len(self)}", *shown])

    def _repr_html_(self) -> str:
        rows = (
            (entry.date, display.name(entry.type), display.printable(entry.description), entry.client_id, entry.user_id)
            for entry in self
        )
        return display.table(("date", "type", "what happened", "client_id", "user_id"), rows, caption="Log")


def _entry(identifier: str, at: float, type: str, document: str) -> LogEntry:
    facts: dict[str, Any] = json.loads(document)
    date = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return LogEntry(identifier, date, type, **facts)
