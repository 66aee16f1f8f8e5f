"""Authlib and joserfc, unmodified, against a served tenant: they know its issuer and find the rest."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

jwt = pytest.importorskip("joserfc.jwt", reason="needs joserfc, which comes with authlib and the extra test")
keys = pytest.importorskip("joserfc.jwk")
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
Client = Callable[..., Any]


@pytest.fixture(scope="module")
def authlib() -> Any:
    """Its OAuth client over httpx."""
    with warnings.catch_warnings():
        pytest.importorskip("authlib.deprecate", reason="needs authlib, which comes with the extra test")
        warnings.simplefilter("ignore")  # after its own filter: it would rather have the successor of httpx
        return importlib.import_module("authlib.integrations.httpx_client")


@pytest.fixture
def discovered(live) -> dict[str, Any]:
    """What the metadata says, read with the issuer alone."""
    with httpx.Client(trust_env=False) as client:
        return dict(client.get(f"{live.tenant.issuer}.well-known/openid-configuration").json())


@pytest.fixture
def client(authlib, discovered: dict[str, Any]) -> Iterator[Client]:
    """Makes a client of an application."""
    made: list[Any] = []

    def make(app: Any, **options: Any) -> Any:
        secret = app.client_secret.reveal() if app.client_secret else None
        options = {"code_challenge_method": "S256", "token_endpoint": discovered["token_endpoint"], **options}
        made.append(authlib.OAuth2Client(app.client_id, secret, trust_env=False, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def log_in(live, client: Client, discovered: dict[str, Any]) -> Callable[..., tuple[Any, Any]]:
    """Leads the user of an application through the login: the client, and its tokens."""

    def through(app: Any, **asked: str) -> tuple[Any, Any]:
        one = client(app, scope=live.browser.asked["scope"], redirect_uri=live.browser.asked["redirect_uri"])
        url, state = one.create_authorization_url(
            discovered["authorization_endpoint"], code_verifier=VERIFIER, audience=live.api.identifier, **asked
        )
        assert parse_qs(urlsplit(url).query)["code_challenge_method"] == ["S256"]
        back = live.browser.callback(url)
        tokens = one.fetch_token(
            discovered["token_endpoint"], authorization_response=back, state=state, code_verifier=VERIFIER
        )
        return one, tokens

    return through


def verified(discovered: dict[str, Any], token: str, **claims: Any) -> dict[str, Any]:
    """By joserfc on its own: signature from the JWKS, issuer, time, and these claims."""
    with httpx.Client(trust_env=False) as http:
        jwks = keys.KeySet.import_key_set(http.get(discovered["jwks_uri"]).json())
    read = jwt.decode(token, jwks, algorithms=["RS256"])
    wanted = {"iss": discovered["issuer"], **claims}
    rules = {name: {"essential": True, "value": value} for name, value in wanted.items()}
    jwt.JWTClaimsRegistry(**rules, exp={"essential": True}, iat={"essential": True}).validate(read.claims)
    return dict(read.claims)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_client_credentials(live, client: Client, discovered: dict[str, Any], method: str) -> None:
    """By either way of authentication that the metadata lists."""
    assert method in discovered["token_endpoint_auth_methods_supported"]
    one = client(live.app, token_endpoint_auth_method=method)
    tokens = one.fetch_token(
        discovered["token_endpoint"], grant_type="client_credentials", audience=live.api.identifier
    )
    claims = verified(discovered, tokens["access_token"], aud=live.api.identifier)
    assert (claims["sub"], tokens["scope"]) == (f"{live.app.client_id}@clients", "read:orders")


def test_a_refusal_is_its_error(live, authlib, client: Client, discovered: dict[str, Any]) -> None:
    """Error and description are where it looks for them."""
    with pytest.raises(authlib.OAuthError) as caught:
        client(live.app).fetch_token(
            discovered["token_endpoint"], grant_type="client_credentials", audience="https://nobody.example/"
        )
    assert caught.value.error == "access_denied"
    assert caught.value.description == "Service not enabled within domain: https://nobody.example/"


def test_a_login_with_pkce(live, discovered: dict[str, Any], log_in) -> None:
    """Code, tokens, ID token verified with its nonce, userinfo with the access token."""
    one, tokens = log_in(live.web, nonce="n-0S6_WzA2Mj")
    claims = verified(discovered, tokens["id_token"], aud=live.web.client_id, nonce="n-0S6_WzA2Mj")
    told = one.get(discovered["userinfo_endpoint"]).json()
    assert told == {"sub": claims["sub"], "name": "Ada", "email": "ada@example.com", "email_verified": False}
    assert verified(discovered, tokens["access_token"])["aud"] == [live.api.identifier, discovered["userinfo_endpoint"]]


@pytest.mark.parametrize("claims", [{"nonce": "other"}, {"aud": "other"}, {"iss": "https://other.example/"}])
def test_joserfc_did_look(live, discovered: dict[str, Any], log_in, claims: dict[str, str]) -> None:
    """It refuses the ID token of another login, application or issuer."""
    from joserfc.errors import InvalidClaimError

    _, tokens = log_in(live.web, nonce="n-1")
    with pytest.raises(InvalidClaimError):
        verified(discovered, tokens["id_token"], **claims)


@pytest.mark.parametrize("rotation", ["rotating", "non-rotating"])
def test_a_refresh(live, discovered: dict[str, Any], log_in, rotation: str) -> None:
    """Its own method; it keeps the old refresh token where the answer holds none."""
    live.tenant.applications.update(live.web, refresh_token={"rotation_type": rotation})
    one, first = log_in(live.web)
    second = one.refresh_token(discovered["token_endpoint"], refresh_token=first["refresh_token"])
    assert (second["refresh_token"] == first["refresh_token"]) == (rotation == "non-rotating")
    assert verified(discovered, second["access_token"])["gty"] == "refresh_token"
    one.refresh_token(discovered["token_endpoint"], refresh_token=second["refresh_token"])


def test_a_public_application(live, discovered: dict[str, Any], log_in) -> None:
    """No secret, PKCE alone (`none`)."""
    spa = live.tenant.applications.create(
        name="Order page", app_type="spa", callbacks=[live.browser.asked["redirect_uri"]]
    )
    _, tokens = log_in(spa, nonce="n-2")
    assert verified(discovered, tokens["id_token"], aud=spa.client_id)["nonce"] == "n-2"


def test_an_expired_token_is_renewed_unasked(live, discovered: dict[str, Any], log_in) -> None:
    """It believes `expires_in`, and finds the token endpoint itself."""
    one, tokens = log_in(live.web)
    one.token = {**tokens, "expires_at": 1}
    assert one.get(discovered["userinfo_endpoint"]).status_code == 200
    assert one.token["access_token"] != tokens["access_token"] and one.token["expires_in"] == 86400
