"""The code exchange: each rule in order, with its error, setting and log code; what a reused code takes back."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRequest,
    ConfigurationError,
    GrantRefused,
    SteerableClock,
    Tenant,
    User,
    code_challenge,
    decode,
    training_tenant,
)
from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.issuance import user_tokens
from authkit.issuance.code_exchange import RULES

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]
CALLBACK = "https://shop.example/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
WITHOUT_PKCE = {"code_challenge": None, "code_challenge_method": None}
UNKNOWN = "Unknown or invalid authorization code"


@pytest.fixture
def web(tenant: Training) -> Application:
    """A confidential first-party application."""
    return tenant.applications.create(name="Web shop", app_type="regular_web", callbacks=[CALLBACK])


def logged(tenant: Training) -> tuple[str, str, str]:
    """What the log says last: the code, and whom it concerned."""
    entry = list(tenant.log)[-1]
    return entry.type, entry.client_id, entry.user_id


def test_the_rules_stand_in_this_order() -> None:
    """Who asks, then the code, then what it is bound to, then what it becomes."""
    names = [rule.name for rule in RULES.not_reached()]
    assert names == [
        "client", "grant_type", "code", "first_use", "fresh", "redirect_uri", "code_verifier", "user", "audience",
        "scope", "kind", "offline_access",
    ]  # fmt: skip


def test_a_code_becomes_tokens(
    tenant: Training, shop: Application, ada: User, orders: Api, log_in: Ask, redeem: Ask
) -> None:
    """All rules pass, and the log says for whom."""
    issued = redeem(log_in().code)
    assert {rule.outcome for rule in issued.trace.rules} == {"passed"} and issued.token_type == "Bearer"
    entry = list(tenant.log)[-1]
    assert (entry.type, entry.client_id, entry.user_id, entry.audience, entry.scope) == (
        "seacft", shop.client_id, ada.user_id, orders.identifier, "openid offline_access read:orders",
    )  # fmt: skip


@pytest.mark.parametrize("code", ["nonsense", "\0", "\ud800", "x" * 5000])
def test_an_unknown_code_is_refused(tenant: Training, shop: Application, redeem: Ask, refusal: Ask, code: str) -> None:
    """The log names the application alone, and never what was sent."""
    error = refusal(redeem, code)
    assert (error.status, error.error, error.description) == (403, "invalid_grant", UNKNOWN)
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("code", "tenant.authorize")
    assert logged(tenant) == ("feacft", shop.client_id, "") and code not in list(tenant.log)[-1].description


@pytest.mark.parametrize("code", [None, ""])
def test_a_missing_code_is_an_invalid_request(redeem: Ask, refusal: Ask, code: str | None) -> None:
    """400, as nothing was granted yet (RFC 6749 §5.2)."""
    error = refusal(redeem, code)
    assert (error.status, error.error, error.trace.refusing.name) == (400, "invalid_request", "code")


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (59, True), (59.999, True), (60, False), (3600, False)])
def test_a_code_is_good_for_a_minute(
    tenant: Training, ada: User, log_in: Ask, redeem: Ask, refusal: Ask, seconds: float, good: bool
) -> None:
    """To the second, by the tenant's clock."""
    code = log_in().code
    tenant.clock.advance(seconds=seconds)
    if good:
        assert redeem(code).access_token
        return
    error = refusal(redeem, code)
    assert (error.status, error.error, error.description) == (403, "invalid_grant", UNKNOWN)
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("fresh", "tenant.clock")
    assert logged(tenant)[::2] == ("feacft", ada.user_id)


@pytest.mark.parametrize(("back", "good"), [(60, True), (61, False), (3600, False)])
def test_a_clock_that_was_put_back_gives_a_code_no_hours(
    tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask, back: int, good: bool
) -> None:
    """A small correction of the clock harms none."""
    code = log_in().code
    tenant.clock.set(datetime.fromtimestamp(tenant.clock.now() - back, UTC))
    assert redeem(code).access_token if good else refusal(redeem, code).trace.refusing.name == "fresh"


@pytest.mark.parametrize("fraction", [0.05, 0.5, 0.95])
def test_a_minute_is_never_shorter(tenant: Training, log_in: Ask, redeem: Ask, fraction: float) -> None:
    """By whichever part of a second it begins; a real clock stands at no whole one."""
    tenant.clock.advance(seconds=fraction)
    code = log_in().code
    tenant.clock.advance(seconds=59.9)
    assert redeem(code).access_token


def test_the_trace_says_how_fresh_it_was(tenant: Training, log_in: Ask, redeem: Ask) -> None:
    """In seconds."""
    code = log_in().code
    tenant.clock.advance(seconds=20)
    notes = {rule.name: rule.note for rule in redeem(code).trace.rules}
    assert notes["fresh"] == "40 of 60 seconds are left"


def test_another_applications_code_is_as_unknown_as_any(
    tenant: Training, web: Application, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """The same answer, the difference in the trace alone; the code stays good for whom it was meant."""
    code = log_in().code
    foreign, unknown = refusal(redeem, code, web), refusal(redeem, "nonsense", web)
    assert (foreign.status, foreign.error, foreign.description) == (unknown.status, unknown.error, unknown.description)
    assert foreign.trace.refusing.name == "code" and foreign.trace.refusing.note != unknown.trace.refusing.note
    assert logged(tenant) == ("feacft", web.client_id, "")
    assert redeem(code).access_token


def test_the_tokens_are_the_users_who_logged_in(tenant: Training, ada: User, asked: Ask, redeem: Ask) -> None:
    """Access token, ID token and family; whoever else there is."""
    eve = tenant.users.create(email="eve@example.com", password="correct horse battery")
    issued = redeem(tenant.authorize(asked(), eve).code)
    assert decode(issued.access_token).payload["sub"] == decode(issued.id_token).payload["sub"] == eve.user_id
    assert tenant.families(eve) and not tenant.families(ada)


# Used twice


def test_a_code_used_twice_takes_back_what_it_brought(
    tenant: Training, shop: Application, ada: User, log_in: Ask, redeem: Ask, refresh: Ask, refusal: Ask
) -> None:
    """Family, access tokens, and those that a refresh brought since."""
    code = log_in().code
    first = redeem(code)
    tenant.clock.advance(seconds=1)
    second = refresh(first.refresh_token)
    error = refusal(redeem, code)
    assert (error.status, error.error, error.description) == (403, "invalid_grant", UNKNOWN)
    assert error.trace.refusing.name == "first_use" and "until exp" in error.trace.refusing.note
    assert logged(tenant) == ("feacft", shop.client_id, ada.user_id)
    assert [family.revoked_at for family in tenant.families()] == [int(tenant.clock.now())]
    for issued in (first, second):
        assert tenant.is_revoked(issued.access_token)
        assert refusal(tenant.userinfo, issued.access_token).trace.refusing.name == "not_revoked"
        assert refusal(refresh, issued.refresh_token).trace.refusing.name == "family"


def test_other_apis_accept_its_jwt_until_it_expires(tenant: Training, orders: Api, log_in: Ask, redeem: Ask) -> None:
    """They know nothing of the store; our own userinfo does."""
    code = log_in().code
    issued = redeem(code)
    with pytest.raises(GrantRefused):
        redeem(code)
    assert tenant.verifier(orders).verify(issued.access_token)


def test_a_code_used_twice_takes_back_an_opaque_token(tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """It came without a family."""
    code = log_in(audience=None, scope="openid").code
    token = redeem(code).access_token
    assert tenant.userinfo(token) and not tenant.is_revoked(token)
    refusal(redeem, code)
    assert tenant.is_revoked(token) and refusal(tenant.userinfo, token).trace.refusing.name == "not_revoked"


def test_a_used_code_takes_back_also_when_it_is_old(tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """A thief may come late, and that is no reason to spare the tokens."""
    code = log_in().code
    token = redeem(code).access_token
    tenant.clock.advance(hours=1)
    assert refusal(redeem, code).trace.refusing.name == "first_use"
    assert tenant.is_revoked(token)


def test_another_logins_tokens_stay(tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask, refresh: Ask) -> None:
    """What is revoked came of this one code; the moment of a revocation never moves."""
    code = log_in().code
    redeem(code)
    tenant.clock.advance(seconds=1)
    other = redeem(log_in().code)
    refusal(redeem, code)
    first = tenant.families()[0].revoked_at
    tenant.clock.advance(seconds=1)
    refusal(redeem, code)
    assert [family.revoked_at for family in tenant.families()] == [first, None]
    assert not tenant.is_revoked(other.access_token) and tenant.userinfo(other.access_token)
    assert refresh(other.refresh_token).access_token


def test_a_refused_attempt_does_not_use_the_code(log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """Nor does it take anything back."""
    code = log_in().code
    refusal(redeem, code, redirect_uri="https://evil.example/")
    refusal(redeem, code, code_verifier="x" * 43)
    assert redeem(code).access_token


# What the code is bound to


@pytest.mark.parametrize("uri", [None, "", CALLBACK + "/", CALLBACK.upper(), "https://evil.example/", "\ud800"])
def test_another_redirect_uri_is_refused(log_in: Ask, redeem: Ask, refusal: Ask, uri: str | None) -> None:
    """Also another callback of the same application: it is the one the code was sent to that counts."""
    error = refusal(redeem, log_in().code, redirect_uri=uri)
    assert (error.status, error.error) == (403, "invalid_grant")
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("redirect_uri", "request.redirect_uri")


@pytest.mark.parametrize(
    ("verifier", "note"),
    [
        (None, "no code_verifier was sent"),
        ("", "it is not the challenge's"),
        ("x" * 43, "it is not the challenge's"),
        (VERIFIER[:-1], "it is not the challenge's"),
        (VERIFIER.swapcase(), "it is not the challenge's"),
        (Secret("\ud800" * 43), "it is not the challenge's"),
    ],
)
def test_the_verifier_has_to_be_the_challenges(
    tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask, verifier: Any, note: str
) -> None:
    """Missing or wrong; it never shows."""
    error = refusal(redeem, log_in().code, code_verifier=verifier)
    assert (error.status, error.error, error.trace.refusing.note) == (403, "invalid_grant", note)
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("code_verifier", "request.code_verifier")
    assert logged(tenant)[0] == "feacft"


def test_a_verifier_needs_43_characters_even_if_it_fits(
    tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """A short one could be guessed from its challenge (RFC 7636 §4.1, §7.1)."""
    for verifier in ("guess", "x" * 129, "x" * 42 + "!"):
        code = log_in(code_challenge=code_challenge(verifier)).code
        assert refusal(redeem, code, code_verifier=verifier).trace.refusing.name == "code_verifier"


def test_a_verifier_without_a_challenge_is_refused(web: Application, log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """The downgrade: somebody took the challenge out of the request (RFC 9700 §4.8.2)."""
    code = log_in(web, **WITHOUT_PKCE).code
    for verifier in (VERIFIER, ""):
        error = refusal(redeem, code, web, code_verifier=verifier)
        assert (error.error, error.trace.refusing.name) == ("invalid_grant", "code_verifier")
    assert redeem(code, web, code_verifier=None).access_token


def test_a_confidential_application_is_held_to_its_challenge(
    web: Application, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """Its secret does not replace the verifier."""
    code = log_in(web).code
    assert refusal(redeem, code, web, code_verifier=None).trace.refusing.name == "code_verifier"
    assert redeem(code, web).access_token


# Who asks


@pytest.mark.parametrize("secret", [None, "", "wrong", "\ud800"])
def test_a_confidential_application_proves_its_secret(
    tenant: Training, web: Application, log_in: Ask, redeem: Ask, refusal: Ask, secret: Any
) -> None:
    """Before anything is said of the code; the right one, by id and secret, is taken."""
    code = log_in(web).code
    error = refusal(redeem, code, web.client_id, client_secret=secret)
    assert (error.status, error.error, error.description) == (401, "access_denied", "Unauthorized")
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("client", "application.client_secret")
    assert logged(tenant) == ("feacft", "", "")
    assert redeem(code, web.client_id, client_secret=web.client_secret).access_token


def test_a_public_application_has_no_secret_to_present(
    shop: Application, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """One that is presented is a mistake, and is refused."""
    code = log_in().code
    error = refusal(redeem, code, shop.client_id, client_secret="anything")
    assert (error.status, error.error, error.trace.refusing.name) == (401, "access_denied", "client")
    assert redeem(code, shop.client_id, client_secret="").access_token


def test_an_unknown_application_is_unauthorized(log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """As one with a wrong secret is."""
    error = refusal(redeem, log_in().code, "nobody")
    assert (error.status, error.error, error.description) == (401, "access_denied", "Unauthorized")


def test_a_grant_type_that_is_off_is_refused(
    tenant: Training, shop: Application, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """Also with a code from before."""
    code = log_in().code
    tenant.applications.update(shop, grant_types=["refresh_token"])
    error = refusal(redeem, code)
    assert (error.status, error.error) == (403, "unauthorized_client")
    assert error.description == "Grant type 'authorization_code' not allowed for the client."
    assert (error.trace.refusing.name, error.trace.refusing.setting) == ("grant_type", "application.grant_types")
    assert logged(tenant)[:2] == ("feacft", shop.client_id)


# What changed between login and redemption


def test_a_user_who_was_blocked_gets_nothing(
    tenant: Training, ada: User, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """The log says who."""
    code = log_in().code
    tenant.users.update(ada, blocked=True)
    error = refusal(redeem, code)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "invalid_grant", "user")
    assert error.trace.refusing.setting == "user.blocked" and logged(tenant)[::2] == ("feacft", ada.user_id)


def test_an_api_that_was_deleted_gets_no_token(
    tenant: Training, orders: Api, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """Nor does the token become an opaque one."""
    code = log_in().code
    tenant.apis.delete(orders)
    error = refusal(redeem, code)
    assert (error.error, error.trace.refusing.name, error.trace.refusing.setting) == (
        "invalid_grant", "audience", "api.identifier",
    )  # fmt: skip


def test_an_api_that_takes_the_name_of_a_deleted_one_gets_no_token(
    tenant: Training, orders: Api, log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """To this one, whatever its scopes mean, nobody has agreed."""
    code = log_in().code
    tenant.apis.delete(orders)
    tenant.apis.create(identifier=orders.identifier, scopes={"read:orders": "Delete everything"})
    assert refusal(redeem, code).trace.refusing.name == "audience"


@pytest.mark.parametrize("gone", ["users", "applications"])
def test_a_code_goes_with_its_user_and_its_application(
    tenant: Training, ada: User, shop: Application, log_in: Ask, redeem: Ask, refusal: Ask, gone: str
) -> None:
    """It is unknown then, or its application is."""
    code = log_in().code
    if gone == "users":
        tenant.users.delete(ada)
    else:
        tenant.applications.delete(shop)
    assert refusal(redeem, code).trace.refusing.name == ("code" if gone == "users" else "client")


def test_offline_access_that_was_withdrawn_brings_no_refresh_token(
    tenant: Training, orders: Api, log_in: Ask, redeem: Ask
) -> None:
    """The settings of the redemption count, and the trace says so."""
    code = log_in().code
    tenant.apis.update(orders, allow_offline_access=False)
    issued = redeem(code)
    notes = {rule.name: rule.note for rule in issued.trace.rules}
    assert issued.refresh_token is None and "offline_access" not in issued.scope and tenant.families() == ()
    assert notes["offline_access"].startswith("no refresh token") and "does not allow" in notes["scope"]


def test_a_redemption_is_all_or_nothing(
    tenant: Training, log_in: Ask, redeem: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tokens cannot be written, the code is not used and no family started."""
    code = log_in().code
    with monkeypatch.context() as broken:
        broken.setattr(user_tokens, "write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            redeem(code)
    assert tenant.families() == () and redeem(code).access_token


# Chance, and many at once


def test_a_refused_attempt_draws_nothing(tenant: Training, log_in: Ask, redeem: Ask, refusal: Ask) -> None:
    """The refresh token is the same as without it."""
    code = log_in().code
    for changes in ({"redirect_uri": "x"}, {"code_verifier": "x" * 43}):
        refusal(redeem, code, **changes)
    issued = redeem(code)
    with training_tenant() as fresh:
        assert issued.refresh_token.reveal() == chance.text(fresh.registry.chance.value("refresh_token"))


def test_of_two_at_once_exactly_one_wins(tenant: Training, log_in: Ask, redeem: Ask) -> None:
    """And the other, being second, takes it all back."""
    code, start = log_in().code, threading.Barrier(2)

    def attempt(_: int) -> Any:
        start.wait()
        try:
            return redeem(code)
        except GrantRefused as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, range(2)), key=lambda one: isinstance(one, GrantRefused))
    refused = results[1].trace.refusing
    assert refused.name == "first_use" and tenant.is_revoked(results[0].access_token)
    assert len(tenant.families()) == 1
    assert sorted(entry.type for entry in tenant.log) == ["feacft", "s", "seacft"]


def test_of_two_holders_of_one_store_exactly_one_wins(tmp_path: Path) -> None:
    """As two processes are: what counts is the file."""
    with Tenant.open(tmp_path / "tenant.db") as one, Tenant.open(tmp_path / "tenant.db") as two:
        web = one.applications.create(name="Web", app_type="regular_web", callbacks=[CALLBACK])
        user = one.users.create(email="ada@example.com", password="correct horse battery")
        start = threading.Barrier(2)

        def attempt(tenant: Tenant[Any], code: str) -> bool:
            start.wait()
            try:
                return bool(tenant.request_token(AuthorizationCode(web, code=code, redirect_uri=CALLBACK)))
            except GrantRefused as refused:
                assert refused.trace.refusing is not None and refused.trace.refusing.name == "first_use"
                return False

        with ThreadPoolExecutor(2) as pool:
            for _ in range(5):
                code = one.authorize(AuthorizationRequest(web, redirect_uri=CALLBACK), user).code
                assert sorted(pool.map(attempt, (one, two), (code, code))) == [False, True]


# The request itself


@pytest.mark.parametrize("field", ["code", "redirect_uri", "code_verifier", "client_secret"])
def test_an_argument_of_the_wrong_kind_is_named(field: str) -> None:
    """At once, and never echoed."""
    with pytest.raises(ConfigurationError) as caught:
        AuthorizationCode("client", **{"code": "x", "redirect_uri": "y", **{field: 5}})  # type: ignore[arg-type]
    assert caught.value.code == f"request.{field}"


def test_a_request_shows_neither_code_nor_secret() -> None:
    """Its repr names the client and the callback."""
    asked = AuthorizationCode(
        "client", code="the-code", redirect_uri=CALLBACK, code_verifier="the-v", client_secret="s3"
    )
    assert "client" in repr(asked) and CALLBACK in repr(asked)
    assert not any(secret in repr(asked) for secret in ("the-code", "the-v", "s3"))


def test_the_store_knows_tokens_by_their_hash_alone(tenant: Training, signed_in: Ask) -> None:
    """Who reads the file cannot use them; and the object shows none of them whole."""
    issued = signed_in()
    tables = ("authorization_codes", "refresh_tokens", "access_tokens", "families", "log")
    rows = "".join(str(tenant.registry.database.rows(f"SELECT * FROM {table}")) for table in tables)
    shown = repr(issued) + issued._repr_html_()
    for secret in (issued.refresh_token.reveal(), issued.access_token, issued.id_token):
        assert secret not in rows + shown
