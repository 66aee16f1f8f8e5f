"""The store: private, all or nothing, and careful with files that are not its own."""

import os
import sqlite3
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from authkit import StorageError, Tenant
from authkit.storage import Database
from authkit.storage.migrations import MIGRATIONS
from tests.storage.conftest import INSERT, count


def refused(path: Any) -> str:
    with pytest.raises(StorageError) as caught:
        Database(path)
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_the_file_and_its_side_files_are_the_owners_alone(database: Database, path: Path) -> None:
    """It holds secrets in clear: mode 0600, also for the write-ahead log."""
    database.execute(INSERT, ("a", "b"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes.keys() >= {"tenant.db", "tenant.db-wal"} and set(modes.values()) == {0o600}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no umask")
def test_the_mode_does_not_depend_on_the_umask(path: Path) -> None:
    """A generous umask makes no difference."""
    before = os.umask(0)
    try:
        Database(path).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_newest_schema(database: Database) -> None:
    """And is kept safe against a loss of power."""
    assert database.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert database.rows("PRAGMA journal_mode") == [("wal",)] and database.rows("PRAGMA synchronous") == [(2,)]
    assert database.rows("PRAGMA foreign_keys") == [(1,)]


def test_reopening_keeps_everything(path: Path) -> None:
    """APIs, applications, grants, keys, issuer: what was there is there."""
    with Tenant.open(path, issuer="https://login.example/") as tenant:
        api = tenant.apis.create(identifier="https://a.example/", signing_alg="HS256", scopes={"read:a": "Read"})
        app = tenant.applications.create(name="x")
        grant = tenant.client_grants.create(app, api, ["read:a"])
        tenant.keys.rotate()
        before = (list(tenant.apis), list(tenant.applications), list(tenant.client_grants), tenant.jwks)
        times = [(e.place, e.current_since, e.current_until) for e in tenant.keys.ring.keys]
    with Tenant.open(path, issuer="https://another.example/") as again:
        assert (list(again.apis), list(again.applications), list(again.client_grants), again.jwks) == before
        assert again.issuer == "https://login.example/" and grant in list(again.client_grants)
        assert [(e.place, e.current_since, e.current_until) for e in again.keys.ring.keys] == times
        assert again.apis.get(api).signing_secret == api.signing_secret
        assert again.applications.get(app).client_secret == app.client_secret


def test_a_newer_schema_is_refused_and_unchanged(path: Path) -> None:
    """A file of a later authkit is not touched."""
    with sqlite3.connect(path) as newer:
        newer.execute("CREATE TABLE tenant (x)")
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    before = path.read_bytes()
    assert refused(path) == "storage.newer"
    assert path.read_bytes() == before and [file.name for file in path.parent.iterdir()] == ["tenant.db"]


def test_a_foreign_sqlite_file_is_refused_and_unchanged(path: Path) -> None:
    """Somebody else's database stays theirs, to the byte."""
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE recipes (name TEXT)")
        foreign.execute("INSERT INTO recipes VALUES ('soup')")
    foreign.close()
    before = path.read_bytes()
    assert refused(path) == "storage.not_a_tenant"
    assert path.read_bytes() == before and [file.name for file in path.parent.iterdir()] == ["tenant.db"]


@pytest.mark.parametrize("content", [b"hello", b"hello" * 1000, b"SQLite format 3\0" + b"x" * 200])
def test_a_file_that_is_no_database_is_refused_and_unchanged(path: Path, content: bytes) -> None:
    """A letter is not overwritten."""
    path.write_bytes(content)
    assert refused(path) == "storage.unusable"
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    """As `touch` leaves one."""
    path.touch()
    Database(path).close()
    assert path.stat().st_size > 0


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A store is a file."""
    assert refused(tmp_path) == "storage.unusable"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Folders are not made on the way."""
    assert refused(tmp_path / "no" / "tenant.db") == "storage.unusable"


def test_a_place_where_nothing_can_be_written_is_refused(tmp_path: Path) -> None:
    """Below a file there is no folder, whoever asks."""
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path / "file" / "tenant.db") == "storage.unusable"


@pytest.mark.parametrize("path", ["", "a\0b", "a\ud800", None, 5, b"tenant.db", ["tenant.db"]], ids=ascii)
def test_what_names_no_file_is_refused(path: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file named `None` turns up, and nothing is kept in a place that vanishes."""
    monkeypatch.chdir(tmp_path)
    assert refused(path) == "storage.no_path" and list(tmp_path.iterdir()) == []


def test_a_transaction_is_kept_when_it_ends(database: Database) -> None:
    """All of it."""
    with database.transaction():
        database.execute(INSERT, ("a", "a"))
        database.execute(INSERT, ("b", "b"))
    assert count(database) == 2


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    """None of it, whatever went wrong, and the error comes through as it is."""
    for fault in (ZeroDivisionError, KeyboardInterrupt):
        with pytest.raises(fault), database.transaction():
            database.execute(INSERT, ("a", "a"))
            raise fault
    assert count(database) == 0


def test_an_inner_transaction_ends_with_the_outer_one(database: Database) -> None:
    """What is nested is taken back together."""
    with pytest.raises(ZeroDivisionError), database.transaction():
        with database.transaction():
            database.execute(INSERT, ("a", "a"))
        raise ZeroDivisionError
    assert count(database) == 0


def test_a_statement_that_fails_is_one_clear_error(database: Database) -> None:
    """SQLite's faults come as ours, the transaction before it taken back."""
    with pytest.raises(StorageError) as caught, database.transaction():
        database.execute(INSERT, ("a", "a"))
        database.execute(INSERT, ("a", "a"))
    assert caught.value.code == "storage.unusable" and count(database) == 0


def test_after_a_failure_the_store_works_on(database: Database) -> None:
    """The next transaction starts afresh."""
    with pytest.raises(StorageError):
        database.execute("INSERT INTO no_such_table VALUES (1)")
    database.execute(INSERT, ("a", "a"))
    assert count(database) == 1


def test_the_threads_of_a_process_share_it(database: Database) -> None:
    """Four threads, a hundred changes, none lost and none mixed up."""

    def work(name: str) -> None:
        for number in range(25):
            with database.transaction():
                database.execute(INSERT, (f"{name}{number}", f"{name}{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(database) == 100


def test_closing_twice_is_safe_and_use_afterwards_is_one_error(path: Path) -> None:
    """A closed store says so."""
    database = Database(path)
    database.close()
    database.close()
    for use in (lambda: database.rows("SELECT 1"), lambda: database.execute("SELECT 1")):
        with pytest.raises(StorageError):
            use()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_an_empty_file_that_becomes_a_tenants_gets_its_rights(path: Path) -> None:
    """One that `touch` has made is for all to read, until it holds keys."""
    path.touch(mode=0o644)
    path.chmod(0o644)
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
