"""`/logs` over real HTTP, and what the Management API notes there."""

from typing import Any

import httpx
import pytest

from authkit import Application, SteerableClock, Tenant

Training = Tenant[SteerableClock]


def test_an_operation_is_noted(api: httpx.Client, tenant: Training, operator: Application) -> None:
    """sapi, with who did it and what to."""
    made = api.post("/roles", json={"name": "noted"}).json()
    api.delete(f"/roles/{made['id']}")
    newest, before = api.get("/logs?per_page=2").json()
    assert newest["type"] == before["type"] == "sapi"
    assert newest["description"] == f"Delete a role: {made['id']}" and before["description"] == "Create a role"
    assert newest["client_id"] == operator.client_id and newest["audience"] == f"{tenant.issuer}api/v2/"


@pytest.mark.parametrize(
    ("method", "path", "body", "description"),
    [
        ("GET", "/roles/rol_x", None, "Get a role: inexistent_role"),
        ("POST", "/roles", {}, "Create a role: invalid_body"),
        ("GET", "/roles?page=x", None, "List the roles: invalid_query_string"),
    ],
)
def test_a_refusal_is_noted(
    api: httpx.Client, method: str, path: str, body: dict[str, Any] | None, description: str
) -> None:
    """fapi, with the code of the error."""
    api.request(method, path, json=body)
    newest = api.get("/logs?per_page=1").json()[0]
    assert (newest["type"], newest["description"]) == ("fapi", description)


def test_who_is_not_let_in_is_noted(api: httpx.Client, manager: Any) -> None:
    """Without a token nobody is named, without the scope the application."""
    reader = manager("read:logs")
    with httpx.Client(base_url=api.base_url, trust_env=False) as stranger:
        stranger.get("/clients")
    reader.get("/clients")
    lacking, nobody = api.get("/logs?per_page=2").json()
    assert lacking["description"] == "List the applications: insufficient_scope" and lacking["client_id"]
    assert nobody["description"] == "List the applications: Missing authentication" and "client_id" not in nobody


def test_reading_the_log_adds_nothing_to_it(api: httpx.Client) -> None:
    """Else no pager would come to its end."""
    before = api.get("/logs?include_totals=true").json()
    assert api.get("/logs?include_totals=true").json() == before


def test_pages_are_newest_first(api: httpx.Client) -> None:
    """One page after the other gives each entry once, and a page past the end is empty."""
    for number in range(5):
        api.get(f"/roles/rol_{number}")
    total = api.get("/logs?include_totals=true&per_page=0").json()["total"]
    pages = [api.get(f"/logs?per_page=3&page={page}").json() for page in range(total // 3 + 2)]
    ids = [entry["log_id"] for page in pages for entry in page]
    assert len(ids) == len(set(ids)) == total and pages[-1] == []
    dates = [entry["date"] for page in pages for entry in page]
    assert dates == sorted(dates, reverse=True)


def test_one_entry(api: httpx.Client) -> None:
    """By its id; 404 for another."""
    api.get("/roles")
    newest = api.get("/logs?per_page=1").json()[0]
    assert api.get(f"/logs/{newest['log_id']}").json() == newest
    answer = api.get("/logs/nothing")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "inexistent_log")


def test_no_secret_is_in_the_log(api: httpx.Client, tenant: Training, operator: Application) -> None:
    """Not of what was sent, not of what was answered, not the token."""
    secrets = ["sesame-sesame-sesame", "hush-hush-" * 5]
    app = api.post("/clients", json={"name": "x"}).json()
    secrets += [app["client_secret"], api.post(f"/clients/{app['client_id']}/rotate-secret").json()["client_secret"]]
    for status in (201, 400):
        user = {
            "email": "log@example.com",
            "password": secrets[0],
            **({} if status == 201 else {"passwort": secrets[0]}),
        }
        assert api.post("/users", json=user).status_code == status
    body = {"identifier": "https://log.example/", "signing_alg": "HS256", "signing_secret": secrets[1]}
    assert api.post("/resource-servers", json=body).status_code == 201
    secrets.append(api.headers["Authorization"].removeprefix("Bearer "))
    everything = repr(list(tenant.log))
    assert not [secret for secret in secrets if secret in everything]
