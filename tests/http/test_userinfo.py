"""The userinfo endpoint over real HTTP (OpenID Connect Core 1.0 §5.3, RFC 6750)."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRequest,
    ClientCredentials,
    SteerableClock,
    Tenant,
    serve,
    training_tenant,
)

Training = Tenant[SteerableClock]
Tokens = dict[str, Any]
CALLBACK = "https://app.example/callback"
REALM = 'Bearer realm="userinfo"'


@pytest.fixture(autouse=True)
def another_second(tenant: Training) -> None:
    """Two logins within one bring the same JWT."""
    tenant.clock.advance(seconds=1)


@pytest.fixture
def login(browser, redeem) -> Callable[..., Tokens]:
    """The tokens of a login."""

    def tokens(**changes: str) -> Tokens:
        answer = redeem(code=browser.another().code(**changes))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return tokens


@pytest.fixture
def ask(client: httpx.Client) -> Callable[..., httpx.Response]:
    """Asks with an access token."""

    def about(token: str, method: str = "GET", **options: Any) -> httpx.Response:
        return client.request(method, "/userinfo", headers={"Authorization": f"Bearer {token}"}, **options)

    return about


def refused(answer: httpx.Response, status: int = 401, error: str = "invalid_token") -> str:
    """Refused so, in the body and in the header, and readable by a page: the challenge."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith(f'{REALM}, error="{error}"')
    open_to_pages_and_not_stored(answer)
    return challenge


def open_to_pages_and_not_stored(answer: httpx.Response) -> None:
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "WWW-Authenticate"


# Who it tells of


@pytest.mark.parametrize(
    "scope, claims",
    [
        ("openid", {}),
        ("openid profile", {"name": "Ada"}),
        ("openid email", {"email": "ada@example.com", "email_verified": False}),
        ("openid email profile", {"name": "Ada", "email": "ada@example.com", "email_verified": False}),
    ],
)
@pytest.mark.parametrize("audience", ["https://orders.example/", ""], ids=["JWT", "opaque"])
def test_scopes_decide_what_is_told(login, ask, user, scope: str, claims: Tokens, audience: str) -> None:
    """OpenID Connect Core 1.0 §5.4, with a JWT and with the opaque token of who named no audience."""
    token = login(scope=scope, audience=audience)["access_token"]
    assert (token.count(".") == 2) == bool(audience)
    answer = ask(token)
    assert answer.status_code == 200 and answer.json() == {"sub": user.user_id, **claims}
    assert answer.headers["Content-Type"] == "application/json"
    open_to_pages_and_not_stored(answer)


def test_by_get_head_and_post(login, ask, client: httpx.Client) -> None:
    """§5.3.1; the scheme is written in any case."""
    token = login()["access_token"]
    got, posted, head = ask(token), ask(token, "POST"), ask(token, "HEAD")
    assert got.json() == posted.json() == ask(token, "POST", data={"x": "y"}).json()
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(got.content)))
    assert client.get("/userinfo", headers={"Authorization": f"bEARER  {token}"}).json() == got.json()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_405(client: httpx.Client, method: str) -> None:
    """It says which there are."""
    answer = client.request(method, "/userinfo")
    assert answer.status_code == 405 and {"GET", "POST"} <= {*answer.headers["Allow"].split(", ")}


# Tokens that are none


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic x", "x", "Bearerx y"])
def test_without_a_token_no_error_is_named(client: httpx.Client, header: str | None) -> None:
    """RFC 6750 §3.1: the bare challenge."""
    answer = client.get("/userinfo", headers={} if header is None else {"Authorization": header})
    assert (answer.status_code, answer.headers["WWW-Authenticate"], answer.content) == (401, REALM, b"")
    open_to_pages_and_not_stored(answer)


@pytest.mark.parametrize(
    "token", [b"x", b"a.b.c", b"..", b"\xed\xb3\xbf", b"\xff", b'"', b"x y", b"a" * 8000], ids=ascii
)
def test_what_is_no_token_is_401(client: httpx.Client, token: bytes) -> None:
    """Whatever it is; nothing of it comes back in a header."""
    header: Any = {"Authorization": b"Bearer " + token}
    assert refused(client.get("/userinfo", headers=header)).count('"') in (4, 6)


def test_an_id_token_is_no_access_token(login, ask) -> None:
    """Its audience is the application."""
    assert "aud." in refused(ask(login()["id_token"]))


def test_a_token_for_an_api_alone_is_refused(login, ask) -> None:
    """Without openid, userinfo is not in its audience."""
    assert "aud." in refused(ask(login(scope="read:orders")["access_token"]))


def test_a_token_of_an_application_is_refused(ask, tenant: Training, app: Application, api: Api) -> None:
    """It speaks for nobody."""
    asked = ClientCredentials(app, audience=api.identifier)
    refused(ask(tenant.request_token(asked).access_token))


def test_a_token_for_an_hs256_api_is_refused(login, ask, tenant: Training) -> None:
    """Who holds that API's secret could write one for anybody."""
    api = tenant.apis.create(identifier="https://stock.example/", signing_alg="HS256")
    assert "alg." in refused(ask(login(audience=api.identifier, scope="openid")["access_token"]))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_changed_token_is_refused(login, ask, place: int) -> None:
    """In header, payload or signature."""
    parts = login()["access_token"].split(".")
    parts[place] = parts[place][:8] + ("A" if parts[place][8] != "A" else "B") + parts[place][9:]
    refused(ask(".".join(parts)))


def test_an_opaque_token_is_compared_whole(login, ask) -> None:
    """Neither cut, nor longer, nor in another case."""
    token = login(audience="", scope="openid")["access_token"]
    for other in (token[:-1], f"{token}A", token.swapcase(), f"{token}."):
        refused(ask(other))


def test_without_openid_the_challenge_says_what_is_missing(login, ask) -> None:
    """RFC 6750 §3: `insufficient_scope`, and which scope that is."""
    answer = ask(login(audience="", scope="profile")["access_token"])
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == f'{REALM}, error="insufficient_scope", scope="openid"'


@pytest.mark.parametrize("audience", ["https://orders.example/", ""], ids=["JWT", "opaque"])
def test_an_expired_token_is_refused(login, ask, tenant: Training, audience: str) -> None:
    """After a day, by the tenant's clock."""
    token = login(audience=audience, scope="openid")["access_token"]
    tenant.clock.advance(seconds=86399)
    assert ask(token).status_code == 200
    tenant.clock.advance(seconds=1)
    refused(ask(token))


def test_a_token_ends_with_its_key() -> None:
    """It holds through a rotation, and no longer than its key."""
    with training_tenant() as tenant, serve(tenant) as server, httpx.Client(trust_env=False) as client:
        api = tenant.apis.create(identifier="a")
        web = tenant.applications.create(name="x", app_type="regular_web", callbacks=[CALLBACK])
        user = tenant.users.create(email="ada@example.com", password="correct horse battery")
        asked = AuthorizationRequest(web, redirect_uri=CALLBACK, audience=api.identifier, scope="openid")
        code = tenant.authorize(asked, user, consented=True).code
        token = tenant.request_token(AuthorizationCode(web, code=code, redirect_uri=CALLBACK)).access_token

        def status() -> int:
            return client.get(f"{server.url}/userinfo", headers={"Authorization": f"Bearer {token}"}).status_code

        first = tenant.keys.current.kid
        tenant.keys.rotate()
        assert status() == 200
        tenant.keys.revoke(first)
        assert status() == 401


@pytest.mark.parametrize("audience", ["https://orders.example/", ""], ids=["JWT", "opaque"])
def test_a_user_who_is_blocked_or_gone_is_not_told_of(login, ask, tenant: Training, browser, redeem, audience) -> None:
    """Whatever the token says."""
    bob = tenant.users.create(email="bob@example.com", password="correct horse battery")
    page = browser.log_in("bob@example.com", audience=audience, scope="openid")
    code = browser.returned(browser.submit(page, decision="accept"))["code"]
    token = redeem(code=code).json()["access_token"]
    tenant.users.update(bob, blocked=True)
    refused(ask(token))
    tenant.users.update(bob, blocked=False)
    assert ask(token).status_code == 200
    tenant.users.delete(bob)
    refused(ask(token))


# Where the token is


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_in_the_address_is_refused(login, ask, client: httpx.Client, method: str) -> None:
    """RFC 6750 §2.3 is not served: addresses end up in logs. Not even beside one in the header."""
    token = login()["access_token"]
    refused(client.request(method, "/userinfo", params={"access_token": token}), 400, "invalid_request")
    refused(ask(token, method, params={"access_token": token}), 400, "invalid_request")
    refused(ask(token, method, params=[("access_token", "x")] * 2), 400, "invalid_request")


def test_a_token_in_a_form_is_refused(login, ask, client: httpx.Client) -> None:
    """One way of sending it is enough."""
    token = login()["access_token"]
    refused(client.post("/userinfo", data={"access_token": token}), 400, "invalid_request")
    refused(ask(token, "POST", data={"access_token": token}), 400, "invalid_request")
    refused(ask(token, "POST", data={"access_token": [token, token]}), 400, "invalid_request")


def test_two_headers_are_refused(login, client: httpx.Client) -> None:
    """Two readers could take different ones."""
    headers = [("Authorization", f"Bearer {login()['access_token']}"), ("Authorization", "Bearer x")]
    refused(client.get("/userinfo", headers=headers), 400, "invalid_request")


def test_address_and_body_have_limits(login, ask) -> None:
    """8 KiB and 16 KiB, as everywhere."""
    token = login()["access_token"]
    refused(ask(token, params={"x": "y" * 8200}), 414, "invalid_request")
    refused(ask(token, "POST", data={"x": "y" * 16_400}), 413, "invalid_request")
    refused(ask(token, params=[(f"x{number}", "y") for number in range(51)]), 400, "invalid_request")
    assert ask(token, params={"x": "y" * 8000}).status_code == 200
    assert ask(token, "POST", data={"x": "y" * 16_000}).status_code == 200


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.binary(max_size=60).map(lambda text: bytes(byte for byte in text if byte > 31 and byte != 127)),
    scheme=st.sampled_from([b"Bearer ", b"Bearer a.b.", b""]),
    query=st.text(st.characters(codec="ascii", exclude_characters="#?"), max_size=20),
)
def test_any_request_is_refused_in_order(client: httpx.Client, header: bytes, scheme: bytes, query: str) -> None:
    """Never 500, and never a person."""
    headers: Any = {"Authorization": (scheme + header).strip()}
    answer = client.get("/userinfo", params=query, headers=headers)
    assert answer.status_code in (400, 401) and answer.headers["WWW-Authenticate"].startswith(REALM)


def test_a_closed_tenant_is_503() -> None:
    """The server says so, and a page can read it."""
    tenant = training_tenant()
    with serve(tenant) as server, httpx.Client(trust_env=False) as client:
        tenant.close()
        answer = client.get(f"{server.url}/userinfo", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["error"]) == (503, "server_error")
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Access-Control-Allow-Origin"] == "*"
