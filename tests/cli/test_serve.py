"""`authkit serve` over https and under another issuer, as a process."""

import json
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from authkit import RemoteKeySet, Tenant, Verifier
from tests.cli.conftest import AUTHKIT, Command, Done


@contextmanager
def serving(*arguments: object, stop: signal.Signals = signal.SIGINT, **environment: str) -> Iterator[dict[str, Any]]:
    """`authkit serve` until it is stopped; it must end with 0, silently."""
    with subprocess.Popen(
        [*AUTHKIT, "serve", "--port", "0", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(stop)
            output, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and output == errors == ""


def get(ready: dict[str, Any], url: str) -> Any:
    context = ssl.create_default_context(cafile=ready["certificate"])
    return httpx.get(url, verify=context, trust_env=False).json()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_token_over_https_from_the_ready_line_alone(authkit: Command, tmp_path: Path, stop: signal.Signals) -> None:
    """Asked for, verified by library and command; stopped, nothing is left of the certificate."""
    with serving("--training", "--tls", stop=stop, TMPDIR=str(tmp_path)) as ready:
        assert all(ready[name].startswith(ready["issuer"]) for name in ("jwks_uri", "token_endpoint"))
        assert ready["issuer"] == f"{ready['url']}/" and ready["url"].startswith("https://127.0.0.1:")
        asked = {"grant_type": "client_credentials", "audience": ready["audience"]}
        context = ssl.create_default_context(cafile=ready["certificate"])
        answer = httpx.post(
            ready["token_endpoint"], data=asked, auth=(ready["client_id"], ready["client_secret"]), verify=context,
            trust_env=False,
        )  # fmt: skip
        token = answer.json()["access_token"]
        assert get(ready, f"{ready['url']}/.well-known/openid-configuration")["issuer"] == ready["issuer"]
        keys = RemoteKeySet(ready["jwks_uri"], ca_file=ready["certificate"])
        verifier = Verifier(issuer=ready["issuer"], audience=ready["audience"], keys=keys)
        assert verifier.verify(token)["scope"] == "read:orders"
        options = ["--jwks", ready["jwks_uri"], "--issuer", ready["issuer"], "--audience", ready["audience"]]
        assert authkit("verify", *options, "--ca-file", ready["certificate"], token).code == 0
        untold = authkit("verify", *options, token)
        assert untold.code == 2 and "--ca-file" in untold.out
        (folder,) = tmp_path.iterdir()
        assert [one.name for one in folder.iterdir()] == ["certificate.pem"]
    assert list(tmp_path.iterdir()) == []


def test_without_tls_the_line_names_no_certificate() -> None:
    """As before."""
    with serving("--training") as ready:
        assert "certificate" not in ready and ready["url"].startswith("http://")


def test_a_new_store_takes_the_address_or_the_issuer_that_is_named(tmp_path: Path) -> None:
    """The system API carries its name; on the next start, both are kept."""
    served, named = tmp_path / "served.db", tmp_path / "named.db"
    with serving("--store", served, "--tls") as ready:
        assert ready["issuer"] == f"{ready['url']}/"
    with serving("--store", named, "--issuer", "https://login.example/") as other:
        assert other["issuer"] == "https://login.example/" and other["url"] != "https://login.example"
        answer = httpx.get(f"{other['url']}/.well-known/openid-configuration", trust_env=False)
        assert answer.status_code == 404  # RFC 8414 §3.3: metadata only where the issuer is
    for store, issuer in ((served, ready["issuer"]), (named, "https://login.example/")):
        with serving("--store", store, "--issuer", issuer) as again:
            assert again["issuer"] == issuer
        with Tenant.open(store) as tenant:
            assert tenant.apis.get(f"{issuer}api/v2/").is_system


def test_an_issuer_in_memory(tmp_path: Path) -> None:
    """Needs no store, and the hint that it ends with the command stays."""
    process = subprocess.Popen(
        [*AUTHKIT, "serve", "--port", "0", "--issuer", "https://login.example/"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["issuer"] == "https://login.example/"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and "--store FILE" in errors and "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--training", "--issuer", "https://login.example/"], "serve.training_issuer"),
        (["--training", "--store", "new.db"], "serve.training_store"),
        (["--training", "--tls", "--store", "new.db", "--issuer", "https://login.example/"], "serve.training_store"),
        (["--store", "new.db", "--issuer", "login.example"], "issuer.not_a_url"),
        (["--store", "new.db", "--issuer", ""], "issuer.not_a_url"),
        (["--issuer", ""], "issuer.not_a_url"),
        (["--store", "old.db", "--issuer", "https://login.example/"], "store.issuer"),
    ],
)
def test_what_contradicts_is_one_error(tmp_path: Path, arguments: list[str], code: str) -> None:
    """And makes no store, nor changes one."""
    with Tenant.open(tmp_path / "old.db", issuer="https://old.example/"):
        pass
    command = [*AUTHKIT, "serve", "--port", "0", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    Done(done.returncode, done.stdout, done.stderr).assert_one_error(code)
    assert [one.name for one in tmp_path.iterdir()] == ["old.db"]
    with Tenant.open(tmp_path / "old.db") as tenant:
        assert tenant.issuer == "https://old.example/"
