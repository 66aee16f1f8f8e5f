"""The ID token: for the application, signed with the tenant's key, with what the scopes tell of the user."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Application, SteerableClock, Tenant, User, Verifier, decode

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
ALWAYS = {"iss", "aud", "sub", "iat", "exp"}


def test_it_is_for_the_application(tenant: Training, shop: Application, ada: User, signed_in: Ask) -> None:
    """Never for an API; good for ten hours, whatever the API's own lifetime."""
    now = int(tenant.clock.now())
    token = decode(signed_in(scope="openid").id_token)
    assert token.header["typ"] == "JWT"
    assert token.payload == {
        "iss": tenant.issuer, "aud": shop.client_id, "sub": ada.user_id, "iat": now, "exp": now + 36000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "claims"),
    [
        ("openid", set()),
        ("openid profile", {"name"}),
        ("openid email", {"email", "email_verified"}),
        ("openid email profile", {"name", "email", "email_verified"}),
        ("openid read:orders offline_access", set()),
    ],
)
def test_scopes_decide_what_it_tells(signed_in: Ask, scope: str, claims: set[str]) -> None:
    """OpenID Connect Core §5.4; the values are the user's own."""
    payload = decode(signed_in(scope=scope).id_token).payload
    told = {"name": "Ada", "email": "ada@example.com", "email_verified": False}
    assert {name: payload[name] for name in set(payload) - ALWAYS} == {name: told[name] for name in claims}


@pytest.mark.parametrize("scope", ["", "profile email", "read:orders", "offline_access"])
def test_without_openid_there_is_none(signed_in: Ask, scope: str) -> None:
    """It was not asked for, and the trace says so."""
    issued = signed_in(scope=scope)
    assert issued.id_token is None and "id_token" not in issued.response() and issued.trace.id_claims == ()
    assert "openid was not asked for" in {rule.name: rule.note for rule in issued.trace.rules}["kind"]


def test_a_user_without_a_name_has_no_name_claim(tenant: Training, asked: Ask, redeem: Ask) -> None:
    """A claim is left out, never null."""
    bare = tenant.users.create(email="bare@example.com", password="correct horse battery", email_verified=True)
    payload = decode(redeem(tenant.authorize(asked(scope="openid profile email"), bare).code).id_token).payload
    assert "name" not in payload and payload["email_verified"] is True


@pytest.mark.parametrize("nonce", ["n-0S6_WzA2Mj", "", "ä <b>", "x" * 500])
def test_the_nonce_comes_back(signed_in: Ask, nonce: str) -> None:
    """As it was sent, with its origin."""
    issued = signed_in(nonce=nonce)
    assert decode(issued.id_token).payload["nonce"] == nonce
    origin = next(item for item in issued.trace.id_claims if item.claim == "nonce")
    assert origin.setting == "request.nonce"


def test_without_a_nonce_there_is_none(signed_in: Ask) -> None:
    """It would mean nothing."""
    assert "nonce" not in decode(signed_in().id_token).payload


@pytest.mark.parametrize("audience", ["https://orders.example/", "https://hs.example/", None])
def test_it_is_signed_with_the_tenants_key(
    tenant: Training, shop: Application, signed_in: Ask, audience: str | None
) -> None:
    """RS256 also beside an HS256 or opaque access token: the API's secret is none of the application's business."""
    tenant.apis.create(
        identifier="https://hs.example/", signing_alg="HS256", skip_consent_for_verifiable_first_party_clients=True
    )
    token = signed_in(audience=audience, scope="openid").id_token
    assert decode(token).header["alg"] == "RS256" and decode(token).header["kid"] == tenant.keys.current.kid
    verifier = Verifier(issuer=tenant.issuer, audience=shop.client_id, keys=tenant.jwks, clock=tenant.clock)
    assert verifier.verify(token)["sub"]


def test_each_claim_has_its_origin(signed_in: Ask) -> None:
    """In the order of the token, with the setting that decides."""
    issued = signed_in(scope="openid profile email", nonce="n")
    assert [item.claim for item in issued.trace.id_claims] == list(decode(issued.id_token).payload)
    assert {item.claim: item.setting for item in issued.trace.id_claims} == {
        "name": "user.name", "email": "user.email", "email_verified": "user.email_verified", "iss": "tenant.issuer",
        "aud": "application.client_id", "sub": "user.user_id", "iat": "tenant.clock", "exp": "tenant.clock",
        "nonce": "request.nonce",
    }  # fmt: skip
    assert all(item.origin for item in issued.trace.id_claims)
    assert "ID token" in repr(issued.trace) and "Claims of the ID token" in issued._repr_html_()


def test_a_refresh_brings_one_without_the_nonce(tenant: Training, signed_in: Ask, refresh: Ask) -> None:
    """For the same user and application, issued anew (OpenID Connect Core §12.2)."""
    first = signed_in(nonce="n", scope="openid offline_access email")
    tenant.clock.advance(hours=1)
    old, new = decode(first.id_token).payload, decode(refresh(first.refresh_token).id_token).payload
    assert new == {**{name: old[name] for name in old if name != "nonce"}, "iat": old["iat"] + 3600,
                   "exp": old["exp"] + 3600}  # fmt: skip


def test_it_tells_of_the_user_as_things_stand(tenant: Training, ada: User, log_in: Ask, redeem: Ask) -> None:
    """At the redemption, not at the login."""
    code = log_in(scope="openid profile").code
    tenant.users.update(ada, name="Countess & Co")
    issued = redeem(code)
    assert decode(issued.id_token).payload["name"] == "Countess & Co"
    assert "Countess & Co" not in issued._repr_html_()
