"""The userinfo endpoint: whom it tells what, and which tokens it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    SteerableClock,
    Tenant,
    TokenRejected,
    User,
    decode,
)
from authkit.ground.secret import Secret

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
KINDS = pytest.mark.parametrize("audience", ["https://orders.example/", None], ids=["JWT", "opaque"])


@KINDS
@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("openid", {}),
        ("openid profile", {"name": "Ada"}),
        ("openid email", {"email": "ada@example.com", "email_verified": False}),
        ("openid profile email", {"name": "Ada", "email": "ada@example.com", "email_verified": False}),
    ],
)
def test_it_tells_what_the_scopes_allow(
    tenant: Training, ada: User, signed_in: Ask, audience: str | None, scope: str, told: dict[str, Any]
) -> None:
    """OpenID Connect Core §5.4; a masked token is as good."""
    token = signed_in(audience=audience, scope=scope).access_token
    assert tenant.userinfo(token) == tenant.userinfo(Secret(token)) == {"sub": ada.user_id, **told}


@pytest.mark.parametrize("dialect", ["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"])
def test_it_takes_every_dialect(tenant: Training, orders: Api, ada: User, signed_in: Ask, dialect: str) -> None:
    """The audience decides, not the spelling."""
    tenant.apis.update(orders, token_dialect=dialect)
    assert tenant.userinfo(signed_in().access_token)["sub"] == ada.user_id


def test_a_token_of_a_refresh_is_as_good(tenant: Training, signed_in: Ask, refresh: Ask) -> None:
    """As long as openid is among its scopes."""
    first = signed_in()
    second = refresh(first.refresh_token)
    assert tenant.userinfo(second.access_token) == tenant.userinfo(first.access_token)
    with pytest.raises(TokenRejected):
        tenant.userinfo(refresh(second.refresh_token, scope="read:orders").access_token)


# Tokens that are not for it


def test_a_jwt_without_openid_is_for_the_api_alone(tenant: Training, signed_in: Ask) -> None:
    """Our own verifier says so: the audience."""
    with pytest.raises(TokenRejected) as caught:
        tenant.userinfo(signed_in(scope="read:orders profile").access_token)
    assert caught.value.code.startswith("aud.")


@pytest.mark.parametrize("scope", ["", "profile email"])
def test_an_opaque_token_without_openid_is_not_enough(
    tenant: Training, signed_in: Ask, refusal: Ask, scope: str
) -> None:
    """The vendor's documentation has it so: 403, as the token itself is good (RFC 6750 §3.1)."""
    error = refusal(tenant.userinfo, signed_in(audience=None, scope=scope).access_token)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "insufficient_scope", "scope")


def test_an_api_named_like_userinfo_opens_nothing(tenant: Training, signed_in: Ask, refusal: Ask) -> None:
    """Its tokens have the audience, and still openid was not granted."""
    tenant.apis.create(identifier=f"{tenant.issuer}userinfo", skip_consent_for_verifiable_first_party_clients=True)
    token = signed_in(audience=f"{tenant.issuer}userinfo", scope="email").access_token
    assert refusal(tenant.userinfo, token).error == "insufficient_scope"


def test_an_application_is_nobody(tenant: Training, app: Application, refusal: Ask) -> None:
    """A machine's token for an API of that name has no user, not even one whose address is its `sub`."""
    named = tenant.apis.create(identifier=f"{tenant.issuer}userinfo")
    tenant.client_grants.create(app, named)
    tenant.users.create(email=f"{app.client_id}@clients", password="correct horse battery")
    token = tenant.request_token(ClientCredentials(app, audience=named.identifier)).access_token
    assert tenant.users.find(decode(token).payload["sub"]) is not None
    assert refusal(tenant.userinfo, token).trace.refusing.name == "user"


def test_an_id_token_is_no_access_token(tenant: Training, signed_in: Ask) -> None:
    """It is for the application."""
    with pytest.raises(TokenRejected) as caught:
        tenant.userinfo(signed_in().id_token)
    assert caught.value.code.startswith("aud.")


def test_an_hs256_apis_token_is_refused(tenant: Training, signed_in: Ask) -> None:
    """That API could have written it itself."""
    tenant.apis.create(
        identifier="https://hs.example/", signing_alg="HS256", skip_consent_for_verifiable_first_party_clients=True
    )
    with pytest.raises(TokenRejected) as caught:
        tenant.userinfo(signed_in(audience="https://hs.example/", scope="openid").access_token)
    assert caught.value.code.startswith("alg.")


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\ud800", "a.b", "a.b.c.d"])
def test_what_is_no_token_is_invalid(tenant: Training, refusal: Ask, token: str) -> None:
    """401, and it is not shown."""
    error = refusal(tenant.userinfo, token)
    assert (error.status, error.error) == (401, "invalid_token")
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("access_token", "tenant.request_token")


def test_neither_code_nor_refresh_token_is_one(tenant: Training, log_in: Ask, signed_in: Ask, refusal: Ask) -> None:
    """They are for the token endpoint."""
    for token in (log_in().code, signed_in().refresh_token):
        assert refusal(tenant.userinfo, token).trace.refusing.name == "access_token"


@pytest.mark.parametrize("token", [5, b"x"])
def test_an_argument_of_the_wrong_kind_is_named(tenant: Training, token: Any) -> None:
    """At once."""
    for ask in (tenant.userinfo, tenant.is_revoked):
        with pytest.raises(ConfigurationError) as caught:
            ask(token)
        assert caught.value.code == "request.access_token"


# Tokens that are not good any more


@pytest.mark.parametrize(("seconds", "good"), [(86399, True), (86400, False)])
def test_an_opaque_token_is_good_for_a_day(
    tenant: Training, signed_in: Ask, refusal: Ask, seconds: int, good: bool
) -> None:
    """To the second."""
    token = signed_in(audience=None, scope="openid").access_token
    tenant.clock.advance(seconds=seconds)
    if good:
        assert tenant.userinfo(token)
        return
    error = refusal(tenant.userinfo, token)
    assert (error.status, error.trace.refusing.name, error.trace.refusing.setting) == (401, "fresh", "tenant.clock")


def test_a_jwt_is_good_as_long_as_the_api_says(tenant: Training, orders: Api, signed_in: Ask) -> None:
    """Our own verifier refuses it then."""
    tenant.apis.update(orders, token_lifetime=60)
    token = signed_in().access_token
    tenant.clock.advance(seconds=59)
    assert tenant.userinfo(token)
    tenant.clock.advance(seconds=1)
    with pytest.raises(TokenRejected) as caught:
        tenant.userinfo(token)
    assert caught.value.code.startswith("exp.")


def test_a_jwt_ends_with_its_key(tenant: Training, signed_in: Ask) -> None:
    """Rotation leaves it good, revocation does not."""
    token, key = signed_in().access_token, tenant.keys.current.kid
    tenant.keys.rotate()
    assert tenant.userinfo(token)
    tenant.keys.revoke(key)
    with pytest.raises(TokenRejected):
        tenant.userinfo(token)


@KINDS
def test_a_blocked_user_is_told_of_no_more(
    tenant: Training, ada: User, signed_in: Ask, refusal: Ask, audience: str | None
) -> None:
    """Until unblocked; a deleted one never again."""
    token = signed_in(audience=audience).access_token
    tenant.users.update(ada, blocked=True)
    error = refusal(tenant.userinfo, token)
    assert (error.status, error.error) == (401, "invalid_token")
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("user", "user.blocked")
    tenant.users.update(ada, blocked=False)
    assert tenant.userinfo(token)
    tenant.users.delete(ada)
    refusal(tenant.userinfo, token)


@KINDS
@pytest.mark.parametrize("dialect", ["access_token", "rfc9068_profile"])
def test_a_token_ends_with_its_application(
    tenant: Training, shop: Application, orders: Api, signed_in: Ask, refusal: Ask, audience: str | None, dialect: str
) -> None:
    """What was revoked must not come back to life because the store forgot it."""
    tenant.apis.update(orders, token_dialect=dialect)
    token = signed_in(audience=audience).access_token
    tenant.applications.delete(shop)
    error = refusal(tenant.userinfo, token)
    assert (error.error, error.trace.refusing.name) == ("invalid_token", "application" if audience else "access_token")


# Revocation


def test_equal_tokens_of_two_logins_count_until_both_are_revoked(
    tenant: Training, signed_in: Ask, refusal: Ask
) -> None:
    """Within one second two logins may bring the same bytes."""
    first, second = signed_in(), signed_in()
    assert first.access_token == second.access_token
    tenant.revoke_family(tenant.families()[0])
    assert not tenant.is_revoked(first.access_token) and tenant.userinfo(first.access_token)
    tenant.revoke_family(tenant.families()[1])
    assert tenant.is_revoked(first.access_token)
    assert refusal(tenant.userinfo, first.access_token).trace.refusing.setting == "tenant.revoke_family"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\ud800"])
def test_what_is_not_known_was_not_revoked(tenant: Training, token: str) -> None:
    """Nor was a machine's token ever."""
    assert tenant.is_revoked(token) is False


def test_the_audience_is_the_issuers(tenant: Training, orders: Api, signed_in: Ask) -> None:
    """A name, as an API's identifier is one."""
    assert decode(signed_in().access_token).payload["aud"] == [orders.identifier, f"{tenant.issuer}userinfo"]
