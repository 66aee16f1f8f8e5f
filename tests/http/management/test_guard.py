"""Who may ask the Management API (RFC 6750)."""

import hmac
import re
from typing import Any

import httpx
import pytest

from authkit import Application, ClientCredentials, Server, SteerableClock, Tenant, serve, training_tenant
from authkit.attacks import edit_payload
from authkit.http.management.app import OPERATIONS
from authkit.http.management.operation import Operation
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.sign import sign
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

Training = Tenant[SteerableClock]
each_operation = pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")


def request(client: httpx.Client, one: Operation) -> httpx.Response:
    path = re.sub(r"{\w+}", "nothing", one.path)
    return client.request(one.method, path, headers={"Content-Type": "application/json"})


def ask(server: Server, *authorization: str) -> httpx.Response:
    headers = [("Authorization", one) for one in authorization]
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{server.url}/api/v2/clients", headers=headers)


CALLER = {"clients": [{"client_id": "x", "name": "Caller", "app_type": "spa"}]}


@pytest.fixture(scope="module", autouse=True)
def caller(tenant: Training) -> None:
    """The application that the tokens here are for."""
    tenant.import_(CALLER)


def claims(tenant: Training, **changes: Any) -> dict[str, Any]:
    now = int(tenant.clock.now())
    made = {
        "iss": tenant.issuer, "sub": "x@clients", "azp": "x", "aud": f"{tenant.issuer}api/v2/", "iat": now,
        "exp": now + 60, "scope": "read:clients",
    }  # fmt: skip
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def signed(tenant: Training, **changes: Any) -> str:
    return sign(claims(tenant, **changes), tenant.keys.current, alg="RS256")


@each_operation
def test_nothing_is_done_without_a_token(server: Server, one: Operation) -> None:
    """401 without an error code (RFC 6750 §3.1), and with the vendor's body."""
    with httpx.Client(base_url=f"{server.url}/api/v2", trust_env=False) as client:
        answer = request(client, one)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.json() == {"statusCode": 401, "error": "Unauthorized", "message": "Missing authentication"}
    assert answer.headers["Cache-Control"] == "no-store"


@each_operation
def test_nothing_is_done_without_each_of_its_scopes(manager: Any, one: Operation) -> None:
    """403 that names what is needed and what is lacking; every other scope is of no help."""
    for lacking in one.needs:
        others = [scope for scope in MANAGEMENT_SCOPES if scope != lacking]
        answer = request(manager(*others), one)
        assert answer.status_code == 403, answer.text
        needed = " ".join(one.needs)
        assert answer.headers["WWW-Authenticate"] == (
            f'Bearer realm="api", error="insufficient_scope", scope="{needed}"'
        )
        assert answer.json()["errorCode"] == "insufficient_scope"
        assert answer.json()["message"].endswith(f"lacking: {lacking}")


@each_operation
def test_each_is_let_in_with_its_scopes_alone(manager: Any, one: Operation) -> None:
    """What it then says of nothing is another matter."""
    if one.path != "/keys/signing/rotate":  # which takes nothing and would be done
        assert request(manager(*one.needs), one).status_code not in (401, 403)


def test_every_scope_that_is_asked_for_is_one_the_tenant_defines() -> None:
    """Else nobody could be granted it."""
    assert {scope for one in OPERATIONS for scope in one.needs} <= set(MANAGEMENT_SCOPES)


def test_every_scope_that_is_defined_is_asked_for() -> None:
    """But for the one that shows client secrets, which a caller may have besides."""
    asked = {scope for one in OPERATIONS for scope in one.needs}
    assert set(MANAGEMENT_SCOPES) - asked == {"read:client_keys"}


def test_the_management_api_defines_them(tenant: Training) -> None:
    """In the order of the list, with a description each."""
    api = tenant.apis.get(f"{tenant.issuer}api/v2/")
    assert {scope.value: scope.description for scope in api.scopes} == MANAGEMENT_SCOPES


@pytest.mark.parametrize("header", ["", "Bearer", "Basic eDp4", "Token x"])
def test_what_is_no_bearer_token_is_none(server: Server, header: str) -> None:
    """401 without an error code."""
    answer = ask(server, header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://orders.example/"}, "aud.mismatch"),
        ({"iss": "https://other.example/"}, "iss.mismatch"),
        ({"exp": 1}, "exp.expired"),
        ({"sub": None}, "required.missing"),
    ],
)
def test_a_bad_token_is_401_with_the_check_that_refused(
    server: Server, tenant: Training, changes: dict[str, Any], code: str
) -> None:
    """The code stands in the header and in the message; the vendor's body around it."""
    answer = ask(server, f"Bearer {signed(tenant, **changes)}")
    assert answer.status_code == 401 and answer.json()["errorCode"] == "invalid_token"
    challenge = answer.headers["WWW-Authenticate"]
    check = code.partition(".")[0]
    assert re.fullmatch(rf'Bearer realm="api", error="invalid_token", error_description="{check}\.\w+"', challenge)


def test_a_good_token_of_ours_is_let_in(server: Server, tenant: Training) -> None:
    """The same claims as above, unchanged."""
    assert ask(server, f"bearer {signed(tenant)}").status_code == 200


@pytest.mark.parametrize("header", [{"alg": "none", "typ": "JWT"}, {"alg": "HS256", "typ": "JWT"}])
def test_a_forged_token_is_refused(server: Server, tenant: Training, header: dict[str, str]) -> None:
    """Without a signature, or signed by HMAC with what everyone has: the public key (RFC 8725 §2.1)."""
    kid = {"kid": tenant.keys.current.kid}
    signing_input = ".".join(encode_segment(encode_json(part)) for part in ({**header, **kid}, claims(tenant)))
    signature = hmac.digest(tenant.keys.current.public_pem.encode(), signing_input.encode(), "sha256")
    answer = ask(server, f"Bearer {signing_input}.{'' if header['alg'] == 'none' else encode_segment(signature)}")
    assert answer.status_code == 401 and "alg." in answer.headers["WWW-Authenticate"]


def test_a_changed_token_is_refused(server: Server, tenant: Training) -> None:
    """Its signature no longer fits."""
    answer = ask(server, f"Bearer {edit_payload(signed(tenant), scope='read:clients read:users')}")
    assert answer.status_code == 401 and "signature." in answer.headers["WWW-Authenticate"]


def test_two_authorizations_are_one_too_many(server: Server, tenant: Training) -> None:
    """400 invalid_request (RFC 6750 §3.1)."""
    answer = ask(server, f"Bearer {signed(tenant)}", f"Bearer {signed(tenant)}")
    assert answer.status_code == 400 and 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("sub", ["auth0|0123456789abcdef01234567", "y@clients", "@clients", "x"])
def test_a_users_token_manages_nothing(server: Server, tenant: Training, sub: str) -> None:
    """Whatever its scope: an API gives a user any scope it defines, unless it enforces policies."""
    answer = ask(server, f"Bearer {signed(tenant, sub=sub)}")
    assert answer.status_code == 403 and answer.json()["errorCode"] == "insufficient_scope"


@pytest.mark.parametrize("scope", [None, "", ["read:clients"], 7, "read:clients2", "READ:CLIENTS"])
def test_a_scope_is_one_word_of_a_text(server: Server, tenant: Training, scope: Any) -> None:
    """Anything else allows nothing."""
    assert ask(server, f"Bearer {signed(tenant, scope=scope)}").status_code == 403


def test_a_token_ends_with_its_key() -> None:
    """It verifies under the previous key, and no longer once that is revoked; the guard sees each rotation."""
    with training_tenant() as tenant, serve(tenant) as server:
        tenant.import_(CALLER)
        token = f"Bearer {signed(tenant)}"
        old = tenant.keys.current.kid
        assert ask(server, token).status_code == 200
        tenant.keys.rotate()
        assert ask(server, token).status_code == 200
        tenant.keys.revoke(old)
        assert ask(server, token).status_code == 401
        assert ask(server, f"Bearer {signed(tenant)}").status_code == 200


def test_a_token_ends_with_the_tenants_clock() -> None:
    """Its own clock counts, not that of the machine."""
    with training_tenant() as tenant, serve(tenant) as server:
        tenant.import_(CALLER)
        token = f"Bearer {signed(tenant)}"
        assert ask(server, token).status_code == 200
        tenant.clock.advance(seconds=61)
        assert ask(server, token).status_code == 401


def test_a_key_is_not_parsed_at_each_request(server: Server, tenant: Training, monkeypatch: Any) -> None:
    """The verifier stays as long as the ring does."""
    token = f"Bearer {signed(tenant)}"
    assert ask(server, token).status_code == 200
    monkeypatch.setattr(type(tenant), "verifier", lambda *_: pytest.fail("made once more"))
    assert ask(server, token).status_code == 200


def test_a_secret_is_not_in_the_query(server: Server, tenant: Training) -> None:
    """RFC 6750 §2.3 is not served: addresses end up in logs."""
    with httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}/api/v2/clients", params={"access_token": signed(tenant)})
    assert answer.status_code == 401


def test_a_closed_tenant_is_503(operator: Application) -> None:
    """In the vendor's form, and the server lives on."""
    tenant = training_tenant()
    with serve(tenant) as server:
        token = f"Bearer {signed(tenant)}"
        tenant.close()
        for _ in range(2):
            answer = ask(server, token)
            assert answer.status_code == 503 and answer.json()["statusCode"] == 503
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_granted_application_gets_in_by_the_token_endpoint(
    server: Server, tenant: Training, operator: Application
) -> None:
    """As a learner would do it: a token for the Management API, then a call."""
    assert operator.client_secret is not None
    form = {
        "grant_type": "client_credentials", "client_id": operator.client_id,
        "client_secret": operator.client_secret.reveal(), "audience": f"{tenant.issuer}api/v2/",
    }  # fmt: skip
    with httpx.Client(trust_env=False) as client:
        token = client.post(server.token_endpoint, data=form).json()["access_token"]
    assert ask(server, f"Bearer {token}").status_code == 200
    assert tenant.request_token(ClientCredentials(operator, audience=f"{tenant.issuer}api/v2/")).scope


def test_a_deleted_application_manages_nothing_any_more(tenant: Training, server: Server) -> None:
    """Other APIs take its token until it expires; the tenant itself knows better."""
    tenant.import_({"clients": [{"client_id": "leaver", "name": "Leaver", "app_type": "spa"}]})
    token = f"Bearer {signed(tenant, sub='leaver@clients', azp='leaver')}"
    assert ask(server, token).status_code == 200
    tenant.applications.delete("leaver")
    answer = ask(server, token)
    assert answer.status_code == 401 and 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
