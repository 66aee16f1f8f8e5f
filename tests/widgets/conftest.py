"""What the tests of panels share: a tenant with something in it, and running a snippet as a learner would."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import ipywidgets
import pytest

import authkit
from authkit import ClientCredentials, Tenant, serve
from authkit.jose.sign import sign
from authkit.registry.management_scopes import MANAGEMENT_SCOPES


@pytest.fixture
def tenant() -> Iterator[Tenant[Any]]:
    """A training tenant with an API of each algorithm and an application that may ask for tokens of both."""
    with _tenant() as tenant:
        yield tenant


@pytest.fixture
def twin() -> Iterator[Tenant[Any]]:
    """Another one like it: what is done to both must come out the same."""
    with _tenant() as tenant:
        yield tenant


@pytest.fixture
def token(tenant: Tenant[Any]) -> str:
    """A good token of the orders API."""
    application = next(iter(tenant.applications))
    return tenant.request_token(ClientCredentials(application, audience="https://orders.example/")).access_token


@pytest.fixture
def run() -> Callable[..., dict[str, Any]]:
    """Run a snippet as a cell: its variables, and the value of its last line as `_`."""
    return _run


@pytest.fixture
def send() -> Callable[[str, Tenant[Any]], list[httpx.Response]]:
    """Send an HTTP snippet to a tenant, served for it; token and client secret are filled in."""
    return _send


@pytest.fixture
def inside() -> Callable[[Any], list[Any]]:
    """Every widget of a panel, itself included."""
    return _inside


def _tenant() -> Tenant[Any]:
    tenant = authkit.training_tenant()
    orders = tenant.apis.create(
        name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"}
    )
    stock = tenant.apis.create(name="Stock", identifier="https://stock.example/", signing_alg="HS256")
    application = tenant.applications.create(name="Nightly report")
    tenant.client_grants.create(application, orders, ["read:orders"])
    tenant.client_grants.create(application, stock)
    return tenant


def _run(source: str, tenant: Tenant[Any]) -> dict[str, Any]:
    names: dict[str, Any] = {"tenant": tenant, "authkit": authkit}
    body = ast.parse(source).body
    if isinstance(body[-1], ast.Expr):
        body[-1] = ast.Assign([ast.Name("_", ast.Store())], body[-1].value)
    exec(compile(ast.fix_missing_locations(ast.Module(body, [])), "<snippet>", "exec"), names)
    return names


def _send(snippet: str, tenant: Tenant[Any]) -> list[httpx.Response]:
    with serve(tenant) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        return [
            _sent(request, tenant, client) for request in re.split(r"\n\n(?=(?:GET|POST|PATCH|PUT|DELETE) /)", snippet)
        ]


def _sent(request: str, tenant: Tenant[Any], client: httpx.Client) -> httpx.Response:
    head, _, body = request.partition("\n\n")
    line, *named = head.split("\n")
    method, path = line.split(" ")
    headers = dict(one.split(": ", 1) for one in named)
    headers.pop("Host")  # the tenant's issuer; here it is reached at another address
    if headers.get("Authorization") == "Bearer MANAGEMENT_API_TOKEN":
        headers["Authorization"] = f"Bearer {_management_token(tenant)}"
    # A public one, for which nothing is drawn: the tenant must stay a twin.
    tenant.import_({"clients": [{"client_id": "tester", "name": "Tester", "app_type": "spa"}]})
    for application in tenant.applications:
        if application.client_id in body and application.client_secret is not None:
            body = body.replace("CLIENT_SECRET", application.client_secret.reveal())
    try:
        return client.request(method, path, headers=headers, content=body)
    finally:
        tenant.applications.delete("tester")


def _management_token(tenant: Tenant[Any]) -> str:
    now = int(tenant.clock.now())
    claims = {
        "iss": tenant.issuer, "sub": "tester@clients", "azp": "tester", "iat": now, "exp": now + 60,
        "aud": f"{tenant.issuer}api/v2/", "scope": " ".join(MANAGEMENT_SCOPES),
    }  # fmt: skip
    return sign(claims, tenant.keys.current, alg="RS256")


def _inside(widget: Any) -> list[Any]:
    found = [widget]
    if isinstance(widget, ipywidgets.Box):
        for child in widget.children:
            found += _inside(child)
    return found
