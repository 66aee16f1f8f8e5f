"""The rows S1–S21 of the page "Set Up an API", one test each: in Python, and over HTTP on a served tenant.

What a row is about in the browser – the panels – is tested with the panels.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.x509 import load_pem_x509_certificate

from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRefused,
    AuthorizationRequest,
    ClientCredentials,
    GrantRefused,
    IssuedToken,
    KeySet,
    RefreshToken,
    RegistrationError,
    RemoteKeySet,
    Server,
    SteerableClock,
    Tenant,
    TokenRejected,
    User,
    Verifier,
    code_challenge,
    decode,
    serve,
)
from authkit.explore import quick_start
from authkit.jose.keys import SigningSecret
from authkit.jose.sign import sign
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

Training = Tenant[SteerableClock]
CALLBACK = "https://shop.example/callback"
CODE_VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def server(tenant: Training) -> Iterator[Server]:
    with serve(tenant) as server:
        yield server


@pytest.fixture
def management(tenant: Training, server: Server) -> Iterator[httpx.Client]:
    """The Management API, with a token that may do all."""
    operator = tenant.applications.create(name="Operator")
    audience = f"{tenant.issuer}api/v2/"
    tenant.client_grants.create(operator, audience, [*MANAGEMENT_SCOPES])
    token = tenant.request_token(ClientCredentials(operator, audience=audience)).access_token
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{server.url}/api/v2", headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def shop(tenant: Training) -> Application:
    return tenant.applications.create(name="Shop", app_type="spa", callbacks=[CALLBACK, "http://localhost/callback"])


@pytest.fixture
def ada(tenant: Training) -> User:
    return tenant.users.create(email="ada@example.com", password="correct horse battery")


def asked(shop: Application, api: Api | None, scope: str = "", redirect_uri: str = CALLBACK) -> AuthorizationRequest:
    return AuthorizationRequest(
        shop,
        redirect_uri=redirect_uri,
        audience=api.identifier if api else None,
        scope=scope,
        code_challenge=code_challenge(CODE_VERIFIER),
        code_challenge_method="S256",
    )


def logged_in(tenant: Training, request: AuthorizationRequest, user: User) -> IssuedToken:
    """The tokens at the end of the authorization code flow, the user having agreed."""
    code = tenant.authorize(request, user, consented=True).code
    return tenant.request_token(
        AuthorizationCode(request.client_id, code=code, redirect_uri=CALLBACK, code_verifier=CODE_VERIFIER)
    )


def over_http(server: Server, app: Application, api: Api, **more: str) -> httpx.Response:
    """A token request by client credentials."""
    assert app.client_secret is not None
    form = {"grant_type": "client_credentials", "audience": api.identifier, **more}
    return httpx.post(
        server.token_endpoint, data=form, auth=(app.client_id, app.client_secret.reveal()), trust_env=False
    )


def broken_rule(answer: httpx.Response, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    assert all(word in answer.json()["message"] for word in words), answer.text


def test_s01_an_api_is_created_from_name_identifier_and_algorithm(tenant: Training, management: httpx.Client) -> None:
    api = tenant.apis.create(name="Orders", identifier="https://orders.example/", signing_alg="RS256")
    assert tenant.apis.get("https://orders.example/") == api
    body = {"name": "Stock", "identifier": "https://stock.example/", "signing_alg": "HS256"}
    answer = management.post("/resource-servers", json=body)
    assert answer.status_code == 201 and body.items() <= answer.json().items()
    assert tenant.apis.get("https://stock.example/").id == answer.json()["id"]


def test_s02_an_identifier_is_exact_and_cannot_be_changed(tenant: Training, management: httpx.Client) -> None:
    slash = tenant.apis.create(identifier="https://orders.example/")
    bare = tenant.apis.create(identifier="https://orders.example")
    assert slash.id != bare.id
    for again in (slash.identifier, bare.identifier):
        with pytest.raises(RegistrationError) as caught:
            tenant.apis.create(identifier=again)
        assert caught.value.code == "identifier.duplicate"
        assert management.post("/resource-servers", json={"identifier": again}).status_code == 409
    with pytest.raises(RegistrationError) as caught:
        tenant.apis.update(slash, identifier="https://other.example/")
    assert caught.value.code == "identifier.immutable"
    address = f"/resource-servers/{quote(slash.identifier, safe='')}"
    broken_rule(management.patch(address, json={"identifier": "https://other.example/"}), 400, "identifier")
    assert management.get(address).json()["id"] == slash.id
    assert tenant.apis.create(identifier="not a URL, and never called").identifier


def test_s03_a_name_is_friendly_and_holds_no_markup(tenant: Training, management: httpx.Client) -> None:
    api = tenant.apis.create(name="Orders & more", identifier="https://orders.example/")
    assert tenant.apis.update(api, name="Renamed").identifier == api.identifier
    for name in ("a<b", "a>b"):
        with pytest.raises(RegistrationError) as caught:
            tenant.apis.create(name=name, identifier="https://other.example/")
        assert caught.value.field == "name"
        broken_rule(management.post("/resource-servers", json={"identifier": "urn:x", "name": name}), 400, "name")


@pytest.mark.parametrize("alg", ["HS256", "RS256"])
def test_s04_the_algorithm_is_chosen_at_creation_for_good(
    tenant: Training, app: Application, management: httpx.Client, alg: Any
) -> None:
    api = tenant.apis.create(identifier="https://orders.example/", signing_alg=alg)
    tenant.client_grants.create(app, api)
    token = tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token
    assert decode(token).header["alg"] == alg
    if alg == "RS256":
        KeySet.from_pem(tenant.keys.current.certificate)
        assert decode(token).header["kid"] == tenant.keys.current.kid
    other = {"HS256": "RS256", "RS256": "HS256"}[alg]
    with pytest.raises(RegistrationError) as caught:
        tenant.apis.update(api, signing_alg=other)
    assert caught.value.code == "signing_alg.immutable"
    broken_rule(management.patch(f"/resource-servers/{api.id}", json={"signing_alg": other}), 400, "signing_alg")
    broken_rule(management.post("/resource-servers", json={"identifier": "urn:x", "signing_alg": "none"}), 400, "alg")


def test_s05_the_management_api_is_there_from_the_start(tenant: Training, management: httpx.Client) -> None:
    [system] = tenant.apis
    assert (system.identifier, system.is_system) == (f"{tenant.issuer}api/v2/", True)
    assert [one["is_system"] for one in management.get("/resource-servers").json()] == [True]
    with pytest.raises(RegistrationError):
        tenant.apis.delete(system)
    assert management.delete(f"/resource-servers/{system.id}").status_code == 400


def test_s06_a_quick_start_is_code_for_this_api(tenant: Training, api: Api, server: Server) -> None:
    """tests/explore/test_quick_start.py runs them; here, that what they hold is this tenant's."""
    for library in ("fastapi", "authkit"):
        code = quick_start(tenant, api, library, url=server.url).code
        compile(code, "orders.py", "exec")
        assert f'"{tenant.issuer}"' in code and f'"{api.identifier}"' in code and f'"{server.jwks_uri}"' in code


def test_s07_settings_have_defaults_and_limits(tenant: Training, app: Application, management: httpx.Client) -> None:
    api = tenant.apis.create(identifier="https://orders.example/")
    tenant.client_grants.create(app, api)
    assert (api.token_lifetime, api.allow_offline_access) == (86400, False)
    assert not api.skip_consent_for_verifiable_first_party_clients
    with pytest.raises(RegistrationError):
        tenant.apis.update(api, id="0" * 24)
    with pytest.raises(RegistrationError) as caught:
        tenant.apis.update(api, token_lifetime=2592001)
    assert caught.value.field == "token_lifetime"
    address = f"/resource-servers/{api.id}"
    broken_rule(management.patch(address, json={"token_lifetime": 2592001}), 400, "token_lifetime", "2592000")
    assert management.patch(address, json={"token_lifetime": 2592000}).json()["token_lifetime"] == 2592000
    issued = tenant.request_token(ClientCredentials(app, audience=api.identifier))
    payload = decode(issued.access_token).payload
    assert issued.expires_in == payload["exp"] - payload["iat"] == 2592000


def test_s08_a_scope_has_a_value_and_a_description(tenant: Training, management: httpx.Client) -> None:
    api = tenant.apis.create(identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
    assert [(one.value, one.description) for one in api.scopes] == [("read:orders", "Read orders")]
    scopes = [{"value": "write:orders", "description": "Write orders"}]
    assert management.patch(f"/resource-servers/{api.id}", json={"scopes": scopes}).json()["scopes"] == scopes
    assert tenant.apis.get(api.id).scope_values == ("write:orders",)


def test_s09_an_application_is_authorised_for_a_subset_of_scopes(
    tenant: Training, api: Api, app: Application, server: Server, management: httpx.Client
) -> None:
    assert over_http(server, app, api).status_code == 403
    body = {"client_id": app.client_id, "audience": api.identifier, "scope": ["read:orders"]}
    assert management.post("/client-grants", json=body).status_code == 201
    assert over_http(server, app, api).json()["scope"] == "read:orders"
    assert over_http(server, app, api, scope="write:orders").status_code == 403
    with pytest.raises(GrantRefused) as caught:
        tenant.request_token(ClientCredentials(app, audience=api.identifier, scope="write:orders"))
    assert caught.value.trace.refusing is not None and caught.value.trace.refusing.setting == "client_grant.scope"
    spa = tenant.applications.create(name="Page", app_type="spa")
    assert "client_credentials" in app.grant_types and "client_credentials" not in spa.grant_types
    with pytest.raises(RegistrationError):
        tenant.client_grants.create(app, api, ["fly:orders"])


def test_s10_a_sample_client_credentials_flow_runs(
    tenant: Training, api: Api, app: Application, token: str, server: Server
) -> None:
    answer = over_http(server, app, api)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "access_token": token, "token_type": "Bearer", "expires_in": 86400, "scope": "read:orders"
    }  # fmt: skip
    assert tenant.verifier(api).verify(answer.json()["access_token"])["sub"] == f"{app.client_id}@clients"


@pytest.mark.parametrize(
    ("first_party", "skip", "redirect_uri", "shown"),
    [
        (True, True, CALLBACK, False),
        (True, False, CALLBACK, True),
        (True, True, "http://localhost/callback", True),
        (False, True, CALLBACK, True),
    ],
)
def test_s11_consent_is_skipped_only_for_verifiable_first_parties(
    tenant: Training, shop: Application, ada: User, server: Server,
    first_party: bool, skip: bool, redirect_uri: str, shown: bool,
) -> None:  # fmt: skip
    shop = tenant.applications.update(shop, is_first_party=first_party)
    settings: dict[str, Any] = {"skip_consent_for_verifiable_first_party_clients": skip}
    api = tenant.apis.create(identifier="https://orders.example/", scopes={"read:orders": ""}, **settings)
    request = asked(shop, api, "read:orders", redirect_uri)
    assert tenant.authorization(request).consent(ada).needed is shown
    if shown:
        with pytest.raises(AuthorizationRefused) as caught:
            tenant.authorize(request, ada)
        assert caught.value.trace.refusing is not None and caught.value.trace.refusing.name == "consent"
    with httpx.Client(base_url=server.url, trust_env=False) as browser:
        page = browser.get("/authorize", params={
            "response_type": "code", "client_id": shop.client_id, "redirect_uri": redirect_uri,
            "scope": "read:orders", "audience": api.identifier, "code_challenge": code_challenge(CODE_VERIFIER),
            "code_challenge_method": "S256",
        })  # fmt: skip
        answer = _submitted(browser, page, email=ada.email, password="correct horse battery")
        while answer.is_redirect and not answer.headers["location"].startswith(redirect_uri):
            answer = browser.get(answer.headers["location"])
    assert ("read:orders" in answer.text) is shown
    assert answer.is_redirect is not shown and (shown or "code=" in answer.headers["location"])


def test_s12_a_refresh_token_comes_where_offline_access_is_allowed(
    tenant: Training, api: Api, shop: Application, ada: User, server: Server
) -> None:
    request = asked(shop, api, "read:orders offline_access")
    assert logged_in(tenant, request, ada).refresh_token is None
    tenant.apis.update(api, allow_offline_access=True)
    refresh_token = logged_in(tenant, request, ada).refresh_token
    assert refresh_token is not None
    assert tenant.request_token(RefreshToken(shop, refresh_token=refresh_token)).access_token
    form = {"grant_type": "refresh_token", "client_id": shop.client_id, "refresh_token": refresh_token.reveal()}
    answer = httpx.post(server.token_endpoint, data=form, trust_env=False)
    assert tenant.verifier(api).verify(answer.json()["access_token"])["sub"] == ada.user_id


def test_s13_the_signature_is_made_of_header_payload_secret_and_algorithm(
    hs_token: str, hs_api: Api, server: Server, app: Application
) -> None:
    assert hs_api.signing_secret is not None
    for token in (hs_token, over_http(server, app, hs_api).json()["access_token"]):
        signing_input, _, signature = token.rpartition(".")
        by_hand = hmac.digest(hs_api.signing_secret.reveal().encode(), signing_input.encode(), hashlib.sha256)
        assert base64.urlsafe_b64encode(by_hand).rstrip(b"=").decode() == signature
        assert decode(token).header["alg"] == "HS256"


def test_s14_a_leaked_shared_secret_signs_and_is_replaced(
    tenant: Training, hs_api: Api, hs_token: str, management: httpx.Client
) -> None:
    assert hs_api.signing_secret is not None
    deployed = tenant.verifier(hs_api)
    forged = sign({**decode(hs_token).payload, "scope": "all"}, SigningSecret(hs_api.signing_secret), alg="HS256")
    assert deployed.verify(forged)["scope"] == "all"
    answer = management.patch(
        f"/resource-servers/{hs_api.id}", json={"signing_secret": "a new one, of 32 bytes or more"}
    )
    broken_rule(answer, 400, "signing_secret", "32")
    fresh = "a new secret for the API, shared anew"
    assert management.patch(f"/resource-servers/{hs_api.id}", json={"signing_secret": fresh}).status_code == 200
    redeployed = tenant.verifier(hs_api.id)
    with pytest.raises(TokenRejected) as caught:
        redeployed.verify(forged)
    assert caught.value.code == "signature.mismatch" and deployed.verify(forged)


def test_s15_only_the_private_key_signs_and_anyone_verifies(
    tenant: Training, api: Api, token: str, server: Server
) -> None:
    [published, _] = httpx.get(server.jwks_uri, trust_env=False).json()["keys"]
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(published)
    anyone = Verifier(issuer=tenant.issuer, audience=api.identifier, keys={"keys": [published]}, clock=tenant.clock)
    assert anyone.verify(token)["aud"] == api.identifier
    stranger = jwt.encode(
        dict(decode(token).payload), generate_private_key(65537, 2048), "RS256", headers={"kid": published["kid"]}
    )
    with pytest.raises(TokenRejected) as caught:
        anyone.verify(stranger)
    assert caught.value.code == "signature.mismatch"


def test_s16_an_rs256_token_is_valid_for_several_audiences(
    tenant: Training, api: Api, hs_api: Api, shop: Application, ada: User, server: Server
) -> None:
    token = logged_in(tenant, asked(shop, api, "openid read:orders"), ada).access_token
    assert decode(token).payload["aud"] == [api.identifier, f"{tenant.issuer}userinfo"]
    assert tenant.verifier(api).verify(token)["sub"] == ada.user_id
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{server.url}/userinfo", headers=headers, trust_env=False).json()["sub"] == ada.user_id
    shared = logged_in(tenant, asked(shop, hs_api, "openid"), ada)
    assert decode(shared.access_token).payload["aud"] == hs_api.identifier
    assert "could forge" in next(item.origin for item in shared.trace.claims if item.claim == "aud")


def test_s17_keys_rotate_without_re_deploying_the_api(
    tenant: Training, api: Api, app: Application, token: str, server: Server, management: httpx.Client
) -> None:
    keys = RemoteKeySet(server.jwks_uri, clock=tenant.clock)
    deployed = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock)
    deployed.verify(token)
    assert management.post("/keys/signing/rotate").status_code == 201
    fresh = over_http(server, app, api).json()["access_token"]
    assert decode(fresh).header["kid"] != decode(token).header["kid"]
    assert deployed.verify(token) and deployed.verify(fresh)
    previous = decode(token).header["kid"]
    assert management.put(f"/keys/signing/{previous}/revoke").status_code == 200
    tenant.clock.advance(minutes=11)
    assert deployed.verify(fresh)
    with pytest.raises(TokenRejected) as caught:
        deployed.verify(token)
    assert caught.value.check == "key"


def test_s18_the_public_key_is_in_the_signing_certificate(tenant: Training, token: str, server: Server) -> None:
    served = httpx.get(f"{server.url}/pem", trust_env=False).text
    assert served.strip() == tenant.keys.current.certificate.strip()
    public = load_pem_x509_certificate(served.encode()).public_key()
    assert isinstance(public, RSAPublicKey)
    signing_input, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    public.verify(raw, signing_input.encode(), PKCS1v15(), hashes.SHA256())


def test_s19_a_pasted_public_key_verifies(tenant: Training, api: Api, token: str, server: Server) -> None:
    pasted = httpx.get(f"{server.url}/pem", trust_env=False).text
    keys = KeySet.from_pem(pasted)
    verdict = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock).explain(token)
    assert verdict.outcome == "accepted"
    tenant.keys.rotate()
    tenant.keys.rotate()
    app = tenant.applications.get(decode(token).payload["azp"])
    fresh = tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token
    broken = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock).explain(fresh)
    assert broken.outcome == "refused"  # why S20 is better


def test_s20_the_jwks_brings_the_keys_by_itself(tenant: Training, api: Api, token: str, server: Server) -> None:
    keys = RemoteKeySet(f"{server.url}/.well-known/jwks.json", clock=tenant.clock)
    verifier = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=keys, clock=tenant.clock)
    assert verifier.verify(token)
    app = tenant.applications.get(decode(token).payload["azp"])
    for _ in range(2):
        tenant.keys.rotate()
        tenant.clock.advance(minutes=6)
        assert verifier.verify(tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token)


def test_s21_permissions_are_added_to_roles(
    tenant: Training, api: Api, shop: Application, ada: User, management: httpx.Client
) -> None:
    tenant.apis.update(api, enforce_policies=True, token_dialect="access_token_authz")
    request = asked(shop, api, "read:orders write:orders")
    assert "scope" not in decode(logged_in(tenant, request, ada).access_token).payload
    role = management.post("/roles", json={"name": "Clerk"}).json()["id"]
    body = {"permissions": [{"resource_server_identifier": api.identifier, "permission_name": "read:orders"}]}
    answer = management.post(f"/roles/{role}/permissions", json=body)
    assert (answer.status_code, answer.json()) == (201, {})
    tenant.users.add_roles(ada, role)
    payload = decode(logged_in(tenant, request, ada).access_token).payload
    assert (payload["scope"], payload["permissions"]) == ("read:orders", ["read:orders"])


def _submitted(browser: httpx.Client, page: httpx.Response, **typed: str) -> httpx.Response:
    """The answer to a page's one form."""
    action = unescape(re.search(r'<form[^>]* action="([^"]*)"', page.text)[1])  # type: ignore[index]
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return browser.post(page.url.join(action), data={**{name: unescape(value) for name, value in hidden}, **typed})
