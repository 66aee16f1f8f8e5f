"""The OpenAPI document, held against a served tenant: by its own rules and by generated requests."""

import random
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings

import authkit
from authkit import Server, SteerableClock, Tenant, serve, training_tenant
from authkit.http.management.app import OPERATIONS
from authkit.http.management.openapi import document
from authkit.jose.sign import sign
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

Training = Tenant[SteerableClock]
DOCUMENT = document(OPERATIONS, version=authkit.__version__, audience="https://training.authkit.example/api/v2/")
EXAMPLES = 8


def test_it_is_served_to_anyone(server: Server) -> None:
    """Without a token, as the same document."""
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}/api/v2/openapi.json")
    assert answer.json() == DOCUMENT and answer.headers["Cache-Control"] == "no-store"


def test_it_has_every_operation() -> None:
    """With its scopes, a summary, and every status it can answer."""
    described = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
    assert described == list(dict.fromkeys((one.method, one.path) for one in sorted(
        OPERATIONS, key=lambda one: [*DOCUMENT["paths"]].index(one.path))))  # fmt: skip
    for one in OPERATIONS:
        operation = DOCUMENT["paths"][one.path][one.method.lower()]
        assert operation["summary"] and operation["security"] == [{"bearer": list(one.needs)}]
        assert {str(one.status), "400", "401", "403", "503"} <= set(operation["responses"])


def test_operations_have_names_of_their_own() -> None:
    """From which generators of clients make functions."""
    names = [one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names) == len(OPERATIONS)


def test_every_reference_leads_somewhere() -> None:
    """And every schema is referred to."""
    text = repr(DOCUMENT)
    schemas = DOCUMENT["components"]["schemas"]
    assert all(f"#/components/schemas/{name}'" in text for name in schemas)
    assert text.count("$ref") == sum(text.count(f"#/components/schemas/{name}'") for name in schemas)


def test_no_example_or_default_holds_a_secret(tenant: Training) -> None:
    """The document is public."""
    assert "PRIVATE" not in repr(DOCUMENT) and "scrypt" not in repr(DOCUMENT)


# A schema cannot say every rule – that a grant's scopes are the API's, that a name is taken –, so what it calls valid
# may be refused all the same; and a body that is too large is refused before anyone looks whether it is valid.
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 7,
        "generation": {"deterministic": True, "database": "none", "max-examples": EXAMPLES},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "403", "404", "409"]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            "ignored_auth": {"enabled": False},  # test_guard.py asks every operation, without a third of the requests
        },
    }
)
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT, config=CONFIG)


class Target:
    """A served tenant with one thing of each kind in it, and a token that no generated request can spoil."""

    def __init__(self, tenant: Training, server: Server) -> None:
        self._tenant = tenant
        self.url = f"{server.url}/api/v2"
        self._chance = random.Random(7)

    @property
    def token(self) -> str:
        if self._tenant.applications.find("tester") is None:  # a request may have deleted it
            self._tenant.import_({"clients": [{"client_id": "tester", "name": "Tester"}]})
        now = int(self._tenant.clock.now())
        claims = {
            "iss": self._tenant.issuer, "sub": "tester@clients", "azp": "tester", "iat": now, "exp": now + 60,
            "aud": f"{self._tenant.issuer}api/v2/", "scope": " ".join(MANAGEMENT_SCOPES),
        }  # fmt: skip
        return sign(claims, self._tenant.keys.current, alg="RS256")

    def aim(self, case: schemathesis.Case[Any]) -> None:
        """Let every other request be for something that is there: a guessed id never is."""
        tenant = self._tenant
        known: dict[str, Iterable[Any]] = {
            "resource-servers": tenant.apis, "clients": tenant.applications, "client-grants": tenant.client_grants,
            "users": tenant.users, "roles": tenant.roles,
        }  # fmt: skip
        ids = [one.id for one in known.get(case.path.split("/")[1], ())]
        if ids and "id" in case.path_parameters and self._chance.random() < 0.5:
            case.path_parameters["id"] = self._chance.choice(ids)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with training_tenant() as tenant, serve(tenant) as server:
        api = tenant.apis.create(identifier="https://orders.example/", scopes={"read:orders": ""})
        app = tenant.applications.create(name="Report")
        tenant.client_grants.create(app, api, ["read:orders"])
        role = tenant.roles.create(name="Clerk")
        tenant.users.add_roles(tenant.users.create(email="ada@example.com", password="correct horse"), role)
        yield Target(tenant, server)


@pytest.mark.slow
@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck])
def test_no_answer_contradicts_the_document(case: schemathesis.Case[Any], target: Target) -> None:
    """Whatever is sent: no 5xx, and a status, a media type and a body that the document has."""
    target.aim(case)
    answer = case.call_and_validate(base_url=target.url, headers={"Authorization": f"Bearer {target.token}"})
    assert answer.headers["cache-control"] == ["no-store"]
