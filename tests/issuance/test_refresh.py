"""The refresh: who may, what it brings, what changed since the login, and a token that is used again."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    ConfigurationError,
    GrantRefused,
    RefreshToken,
    SteerableClock,
    Tenant,
    User,
    decode,
    training_tenant,
)
from authkit.ground import chance
from authkit.issuance import user_tokens
from authkit.issuance.refresh import RULES
from authkit.registry.models.application import RefreshTokens

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
CALLBACK = "https://shop.example/callback"
UNKNOWN = "Unknown or invalid refresh token."


@pytest.fixture
def set_refresh(tenant: Training, shop: Application) -> Ask:
    """Give the shop's refresh tokens other settings."""
    return lambda **settings: tenant.applications.update(shop, refresh_token=RefreshTokens(**settings))


def logged(tenant: Training) -> tuple[str, str, str]:
    """What the log says last: the code, and whom it concerned."""
    entry = list(tenant.log)[-1]
    return entry.type, entry.client_id, entry.user_id


def said(error: GrantRefused) -> tuple[int, str, str, str, str]:
    """Status, error and description; the refusing rule and its setting."""
    rule = error.trace.refusing
    assert rule is not None
    return error.status, error.error, error.description, rule.name, rule.setting


def test_the_rules_stand_in_this_order() -> None:
    """Who asks, then the token, then who it is for, then what it becomes."""
    assert [rule.name for rule in RULES.not_reached()] == [
        "client", "grant_type", "refresh_token", "family", "first_use", "lifetime", "user", "offline_access", "scope",
        "kind", "rotation",
    ]  # fmt: skip


def test_a_refresh_brings_a_new_access_token(
    tenant: Training, shop: Application, ada: User, orders: Api, signed_in: Ask, refresh: Ask
) -> None:
    """For the same user, API and scopes; `gty` tells it from the first one."""
    first = signed_in()
    tenant.clock.advance(hours=1)
    second = refresh(first.refresh_token)
    old, new = decode(first.access_token).payload, decode(second.access_token).payload
    assert {name for name in old | new if old.get(name) != new.get(name)} == {"iat", "exp", "gty"}
    assert new["gty"] == "refresh_token" and new["iat"] == old["iat"] + 3600
    assert second.scope == first.scope and second.expires_in == 86400 and second.token_type == "Bearer"
    assert {rule.outcome for rule in second.trace.rules} == {"passed"}
    entry = list(tenant.log)[-1]
    assert (entry.type, entry.client_id, entry.user_id, entry.audience, entry.scope) == (
        "sertft", shop.client_id, ada.user_id, orders.identifier, first.scope,
    )  # fmt: skip


def test_the_tokens_are_the_users_who_logged_in(
    tenant: Training, ada: User, asked: Ask, redeem: Ask, refresh: Ask
) -> None:
    """Whoever else there is."""
    eve = tenant.users.create(email="eve@example.com", password="correct horse battery")
    issued = refresh(redeem(tenant.authorize(asked(), eve).code).refresh_token)
    assert decode(issued.access_token).payload["sub"] == decode(issued.id_token).payload["sub"] == eve.user_id


# Which token, and who asks


@pytest.mark.parametrize("token", ["nonsense", "\0", "\ud800", "x" * 5000])
def test_an_unknown_token_is_refused(
    tenant: Training, shop: Application, refresh: Ask, refusal: Ask, token: str
) -> None:
    """In the vendor's words; the log never says what was sent."""
    assert said(refusal(refresh, token)) == (403, "invalid_grant", UNKNOWN, "refresh_token", "tenant.families")
    assert logged(tenant) == ("fertft", shop.client_id, "") and token not in list(tenant.log)[-1].description


@pytest.mark.parametrize("token", [None, ""])
def test_a_missing_token_is_an_invalid_request(refresh: Ask, refusal: Ask, token: str | None) -> None:
    """400, as nothing was granted yet (RFC 6749 §5.2)."""
    assert said(refusal(refresh, token))[:2] == (400, "invalid_request")


def test_another_applications_token_is_as_unknown_as_any(
    tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """The same answer, the difference in the trace alone; its family is not harmed."""
    other = tenant.applications.create(name="Other", app_type="spa")
    token = signed_in().refresh_token
    foreign, unknown = refusal(refresh, token, other), refusal(refresh, "nonsense", other)
    assert said(foreign) == said(unknown) and foreign.trace.refusing.note != unknown.trace.refusing.note
    assert logged(tenant) == ("fertft", other.client_id, "")
    assert refresh(token).access_token


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_another_kind_of_token_is_none(signed_in: Ask, refresh: Ask, refusal: Ask, kind: str) -> None:
    """It was never issued as a refresh token."""
    assert refusal(refresh, getattr(signed_in(), kind)).trace.refusing.name == "refresh_token"


@pytest.mark.parametrize("secret", [None, "", "wrong"])
def test_a_confidential_application_proves_its_secret(
    tenant: Training, log_in: Ask, redeem: Ask, refresh: Ask, refusal: Ask, secret: str | None
) -> None:
    """At each refresh; the right one, by id and secret, is taken."""
    web = tenant.applications.create(name="Web", app_type="regular_web", callbacks=[CALLBACK])
    token = redeem(log_in(web).code, web).refresh_token
    error = refusal(refresh, token, web.client_id, client_secret=secret)
    assert said(error) == (401, "access_denied", "Unauthorized", "client", "application.client_secret")
    assert logged(tenant) == ("fertft", "", "")
    assert refresh(token, web.client_id, client_secret=web.client_secret).access_token


def test_a_public_application_has_no_secret_to_present(
    shop: Application, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """One that is presented is a mistake, and is refused."""
    token = signed_in().refresh_token
    assert said(refusal(refresh, token, shop.client_id, client_secret="x"))[:2] == (401, "access_denied")
    assert refresh(token, shop.client_id).access_token


def test_a_grant_type_that_is_off_is_refused(
    tenant: Training, shop: Application, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Also with a token from before."""
    token = signed_in().refresh_token
    tenant.applications.update(shop, grant_types=["authorization_code"])
    assert said(refusal(refresh, token)) == (
        403, "unauthorized_client", "Grant type 'refresh_token' not allowed for the client.", "grant_type",
        "application.grant_types",
    )  # fmt: skip


# Scopes


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ((), "openid offline_access read:orders"),
        ("read:orders", "read:orders"),
        ("read:orders openid", "read:orders openid"),
        (["openid"], "openid"),
    ],
)
def test_scopes_can_be_narrowed_for_one_token(signed_in: Ask, refresh: Ask, scope: Any, granted: str) -> None:
    """The next refresh may have all of them again (RFC 6749 §6)."""
    narrowed = refresh(signed_in().refresh_token, scope=scope)
    assert narrowed.scope == granted and ("openid" in granted) is (narrowed.id_token is not None)
    assert refresh(narrowed.refresh_token).scope == "openid offline_access read:orders"


@pytest.mark.parametrize("scope", ["write:orders", "read:orders write:orders", "profile", "READ:ORDERS"])
def test_scopes_are_never_widened(tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask, scope: str) -> None:
    """Not even to what the user could have had; the refused attempt does not use the token."""
    token = signed_in().refresh_token
    error = refusal(refresh, token, scope=scope)
    assert (error.status, error.error, error.trace.refusing.name) == (400, "invalid_scope", "scope")
    assert error.description.endswith(scope.removeprefix("read:orders ")) and logged(tenant)[0] == "fertft"
    assert refresh(token).access_token


def test_a_narrow_login_stays_narrow(signed_in: Ask, refresh: Ask, refusal: Ask) -> None:
    """The family's scopes are those of the code, through every rotation."""
    second = refresh(signed_in(scope="offline_access read:orders").refresh_token)
    assert second.scope == "offline_access read:orders" and second.id_token is None
    assert refusal(refresh, second.refresh_token, scope="openid").error == "invalid_scope"


# What changed since the login


def test_a_role_that_was_taken_away_counts_at_the_next_refresh(
    tenant: Training, orders: Api, ada: User, signed_in: Ask, refresh: Ask
) -> None:
    """And counts again when it comes back; the trace says why a scope fell away."""
    tenant.apis.update(orders, enforce_policies=True)
    role = tenant.roles.create(name="Clerk")
    tenant.roles.add_permissions(role, orders, ["read:orders"])
    tenant.users.add_roles(ada, role)
    first = signed_in()
    tenant.users.remove_roles(ada, role)
    second = refresh(first.refresh_token)
    notes = {rule.name: rule.note for rule in second.trace.rules}
    assert (first.scope, second.scope) == ("openid offline_access read:orders", "openid offline_access")
    assert "does not hold" in notes["scope"]
    tenant.users.add_roles(ada, role)
    assert refresh(second.refresh_token).scope == first.scope


def test_a_scope_that_the_api_no_longer_defines_falls_away(
    tenant: Training, orders: Api, signed_in: Ask, refresh: Ask
) -> None:
    """Without an error: less than was granted is no fault of the application's."""
    token = signed_in().refresh_token
    tenant.apis.update(orders, scopes={"write:orders": ""})
    assert refresh(token, scope="read:orders").scope == ""


def test_an_api_that_withdrew_offline_access_refuses(
    tenant: Training, orders: Api, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Until it allows it again: the family is not revoked, the token not used."""
    token = signed_in().refresh_token
    tenant.apis.update(orders, allow_offline_access=False)
    assert said(refusal(refresh, token)) == (
        403, "invalid_grant", UNKNOWN, "offline_access", "api.allow_offline_access",
    )  # fmt: skip
    assert logged(tenant)[0] == "fertft"
    tenant.apis.update(orders, allow_offline_access=True)
    assert refresh(token).access_token


def test_a_blocked_user_refuses(tenant: Training, ada: User, signed_in: Ask, refresh: Ask, refusal: Ask) -> None:
    """Until unblocked."""
    token = signed_in().refresh_token
    tenant.users.update(ada, blocked=True)
    assert said(refusal(refresh, token)) == (403, "invalid_grant", UNKNOWN, "user", "user.blocked")
    assert logged(tenant)[::2] == ("fertft", ada.user_id)
    tenant.users.update(ada, blocked=False)
    assert refresh(token).access_token


@pytest.mark.parametrize(
    ("gone", "rule"), [("applications", "client"), ("users", "refresh_token"), ("apis", "refresh_token")]
)
def test_a_family_goes_with_what_it_belongs_to(
    tenant: Training, shop: Application, ada: User, orders: Api, signed_in: Ask, refresh: Ask, refusal: Ask,
    gone: str, rule: str,
) -> None:  # fmt: skip
    """Application, user or API."""
    token = signed_in().refresh_token
    getattr(tenant, gone).delete({"applications": shop, "users": ada, "apis": orders}[gone])
    assert refusal(refresh, token).trace.refusing.name == rule and tenant.families() == ()


@pytest.mark.parametrize(
    ("settings", "seconds", "good"),
    [
        ({}, 10**8, True),
        ({"expiration_type": "non-expiring", "token_lifetime": 100}, 10**8, True),
        ({"expiration_type": "expiring", "token_lifetime": 100}, 99.999, True),
        ({"expiration_type": "expiring", "token_lifetime": 100}, 100, False),
        ({"expiration_type": "expiring"}, 2592000, False),
    ],
)
def test_an_expiring_token_ends(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask,
    settings: dict[str, Any], seconds: float, good: bool,
) -> None:  # fmt: skip
    """So many seconds after the login, to the second; by default never."""
    set_refresh(**settings)
    token = signed_in().refresh_token
    tenant.clock.advance(seconds=seconds)
    if good:
        assert refresh(token).access_token
        return
    assert said(refusal(refresh, token)) == (
        403, "invalid_grant", UNKNOWN, "lifetime", "application.refresh_token.token_lifetime",
    )  # fmt: skip


def test_rotation_does_not_prolong_the_login(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """The lifetime is absolute: it is counted from the login."""
    set_refresh(rotation_type="rotating", expiration_type="expiring", token_lifetime=100)
    token = signed_in().refresh_token
    tenant.clock.advance(seconds=60)
    token = refresh(token).refresh_token
    tenant.clock.advance(seconds=60)
    assert refusal(refresh, token).trace.refusing.name == "lifetime"


# Used again


def test_by_default_tokens_do_not_rotate(tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask) -> None:
    """One token goes on working, and the answer holds none (facts: the tenant's default)."""
    set_refresh()
    token = signed_in().refresh_token
    for _ in range(3):
        tenant.clock.advance(hours=1)
        issued = refresh(token)
        assert issued.refresh_token is None and "refresh_token" not in issued.response()
    assert {rule.name: rule.note for rule in issued.trace.rules}["rotation"].startswith("non-rotating")
    assert [(one.number, one.replaced_at) for one in tenant.families()[0].tokens] == [(1, None)]


def test_a_rotating_token_is_replaced(signed_in: Ask, refresh: Ask) -> None:
    """Each use brings the next, and each is another."""
    first = signed_in()
    second = refresh(first.refresh_token)
    third = refresh(second.refresh_token)
    tokens = [one.refresh_token.reveal() for one in (first, second, third)]
    assert len(set(tokens)) == 3 and second.response()["refresh_token"] == tokens[1]
    assert {rule.name: rule.note for rule in third.trace.rules}["rotation"].startswith("rotating")


def test_a_token_used_again_ends_the_family(
    tenant: Training, shop: Application, ada: User, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Every descendant is dead, the access tokens are revoked, and the log says `ferrt` and whose it was."""
    first = signed_in()
    tenant.clock.advance(seconds=1)
    second = refresh(first.refresh_token)
    tenant.clock.advance(seconds=1)
    third = refresh(second.refresh_token)
    error = refusal(refresh, first.refresh_token)
    assert said(error) == (403, "invalid_grant", UNKNOWN, "first_use", "application.refresh_token.leeway")
    assert "revoked" in error.trace.refusing.note and "until exp" in error.trace.refusing.note
    assert logged(tenant) == ("ferrt", shop.client_id, ada.user_id)
    assert tenant.families()[0].revoked_at == int(tenant.clock.now())
    for one in (first, second, third):
        assert said(refusal(refresh, one.refresh_token))[3:] == ("family", "tenant.revoke_family")
        assert logged(tenant) == ("fertft", shop.client_id, ada.user_id)
        assert tenant.is_revoked(one.access_token)
        assert refusal(tenant.userinfo, one.access_token).trace.refusing.name == "not_revoked"


def test_another_login_of_the_same_user_stays(tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask) -> None:
    """A family is one login."""
    first = signed_in()
    tenant.clock.advance(seconds=1)
    other = signed_in()
    refresh(first.refresh_token)
    refusal(refresh, first.refresh_token)
    assert tenant.userinfo(other.access_token) and refresh(other.refresh_token).access_token


def test_a_reuse_counts_also_when_the_login_is_over(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Theft is noticed before age."""
    set_refresh(rotation_type="rotating", expiration_type="expiring", token_lifetime=100)
    token = signed_in().refresh_token
    refresh(token)
    tenant.clock.advance(seconds=200)
    assert refusal(refresh, token).trace.refusing.name == "first_use"


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (9.999, True), (10, False), (3600, False)])
def test_the_token_before_the_newest_works_within_the_leeway(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask, seconds: float, good: bool
) -> None:
    """An answer can get lost; to the second."""
    set_refresh(rotation_type="rotating", leeway=10)
    token = signed_in().refresh_token
    lost = refresh(token)
    tenant.clock.advance(seconds=seconds)
    if good:
        again = refresh(token)
        assert again.refresh_token != lost.refresh_token and refresh(again.refresh_token).access_token
        assert "leeway of 10 s" in {rule.name: rule.note for rule in again.trace.rules}["first_use"]
    else:
        assert refusal(refresh, token).trace.refusing.note.count("the leeway is 10 s") == 1
        assert logged(tenant)[0] == "ferrt"


def test_the_leeway_is_counted_from_the_first_use(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Using it again does not prolong it."""
    set_refresh(rotation_type="rotating", leeway=10)
    token = signed_in().refresh_token
    for _ in range(2):
        refresh(token)
        tenant.clock.advance(seconds=6)
    assert refusal(refresh, token).trace.refusing.name == "first_use"


@pytest.mark.parametrize("fraction", [0.05, 0.5, 0.95])
def test_a_leeway_and_a_lifetime_are_never_shorter_than_promised(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, fraction: float
) -> None:
    """By whichever part of a second they begin; a real clock stands at no whole one."""
    set_refresh(rotation_type="rotating", leeway=1, expiration_type="expiring", token_lifetime=10)
    tenant.clock.advance(seconds=fraction)
    token = signed_in().refresh_token
    tenant.clock.advance(seconds=9)
    assert refresh(token).access_token
    tenant.clock.advance(seconds=0.9)
    assert refresh(token).access_token


def test_only_the_token_just_before_has_a_leeway(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Once its successor was used, the answer did arrive: the family is revoked, leeway or not."""
    set_refresh(rotation_type="rotating", leeway=600)
    first = signed_in().refresh_token
    second = refresh(first).refresh_token
    third = refresh(second).refresh_token
    error = refusal(refresh, first)
    assert error.trace.refusing.name == "first_use" and "was used since" in error.trace.refusing.note
    assert logged(tenant)[0] == "ferrt"
    assert refusal(refresh, third).trace.refusing.name == "family"


def test_of_two_that_replaced_one_token_one_goes_on(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """A thief who is quick enough for the leeway would otherwise have a line of his own, which nobody ever notices."""
    set_refresh(rotation_type="rotating", leeway=600)
    first = signed_in().refresh_token
    mine, thiefs = (refresh(first).refresh_token for _ in range(2))
    following = refresh(mine).refresh_token
    error = refusal(refresh, thiefs)
    assert error.trace.refusing.name == "first_use" and "the other one was used" in error.trace.refusing.note
    assert logged(tenant)[0] == "ferrt"
    assert refusal(refresh, following).trace.refusing.name == "family"


@pytest.mark.parametrize(("back", "good"), [(9, True), (10, False), (3600, False)])
def test_a_clock_that_was_put_back_prolongs_no_leeway(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask, back: int, good: bool
) -> None:
    """Except by the leeway itself."""
    set_refresh(rotation_type="rotating", leeway=10)
    token = signed_in().refresh_token
    refresh(token)
    tenant.clock.set(datetime.fromtimestamp(tenant.clock.now() - back, UTC))
    assert refresh(token).access_token if good else refusal(refresh, token).trace.refusing.name == "first_use"


def test_without_leeway_a_clock_set_back_opens_none(
    tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """A leeway of 0 is none."""
    token = signed_in().refresh_token
    refresh(token)
    tenant.clock.set(datetime(2025, 1, 1, tzinfo=UTC))
    assert refusal(refresh, token).trace.refusing.name == "first_use"


def test_a_replaced_token_stays_replaced_when_rotation_is_turned_off(
    set_refresh: Ask, signed_in: Ask, refresh: Ask, refusal: Ask
) -> None:
    """The newest one then works as often as needed."""
    first = signed_in().refresh_token
    second = refresh(first).refresh_token
    set_refresh(rotation_type="non-rotating")
    assert refresh(second).access_token and refresh(second).refresh_token is None
    assert refusal(refresh, first).trace.refusing.name == "first_use"


def test_a_rotation_is_all_or_nothing(
    tenant: Training, signed_in: Ask, refresh: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the access token cannot be written, the refresh token is not replaced."""
    token = signed_in().refresh_token
    with monkeypatch.context() as broken:
        broken.setattr(user_tokens, "write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            refresh(token)
    assert len(tenant.families()[0].tokens) == 1 and refresh(token).access_token


# Chance, and many at once


def test_a_refused_attempt_draws_nothing(tenant: Training, signed_in: Ask, refresh: Ask, refusal: Ask) -> None:
    """The next refresh token is the same as without it."""
    token = signed_in().refresh_token
    refusal(refresh, token, scope="write:orders")
    refusal(refresh, "nonsense")
    following = refresh(token).refresh_token.reveal()
    with training_tenant() as fresh:
        drawn = [chance.text(fresh.registry.chance.value("refresh_token")) for _ in range(2)]
    assert [token.reveal(), following] == drawn


@pytest.mark.parametrize(("leeway", "winners"), [(0, 1), (60, 2)])
def test_two_rotate_one_token_at_once(
    tenant: Training, set_refresh: Ask, signed_in: Ask, refresh: Ask, leeway: int, winners: int
) -> None:
    """Without leeway exactly one wins, and the family ends; with it both do, each with a token of its own."""
    set_refresh(rotation_type="rotating", leeway=leeway)
    token, start = signed_in().refresh_token, threading.Barrier(2)

    def attempt(_: int) -> Any:
        start.wait()
        try:
            return refresh(token)
        except GrantRefused as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(attempt, range(2)))
    won = [one.refresh_token.reveal() for one in results if not isinstance(one, GrantRefused)]
    assert len(set(won)) == winners
    assert (tenant.families()[0].revoked_at is None) is (leeway > 0)
    assert [entry.type for entry in tenant.log].count("ferrt") == 2 - winners


# The request itself


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"refresh_token": 5}, "request.refresh_token"),
        ({"scope": 5}, "request.scope"),
        ({"client_secret": b"x"}, "request.client_secret"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(changes: dict[str, Any], code: str) -> None:
    """At once."""
    with pytest.raises(ConfigurationError) as caught:
        RefreshToken("client", **{"refresh_token": "x", **changes})
    assert caught.value.code == code


def test_a_request_shows_neither_token_nor_secret() -> None:
    """Its repr names the client and the scopes."""
    asked = RefreshToken("client", refresh_token="the-token", scope="a b", client_secret="s3cret")
    assert "client" in repr(asked) and "a b" in repr(asked)
    assert "the-token" not in repr(asked) and "s3cret" not in repr(asked)
