"""The authorization request: each rule with its code, and where the browser is sent."""

import math
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from authkit import (
    Api,
    Application,
    AuthorizationRefused,
    ConfigurationError,
    RegistrationError,
    SteerableClock,
    Tenant,
    User,
)

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
CALLBACK = "https://shop.example/callback"


def told(url: str | None) -> dict[str, list[str]]:
    assert url is not None
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


# Error pages: nobody is sent to an address that no known application has registered


@pytest.mark.parametrize("client_id", ["", "nobody", "\0", "' OR 1=1 --"])
def test_an_unknown_client_is_an_error_page(tenant: Training, asked: Ask, refusal: Ask, client_id: str) -> None:
    """Never a redirect (RFC 6749 §4.1.2.1)."""
    error = refusal(tenant.authorization, asked(client_id, state="s"))
    assert isinstance(error, AuthorizationRefused)
    assert (error.status, error.error, error.redirect_to) == (400, "invalid_request", None)
    assert error.trace.refusing is not None and error.trace.refusing.name == "client"
    assert "error page" in str(error)


@pytest.mark.parametrize(
    "uri",
    [None, "", "https://evil.example/", CALLBACK + "/", CALLBACK + "?x=1", CALLBACK.upper(), CALLBACK[:-1],
     "https://shop.example:443/callback", "https://shop.example/./callback", "https://shop.example@evil.example/"],
    ids=str,
)  # fmt: skip
def test_another_redirect_uri_is_an_error_page(tenant: Training, asked: Ask, refusal: Ask, uri: str | None) -> None:
    """Letter by letter, nothing is normalised."""
    error = refusal(tenant.authorization, asked(redirect_uri=uri))
    assert (error.status, error.error, error.redirect_to) == (400, "invalid_request", None)
    assert error.trace.refusing.name == "redirect_uri"


def test_an_application_without_callbacks_has_no_flow(tenant: Training, asked: Ask, refusal: Ask) -> None:
    """Nothing can be letter by letter the same."""
    bare = tenant.applications.create(name="Bare", app_type="spa")
    assert refusal(tenant.authorization, asked(bare)).redirect_to is None


# Errors that the application is told


@pytest.mark.parametrize(
    ("sent", "rule", "status", "error"),
    [
        ({"response_type": None}, "response_type", 400, "invalid_request"),
        ({"response_type": "token"}, "response_type", 400, "unsupported_response_type"),
        ({"response_type": "code token"}, "response_type", 400, "unsupported_response_type"),
        ({"prompt": "dance"}, "prompt", 400, "invalid_request"),
        ({"prompt": "none login"}, "prompt", 400, "invalid_request"),
        ({"audience": "https://unknown.example/"}, "audience", 403, "access_denied"),
        ({"audience": "https://orders.example"}, "audience", 403, "access_denied"),
    ],
    ids=str,
)
def test_a_rule_tells_the_callback(
    tenant: Training, asked: Ask, refusal: Ask, sent: dict[str, Any], rule: str, status: int, error: str
) -> None:
    """With error, error_description and state."""
    refused = refusal(tenant.authorization, asked(**sent, state="a b&c=d"))
    assert (refused.status, refused.error, refused.trace.refusing.name) == (status, error, rule)
    assert refused.redirect_to.startswith(f"{CALLBACK}?error=")
    assert told(refused.redirect_to) == {
        "error": [error], "error_description": [refused.description], "state": ["a b&c=d"],
    }  # fmt: skip


def test_an_unknown_audience_is_told_in_the_vendors_words(tenant: Training, asked: Ask, refusal: Ask) -> None:
    """And the id of an API is none."""
    for audience in ("https://x.example/", next(iter(tenant.apis)).id):
        assert refusal(tenant.authorization, asked(audience=audience)).description == f"Service not found: {audience}"


def test_a_grant_type_that_is_off_is_refused(tenant: Training, asked: Ask, refusal: Ask, shop: Application) -> None:
    """In the vendor's words."""
    tenant.applications.update(shop, grant_types=["refresh_token"])
    error = refusal(tenant.authorization, asked())
    assert (error.status, error.error) == (403, "unauthorized_client") and error.redirect_to
    assert error.description == "Grant type 'authorization_code' not allowed for the client."


@pytest.mark.parametrize("state", [None, "", "x", "ä &=#%+", "x" * 2000])
def test_the_state_comes_back_as_it_was_sent(
    tenant: Training, log_in: Ask, asked: Ask, refusal: Ask, state: Any
) -> None:
    """With the code and with an error; not sent, it does not come back."""
    response, error = log_in(state=state), refusal(tenant.authorization, asked(state=state, response_type="x"))
    expected = None if state is None else [state]
    assert told(response.redirect_to).get("state") == told(error.redirect_to).get("state") == expected
    assert response.state == state and told(response.redirect_to)["code"] == [response.code]


@pytest.mark.parametrize(
    ("callback", "start"),
    [
        ("https://shop.example/cb?tenant=a%20b", "https://shop.example/cb?tenant=a%20b&code="),
        ("https://shop.example/cb?", "https://shop.example/cb?code="),
        ("https://shop.example/cb?a=1&", "https://shop.example/cb?a=1&code="),
        ("com.example.shop:/back", "com.example.shop:/back?code="),
        ("com.example.shop://back", "com.example.shop://back?code="),
    ],
)
def test_a_callbacks_own_query_stays(
    tenant: Training, shop: Application, log_in: Ask, callback: str, start: str
) -> None:
    """Byte for byte; ours comes behind it (RFC 6749 §3.1.2)."""
    tenant.applications.update(shop, callbacks=[callback])
    assert log_in(redirect_uri=callback).redirect_to.startswith(start)


# After the login


def test_a_blocked_user_is_refused(tenant: Training, ada: User, log_in: Ask, refusal: Ask) -> None:
    """Whoever logged them in."""
    tenant.users.update(ada, blocked=True)
    error = refusal(log_in)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "access_denied", "user")
    assert error.redirect_to.startswith(f"{CALLBACK}?error=access_denied")


def test_consent_that_was_not_given_is_access_denied(
    tenant: Training, orders: Api, asked: Ask, ada: User, refusal: Ask
) -> None:
    """In the vendor's words, and the application is told."""
    tenant.apis.update(orders, skip_consent_for_verifiable_first_party_clients=False)
    error = refusal(tenant.authorize, asked(), ada)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "access_denied", "consent")
    assert error.description == "User did not authorize the request" and error.redirect_to


def test_prompt_none_shows_no_page(tenant: Training, orders: Api, asked: Ask, ada: User, refusal: Ask) -> None:
    """Consent that would be needed is an error, even if it is said to be given (OpenID Connect Core §3.1.2.6)."""
    assert tenant.authorize(asked(prompt="none"), ada).code
    tenant.apis.update(orders, skip_consent_for_verifiable_first_party_clients=False)
    error = refusal(tenant.authorize, asked(prompt="none"), ada, consented=True)
    assert error.error == "consent_required" and error.redirect_to


def test_nobody_logged_in_under_prompt_none(tenant: Training, asked: Ask) -> None:
    """What the login page answers in place of itself."""
    error = tenant.authorization(asked(prompt="none", state="s")).login_required()
    assert error.error == "login_required" and told(error.redirect_to)["state"] == ["s"]
    assert [rule.outcome for rule in error.trace.rules[-3:]] == ["refused", "not reached", "not reached"]


def test_a_code_is_drawn_last(tenant: Training, asked: Ask, ada: User, refusal: Ask, log_in: Ask) -> None:
    """A refused attempt changes no later code."""
    from authkit import training_tenant

    refusal(tenant.authorize, asked(audience="x"), ada)
    refusal(tenant.authorize, asked(response_type="x"), ada)
    first = log_in().code
    with training_tenant() as other:
        app = other.applications.create(name="x", app_type="regular_web", callbacks=[CALLBACK])
        user = other.users.create(email="a@b.example", password="correct horse")
        request = asked(app, audience=None, code_challenge=None, code_challenge_method=None)
        assert other.authorize(request, user).code == first


def test_the_store_knows_a_code_by_its_hash_alone(tenant: Training, log_in: Ask) -> None:
    """Who reads the file cannot redeem it."""
    code = log_in().code
    rows = str(tenant.registry.database.rows("SELECT * FROM authorization_codes"))
    assert code not in rows and len(tenant.registry.database.rows("SELECT 1 FROM authorization_codes")) == 1


def test_an_authorization_and_a_response_show_themselves(tenant: Training, asked: Ask, log_in: Ask) -> None:
    """Escaped, and the code not whole."""
    evil = "https://<img src=x>/"
    tenant.apis.create(identifier=evil, skip_consent_for_verifiable_first_party_clients=True)
    response, authorization = log_in(audience=evil, state="<img>"), tenant.authorization(asked(audience=evil))
    for shown in (response, authorization, authorization.login_required()):
        assert "<img" not in shown._repr_html_() and repr(shown)
    assert response.code not in repr(response) + response._repr_html_()


# Arguments


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uri": 5}, "request.redirect_uri"),
        ({"scope": 5}, "request.scope"),
        ({"scope": [5]}, "request.scope"),
        ({"audience": b"x"}, "request.audience"),
        ({"response_type": ["code"]}, "request.response_type"),
        ({"state": 5}, "request.state"),
        ({"state": "\ud800"}, "request.state"),
        ({"nonce": "\ud800"}, "request.nonce"),
        ({"nonce": {}}, "request.nonce"),
        ({"code_challenge": b"x"}, "request.code_challenge"),
        ({"code_challenge_method": 5}, "request.code_challenge_method"),
        ({"prompt": ["none"]}, "request.prompt"),
    ],
    ids=ascii,
)
def test_an_argument_of_the_wrong_kind_is_one_clear_error(asked: Ask, changes: dict[str, Any], code: str) -> None:
    """Said when the request is made."""
    with pytest.raises(ConfigurationError) as caught:
        asked(**changes)
    assert caught.value.code == code and caught.value.remedy


@pytest.mark.parametrize("thing", [None, 5, "x", {}], ids=repr)
def test_a_request_is_a_request(tenant: Training, ada: User, thing: Any) -> None:
    """Nothing else is guessed to be one."""
    for ask in (tenant.authorization, lambda it: tenant.authorize(it, ada)):
        with pytest.raises(ConfigurationError) as caught:
            ask(thing)
        assert caught.value.code == "request.unknown"


def test_a_user_is_one_of_the_tenants(tenant: Training, asked: Ask) -> None:
    """By object, id or address; anything else is an error."""
    with pytest.raises(RegistrationError) as caught:
        tenant.authorize(asked(), "auth0|nobody")
    assert caught.value.code == "id.unknown"
    for user in (None, 5, b"x"):
        with pytest.raises(ConfigurationError) as wrong:
            tenant.authorize(asked(), user)  # type: ignore[arg-type]
        assert wrong.value.code == "request.user"


@pytest.mark.parametrize("auth_time", [math.nan, math.inf, -1, True, "now", []])
def test_a_login_has_a_moment(tenant: Training, asked: Any, ada: User, auth_time: Any) -> None:
    """A NumericDate, and nothing else; no code is made."""
    with pytest.raises(ConfigurationError) as caught:
        tenant.authorize(asked(), ada, auth_time=auth_time)
    assert caught.value.code == "request.auth_time"
