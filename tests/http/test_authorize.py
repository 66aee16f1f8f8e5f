"""The authorization endpoint over real HTTP: what is asked, and to whom a refusal is told (RFC 6749 §4.1)."""

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from authkit import Api, Application, SteerableClock, Tenant

Training = Tenant[SteerableClock]
CALLBACK = "https://app.example/callback"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636 appendix B


@pytest.fixture
def asked(browser) -> dict[str, str]:
    """A request in order."""
    return dict(browser.asked)


@pytest.fixture
def spa(tenant: Training, user) -> Iterator[Application]:
    """A public application."""
    spa = tenant.applications.create(name="Order page", app_type="spa", callbacks=[CALLBACK])
    yield spa
    tenant.applications.delete(spa)


def told_to_the_user(answer: httpx.Response, error: str, status: int = 400) -> None:
    """An error page, and no way back."""
    assert answer.status_code == status and "Location" not in answer.headers
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f"Error code <code>{error}</code>" in answer.text and "<form" not in answer.text
    assert "Set-Cookie" not in answer.headers


def told_to_the_application(browser, answer, error, state="s-1"):
    """In its callback, with the state as it was sent."""
    returned = browser.returned(answer)
    description = returned.pop("error_description")
    assert returned == {"error": error, **({} if state is None else {"state": state})}
    return description


# What is in order


def test_a_request_in_order_shows_the_login_page(browser) -> None:
    """Nobody is logged in yet."""
    page = browser.open()
    assert page.status_code == 200 and "<h1>Log in</h1>" in page.text and "Order desk" in page.text


def test_head_is_answered_without_a_body(browser) -> None:
    """Link checkers ask so."""
    answer = browser.http.head("/authorize", params=browser.asked)
    assert answer.status_code == 200 and answer.content == b""


def test_a_request_by_post_goes_on_as_get(browser, asked) -> None:
    """OpenID Connect Core 1.0 §3.1.2.1 asks for both."""
    answer = browser.http.post("/authorize", data=asked)
    assert answer.status_code == 303 and answer.next_request is not None
    assert "<h1>Log in</h1>" in browser.http.get(answer.next_request.url).text


def test_a_request_by_post_that_is_no_form_is_an_error_page(browser, asked) -> None:
    """As is one that is too large, or has a line break for the header it becomes."""
    told_to_the_user(browser.http.post("/authorize", json=asked), "invalid_request")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    told_to_the_user(browser.http.post("/authorize", content="a" * 20_000, headers=headers), "invalid_request", 413)
    answer = browser.http.post("/authorize", content="a=b\r\nSet-Cookie: x=y", headers=headers)
    assert "x" not in answer.cookies and "set-cookie" not in answer.headers


def test_unknown_parameters_are_ignored(browser) -> None:
    """RFC 6749 §3.1."""
    assert browser.open(ui_locales="de", unknown="x").status_code == 200


# Told to the user: the client or its callback is at fault


@pytest.mark.parametrize("client_id", [None, "", "nobody", "<script>", "\u202e", "x" * 2000, "\0"], ids=ascii)
def test_an_unknown_client_is_an_error_page(browser, client_id: str | None) -> None:
    """RFC 6749 §4.1.2.1: nobody is sent anywhere."""
    told_to_the_user(browser.open(client_id=client_id), "invalid_request")


@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        "",
        "https://evil.example/",
        "https://app.example/",
        "https://app.example/callback/",
        "https://app.example/callback/../evil",
        "https://app.example/callback?x=y",
        "https://app.example/callback#x",
        "https://app.example/Callback",
        "https://app.example:443/callback",
        "https://APP.example/callback",
        "http://app.example/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://app.example%2f@evil.example/callback",
        "https://evil.example\\@app.example/callback",
        "//app.example/callback",
        "/callback",
        "javascript:alert(1)",
        "data:text/html,x",
        " https://app.example/callback",
        "https://app.example/callback ",
        "https://app.example/callback\r\nSet-Cookie: x=y",
        "https://app.example/callback\0",
        "https://app.example/%63allback",
    ],
    ids=ascii,
)
def test_another_callback_is_an_error_page(browser, redirect_uri: str | None) -> None:
    """Letter by letter (RFC 9700 §4.1.3): no open redirect, whatever else is wrong with the request."""
    told_to_the_user(browser.open(redirect_uri=redirect_uri), "invalid_request")
    told_to_the_user(
        browser.open(redirect_uri=redirect_uri, response_type="token", prompt="none", audience="x"), "invalid_request"
    )


def test_a_callback_of_another_application_is_an_error_page(browser, tenant: Training) -> None:
    """Registered, but not by who asks."""
    tenant.applications.create(name="Other", app_type="spa", callbacks=["https://other.example/callback"])
    told_to_the_user(browser.open(redirect_uri="https://other.example/callback"), "invalid_request")


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
def test_client_or_callback_twice_is_an_error_page(browser, asked, name: str) -> None:
    """RFC 6749 §3.1: which of them is meant, nobody can say – not even where both are the same."""
    for second in (asked[name], "https://evil.example/", ""):
        told_to_the_user(
            browser.http.get(f"/authorize?{urlencode([*asked.items(), (name, second)])}"), "invalid_request"
        )


@pytest.mark.parametrize("query", ["", "&&", "%", "=%ff", "client_id=%ff", "a=%ED%A0%80"])
def test_a_query_that_says_nothing_is_an_error_page(browser, query: str) -> None:
    """Empty, or not UTF-8."""
    told_to_the_user(browser.http.get(f"/authorize?{query}"), "invalid_request")


def test_too_long_a_query_is_414(browser) -> None:
    """8 KiB; nothing of it is repeated."""
    answer = browser.open(state="x" * 8192)
    told_to_the_user(answer, "invalid_request", 414)
    assert "xxx" not in answer.text


def test_too_many_parameters_are_an_error_page(browser, asked) -> None:
    """Fifty are enough for everyone."""
    told_to_the_user(
        browser.http.get("/authorize", params={**asked, **{f"p{n}": "x" for n in range(50)}}), "invalid_request"
    )


# Told to the application: everything else


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({"response_type": "CODE"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"request": "eyJ.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "sometimes"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "\u0664"}, "invalid_request"),
        ({"max_age": "9" * 5000}, "invalid_request"),
        ({"audience": "https://orders.example"}, "access_denied"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
    ids=str,
)
def test_another_fault_goes_back_to_the_application(browser, changes: dict[str, str | None], error: str) -> None:
    """RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6: error, description and state."""
    assert told_to_the_application(browser, browser.open(**changes), error)


def test_an_unknown_audience_is_named_as_the_vendor_does(browser) -> None:
    """`Service not found: <aud>`."""
    answer = browser.open(audience="https://nobody.example/")
    assert told_to_the_application(browser, answer, "access_denied") == "Service not found: https://nobody.example/"


def test_a_grant_type_that_is_not_allowed_goes_back(browser, tenant: Training) -> None:
    """`unauthorized_client`, in the vendor's words."""
    app = tenant.applications.create(name="No codes", app_type="spa", callbacks=[CALLBACK], grant_types=[])
    told = told_to_the_application(browser, browser.open(client_id=app.client_id), "unauthorized_client")
    assert told == "Grant type 'authorization_code' not allowed for the client."


def test_a_public_application_must_use_pkce(browser, spa: Application) -> None:
    """RFC 9700 §2.1.1: it has no secret to prove itself with."""
    told_to_the_application(browser, browser.open(client_id=spa.client_id), "invalid_request")
    page = browser.open(client_id=spa.client_id, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["response_type", "scope", "audience", "nonce", "code_challenge", "prompt", "unknown"])
def test_a_repeated_parameter_goes_back(browser, asked, name: str) -> None:
    """RFC 6749 §3.1, also where both values are the same, or one is empty."""
    for second in (asked.get(name, "x"), "", "y"):
        pairs = [*{**asked, name: asked.get(name, "x")}.items(), (name, second)]
        answer = browser.http.get(f"/authorize?{urlencode(pairs)}")
        assert name in told_to_the_application(browser, answer, "invalid_request")


def test_a_repeated_state_is_not_echoed(browser, asked) -> None:
    """Neither of them is the one that was sent."""
    answer = browser.http.get(f"/authorize?{urlencode([*asked.items(), ('state', 's-2')])}")
    told_to_the_application(browser, answer, "invalid_request", state=None)


STATES = [
    "0",
    "a b+c",
    "äöü ✓ 𝄞",
    '"><script>alert(1)</script>',
    "a&code=x&state=y#z",
    "%41",
    "\r\nLocation: x",
    "x" * 4000,
]


@pytest.mark.parametrize("state", STATES, ids=ascii)
def test_the_state_is_echoed_letter_by_letter(browser, state: str) -> None:
    """With an error as with a code (RFC 6749 §4.1.2)."""
    told_to_the_application(browser, browser.open(state=state, prompt="none"), "login_required", state)
    page = browser.log_in(state=state)
    returned = browser.returned(browser.submit(page, decision="accept"))
    assert returned["state"] == state and set(returned) == {"code", "state"}


@pytest.mark.parametrize("state", [None, ""])
def test_no_state_is_echoed_where_none_was_sent(browser, state: str | None) -> None:
    """It is recommended, not required; one without a value counts as left out (RFC 6749 §3.1)."""
    told_to_the_application(browser, browser.open(state=state, prompt="none"), "login_required", state=None)


def test_a_callback_with_a_query_of_its_own_keeps_it(browser, tenant: Training) -> None:
    """RFC 6749 §3.1.2: letter by letter, also what a URL library would write in another way."""
    callback = "https://app.example/cb;v=1/~x?tenant=a%2fb&empty="
    app = tenant.applications.create(name="Query", app_type="regular_web", callbacks=[callback])
    answer = browser.open(client_id=app.client_id, redirect_uri=callback, prompt="none")
    assert answer.headers["Location"].startswith(f"{callback}&error=login_required")


def test_a_refusal_is_in_the_log(browser, tenant: Training, api: Api) -> None:
    """`fcoa`, with the client and without what was sent."""
    browser.open(audience="not-a-secret-but-might-be-one")
    [newest] = tenant.log.page(0, 1, newest_first=True)
    assert (newest.type, newest.client_id) == ("fcoa", browser.asked["client_id"])


@pytest.mark.parametrize("path", ["/login", "/consent"])
def test_the_address_of_a_form_begins_again(browser, path: str) -> None:
    """It stands in the address bar after a failed login; whoever opens it once more is where they were."""
    answer = browser.http.get(path, params=browser.asked)
    assert answer.status_code == 303 and answer.next_request is not None
    assert answer.headers["Location"].startswith("authorize?") and "Set-Cookie" not in answer.headers
    assert "<h1>Log in</h1>" in browser.http.get(answer.next_request.url).text
    assert browser.http.get(f"{path}?//evil.example").headers["Location"] == "authorize?//evil.example"


def test_an_error_page_says_which_setting_was_broken(browser) -> None:
    """What was sent, what it is compared with, and where to change that."""
    page = browser.open(redirect_uri="https://app.example/callback/").text
    assert "&#39;https://app.example/callback/&#39; is none of its callbacks." in page
    assert "Decided by <code>application.callbacks</code>" in page and "tenant.applications.update" in page


@pytest.mark.parametrize("character", "/:@!$*(),;?|[]{}^`~\\=")
def test_a_form_is_no_longer_than_the_request_that_led_to_it(browser, character: str) -> None:
    """What is left bare in an address stays bare: encoded, the same request could be longer than the limit."""
    asked = {name: value for name, value in browser.asked.items() if name != "state"}
    page = browser.http.get(f"/authorize?{urlencode(asked)}&state={character * 7000}")
    assert page.status_code == 200
    assert len(browser.form(page).action) < 8000
    told_to_the_application(
        browser, browser.http.get(f"/authorize?{urlencode(asked)}&prompt=none&state=%2B%26%25{character}"),
        "login_required", f"+&%{character}",
    )  # fmt: skip
