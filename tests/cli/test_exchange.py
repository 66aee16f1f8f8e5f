"""`authkit export` and `authkit import`: a tenant's configuration through files and pipes, and what is refused."""

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authkit import Tenant
from tests.cli.conftest import AUTHKIT, Command


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A tenant in a file, with an API, an application and a grant."""
    path = tmp_path / "tenant.db"
    with Tenant.open(path, issuer="https://login.example/") as tenant:
        api = tenant.apis.create(identifier="https://orders.example/", signing_alg="HS256", scopes={"read": "Read"})
        app = tenant.applications.create(name="Nightly report – ночь")
        tenant.client_grants.create(app, api, ["read"])
    return path


def secrets_of(store: Path) -> list[str]:
    with Tenant.open(store) as tenant:
        held = [api.signing_secret for api in tenant.apis] + [app.client_secret for app in tenant.applications]
        return [secret.reveal() for secret in held if secret is not None]


def run(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*AUTHKIT, *map(str, arguments)], capture_output=True, text=True, timeout=60, **options)


def test_out_and_in_as_processes(tmp_path: Path, store: Path) -> None:
    """Piped from one tenant into a new one: the same configuration, byte for byte."""
    out = run("export", "--store", store)
    assert out.returncode == 0 and out.stderr == ""
    done = run("import", "-", "--store", tmp_path / "new.db", input=out.stdout)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout.startswith("Imported: 1 API, 1 application, 1 client grant, 0 roles, 0 users\n")
    assert "Risk: resource_servers[0]" in done.stdout and "Repair: " in done.stdout and "Note: " in done.stdout
    again = run("export", "--store", tmp_path / "new.db")
    assert again.stdout == out.stdout and json.loads(again.stdout)["clients"][0]["name"] == "Nightly report – ночь"


def test_a_file_holds_what_stdout_shows(authkit: Command, tmp_path: Path, store: Path) -> None:
    """The same bytes, printed nowhere else; written over with the next."""
    file = tmp_path / "tenant.json"
    shown = authkit("export", "--store", str(store)).out
    for _ in range(2):
        assert authkit("export", "--store", str(store), "--out", str(file)) == (0, "", "")
        assert file.read_bytes() == shown.encode()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["tenant.db", "tenant.json"]


def test_secrets_come_only_when_asked_for(authkit: Command, tmp_path: Path, store: Path) -> None:
    """Through a pipe or into a file of one's own; with them, the new tenant has the same ones."""
    file = tmp_path / "tenant.json"
    secrets = secrets_of(store)
    assert len(secrets) == 2
    plain = authkit("export", "--store", str(store)).out
    assert not [secret for secret in secrets if secret in plain]
    clear = authkit("export", "--store", str(store), "--with-secrets").out
    assert all(secret in clear for secret in secrets)
    assert authkit("export", "--store", str(store), "--with-secrets", "--out", str(file)).out == ""
    done = authkit("import", str(file), "--store", str(tmp_path / "new.db"))
    assert done.code == 0 and not [secret for secret in secrets if secret in done.out]
    assert secrets_of(tmp_path / "new.db") == secrets


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_written_file_is_its_owners_alone(authkit: Command, tmp_path: Path, store: Path) -> None:
    """Also where one was there that others could read; a link to it stays a link."""
    file, link = tmp_path / "tenant.json", tmp_path / "link.json"
    file.write_text("old")
    file.chmod(0o644)
    link.symlink_to(file)
    assert authkit("export", "--store", str(store), "--with-secrets", "--out", str(link)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and link.is_symlink()
    new = tmp_path / "new.db"
    assert authkit("import", str(file), "--store", str(new)).code == 0
    assert stat.S_IMODE(new.stat().st_mode) == 0o600


def test_secrets_are_not_shown_on_a_terminal(on_a_terminal: Callable[..., str], store: Path) -> None:
    """In a room with a projector, everyone would have them; without them all is shown."""
    shown = on_a_terminal("export", "--store", str(store), "--with-secrets", columns=200)
    assert "export.secrets_on_screen" in shown and not [one for one in secrets_of(store) if one in shown]
    assert "resource_servers" in on_a_terminal("export", "--store", str(store))


def test_a_new_tenant_has_the_issuer_that_is_served(authkit: Command, tmp_path: Path, store: Path) -> None:
    """By default where `authkit serve` serves, or the one that is named; one that is there keeps its own."""
    file, new, other = (str(tmp_path / name) for name in ("tenant.json", "new.db", "other.db"))
    authkit("export", "--store", str(store), "--out", file)
    assert authkit("import", file, "--store", new).code == 0
    assert authkit("import", file, "--store", other, "--issuer", "https://other.example/").code == 0
    issuers = []
    for path in (new, other):
        with Tenant.open(path) as tenant:
            issuers.append(tenant.issuer)
    assert issuers == ["http://127.0.0.1:8400/", "https://other.example/"]
    empty = tmp_path / "empty.json"
    empty.write_text('{"clients": []}')
    assert authkit("import", str(empty), "--store", str(store), "--issuer", "https://login.example/").code == 0
    authkit("import", str(empty), "--store", str(store), "--issuer", "https://x.example/").assert_one_error(
        "store.issuer"
    )


def test_a_conflict_leaves_the_tenant_as_it_was(authkit: Command, tmp_path: Path, store: Path) -> None:
    """One error, with the place of the entry."""
    before = authkit("export", "--store", str(store)).out
    file = tmp_path / "tenant.json"
    file.write_text(before.replace('"clients": [', '"clients": [{"client_id": "new", "name": "New"},'))
    done = authkit("import", str(file), "--store", str(store))
    done.assert_one_error("identifier.duplicate")
    assert done.err.startswith("resource_servers[0].identifier ")
    assert authkit("export", "--store", str(store)).out == before


REFUSED = {
    "a rule that is broken": (b'{"clients": [{"name": "<"}]}', "name.forbidden_character"),
    "no JSON": (b"{", "import.not_json"),
    "no export": (b"{}", "import.not_an_export"),
    "too large": (b" " * (8 * 1024 * 1024 + 1), "import.too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_makes_no_store(authkit: Command, tmp_path: Path, name: str) -> None:
    """Nor does it leave anything else behind."""
    content, code = REFUSED[name]
    file = tmp_path / "tenant.json"
    file.write_bytes(content)
    for given, stdin in ((str(file), b""), ("-", content)):
        authkit("import", given, "--store", str(tmp_path / "new.db"), stdin=stdin).assert_one_error(code)
    assert [one.name for one in tmp_path.iterdir()] == ["tenant.json"]


def test_an_issuer_that_is_none_makes_no_store(authkit: Command, tmp_path: Path) -> None:
    """It is said first."""
    for wrong in ("login", ""):
        done = authkit("import", "-", "--store", str(tmp_path / "new.db"), "--issuer", wrong, stdin=b'{"clients": []}')
        done.assert_one_error("issuer.not_a_url")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there(authkit: Command, tmp_path: Path, store: Path) -> None:
    """Neither is made: not the export, not the store, not its folder."""
    missing = str(tmp_path / "missing")
    authkit("import", missing, "--store", str(store)).assert_one_error("import.unreadable")
    authkit("import", str(tmp_path), "--store", str(store)).assert_one_error("import.unreadable")
    authkit("import", "-", "--store", str(store), stdin=None).assert_one_error("import.unreadable")
    authkit("export", "--store", missing).assert_one_error("store.missing")
    authkit("export", "--store", str(store), "--out", f"{missing}/x.json").assert_one_error("export.unwritable")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["tenant.db"]


def test_what_is_no_tenant_is_not_exported(authkit: Command, tmp_path: Path) -> None:
    """Nor touched: a text, an empty file."""
    text, empty = tmp_path / "text", tmp_path / "empty"
    text.write_text("no database, but long enough to be looked at as one" * 9)
    empty.touch()
    authkit("export", "--store", str(text)).assert_one_error("storage.unusable")
    authkit("export", "--store", str(empty)).assert_one_error("store.missing")
    assert empty.stat().st_size == 0


def test_a_tenant_is_never_written_over(authkit: Command, tmp_path: Path, store: Path) -> None:
    """Neither its own file nor another's, nor what is no file at all."""
    before = store.read_bytes()
    authkit("export", "--store", str(store), "--out", str(store)).assert_one_error("export.unwritable")
    authkit("export", "--store", str(store), "--out", str(tmp_path)).assert_one_error("export.unwritable")
    authkit("export", "--store", str(store), "--out", os.devnull).assert_one_error("export.unwritable")
    assert store.read_bytes() == before


def test_the_store_is_asked_for(authkit: Command) -> None:
    """Exit code 2, and the option is named."""
    for arguments in (["export"], ["import", "x.json"]):
        done = authkit(*arguments)
        assert done.code == 2 and "--store" in done.err
