"""The vendor's own Python token client, unmodified: over TLS it takes the tenant for its own."""

from typing import Any

import pytest

authentication = pytest.importorskip("auth0.authentication", reason="needs auth0-python: the extra test")
verifiers = pytest.importorskip("auth0.authentication.token_verifier")
exceptions = pytest.importorskip("auth0.authentication.exceptions")
pytestmark = pytest.mark.slow

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
PKCE = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}


@pytest.fixture
def domain(live_tls, monkeypatch: pytest.MonkeyPatch) -> str:
    """All that the SDK knows of a tenant; and it trusts the certificate."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(live_tls.server.certificate))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return f"127.0.0.1:{live_tls.server.port}"


def client(domain: str, app: Any) -> Any:
    """Its token client for an application."""
    secret = app.client_secret.reveal() if app.client_secret else None
    return authentication.GetToken(domain, app.client_id, client_secret=secret)


def verified(domain: str, app: Any, token: str, **expected: Any) -> dict[str, Any]:
    """An ID token by its own verifier: keys from the JWKS, issuer, audience, time, nonce."""
    signatures = verifiers.AsymmetricSignatureVerifier(f"https://{domain}/.well-known/jwks.json")
    verifier = verifiers.TokenVerifier(signatures, issuer=f"https://{domain}/", audience=app.client_id)
    return dict(verifier.verify(token, **expected))


def test_client_credentials(live_tls, domain: str) -> None:
    """Whose parameters that nobody gave it sends as null."""
    tokens = client(domain, live_tls.app).client_credentials(live_tls.api.identifier)
    assert live_tls.tenant.verifier(live_tls.api).verify(tokens["access_token"])["scope"] == "read:orders"


def test_a_refusal_is_its_error(live_tls, domain: str) -> None:
    """With status, error and description."""
    told = None
    try:
        client(domain, live_tls.app).client_credentials("https://nobody.example/")
    except exceptions.Auth0Error as error:  # pytest.raises would keep its frames, and they an open connection
        told = (error.status_code, error.error_code, error.message)
    assert told == (403, "access_denied", "Service not enabled within domain: https://nobody.example/")


def test_a_login_userinfo_and_a_refresh(live_tls, domain: str) -> None:
    """Code, ID token verified with its nonce, userinfo, refresh."""
    callback = live_tls.browser.asked["redirect_uri"]
    tokens = client(domain, live_tls.web).authorization_code(live_tls.browser.code(nonce="n-1"), callback)
    claims = verified(domain, live_tls.web, tokens["id_token"], nonce="n-1")
    told = authentication.Users(domain).userinfo(tokens["access_token"])
    assert told == {"sub": claims["sub"], "name": "Ada", "email": "ada@example.com", "email_verified": False}
    refreshed = client(domain, live_tls.web).refresh_token(tokens["refresh_token"])
    assert refreshed["access_token"] != tokens["access_token"]
    narrow = client(domain, live_tls.web).refresh_token(tokens["refresh_token"], scope="read:orders")
    assert narrow["scope"] == "read:orders"
    with pytest.raises(exceptions.TokenValidationError, match="nonce"):
        verified(domain, live_tls.web, tokens["id_token"], nonce="n-2")


def test_a_login_with_pkce(live_tls, domain: str) -> None:
    """Of an application without a secret."""
    callback = live_tls.browser.asked["redirect_uri"]
    spa = live_tls.tenant.applications.create(name="Order page", app_type="spa", callbacks=[callback])
    code = live_tls.browser.code(client_id=spa.client_id, **PKCE)
    tokens = client(domain, spa).authorization_code_pkce(VERIFIER, code, callback)
    assert verified(domain, spa, tokens["id_token"])["aud"] == spa.client_id


def test_its_verifier_follows_a_rotation(live_tls, domain: str) -> None:
    """The next key is published before it signs."""
    signatures = verifiers.AsymmetricSignatureVerifier(f"https://{domain}/.well-known/jwks.json")
    one = client(domain, live_tls.app)
    before = one.client_credentials(live_tls.api.identifier)["access_token"]
    assert signatures.verify_signature(before)["aud"] == live_tls.api.identifier
    live_tls.tenant.keys.rotate()
    after = one.client_credentials(live_tls.api.identifier)["access_token"]
    assert signatures.verify_signature(after)["iss"] == f"https://{domain}/"
    live_tls.tenant.keys.rotate()
    newest = one.client_credentials(live_tls.api.identifier)["access_token"]
    assert signatures.verify_signature(newest)["gty"] == "client-credentials"
