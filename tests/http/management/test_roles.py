"""`/roles` over real HTTP."""

from itertools import count
from typing import Any

import httpx
import pytest

from authkit import Api, SteerableClock, Tenant

Training = Tenant[SteerableClock]
numbers = count()


@pytest.fixture(scope="module")
def orders(tenant: Training) -> Api:
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    return tenant.apis.create(identifier="https://orders.example/", name="Orders", scopes=scopes)


@pytest.fixture
def made(api: httpx.Client) -> dict[str, Any]:
    answer = api.post("/roles", json={"name": f"Clerk {next(numbers)}", "description": "Looks after orders"})
    assert answer.status_code == 200  # as the vendor documents it
    document: dict[str, Any] = answer.json()
    return document


def permissions(orders: Api, *names: str) -> dict[str, Any]:
    held = [{"resource_server_identifier": orders.identifier, "permission_name": name} for name in names]
    return {"permissions": held}


def test_get_change_delete(api: httpx.Client, made: dict[str, Any]) -> None:
    """By id; unlike elsewhere, the vendor documents a 404 for deleting one that is not there."""
    path = f"/roles/{made['id']}"
    assert made["id"].startswith("rol_") and api.get(path).json() == made
    assert api.patch(path, json={"description": "x"}).json() == {**made, "description": "x"}
    assert [api.delete(path).status_code for _ in range(2)] == [204, 404]
    assert api.get(path).json()["errorCode"] == "inexistent_role"


def test_the_path_names_an_id_and_no_name(api: httpx.Client, made: dict[str, Any]) -> None:
    """Though the registry finds by both."""
    for method in ("GET", "DELETE"):
        assert api.request(method, f"/roles/{made['name']}").status_code == 404


def test_a_name_is_one_roles(api: httpx.Client, made: dict[str, Any]) -> None:
    """409 for another one, at creation and in a change."""
    other = api.post("/roles", json={"name": f"Clerk {next(numbers)}"}).json()
    for answer in (
        api.post("/roles", json={"name": made["name"]}), api.patch(f"/roles/{other['id']}", json={"name": made["name"]})
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "name.duplicate")


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "<x>"}, {"name": "x", "id": "rol_x"}, {"name": ["x"]}])
def test_what_is_wrong_is_refused(api: httpx.Client, body: dict[str, Any]) -> None:
    """400 invalid_body."""
    answer = api.post("/roles", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")


def test_permissions_of_a_role(api: httpx.Client, made: dict[str, Any], orders: Api) -> None:
    """Given with 201 {} as recorded, listed with what the API says of them, taken with 204."""
    path = f"/roles/{made['id']}/permissions"
    answer = api.post(path, json=permissions(orders, "read:orders", "write:orders"))
    assert (answer.status_code, answer.json()) == (201, {})
    assert api.get(path).json()[0] == {
        "resource_server_identifier": orders.identifier,
        "permission_name": "read:orders",
        "description": "Read orders",
        "resource_server_name": "Orders",
    }
    assert api.get(f"{path}?include_totals=true").json()["total"] == 2
    assert api.request("DELETE", path, json=permissions(orders, "read:orders")).status_code == 204
    assert [one["permission_name"] for one in api.get(path).json()] == ["write:orders"]


def test_permissions_are_given_all_or_none(api: httpx.Client, made: dict[str, Any], orders: Api) -> None:
    """An API that is not there is 404, a scope that it does not define 400; what came before is not kept."""
    path = f"/roles/{made['id']}/permissions"
    unknown = permissions(orders, "read:orders")["permissions"]
    for extra, status in (
        ({"resource_server_identifier": "nothing", "permission_name": "x"}, 404),
        ({"resource_server_identifier": orders.identifier, "permission_name": "fly"}, 400),
    ):
        assert api.post(path, json={"permissions": [*unknown, extra]}).status_code == status
        assert api.get(path).json() == []


def test_users_of_a_role(api: httpx.Client, made: dict[str, Any]) -> None:
    """Given to several at once, and shown in brief; an unknown one is 404 and nobody gets it."""
    users = [
        api.post("/users", json={"email": f"u{next(numbers)}@example.com", "password": "correct horse"}).json()
        for _ in range(3)
    ]
    path = f"/roles/{made['id']}/users"
    assert api.post(path, json={"users": [users[0]["user_id"], "auth0|nobody"]}).status_code == 404
    assert api.get(path).json() == []
    assert api.post(path, json={"users": [user["user_id"] for user in users]}).status_code == 200
    brief = [{"user_id": user["user_id"], "email": user["email"]} for user in users]
    assert api.get(path).json() == brief
    first = api.get(f"{path}?take=2").json()
    assert first["users"] == brief[:2]
    assert api.get(path, params={"take": 2, "from": first["next"]}).json() == {"users": brief[2:]}


@pytest.mark.parametrize("rest", ["", "/permissions", "/users"])
def test_of_nothing_there_is_nothing(api: httpx.Client, rest: str) -> None:
    """404 in the vendor's form."""
    answer = api.get(f"/roles/rol_nothing{rest}")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "inexistent_role")


def test_roles_are_found_by_a_part_of_their_name(api: httpx.Client, made: dict[str, Any]) -> None:
    """However it is written."""
    assert api.get("/roles", params={"name_filter": made["name"].upper()}).json() == [made]
