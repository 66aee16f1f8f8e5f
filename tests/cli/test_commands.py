"""The commands as processes: what they print, and how they end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt

import authkit
from authkit.http.running import listen
from tests.cli.conftest import AUTHKIT

BLOCKED = "import sys; sys.modules.update(dict.fromkeys({names!r})); import authkit.cli; sys.exit(authkit.cli.main())"


def run(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*AUTHKIT, *arguments], capture_output=True, text=True, timeout=60, **options)


@contextmanager
def serving(*arguments: str) -> Iterator[dict[str, str]]:
    """`authkit serve` as a process, until it is stopped by SIGINT; it must end with 0 and without a traceback."""
    with subprocess.Popen(
        [*AUTHKIT, "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and errors == ""


def test_version():
    """`--version` prints the package's version."""
    assert run("--version").stdout == f"authkit {authkit.__version__}\n"


def test_version_needs_no_extra():
    """The version is told even where the extra `lab` is missing."""
    script = BLOCKED.format(names=["typer", "fastapi", "uvicorn"])
    done = subprocess.run([sys.executable, "-c", script, "--version"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and authkit.__version__ in done.stdout


def test_a_missing_extra_is_one_line():
    """Without the extra, a command says which one to install and ends with 2."""
    script = BLOCKED.format(names=["typer"])
    done = subprocess.run([sys.executable, "-c", script, "tour"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "authkit[lab]" in done.stderr and "Traceback" not in done.stderr


def test_the_tour_is_the_same_every_time():
    """Two runs on terminals of different width print the same bytes and end with 0."""
    one = run("tour", env={**os.environ, "COLUMNS": "60"})
    two = run("tour", env={**os.environ, "COLUMNS": "200"})
    assert one.returncode == two.returncode == 0 and one.stderr == ""
    assert one.stdout == two.stdout
    assert max(map(len, one.stdout.splitlines())) <= 80


def test_the_tour_tells_the_whole_story():
    """Token, origin of its claims, acceptance, forgery and expiry are all in it."""
    told = run("tour").stdout
    for word in ("eyJhbGciOiJSUzI1NiIs", "the API's token lifetime", "ACCEPTED", "signature.mismatch", "exp.expired"):
        assert word in told


def test_pyjwt_verifies_a_served_training_token():
    """PyJWT's own client, given nothing but the ready line, accepts a token; issuer and audience checked."""
    import httpx

    with serving("--training") as ready:
        asked = {"grant_type": "client_credentials", "audience": ready["audience"]}
        answer = httpx.post(ready["token_endpoint"], data=asked, auth=(ready["client_id"], ready["client_secret"]))
        token = answer.json()["access_token"]
        key = jwt.PyJWKClient(ready["jwks_uri"]).get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=ready["audience"], issuer=ready["issuer"])
        metadata = httpx.get(f"{ready['url']}/.well-known/openid-configuration").json()
    assert claims["scope"] == "read:orders"
    assert metadata["issuer"] == ready["issuer"]


def test_a_store_keeps_its_issuer_and_keys(tmp_path: Path):
    """The first address becomes the issuer of a new store, and stays it."""
    import httpx

    store = str(tmp_path / "tenant.db")
    with serving("--store", store) as first:
        keys = httpx.get(first["jwks_uri"]).json()
    with serving("--store", store) as second:
        assert httpx.get(second["jwks_uri"]).json() == keys
    assert first["issuer"] == f"{first['url']}/" == second["issuer"]


def test_a_training_tenant_has_no_store(tmp_path: Path):
    """Published keys in a file would look real: refused."""
    done = run("serve", "--training", "--store", str(tmp_path / "tenant.db"))
    assert done.returncode == 2 and "serve.training_store" in done.stderr
    assert not (tmp_path / "tenant.db").exists()


def test_a_taken_port_is_one_clear_error():
    """The port, the reason and the repair, and no traceback."""
    with listen() as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "port_in_use" in done.stderr and "Repair:" in done.stderr and "Traceback" not in done.stderr
