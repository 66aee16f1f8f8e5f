"""The token endpoint where the store makes it wait: nobody else does."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from authkit import Server, Tenant, serve
from authkit.registry.log import BATCH


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tenant.db"


@pytest.fixture
def kept(path: Path) -> Iterator[Tenant[Any]]:
    """A tenant in a file, as a server has it."""
    with Tenant.open(path) as tenant:
        yield tenant


@pytest.fixture
def asked(kept: Tenant[Any]) -> dict[str, str]:
    api = kept.apis.create(identifier="https://orders.example/", scopes={"read:orders": ""})
    app = kept.applications.create(name="Nightly report")
    kept.client_grants.create(app, api, ["read:orders"])
    assert app.client_secret is not None
    return {
        "grant_type": "client_credentials", "audience": api.identifier,
        "client_id": app.client_id, "client_secret": app.client_secret.reveal(),
    }  # fmt: skip


@pytest.fixture
def served(kept: Tenant[Any]) -> Iterator[Server]:
    with serve(kept) as server:
        yield server


def token(server: Server, asked: dict[str, str]) -> int:
    return httpx.post(f"{server.url}/oauth/token", data=asked, trust_env=False).status_code


def test_a_program_that_writes_keeps_nobody_waiting(served: Server, path: Path, asked: dict[str, str]) -> None:
    """To issue a token of the application's own, nothing has to be written."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        start = time.monotonic()
        with httpx.Client(base_url=served.url, trust_env=False, timeout=5) as client:
            for _ in range(BATCH * 2 + 5):  # full batches of the log among them, which wait for the next
                assert client.post("/oauth/token", data=asked).status_code == 200
        assert time.monotonic() - start < 10  # one writer would have waited for 10
        other.execute("ROLLBACK")


def test_a_thread_that_has_the_store_keeps_only_the_token_waiting(
    kept: Tenant[Any], served: Server, asked: dict[str, str]
) -> None:
    """The event loop goes on: what needs no store is answered meanwhile, and the token when its turn has come."""
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(token(served, asked)))
    with kept.registry.database.transaction():
        thread.start()
        time.sleep(0.3)
        assert httpx.get(served.url, trust_env=False, timeout=5).status_code == 200
        assert answers == []
    thread.join(10)
    assert answers == [200]


def test_every_token_is_in_the_log_once(kept: Tenant[Any], served: Server, path: Path, asked: dict[str, str]) -> None:
    """Full batches are written while serving, not on the event loop, and the rest when somebody reads."""
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        for _ in range(BATCH + 5):
            assert client.post("/oauth/token", data=asked).status_code == 200
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM log").fetchone()[0] >= BATCH
    assert [entry.type for entry in kept.log].count("seccft") == BATCH + 5
