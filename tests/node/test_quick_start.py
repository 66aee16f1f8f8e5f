"""The quick start for Express, run as it stands but for its port."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import authkit
from authkit import Api, ClientCredentials, Secret
from authkit.explore import quick_start
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.sign import sign

PATIENCE = 20  # seconds for Node to start


def token(live: Any, api: Api, scope: str = "read:orders", **changes: Any) -> str:
    """An access token; with changes, one that the right key signed with other claims."""
    asked = ClientCredentials(live.web, audience=api.identifier, scope=scope)
    issued: str = live.tenant.request_token(asked).access_token
    if not changes:
        return issued
    key: SigningKey | SigningSecret = live.tenant.keys.current
    if api.signing_secret is not None:
        key = SigningSecret(api.signing_secret)
    claims = {**authkit.decode(issued).payload, **changes}
    return sign({name: value for name, value in claims.items() if value is not None}, key, alg=api.signing_alg)


@contextmanager
def started(node: Path, live: Any, api: Api) -> Iterator[str]:
    """The code of the quick start, answering at this address on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = quick_start(live.tenant, api, "express").code
    assert code.count("8500") == 1
    (node / "orders.js").write_text(code.replace("8500", str(port)), encoding="utf-8")
    quiet = {"NODE_ENV": "test"}  # or Express prints every refusal
    environment = {**os.environ, **quiet, "NODE_EXTRA_CA_CERTS": str(live.server.certificate)}
    if api.signing_secret is not None:
        environment["ORDERS_SIGNING_SECRET"] = api.signing_secret.reveal()
    process = subprocess.Popen(["node", "orders.js"], cwd=node, env=environment)
    try:
        url = f"http://127.0.0.1:{port}/orders"
        until = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < until:
            try:
                httpx.get(url, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def status(url: str, sent: str | None) -> int:
    headers = {} if sent is None else {"Authorization": f"Bearer {sent}"}
    answer = httpx.get(url, headers=headers, trust_env=False)
    assert answer.status_code == 200 or answer.headers["WWW-Authenticate"].startswith("Bearer")
    return answer.status_code


@pytest.mark.slow
@pytest.mark.parametrize(("signing_alg", "dialect"), [("RS256", None), ("HS256", None), ("RS256", "rfc9068_profile")])
def test_good_bad_and_too_little(node: Path, live: Any, signing_alg: str, dialect: str | None) -> None:
    """A good token 200, eight bad ones and none 401, a missing scope 403."""
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    identifier = f'https://"orders".example/{signing_alg}/{dialect}'
    api = live.tenant.apis.create(identifier=identifier, signing_alg=signing_alg, token_dialect=dialect, scopes=scopes)
    live.tenant.client_grants.create(live.web, api, [*scopes])
    if dialect is not None:  # its type, at+jwt, is the tenant's to write
        with started(node, live, api) as url:
            assert status(url, token(live, api)) == 200
            assert status(url, token(live, api, iat=int(live.tenant.clock.now()))) == 401  # signed again, as typ JWT
        return
    now = int(live.tenant.clock.now())
    good = token(live, api)
    claims = dict(authkit.decode(good).payload)
    bad = {
        "expired": token(live, api, exp=now - 10),  # the package forgives 5 seconds
        "another audience": token(live, api, aud="https://stock.example/"),
        "another issuer": token(live, api, iss="https://evil.example/"),
        "no expiry": token(live, api, exp=None),
        "not yet": token(live, api, nbf=now + 3600),
        "a foreign secret": sign(claims, SigningSecret(Secret("x" * 32)), alg="HS256"),
        "edited": f"{good[:-6]}{'AAAAAA' if good[-6:] != 'AAAAAA' else 'BBBBBB'}",
        "no JWT": "x.y.z",
        "none": None,
    }
    with started(node, live, api) as url:
        assert status(url, good) == 200
        assert {name: status(url, one) for name, one in bad.items()} == dict.fromkeys(bad, 401)
        assert status(url, token(live, api, "write:orders")) == 403
