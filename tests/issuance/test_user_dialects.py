"""A user's access token in each dialect: its members, their origins, and what openid adds to the audience."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Api, Application, SteerableClock, Tenant, User, decode
from authkit.issuance.trace import ClaimOrigin

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
ALWAYS = ["iss", "sub", "aud", "iat", "exp", "scope"]
AUTH0, RFC = ["azp"], ["jti", "client_id"]

TABLE: list[tuple[str | None, str, list[str]]] = [
    # dialect, typ, members behind those that all have
    (None, "JWT", AUTH0),
    ("access_token", "JWT", AUTH0),
    ("access_token_authz", "JWT", [*AUTH0, "permissions"]),
    ("rfc9068_profile", "at+jwt", RFC),
    ("rfc9068_profile_authz", "at+jwt", [*RFC, "permissions"]),
]
DIALECTS = pytest.mark.parametrize(("dialect", "typ", "more"), TABLE)


@DIALECTS
def test_a_dialect_has_its_members(
    tenant: Training, orders: Api, shop: Application, ada: User, signed_in: Ask,
    dialect: str | None, typ: str, more: list[str],
) -> None:  # fmt: skip
    """In this order, and no `gty`: the vendor writes none for a code."""
    tenant.apis.update(orders, token_dialect=dialect)
    issued = signed_in()
    token, now = decode(issued.access_token), int(tenant.clock.now())
    assert token.header == {"alg": "RS256", "kid": tenant.keys.current.kid, "typ": typ}
    assert list(token.payload) == [*ALWAYS, *more] == [item.claim for item in issued.trace.claims]
    assert (token.payload["iss"], token.payload["sub"]) == (tenant.issuer, ada.user_id)
    assert (token.payload["iat"], token.payload["exp"]) == (now, now + 86400)
    assert token.payload.get("azp", token.payload.get("client_id")) == shop.client_id
    assert token.payload["scope"] == issued.scope == "openid offline_access read:orders"
    assert tenant.verifier(orders).verify(issued.access_token)


@DIALECTS
def test_a_refresh_says_so_in_the_vendors_dialect(
    tenant: Training, orders: Api, signed_in: Ask, refresh: Ask, dialect: str | None, typ: str, more: list[str]
) -> None:
    """`gty` is `refresh_token`; RFC 9068 knows no `gty`."""
    tenant.apis.update(orders, token_dialect=dialect)
    payload = decode(refresh(signed_in().refresh_token).access_token).payload
    assert payload.get("gty") == ("refresh_token" if typ == "JWT" else None)


def test_each_token_has_its_own_jti(tenant: Training, orders: Api, signed_in: Ask, refresh: Ask) -> None:
    """Also two of one second."""
    tenant.apis.update(orders, token_dialect="rfc9068_profile")
    first = signed_in()
    tokens = [first.access_token, signed_in().access_token, refresh(first.refresh_token).access_token]
    assert len({decode(token).payload["jti"] for token in tokens}) == 3


@pytest.mark.parametrize("rbac", [True, False])
def test_permissions_are_what_the_user_holds(
    tenant: Training, orders: Api, ada: User, signed_in: Ask, rbac: bool
) -> None:
    """All of it, whatever was asked for, by role and directly, in the API's order."""
    tenant.apis.update(orders, token_dialect="access_token_authz", enforce_policies=rbac)
    role = tenant.roles.create(name="Clerk")
    tenant.roles.add_permissions(role, orders, ["write:orders"])
    tenant.users.add_roles(ada, role)
    tenant.users.add_permissions(ada, orders, ["read:orders"])
    payload = decode(signed_in(scope="write:orders").access_token).payload
    assert (payload["scope"], payload["permissions"]) == ("write:orders", ["read:orders", "write:orders"])


def test_a_user_who_holds_nothing_has_an_empty_list(tenant: Training, orders: Api, signed_in: Ask) -> None:
    """And without any scope the claim `scope` is left out."""
    tenant.apis.update(orders, token_dialect="access_token_authz", enforce_policies=True)
    payload = decode(signed_in(scope="read:orders").access_token).payload
    assert payload["permissions"] == [] and "scope" not in payload


@pytest.mark.parametrize(
    ("alg", "scope", "with_userinfo", "setting"),
    [
        ("RS256", "openid", True, "api.identifier"),
        ("RS256", "profile email", False, "api.identifier"),
        ("RS256", "", False, "api.identifier"),
        ("HS256", "openid", False, "api.signing_alg"),
        ("HS256", "", False, "api.identifier"),
    ],
)
def test_when_userinfo_is_in_the_audience(
    tenant: Training, signed_in: Ask, alg: str, scope: str, with_userinfo: bool, setting: str
) -> None:
    """With openid, and never with HS256: that API could forge userinfo tokens. Claim and rule say why (S16)."""
    api = tenant.apis.create(
        identifier="https://a.example/", signing_alg=alg, skip_consent_for_verifiable_first_party_clients=True
    )
    issued = signed_in(audience=api.identifier, scope=scope)
    token = decode(issued.access_token)
    assert token.header["alg"] == alg
    assert token.payload["aud"] == ([api.identifier, f"{tenant.issuer}userinfo"] if with_userinfo else api.identifier)
    origin = next(item for item in issued.trace.claims if item.claim == "aud")
    note = {rule.name: rule.note for rule in issued.trace.rules}["kind"]
    assert origin.setting == setting and ("userinfo endpoint" in note) is with_userinfo
    assert ("forge" in origin.origin) is ("forge" in note) is (setting == "api.signing_alg")
    assert tenant.verifier(api).verify(issued.access_token)


def test_each_claim_has_its_origin(tenant: Training, ada: User, orders: Api, signed_in: Ask, refresh: Ask) -> None:
    """With the setting that decides it."""
    tenant.users.add_permissions(ada, orders, ["read:orders"])
    first = signed_in()
    settings = {
        "iss": "tenant.issuer", "sub": "user.user_id", "aud": "api.identifier", "iat": "tenant.clock",
        "exp": "api.token_lifetime", "scope": "api.enforce_policies", "azp": "application.client_id",
    }  # fmt: skip
    assert {item.claim: item.setting for item in first.trace.claims} == settings
    tenant.apis.update(orders, token_dialect="access_token_authz", enforce_policies=True)
    second = {item.claim: item for item in refresh(first.refresh_token).trace.claims}
    more = {"gty": "application.grant_types", "permissions": "tenant.users.permissions_for"}
    assert {name: item.setting for name, item in second.items()} == settings | more
    assert "RBAC is on" in second["scope"].origin and "user" in second["sub"].origin
    assert second["scope"].origin.startswith("granted at the login, ")


def test_no_api_defines_the_scopes_of_openid_connect(
    tenant: Training, ada: User, orders: Api, log_in: Ask, redeem: Ask
) -> None:
    """And no user holds them."""
    tenant.apis.update(orders, enforce_policies=True, allow_offline_access=True)
    tenant.users.add_permissions(ada, orders, ["read:orders"])

    def scope(asked: str) -> ClaimOrigin:
        claims: tuple[ClaimOrigin, ...] = redeem(log_in(scope=asked).code).trace.claims
        return next(one for one in claims if one.claim == "scope")

    alone = scope("openid offline_access")
    assert alone.origin == "openid offline_access: of OpenID Connect itself, and no API's"
    assert alone.setting == "request.scope"
    both = scope("read:orders openid")
    assert (
        both.origin.startswith("asked for, defined by the API and held")
        and "; openid: of OpenID Connect" in both.origin
    )
    assert both.setting == "api.enforce_policies"


def test_an_api_named_like_the_userinfo_endpoint_is_named_once(tenant: Training, log_in: Ask, redeem: Ask) -> None:
    """In the audience of its tokens."""
    api = tenant.apis.create(identifier=f"{tenant.issuer}userinfo")
    token = redeem(log_in(audience=api.identifier, scope="openid").code).access_token
    assert decode(token).payload["aud"] == [api.identifier]


@pytest.mark.parametrize("app_type", ["spa", "native", "regular_web"])
@pytest.mark.parametrize("lifetime", [0, 600, 2592000])
def test_expires_in_is_the_apis_token_lifetime(
    tenant: Training, orders: Api, log_in: Ask, redeem: Ask, app_type: str, lifetime: int
) -> None:
    """For every kind of application: the web lifetime is for tokens straight to a browser, which this flow has none."""
    tenant.apis.update(orders, token_lifetime=lifetime, token_lifetime_for_web=min(lifetime, 5))
    callback = "https://shop.example/callback"
    app = tenant.applications.create(name="Any", app_type=app_type, callbacks=[callback])
    issued = redeem(log_in(app).code, app)
    payload = decode(issued.access_token).payload
    assert issued.expires_in == issued.response()["expires_in"] == lifetime == payload["exp"] - payload["iat"]
