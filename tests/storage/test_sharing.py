"""One file, several tenants: notebooks side by side, and processes that start at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from authkit import ClientCredentials, RegistrationError, Secret, SystemClock, Tenant, decode
from authkit.registry import passwords

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


def test_a_new_file_waits_for_one_who_is_about_to_write_it(path: Path) -> None:
    """SQLite does not wait by itself while the file is turned to write-ahead logging."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["COMMIT"])
        release.start()
        with Tenant.open(path) as tenant:
            assert len(tenant.keys.ring.keys) == 2
        release.join()


PEOPLE = """
import sys
import authkit
path, name = sys.argv[1:]
with authkit.Tenant.open(path) as tenant:
    for number in range(5):
        role = tenant.roles.create(name=f"{name}{number}")
        tenant.roles.add_permissions(role, "a", ["read"])
        user = tenant.users.create(email=f"{name}{number}@b.example", password="correct horse")
        tenant.users.add_roles(user, role, "everybody")
        tenant.log.add("s", f"{name}{number}", user_id=user.id)
"""


@pytest.mark.slow
def test_processes_that_make_users_roles_and_entries_at_once_lose_nothing(path: Path) -> None:
    """Each with its own; each entry once and in its process's order."""
    with Tenant.open(path) as tenant:
        tenant.apis.create(identifier="a", scopes={"read": ""})
        tenant.roles.create(name="everybody")
    workers = [
        subprocess.Popen([sys.executable, "-c", PEOPLE, str(path), name], stderr=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    assert [worker.communicate(timeout=60)[1] for worker in workers] == ["", "", ""]
    with Tenant.open(path) as tenant:
        names = {f"{n}{i}" for n in "abc" for i in range(5)}
        assert {user.email for user in tenant.users} == {f"{name}@b.example" for name in names}
        assert {role.name for role in tenant.roles} == {*names, "everybody"}
        assert len(tenant.users.in_role("everybody")) == 15
        for user in tenant.users:
            assert [role.name for role in tenant.users.roles(user)] == [user.email.partition("@")[0], "everybody"]
            assert tenant.users.permissions_for(user, "a") == ("read",)
        noted = [entry.description for entry in tenant.log]
        assert set(noted) == names and len(noted) == 15
        for name in "abc":
            assert [text for text in noted if text[0] == name] == [f"{name}{number}" for number in range(5)]


def test_users_and_roles_of_one_are_those_of_the_other(first: Real, second: Real) -> None:
    """Created, linked, changed and deleted through either."""
    first.apis.create(identifier=IDENTIFIER, scopes={"read": ""})
    user = first.users.create(email="a@b.example", password="correct horse")
    role = second.roles.create(name="clerk")
    second.roles.add_permissions(role, IDENTIFIER, ["read"])
    first.users.add_roles(user, role)
    assert second.users.permissions_for("A@B.example", IDENTIFIER) == ("read",)
    assert second.users.authenticate("a@b.example", "correct horse") == user
    second.users.update(user, blocked=True)
    assert first.users.authenticate("a@b.example", "correct horse") is None
    first.roles.delete(role)
    assert second.users.roles(user) == () and second.users.permissions_for(user, IDENTIFIER) == ()


def test_an_address_and_a_roles_name_are_taken_in_both(first: Real, second: Real) -> None:
    """They are unique in the file."""
    first.users.create(email="a@b.example", password="correct horse")
    first.roles.create(name="clerk")
    with pytest.raises(RegistrationError) as caught:
        second.users.create(email="A@b.example", password="correct horse")
    assert caught.value.code == "email.duplicate"
    with pytest.raises(RegistrationError) as caught:
        second.roles.create(name="clerk")
    assert caught.value.code == "name.duplicate"


def test_of_two_who_take_an_address_at_once_one_is_refused(
    first: Real, second: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it was free when both looked: one clear error, and no fault of the store's."""
    hashed = passwords.hashed

    def overtaken(password: Secret, salt: bytes) -> Secret:
        monkeypatch.setattr(passwords, "hashed", hashed)
        second.users.create(email="a@b.example", password="correct horse")
        return hashed(password, salt)

    monkeypatch.setattr(passwords, "hashed", overtaken)
    with pytest.raises(RegistrationError) as caught:
        first.users.create(email="a@b.example", password="correct horse")
    assert caught.value.code == "email.duplicate" and len(first.users) == 1


def test_entries_of_both_stand_in_one_log(first: Real, second: Real) -> None:
    """In the order in which they were written; each reads what the other has written."""
    first.log.add("s", "one")
    second.log.add("s", "two")
    assert [entry.description for entry in first.log] == ["one"]
    assert [entry.description for entry in second.log] == ["one", "two"]
    assert len(first.log) == 2


def test_a_store_that_another_one_keeps_locked_costs_no_entry(first: Real, second: Real) -> None:
    """A full batch is tried, and goes on waiting."""
    first.registry.database.rows("PRAGMA busy_timeout = 1")
    with second.registry.database.transaction():
        for number in range(120):
            first.log.add("s", str(number))
    assert [entry.description for entry in first.log] == [str(number) for number in range(120)]
