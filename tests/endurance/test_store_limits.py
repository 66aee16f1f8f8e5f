"""A full disk and a file that cannot be written: one clear error, nothing by half, and on it goes once that is over."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from authkit import (
    AuthorizationRequest,
    ClientCredentials,
    Server,
    StorageError,
    SystemClock,
    Tenant,
    code_challenge,
    serve,
)
from authkit.storage import Database
from tests.cli.conftest import AUTHKIT, Done
from tests.endurance.prepared import AUDIENCE, Prepared, prepare

Real = Tenant[SystemClock]
CALLBACK = "https://app.example/callback"
LONG = {f"do:{number}": "x" * 200 for number in range(900)}
"""Scopes that need more room than a page that is there already may have left."""


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """A store with an operator."""
    return prepare(tmp_path / "tenant.db")


@pytest.fixture
def tenant(prepared: Prepared) -> Iterator[Real]:
    """The tenant in it."""
    with Tenant.open(prepared.path) as tenant:
        yield tenant


@pytest.fixture
def server(tenant: Real) -> Iterator[Server]:
    """The same, served."""
    with serve(tenant) as server:
        yield server


def leave_no_room(tenant: Real) -> None:
    """To the last byte: no page may be added, and those that are there are filled with entries of the log."""
    database = tenant.registry.database
    database.rows("PRAGMA max_page_count = 1")  # below what there is, SQLite takes what there is
    with suppress(StorageError):
        while True:
            tenant.log.add("s", "x" * 50)
            tenant.log.flush()


def make_room(tenant: Real) -> None:
    """As much as SQLite can use."""
    tenant.registry.database.rows("PRAGMA max_page_count = 1073741823")


def refusal(act: Callable[[], object]) -> StorageError:
    with pytest.raises(StorageError) as caught:
        act()
    return caught.value


def contents(path: Path) -> dict[str, list[Any]]:
    """Every row of every table but the log, read by SQLite alone; and the file is sound."""
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: plain.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "log"}


# No room, within Python


def test_a_full_store_is_one_clear_error(tenant: Real, prepared: Prepared) -> None:
    """What happened, to which file, that nothing was changed, and what repairs it."""
    leave_no_room(tenant)
    before = contents(prepared.path)
    error = refusal(lambda: tenant.apis.create(identifier="a", scopes=LONG))
    assert error.code == "storage.full"
    assert str(prepared.path) in error.message and "Nothing was changed" in error.message
    assert "space" in error.remedy and contents(prepared.path) == before


def test_a_full_store_is_read_and_signs_on(tenant: Real, prepared: Prepared) -> None:
    """A token needs no room; its entry in the log waits until there is some."""
    leave_no_room(tenant)
    asked = ClientCredentials(prepared.client_id, client_secret=prepared.client_secret, audience=AUDIENCE)
    for _ in range(120):  # more than a batch of the log
        token = tenant.request_token(asked).access_token
    assert tenant.verifier(AUDIENCE).verify(token)
    make_room(tenant)
    assert sum(entry.type == "seccft" for entry in tenant.log) == 121


def test_with_room_again_the_same_change_is_made(tenant: Real) -> None:
    """Without opening the store anew."""
    leave_no_room(tenant)
    refusal(lambda: tenant.apis.create(identifier="a", scopes=LONG))
    make_room(tenant)
    assert len(tenant.apis.create(identifier="a", scopes=LONG).scopes) == len(LONG)
    assert tenant.apis.get("a") in list(tenant.apis)


@pytest.mark.parametrize("room", [0, 1, 5, 20, 60])
def test_an_import_that_finds_no_room_leaves_nothing(tenant: Real, prepared: Prepared, room: int) -> None:
    """However far it comes: it is all there, or nothing of it is."""
    leave_no_room(tenant)
    before = contents(prepared.path)
    pages = tenant.registry.database.rows("PRAGMA page_count")[0][0]
    tenant.registry.database.rows(f"PRAGMA max_page_count = {pages + room}")
    scopes = [{"value": name, "description": text} for name, text in LONG.items()]
    apis = [{"identifier": str(number), "scopes": scopes} for number in range(5)]
    assert refusal(lambda: tenant.import_({"resource_servers": apis})).code == "storage.full"
    assert contents(prepared.path) == before
    make_room(tenant)
    tenant.import_({"resource_servers": apis})
    assert len(tenant.apis) == 2 + 5


def test_a_rotation_that_finds_no_room_changes_no_key(tenant: Real, prepared: Prepared) -> None:
    """Neither in the file nor in what the tenant signs with."""
    leave_no_room(tenant)
    before, jwks = contents(prepared.path), tenant.jwks
    assert refusal(tenant.keys.rotate).code == "storage.full"
    assert contents(prepared.path) == before and tenant.jwks == jwks
    make_room(tenant)
    assert tenant.keys.rotate().kid == jwks["keys"][1]["kid"]


def test_a_change_that_passes_over_the_error_is_given_up(tmp_path: Path) -> None:
    """SQLite ends the transaction when the disk is full: what comes after must not be kept by itself."""
    insert = "INSERT INTO apis (id, identifier, document) VALUES (?, ?, ?)"
    database = Database(tmp_path / "tenant.db")
    database.rows("PRAGMA max_page_count = 1")

    def change() -> None:
        with database.transaction():
            database.execute(insert, ("a", "a", "{}"))
            with suppress(StorageError):
                database.execute(insert, ("b", "b", "x" * 1_000_000))
            database.execute(insert, ("c", "c", "{}"))

    assert refusal(change).code in {"storage.full", "storage.unusable"}
    assert database.rows("SELECT id FROM apis") == []
    database.execute(insert, ("d", "d", "{}"))
    assert database.rows("SELECT id FROM apis") == [("d",)]
    database.close()


# No room, over HTTP


def test_the_management_api_answers_503_and_changes_nothing(tenant: Real, server: Server, prepared: Prepared) -> None:
    """As JSON with the code; reading and signing go on; with room again, so does writing."""
    with prepared.manager(server.url) as manager:
        role = manager.post("/roles", json={"name": "clerk"}).json()["id"]
        scopes = [{"value": name, "description": text} for name, text in [*LONG.items()][:200]]
        made = manager.post("/resource-servers", json={"identifier": "a", "scopes": scopes})
        assert made.status_code == 201
        held = [
            {"resource_server_identifier": identifier, "permission_name": name}
            for identifier, names in ((AUDIENCE, ["read:orders"]), ("a", [one["value"] for one in scopes]))
            for name in names
        ]
        leave_no_room(tenant)
        before = contents(prepared.path)
        writes: list[tuple[str, str, Any]] = [
            ("POST", "/resource-servers", {"identifier": "b", "scopes": scopes}),
            ("POST", f"/roles/{role}/permissions", {"permissions": held}),
            ("POST", "/keys/signing/rotate", None),
        ]
        for method, path, body in writes:
            answer = manager.request(method, path, json=body)
            assert answer.status_code == 503, f"{path}: {answer.status_code}"
            assert answer.headers["Content-Type"] == "application/json"
            document = answer.json()
            assert document["statusCode"] == 503 and document["errorCode"] == "storage.full"
            assert "Nothing was changed" in document["message"]
            assert contents(prepared.path) == before
        assert manager.get("/clients").status_code == 200
        with httpx.Client(trust_env=False) as client:
            assert client.post(server.token_endpoint, data=prepared.form()).status_code == 200
        make_room(tenant)
        assert [manager.request(*write[:2], json=write[2]).status_code for write in writes] == [201, 201, 201]


def test_a_code_is_not_used_up_by_an_answer_that_found_no_room(
    tenant: Real, server: Server, prepared: Prepared
) -> None:
    """503 with an OAuth error; with room again, the same code brings the tokens, once."""
    # So many that what is kept of them needs pages of its own.
    scopes = [f"do:{number}-{'x' * 30}" for number in range(300)]
    tenant.apis.update(AUDIENCE, allow_offline_access=True, scopes=dict.fromkeys(scopes, ""))
    web = tenant.applications.create(name="Desk", app_type="regular_web", callbacks=[CALLBACK])
    user = tenant.users.create(email="ada@example.com", password="correct horse battery")
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    asked = AuthorizationRequest(
        web, redirect_uri=CALLBACK, audience=AUDIENCE, scope=["offline_access", *scopes],
        code_challenge=code_challenge(verifier), code_challenge_method="S256",
    )  # fmt: skip
    code = tenant.authorize(asked, user, consented=True).code
    assert web.client_secret is not None
    form = {
        "grant_type": "authorization_code",
        "client_id": web.client_id,
        "client_secret": web.client_secret.reveal(),
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    leave_no_room(tenant)
    before = contents(prepared.path)
    with httpx.Client(trust_env=False) as client:
        full = client.post(server.token_endpoint, data=form)
        assert (full.status_code, full.json()["error"]) == (503, "server_error")
        assert contents(prepared.path) == before
        make_room(tenant)
        issued = client.post(server.token_endpoint, data=form)
        assert issued.status_code == 200 and issued.json()["refresh_token"]
        assert client.post(server.token_endpoint, data=form).json()["error"] == "invalid_grant"


# A disk that really takes no more


@contextmanager
def serving_while(prepared: Prepared, *prefix: str) -> Iterator[tuple[int, httpx.Client, httpx.Client]]:
    """`authkit serve` in a process of its own: its id, a client that asks for tokens, one of the Management API."""
    with subprocess.Popen(
        [*prefix, *AUTHKIT, "serve", "--port", "0", "--store", str(prepared.path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            with httpx.Client(base_url=url, trust_env=False) as client, prepared.manager(url) as manager:
                yield process.pid, client, manager
        finally:
            process.send_signal(signal.SIGINT)
            output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (0, "", "")


@pytest.mark.skipif(sys.platform != "linux", reason="another process's limits are Linux's")
def test_a_disk_that_takes_no_more_stops_a_server_from_writing_and_not_from_working(prepared: Prepared) -> None:
    """`authkit serve` under a limit of the system's, lifted again: 503 in between, nothing by half, nothing lost."""
    import resource

    with serving_while(prepared) as (pid, client, manager):
        assert manager.post("/clients", json={"name": "before"}).status_code == 201
        limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
        for number in range(5):
            answer = manager.post("/clients", json={"name": f"meanwhile {number}"})
            assert answer.status_code == 503 and answer.json()["errorCode"] == "storage.unusable", answer.text
        assert client.post("/oauth/token", data=prepared.form()).status_code == 200
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        assert manager.post("/clients", json={"name": "after"}).status_code == 201
    assert contents(prepared.path)["applications"]
    with Tenant.open(prepared.path) as tenant:
        assert [app.name for app in tenant.applications][2:] == ["before", "after"]


@pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind are Linux's")
def test_a_store_that_could_not_be_made_is_made_when_there_is_room(tmp_path: Path) -> None:
    """What is left of the first attempt is in nobody's way."""
    limited = ["-c", "import resource, sys, authkit.cli; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
               "sys.exit(authkit.cli.main())"]  # fmt: skip
    command = [sys.executable, *limited, "serve", "--port", "0", "--store", "new.db"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    Done(done.returncode, done.stdout, done.stderr).assert_one_error("storage.unusable")
    with Tenant.open(tmp_path / "new.db") as tenant:
        assert len(tenant.apis) == 1


# A file that cannot be written


def as_an_ordinary_user() -> list[str]:
    """What to put before a command so that file modes hold for it, which they do not for root."""
    if os.name == "nt":
        pytest.skip("Windows has no such file modes")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv here to take that away")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def test_a_read_only_file_is_read_and_never_written(prepared: Prepared) -> None:
    """Its server issues tokens and reads; whatever would change it is a 503 that says why."""
    prefix = as_an_ordinary_user()
    before = contents(prepared.path)
    prepared.path.chmod(0o400)
    with serving_while(prepared, *prefix) as (_, client, manager):
        for _ in range(2):
            answer = manager.post("/clients", json={"name": "x"})
            assert answer.status_code == 503 and answer.json()["errorCode"] == "storage.read_only", answer.text
        assert client.post("/oauth/token", data=prepared.form()).status_code == 200
        assert len(manager.get("/clients").json()) == 2
    assert contents(prepared.path) == before


@pytest.mark.parametrize("mode", [0o400, 0o600], ids=["the file too", "the folder alone"])
def test_a_store_in_a_read_only_folder_is_one_clear_error(prepared: Prepared, tmp_path: Path, mode: int) -> None:
    """SQLite cannot write beside it, so it is not opened; afterwards it is as it was."""
    prefix = as_an_ordinary_user()
    before = contents(prepared.path)
    prepared.path.chmod(mode)
    tmp_path.chmod(0o500)
    try:
        command = [*prefix, *AUTHKIT, "serve", "--port", "0", "--store", str(prepared.path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    finally:
        tmp_path.chmod(0o700)
    Done(done.returncode, done.stdout, done.stderr).assert_one_error("storage.read_only")
    assert contents(prepared.path) == before


def test_a_new_store_in_a_read_only_folder_is_one_clear_error(tmp_path: Path) -> None:
    """And no file is left."""
    prefix = as_an_ordinary_user()
    tmp_path.chmod(0o500)
    try:
        command = [*prefix, *AUTHKIT, "serve", "--port", "0", "--store", str(tmp_path / "new.db")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    finally:
        tmp_path.chmod(0o700)
    Done(done.returncode, done.stdout, done.stderr).assert_one_error("storage.read_only")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("side_file", "code"), [("-wal", "storage.unusable"), ("-shm", "storage.read_only")])
def test_a_store_that_can_have_no_side_file_is_one_clear_error(prepared: Prepared, side_file: str, code: str) -> None:
    """Whoever asks, root too: a folder stands where SQLite would write."""
    beside = prepared.path.with_name(prepared.path.name + side_file)
    beside.mkdir()
    error = refusal(lambda: Tenant.open(prepared.path))
    assert error.code == code and str(prepared.path) in error.message and error.remedy
    beside.rmdir()
    with Tenant.open(prepared.path) as tenant:
        assert len(tenant.applications) == 2


def test_a_store_that_is_kept_locked_is_one_clear_error(tenant: Real, prepared: Prepared) -> None:
    """By another program that does not end its change; nobody is made to wait for ever."""
    tenant.registry.database.rows("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(prepared.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = refusal(lambda: tenant.apis.create(identifier="a"))
        assert error.code == "storage.busy" and "close" in error.remedy
        other.execute("ROLLBACK")
    assert tenant.apis.create(identifier="a").identifier == "a"
