"""Sixty-four clients at once, for twenty seconds, against `authkit serve` in a process of its own."""

import asyncio
import ssl
import statistics
import time
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from authkit import RemoteKeySet, Tenant, Verifier
from tests.cli.test_serve import serving
from tests.endurance.prepared import AUDIENCE, Prepared, prepare

pytestmark = pytest.mark.slow

CLIENTS: Final = 64
SECONDS: Final = 20.0


class Crowd:
    """Everyone who asks at once, what they were answered, and how long it took."""

    def __init__(self, prepared: Prepared, ready: dict[str, Any]) -> None:
        self.prepared = prepared
        self.url: str = ready["url"]
        self.taken: dict[str, list[float]] = {}
        self.faults: Counter[str] = Counter()
        self.created: list[str] = []
        self.kids = {jwk["kid"] for jwk in httpx.get(ready["jwks_uri"], trust_env=False).json()["keys"]}
        self.verifier = Verifier(issuer=ready["issuer"], audience=AUDIENCE, keys=RemoteKeySet(ready["jwks_uri"]))
        self._tls = ssl.create_default_context()  # no client needs it, and each would take its time to make one
        self._until = 0.0

    async def ask(self) -> None:
        """All of them, until the time is over."""
        self._until = time.monotonic() + SECONDS
        await asyncio.gather(*(self._client(number) for number in range(CLIENTS)))

    async def _client(self, number: int) -> None:
        """One of them: mostly tokens, keys and reads; now and then a write."""
        steps = (self._token, self._token, self._keys, self._token, self._read, self._token, self._token, self._write)
        async with httpx.AsyncClient(verify=self._tls, base_url=self.url, trust_env=False, timeout=30) as client:
            for turn in count(number):
                if time.monotonic() > self._until:
                    return
                step = steps[turn % len(steps)]
                try:
                    await step(client, f"{number}-{turn}")
                except Exception as error:
                    self.faults[f"{step.__name__}: {type(error).__name__}: {error}"] += 1

    async def _send(
        self, client: httpx.AsyncClient, kind: str, method: str, path: str, expected: int, **more: Any
    ) -> Any:
        start = time.perf_counter()
        answer = await client.request(method, path, **more)
        self.taken.setdefault(kind, []).append(time.perf_counter() - start)
        assert answer.status_code == expected, f"{answer.status_code} {answer.text[:200]}"
        return answer.json()

    async def _token(self, client: httpx.AsyncClient, name: str) -> None:
        issued = await self._send(client, "token", "POST", "/oauth/token", 200, data=self.prepared.form())
        assert self.verifier.verify(issued["access_token"])["azp"] == self.prepared.client_id

    async def _keys(self, client: httpx.AsyncClient, name: str) -> None:
        found = await self._send(client, "keys", "GET", "/.well-known/jwks.json", 200)
        assert {jwk["kid"] for jwk in found["keys"]} == self.kids

    async def _read(self, client: httpx.AsyncClient, name: str) -> None:
        path = f"/api/v2/clients/{self.prepared.client_id}"
        found = await self._send(client, "read", "GET", path, 200, headers=self._operator)
        assert found["name"] == "Nightly report"

    async def _write(self, client: httpx.AsyncClient, name: str) -> None:
        body = {"identifier": f"https://{name}.example/", "scopes": [{"value": "read"}]}
        path = "/api/v2/resource-servers"
        made = await self._send(client, "write", "POST", path, 201, json=body, headers=self._operator)
        self.created.append(made["identifier"])

    @property
    def _operator(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.prepared.operator}"}

    def report(self) -> str:
        """The rate, and how long each kind of request took."""
        lines = [f"{sum(map(len, self.taken.values())) / SECONDS:.0f} requests/s from {CLIENTS} clients; ms:"]
        for kind, seconds in self.taken.items():
            cuts = statistics.quantiles(seconds, n=100)
            shown = ", ".join(f"p{place} {cuts[place - 1] * 1e3:.0f}" for place in (50, 95, 99))
            lines.append(f"  {kind:<6}{len(seconds):>6} times: {shown}, longest {max(seconds) * 1e3:.0f}")
        return "\n".join(lines)


def test_sixty_four_clients_for_twenty_seconds_meet_no_error(tmp_path: Path) -> None:
    """Every token verifies, every read is right, every write is kept and every token stands in the log."""
    prepared = prepare(tmp_path / "tenant.db")
    with serving("--store", prepared.path) as ready:
        crowd = Crowd(prepared, ready)
        asyncio.run(crowd.ask())
    print(crowd.report())
    assert crowd.faults == {}
    assert all(len(crowd.taken[kind]) > CLIENTS for kind in ("token", "keys", "read", "write"))
    with Tenant.open(prepared.path) as tenant:
        kept = {api.identifier for api in tenant.apis if not api.is_system} - {AUDIENCE}
        assert kept == set(crowd.created) and len(kept) == len(crowd.created)
        entries = Counter(entry.type for entry in tenant.log)
        assert entries["seccft"] == len(crowd.taken["token"]) + 1  # and the operator's
