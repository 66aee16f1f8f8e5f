"""A tenant's SQLite database: private to its owner, one transaction a change, migrated when it is opened."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from authkit.ground.display import shorten
from authkit.ground.errors import StorageError
from authkit.storage.faults import storage_error
from authkit.storage.migrations import MIGRATIONS

BUSY_SECONDS = 10.0


class WouldWait(Exception):
    """What runs at once came to where it would have had to wait. Nothing was changed; do it where one may wait."""


class Database:
    """One connection, shared by the threads of a process.

    Args:
        path: The file, or `:memory:` for a database that ends with the process.

    Raises:
        StorageError: The file cannot be opened, is no tenant, or comes from a newer authkit.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = _checked_path(path)
        self._lock = threading.RLock()
        self._depth = 0
        self._given_up = 0
        self._hurried = False
        self._moment: tuple[int, int, int] | None = None
        with self._translated():
            if self.path != ":memory:":
                _create_private(Path(self.path))
            self._connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                found = self._recognised()
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._log_ahead()
                self._connection.execute("PRAGMA synchronous = FULL")
                self._migrate(found)
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def transaction(self, *, patient: bool = True) -> Iterator[None]:
        """All or nothing: what happens inside is written together when it ends without an error.

        Args:
            patient: Whether to wait while another program writes; else that is an error at once.

        Raises:
            StorageError: The change could not be written; nothing of it is kept.
            WouldWait: It was asked for within `at_once()`.
        """
        with self._lock, self._translated():
            if self._hurried:  # for the disk, and for another program that is writing
                raise WouldWait
            if self._depth:  # inside another one: they end together
                # A full disk makes SQLite give up all of it, not the one statement. Whoever passes over that error
                # must not go on with half a change.
                if not self._connection.in_transaction:
                    raise sqlite3.OperationalError("the change was given up when a part of it could not be written")
                try:
                    yield
                finally:
                    self._given_up += not self._connection.in_transaction
                return
            self._begin(patient)
            self._depth += 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._given_up += 1
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is written inside is taken back at its end, also within a transaction of somebody else's.

        Raises:
            StorageError: It could not be written.
        """
        with self.transaction():
            self._connection.execute("SAVEPOINT undone")
            try:
                yield
            finally:
                self._given_up += 1
                if self._connection.in_transaction:  # else a full disk has made SQLite give up all of it
                    self._connection.execute("ROLLBACK TO undone")
                    self._connection.execute("RELEASE undone")

    def _begin(self, patient: bool) -> None:
        if patient:
            self._connection.execute("BEGIN IMMEDIATE")
            return
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What happens inside waits for nothing: it reads, and other threads wait until it has.

        For a server's event loop, which must not stand still while one request waits for the store. What was read
        in the state at its beginning counts as current until its end; what is read afresh is as it is then.

        Raises:
            WouldWait: Another thread has the store, or what happens inside wants to write.
        """
        if not self._lock.acquire(blocking=False):
            raise WouldWait
        try:
            self._moment = self.state()
            self._hurried = True
            yield
        finally:
            self._hurried = False
            self._moment = None
            self._lock.release()

    @property
    def hurried(self) -> bool:
        """Whether the thread that asks is inside `at_once()`; another thread's is waited for."""
        with self._lock:
            return self._hurried

    @property
    def in_transaction(self) -> bool:
        """Whether the thread that asks is inside a transaction; another thread's is waited for."""
        with self._lock:
            return self._depth > 0

    def execute(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run one statement that changes something; the number of rows it touched.

        Raises:
            StorageError: It could not be written.
        """
        with self.transaction():
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of one query."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values).fetchall()

    def state(self) -> tuple[int, int, int]:
        """Numbers that differ once anything has changed since: elsewhere, here, or back again by a change given up.

        Raises:
            StorageError: The store cannot be read.
        """
        with self._lock:
            if self._moment is not None:
                return self._moment
            try:
                ((elsewhere,),) = self._connection.execute("PRAGMA data_version")
                return elsewhere, self._connection.total_changes, self._given_up
            except sqlite3.Error as error:
                raise storage_error(self.path, error) from None

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        with self._lock:
            self._connection.close()

    def _recognised(self) -> int:
        """The schema version of the file. One that is not ours is refused before anything in it changes."""
        # Both looks in one transaction: another process may be making this tenant right now.
        self._connection.execute("BEGIN")
        found = int(self.rows("PRAGMA user_version")[0][0])
        foreign = found == 0 and bool(self.rows("SELECT name FROM sqlite_master LIMIT 1"))
        self._connection.execute("COMMIT")
        if found > len(MIGRATIONS):
            raise StorageError(
                "storage.newer",
                f"{self.path} was written by a newer authkit (schema {found}; this one knows {len(MIGRATIONS)}).",
                "Upgrade authkit, or open another file. The file was not changed.",
            )
        if foreign:
            raise StorageError(
                "storage.not_a_tenant",
                f"{self.path} is a SQLite database, but no tenant of authkit's.",
                "Choose another file name. The file was not changed.",
            )
        return found

    def _log_ahead(self) -> None:
        """Turn the file to write-ahead logging, as the first who opens it does, while others may be doing the same."""
        # For this one statement SQLite fails at once instead of waiting: of two who hold a read lock and want the
        # only write lock, neither would get it.
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
            time.sleep(0.005)

    def _migrate(self, found: int) -> None:
        if found == len(MIGRATIONS):
            return
        with self.transaction():
            # Another process may have migrated between the look before and this lock: its copy is the older file.
            found = int(self.rows("PRAGMA user_version")[0][0])
            if 0 < found < len(MIGRATIONS):
                self._back_up(found)
            for version in range(found, len(MIGRATIONS)):
                for statement in MIGRATIONS[version].split(";\n"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {version + 1}")

    def _back_up(self, version: int) -> None:
        """Copy an older file beside itself before it is changed."""
        backup = Path(f"{self.path}.schema-{version}.backup")
        # Under a fresh name first: what lies there already may be readable by others, or lead elsewhere.
        fresh = backup.with_name(f"{backup.name}.new")
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        # A connection of its own: the one that is about to write would copy what it has not written yet.
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(fresh)) as copy:
            source.backup(copy)
        fresh.replace(backup)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's faults as errors of ours."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise storage_error(self.path, error) from None


def _checked_path(path: object) -> str:
    try:
        name = os.fsencode(path) if isinstance(path, str | Path) else b""
    except UnicodeEncodeError:
        name = b""
    if not name or b"\0" in name:
        raise StorageError(
            "storage.no_path",
            f"A store is a file, and {shorten(path)} names none.",
            "Give a file name, like tenant.db.",
        )
    return str(path)


def _create_private(path: Path) -> None:
    """Make an empty file that its owner alone can read; SQLite gives its side files the same rights."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if path.is_file() and path.stat().st_size == 0:  # it becomes a tenant's, so it gets the rights of one
            path.chmod(0o600)
