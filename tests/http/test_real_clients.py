"""Clients of other makers take what a served tenant issues."""

from typing import Any

import httpx
import jwt
import pytest

from authkit import RemoteKeySet, Verifier

AUDIENCE = "https://orders.example/"


@pytest.fixture
def served_token(live) -> str:
    assert live.app.client_secret is not None
    with httpx.Client(trust_env=False) as client:
        answer = client.post(
            live.server.token_endpoint,
            data={"grant_type": "client_credentials", "audience": AUDIENCE},
            auth=(live.app.client_id, live.app.client_secret.reveal()),
        )
    return str(answer.json()["access_token"])


def decoded(live, token: str, **expected: Any) -> dict[str, Any]:
    """PyJWT on its own: key from the JWKS by kid, signature, issuer, audience and time."""
    key = jwt.PyJWKClient(live.server.jwks_uri).get_signing_key_from_jwt(token)
    wanted = {"algorithms": ["RS256"], "audience": AUDIENCE, "issuer": live.tenant.issuer, **expected}
    return dict(jwt.decode(token, key, options={"require": ["exp", "iat", "aud", "iss", "sub"]}, **wanted))


def test_pyjwt_verifies_a_served_token(live, served_token: str) -> None:
    """`PyJWKClient` and `jwt.decode`, everything checked."""
    claims = decoded(live, served_token)
    assert claims["iss"] == f"{live.server.url}/" and claims["azp"] == live.app.client_id


def test_pyjwt_refuses_it_for_another_audience_or_issuer(live, served_token: str) -> None:
    """So it did check."""
    with pytest.raises(jwt.InvalidAudienceError):
        decoded(live, served_token, audience="https://orders.example")
    with pytest.raises(jwt.InvalidIssuerError):
        decoded(live, served_token, issuer=live.server.url)


def test_pyjwt_verifies_tokens_through_a_rotation(live, served_token: str) -> None:
    """The previous key is still published, the next one already was."""
    live.tenant.keys.rotate()
    assert decoded(live, served_token)["aud"] == AUDIENCE


def test_pyjwt_verifies_an_id_token(live) -> None:
    """Audience is the application, the nonce is that of the login; and it is no access token."""
    browser, web = live.browser, live.web
    form = {"grant_type": "authorization_code", "redirect_uri": browser.asked["redirect_uri"]}
    answer = browser.http.post(
        "/oauth/token",
        data={**form, "code": browser.code(nonce="n-0S6_WzA2Mj")},
        auth=(web.client_id, web.client_secret.reveal()),
    ).json()
    claims = decoded(live, answer["id_token"], audience=web.client_id)
    assert (claims["nonce"], claims["email"]) == ("n-0S6_WzA2Mj", "ada@example.com")
    assert claims["sub"] == decoded(live, answer["access_token"])["sub"]
    with pytest.raises(jwt.InvalidAudienceError):
        decoded(live, answer["id_token"])


def test_our_own_verifier_takes_it_over_http(live, served_token: str) -> None:
    """On the system's clock, keys from the JWKS."""
    keys = RemoteKeySet(live.server.jwks_uri)
    assert Verifier(issuer=live.tenant.issuer, audience=AUDIENCE, keys=keys).verify(served_token)["aud"] == AUDIENCE


def test_metadata_leads_to_the_keys(live) -> None:
    """A client that knows the issuer alone finds the rest."""
    with httpx.Client(trust_env=False) as client:
        document = client.get(f"{live.tenant.issuer}.well-known/openid-configuration").json()
        assert client.get(document["jwks_uri"]).json() == live.tenant.jwks
