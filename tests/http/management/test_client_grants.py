"""`/client-grants` over real HTTP."""

from typing import Any

import httpx
import pytest

from authkit import Api, Application, SteerableClock, Tenant

Training = Tenant[SteerableClock]


@pytest.fixture(scope="module")
def orders(tenant: Training) -> Api:
    return tenant.apis.create(identifier="https://orders.example/", scopes={"read:orders": "", "write:orders": ""})


@pytest.fixture
def app(tenant: Training) -> Application:
    return tenant.applications.create(name="Report")


@pytest.fixture
def made(api: httpx.Client, app: Application, orders: Api) -> dict[str, Any]:
    body = {"client_id": app.client_id, "audience": orders.identifier, "scope": ["read:orders"]}
    answer = api.post("/client-grants", json=body)
    assert answer.status_code == 201
    document: dict[str, Any] = answer.json()
    return document


def test_it_is_answered_as_a_real_tenant_does(made: dict[str, Any], app: Application, orders: Api) -> None:
    """The recorded members."""
    assert made.pop("id").startswith("cgr_")
    assert made == {
        "client_id": app.client_id, "audience": orders.identifier, "scope": ["read:orders"], "subject_type": "client"
    }  # fmt: skip


def test_get_change_delete(api: httpx.Client, made: dict[str, Any]) -> None:
    """The scopes are replaced as a whole."""
    path = f"/client-grants/{made['id']}"
    assert api.get(path).json() == made
    assert api.patch(path, json={"scope": ["write:orders"]}).json() == {**made, "scope": ["write:orders"]}
    assert [api.delete(path).status_code for _ in range(2)] == [204, 204]
    assert api.get(path).json()["errorCode"] == "inexistent_client_grant"


def test_a_second_one_is_409(api: httpx.Client, made: dict[str, Any]) -> None:
    """In the vendor's words."""
    answer = api.post("/client-grants", json={"client_id": made["client_id"], "audience": made["audience"]})
    message = f"A client grant already exists between {made['client_id']} and {made['audience']}"
    assert (answer.status_code, answer.json()["message"]) == (409, message)


@pytest.mark.parametrize(
    ("field", "code"), [("client_id", "inexistent_client"), ("audience", "inexistent_resource_server")]
)
def test_both_sides_must_be_there(api: httpx.Client, app: Application, orders: Api, field: str, code: str) -> None:
    """404 that says which is not."""
    body = {"client_id": app.client_id, "audience": orders.identifier, field: "nothing"}
    answer = api.post("/client-grants", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (404, code)


def test_a_scope_must_be_the_apis(api: httpx.Client, app: Application, orders: Api) -> None:
    """400, and nothing is stored."""
    body = {"client_id": app.client_id, "audience": orders.identifier, "scope": ["fly"]}
    answer = api.post("/client-grants", json=body)
    assert answer.status_code == 400 and "[scope.unknown]" in answer.json()["message"]
    assert api.get("/client-grants", params={"client_id": app.client_id}).json() == []


@pytest.mark.parametrize("body", [{"scope": "read:orders"}, {"scope": [1]}, {"audience": "x"}, {"client_id": "x"}])
def test_a_change_is_of_scopes(api: httpx.Client, made: dict[str, Any], body: dict[str, Any]) -> None:
    """As a list of texts, and of nothing else."""
    assert api.patch(f"/client-grants/{made['id']}", json=body).status_code == 400


def test_filters(api: httpx.Client, made: dict[str, Any], tenant: Training) -> None:
    """By application, by API, by both; an unknown one finds nothing."""
    audience, client_id = made["audience"], made["client_id"]
    assert api.get("/client-grants", params={"client_id": client_id}).json() == [made]
    assert made in api.get("/client-grants", params={"audience": audience}).json()
    assert api.get("/client-grants", params={"audience": audience, "client_id": client_id}).json() == [made]
    assert api.get("/client-grants", params={"audience": "nothing"}).json() == []
    totals = api.get("/client-grants", params={"client_id": client_id, "include_totals": "true"}).json()
    assert totals == {"start": 0, "limit": 50, "total": 1, "client_grants": [made]}
