"""Clients that Node's programmers use, unmodified, against a served tenant."""

import re
import ssl
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from authkit import ClientCredentials, SystemClock, decode
from authkit.attacks import edit_payload
from authkit.jose import SigningKey
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.sign import sign
from tests.http.conftest import Browser
from tests.node.conftest import AUDIENCE, CALLBACK, EMAIL, PASSWORD, Live, Run, Script

pytestmark = pytest.mark.slow

HOUR = 3600


def token_of(live: Live, *scopes: str, audience: str = AUDIENCE) -> str:
    return live.tenant.request_token(ClientCredentials(live.web, audience=audience, scope=scopes)).access_token


def signed(live: Live, key: SigningKey | None = None, **changes: Any) -> str:
    """A token with the tenant's claims, some of them changed, under its key or another."""
    claims = {**decode(token_of(live)).payload, **changes}
    return sign(claims, live.tenant.keys.current if key is None else key, alg="RS256")


def with_header(live: Live, **changes: Any) -> str:
    """A good token under another header: the signature, if any, is of what was there before."""
    found = decode(token_of(live))
    _, payload, signature = token_of(live).split(".")
    header = encode_segment(encode_json({**found.header, **changes}))
    return f"{header}.{payload}.{'' if changes.get('alg') == 'none' else signature}"


@cache
def stranger() -> SigningKey:
    """A key that the tenant never published."""
    return SigningKey.generate(subject="stranger", now=SystemClock().now())


def forged_with_its_kid(live: Live) -> str:
    """Signed by a key of the attacker's, which says that it is the tenant's."""
    _, payload, _ = token_of(live).split(".")
    header = encode_segment(encode_json(dict(decode(token_of(live)).header)))
    signature = stranger().sign_bytes("RS256", f"{header}.{payload}".encode())
    return f"{header}.{payload}.{encode_segment(signature)}"


def bad_tokens(live: Live) -> dict[str, str]:
    now = int(live.tenant.clock.now())
    return {
        "expired": signed(live, iat=now - 2 * HOUR, exp=now - HOUR),
        "another audience": token_of(live, audience="https://stock.example/"),
        "audience without its slash": signed(live, aud=AUDIENCE.rstrip("/")),
        "another issuer": signed(live, iss="https://another.example/"),
        "issuer without its slash": signed(live, iss=live.tenant.issuer.rstrip("/")),
        "edited": edit_payload(token_of(live), scope="write:orders everything"),
        "forged with its kid": forged_with_its_kid(live),
        "a key that is not published": signed(live, stranger()),
        "alg none": with_header(live, alg="none"),
        "alg HS256": with_header(live, alg="HS256"),
        "no token": "not.a.token",
    }


BAD = {
    "expired": "expired",
    "another audience": "aud",
    "audience without its slash": "aud",
    "another issuer": "iss",
    "issuer without its slash": "iss",
    "edited": "signature",
    "forged with its kid": "signature",
    "a key that is not published": "matching_key|find a signing key",
    "alg none": "alg_not_allowed|signature is required",
    "alg HS256": "alg",
    "no token": "jws_invalid|invalid token",
}
"""What is wrong, and a word by which each client shows that it found just that; one of them has no codes."""


@pytest.fixture(scope="module", params=["jose.mjs", "jwks-rsa.cjs"])
def verifier(request: pytest.FixtureRequest, run: Run) -> Script:
    """A long-lived process that verifies what it is given, with keys that it fetched itself."""
    return run(request.param)


# jose; jwks-rsa with jsonwebtoken


def test_a_token_of_the_tenant_is_accepted(live: Live, verifier: Script) -> None:
    """By the key from the JWKS; the claims are those that were issued."""
    token = token_of(live)
    answer = verifier.ask(token=token)
    assert answer == {"claims": decode(token).payload, "kid": live.tenant.keys.current.kid}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_token_is_refused(live: Live, verifier: Script, fault: str) -> None:
    """So everything is checked, and nothing was accepted for want of checking."""
    answer = verifier.ask(token=bad_tokens(live)[fault])
    assert "claims" not in answer
    assert re.search(BAD[fault], f"{answer['error']} {answer['message']}", re.IGNORECASE), answer


def test_a_rotation_goes_unnoticed(live: Live, verifier: Script) -> None:
    """The key that signs now was published before, and the client had it; the token from before still verifies."""
    before = token_of(live)
    assert "claims" in verifier.ask(token=before)
    live.tenant.keys.rotate()
    after = token_of(live)
    assert verifier.ask(token=after)["kid"] == live.tenant.keys.current.kid != decode(before).header["kid"]
    assert "claims" in verifier.ask(token=before)


# express-oauth2-jwt-bearer


@pytest.fixture(scope="module")
def orders(run: Run) -> Iterator[httpx.Client]:
    """A client of the Express API."""
    with httpx.Client(base_url=run("api.cjs").heard()["url"], trust_env=False, timeout=30) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_api_answers_200_to_a_good_token(live: Live, orders: httpx.Client) -> None:
    """With the claims of it; and what is public needs none."""
    token = token_of(live, "read:orders")
    answer = orders.get("/orders", headers=bearer(token))
    assert answer.status_code == 200 and answer.json() == decode(token).payload
    assert orders.get("/public").status_code == 200


def test_the_api_answers_401_without_a_token(orders: httpx.Client) -> None:
    """And tells no error code to who brought none (RFC 6750 §3.1)."""
    answer = orders.get("/orders")
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith('Bearer realm="api"')
    assert "error=" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("fault", BAD)
def test_the_api_answers_401_to_a_bad_token(live: Live, orders: httpx.Client, fault: str) -> None:
    """Whatever is wrong with it."""
    answer = orders.get("/orders", headers=bearer(bad_tokens(live)[fault]))
    assert answer.status_code == 401, answer.text
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_the_api_answers_403_where_a_scope_is_missing(live: Live, orders: httpx.Client) -> None:
    """201 with the scope; and the answer names what is missing."""
    assert orders.post("/orders", headers=bearer(token_of(live, "write:orders"))).status_code == 201
    answer = orders.post("/orders", headers=bearer(token_of(live, "read:orders")))
    assert answer.status_code == 403
    challenge = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge and 'scope="write:orders"' in challenge


# openid-client


@pytest.fixture(scope="module")
def desk(run: Run) -> Script:
    """The web application."""
    return run("openid-client.mjs")


def log_in(live: Live, url: str) -> str:
    """From the address that the application made to the callback, through login and consent."""
    address = urlsplit(url)
    asked = parse_qsl(address.query, strict_parsing=True)
    assert address.path == "/authorize" and len(dict(asked)) == len(asked)
    assert live.server.certificate is not None
    context = ssl.create_default_context(cafile=str(live.server.certificate))
    browser = Browser(live.server.url, dict(asked), verify=context)
    assert (EMAIL, PASSWORD) == ("ada@example.com", "correct horse battery")  # what Browser types
    answer = browser.log_in()
    if answer.status_code == 200:
        answer = browser.submit(answer, decision="accept")
    browser.close()
    return f"{CALLBACK}?{urlencode(browser.returned(answer))}"


def test_discovery_finds_the_tenant(live: Live, desk: Script) -> None:
    """The issuer letter by letter, the endpoints, and that PKCE is offered."""
    found = desk.ask(step="discover")
    assert found["metadata"]["issuer"] == live.tenant.issuer and found["pkce"] is True
    assert found["metadata"]["jwks_uri"] == live.server.jwks_uri


@pytest.mark.parametrize("way", ["basic", "post"])
def test_client_credentials(live: Live, desk: Script, way: str) -> None:
    """With the secret in the header and in the body."""
    issued = desk.ask(step="grant", way=way)
    claims = live.tenant.verifier(AUDIENCE).verify(issued["access_token"])
    assert claims["scope"] == issued["scope"] == "read:orders" and issued["expires_in"] == 86400
    assert issued["token_type"].lower() == "bearer"


@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_wrong_secret_is_an_error_that_the_client_understands(desk: Script, way: str) -> None:
    """RFC 6749 §5.2, whichever way it came."""
    refused = desk.ask(step="grant", way=way, secret="wrong")
    assert "access_token" not in refused and refused["error"] in {
        "OAUTH_RESPONSE_BODY_ERROR", "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
    }, refused  # fmt: skip


def test_a_user_logs_in_with_pkce_state_and_nonce(live: Live, desk: Script) -> None:
    """The ID token's signature, nonce and audience are checked by the client; userinfo and refreshing work too."""
    url = desk.ask(step="begin", scope="openid profile email offline_access read:orders")["url"]
    done = desk.ask(step="finish", callback=log_in(live, url))
    assert "tokens" in done, done
    assert done["claims"]["sub"] == done["person"]["sub"] == live.user.user_id
    assert done["claims"]["aud"] == live.web.client_id and done["person"]["email"] == EMAIL
    access = live.tenant.verifier(AUDIENCE).verify(done["tokens"]["access_token"])
    assert access["sub"] == live.user.user_id and "read:orders" in access["scope"].split()
    again = desk.ask(step="refresh", refresh_token=done["tokens"]["refresh_token"])
    assert live.tenant.verifier(AUDIENCE).verify(again["access_token"])["sub"] == live.user.user_id


@pytest.mark.parametrize(
    ("replaced", "error"), [("state", "OAUTH_INVALID_RESPONSE"), ("nonce", "OAUTH_JWT_CLAIM_COMPARISON_FAILED")]
)
def test_the_client_refuses_what_answers_another_request(live: Live, desk: Script, replaced: str, error: str) -> None:
    """State and nonce come back exactly as they were sent; anything else is no answer to this request."""
    url = desk.ask(step="begin", scope="openid")["url"]
    refused = desk.ask(step="finish", callback=log_in(live, url), **{replaced: "of-another-request"})
    assert refused["error"] == error and "tokens" not in refused


def test_the_tenant_refuses_another_code_verifier(live: Live, desk: Script) -> None:
    """A code is of no use to who did not ask for it (RFC 7636 §4.6)."""
    url = desk.ask(step="begin", scope="openid")["url"]
    refused = desk.ask(step="finish", callback=log_in(live, url), code_verifier="x" * 43)
    assert refused["error"] == "OAUTH_RESPONSE_BODY_ERROR"
