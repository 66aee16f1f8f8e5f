"""The small API to protect (RFC 6750)."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    RemoteKeySet,
    Server,
    SteerableClock,
    Tenant,
    Verifier,
    serve_orders_api,
)
from authkit.attacks import DecodesOnly, edit_payload
from authkit.http import OrdersServer

Training = Tenant[SteerableClock]


@pytest.fixture
def token(tenant: Training, api: Api, app: Application) -> str:
    return tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token


@pytest.fixture
def strict(tenant: Training, api: Api, server: Server) -> Verifier:
    keys = RemoteKeySet(server.jwks_uri, clock=tenant.clock)
    return Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock)


@pytest.fixture
def orders(strict: Verifier) -> Iterator[OrdersServer]:
    with serve_orders_api(strict) as orders:
        yield orders


def get(orders: OrdersServer, authorization: str | bytes | None = None) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        headers: Any = {} if authorization is None else {"Authorization": authorization}
        return client.get(f"{orders.url}/orders", headers=headers)


def test_a_good_token_is_let_in(orders: OrdersServer, token: str, app: Application) -> None:
    """200 with orders, for whom the token speaks; nothing is cached."""
    for scheme in ("Bearer", "bearer", "BEARER"):
        answer = get(orders, f"{scheme} {token}")
        assert answer.status_code == 200 and answer.json()["for"] == f"{app.client_id}@clients"
        assert answer.json()["orders"] and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic eDp4", "x"])
def test_without_a_token_it_is_401_without_an_error_code(orders: OrdersServer, authorization: str | None) -> None:
    """RFC 6750 §3.1: who says nothing is told nothing."""
    answer = get(orders, authorization)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json() == {}


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("Bearer x", "form.segments"),
        ("Bearer a.b.c.d", "form.segments"),
        (b"Bearer \xff.b.c", "base64url.alphabet"),
        ("Bearer " + "a" * 17_000, "size.too_large"),
        ('Bearer a"b.c.d', "base64url.alphabet"),
    ],
    ids=["one part", "four parts", "Latin-1", "too large", "quote"],
)
def test_a_bad_token_is_401_with_the_check(orders: OrdersServer, authorization: str | bytes, code: str) -> None:
    """`invalid_token`, and which check refused."""
    answer = get(orders, authorization)
    assert answer.status_code == 401 and answer.json()["check"] == code.partition(".")[0]
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="api", error="invalid_token", error_description="{code}"'
    )


def test_the_verifier_can_be_changed_while_it_runs(orders: OrdersServer, token: str, strict: Verifier) -> None:
    """The story of the first lesson: a forgery is let in, then refused."""
    forged = f"Bearer {edit_payload(token, sub='boss')}"
    orders.verifier = DecodesOnly()
    assert get(orders, forged).json()["for"] == "boss"
    orders.verifier = strict
    answer = get(orders, forged)
    assert answer.status_code == 401 and answer.json()["check"] == "signature"
    assert orders.verifier is strict and get(orders, f"Bearer {token}").status_code == 200


def test_keys_out_of_reach_are_503(orders: OrdersServer, token: str, tenant: Training, api: Api) -> None:
    """The token may be good: its holder is not told that it is bad."""
    keys = RemoteKeySet("http://127.0.0.1:1/jwks.json", clock=tenant.clock)
    orders.verifier = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock)
    answer = get(orders, f"Bearer {token}")
    assert answer.status_code == 503 and "WWW-Authenticate" not in answer.headers


def test_a_scope_that_is_asked_for_must_be_in_the_token(strict: Verifier, token: str) -> None:
    """RFC 6750 §3.1: 403, and which scope would do."""
    with serve_orders_api(strict, scope="read:orders") as orders:
        assert get(orders, f"Bearer {token}").status_code == 200
    with serve_orders_api(strict, scope="delete:orders") as orders:
        answer = get(orders, f"Bearer {token}")
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="api", error="insufficient_scope", scope="delete:orders"'
    )


def test_two_tokens_are_one_too_many(orders: OrdersServer, token: str) -> None:
    """RFC 6750 §3.1: it could be meant for either."""
    with httpx.Client(trust_env=False) as client:
        twice = [("Authorization", f"Bearer {token}")] * 2
        answer = client.get(f"{orders.url}/orders", headers=twice)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("verifier", [None, "verifier", object()], ids=["None", "text", "object"])
def test_what_verifies_nothing_is_refused_before_it_is_asked(verifier: Any) -> None:
    """And no port is taken."""
    with pytest.raises(ConfigurationError) as caught:
        serve_orders_api(verifier)
    assert caught.value.code == "orders_api.no_verifier"
