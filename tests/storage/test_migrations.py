"""An older file is brought up to date when it is opened, and a copy of it is kept."""

import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from authkit import StorageError, Tenant
from authkit.storage import database, migrations


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tenant's file as the first schema had it: with an API, and with the keys of today."""
    path = tmp_path / "old.db"
    with Tenant.open(path) as tenant:
        tenant.apis.create(identifier="https://orders.example/", scopes={"read": ""})
        tenant.applications.create(name="x")
    with closing(sqlite3.connect(path)) as connection:
        later = migrations.MIGRATIONS[1]
        for line in later.splitlines():
            if line.startswith("CREATE TABLE"):
                connection.execute(f"DROP TABLE {line.split()[2]}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    return path


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_older_file_keeps_everything_and_gains_what_is_new(old: Path) -> None:
    """Its keys, APIs and applications; users and roles can be added."""
    assert "users" not in tables(old)
    with Tenant.open(old) as tenant:
        assert tenant.apis.get("https://orders.example/").scope_values == ("read",)
        assert [app.name for app in tenant.applications] == ["x"] and len(tenant.jwks["keys"]) == 2
        tenant.users.create(email="a@b.example", password="correct horse")
    assert "users" in tables(old)


def test_a_copy_of_the_older_file_is_kept_for_its_owner_alone(old: Path) -> None:
    """It holds secrets as the file does."""
    Tenant.open(old).close()
    backup = Path(f"{old}.schema-1.backup")
    assert "apis" in tables(backup) and "users" not in tables(backup)
    if sys.platform != "win32":
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_step_that_fails_leaves_the_older_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it or nothing, and one clear error."""
    broken = (migrations.MIGRATIONS[0], migrations.MIGRATIONS[1] + "CREATE NONSENSE;\n")
    monkeypatch.setattr(database, "MIGRATIONS", broken)
    with pytest.raises(StorageError):
        Tenant.open(old)
    assert "users" not in tables(old) and "apis" in tables(old)
    monkeypatch.undo()
    Tenant.open(old).close()
    assert "users" in tables(old)
