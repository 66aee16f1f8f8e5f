"""Logging in on the way to a code: sessions, cookies, forms, guesses."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from authkit import Secret, SteerableClock, Tenant, serve, training_tenant
from authkit.http.login.attempts import FOR_ONE_ADDRESS, FOR_ONE_USER, WINDOW_SECONDS
from authkit.http.login.sessions import SESSION_SECONDS
from authkit.registry import passwords

Training = Tenant[SteerableClock]
CALLBACK = "https://app.example/callback"
PASSWORD = "correct horse battery"
WRONG = "The e-mail address or the password is wrong."


@pytest.fixture(autouse=True)
def rested(tenant: Training) -> Iterator[None]:
    """Failures of one test do not count in the next."""
    yield
    tenant.clock.advance(seconds=WINDOW_SECONDS)


def cookie_of(answer: httpx.Response) -> str:
    [(_, value)] = answer.cookies.items()
    return value


def newest(tenant: Training) -> tuple[str, str]:
    [entry] = tenant.log.page(0, 1, newest_first=True)
    return entry.type, entry.user_id


# In and through


def test_a_login_leads_to_a_code(browser, tenant: Training, user) -> None:
    """Login, consent, callback: code and state, and the login in the log."""
    consent = browser.log_in()
    assert "<h1>Allow access?</h1>" in consent.text
    returned = browser.returned(browser.submit(consent, decision="accept"))
    assert returned["state"] == "s-1" and len(returned["code"]) == 43 and set(returned) == {"code", "state"}
    assert newest(tenant) == ("s", user.user_id)


def test_an_address_is_taken_in_any_case(browser) -> None:
    """One user an address."""
    assert "<h1>Allow access?</h1>" in browser.log_in(email="ADA@Example.com").text


def test_a_space_around_the_address_is_no_fault(browser) -> None:
    """It comes with a paste; a password is taken as it is."""
    assert "<h1>Allow access?</h1>" in browser.log_in(email=" ada@example.com\t").text
    page = browser.open(prompt="login")
    assert browser.send(page, email="ada@example.com", password=f"{PASSWORD} ").status_code == 403


def test_who_is_logged_in_is_not_asked_again(browser) -> None:
    """The next request goes straight on, here to its consent page, since the first was not answered."""
    browser.log_in()
    assert "<h1>Allow access?</h1>" in browser.open().text


def test_a_login_hint_is_filled_in(browser) -> None:
    """OpenID Connect Core 1.0 §3.1.2.1; only the password is left to type."""
    page = browser.open(login_hint="ada@example.com")
    assert 'value="ada@example.com"' in page.text
    assert "<h1>Allow access?</h1>" in browser.submit(page, password=PASSWORD).text


def test_the_password_travels_no_further_than_the_login(browser) -> None:
    """The form is answered with 303: the browser goes on by GET (RFC 9700 §4.12)."""
    page = browser.open()
    answer = browser.send(page, email="ada@example.com", password=PASSWORD)
    assert answer.status_code == 303 and answer.content == b"" and PASSWORD not in answer.headers["Location"]


def test_all_addresses_in_pages_are_relative(browser) -> None:
    """So that they also hold behind another host name, or below a path of a proxy."""
    page = browser.open()
    assert re.search(r'action="login\?', page.text)
    assert browser.send(page, email="ada@example.com", password=PASSWORD).headers["Location"].startswith("authorize?")


# Refused


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "guessed it"), ("nobody@example.com", PASSWORD), ("ada@example.com", f"{PASSWORD}\0")],
)
def test_a_failed_login_is_the_same_page_with_one_sentence(browser, tenant, email: str, password: str) -> None:
    """One sentence for a wrong password and for nobody; the address stays, the password does not; the log tells."""
    answer = browser.send(browser.open(), email=email, password=password)
    assert answer.status_code == 403 and WRONG in answer.text and "<h1>Log in</h1>" in answer.text
    assert f'value="{email}"' in answer.text and password not in answer.text
    assert newest(tenant)[0] == ("fp" if email.startswith("ada") else "fu")
    assert "<h1>Allow access?</h1>" in browser.submit(answer, email="ada@example.com", password=PASSWORD).text


def test_a_blocked_user_is_refused_like_any_other(browser, tenant: Training) -> None:
    """Only the log says why; who is blocked while logged in is logged in no longer."""
    user = tenant.users.create(email="eve@example.com", password=PASSWORD)
    assert "<h1>Allow access?</h1>" in browser.log_in(email=user.email).text
    tenant.users.update(user, blocked=True)
    page = browser.open()
    assert "<h1>Log in</h1>" in page.text
    answer = browser.send(page, email=user.email, password=PASSWORD)
    assert answer.status_code == 403 and WRONG in answer.text and newest(tenant) == ("fp", user.user_id)


def test_a_deleted_user_is_logged_in_no_longer(browser, tenant: Training) -> None:
    """The session names nobody."""
    user = tenant.users.create(email="gone@example.com", password=PASSWORD)
    browser.log_in(email=user.email)
    tenant.users.delete(user)
    assert "<h1>Log in</h1>" in browser.open().text


def test_a_new_password_ends_every_login(browser, tenant: Training) -> None:
    """Also one that a stranger has begun with the old one; the new one begins another."""
    user = tenant.users.create(email="ida@example.com", password=PASSWORD)
    assert "<h1>Allow access?</h1>" in browser.log_in(email=user.email).text
    tenant.users.update(user, name="Ida")
    assert "<h1>Allow access?</h1>" in browser.open().text
    tenant.users.set_password(user, f"{PASSWORD}, another")
    assert "<h1>Log in</h1>" in browser.open().text
    answer = browser.submit(browser.open(), email=user.email, password=f"{PASSWORD}, another")
    assert "<h1>Allow access?</h1>" in answer.text


@pytest.mark.parametrize("typed", [{"email": ""}, {"password": ""}, {"email": "ada@example.com", "password": ""}])
def test_what_is_missing_is_asked_for(browser, typed: dict[str, str]) -> None:
    """Also without the browser's own check; it is no attempt."""
    for _ in range(FOR_ONE_USER + 1):
        answer = browser.send(browser.open(), **typed)
        assert answer.status_code == 403 and "Type your e-mail address and your password." in answer.text


def test_what_was_typed_is_not_in_the_log(browser, tenant: Training) -> None:
    """It may be a password in the wrong field."""
    browser.send(browser.open(), email="hunter2-my-password", password="x")
    assert "hunter2" not in repr(tenant.log)


def test_nobody_takes_as_long_as_somebody(browser, tenant: Training, user, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is hashed for an unknown address too: the time tells nothing."""
    checked: list[str] = []
    matches = passwords.matches

    def watched(given: Secret, kept: Secret) -> bool:
        checked.append(given.reveal())
        return matches(given, kept)

    monkeypatch.setattr(passwords, "matches", watched)
    for email in ("ada@example.com", "nobody@example.com"):
        browser.send(browser.open(), email=email, password="wrong")
    assert checked == ["wrong", "wrong"]


# Guesses


def test_guesses_for_one_user_end(browser, tenant: Training) -> None:
    """After five failures even the right password is refused, and the page says for how long; until it is over."""
    page = browser.open()
    for _ in range(FOR_ONE_USER):
        assert browser.send(page, email="ada@example.com", password="wrong").status_code == 403
    answer = browser.send(page, email="Ada@example.com", password=PASSWORD)
    assert answer.status_code == 429 and "wait a quarter of an hour" in answer.text
    assert answer.headers["Retry-After"] == str(WINDOW_SECONDS)
    assert "tenant.clock.advance(minutes=15)" in answer.text
    tenant.clock.advance(minutes=15)
    assert "<h1>Allow access?</h1>" in browser.submit(answer, email="ada@example.com", password=PASSWORD).text


def test_a_user_who_does_not_exist_is_locked_alike(browser) -> None:
    """Or the limit would tell who exists."""
    page = browser.open()
    answers = [
        browser.send(page, email="nobody@example.com", password="wrong").status_code for _ in range(FOR_ONE_USER + 1)
    ]
    assert answers == [403] * FOR_ONE_USER + [429]


def test_a_success_begins_anew(browser) -> None:
    """Who mistypes now and then is not locked out."""
    for _ in range(2):
        page = browser.open(prompt="login")
        for _ in range(FOR_ONE_USER - 1):
            browser.send(page, email="ada@example.com", password="wrong")
        assert browser.send(page, email="ada@example.com", password=PASSWORD).status_code == 303


def test_guesses_over_many_users_end(browser) -> None:
    """One address of the network, one password, many users."""
    page = browser.open()
    answers = [
        browser.send(page, email=f"u{n}@example.com", password="123456").status_code for n in range(FOR_ONE_ADDRESS + 1)
    ]
    assert answers == [403] * FOR_ONE_ADDRESS + [429]


# Cookies


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser, server) -> None:
    """HttpOnly, SameSite=Lax, for the whole server, with the port in its name; it ends with the browser."""
    name, _, rest = browser.open().headers["Set-Cookie"].partition("=")
    value, *flags = rest.split("; ")
    assert name == f"authkit_login_{server.port}" and len(value) == 43
    assert {flag.lower() for flag in flags} == {"httponly", "path=/", "samesite=lax"}


def test_with_tls_the_cookie_is_secure() -> None:
    """And its name keeps other servers from setting it."""
    with training_tenant() as tenant, serve(tenant, tls=True) as server:
        app = tenant.applications.create(name="x", app_type="regular_web", callbacks=[CALLBACK])
        asked = {"client_id": app.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        with httpx.Client(verify=False, trust_env=False) as client:
            given = client.get(f"{server.url}/authorize", params=asked).headers["Set-Cookie"]
    assert given.startswith(f"__Host-authkit_login_{server.port}=")
    assert {"secure", "httponly", "path=/"} <= {flag.lower() for flag in given.split("; ")}


def test_a_login_changes_the_cookie(browser) -> None:
    """Somebody may have planted the one from before (session fixation)."""
    page = browser.open()
    planted = cookie_of(page)
    browser.submit(page, email="ada@example.com", password=PASSWORD)
    assert browser.http.cookies.get(next(iter(browser.http.cookies))) != planted
    other = browser.another()
    other.http.cookies.set(next(iter(page.cookies)), planted)
    assert "<h1>Log in</h1>" in other.open().text


def test_a_second_login_ends_the_first(browser) -> None:
    """The old cookie is worth nothing any more."""
    browser.log_in()
    name = next(iter(browser.http.cookies))
    old = browser.http.cookies[name]
    browser.log_in(prompt="login")
    other = browser.another()
    other.http.cookies.set(name, old)
    assert "<h1>Log in</h1>" in other.open().text


def test_a_cookie_that_is_not_ours_is_replaced(browser, server) -> None:
    """Whatever stands in it."""
    for value in ("x", "a" * 43 + "=", "a" * 4000):
        answer = httpx.get(
            f"{server.url}/authorize",
            params=browser.asked,
            headers={"Cookie": f"authkit_login_{server.port}={value}"},
            trust_env=False,
        )
        assert len(cookie_of(answer)) == 43


def test_a_page_sets_no_cookie_where_one_is(browser) -> None:
    """Two pages side by side do not spoil each other's forms."""
    first, second = browser.open(), browser.open(state="s-2")
    assert "Set-Cookie" in first.headers and "Set-Cookie" not in second.headers
    browser.submit(second, email="ada@example.com", password="wrong")
    assert "<h1>Allow access?</h1>" in browser.submit(first, email="ada@example.com", password=PASSWORD).text


def test_a_session_ends(browser, tenant: Training) -> None:
    """By the tenant's clock, and setting that back does not bring it to life."""
    browser.log_in()
    before = tenant.clock.now()
    tenant.clock.advance(seconds=SESSION_SECONDS - 1)
    assert "<h1>Allow access?</h1>" in browser.open().text
    tenant.clock.advance(seconds=1)
    assert "<h1>Log in</h1>" in browser.open().text
    tenant.clock.set(datetime.fromtimestamp(before, UTC))
    assert "<h1>Log in</h1>" in browser.open().text


def test_a_logout_ends_the_session(browser) -> None:
    """The cookie is taken back, and worthless to who kept it; `returnTo` leads nowhere."""
    browser.log_in()
    name = next(iter(browser.http.cookies))
    kept = browser.http.cookies[name]
    answer = browser.http.get("/v2/logout", params={"returnTo": "https://evil.example/"})
    assert answer.status_code == 200 and "<h1>Logged out</h1>" in answer.text and "evil" not in answer.text
    assert not browser.http.cookies
    browser.http.cookies.set(name, kept)
    assert "<h1>Log in</h1>" in browser.open().text


# prompt and max_age (OpenID Connect Core 1.0 §3.1.2.1)


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
def test_prompt_login_asks_for_the_password_each_time(browser, prompt: str) -> None:
    """Logged in or not; once for each answer, and the consent page between does not ask again."""
    browser.log_in()
    for _ in range(2):
        page = browser.open(prompt=prompt)
        assert "<h1>Log in</h1>" in page.text
        consent = browser.submit(page, email="ada@example.com", password=PASSWORD)
        if consent.status_code == 200:
            assert "<h1>Allow access?</h1>" in browser.open(prompt=prompt).text
            consent = browser.submit(consent, decision="accept")
        assert "code" in browser.returned(consent)


def test_a_password_for_one_request_is_none_for_another(browser) -> None:
    """`prompt=login` is not answered by a login for something else."""
    browser.log_in(prompt="login")
    assert "<h1>Log in</h1>" in browser.open(prompt="login", state="s-2").text


def test_max_age_asks_again_after_that_time(browser, tenant: Training) -> None:
    """Seconds since the login; 0 is as `prompt=login`, even while the clock stands still."""
    browser.log_in()
    assert "<h1>Log in</h1>" in browser.open(max_age="0").text
    tenant.clock.advance(seconds=60)
    assert "<h1>Allow access?</h1>" in browser.open(max_age="60").text
    assert "<h1>Log in</h1>" in browser.open(max_age="59").text
    assert browser.returned(browser.open(max_age="59", prompt="none"))["error"] == "login_required"
    assert "<h1>Allow access?</h1>" in browser.log_in(max_age="0").text


def test_max_age_counts_while_the_consent_page_is_open(browser, tenant: Training) -> None:
    """A consent page that was left open is no way past it."""
    consent = browser.log_in(max_age="60")
    tenant.clock.advance(seconds=61)
    assert "<h1>Log in</h1>" in browser.open(max_age="60").text
    assert "<h1>Log in</h1>" in browser.submit(consent, decision="accept").text


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"max_age": "0"}])
def test_a_password_counts_for_its_request_some_minutes_long(browser, tenant: Training, asked: dict[str, str]) -> None:
    """Long enough to read a consent page, and not for the rest of the login."""
    consent = browser.log_in(**asked)
    tenant.clock.advance(minutes=10)
    assert "<h1>Allow access?</h1>" in browser.open(**asked).text
    tenant.clock.advance(seconds=1)
    assert "<h1>Log in</h1>" in browser.open(**asked).text
    assert "<h1>Log in</h1>" in browser.submit(consent, decision="accept").text


def test_only_the_user_of_an_id_token_hint_answers(browser, redeem, tenant: Training) -> None:
    """Else an application that asks after one user gets the code of another (OpenID Connect Core 1.0 §3.1.2.1)."""
    adas = redeem(code=browser.code(scope="openid")).json()["id_token"]
    assert "<h1>Allow access?</h1>" in browser.open(id_token_hint=adas).text
    tenant.users.create(email="hint@example.com", password=PASSWORD)
    eve = browser.another()
    page = eve.log_in("hint@example.com", id_token_hint=adas)
    assert "<h1>Log in</h1>" in page.text and "expects somebody else (id_token_hint)" in page.text
    assert f"{len(adas)} characters" in page.text
    assert eve.returned(eve.open(prompt="none", id_token_hint=adas))["error"] == "login_required"


@pytest.mark.parametrize("hint", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_an_id_token_hint_that_names_nobody_is_refused(browser, hint: str) -> None:
    """To pass over it would answer another question."""
    assert browser.returned(browser.open(id_token_hint=hint))["error"] == "invalid_request"


def test_prompt_none_shows_no_page(browser, tenant: Training, user) -> None:
    """`login_required`, then `consent_required`, then a code."""
    assert browser.returned(browser.open(prompt="none"))["error"] == "login_required"
    own = tenant.applications.create(name="Silent", app_type="regular_web", callbacks=[CALLBACK])
    consent = browser.log_in(client_id=own.client_id)
    assert browser.returned(browser.open(client_id=own.client_id, prompt="none"))["error"] == "consent_required"
    browser.submit(consent, decision="accept")
    assert "code" in browser.returned(browser.open(client_id=own.client_id, prompt="none"))


# Forms of other makers (CSRF)


def forged(browser, page, token):
    return browser.send(page, email="ada@example.com", password=PASSWORD, form_token=token)


def test_a_login_form_without_its_token_changes_nothing(browser) -> None:
    """Missing, empty, or made up: 403, and a way to start again."""
    for token in (None, "", "x", "é", "A" * 43):
        answer = forged(browser, browser.open(), token)
        assert answer.status_code == 403 and "This form cannot be used" in answer.text
        assert "Set-Cookie" not in answer.headers and 'href="authorize?' in answer.text
    assert "<h1>Log in</h1>" in browser.open().text


def test_a_login_form_with_anothers_token_changes_nothing(browser) -> None:
    """A token that the attacker had from the same server, for a browser of their own."""
    other = browser.another()
    token = other.form(other.open()).fields["form_token"]
    assert forged(browser, browser.open(), token).status_code == 403


def test_a_login_form_without_a_cookie_changes_nothing(browser) -> None:
    """As a form of another site comes: SameSite keeps the cookie back."""
    page = browser.open()
    browser.http.cookies.clear()
    assert browser.send(page, email="ada@example.com", password=PASSWORD).status_code == 403


def test_a_token_is_good_for_one_request_alone(browser) -> None:
    """The form of one request leads to no other."""
    token = browser.form(browser.open(state="s-2")).fields["form_token"]
    assert forged(browser, browser.open(), token).status_code == 403


def test_a_token_of_the_login_is_none_for_the_consent(browser) -> None:
    """Nor is one from before the login."""
    token = browser.form(browser.open()).fields["form_token"]
    consent = browser.log_in()
    answer = browser.send(consent, decision="accept", form_token=token)
    assert answer.status_code == 403 and "This form cannot be used" in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_the_browser_knows_to_be_foreign_is_refused(browser, site: str) -> None:
    """Fetch Metadata: a page on another port of this machine is `same-site`, and foreign all the same."""
    page = browser.open()
    browser.http.headers["Sec-Fetch-Site"] = site
    answer = browser.send(page, email="ada@example.com", password=PASSWORD)
    assert answer.status_code == 403 and "page of another site" in answer.text and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/login", "/consent"])
def test_a_form_that_is_none_is_an_error_page(browser, path: str) -> None:
    """JSON, a field twice, too large a body, a request that is not in order."""
    page = browser.open()
    fields = {**browser.form(page).fields, "email": "ada@example.com", "password": PASSWORD}
    target = f"{path}?{urlsplit(browser.form(page).action).query}"
    assert browser.http.post(target, json=fields).status_code == 400
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (
        browser.http.post(target, content=urlencode([*fields.items(), *fields.items()]), headers=headers).status_code
        == 400
    )
    assert browser.http.post(target, content=b"a" * 17_000, headers=headers).status_code == 413
    evil = urlencode({**dict(parse_qsl(urlsplit(target).query)), "redirect_uri": "https://evil.example/"})
    answer = browser.http.post(f"{path}?{evil}", data=fields)
    assert answer.status_code == 400 and "Location" not in answer.headers
