"""The consent page: whom it names, what it lists, why it is shown, and what an answer brings."""

import httpx
import pytest

from authkit import Api, Application, SteerableClock, Tenant

Training = Tenant[SteerableClock]
CALLBACK = "https://app.example/callback"


@pytest.fixture
def consent(browser):
    """The page, after a login."""
    return browser.log_in(scope="openid profile read:orders write:orders unknown")


def newest(tenant: Training) -> tuple[str, str, str]:
    [entry] = tenant.log.page(0, 1, newest_first=True)
    return entry.type, entry.user_id, entry.client_id


def test_it_names_application_api_scopes_and_user(consent: httpx.Response) -> None:
    """Each scope with the API's own words; one that the API does not define is not promised."""
    for shown in ("Order desk", "Orders", "https://orders.example/", "Read orders", "Write orders", "ada@example.com"):
        assert shown in consent.text
    for scope in ("openid", "profile", "read:orders", "write:orders"):
        assert f"<code>{scope}</code>" in consent.text
    assert "<code>unknown</code>" not in consent.text and CALLBACK in consent.text


def test_it_says_what_falls_away(browser, consent: httpx.Response) -> None:
    """A scope that was asked for in vain; nothing where all of them are granted."""
    assert "It asked for more, and does not get it: unknown." in consent.text
    assert "asked for more" not in browser.open().text


def test_it_says_why_it_is_shown(consent: httpx.Response) -> None:
    """And which setting decides it."""
    assert "third party" in consent.text and "<code>application.is_first_party</code>" in consent.text


def test_accepting_brings_a_code(browser, consent: httpx.Response, tenant: Training, user, web: Application) -> None:
    """With the state; the login is in the log."""
    returned = browser.returned(browser.submit(consent, decision="accept"))
    assert set(returned) == {"code", "state"} and newest(tenant) == ("s", user.user_id, web.client_id)


@pytest.mark.parametrize("decision", ["decline", "", "ACCEPT", "yes", None])
def test_anything_but_accepting_is_declining(browser, consent, tenant, user, web, decision: str | None) -> None:
    """`access_denied` with the state, and in the log; the next request asks again."""
    returned = browser.returned(browser.send(consent, decision=decision))
    assert returned.pop("error_description") and returned == {"error": "access_denied", "state": "s-1"}
    assert newest(tenant) == ("fcoa", user.user_id, web.client_id)
    assert "<h1>Allow access?</h1>" in browser.open().text


@pytest.mark.parametrize("token", [None, "", "A" * 43])
def test_a_form_without_its_token_agrees_to_nothing(browser, consent: httpx.Response, token: str | None) -> None:
    """Another site could otherwise agree in the user's name."""
    answer = browser.send(consent, decision="accept", form_token=token)
    assert answer.status_code == 403 and "This form cannot be used" in answer.text


def test_a_form_with_anothers_token_agrees_to_nothing(browser, consent: httpx.Response) -> None:
    """Of the same user, in another browser."""
    other = browser.another()
    token = other.form(other.log_in(scope="openid profile read:orders write:orders unknown")).fields["form_token"]
    assert browser.send(consent, decision="accept", form_token=token).status_code == 403


def test_agreeing_to_one_request_is_agreeing_to_no_other(browser, consent: httpx.Response) -> None:
    """The token of a page that asks for less."""
    token = browser.form(browser.open(scope="openid")).fields["form_token"]
    assert browser.send(consent, decision="accept", form_token=token).status_code == 403


def test_what_was_shown_is_what_is_agreed_to(browser, tenant: Training, web: Application) -> None:
    """A scope that the API got while the page was open is not slipped in."""
    api = tenant.apis.create(identifier="https://grows.example/", scopes={"read": "Read"})
    page = browser.log_in(audience=api.identifier, scope="read write")
    tenant.apis.update(api, scopes={"read": "Read", "write": "Write"})
    assert browser.send(page, decision="accept").status_code == 403
    assert "<code>write</code>" in browser.open(audience=api.identifier, scope="read write").text


def test_other_words_are_agreed_to_anew(browser, tenant: Training) -> None:
    """What a scope means, and what the API and the application are called, may change while the page is open."""
    api = tenant.apis.create(identifier="https://words.example/", name="Words", scopes={"read": "Read"})
    app = tenant.applications.create(name="Reader", app_type="regular_web", callbacks=[CALLBACK], is_first_party=False)
    asked = {"audience": api.identifier, "scope": "read", "client_id": app.client_id}
    page = browser.log_in(**asked)
    tenant.apis.update(api, scopes={"read": "Delete all you own"})
    assert browser.send(page, decision="accept").status_code == 403
    page = browser.open(**asked)
    assert "Delete all you own" in page.text
    tenant.apis.update(api, name="Other words")
    assert browser.send(page, decision="accept").status_code == 403
    page = browser.open(**asked)
    tenant.applications.update(app, name="Another reader")
    assert browser.send(page, decision="accept").status_code == 403
    assert "code" in browser.returned(browser.send(browser.open(**asked), decision="accept"))


def test_an_answer_after_the_session_ended_leads_to_the_login(browser, consent: httpx.Response) -> None:
    """And then back to the question."""
    browser.http.get("/v2/logout")
    answer = browser.submit(consent, decision="accept")
    assert "<h1>Log in</h1>" in answer.text


def test_somebody_else_may_log_in(browser, consent: httpx.Response, tenant: Training) -> None:
    """The page's link asks for the password, and then for that user's consent."""
    tenant.users.create(email="bob@example.com", password="correct horse battery")
    link = consent.text.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    login = browser.http.get(consent.url.join(link))
    assert "<h1>Log in</h1>" in login.text
    page = browser.submit(login, email="bob@example.com", password="correct horse battery")
    assert "<h1>Allow access?</h1>" in page.text and "bob@example.com" in page.text


def test_consent_is_remembered(browser, tenant: Training, api: Api) -> None:
    """A first-party application asks once; for more scopes again, and for prompt=consent each time."""
    own = tenant.applications.create(name="Own", app_type="regular_web", callbacks=[CALLBACK])
    page = browser.log_in(client_id=own.client_id, scope="read:orders")
    browser.submit(page, decision="accept")
    assert "code" in browser.returned(browser.open(client_id=own.client_id, scope="read:orders"))
    assert browser.open(client_id=own.client_id, scope="read:orders write:orders").status_code == 200
    assert browser.open(client_id=own.client_id, scope="read:orders", prompt="consent").status_code == 200


def test_without_an_api_the_profile_is_asked_for(browser) -> None:
    """The access token will be opaque."""
    page = browser.log_in(audience=None, scope="openid email")
    assert "your profile" in page.text and "Read your e-mail address" in page.text


def test_offline_access_is_asked_for_where_the_api_allows_it(browser, tenant: Training) -> None:
    """S12: in words that say what a refresh token is."""
    api = tenant.apis.create(identifier="https://offline.example/", allow_offline_access=True)
    assert "while you are away" in browser.log_in(audience=api.identifier, scope="offline_access").text
    assert "while you are away" not in browser.log_in(prompt="login", scope="offline_access").text
