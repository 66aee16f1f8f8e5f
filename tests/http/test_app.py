"""JWKS and metadata over real HTTP."""

import httpx
import pytest

from authkit import ClientCredentials, Server, SteerableClock, Tenant, serve, training_tenant
from authkit.http.running import listen
from authkit.tenant import live_training_tenant

METADATA = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]


def get(url: str) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(url)


def test_the_jwks_is_the_tenants(client: httpx.Client, server: Server, tenant: Tenant[SteerableClock]) -> None:
    """Public for any page, cacheable for a while."""
    answer = client.get("/.well-known/jwks.json")
    assert answer.json() == tenant.jwks and server.jwks_uri == str(answer.url)
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "max-age" in answer.headers["Cache-Control"]


def test_no_private_member_is_served(client: httpx.Client) -> None:
    """n and e, and what identifies the key."""
    for jwk in client.get("/.well-known/jwks.json").json()["keys"]:
        assert set(jwk) == {"alg", "kty", "use", "x5c", "n", "e", "kid", "x5t"}


def test_a_rotation_is_served_at_once() -> None:
    """The server has no copy of its own."""
    with training_tenant() as tenant, serve(tenant) as server:
        before = [jwk["kid"] for jwk in get(server.jwks_uri).json()["keys"]]
        tenant.keys.rotate()
        after = [jwk["kid"] for jwk in get(server.jwks_uri).json()["keys"]]
        tenant.keys.revoke(before[0])
        revoked = [jwk["kid"] for jwk in get(server.jwks_uri).json()["keys"]]
    assert after[0] == before[1] and before[0] in after and before[0] not in revoked


@pytest.mark.parametrize("path", METADATA)
def test_metadata_is_not_served_where_the_issuer_is_another(client: httpx.Client, path: str) -> None:
    """RFC 8414 §3.3: it would be a lie at this address."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", METADATA)
def test_metadata_is_served_where_the_issuer_matches(path: str) -> None:
    """With exactly the issuer in use, and the training tenant says what it is."""
    listening = listen()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with live_training_tenant(f"{url}/") as tenant, serve(tenant, listening=listening) as server:
        document = get(f"{server.url}{path}").json()
        assert server.url == url and document["issuer"] == tenant.issuer == f"{url}/"
        assert document["jwks_uri"] == server.jwks_uri and document["token_endpoint"] == server.token_endpoint
        assert document["grant_types_supported"] == ["client_credentials", "authorization_code", "refresh_token"]
        assert "authkit_training" in document


def test_a_real_tenant_does_not_call_itself_training() -> None:
    """Its metadata has no such member."""
    listening = listen()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with Tenant.open(issuer=f"{url}/") as tenant, serve(tenant, listening=listening) as server:
        document = get(f"{server.url}{METADATA[0]}").json()
    assert document["issuer"] == f"{url}/" and "authkit_training" not in document


def test_the_address_itself_tells_where_to_go(client: httpx.Client, server: Server) -> None:
    """Whoever opens the printed address finds the others."""
    assert client.get("/").json() == {
        "issuer": server.issuer,
        "authorization_endpoint": f"{server.url}/authorize",
        "token_endpoint": server.token_endpoint,
        "userinfo_endpoint": f"{server.url}/userinfo",
        "jwks_uri": server.jwks_uri,
        "signing_certificate": f"{server.url}/pem",
    }


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/oauth", "/.well-known/", "/oauth/token/x"])
def test_there_is_nothing_else(client: httpx.Client, path: str) -> None:
    """No page of the framework's own."""
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/oauth/token/", "/userinfo/", "/authorize/", "/pem/", "/.well-known/jwks.json/"])
def test_a_slash_too_many_is_no_redirect(client: httpx.Client, path: str) -> None:
    """It would lead to whatever host the request names, secrets and all."""
    assert client.get(path).status_code == 404 and client.post(path).status_code == 404


def test_a_closed_tenant_is_503(client: httpx.Client) -> None:
    """The server says so and lives on."""
    tenant = training_tenant()
    app = tenant.applications.create(name="x")
    assert app.client_secret is not None
    form = {"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.client_secret.reveal()}
    with serve(tenant) as server, httpx.Client(trust_env=False) as other:
        tenant.close()
        for _ in range(2):
            assert other.get(server.jwks_uri).status_code == 503
            answer = other.post(server.token_endpoint, data=form)
            assert (answer.status_code, answer.json()["error"]) == (503, "server_error")
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_server_does_not_name_its_software(client: httpx.Client) -> None:
    """Nobody needs it."""
    assert "server" not in client.get("/.well-known/jwks.json").headers


def test_tokens_in_process_and_over_http_are_alike() -> None:
    """One path for both."""
    with training_tenant() as tenant, serve(tenant) as server, httpx.Client(trust_env=False) as client:
        api = tenant.apis.create(identifier="a")
        app = tenant.applications.create(name="x")
        tenant.client_grants.create(app, api)
        assert app.client_secret is not None
        form = {"grant_type": "client_credentials", "client_id": app.client_id, "audience": "a"}
        answer = client.post(server.token_endpoint, data={**form, "client_secret": app.client_secret.reveal()})
        assert answer.json() == tenant.request_token(ClientCredentials(app, audience="a")).response()
