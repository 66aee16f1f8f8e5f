"""Refresh token families: what they show, whose they are, and ending one by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Api, Application, RegistrationError, SteerableClock, Tenant, User

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]


def test_a_login_with_offline_access_starts_a_family(
    tenant: Training, ada: User, shop: Application, orders: Api, signed_in: Ask
) -> None:
    """It says whose it is, for which API and scopes, and dates from the login."""
    login = int(tenant.clock.now())
    signed_in()
    (family,) = tenant.families()
    assert family.id.startswith("fam_") and len(family.id) == 20
    assert (family.user_id, family.client_id, family.audience) == (ada.user_id, shop.client_id, orders.identifier)
    assert family.scope == ("openid", "offline_access", "read:orders")
    assert (family.created_at, family.revoked_at) == (login, None)
    (token,) = family.tokens
    assert (token.number, token.parent, token.issued_at, token.replaced_at, token.newest) == (
        1,
        None,
        login,
        None,
        True,
    )


def test_a_family_dates_from_the_login_and_not_from_the_redemption(tenant: Training, log_in: Ask, redeem: Ask) -> None:
    """Its first token dates from the redemption."""
    code = log_in().code
    tenant.clock.advance(seconds=30)
    redeem(code)
    (family,) = tenant.families()
    assert family.tokens[0].issued_at == family.created_at + 30


def test_a_family_keeps_what_the_redemption_granted(
    tenant: Training, orders: Api, ada: User, log_in: Ask, redeem: Ask, refresh: Ask
) -> None:
    """A permission that was gone then is not in it, also if it comes back: a refresh never gets more."""
    tenant.apis.update(orders, enforce_policies=True)
    tenant.users.add_permissions(ada, orders, ["read:orders"])
    code = log_in().code
    tenant.users.remove_permissions(ada, orders, ["read:orders"])
    token = redeem(code).refresh_token
    tenant.users.add_permissions(ada, orders, ["read:orders"])
    assert tenant.families()[0].scope == ("openid", "offline_access")
    assert refresh(token).scope == "openid offline_access"


@pytest.mark.parametrize("changes", [{"scope": "openid"}, {"audience": None}], ids=["not asked", "no API"])
def test_without_offline_access_there_is_no_family(tenant: Training, signed_in: Ask, changes: dict[str, Any]) -> None:
    """Nor a refresh token."""
    assert signed_in(**changes).refresh_token is None and tenant.families() == ()


def test_a_family_shows_its_line(tenant: Training, signed_in: Ask, refresh: Ask) -> None:
    """Newest first, each with the one it replaced, and when."""
    login, token = int(tenant.clock.now()), signed_in().refresh_token
    for _ in range(2):
        tenant.clock.advance(seconds=10)
        token = refresh(token).refresh_token
    (family,) = tenant.families()
    assert [(one.number, one.parent, one.issued_at - login, one.replaced_at, one.newest) for one in family.tokens] == [
        (3, 2, 20, None, True), (2, 1, 10, login + 20, False), (1, None, 0, login + 10, False),
    ]  # fmt: skip


def test_within_the_leeway_one_token_has_two_children(
    tenant: Training, shop: Application, signed_in: Ask, refresh: Ask
) -> None:
    """Both came from the first, which keeps the moment of its first use; numbers count within the family."""
    signed_in()
    tenant.applications.update(shop, refresh_token={"rotation_type": "rotating", "leeway": 60})
    token = signed_in().refresh_token
    first_use = int(tenant.clock.now())
    for _ in range(2):
        refresh(token)
        tenant.clock.advance(seconds=1)
    tokens = tenant.families()[1].tokens
    assert [(one.number, one.parent, one.replaced_at, one.newest) for one in tokens] == [
        (3, 1, None, True), (2, 1, None, False), (1, None, first_use, False),
    ]  # fmt: skip


def test_the_families_of_one_user(tenant: Training, ada: User, asked: Ask, signed_in: Ask, redeem: Ask) -> None:
    """Oldest first; those of others are left out, and an unknown user is an error."""
    eve = tenant.users.create(email="eve@example.com", password="correct horse battery")
    signed_in()
    redeem(tenant.authorize(asked(), eve).code)
    signed_in()
    first, second, third = tenant.families()
    assert tenant.families(ada) == tenant.families(ada.user_id) == (first, third) and tenant.families(eve) == (second,)
    assert len({first.id, second.id, third.id}) == 3
    with pytest.raises(RegistrationError) as caught:
        tenant.families("auth0|nobody")
    assert caught.value.code == "id.unknown"


@pytest.mark.parametrize("by_id", [True, False], ids=["id", "object"])
def test_a_family_can_be_ended(tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask, by_id: bool) -> None:
    """Its refresh tokens and access tokens end with it, and no other's."""
    issued = signed_in()
    tenant.clock.advance(seconds=1)
    other = signed_in()
    family = tenant.families()[0]
    revoked = tenant.revoke_family(family.id if by_id else family)
    assert revoked == tenant.families()[0] and revoked.revoked_at == int(tenant.clock.now())
    assert refusal(refresh, issued.refresh_token).trace.refusing.name == "family"
    assert tenant.is_revoked(issued.access_token) and not tenant.is_revoked(other.access_token)
    assert refresh(other.refresh_token).access_token


def test_ending_a_family_twice_changes_nothing(tenant: Training, signed_in: Ask) -> None:
    """The moment stays."""
    signed_in()
    first = tenant.revoke_family(tenant.families()[0])
    tenant.clock.advance(seconds=5)
    assert tenant.revoke_family(first) == first


@pytest.mark.parametrize("name", ["", "fam_nobody", "\ud800", "' OR 1=1 --", None, 5])
def test_an_unknown_family_is_an_error(tenant: Training, signed_in: Ask, name: Any) -> None:
    """Nothing was changed."""
    signed_in()
    with pytest.raises(RegistrationError) as caught:
        tenant.revoke_family(name)
    assert caught.value.code == "id.unknown" and tenant.families()[0].revoked_at is None


def test_a_family_shows_itself(tenant: Training, signed_in: Ask, refresh: Ask) -> None:
    """Escaped, without the tokens, in words."""
    evil = "https://<img src=x>/"
    tenant.apis.create(identifier=evil, allow_offline_access=True, skip_consent_for_verifiable_first_party_clients=True)
    token = signed_in(audience=evil).refresh_token
    following = refresh(token).refresh_token
    (working,) = tenant.families()
    for family in (working, tenant.revoke_family(working)):
        shown = repr(family) + family._repr_html_()
        assert "<img" not in family._repr_html_() and evil in repr(family)
        assert token.reveal() not in shown and following.reveal() not in shown
        assert ("revoked at 2026-01-05" in shown) is (family.revoked_at is not None)
        assert "  2. from 1, issued 2026-01-05 09:00:00 UTC, not replaced newest" in repr(family)
        assert "  1. from the login, issued 2026-01-05 09:00:00 UTC, replaced 2026-01-05" in repr(family)
