"""The preview: what would differ with another setting, and that making it leaves no trace."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRequest,
    ClientCredentials,
    ConfigurationError,
    GrantRefused,
    RefreshToken,
    RegistrationError,
    SteerableClock,
    Tenant,
    User,
    decode,
    training_tenant,
)
from authkit.ground.errors import AuthKitError

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
CALLBACK = "https://shop.example/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def requests(
    tenant: Training, orders: Api, shop: Application, app: Application, ada: User, asked: Ask, log_in: Ask,
    signed_in: Ask,
) -> dict[str, tuple[Any, dict[str, Any]]]:  # fmt: skip
    """A good request of each kind, with what else its preview needs."""
    tenant.client_grants.create(app, orders, ["read:orders"])
    code = AuthorizationCode(shop, code=log_in().code, redirect_uri=CALLBACK, code_verifier=VERIFIER)
    return {
        "login": (asked(nonce="n-1"), {"user": ada}),
        "code": (code, {}),
        "refresh": (RefreshToken(shop, refresh_token=signed_in().refresh_token), {}),
        "machine": (ClientCredentials(app, audience=orders.identifier), {}),
    }


FLOWS = pytest.mark.parametrize("flow", ["login", "code", "refresh", "machine"])


def stored(tenant: Training) -> list[str]:
    """The whole store, row by row, and what the log would say."""
    tenant.log.flush()
    return list(tenant.registry.database._connection.iterdump())


@FLOWS
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"api": {"token_lifetime": 600, "token_dialect": "rfc9068_profile_authz"}},
        {"application": {"name": "Other", "grant_types": []}},
        {"api": {"enforce_policies": True, "allow_offline_access": False}},
        {"api": {"token_lifetime": -1}},
        {"application": {"nonsense": 1}},
    ],
    ids=str,
)
def test_a_preview_stores_nothing_and_draws_nothing(
    tenant: Training, requests: dict[str, Any], flow: str, changes: dict[str, Any]
) -> None:
    """Whether the request passes, is refused, or a changed setting breaks its rule."""
    request, more = requests[flow]
    before, numbers = stored(tenant), dict(tenant.registry.chance._drawn)  # type: ignore[attr-defined]
    try:
        tenant.preview(request, **more, **changes)
    except RegistrationError as error:
        assert "-1" in str(changes) or "nonsense" in str(changes), error
    assert stored(tenant) == before
    assert dict(tenant.registry.chance._drawn) == numbers  # type: ignore[attr-defined]


def test_permissions_are_put_back(tenant: Training, orders: Api, ada: User, requests: dict[str, Any]) -> None:
    """Those of the user and those of the user's roles."""
    role = tenant.roles.create(name="Clerk")
    tenant.roles.add_permissions(role, orders, ["read:orders"])
    tenant.users.add_roles(ada, role)
    before = stored(tenant)
    tenant.preview(requests["login"][0], user=ada, permissions=["write:orders"])
    assert stored(tenant) == before and tenant.users.permissions_for(ada, orders) == ("read:orders",)


def test_what_comes_after_a_preview_is_the_same_as_without() -> None:
    """Byte for byte: code, tokens, refresh tokens."""

    def run(previewing: bool) -> tuple[object, ...]:
        with training_tenant() as tenant:
            scopes = {"read:orders": ""}
            api = tenant.apis.create(
                identifier="https://a.example/",
                scopes=scopes,
                allow_offline_access=True,
                token_dialect="rfc9068_profile",
            )
            app = tenant.applications.create(name="Web", app_type="regular_web", callbacks=[CALLBACK])
            user = tenant.users.create(email="a@b.example", password="correct horse battery")
            login = AuthorizationRequest(
                app, redirect_uri=CALLBACK, audience=api.identifier, scope="openid offline_access read:orders"
            )
            if previewing:
                tenant.preview(login, user=user, api={"token_lifetime": 5})
            code = tenant.authorize(login, user, consented=True).code
            redeem = AuthorizationCode(app, code=code, redirect_uri=CALLBACK)
            if previewing:
                tenant.preview(redeem, application={"refresh_token": {"rotation_type": "rotating"}})
            issued = tenant.request_token(redeem)
            again = RefreshToken(app, refresh_token=issued.refresh_token)
            if previewing:
                tenant.preview(again, permissions=[])
            assert tenant.apis.get(api) == api and tenant.applications.get(app) == app
            return code, issued.response(), tenant.request_token(again).response(), [*tenant.log]

    assert run(True) == run(False)


@FLOWS
def test_a_preview_is_what_would_be_issued(tenant: Training, requests: dict[str, Any], flow: str) -> None:
    """Both sides the same without a change; and the request then brings just that."""
    request, more = requests[flow]
    preview = tenant.preview(request, **more)
    assert preview.differing == preview.changes == () and preview.before == preview.after
    if flow == "login":
        code = tenant.authorize(request, more["user"], consented=True).code
        request = AuthorizationCode(request.client_id, code=code, redirect_uri=CALLBACK, code_verifier=VERIFIER)
    issued = tenant.request_token(request)
    token = decode(issued.access_token)
    assert (preview.after.claims, preview.after.header) == (token.payload, token.header)
    assert preview.after.id_claims == (decode(issued.id_token).payload if issued.id_token else {})
    assert preview.after.answer["expires_in"] == issued.expires_in and preview.after.answer["scope"] == issued.scope
    assert ("refresh_token" in preview.after.answer) is (issued.refresh_token is not None)


# Which members differ

CHANGES: list[tuple[dict[str, Any], set[str]]] = [
    ({"api": {"token_lifetime": 600}}, {"exp", "response.expires_in"}),
    ({"api": {"token_lifetime": 86400}}, set()),
    ({"api": {"name": "Other"}}, set()),
    ({"api": {"token_dialect": "access_token_authz"}}, {"permissions"}),
    ({"api": {"token_dialect": "rfc9068_profile"}}, {"header.typ", "jti", "client_id", "azp"}),
    ({"api": {"enforce_policies": True}}, {"scope", "response.scope"}),
    ({"api": {"enforce_policies": True}, "permissions": ["read:orders"]}, set()),
    ({"permissions": ["read:orders"]}, set()),
    ({"api": {"token_dialect": "access_token_authz"}, "permissions": ["write:orders"]}, {"permissions"}),
    ({"api": {"scopes": {}}}, {"scope", "response.scope"}),
    ({"api": {"allow_offline_access": False}}, {"scope", "response.scope", "response.refresh_token"}),
    ({"application": {"grant_types": ["authorization_code"]}}, {"scope", "response.scope", "response.refresh_token"}),
    ({"application": {"name": "Other"}}, set()),
]


@pytest.mark.parametrize(("changes", "differing"), CHANGES, ids=lambda value: str(sorted(value)))
@pytest.mark.parametrize("flow", ["login", "code"])
def test_what_differs_is_named(
    tenant: Training, requests: dict[str, Any], flow: str, changes: dict[str, Any], differing: set[str]
) -> None:
    """Claims, header, ID token and response; and nothing else."""
    request, more = requests[flow]
    preview = tenant.preview(request, **more, **changes)
    assert set(preview.differing) == differing
    assert preview.before.refused is None is preview.after.refused
    shown = repr(preview)
    assert ("no difference" in shown) is (not differing) and all(f" {name} " in shown for name in differing)


def test_a_refresh_knows_its_user_and_api(tenant: Training, orders: Api, requests: dict[str, Any]) -> None:
    """Neither is named in the request."""
    tenant.apis.update(orders, enforce_policies=True, token_dialect="access_token_authz")
    preview = tenant.preview(requests["refresh"][0], permissions="read:orders", api={"token_lifetime": 5})
    assert set(preview.differing) == {"scope", "permissions", "response.scope", "exp", "response.expires_in"}
    assert preview.after.claims["permissions"] == ["read:orders"]


def test_permissions_replace_what_is_held(tenant: Training, orders: Api, ada: User, asked: Ask) -> None:
    """By role and directly; text is split at spaces."""
    tenant.apis.update(orders, token_dialect="access_token_authz")
    role = tenant.roles.create(name="Clerk")
    tenant.roles.add_permissions(role, orders, ["read:orders"])
    tenant.users.add_roles(ada, role)
    tenant.users.add_permissions(ada, orders, ["write:orders"])

    def held(given: Any) -> object:
        return tenant.preview(asked(), user=ada, permissions=given).after.claims["permissions"]

    assert (held([]), held("write:orders"), held("write:orders read:orders")) == (
        [], ["write:orders"], ["read:orders", "write:orders"],
    )  # fmt: skip


def test_a_drawn_value_is_not_shown(tenant: Training, orders: Api, requests: dict[str, Any]) -> None:
    """The `jti` comes when the token is issued, and so counts as the same on both sides."""
    tenant.apis.update(orders, token_dialect="rfc9068_profile")
    request, more = requests["login"]
    preview = tenant.preview(request, **more)
    assert preview.after.claims["jti"] == "drawn when the token is issued" and preview.differing == ()
    assert "AAAA" not in repr(preview) + preview._repr_html_() + repr(preview.after)


def test_an_opaque_token_has_no_claims(tenant: Training, ada: User, asked: Ask) -> None:
    """The ID token has."""
    preview = tenant.preview(asked(audience=None, scope="openid"), user=ada)
    assert preview.after.claims == preview.after.header == {} and preview.after.id_claims
    assert preview.after.answer == {"expires_in": 86400, "scope": "openid"}


# Refusals


def test_refused_after(tenant: Training, orders: Api, requests: dict[str, Any]) -> None:
    """What was there falls away, and the rule is named."""
    preview = tenant.preview(requests["refresh"][0], api={"allow_offline_access": False})
    assert preview.before.refused is None and preview.after.refused is not None
    assert preview.after.trace.refusing is not None and preview.after.trace.refusing.name == "offline_access"
    assert preview.after.claims == {} and "sub" in preview.differing
    assert "falls away" in repr(preview) and "after: refused, Refused by rule" in repr(preview)


def test_refused_before(tenant: Training, shop: Application, requests: dict[str, Any]) -> None:
    """What would repair it brings everything."""
    tenant.applications.update(shop, grant_types=["refresh_token"])
    request, more = requests["login"]
    preview = tenant.preview(request, **more, application={"grant_types": ["authorization_code", "refresh_token"]})
    assert preview.before.refused is not None and preview.before.refused.error == "unauthorized_client"
    assert preview.after.refused is None and "sub" in preview.differing
    assert "appears" in repr(preview) and "before: refused" in repr(preview)


def test_a_login_is_taken_to_have_agreed(tenant: Training, orders: Api, ada: User, asked: Ask) -> None:
    """The consent page is not what a preview asks about; prompt=none is refused all the same."""
    tenant.apis.update(orders, skip_consent_for_verifiable_first_party_clients=False)
    assert tenant.preview(asked(), user=ada).after.refused is None
    preview = tenant.preview(
        asked(prompt="none"), user=ada, api={"skip_consent_for_verifiable_first_party_clients": True}
    )
    assert preview.before.refused is not None and preview.before.refused.error == "consent_required"
    assert preview.after.refused is None


def test_a_reused_token_takes_nothing_back_in_a_preview(tenant: Training, requests: dict[str, Any]) -> None:
    """The refusal is shown, and what it would revoke goes on working."""
    for flow, rule in (("code", "first_use"), ("refresh", "first_use")):
        issued = tenant.request_token(requests[flow][0])
        preview = tenant.preview(requests[flow][0])
        assert preview.before.trace.refusing is not None and preview.before.trace.refusing.name == rule
        assert not tenant.is_revoked(issued.access_token)
    assert [family.revoked_at for family in tenant.families()] == [None, None]


# Secrets, and what it looks like


def test_a_changed_secret_is_named_and_never_shown(tenant: Training, ada: User, asked: Ask) -> None:
    """The claims are the same; only the signature would differ."""
    tenant.apis.create(
        identifier="https://hs.example/", signing_alg="HS256", skip_consent_for_verifiable_first_party_clients=True
    )
    secret = "a secret of at least thirty-two bytes"
    preview = tenant.preview(asked(audience="https://hs.example/"), user=ada, api={"signing_secret": secret})
    assert preview.changes == ("api.signing_secret = masked",) and preview.differing == ()
    assert secret not in repr(preview) + preview._repr_html_()


@FLOWS
def test_no_token_is_in_a_preview(tenant: Training, requests: dict[str, Any], flow: str) -> None:
    """Neither the one that was sent nor one that was written on the way."""
    request, more = requests[flow]
    preview = tenant.preview(request, **more)
    shown = "".join(map(repr, (preview, preview.before, preview.after))) + preview._repr_html_()
    sent = [getattr(request, name, None) for name in ("code", "code_verifier", "refresh_token", "client_secret")]
    assert not any(one.reveal() in shown for one in sent if one) and "eyJ" not in shown


def test_a_preview_shows_itself(tenant: Training, ada: User, asked: Ask) -> None:
    """In words and escaped; what was changed stands first."""
    evil = "https://<img src=x>/"
    tenant.apis.create(identifier=evil, skip_consent_for_verifiable_first_party_clients=True)
    preview = tenant.preview(
        asked(audience=evil), user=ada, api={"token_lifetime": 5}, application={"is_first_party": True}, permissions=[]
    )
    assert preview.changes == (
        "api.token_lifetime = 5", "application.is_first_party = True", "the user's permissions = none",
    )  # fmt: skip
    html = preview._repr_html_()
    assert "<img" not in html and "Preview: nothing was stored" in html and "differs" in html
    assert repr(preview).startswith("Preview (api.token_lifetime = 5, ") and "86400 → 5" in repr(preview)
    assert "nothing changed" in repr(tenant.preview(asked(audience=evil), user=ada))


# What cannot be previewed


@pytest.mark.parametrize(
    ("flow", "changes", "code"),
    [
        ("login", {"user": None}, "preview.user"),
        ("code", {"user": "auth0|x"}, "preview.user"),
        ("login", {"user": "auth0|nobody"}, "id.unknown"),
        ("login", {"api": {"nonsense": 1}}, "nonsense.unknown_field"),
        ("login", {"api": {"signing_alg": "HS256"}}, "signing_alg.immutable"),
        ("login", {"api": {"token_lifetime": -1}}, "token_lifetime.too_small"),
        ("login", {"application": {"app_type": "native"}}, "app_type.immutable"),
        ("login", {"permissions": ["nonsense"]}, "permission_name.unknown"),
        ("login", {"permissions": 5}, "request.scope"),
        ("login", {"api": 5}, "preview.changes"),
        ("login", {"api": {5: 5}}, "preview.changes"),
        ("machine", {"application": ["name"]}, "preview.changes"),
        ("machine", {"permissions": ["read:orders"]}, "preview.no_such_thing"),
    ],
    ids=str,
)
def test_what_cannot_be_previewed_is_named(
    tenant: Training, requests: dict[str, Any], flow: str, changes: dict[str, Any], code: str
) -> None:
    """Before anything is shown."""
    request, more = requests[flow]
    with pytest.raises(AuthKitError) as caught:
        tenant.preview(request, **{**more, **changes})
    assert caught.value.code == code


@pytest.mark.parametrize("request_", [None, 5, "x"])
def test_a_preview_is_of_a_request(tenant: Training, request_: Any) -> None:
    """Of one that a token is asked for with, or a code."""
    with pytest.raises(ConfigurationError) as caught:
        tenant.preview(request_)
    assert caught.value.code == "request.unknown"


@pytest.mark.parametrize("changes", [{"api": {"token_lifetime": 5}}, {"permissions": []}], ids=str)
def test_an_api_cannot_be_changed_where_none_is_asked_for(
    tenant: Training, ada: User, asked: Ask, shop: Application, changes: dict[str, Any]
) -> None:
    """Nor permissions for it; nor whatever an unknown token may stand for."""
    cases: list[tuple[Any, dict[str, Any]]] = [
        (asked(audience=None), {"user": ada}),
        (RefreshToken(shop, refresh_token="nonsense"), {}),
    ]
    for request, more in cases:
        with pytest.raises(ConfigurationError) as caught:
            tenant.preview(request, **more, **changes)
        assert caught.value.code == "preview.no_such_thing"


def read_afresh(tenant: Training) -> dict[str, list[Any]]:
    """What is stored, past everything that is kept of earlier reads."""
    found = {}
    for collection in (tenant.apis, tenant.applications, tenant.users, tenant.roles):
        rows = tenant.registry.database.rows(f"SELECT document FROM {collection.table} ORDER BY number")
        found[collection.table] = [collection._load(document) for (document,) in rows]
    return found


@FLOWS
def test_nothing_that_was_previewed_is_taken_for_real(
    tenant: Training, requests: dict[str, tuple[Any, dict[str, Any]]], flow: str
) -> None:
    """Neither of a preview that passes nor of one that is refused: what is read afterwards is what is stored."""
    request, more = requests[flow]
    tried: tuple[dict[str, Any], ...] = (
        {"api": {"token_lifetime": 600}, "application": {"name": "Evil"}},
        {"application": {"grant_types": []}},
        {"api": {"allow_offline_access": False}, "application": {"callbacks": []}},
    )
    for changes in tried:
        tenant.preview(request, **more, **changes)
        afresh = read_afresh(tenant)
        kept = {one.table: list(one) for one in (tenant.apis, tenant.applications, tenant.users, tenant.roles)}
        assert kept == afresh
        for one in afresh["applications"]:
            assert tenant.applications.get(one.client_id) == one


def test_a_grant_that_was_only_previewed_is_refused_and_never_stored(tenant: Training, orders: Api) -> None:
    """The application may not use the grant; a preview in which it may changes nothing, not even by the next update."""
    idle = tenant.applications.create(name="Idle", grant_types=[])
    tenant.client_grants.create(idle, orders, ["read:orders"])
    request = ClientCredentials(idle, audience=orders.identifier)
    tenant.preview(request, application={"grant_types": ["client_credentials"]})
    with pytest.raises(GrantRefused) as caught:
        tenant.request_token(request)
    assert caught.value.error == "unauthorized_client"
    assert tenant.applications.update(idle, name="Still idle").grant_types == ()
