"""Quick starts, run as they stand against a served tenant."""

import base64
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

import httpx
import jwt
import pytest
from fastapi import FastAPI
from flask import Flask
from werkzeug.serving import make_server

import authkit
from authkit import Api, Application, ClientCredentials, ConfigurationError, Secret, Server, SystemClock, Tenant, serve
from authkit.explore import quick_start
from authkit.http.running import RunningApp, listen
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.sign import sign
from authkit.tenant import live_training_tenant, training_tenant

SERVERS = ("fastapi", "flask", "authkit")
CODES = (*SERVERS, "express")


class Live(NamedTuple):
    """A served training tenant on the system's clock, whose address is its issuer."""

    tenant: Tenant[SystemClock]
    server: Server
    app: Application

    def token(self, api: Api, scope: str = "read:orders", **changes: Any) -> str:
        """An access token; with changes, one that the tenant's key signed with other claims."""
        asked = ClientCredentials(self.app, audience=api.identifier, scope=scope)
        token = self.tenant.request_token(asked).access_token
        if not changes:
            return token
        claims = {**authkit.decode(token).payload, **changes}
        return sign(
            {name: value for name, value in claims.items() if value is not None}, self.key(api), alg=self.alg(api)
        )

    def key(self, api: Api) -> SigningKey | SigningSecret:
        return self.tenant.keys.current if api.signing_secret is None else SigningSecret(api.signing_secret)

    @staticmethod
    def alg(api: Api) -> Any:
        return api.signing_alg


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    listening = listen()
    issuer = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    with live_training_tenant(issuer) as tenant, serve(tenant, listening=listening) as server:
        yield Live(tenant, server, tenant.applications.create(name="Nightly report"))


@pytest.fixture(params=["RS256", "HS256"])
def api(live: Live, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    api = live.tenant.apis.create(identifier='https://"orders".example/', signing_alg=request.param, scopes=scopes)
    live.tenant.client_grants.create(live.app, api, [*scopes])
    if api.signing_secret is not None:
        monkeypatch.setenv("ORDERS_SIGNING_SECRET", api.signing_secret.reveal())
    yield api
    live.tenant.apis.delete(api)


@pytest.fixture(params=SERVERS)
def running(live: Live, api: Api, request: pytest.FixtureRequest) -> Iterator[str]:
    """The code of the quick start, answering at this address on loopback."""
    namespace: dict[str, Any] = {"__name__": "orders"}
    exec(compile(quick_start(live.tenant, api, request.param).code, "orders.py", "exec"), namespace)
    with started(namespace["app"]) as url:
        yield url


@contextmanager
def started(app: FastAPI | Flask) -> Iterator[str]:
    if isinstance(app, FastAPI):
        with RunningApp(app, listen()) as running:
            yield running.url
        return
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def asked(url: str, token: str | None) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{url}/orders", headers=headers)


def unsigned(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{header}.{token.split('.')[1]}."


def test_good_bad_and_too_little(live: Live, api: Api, running: str) -> None:
    """A good token 200, eight bad ones and none 401, a missing scope 403."""
    token = live.token(api)
    answer = asked(running, token)
    assert answer.status_code == 200 and answer.json()["for"] == f"{live.app.client_id}@clients"
    now = int(live.tenant.clock.now())
    claims = authkit.decode(token).payload
    other = SigningSecret(Secret("x" * 32))
    bad = {
        "expired": live.token(api, exp=now - 1),
        "another audience": live.token(api, aud="https://stock.example/"),
        "another issuer": live.token(api, iss="https://evil.example/"),
        "no expiry": live.token(api, exp=None),
        "not yet": live.token(api, nbf=now + 3600),
        "a foreign secret": sign(dict(claims), other, alg="HS256"),
        "unsigned": unsigned(token),
        "edited": f"{token[:-6]}{'AAAAAA' if token[-6:] != 'AAAAAA' else 'BBBBBB'}",
        "no JWT": "x.y.z",
    }
    assert {name: asked(running, one).status_code for name, one in bad.items()} == dict.fromkeys(bad, 401)
    for one in (*bad.values(), None):
        answer = asked(running, one)
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert asked(running, live.token(api, "write:orders")).status_code == 403


@pytest.mark.parametrize("library", ["fastapi", "flask", "authkit"])
def test_keys_out_of_reach_are_no_fault_of_the_token(live: Live, library: str) -> None:
    """A good token is answered 503, and not 401: its sender cannot mend it."""
    api = live.tenant.apis.create(identifier="https://away.example/", scopes={"read:orders": ""})
    live.tenant.client_grants.create(live.app, api, ["read:orders"])
    with closing(listen()) as nobody:
        away = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    namespace: dict[str, Any] = {"__name__": "orders"}
    exec(compile(quick_start(live.tenant, api, library, url=away).code, "orders.py", "exec"), namespace)
    with started(namespace["app"]) as url:
        assert asked(url, live.token(api)).status_code == 503
    live.tenant.apis.delete(api)


@pytest.mark.parametrize("library", CODES)
def test_no_secret_is_in_the_code(live: Live, api: Api, library: str) -> None:
    """An HS256 API's is read from the environment."""
    code = quick_start(live.tenant, api, library).code
    assert api.signing_secret is None or api.signing_secret.reveal() not in code
    assert ("ORDERS_SIGNING_SECRET" in code) is (api.signing_alg == "HS256")


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs bash and curl")
def test_curl_gets_a_token_and_asks(live: Live) -> None:
    """The two commands, run as they stand; nobody answers at the API's address here."""
    api = live.tenant.apis.create(identifier="https://o'brien.example/", scopes={"read:orders": ""})
    live.tenant.client_grants.create(live.app, api, ["read:orders"])
    assert live.app.client_secret is not None
    code = quick_start(live.tenant, api, "curl").code
    first, _, _ = code.partition("curl --silent --include")
    script = f'{first}echo "$token"'
    environment = {
        "CLIENT_ID": live.app.client_id,
        "CLIENT_SECRET": live.app.client_secret.reveal(),
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=30, check=True
    )
    key = jwt.PyJWKClient(live.server.jwks_uri).get_signing_key_from_jwt(done.stdout.strip())
    assert jwt.decode(done.stdout.strip(), key, algorithms=["RS256"], audience=api.identifier)["scope"] == "read:orders"


def test_an_rfc_9068_api_is_verified_as_one(live: Live) -> None:
    """The type of its tokens is `at+jwt`."""
    api = live.tenant.apis.create(identifier="urn:rfc9068", token_dialect="rfc9068_profile", scopes={"read:orders": ""})
    live.tenant.client_grants.create(live.app, api, ["read:orders"])
    namespace: dict[str, Any] = {}
    exec(quick_start(live.tenant, api, "authkit").code, namespace)
    with started(namespace["app"]) as url:
        assert asked(url, live.token(api)).status_code == 200


def test_an_unknown_library_is_refused(live: Live) -> None:
    """And says which there are."""
    with pytest.raises(ConfigurationError, match="fastapi") as caught:
        quick_start(live.tenant, f"{live.tenant.issuer}api/v2/", "spring")
    assert caught.value.code == "quick_start.library"


def test_it_shows_itself(live: Live) -> None:
    """As code to copy, in the notebook under its title; what is in it is escaped."""
    shown = quick_start(live.tenant, f"{live.tenant.issuer}api/v2/")
    assert repr(shown) == shown.code
    assert "FastAPI with PyJWT" in shown._repr_html_() and "&quot;RS256&quot;" in shown._repr_html_()


def test_what_is_no_tenant_or_no_address_is_named() -> None:
    """Tenant and API are easily exchanged."""
    with training_tenant() as tenant:
        api = tenant.apis.create(identifier="https://orders.example/")
        wrong: Any
        for wrong in ((api, tenant), (None, api)):
            with pytest.raises(ConfigurationError) as caught:
                quick_start(*wrong)
            assert caught.value.code == "quick_start.tenant"
        wrong = 3
        with pytest.raises(ConfigurationError) as caught:
            quick_start(tenant, api, url=wrong)
        assert caught.value.code == "quick_start.url"
