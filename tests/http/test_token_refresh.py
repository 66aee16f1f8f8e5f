"""The refresh token grant over real HTTP (RFC 6749 §6, RFC 9700 §4.14.2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from authkit import Api, Application, SteerableClock, Tenant, decode

Training = Tenant[SteerableClock]
Tokens = dict[str, Any]
Login = Callable[..., Tokens]
CALLBACK = "https://app.example/callback"
SCOPE = "openid read:orders offline_access"
UNKNOWN = "Unknown or invalid refresh token."
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
PKCE = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}


@pytest.fixture(autouse=True)
def another_second(tenant: Training) -> None:
    """Two logins within one bring the same JWT, which would count until both are revoked."""
    tenant.clock.advance(seconds=1)


@pytest.fixture(scope="module")
def api(tenant: Training) -> Api:
    """One that allows offline access."""
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    return tenant.apis.create(identifier="https://orders.example/", scopes=scopes, allow_offline_access=True)


@pytest.fixture
def rotating(tenant: Training, web: Application) -> Application:
    """An application each of whose refreshes brings the next refresh token."""
    made = tenant.applications.create(
        name="Rotating", app_type="regular_web", callbacks=[CALLBACK], refresh_token={"rotation_type": "rotating"}
    )
    return made


@pytest.fixture
def login(browser, redeem) -> Login:
    """Logs somebody in through an application, in a fresh browser."""

    def through(app: Application | None = None, **changes: str) -> Tokens:
        client = {} if app is None else {"client_id": app.client_id}
        code = browser.another().code(**client, **{"scope": SCOPE, **changes})
        return good(redeem(code=code, **({} if app is None else identity(app))))

    return through


def identity(app: Application) -> dict[str, str]:
    """Who an application says it is, and its proof."""
    assert app.client_secret is not None
    return {"client_id": app.client_id, "client_secret": app.client_secret.reveal()}


def good(answer: httpx.Response) -> Tokens:
    """Answered with tokens, which nobody stores."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"
    return dict(answer.json())


def refused(answer: httpx.Response, status: int = 403, error: str = "invalid_grant") -> str:
    """Refused so, and nothing given: the description."""
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Access-Control-Allow-Origin"] == "*"
    return str(answer.json()["error_description"])


def userinfo(client: httpx.Client, token: str) -> int:
    """The status that the userinfo endpoint answers this token with."""
    return client.get("/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code


# What a refresh token brings


def test_a_refresh_token_brings_new_tokens(login: Login, refresh, tenant: Training, api: Api) -> None:
    """By default it stays, and the answer holds none (facts: non-rotating, non-expiring)."""
    first = login(nonce="n-1")
    tenant.clock.advance(days=400)
    for _ in range(2):
        tokens = good(refresh(refresh_token=first["refresh_token"]))
        assert set(tokens) == {"access_token", "id_token", "token_type", "expires_in", "scope"}
        claims = tenant.verifier(api).verify(tokens["access_token"])
        assert (claims["gty"], claims["scope"], tokens["scope"]) == ("refresh_token", SCOPE, SCOPE)
    assert "nonce" not in decode(tokens["id_token"]).payload  # it was that of the login
    with pytest.raises(Exception, match="exp"):
        tenant.verifier(api).verify(first["access_token"])


def test_scopes_can_be_narrowed_and_never_widened(login: Login, refresh) -> None:
    """RFC 6749 §6; narrowing is for one token, not for the family."""
    token = login()["refresh_token"]
    narrow = good(refresh(refresh_token=token, scope="read:orders"))
    assert narrow["scope"] == "read:orders" and "id_token" not in narrow
    assert "write:orders" in refused(refresh(refresh_token=token, scope="write:orders"), 400, "invalid_scope")
    assert good(refresh(refresh_token=token))["scope"] == SCOPE


def test_a_public_application_refreshes_without_a_secret(browser, redeem, refresh, tenant: Training, user) -> None:
    """It has none; and one that is presented is refused."""
    spa = tenant.applications.create(name="Order page", app_type="spa", callbacks=[CALLBACK])
    me: dict[str, Any] = {"client_id": spa.client_id, "client_secret": None}
    code = browser.code(client_id=spa.client_id, scope=SCOPE, **PKCE)
    token = good(redeem(code=code, code_verifier=VERIFIER, **me))["refresh_token"]
    refused(refresh(refresh_token=token, **{**me, "client_secret": "x"}), 401, "access_denied")
    good(refresh(refresh_token=token, **me))


# Tokens that are none


@pytest.mark.parametrize("token", ["x", " ", "\0", "é✓", "A" * 43, "a.b.c"], ids=ascii)
def test_an_unknown_token_is_refused(refresh, token: str) -> None:
    """In the vendor's words, and with its status."""
    assert refused(refresh(refresh_token=token)) == UNKNOWN


@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_token_is_named(refresh, token: str | None) -> None:
    """400 `invalid_request`."""
    assert "refresh_token" in refused(refresh(refresh_token=token), 400, "invalid_request")


def test_other_tokens_are_no_refresh_tokens(login: Login, refresh, browser) -> None:
    """Access token, ID token, code."""
    tokens = login()
    for token in (tokens["access_token"], tokens["id_token"], browser.code()):
        assert refused(refresh(refresh_token=token)) == UNKNOWN


def test_a_refresh_token_is_no_other_token(login: Login, redeem, client: httpx.Client) -> None:
    """Neither a code nor an access token."""
    token = login()["refresh_token"]
    refused(redeem(code=token))
    assert userinfo(client, token) == 401


def test_anothers_token_is_as_good_as_none(login: Login, refresh, rotating: Application) -> None:
    """One answer for both; and its family goes on."""
    token = login()["refresh_token"]
    assert refused(refresh(refresh_token=token, **identity(rotating))) == UNKNOWN
    good(refresh(refresh_token=token))


@pytest.mark.parametrize("secret", ["wrong", "", None])
def test_a_wrong_secret_spends_nothing(login: Login, refresh, rotating: Application, secret: str | None) -> None:
    """401 first, and the token is not rotated."""
    token = login(rotating)["refresh_token"]
    refused(refresh(refresh_token=token, **{**identity(rotating), "client_secret": secret}), 401, "access_denied")
    good(refresh(refresh_token=token, **identity(rotating)))


def test_a_repeated_token_is_refused(login: Login, client: httpx.Client, refresh, web: Application) -> None:
    """RFC 6749 §3.2."""
    token = login()["refresh_token"]
    form: dict[str, Any] = {**identity(web), "grant_type": "refresh_token", "refresh_token": [token, token]}
    refused(client.post("/oauth/token", data=form), 400, "invalid_request")


# What changed since the login


def test_a_grant_that_was_disabled_since_is_403(login: Login, refresh, tenant: Training, rotating: Application) -> None:
    """In the vendor's words."""
    token = login(rotating)["refresh_token"]
    tenant.applications.update(rotating, grant_types=["authorization_code"])
    told = refused(refresh(refresh_token=token, **identity(rotating)), 403, "unauthorized_client")
    assert told == "Grant type 'refresh_token' not allowed for the client."


def test_offline_access_can_be_taken_back(login: Login, refresh, tenant: Training, api: Api) -> None:
    """S12: the API decides, also afterwards."""
    token = login()["refresh_token"]
    tenant.apis.update(api, allow_offline_access=False)
    try:
        assert refused(refresh(refresh_token=token)) == UNKNOWN
    finally:
        tenant.apis.update(api, allow_offline_access=True)
    good(refresh(refresh_token=token))


def test_a_blocked_user_gets_no_more(login: Login, refresh, tenant: Training, user) -> None:
    """Until unblocked."""
    token = login()["refresh_token"]
    tenant.users.update(user, blocked=True)
    try:
        assert refused(refresh(refresh_token=token)) == UNKNOWN
    finally:
        tenant.users.update(user, blocked=False)
    good(refresh(refresh_token=token))


def test_what_is_deleted_gets_no_more(login: Login, refresh, tenant: Training, rotating: Application) -> None:
    """The API first, then the application."""
    api = tenant.apis.create(identifier="https://gone.example/", allow_offline_access=True)
    token = login(rotating, audience=api.identifier)["refresh_token"]
    tenant.apis.delete(api)
    assert refused(refresh(refresh_token=token, **identity(rotating))) == UNKNOWN
    tenant.applications.delete(rotating)
    refused(refresh(refresh_token=token, **identity(rotating)), 401, "access_denied")


def test_an_expiring_token_ends_after_the_login(login: Login, refresh, tenant: Training) -> None:
    """However often it was rotated."""
    settings = {"rotation_type": "rotating", "expiration_type": "expiring", "token_lifetime": 100}
    app = tenant.applications.create(
        name="Expiring", app_type="regular_web", callbacks=[CALLBACK], refresh_token=settings
    )
    first = login(app)["refresh_token"]
    tenant.clock.advance(seconds=99)
    second = good(refresh(refresh_token=first, **identity(app)))["refresh_token"]
    tenant.clock.advance(seconds=1)
    assert refused(refresh(refresh_token=second, **identity(app))) == UNKNOWN


# Rotation


def test_each_use_brings_the_next(login: Login, refresh, rotating: Application) -> None:
    """And the next works."""
    tokens = login(rotating)
    seen = {tokens["refresh_token"]}
    for _ in range(3):
        tokens = good(refresh(refresh_token=tokens["refresh_token"], **identity(rotating)))
        seen.add(tokens["refresh_token"])
    assert len(seen) == 4


def test_a_stolen_token_replayed_ends_the_family(
    login: Login, refresh, client: httpx.Client, tenant: Training, rotating: Application, api: Api
) -> None:
    """Thief and owner lose all of it; `ferrt` is in the log; another API takes the JWT until it expires."""
    stolen = login(rotating)["refresh_token"]
    tokens = good(refresh(refresh_token=stolen, **identity(rotating)))
    other = login(rotating, prompt="login")
    assert userinfo(client, tokens["access_token"]) == 200
    tenant.clock.advance(seconds=1)

    assert refused(refresh(refresh_token=stolen, **identity(rotating))) == UNKNOWN
    [newest] = tenant.log.page(0, 1, newest_first=True)
    assert (newest.type, newest.client_id) == ("ferrt", rotating.client_id)
    assert stolen not in str(newest)

    assert refused(refresh(refresh_token=tokens["refresh_token"], **identity(rotating))) == UNKNOWN
    [newest] = tenant.log.page(0, 1, newest_first=True)
    assert newest.type == "fertft"  # what was revoked before is no second theft
    assert userinfo(client, tokens["access_token"]) == 401
    assert tenant.verifier(api).verify(tokens["access_token"])["sub"].startswith("auth0|")
    good(refresh(refresh_token=other["refresh_token"], **identity(rotating)))  # of another login


def test_within_the_leeway_an_answer_may_get_lost(login: Login, refresh, tenant: Training) -> None:
    """The one before the newest works again, until the leeway is over."""
    app = tenant.applications.create(
        name="Lossy", app_type="regular_web", callbacks=[CALLBACK],
        refresh_token={"rotation_type": "rotating", "leeway": 10},
    )  # fmt: skip
    first = login(app)["refresh_token"]
    good(refresh(refresh_token=first, **identity(app)))
    tenant.clock.advance(seconds=9)
    second = good(refresh(refresh_token=first, **identity(app)))["refresh_token"]
    tenant.clock.advance(seconds=1)
    assert refused(refresh(refresh_token=first, **identity(app))) == UNKNOWN
    assert refused(refresh(refresh_token=second, **identity(app))) == UNKNOWN


def test_of_many_at_once_one_gets_the_next(login: Login, refresh, rotating: Application) -> None:
    """The others come with a token that was used: the family ends, and what the one got with it."""
    token = login(rotating)["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(refresh_token=token, **identity(rotating)), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 7
    [tokens] = [answer.json() for answer in answers if answer.status_code == 200]
    assert refused(refresh(refresh_token=tokens["refresh_token"], **identity(rotating))) == UNKNOWN


def test_the_log_has_no_token(login: Login, refresh, tenant: Training, rotating: Application, user) -> None:
    """`sertft`, with whom it concerned."""
    before = login(rotating)["refresh_token"]
    after = good(refresh(refresh_token=before, **identity(rotating)))
    refresh(refresh_token="hunter2")
    failed, done = tenant.log.page(0, 2, newest_first=True)
    assert (failed.type, done.type, done.user_id) == ("fertft", "sertft", user.user_id)
    secrets = (before, after["refresh_token"], after["access_token"], "hunter2")
    assert not [one for one in secrets if one in f"{failed}{done}"]
