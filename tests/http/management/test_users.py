"""`/users` and `/users-by-email` over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from authkit import Api, SteerableClock, Tenant

Training = Tenant[SteerableClock]
PASSWORD = "correct horse battery"
numbers = count()


@pytest.fixture(scope="module")
def orders(tenant: Training) -> Api:
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    return tenant.apis.create(identifier="https://orders.example/", name="Orders", scopes=scopes)


@pytest.fixture
def made(api: httpx.Client) -> dict[str, Any]:
    answer = api.post("/users", json={"email": f"ada{next(numbers)}@example.com", "password": PASSWORD, "name": "Ada"})
    assert answer.status_code == 201
    document: dict[str, Any] = answer.json()
    return document


def at(user: dict[str, Any], rest: str = "") -> str:
    return f"/users/{quote(user['user_id'], safe='')}{rest}"


def test_a_user_can_log_in_and_the_password_is_nowhere(api: httpx.Client, tenant: Training, made: Any) -> None:
    """Neither it nor its hash is in any answer, nor in the log."""
    assert tenant.users.authenticate(made["email"], PASSWORD) is not None
    shown = "".join(api.get(path).text for path in (at(made), "/users", "/logs?per_page=100"))
    assert PASSWORD not in shown and "scrypt" not in shown and "password_hash" not in shown
    assert made["identities"][0]["connection"] == "Username-Password-Authentication"


def test_a_vendors_client_names_the_connection(api: httpx.Client) -> None:
    """There is one; another is refused."""
    body = {"email": "con@example.com", "password": PASSWORD, "connection": "Username-Password-Authentication"}
    assert api.post("/users", json=body).status_code == 201
    assert api.post("/users", json={**body, "email": "x@example.com", "connection": "google"}).status_code == 400


def test_get_change_delete(api: httpx.Client, tenant: Training, made: Any) -> None:
    """By id, whose bar is encoded; a password may be changed among other things."""
    assert api.get(at(made)).json() == made
    changed = api.patch(at(made), json={"name": "Ada L.", "password": "another password", "blocked": False})
    assert changed.json() == {**made, "name": "Ada L."}
    assert tenant.users.authenticate(made["email"], PASSWORD) is None
    assert tenant.users.authenticate(made["email"], "another password") is not None
    assert [api.delete(at(made)).status_code for _ in range(2)] == [204, 204]
    assert api.get(at(made)).json() == {
        "statusCode": 404, "error": "Not Found", "message": "The user does not exist", "errorCode": "inexistent_user"
    }  # fmt: skip


def test_a_change_is_made_whole_or_not_at_all(api: httpx.Client, tenant: Training, made: Any) -> None:
    """A password that will not do leaves the name as it was."""
    assert api.patch(at(made), json={"name": "Other", "password": "short"}).status_code == 400
    assert api.get(at(made)).json() == made and tenant.users.authenticate(made["email"], PASSWORD) is not None


def test_the_path_names_an_id_and_no_address(api: httpx.Client, made: Any) -> None:
    """Though the registry finds by both."""
    path = f"/users/{quote(made['email'], safe='')}"
    assert api.get(path).status_code == 404 and api.patch(path, json={}).status_code == 404
    assert api.delete(path).status_code == 204 and api.get(at(made)).status_code == 200


def test_by_email(api: httpx.Client, made: Any) -> None:
    """A list, however the address is written; of one that nobody has, an empty one."""
    assert api.get("/users-by-email", params={"email": made["email"].upper()}).json() == [made]
    for other in ("nobody@example.com", made["user_id"], "x"):
        assert api.get("/users-by-email", params={"email": other}).json() == []
    answer = api.get("/users-by-email")
    assert answer.status_code == 400 and answer.json()["errorCode"] == "invalid_query_string"


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"password": PASSWORD}, "'Missing required property: email'"),
        ({"email": "a@b.example"}, "'Missing required property: password'"),
        ({"email": "a@b.example", "password": 12345678}, "'Expected type string but found type integer'"),
        ({"email": "a@b.example", "password": "psst!"}, "[password.length]"),
        ({"email": "a@b.example", "password": "p" * 257}, "[password.length]"),
        ({"email": "nobody", "password": PASSWORD}, "[email.not_an_address]"),
        ({"email": "a@b.example", "password": PASSWORD, "user_id": "x"}, "not allowed: user_id"),
        ({"email": "a@b.example", "passwort": PASSWORD}, "not allowed: passwort"),
        ({"email": "a@b.example", "password": PASSWORD, "blocked": "no"}, "'Expected type boolean but found"),
    ],
)
def test_what_is_wrong_is_named(api: httpx.Client, body: dict[str, Any], part: str) -> None:
    """400 invalid_body; what may be a password is not repeated."""
    answer = api.post("/users", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")
    assert part in answer.json()["message"]
    assert PASSWORD not in answer.text and "psst!" not in answer.text and "pppp" not in answer.text


def test_an_address_is_one_users(api: httpx.Client, made: Any) -> None:
    """409 for another one, at creation and in a change."""
    for answer in (
        api.post("/users", json={"email": made["email"].upper(), "password": PASSWORD}),
        api.patch(at(api.post("/users", json={"email": f"x{next(numbers)}@example.com", "password": PASSWORD}).json()),
                  json={"email": made["email"]}),
    ):  # fmt: skip
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "email.duplicate")


def test_of_simultaneous_creations_one_is_made(api: httpx.Client) -> None:
    """One 201, the others 409."""
    body = {"email": "race@example.com", "password": PASSWORD}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: api.post("/users", json=body), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_roles_of_a_user(api: httpx.Client, made: Any) -> None:
    """Given with 204, listed, taken with 204; an unknown one is 404 and nothing is given."""
    roles = [api.post("/roles", json={"name": f"role {next(numbers)}"}).json() for _ in range(2)]
    names = [role["id"] for role in roles]
    assert api.post(at(made, "/roles"), json={"roles": names}).status_code == 204
    assert api.get(at(made, "/roles")).json() == roles
    totals = api.get(at(made, "/roles?include_totals=true&per_page=1")).json()
    assert totals == {"start": 0, "limit": 1, "total": 2, "roles": roles[:1]}
    assert api.request("DELETE", at(made, "/roles"), json={"roles": names[:1]}).status_code == 204
    assert api.get(at(made, "/roles")).json() == roles[1:]
    answer = api.post(at(made, "/roles"), json={"roles": [names[0], "rol_nothing"]})
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "inexistent_role")
    assert api.get(at(made, "/roles")).json() == roles[1:]


@pytest.mark.parametrize("body", [{}, {"roles": []}, {"roles": "x"}, {"roles": [1]}, {"roles": ["x"], "more": 1}])
def test_roles_come_as_a_list(api: httpx.Client, made: Any, body: dict[str, Any]) -> None:
    """Of at least one."""
    assert api.post(at(made, "/roles"), json=body).status_code == 400


def test_permissions_of_a_user_and_where_they_come_from(api: httpx.Client, made: Any, orders: Api) -> None:
    """Given directly or held through a role; what is taken is what was given directly."""
    read, write = (
        {"resource_server_identifier": orders.identifier, "permission_name": name} for name in orders.scope_values
    )
    role = api.post("/roles", json={"name": f"role {next(numbers)}"}).json()
    api.post(f"/roles/{role['id']}/permissions", json={"permissions": [read]})
    api.post(at(made, "/roles"), json={"roles": [role["id"]]})
    given = api.post(at(made, "/permissions"), json={"permissions": [read, write]})
    assert (given.status_code, given.json()) == (201, {})
    direct = {"source_type": "DIRECT", "source_id": "", "source_name": ""}
    by_role = {"source_type": "ROLE", "source_id": role["id"], "source_name": role["name"]}
    described = {"description": "Read orders", "resource_server_name": "Orders"}
    held = api.get(at(made, "/permissions")).json()
    assert held[0] == {**read, **described, "sources": [direct, by_role]}
    assert held[1]["sources"] == [direct]
    assert api.request("DELETE", at(made, "/permissions"), json={"permissions": [read, write]}).status_code == 204
    assert api.get(at(made, "/permissions")).json() == [{**read, **described, "sources": [by_role]}]


@pytest.mark.parametrize("rest", ["/roles", "/permissions"])
def test_of_nobody_there_is_nothing(api: httpx.Client, rest: str) -> None:
    """404, whatever is asked."""
    user = {"user_id": "auth0|nobody"}
    body = {"roles": ["x"]} if rest == "/roles" else {"permissions": [
        {"resource_server_identifier": "x", "permission_name": "y"}]}  # fmt: skip
    for method in ("GET", "POST", "DELETE"):
        answer = api.request(method, at(user, rest), json=None if method == "GET" else body)
        assert (answer.status_code, answer.json()["errorCode"]) == (404, "inexistent_user")
