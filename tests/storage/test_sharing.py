"""One file, several tenants: notebooks side by side, and processes that start at once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from authkit import ClientCredentials, RegistrationError, SystemClock, Tenant, decode

Real = Tenant[SystemClock]
IDENTIFIER = "https://a.example/"

WORKER = """
import sys
import authkit
path, name = sys.argv[1:]
with authkit.Tenant.open(path) as tenant:
    for number in range(5):
        tenant.apis.create(identifier=f"{name}{number}")
        tenant.applications.create(name=f"{name}{number}")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tenant.db"


@pytest.fixture
def first(path: Path) -> Iterator[Real]:
    with Tenant.open(path) as tenant:
        yield tenant


@pytest.fixture
def second(first: Real, path: Path) -> Iterator[Real]:
    with Tenant.open(path) as tenant:
        yield tenant


def test_what_one_creates_the_other_has(first: Real, second: Real) -> None:
    """At once, and as an equal object."""
    api = first.apis.create(identifier=IDENTIFIER, scopes={"read": ""})
    app = second.applications.create(name="x")
    first.client_grants.create(app.client_id, api, ["read"])
    assert second.apis.get(IDENTIFIER) == api
    issued = second.request_token(ClientCredentials(app, audience=IDENTIFIER))
    assert first.verifier(IDENTIFIER).verify(issued.access_token)


def test_what_one_changes_or_deletes_the_other_sees(first: Real, second: Real) -> None:
    """Nothing is served from a stale copy."""
    first.apis.create(identifier=IDENTIFIER)
    second.apis.update(IDENTIFIER, token_lifetime=60)
    assert first.apis.get(IDENTIFIER).token_lifetime == 60
    first.apis.delete(IDENTIFIER)
    with pytest.raises(RegistrationError):
        second.apis.get(IDENTIFIER)


def test_a_duplicate_is_one_in_the_other_too(first: Real, second: Real) -> None:
    """Identifiers are unique in the file."""
    first.apis.create(identifier=IDENTIFIER)
    with pytest.raises(RegistrationError) as caught:
        second.apis.create(identifier=IDENTIFIER)
    assert caught.value.code == "identifier.duplicate"


def test_a_rotation_is_seen_before_the_next_signature(first: Real, second: Real) -> None:
    """A process that signs first checks whether another has changed the keys."""
    api = first.apis.create(identifier=IDENTIFIER)
    app = first.applications.create(name="x")
    first.client_grants.create(app, api)
    request = ClientCredentials(app, audience=IDENTIFIER)
    old = second.keys.current.kid
    assert decode(second.request_token(request).access_token).header["kid"] == old
    new = first.keys.rotate().kid
    assert new != old and decode(second.request_token(request).access_token).header["kid"] == new
    assert second.jwks == first.jwks


def test_a_revocation_is_seen_in_the_jwks(first: Real, second: Real) -> None:
    """A revoked key is published by neither."""
    old = first.keys.current.kid
    second.keys.rotate()
    first.keys.revoke(old)
    assert old not in {jwk["kid"] for jwk in second.jwks["keys"]}


def test_both_may_rotate_in_turn(first: Real, second: Real) -> None:
    """Each starts from what the other left."""
    kids = [first.keys.rotate().kid, second.keys.rotate().kid, first.keys.rotate().kid]
    assert len(set(kids)) == 3 and first.keys.current.kid == second.keys.current.kid == kids[-1]
    assert len(first.keys.ring.keys) == 5


@pytest.mark.slow
def test_processes_that_start_at_once_lose_nothing(path: Path) -> None:
    """They make one tenant between them, and every acknowledged change is there."""
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(path), name], stderr=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    errors = [worker.communicate(timeout=60)[1] for worker in workers]
    assert errors == ["", "", ""]
    with Tenant.open(path) as tenant:
        assert {api.identifier for api in tenant.apis if not api.is_system} == {
            f"{n}{i}" for n in "abc" for i in range(5)
        }
        assert len(tenant.applications) == 15 and len(tenant.keys.ring.keys) == 2


def test_threads_that_open_a_new_file_at_once_make_one_tenant(path: Path) -> None:
    """The race of the processes, tighter."""
    barrier = threading.Barrier(4)
    opened: list[tuple[str, ...]] = []

    def work() -> None:
        barrier.wait()
        with Tenant.open(path) as tenant:
            opened.append(tuple(jwk["kid"] for jwk in tenant.jwks["keys"]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4 and len(set(opened)) == 1
