"""`/resource-servers` over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from authkit import SteerableClock, Tenant

Training = Tenant[SteerableClock]
numbers = count()
SECRET = "hush-" * 8


@pytest.fixture
def made(api: httpx.Client) -> dict[str, Any]:
    body = {"identifier": f"https://orders-{next(numbers)}.example/v1/", "name": "Orders"}
    answer: dict[str, Any] = api.post("/resource-servers", json=body).json()
    return answer


def test_as_many_scopes_as_there_may_be(api: httpx.Client, made: dict[str, Any]) -> None:
    """Each as long as it may be, in one change: there is no second way to bring the rest."""
    scopes = [{"value": f"read:{number:0>275}", "description": "Read it. " * 20} for number in range(1000)]
    answer = api.patch(f"/resource-servers/{made['id']}", json={"scopes": scopes})
    assert answer.status_code == 200 and answer.json()["scopes"] == scopes


def test_the_least_one_can_send(api: httpx.Client) -> None:
    """Answered as a real tenant does: 201, the defaults in it, what is not set left out."""
    answer = api.post("/resource-servers", json={"identifier": "https://least.example/"})
    document = answer.json()
    assert answer.status_code == 201 and len(document.pop("id")) == 24
    assert document == {
        "identifier": "https://least.example/",
        "allow_offline_access": False,
        "skip_consent_for_verifiable_first_party_clients": False,
        "token_lifetime": 86400,
        "token_lifetime_for_web": 7200,
        "signing_alg": "RS256",
        "subject_type_authorization": {
            "client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}
        },
    }  # fmt: skip


@pytest.mark.parametrize("name", ["id", "identifier"])
def test_it_is_found_by_id_and_by_encoded_identifier(api: httpx.Client, made: dict[str, Any], name: str) -> None:
    """The slashes of an identifier are encoded, and stay within their part of the path."""
    path = f"/resource-servers/{quote(made[name], safe='')}"
    assert api.get(path).json() == made
    assert api.patch(path, json={"token_lifetime": 60}).json() == {**made, "token_lifetime": 60}
    assert api.delete(path).status_code == 204 and api.get(path).status_code == 404


def test_an_identifier_with_bare_slashes_is_another_path(api: httpx.Client, made: dict[str, Any]) -> None:
    """404 of the path, not of the API."""
    answer = api.get(f"/resource-servers/{made['identifier']}")
    assert answer.status_code == 404 and "errorCode" not in answer.json()


@pytest.mark.parametrize("identifier", ["a/b", "a%2Fb", "a b", "ä", "a+b", "a?b=c&d", "a#b", "..", "rotate", "日本"])
def test_any_identifier_can_be_asked_for(api: httpx.Client, identifier: str) -> None:
    """Decoded once and no further."""
    assert api.post("/resource-servers", json={"identifier": identifier}).status_code == 201
    if identifier != "..":  # which clients resolve before they send it
        answer = api.get(f"/resource-servers/{quote(identifier, safe='')}")
        assert answer.json()["identifier"] == identifier


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_one_that_is_not_there(api: httpx.Client, method: str) -> None:
    """The recorded answer, letter by letter."""
    answer = api.request(method, "/resource-servers/nothing", json={} if method == "PATCH" else None)
    assert answer.status_code == 404 and answer.json() == {
        "statusCode": 404,
        "error": "Not Found",
        "message": "The resource server does not exist",
        "errorCode": "inexistent_resource_server",
    }


def test_deleting_twice_is_no_fault(api: httpx.Client, made: dict[str, Any]) -> None:
    """The vendor's documentation knows no 404 there."""
    for _ in range(2):
        answer = api.delete(f"/resource-servers/{made['id']}")
        assert answer.status_code == 204 and answer.content == b""


def test_a_duplicate_is_409(api: httpx.Client, made: dict[str, Any]) -> None:
    """It names the field; nothing is stored."""
    before = api.get("/resource-servers?include_totals=true").json()["total"]
    answer = api.post("/resource-servers", json={"identifier": made["identifier"]})
    assert answer.status_code == 409 and answer.json()["errorCode"] == "identifier.duplicate"
    assert api.get("/resource-servers?include_totals=true").json()["total"] == before


def test_of_simultaneous_creations_one_is_made(api: httpx.Client) -> None:
    """One 201, the others 409, each time."""
    for number in range(5):
        body = {"identifier": f"https://race-{number}.example/"}
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _, body=body: api.post("/resource-servers", json=body), range(8)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({}, "'Missing required property: identifier'"),
        ({"identifier": "x", "colour": "red"}, "'Additional properties not allowed: colour'"),
        ({"identifier": "x", "id": "y"}, "'Additional properties not allowed: id'"),
        ({"identifier": "x", "is_system": True}, "'Additional properties not allowed: is_system'"),
        ({"identifier": 7}, "'Expected type string but found type integer' on property identifier"),
        ({"identifier": None}, "but found type null' on property identifier"),
        ({"identifier": "x", "name": None}, "but found type null' on property name"),
        ({"identifier": "x", "token_lifetime": True}, "'Expected type integer but found type boolean'"),
        ({"identifier": "x", "token_lifetime": 1.5}, "'Expected type integer but found type number'"),
        ({"identifier": "x", "scopes": {"read:x": "d"}}, "'Expected type array but found type object'"),
        ({"identifier": "x", "scopes": ["read:x"]}, "on property scopes[0]"),
        ({"identifier": "x", "scopes": [{"value": "a"}, {"value": 1}]}, "on property scopes[1].value"),
        ({"identifier": "x", "scopes": [{"value": "a", "colour": 1}]}, "not allowed: colour' on property scopes[0]"),
        ({"identifier": ""}, "[identifier.empty]"),
        ({"identifier": "x" * 601}, "[identifier.too_long]"),
        ({"identifier": "x", "name": "<b>"}, "[name.forbidden_character]"),
        ({"identifier": "x", "signing_alg": "none"}, "[signing_alg.unknown]"),
        ({"identifier": "x", "token_lifetime": 2592001}, "[token_lifetime.too_large]"),
        ({"identifier": "x", "scopes": [{"value": "openid"}]}, "[scopes.reserved]"),
        ({"identifier": "x", "scopes": [{"value": "a"}, {"value": "a"}]}, "[scopes.duplicate]"),
        ({"identifier": "x", "signing_secret": "y" * 32}, "[signing_secret.not_for_this_algorithm]"),
    ],
)
def test_what_is_wrong_is_named(api: httpx.Client, body: dict[str, Any], part: str) -> None:
    """400 invalid_body with the field and the rule, in the vendor's words where it has some; nothing is stored."""
    answer = api.post("/resource-servers", json=body)
    document = answer.json()
    assert answer.status_code == 400 and document["errorCode"] == "invalid_body", document
    assert document["message"].startswith("Payload validation error: ") and part in document["message"]
    assert api.get("/resource-servers/x").status_code == 404


@pytest.mark.parametrize("field", ["identifier", "signing_alg", "id", "is_system"])
def test_what_cannot_change_is_refused(api: httpx.Client, made: dict[str, Any], field: str) -> None:
    """Even with the value that it has."""
    answer = api.patch(f"/resource-servers/{made['id']}", json={field: made.get(field, False)})
    assert answer.status_code == 400 and f"not allowed: {field}" in answer.json()["message"]


def test_scopes_are_replaced_as_a_whole(api: httpx.Client) -> None:
    """PATCH sends the list as it is to be; other fields stay."""
    scopes = [{"value": "read:a", "description": "A"}, {"value": "read:b", "description": "B"}]
    body = {"identifier": "https://scopes.example/", "name": "S", "scopes": scopes}
    path = f"/resource-servers/{api.post('/resource-servers', json=body).json()['id']}"
    changed = api.patch(path, json={"scopes": [{"value": "read:c", "description": "C"}]}).json()
    assert changed["scopes"] == [{"value": "read:c", "description": "C"}] and changed["name"] == "S"
    assert "scopes" not in api.patch(path, json={"scopes": []}).json()


def test_an_empty_change_changes_nothing(api: httpx.Client, made: dict[str, Any]) -> None:
    """And is no fault."""
    assert api.patch(f"/resource-servers/{made['id']}", json={}).json() == made


def test_the_systems_own_api_is_protected(api: httpx.Client, tenant: Training) -> None:
    """It is not deleted, and its scopes stay: a real tenant answers so too."""
    path = f"/resource-servers/{quote(f'{tenant.issuer}api/v2/', safe='')}"
    assert api.get(path).json()["is_system"] is True
    assert api.delete(path).status_code == 400
    refused: list[dict[str, Any]] = [{"scopes": []}, {"name": "Mine"}, {"token_dialect": "rfc9068_profile"}]
    for body in refused:
        answer = api.patch(path, json=body)
        assert answer.status_code == 400 and "Additional properties not allowed" in answer.json()["message"]
    assert api.patch(path, json={"token_lifetime": 3600}).json()["token_lifetime"] == 3600


def test_a_signing_secret_is_shown_to_who_may_set_it(api: httpx.Client, manager: Any) -> None:
    """And to nobody else."""
    body = {"identifier": "https://hs.example/", "signing_alg": "HS256", "signing_secret": SECRET}
    path = f"/resource-servers/{api.post('/resource-servers', json=body).json()['id']}"
    assert api.get(path).json()["signing_secret"] == SECRET
    reader = manager("read:resource_servers")
    for address in (path, "/resource-servers", "/resource-servers?include_totals=true"):
        assert SECRET not in reader.get(address).text and "masked" not in reader.get(address).text


def test_an_hs256_api_gets_a_secret_of_its_own(api: httpx.Client) -> None:
    """Where none is given."""
    made = api.post("/resource-servers", json={"identifier": "https://hs2.example/", "signing_alg": "HS256"}).json()
    assert len(made["signing_secret"]) >= 32


def test_a_secret_is_not_echoed(api: httpx.Client) -> None:
    """Not where it is too short, and not where its field is misspelt or has another type."""
    for body in (
        {"identifier": "x", "signing_alg": "HS256", "signing_secret": "short-one"},
        {"identifier": "x", "signing_secrt": "short-one"},
        {"identifier": "x", "signing_secret": ["short-one"]},
    ):
        answer = api.post("/resource-servers", json=body)
        assert answer.status_code == 400 and "short-one" not in answer.text
