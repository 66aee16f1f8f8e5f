"""Node, with other makers' clients installed from the registry, and a tenant over https that they talk to."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from authkit import Application, Server, SystemClock, Tenant, serve
from authkit.http.running import address, listen
from authkit.registry.models import User

HERE: Final = Path(__file__).resolve().parent
NEEDED: Final = (20, 19)
"""The Node that the newest of the clients ask for; `package.json` says the same."""

AUDIENCE: Final = "https://orders.example/"
CALLBACK: Final = "https://app.example/callback"
EMAIL: Final = "ada@example.com"
PASSWORD: Final = "correct horse battery"


class Live(NamedTuple):
    """A tenant over https whose address is its issuer, and who may use it."""

    tenant: Tenant[SystemClock]
    server: Server
    web: Application
    user: User


class Script:
    """A script of this folder, running: a line of JSON in, a line of JSON out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **asked: object) -> dict[str, Any]:
        """Its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self.heard()

    def heard(self) -> dict[str, Any]:
        """What it says next."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the script has ended; its errors are above"
        return dict(json.loads(line))


Run = Callable[..., Script]


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scripts, and what they need installed beside them; skipped without Node, or failed."""
    give_up = pytest.fail if os.environ.get("AUTHKIT_REQUIRE_NODE") == "1" else pytest.skip
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        give_up(f"no Node: {' and '.join(missing)} cannot be found on the PATH")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < NEEDED:
        give_up(f"Node is {version}; the clients need {'.'.join(map(str, NEEDED))} or later")
    folder = tmp_path_factory.mktemp("node")  # never the checkout: it would end up in an archive
    for path in HERE.glob("*.*js*"):
        shutil.copy(path, folder)
    start = time.monotonic()
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--no-update-notifier"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        give_up(f"npm ci has failed:\n{done.stdout}{done.stderr}")
    print(f"npm ci took {time.monotonic() - start:.1f} s with Node {version}")
    return folder


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    """A tenant of its own for each file; what a test changes in it the others can bear."""
    listening = listen()
    issuer = f"{address(listening, tls=True)}/"
    with Tenant.open(issuer=issuer) as tenant, serve(tenant, listening=listening, tls=True) as server:
        scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
        tenant.apis.create(name="Orders", identifier=AUDIENCE, scopes=scopes, allow_offline_access=True)
        tenant.apis.create(name="Stock", identifier="https://stock.example/")
        web = tenant.applications.create(
            name="Order desk", app_type="regular_web", callbacks=[CALLBACK],
            grant_types=["authorization_code", "refresh_token", "client_credentials"],
        )  # fmt: skip
        tenant.client_grants.create(web, AUDIENCE, [*scopes])
        tenant.client_grants.create(web, "https://stock.example/")
        user = tenant.users.create(email=EMAIL, password=PASSWORD, name="Ada")
        yield Live(tenant, server, web, user)


@pytest.fixture(scope="module")
def run(node: Path, live: Live) -> Iterator[Run]:
    """Starts a script of this folder with what it has to know of the tenant."""
    assert live.server.certificate is not None and live.web.client_secret is not None
    known = {
        "issuer": live.tenant.issuer,
        "jwks_uri": live.server.jwks_uri,
        "audience": AUDIENCE,
        "client_id": live.web.client_id,
        "client_secret": live.web.client_secret.reveal(),
        "redirect_uri": CALLBACK,
    }
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(live.server.certificate)}
    with ExitStack() as running:

        def start(script: str) -> Script:
            command = ["node", script, json.dumps(known)]
            pipe = subprocess.PIPE
            process = running.enter_context(
                subprocess.Popen(command, cwd=node, env=environment, text=True, stdin=pipe, stdout=pipe)
            )
            assert process.stdin is not None
            running.callback(process.stdin.close)  # at which it ends by itself
            return Script(process)

        yield start
