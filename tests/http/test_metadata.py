"""The metadata says what is true of the tenant that serves it (RFC 8414, OpenID Connect Discovery 1.0)."""

import ssl
from typing import Any

import httpx
import pytest

from authkit import SteerableClock, Tenant, decode, serve, training_tenant
from authkit.http.metadata import metadata

Training = Tenant[SteerableClock]
PATHS = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]


@pytest.fixture
def document(live) -> dict[str, Any]:
    """The metadata of a served tenant."""
    return dict(live.browser.http.get(PATHS[0]).json())


def token(live, app: Any = None, **form: str) -> httpx.Response:
    """An answer of the token endpoint that the metadata names."""
    endpoint = live.browser.http.get(PATHS[0]).json()["token_endpoint"]
    answer: httpx.Response = live.browser.http.post(endpoint, data=form, auth=app)
    return answer


def identity(app: Any) -> tuple[str, str]:
    """Client id and client secret."""
    return app.client_id, app.client_secret.reveal()


def test_both_paths_have_the_same_document(live, document: dict[str, Any]) -> None:
    """RFC 8414 §5 and OpenID Connect Discovery 1.0 §4."""
    assert live.browser.http.get(PATHS[1]).json() == document


def test_over_tls_every_address_is_https(live_tls) -> None:
    """The issuer and the endpoints; and each of them answers."""
    client, document = live_tls.browser.http, live_tls.browser.http.get(PATHS[0]).json()
    assert document["issuer"] == live_tls.tenant.issuer == f"{live_tls.server.url}/"
    addresses = [value for name, value in document.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) == 4 and all(address.startswith(f"{live_tls.server.url}/") for address in addresses)
    assert not [address for address in addresses if client.get(address).status_code == 404]
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False, verify=ssl.create_default_context()) as other:
        other.get(document["issuer"])


@pytest.mark.parametrize(
    "issuer",
    ["{url}", "{url}/tenant/", "https://127.0.0.1:{port}/", "http://localhost:{port}/", "http://127.0.0.1:{port}0/"],
)
def test_an_issuer_that_is_nearly_this_address_is_another(issuer: str) -> None:
    """RFC 8414 §3.3: compared letter by letter."""
    url = "http://127.0.0.1:8400"

    class Named:
        training = True

    named: Any = Named()
    named.issuer = issuer.format(url=url, port=8400)
    assert metadata(named, url) is None


@pytest.mark.parametrize("path", PATHS)
def test_where_it_would_be_a_lie_the_answer_says_why(path: str) -> None:
    """404, the tenant's issuer, and not to be kept: it may be served there one day."""
    with training_tenant() as tenant, serve(tenant) as server, httpx.Client(trust_env=False) as client:
        answer = client.get(f"{server.url}{path}")
        assert client.get(f"{server.url}/").json()["issuer"] == tenant.issuer
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
    assert answer.json()["error"] == "not_found" and tenant.issuer in answer.json()["error_description"]


def test_every_way_of_authentication_works(live, document: dict[str, Any]) -> None:
    """`client_secret_basic`, `client_secret_post`, `none`; and there is no other."""
    asked = {"grant_type": "client_credentials", "audience": live.api.identifier}
    client_id, secret = identity(live.app)
    assert document["token_endpoint_auth_methods_supported"] == ["client_secret_basic", "client_secret_post", "none"]
    assert token(live, (client_id, secret), **asked).status_code == 200
    assert token(live, **asked, client_id=client_id, client_secret=secret).status_code == 200
    spa = live.tenant.applications.create(name="Page", app_type="spa")
    answer = token(live, grant_type="authorization_code", client_id=spa.client_id, code="x")
    assert answer.json()["error"] == "invalid_grant"  # and not access_denied


def test_every_grant_type_is_known(live, document: dict[str, Any]) -> None:
    """Refused for what they lack, and not as unsupported; any other is."""
    assert document["grant_types_supported"] == ["client_credentials", "authorization_code", "refresh_token"]
    for grant in document["grant_types_supported"]:
        assert token(live, identity(live.web), grant_type=grant).json()["error"] == "invalid_request"
    assert token(live, identity(live.web), grant_type="password").json()["error"] == "unsupported_grant_type"


def test_every_scope_and_claim_is_there(live, document: dict[str, Any]) -> None:
    """A login with all of them gets all of them, and no claim that is not listed."""
    scope = " ".join(document["scopes_supported"])
    answer = token(
        live, identity(live.web), grant_type="authorization_code", redirect_uri=live.browser.asked["redirect_uri"],
        code=live.browser.code(scope=scope, nonce="n-1"),
    ).json()  # fmt: skip
    assert answer["scope"] == scope and "refresh_token" in answer
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    told = live.browser.http.get(document["userinfo_endpoint"], headers=bearer).json()
    id_token = decode(answer["id_token"])
    assert {*told, *id_token.payload} == {*document["claims_supported"]}
    assert [id_token.header["alg"]] == document["id_token_signing_alg_values_supported"]
    assert document["subject_types_supported"] == ["public"]


def test_what_authorize_understands_is_what_it_says(live, document: dict[str, Any]) -> None:
    """Types and modes of the response, methods of PKCE, prompts, request objects: each of them, and no other."""
    returned, opened = live.browser.returned, live.browser.open
    challenge = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}
    assert document["response_types_supported"] == ["code"] and document["response_modes_supported"] == ["query"]
    assert opened(response_mode="query").status_code == 200
    assert returned(opened(response_type="token"))["error"] == "unsupported_response_type"
    assert returned(opened(response_mode="fragment"))["error"] == "invalid_request"
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert opened(**challenge, code_challenge_method="S256").status_code == 200
    assert returned(opened(**challenge, code_challenge_method="plain"))["error"] == "invalid_request"
    for prompt in document["prompt_values_supported"]:
        answer = opened(prompt=prompt)
        assert answer.status_code == 200 or returned(answer)["error"] == "login_required"
    assert returned(opened(prompt="create"))["error"] == "invalid_request"
    assert document["request_uri_parameter_supported"] is False
    assert returned(opened(request_uri="https://x.example/"))["error"] == "request_uri_not_supported"
