"""`/clients` over real HTTP."""

from typing import Any

import httpx
import pytest

from authkit import SteerableClock, Tenant

Training = Tenant[SteerableClock]


@pytest.fixture
def made(api: httpx.Client) -> dict[str, Any]:
    answer: dict[str, Any] = api.post("/clients", json={"name": "Nightly report", "app_type": "regular_web"}).json()
    return answer


def test_the_least_one_can_send(api: httpx.Client, tenant: Training) -> None:
    """A machine-to-machine application, as in Python."""
    answer = api.post("/clients", json={"name": "Report"})
    document = answer.json()
    stored = tenant.applications.get(document["client_id"])
    assert answer.status_code == 201 and stored.client_secret is not None
    assert document["client_secret"] == stored.client_secret.reveal()
    assert document["app_type"] == "non_interactive" and document["grant_types"] == ["client_credentials"]
    assert document["refresh_token"]["rotation_type"] == "non-rotating"


def test_get_change_delete(api: httpx.Client, made: dict[str, Any]) -> None:
    """What is not named in a change stays."""
    path = f"/clients/{made['client_id']}"
    assert api.get(path).json() == made
    changes = {"callbacks": ["http://127.0.0.1:9000/callback"], "refresh_token": {"rotation_type": "rotating"}}
    changed = api.patch(path, json=changes).json()
    assert changed["callbacks"] == changes["callbacks"] and changed["refresh_token"]["rotation_type"] == "rotating"
    again = api.patch(path, json={"refresh_token": {"leeway": 5}}).json()
    assert again["refresh_token"] == {**changed["refresh_token"], "leeway": 5}
    assert changed["name"] == made["name"] and changed["client_secret"] == made["client_secret"]
    assert [api.delete(path).status_code for _ in range(2)] == [204, 204]
    assert api.get(path).json()["errorCode"] == "inexistent_client"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/clients/x"), ("PATCH", "/clients/x"), ("POST", "/clients/x/rotate-secret")]
)
def test_one_that_is_not_there(api: httpx.Client, method: str, path: str) -> None:
    """404 in the vendor's form."""
    answer = api.request(method, path, json={} if method == "PATCH" else None)
    assert answer.status_code == 404 and answer.json()["errorCode"] == "inexistent_client"


def test_rotating_a_secret_ends_the_old_one(api: httpx.Client, made: dict[str, Any]) -> None:
    """200 with the new one."""
    answer = api.post(f"/clients/{made['client_id']}/rotate-secret")
    assert answer.status_code == 200 and answer.json()["client_secret"] != made["client_secret"]
    assert api.get(f"/clients/{made['client_id']}").json() == answer.json()


def test_what_keeps_no_secret_has_none_to_rotate(api: httpx.Client) -> None:
    """400, and its document has no such member."""
    spa = api.post("/clients", json={"name": "Page", "app_type": "spa"}).json()
    assert "client_secret" not in spa and spa["token_endpoint_auth_method"] == "none"
    answer = api.post(f"/clients/{spa['client_id']}/rotate-secret")
    assert answer.status_code == 400 and "[app_type.keeps_no_secret]" in answer.json()["message"]


def test_a_secret_is_shown_with_read_client_keys_alone(manager: Any, made: dict[str, Any]) -> None:
    """Wherever an application is shown: created, read, listed, changed, rotated."""
    verbs = ["read:clients", "create:clients", "update:clients", "update:client_keys"]
    without = manager(*verbs)
    path = f"/clients/{made['client_id']}"
    for answer in (
        without.get(path), without.get("/clients"), without.get("/clients?include_totals=true"),
        without.patch(path, json={"name": "Other"}), without.post("/clients", json={"name": "New"}),
        without.post(f"{path}/rotate-secret"),
    ):  # fmt: skip
        assert answer.status_code in (200, 201) and "client_secret" not in answer.text.replace("client_secret_post", "")
    assert "client_secret" in manager(*verbs, "read:client_keys").get(path).json()


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({}, "'Missing required property: name'"),
        ({"name": "x", "client_id": "y"}, "not allowed: client_id"),
        ({"name": "x", "client_secret": "sesame-sesame"}, "not allowed: client_secret"),
        ({"name": "x", "app_type": "web"}, "[app_type.unknown]"),
        ({"name": "x", "app_type": "spa", "grant_types": ["client_credentials"]}, "[grant_types.needs_secret]"),
        ({"name": "x", "callbacks": ["http://*.example/"]}, "[callbacks.not_a_url]"),
        ({"name": "x", "callbacks": "http://x.example/"}, "'Expected type array but found type string'"),
        ({"name": "x", "refresh_token": {"leeway": -1}}, "[refresh_token.too_small]"),
        ({"name": "x", "refresh_token": {"colour": 1}}, "not allowed: colour' on property refresh_token"),
    ],
)
def test_what_is_wrong_is_named(api: httpx.Client, body: dict[str, Any], part: str) -> None:
    """400 invalid_body with field and rule, and no secret in it."""
    answer = api.post("/clients", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")
    assert part in answer.json()["message"] and "sesame" not in answer.text


@pytest.mark.parametrize("field", ["client_id", "client_secret", "app_type"])
def test_what_cannot_change_is_refused(api: httpx.Client, made: dict[str, Any], field: str) -> None:
    """400, and the secret that was sent is not repeated."""
    answer = api.patch(f"/clients/{made['client_id']}", json={field: made[field]})
    assert answer.status_code == 400 and f"not allowed: {field}" in answer.json()["message"]
    assert made["client_secret"] not in answer.text
