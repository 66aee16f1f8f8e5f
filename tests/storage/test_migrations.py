"""An older file is brought up to date when it is opened, and a copy of it is kept."""

import json
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit import ClientCredentials, Secret, StorageError, Tenant
from authkit.jose.keys import SigningKey
from authkit.jose.training_keys import training_key
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


API_OF_1 = {
    "id": "5fdc28621622c9c80665e8f4", "name": "Stock", "identifier": "https://stock.example/", "signing_alg": "HS256",
    "signing_secret": "a-signing-secret-of-at-least-32-bytes", "token_lifetime": 60, "token_lifetime_for_web": 30,
    "allow_offline_access": True, "skip_consent_for_verifiable_first_party_clients": False,
    "scopes": [{"value": "read:stock", "description": "Bestand – lesen"}], "is_system": False,
}  # fmt: skip
APPLICATION_OF_1 = {
    "client_id": "c" * 32, "client_secret": "s" * 43, "name": "Nightly", "app_type": "non_interactive",
    "grant_types": ["client_credentials"],
}  # fmt: skip
GRANT_OF_1 = {"id": "cgr_1", "client_id": "c" * 32, "audience": "https://stock.example/", "scope": ["read:stock"]}
ISSUER_OF_1 = "https://login.example/"


@pytest.fixture
def first_schema(tmp_path: Path) -> Path:
    """A file as the first schema made it: its own statements, and documents with the fields of that time."""
    path = tmp_path / "first.db"
    path.touch(0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(migrations.MIGRATIONS[0])
        connection.execute("INSERT INTO tenant VALUES (1, ?, 0)", (ISSUER_OF_1,))
        for number, place in enumerate(("current", "next")):
            key = SigningKey.certify(private_key(number), subject="login.example", now=1767603600)
            connection.execute(
                "INSERT INTO signing_keys VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    number,
                    key.kid,
                    key.private_pem().reveal(),
                    key.certificate,
                    place,
                    1767603600 if number == 0 else None,
                ),
            )
        connection.execute(
            "INSERT INTO apis (id, identifier, document) VALUES (?, ?, ?)",
            (API_OF_1["id"], API_OF_1["identifier"], json.dumps(API_OF_1)),
        )
        connection.execute(
            "INSERT INTO applications (id, document) VALUES (?, ?)",
            (APPLICATION_OF_1["client_id"], json.dumps(APPLICATION_OF_1)),
        )
        connection.execute(
            "INSERT INTO client_grants (id, client_id, audience, document) VALUES (?, ?, ?, ?)",
            (GRANT_OF_1["id"], GRANT_OF_1["client_id"], GRANT_OF_1["audience"], json.dumps(GRANT_OF_1)),
        )
        connection.execute("PRAGMA user_version = 1")
    return path


def private_key(number: int) -> RSAPrivateKey:
    key = load_pem_private_key(training_key(number).encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def contents(path: Path) -> tuple[int, dict[str, list[Any]]]:
    """The schema's number and every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
        return version, {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(tables(path))}


def backup_of(path: Path) -> Path:
    return Path(f"{path}.schema-1.backup")


def test_a_file_of_the_first_schema_goes_on_as_it_was(first_schema: Path) -> None:
    """Issuer, private keys, secrets and grants: its client gets a token that its API accepts."""
    before = contents(first_schema)[1]
    with Tenant.open(first_schema, issuer="https://another.example/") as tenant:
        assert (tenant.issuer, tenant.training) == (ISSUER_OF_1, False)
        (api,), (app,), (grant,) = tenant.apis, tenant.applications, tenant.client_grants
        assert [entry.place for entry in tenant.keys.ring.keys] == ["current", "next"]
        assert tenant.keys.current.private_pem().reveal() == before["signing_keys"][0][2]
        assert (api.identifier, api.scopes[0].description, api.enforce_policies) == (
            "https://stock.example/", "Bestand – lesen", None)  # fmt: skip
        assert api.signing_secret == Secret("a-signing-secret-of-at-least-32-bytes") and api.dialect == "access_token"
        assert (app.client_secret, app.callbacks, app.is_first_party) == (Secret("s" * 43), (), True)
        assert app.refresh_token.rotation_type == "non-rotating" and grant.scope == ("read:stock",)
        issued = tenant.request_token(ClientCredentials(app, audience=api.identifier))
        assert tenant.verifier(api).verify(issued.access_token)["scope"] == "read:stock"
    version, after = contents(first_schema)
    assert version == len(migrations.MIGRATIONS)
    for table in ("tenant", "signing_keys", "apis", "applications", "client_grants"):
        assert after[table] == before[table]


def test_a_file_of_the_first_schema_gains_the_tables_of_the_newest(first_schema: Path, tmp_path: Path) -> None:
    """The same tables as a file that is made today, and they work."""
    with Tenant.open(first_schema) as tenant:
        user = tenant.users.create(email="a@b.example", password="correct horse")
        role = tenant.roles.create(name="clerk")
        tenant.roles.add_permissions(role, "https://stock.example/", ["read:stock"])
        tenant.users.add_roles(user, role)
        assert tenant.users.permissions_for(user, "https://stock.example/") == ("read:stock",)
        tenant.log.add("s", "login")
        assert len(tenant.log) == 1
    Tenant.open(tmp_path / "new.db").close()
    schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
    with closing(sqlite3.connect(first_schema)) as old, closing(sqlite3.connect(tmp_path / "new.db")) as new:
        assert old.execute(schema).fetchall() == new.execute(schema).fetchall()


def test_the_copy_holds_all_that_was_there(first_schema: Path) -> None:
    """In the schema of that time; and nothing else is left beside the file."""
    before = contents(first_schema)
    Tenant.open(first_schema).close()
    assert contents(backup_of(first_schema)) == before
    left = {file.name for file in first_schema.parent.iterdir() if not file.name.endswith(("-wal", "-shm"))}
    assert left == {first_schema.name, backup_of(first_schema).name}


def test_the_copy_is_made_once(first_schema: Path) -> None:
    """A file that is up to date is not copied again."""
    Tenant.open(first_schema).close()
    backup_of(first_schema).unlink()
    Tenant.open(first_schema).close()
    assert not backup_of(first_schema).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_a_file_that_lies_in_the_copys_place_is_replaced(first_schema: Path) -> None:
    """One that others may read would show them the private keys; a half-written one of before is in nobody's way."""
    for lying in (backup_of(first_schema), Path(f"{backup_of(first_schema)}.new")):
        lying.write_text("something")
        lying.chmod(0o644)
    Tenant.open(first_schema).close()
    assert stat.S_IMODE(backup_of(first_schema).stat().st_mode) == 0o600
    assert contents(backup_of(first_schema))[0] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets not everyone make links")
def test_a_link_in_the_copys_place_leads_nowhere(first_schema: Path, tmp_path: Path) -> None:
    """What it leads to is not written over."""
    target = tmp_path / "precious"
    target.write_text("precious")
    for lying in (backup_of(first_schema), Path(f"{backup_of(first_schema)}.new")):
        lying.symlink_to(target)
    Tenant.open(first_schema).close()
    assert target.read_text() == "precious"
    assert not backup_of(first_schema).is_symlink() and contents(backup_of(first_schema))[0] == 1


def test_a_process_that_comes_second_keeps_the_firsts_copy(first_schema: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its look at the file and its lock, another one has brought it up to date: there is nothing to copy."""
    before = contents(first_schema)
    recognised = database.Database._recognised

    def overtaken(self: Any) -> int:
        found = recognised(self)
        monkeypatch.setattr(database.Database, "_recognised", recognised)
        Tenant.open(first_schema).close()
        return found

    monkeypatch.setattr(database.Database, "_recognised", overtaken)
    with Tenant.open(first_schema) as tenant:
        assert len(tenant.applications) == 1
    assert contents(backup_of(first_schema)) == before


@pytest.mark.slow
def test_processes_that_open_an_older_file_at_once_bring_it_up_to_date_once(first_schema: Path) -> None:
    """Each works, nothing is lost, and the copy is that of the older file."""
    before = contents(first_schema)
    program = "import sys, authkit; t = authkit.Tenant.open(sys.argv[1]); t.roles.create(name=sys.argv[2]); t.close()"
    workers = [
        subprocess.Popen([sys.executable, "-c", program, str(first_schema), name], stderr=subprocess.PIPE, text=True)
        for name in "abcd"
    ]
    assert [worker.communicate(timeout=60)[1] for worker in workers] == [""] * 4
    with Tenant.open(first_schema) as tenant:
        assert {role.name for role in tenant.roles} == set("abcd") and len(tenant.applications) == 1
    assert contents(backup_of(first_schema)) == before


@pytest.mark.parametrize("statements", range(4))
def test_a_step_that_fails_in_its_middle_changes_nothing(
    first_schema: Path, statements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far it came: every row and the schema's number are as they were, and the next attempt succeeds."""
    before = contents(first_schema)
    step = migrations.MIGRATIONS[1].split(";\n")[:statements]
    broken = ";\n".join([*step, "DELETE FROM apis", "INSERT INTO nonsense VALUES (1)"])
    monkeypatch.setattr(database, "MIGRATIONS", (migrations.MIGRATIONS[0], broken))
    with pytest.raises(StorageError) as caught:
        Tenant.open(first_schema)
    assert caught.value.code == "storage.unusable"
    assert contents(first_schema) == before == contents(backup_of(first_schema))
    monkeypatch.undo()
    with Tenant.open(first_schema) as tenant:
        assert [api.identifier for api in tenant.apis] == ["https://stock.example/"]


def test_a_copy_that_cannot_be_made_leaves_the_older_file(first_schema: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is changed that is not kept; a full disk is one clear error."""
    before = contents(first_schema)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(database.Database, "_back_up", full)
    with pytest.raises(StorageError):
        Tenant.open(first_schema)
    assert contents(first_schema) == before
