"""Consent: the table of when the page is shown (S11), and what is remembered."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Api, Application, SteerableClock, Tenant, User
from authkit.issuance.consent import on_loopback

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
WEB = "https://shop.example/callback"
LOCAL = ["http://localhost:3000/cb", "http://127.0.0.1:9000/cb", "http://[::1]:8000/cb", "http://LOCALHOST/cb"]

TABLE: list[tuple[str, bool, bool, bool, bool, str]] = [
    # callback, first party, the API's skip flag, with an API, whether it is shown, which setting decides
    (WEB, True, True, True, False, "api.skip_consent_for_verifiable_first_party_clients"),
    (WEB, True, False, True, True, "api.skip_consent_for_verifiable_first_party_clients"),
    (WEB, False, True, True, True, "application.is_first_party"),
    (WEB, False, False, True, True, "application.is_first_party"),
    (WEB, True, True, False, False, "request.audience"),
    (WEB, False, True, False, True, "application.is_first_party"),
    *((local, first, flag, True, True, "application.callbacks")
      for local in LOCAL for first in (True, False) for flag in (True, False)),
    (LOCAL[0], True, True, False, True, "application.callbacks"),
]  # fmt: skip


@pytest.mark.parametrize(("callback", "first", "flag", "with_api", "shown", "setting"), TABLE)
def test_when_the_consent_page_is_shown(
    tenant: Training, orders: Api, shop: Application, ada: User, asked: Ask, refusal: Ask,
    callback: str, first: bool, flag: bool, with_api: bool, shown: bool, setting: str,
) -> None:  # fmt: skip
    """Row by row, with the setting that decides; and authorize agrees with what was said."""
    tenant.applications.update(shop, is_first_party=first, callbacks=[callback])
    tenant.apis.update(orders, skip_consent_for_verifiable_first_party_clients=flag)
    request = asked(redirect_uri=callback, **({} if with_api else {"audience": None}))
    consent = tenant.authorization(request).consent(ada)
    assert (consent.needed, consent.setting) == (shown, setting)
    assert consent.reason.endswith(".") and repr(consent) and consent._repr_html_()
    if shown:
        assert refusal(tenant.authorize, request, ada).trace.refusing.name == "consent"
    assert tenant.authorize(request, ada, consented=shown).code


@pytest.mark.parametrize(
    ("callback", "expected"),
    [
        *((local, True) for local in LOCAL),
        (WEB, False),
        ("http://127.0.0.2/", True),
        ("http://localhost./cb", True),
        ("http://app.localhost:3000/cb", True),
        ("http://127.1:9000/cb", True),
        ("http://2130706433/cb", True),
        ("http://0x7f.0.0.1/cb", True),
        ("http://0177.0.0.1./cb", True),
        ("http://0.0.0.0:9000/cb", True),
        ("http://0/cb", True),
        ("http://[::]/cb", True),
        ("http://[::ffff:127.0.0.1]/cb", True),
        ("http://loc%61lhost/cb", True),
        ("http://127.1.example/cb", False),
        ("http://2147483649/cb", False),
        ("https://localhost.example/", False),
        ("https://notlocalhost/", False),
        ("http://128.0.0.1/", False),
        ("http://[::2]/", False),
        ("https://example.com/localhost", False),
        ("com.example.app:/back", False),
    ],
)
def test_localhost_is_a_host(callback: str, expected: bool) -> None:
    """Not a word somewhere in the address."""
    assert on_loopback(callback) is expected


@pytest.fixture
def asking(tenant: Training, orders: Api) -> None:
    """The API asks first-party applications too."""
    tenant.apis.update(orders, skip_consent_for_verifiable_first_party_clients=False)


@pytest.mark.usefixtures("asking")
def test_what_was_agreed_to_is_remembered(tenant: Training, ada: User, asked: Ask, log_in: Ask) -> None:
    """For these scopes and fewer; more asks again, and then both are remembered."""

    def needed(scope: str) -> bool:
        return bool(tenant.authorization(asked(scope=scope)).consent(ada).needed)

    assert needed("read:orders")
    log_in(scope="read:orders")
    assert not needed("read:orders") and not needed("") and needed("read:orders write:orders") and needed("openid")
    log_in(scope="write:orders")
    assert not needed("write:orders read:orders")
    assert tenant.authorize(asked(scope="read:orders write:orders"), ada).code


@pytest.mark.usefixtures("asking")
def test_it_is_remembered_for_this_user_application_and_api(
    tenant: Training, ada: User, shop: Application, asked: Ask, log_in: Ask
) -> None:
    """Another user, application or API is asked anew; and so is an API that was deleted and made again."""
    log_in()
    eve = tenant.users.create(email="eve@example.com", password="correct horse")
    other = tenant.applications.create(name="Other", app_type="spa", callbacks=[WEB])
    tenant.apis.create(identifier="https://stock.example/")
    assert not tenant.authorization(asked()).consent(ada).needed
    assert tenant.authorization(asked()).consent(eve).needed
    assert tenant.authorization(asked(other)).consent(ada).needed
    assert tenant.authorization(asked(audience="https://stock.example/")).consent(ada).needed
    tenant.apis.delete("https://orders.example/")
    tenant.apis.create(identifier="https://orders.example/")
    assert tenant.authorization(asked(scope="")).consent(ada).needed


@pytest.mark.usefixtures("asking")
def test_a_refusal_is_not_remembered_as_consent(tenant: Training, ada: User, asked: Ask, refusal: Ask) -> None:
    """Nor is anything stored."""
    refusal(tenant.authorize, asked(), ada)
    assert tenant.authorization(asked()).consent(ada).needed
    assert tenant.registry.database.rows("SELECT 1 FROM consents") == []


def test_a_consent_that_was_not_asked_for_is_not_remembered(tenant: Training, log_in: Ask) -> None:
    """The page was not shown, so nobody agreed to anything."""
    log_in()
    assert tenant.registry.database.rows("SELECT 1 FROM consents") == []


def test_prompt_consent_shows_it_in_any_case(tenant: Training, ada: User, asked: Ask) -> None:
    """The application asked for it."""
    consent = tenant.authorization(asked(prompt="consent")).consent(ada)
    assert (consent.needed, consent.setting) == (True, "request.prompt")


def test_the_page_lists_what_would_be_granted(tenant: Training, orders: Api, ada: User, asked: Ask) -> None:
    """Not what falls away by RBAC or is not defined."""
    tenant.apis.update(orders, enforce_policies=True)
    tenant.users.add_permissions(ada, orders, ["write:orders"])
    request = asked(scope="openid read:orders write:orders nonsense")
    assert tenant.authorization(request).consent(ada).scopes == ("openid", "write:orders")
