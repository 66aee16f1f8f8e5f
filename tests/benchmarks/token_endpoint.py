"""What a token costs a server: authkit's token endpoint beside a bare route that only signs, each its own process.

The client's work and whatever else the machine does are left out: each server tells its own CPU time when asked.
"""

import http.client
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from authkit import decode
from tests.benchmarks.measure import ROOT, low

TOKENS: Final = 25
"""Tokens of one sample: enough that what asking for the CPU time costs is lost among them."""

OURS, BARE = "authkit, token endpoint", "bare Starlette route that only signs"

_PRELUDE: Final = """
import json, sys, time
import authkit

tenant = authkit.Tenant.open(sys.argv[1])
api = tenant.apis.create(identifier="https://orders.example/", scopes={"read:orders": "", "write:orders": ""})
app = tenant.applications.create(name="Nightly report")
tenant.client_grants.create(app, api, ["read:orders", "write:orders"])
"""

_SERVE: Final = """
form = {
    "grant_type": "client_credentials", "audience": api.identifier,
    "client_id": app.client_id, "client_secret": app.client_secret.reveal(),
}
print(json.dumps({"url": server.url, "form": form}), flush=True)
for line in sys.stdin:
    print(time.process_time_ns(), flush=True)
server.close()
"""

_PROGRAMS: Final = {
    OURS: f"{_PRELUDE}\nserver = authkit.serve(tenant)\n{_SERVE}",
    # The same uvicorn in the same kind of thread, and as many bytes to sign and to send.
    BARE: f"""{_PRELUDE}
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from authkit.http.running import RunningApp, listen
from authkit.jose.sign import sign

example = tenant.request_token(authkit.ClientCredentials(app, audience=api.identifier))
claims, key = dict(authkit.decode(example.access_token).payload), tenant.keys.current

async def token(request):
    return JSONResponse({{**example.response(), "access_token": sign(claims, key, alg="RS256")}})

server = RunningApp(Starlette(routes=[Route("/oauth/token", token, methods=["POST"])]), listen())
{_SERVE}""",
}


class _Server:
    """One of the two, and a connection to it that stays open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        ready = json.loads(self._line())
        self._connection = http.client.HTTPConnection(str(urlsplit(ready["url"]).netloc))
        self._body = urlencode(ready["form"])

    def token(self) -> dict[str, Any]:
        """One more."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", "/oauth/token", self._body, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a server answered {answer.status}: {read[:200]!r}")
        return dict(json.loads(read))

    def sample(self) -> float:
        """Nanoseconds of its CPU time that a token took."""
        start = self._cpu()
        for _ in range(TOKENS):
            self.token()
        return (self._cpu() - start) / TOKENS

    def close(self) -> None:
        """Let it end."""
        self._connection.close()

    def _cpu(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a server has ended")
        return line


@contextmanager
def _running() -> Iterator[dict[str, _Server]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        servers = {}
        for number, (name, program) in enumerate(_PROGRAMS.items()):
            command = [sys.executable, "-c", program, str(Path(folder) / f"{number}.db")]
            pipe = subprocess.PIPE
            process = stack.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe))
            assert process.stdin is not None
            stack.callback(process.stdin.close)  # at which it ends
            servers[name] = _Server(process)
            stack.callback(servers[name].close)
        yield servers


def tokens_over_http(*, rounds: int, rng: random.Random, after_round: Callable[[], None]) -> dict[str, float]:
    """Nanoseconds of the server's CPU time that a token takes, 10th percentile, of each of the two.

    Raises:
        RuntimeError: One of them does not answer, or they do not do the same work.
    """
    with _running() as servers:
        lengths = {name: len(server.token()["access_token"]) for name, server in servers.items()}
        if max(lengths.values()) - min(lengths.values()) > 8:
            raise RuntimeError(f"their tokens differ in length: {lengths}")
        if any(decode(server.token()["access_token"]).header["alg"] != "RS256" for server in servers.values()):
            raise RuntimeError("a token is not signed with RS256")
        for server in servers.values():
            server.sample()  # the first calls prepare what is kept for later ones
        samples: dict[str, list[float]] = {name: [] for name in servers}
        order = [*servers]
        for _ in range(rounds):
            rng.shuffle(order)
            for name in order:
                samples[name].append(servers[name].sample())
            after_round()
    return {name: low(values) for name, values in samples.items()}
