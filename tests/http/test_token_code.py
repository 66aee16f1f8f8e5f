"""The authorization code grant over real HTTP (RFC 6749 §4.1.3, RFC 7636 §4.5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from authkit import Api, Application, SteerableClock, Tenant, decode

Training = Tenant[SteerableClock]
CALLBACK = "https://app.example/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
UNKNOWN = "Unknown or invalid authorization code"


@pytest.fixture(autouse=True)
def another_second(tenant: Training) -> None:
    """Two logins within one bring the same JWT, which would count until both are revoked."""
    tenant.clock.advance(seconds=1)


@pytest.fixture
def doomed(tenant: Training) -> Application:
    """A web application that a test may change or delete."""
    return tenant.applications.create(name="Doomed", app_type="regular_web", callbacks=[CALLBACK])


def identity(app: Application) -> dict[str, str]:
    """Who an application says it is, and its proof."""
    assert app.client_secret is not None
    return {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}


def refused(answer: httpx.Response, status: int, error: str) -> str:
    """Refused so, and nothing given: the description."""
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Access-Control-Allow-Origin"] == "*"
    return str(answer.json()["error_description"])


def good(answer: httpx.Response) -> dict[str, Any]:
    """Answered with tokens, which nobody stores."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"
    return dict(answer.json())


# What a code brings


def test_a_code_becomes_tokens(browser, redeem, tenant: Training, api: Api, web: Application) -> None:
    """An access token for the API and userinfo, an ID token for the application, and no refresh token unasked."""
    tokens = good(redeem(code=browser.code(nonce="n-1")))
    assert set(tokens) == {"access_token", "id_token", "token_type", "expires_in", "scope"}
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 86400, "openid read:orders")
    claims = tenant.verifier(api).verify(tokens["access_token"])
    assert claims["aud"] == [api.identifier, f"{tenant.issuer}userinfo"] and claims["azp"] == web.client_id
    id_claims = decode(tokens["id_token"]).payload
    assert (id_claims["aud"], id_claims["nonce"]) == (web.client_id, "n-1")


def test_who_asks_how_old_the_login_is_is_told_when_it_was(browser, redeem, tenant: Training) -> None:
    """`auth_time`, as OpenID Connect Core §2 asks for where the request has a `max_age`: not when the code came."""
    began = int(tenant.clock.now())
    assert "auth_time" not in decode(good(redeem(code=browser.code()))["id_token"]).payload
    tenant.clock.advance(seconds=40)
    answer = browser.open(max_age="60")
    answer = browser.submit(answer, decision="accept") if answer.status_code == 200 else answer
    tokens = good(redeem(code=browser.returned(answer)["code"]))
    assert decode(tokens["id_token"]).payload["auth_time"] == began


def test_the_body_may_be_json(browser, client: httpx.Client, web: Application) -> None:
    """With null for what was left out, as the vendor's SDK sends it."""
    body = {**identity(web), "grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": None}
    good(client.post("/oauth/token", json={**body, "code": browser.code()}))


def test_the_client_may_authenticate_by_basic(browser, client: httpx.Client, web: Application) -> None:
    """RFC 6749 §2.3.1."""
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": browser.code()}
    client_id, secret = identity(web).values()
    good(client.post("/oauth/token", data=form, auth=(client_id, secret)))


def test_the_login_decides_what_the_tokens_are_for(browser, redeem, tenant: Training, api: Api) -> None:
    """Scope and audience of the token request are not read: the user agreed to others."""
    tokens = good(redeem(code=browser.code(), scope="openid write:orders", audience=f"{tenant.issuer}api/v2/"))
    assert tokens["scope"] == "openid read:orders"
    assert decode(tokens["access_token"]).payload["aud"][0] == api.identifier


def test_a_code_is_good_for_a_minute(browser, redeem, tenant: Training) -> None:
    """By the tenant's clock, the sixtieth second excluded."""
    code = browser.code()
    tenant.clock.advance(seconds=59)
    good(redeem(code=code))
    code = browser.another().code()
    tenant.clock.advance(seconds=60)
    assert refused(redeem(code=code), 403, "invalid_grant") == UNKNOWN


# Codes that are none


@pytest.mark.parametrize("code", ["x", " ", "\0", "é✓", "A" * 43, "a." * 1000], ids=lambda code: ascii(code[:9]))
def test_a_code_that_was_never_issued_is_refused(redeem, user, code: str) -> None:
    """403 where RFC 6749 §5.2 has 400: as the original does."""
    assert refused(redeem(code=code), 403, "invalid_grant") == UNKNOWN


@pytest.mark.parametrize("code", [None, ""])
def test_a_missing_code_is_named(redeem, code: str | None) -> None:
    """400 `invalid_request`."""
    assert "code" in refused(redeem(code=code), 400, "invalid_request")


def test_anothers_code_is_as_good_as_none(browser, redeem, doomed: Application) -> None:
    """One answer for both; and the one it was issued to can still use it."""
    code = browser.code()
    unknown, foreign = redeem(code="x", **identity(doomed)), redeem(code=code, **identity(doomed))
    refused(foreign, 403, "invalid_grant")
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    good(redeem(code=code))


def test_other_tokens_are_no_codes(browser, redeem) -> None:
    """Access token and ID token."""
    tokens = good(redeem(code=browser.code()))
    for name in ("access_token", "id_token"):
        refused(redeem(code=tokens[name]), 403, "invalid_grant")


# Who redeems it, and how


def test_a_wrong_secret_does_not_spend_the_code(browser, redeem) -> None:
    """401 first; who is who they say they are comes after."""
    code = browser.code()
    for secret in ("wrong", None, ""):
        refused(redeem(code=code, client_secret=secret), 401, "access_denied")
    good(redeem(code=code))


@pytest.mark.parametrize("name", ["code", "redirect_uri", "code_verifier"])
def test_a_repeated_parameter_is_refused(browser, client: httpx.Client, web: Application, name: str) -> None:
    """RFC 6749 §3.2: nothing was read, so the code is not spent."""
    form = {
        "grant_type": "authorization_code", "code": browser.code(**PKCE), "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER, **identity(web),
    }  # fmt: skip
    assert name in refused(client.post("/oauth/token", data={**form, name: [form[name]] * 2}), 400, "invalid_request")
    good(client.post("/oauth/token", data=form))


@pytest.mark.parametrize(
    "redirect_uri",
    [None, "", "https://app.example/other", f"{CALLBACK}/", f"{CALLBACK}?", CALLBACK.upper(), "https://evil.example/"],
)
def test_another_redirect_uri_is_refused(browser, redeem, tenant: Training, web: Application, redirect_uri) -> None:
    """RFC 6749 §4.1.3: letter by letter that of the login, even where another one is registered."""
    tenant.applications.update(web, callbacks=[CALLBACK, "https://app.example/other"])
    refused(redeem(code=browser.code(), redirect_uri=redirect_uri), 403, "invalid_grant")


def test_a_grant_that_was_disabled_since_is_403(browser, redeem, tenant: Training, doomed: Application) -> None:
    """In the vendor's words."""
    code = browser.code(client_id=doomed.client_id)
    tenant.applications.update(doomed, grant_types=["client_credentials"])
    told = refused(redeem(code=code, **identity(doomed)), 403, "unauthorized_client")
    assert told == "Grant type 'authorization_code' not allowed for the client."


# PKCE


@pytest.mark.parametrize(
    "verifier",
    [None, "", "x" * 43, VERIFIER[:-1], VERIFIER + "A", VERIFIER.lower(), CHALLENGE, f"{VERIFIER} ", "é" * 43],
)
def test_a_wrong_verifier_is_refused(browser, redeem, verifier: str | None) -> None:
    """RFC 7636 §4.6: missing, another, cut, longer, or the challenge itself."""
    refused(redeem(code=browser.code(**PKCE), code_verifier=verifier), 403, "invalid_grant")


def test_the_right_verifier_is_taken(browser, redeem) -> None:
    """That of RFC 7636 appendix B."""
    good(redeem(code=browser.code(**PKCE), code_verifier=VERIFIER))


def test_a_verifier_without_a_challenge_is_refused(browser, redeem) -> None:
    """PKCE downgrade (RFC 9700 §4.8.2): somebody took the challenge out of the request."""
    refused(redeem(code=browser.code(), code_verifier=VERIFIER), 403, "invalid_grant")


def test_a_public_application_proves_itself_by_pkce_alone(browser, redeem, tenant: Training) -> None:
    """It has no secret, and one that is presented is refused."""
    spa = tenant.applications.create(name="Order page", app_type="spa", callbacks=[CALLBACK])
    code = browser.code(client_id=spa.client_id, **PKCE)
    presented = {"code": code, "client_id": spa.client_id, "code_verifier": VERIFIER}
    refused(redeem(**presented, client_secret="x"), 401, "access_denied")
    refused(redeem(**{**presented, "code_verifier": None}, client_secret=None), 403, "invalid_grant")
    good(redeem(**presented, client_secret=None))


# What changed while the code was on its way


def test_a_blocked_user_gets_no_tokens(browser, redeem, tenant: Training, user) -> None:
    """The code was issued before."""
    code = browser.code()
    tenant.users.update(user, blocked=True)
    try:
        refused(redeem(code=code), 403, "invalid_grant")
    finally:
        tenant.users.update(user, blocked=False)


def test_a_deleted_user_gets_no_tokens(browser, redeem, tenant: Training) -> None:
    """The code went with the user."""
    somebody = tenant.users.create(email="bob@example.com", password="correct horse battery")
    page = browser.log_in("bob@example.com")
    code = browser.returned(browser.submit(page, decision="accept"))["code"]
    tenant.users.delete(somebody)
    refused(redeem(code=code), 403, "invalid_grant")


def test_a_deleted_api_gets_no_tokens(browser, redeem, tenant: Training) -> None:
    """There is nothing left to write one for."""
    api = tenant.apis.create(identifier="https://gone.example/")
    code = browser.code(audience=api.identifier)
    tenant.apis.delete(api)
    refused(redeem(code=code), 403, "invalid_grant")


def test_a_deleted_application_gets_no_tokens(browser, redeem, tenant: Training, doomed: Application) -> None:
    """It is nobody any more."""
    code = browser.code(client_id=doomed.client_id)
    tenant.applications.delete(doomed)
    refused(redeem(code=code, **identity(doomed)), 401, "access_denied")


# Twice


def test_a_code_used_twice_takes_back_what_it_brought(
    browser, redeem, refresh, client: httpx.Client, tenant: Training
) -> None:
    """RFC 6749 §4.1.2: its family, and its JWT at our own userinfo; another API accepts that until it expires."""
    api = tenant.apis.create(identifier="https://twice.example/", allow_offline_access=True)
    code = browser.code(audience=api.identifier, scope="openid offline_access")
    tokens = good(redeem(code=code))
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.get("/userinfo", headers=bearer).status_code == 200
    good(refresh(refresh_token=tokens["refresh_token"]))
    assert refused(redeem(code=code), 403, "invalid_grant") == UNKNOWN
    assert client.get("/userinfo", headers=bearer).status_code == 401
    refused(refresh(refresh_token=tokens["refresh_token"]), 403, "invalid_grant")
    assert tenant.verifier(api).verify(tokens["access_token"])["sub"].startswith("auth0|")


def test_a_code_used_twice_takes_back_its_opaque_token(browser, redeem, client: httpx.Client) -> None:
    """One without an audience; the token of another login stays."""
    other = good(redeem(code=browser.another().code(audience="", scope="openid")))["access_token"]
    code = browser.code(audience="", scope="openid")
    opaque = good(redeem(code=code))["access_token"]
    refused(redeem(code=code), 403, "invalid_grant")
    statuses = [
        client.get("/userinfo", headers={"Authorization": f"Bearer {one}"}).status_code for one in (opaque, other)
    ]
    assert statuses == [401, 200]


def test_the_management_api_refuses_what_a_reused_code_brought(
    browser, redeem, client: httpx.Client, tenant: Training
) -> None:
    """Its JWT is meant for that API, and verifies; a user's is refused there even before."""
    management = f"{tenant.issuer}api/v2/"
    code = browser.code(audience=management, scope="openid read:clients")
    token = good(redeem(code=code))["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v2/clients", headers=bearer).status_code == 403
    refused(redeem(code=code), 403, "invalid_grant")
    assert client.get("/api/v2/clients", headers=bearer).status_code in (401, 403)
    assert tenant.is_revoked(token) and tenant.verifier(management).verify(token)["scope"] == "openid read:clients"


def test_a_reused_code_is_refused_also_when_it_is_old(browser, redeem, client: httpx.Client, tenant: Training) -> None:
    """Whoever finds one in a log a day later ends what came of it."""
    code = browser.code()
    bearer = {"Authorization": f"Bearer {good(redeem(code=code))['access_token']}"}
    tenant.clock.advance(hours=1)
    assert client.get("/userinfo", headers=bearer).status_code == 200
    refused(redeem(code=code), 403, "invalid_grant")
    assert client.get("/userinfo", headers=bearer).status_code == 401


def test_a_thief_without_the_secret_takes_nothing_back(browser, redeem, client: httpx.Client) -> None:
    """A used code in the hands of somebody who is not the application changes nothing."""
    code = browser.code()
    bearer = {"Authorization": f"Bearer {good(redeem(code=code))['access_token']}"}
    refused(redeem(code=code, client_secret="wrong"), 401, "access_denied")
    assert client.get("/userinfo", headers=bearer).status_code == 200


def test_of_many_at_once_one_gets_the_tokens(browser, redeem, client: httpx.Client) -> None:
    """And then loses them, as the others come too late."""
    code = browser.code()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: redeem(code=code), range(8)))
    [tokens] = [answer.json() for answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 7
    assert client.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).status_code == 401


# The log


def test_the_log_has_every_outcome_and_no_secret(browser, redeem, tenant: Training, user, web: Application) -> None:
    """`seacft` and `feacft`, with application and user, and nothing of what was sent."""
    code = browser.code(**PKCE)
    tokens = good(redeem(code=code, code_verifier=VERIFIER))
    redeem(code=code, code_verifier=VERIFIER)
    redeem(code="hunter2", code_verifier=VERIFIER, redirect_uri="hunter2")
    unknown, again, first = tenant.log.page(0, 3, newest_first=True)
    assert (first.type, again.type, unknown.type) == ("seacft", "feacft", "feacft")
    assert first.client_id == again.client_id == web.client_id and first.user_id == user.user_id
    secrets = [code, VERIFIER, "hunter2", identity(web)["client_secret"], tokens["access_token"], tokens["id_token"]]
    assert not [one for one in secrets if one in f"{unknown}{again}{first}"]
