"""`kill -9` of whoever writes: what was acknowledged is there, and nothing is there by half."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest

from authkit import Tenant
from tests.endurance.prepared import AUDIENCE, SCOPES, Prepared, prepare

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the victims are forked, as starting Python takes too long"),
]

KILLS: Final = 50
WRITERS: Final = 4
PERMISSIONS: Final = 30
LONGEST: Final = 0.4
"""Seconds that a server is written to before it is killed, at most."""

VICTIMS = """
# What is asked for on stdin is done by a child that has everything imported; once it is dead, its status is told.
import json, os, sys
import authkit, authkit.http

def serve(path):
    server = authkit.serve(authkit.Tenant.open(path))
    say(pid=os.getpid(), url=server.url)
    sys.stdin.read()  # for ever, or until the test has gone

def take_in(path, number):
    tenant = authkit.Tenant.open(path)
    say(pid=os.getpid())
    while True:
        tenant.import_(document(number := number + 1))
        say(imported=number)

def document(number):
    apis = [{"identifier": f"{number}/{one}", "scopes": [{"value": "read"}]} for one in range(20)]
    clients = [{"client_id": f"{number}-{one}", "name": "x", "app_type": "non_interactive"} for one in range(20)]
    grants = [{"client_id": f"{number}-{n}", "audience": f"{number}/{n}", "scope": ["read"]} for n in range(20)]
    return {"resource_servers": apis, "clients": clients, "client_grants": grants}

def say(**facts):
    print(json.dumps(facts), flush=True)

while line := sys.stdin.readline():
    name, *arguments = json.loads(line)
    child = os.fork()
    if child == 0:
        globals()[name](*arguments)
        os._exit(0)
    say(signal=os.WTERMSIG(os.waitpid(child, 0)[1]))
"""


class Victims:
    """Processes that are there to be killed, one at a time."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-c", VICTIMS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._pid = 0

    def start(self, name: str, *arguments: object) -> dict[str, Any]:
        """Have one do something; what it says once it is ready."""
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps([name, *arguments]) + "\n")
        self._parent.stdin.flush()
        ready = self.heard()
        self._pid = ready["pid"]
        return ready

    def heard(self) -> dict[str, Any]:
        """What it says next."""
        assert self._parent.stdout is not None
        return dict(json.loads(self._parent.stdout.readline()))

    def kill(self) -> None:
        """`kill -9`."""
        os.kill(self._pid, signal.SIGKILL)
        self._pid = 0

    def close(self) -> None:
        """Leave none behind."""
        if self._pid:
            with suppress(ProcessLookupError):
                self.kill()
        self._parent.communicate(timeout=30)


class Written(NamedTuple):
    """One API with an application, its grant and a role, as far as the server has said that they are stored."""

    identifier: str
    stored: bool = False
    client_id: str = ""
    grant: str = ""
    role: str = ""
    permissions: bool = False
    deleted: bool | None = False  # None: the server was asked to, and had no time to answer


class Writer(threading.Thread):
    """Registers one thing after the other until the server is gone; `written` is what it answered 201 or 204 to."""

    def __init__(self, prepared: Prepared, url: str, name: str) -> None:
        super().__init__(name=name)
        self.written: list[Written] = []
        self.refused: list[str] = []
        self.interrupted = ""
        self._client = prepared.manager(url)

    def run(self) -> None:
        """Write."""
        with self._client, suppress(httpx.TransportError):
            for number in count():
                self._register(f"https://{self.name}-{number}.example/", delete=number % 2 == 1)

    def _register(self, identifier: str, *, delete: bool) -> None:
        names = [f"do:{number}" for number in range(PERMISSIONS)]
        api = {"identifier": identifier, "scopes": [{"value": name} for name in names]}
        both = [{"resource_server_identifier": identifier, "permission_name": name} for name in names] + [
            {"resource_server_identifier": AUDIENCE, "permission_name": name} for name in SCOPES
        ]
        self.written.append(Written(identifier))
        api_id = self._send("POST", "/resource-servers", api)["id"]
        self._note(stored=True)
        client_id = self._send("POST", "/clients", {"name": identifier[:100]})["client_id"]
        self._note(client_id=client_id)
        grant = {"client_id": client_id, "audience": identifier, "scope": names}
        self._note(grant=self._send("POST", "/client-grants", grant)["id"])
        role = self._send("POST", "/roles", {"name": identifier})["id"]
        self._note(role=role)
        self._send("POST", f"/roles/{role}/permissions", {"permissions": both})
        self._note(permissions=True)
        if delete:
            self._note(deleted=None)
            self._send("DELETE", f"/resource-servers/{api_id}")
            self._note(deleted=True)

    def _note(self, **facts: Any) -> None:
        self.written[-1] = self.written[-1]._replace(**facts)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        self.interrupted = f"{method} {path.split('/')[1]}{'/permissions' * path.endswith('permissions')}"
        answer = self._client.request(method, path, json=body)
        self.interrupted = ""
        if answer.status_code not in (200, 201, 204):
            self.refused.append(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else {}


@pytest.fixture
def victims() -> Iterator[Victims]:
    """Made quickly, since one process has done the importing."""
    victims = Victims()
    yield victims
    victims.close()


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """A store with an operator."""
    return prepare(tmp_path / "tenant.db")


def assert_whole(path: Path) -> None:
    """SQLite finds no fault with the file, and no reference in it leads nowhere."""
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        assert plain.execute("SELECT place FROM signing_keys ORDER BY number").fetchall() == [("current",), ("next",)]


def faults(tenant: Tenant[Any], one: Written) -> Iterator[str]:
    """What is missing of what was acknowledged, or there by half."""
    api = tenant.apis.find(one.identifier)
    if api is None and one.stored and one.deleted is False:
        yield "an API is lost"
    if api is not None and len(api.scopes) != PERMISSIONS:
        yield "an API has lost scopes"
    if api is not None and one.deleted:
        yield "a deleted API is back"
    if one.client_id and tenant.applications.find(one.client_id) is None:
        yield "an application is lost"
    grant = tenant.client_grants.find(one.grant) if one.grant else None
    if one.grant and (grant is not None) != (api is not None):
        yield "a grant without its API, or an API without its grant"
    if grant is not None and len(grant.scope) != PERMISSIONS:
        yield "a grant has lost scopes"
    role = tenant.roles.find(one.role) if one.role else None
    if one.role and role is None:
        yield "a role is lost"
    if role is not None:
        held = Counter(one.resource_server_identifier for one in tenant.roles.permissions(role))
        whole = {AUDIENCE: len(SCOPES), **({one.identifier: PERMISSIONS} if api is not None else {})}
        if held != whole and (held or one.permissions):
            yield f"a role has {dict(held)} of {whole}"


def test_a_killed_server_has_kept_what_it_acknowledged(prepared: Prepared, victims: Victims) -> None:
    """Fifty times in the middle of writes, four writers at once; the next one goes on with the same file."""
    rng = random.Random(0)
    start = time.monotonic()
    found: list[str] = []
    everything: list[Written] = []
    interrupted: Counter[str] = Counter()
    for number in range(KILLS):
        url = victims.start("serve", str(prepared.path))["url"]
        writers = [Writer(prepared, url, f"{number}-{name}") for name in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(rng.uniform(0.02, LONGEST))
        victims.kill()
        for writer in writers:
            writer.join()
        assert victims.heard() == {"signal": signal.SIGKILL}
        assert_whole(prepared.path)
        assert [text for writer in writers for text in writer.refused] == []
        under_way = [writer.interrupted for writer in writers if writer.interrupted]
        assert under_way, "nothing was being written"
        interrupted.update(under_way)
        with Tenant.open(prepared.path) as tenant:
            for writer in writers:
                found += [fault for one in writer.written for fault in faults(tenant, one)]
                everything += writer.written
    with Tenant.open(prepared.path) as tenant:
        found += [f"later, {fault}" for one in everything for fault in faults(tenant, one)]
    print(f"{KILLS} kills in {time.monotonic() - start:.0f} s, {len(everything)} registrations, during {interrupted}")
    assert Counter(found) == {} and len(interrupted) > 3


def test_a_killed_import_is_there_or_is_not(prepared: Prepared, victims: Victims) -> None:
    """Twenty APIs, twenty applications with their grants: all of them, or none."""
    rng = random.Random(0)
    number = 0
    for _ in range(8):
        victims.start("take_in", str(prepared.path), number)
        until = number + rng.randint(1, 4)
        while number < until:
            number = victims.heard()["imported"]
        time.sleep(rng.uniform(0, 0.02))
        victims.kill()
        while "imported" in (said := victims.heard()):
            number = said["imported"]
        assert said == {"signal": signal.SIGKILL}
        assert_whole(prepared.path)
        with Tenant.open(prepared.path) as tenant:
            numbers = Counter(api.identifier.partition("/")[0] for api in tenant.apis if "//" not in api.identifier)
            assert set(numbers) - {str(number + 1)} == {str(one + 1) for one in range(number)}
            assert set(numbers.values()) == {20}
            assert len(tenant.client_grants) == len(tenant.applications) == 2 + 20 * len(numbers)
            number = len(numbers)  # one may be stored that nobody was told of
