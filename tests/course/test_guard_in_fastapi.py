"""The guard of lesson 06 goes to work: its text, as it stands, in a FastAPI service, over real HTTP."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nbformat
import pytest

import authkit
from authkit.course import plan
from authkit.course.one_fault import NOW, api, good_tokens
from authkit.http.running import RunningApp, listen
from authkit.tenant import live_training_tenant
from tests.course.solving import notebook_of

SOLUTION = plan("06").exercises[-1].solution
ISSUER = "https://training.authkit.example/"
ORDERS = "https://orders.example/"

SERVICE = """
import time

import httpx
from fastapi import FastAPI, HTTPException, Request
"""
"""What a service imports besides; the rest of it stands in the lesson."""


def service_of_the_lesson() -> str:
    """The code of the lesson's section on a service."""
    cells = nbformat.read(notebook_of("06"), as_version=4).cells
    (code,) = re.findall(r"```python\n(.*?)```", "\n".join(cell.source for cell in cells), re.DOTALL)
    return str(code)


@pytest.fixture
def tenant() -> Iterator[authkit.Tenant[authkit.SystemClock]]:
    """A training tenant on the system's clock, as the service reads no other: two APIs, and an application for both."""
    with live_training_tenant(ISSUER) as tenant:
        orders = tenant.apis.create(identifier=ORDERS, scopes={"read:orders": "Read", "create:orders": "Create"})
        billing = tenant.apis.create(identifier="https://billing.example/")
        app = tenant.applications.create(name="Shop", app_type="non_interactive")
        tenant.client_grants.create(app, orders, ["read:orders", "create:orders"])
        tenant.client_grants.create(app, billing)
        yield tenant


@pytest.fixture
def orders(tenant: authkit.Tenant[authkit.SystemClock]) -> Iterator[str]:
    """The address of the orders in a service that is made of the solution and the lesson's own lines."""
    with authkit.serve(tenant) as server:
        text = (
            service_of_the_lesson().replace("https://YOUR-TENANT/", ISSUER).replace("JWKS_URI", repr(server.jwks_uri))
        )
        module: dict[str, Any] = {"__name__": "orders_service"}
        exec(compile(f"{SERVICE}\n{SOLUTION}\n\n{text}", "orders_service.py", "exec"), module)
    with RunningApp(module["app"], listen(0)) as running:
        yield f"{running.url}/orders"


def token_for(tenant: authkit.Tenant[authkit.SystemClock], audience: str, scope: str = "") -> str:
    """A token that the tenant has issued."""
    (app,) = (one for one in tenant.applications if one.name == "Shop")
    return tenant.request_token(authkit.ClientCredentials(app, audience=audience, scope=scope)).access_token


def ask(address: str, token: str | None = None, scheme: str = "Bearer") -> tuple[int, str | None]:
    """Status and challenge."""
    headers = {} if token is None else {"Authorization": f"{scheme} {token}"}
    answer = httpx.get(address, headers=headers)
    return answer.status_code, answer.headers.get("WWW-Authenticate")


def test_it_lets_good_tokens_in(tenant: authkit.Tenant[authkit.SystemClock], orders: str) -> None:
    """200, without a challenge; in any capitals, and under the key of a moment ago."""
    token = token_for(tenant, ORDERS)
    assert ask(orders, token) == (200, None)
    assert ask(orders, token, scheme="bearer") == (200, None)
    tenant.keys.rotate()
    assert ask(orders, token_for(tenant, ORDERS)) == (200, None)


def test_it_refuses_what_is_no_token_for_it(tenant: authkit.Tenant[authkit.SystemClock], orders: str) -> None:
    """401: without a code where nothing was sent, else invalid_token."""
    assert ask(orders) == (401, 'Bearer realm="orders"')
    edited = authkit.attacks.edit_payload(token_for(tenant, ORDERS), sub="the-boss")
    issued, key = token_for(tenant, ORDERS), tenant.keys.current
    over = authkit.attacks.sign_with_stolen_key(issued, key, exp=int(tenant.clock.now()) - 1)
    endless = authkit.attacks.sign_with_stolen_key(issued, key, exp=None)
    for token in (token_for(tenant, "https://billing.example/"), edited, over, endless, "abc"):
        assert ask(orders, token) == (401, 'Bearer error="invalid_token"')


def test_it_asks_for_its_scope(tenant: authkit.Tenant[authkit.SystemClock], orders: str) -> None:
    """403, and which scope would do."""
    lacking = token_for(tenant, ORDERS, scope="create:orders")
    assert ask(orders, lacking) == (403, 'Bearer error="insufficient_scope", scope="read:orders"')


def test_its_code_imports_pyjwt_and_the_standard_library_alone() -> None:
    """And the name of this package does not stand in it."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(SOLUTION))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= {"jwt", *sys.stdlib_module_names}
    assert "authkit" not in SOLUTION


def test_it_runs_where_this_package_is_out_of_reach(tmp_path: Path) -> None:
    """In another process in which importing this package is an error."""
    token = next(iter(good_tokens().values()))
    asked = f"""
import sys
sys.modules["authkit"] = None
{SOLUTION}
class Request:
    headers = {{"Authorization": {f"Bearer {token}"!r}}}
print(guard(Request, {api()!r}, {NOW}), [name for name in sys.modules if name.startswith("authkit.")])
"""
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(200, None) []"
