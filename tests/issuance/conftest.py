"""What the flows with a user start from: an API that allows offline access, a public application, Ada, and a login."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    AuthorizationCode,
    AuthorizationRequest,
    AuthorizationResponse,
    GrantRefused,
    IssuedToken,
    RefreshToken,
    SteerableClock,
    Tenant,
    User,
    code_challenge,
)

Training = Tenant[SteerableClock]
CALLBACK = "https://shop.example/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def orders(tenant: Training) -> Api:
    """An RS256 API with two scopes, without RBAC, whose first-party applications skip consent."""
    return tenant.apis.create(
        name="Orders",
        identifier="https://orders.example/",
        scopes={"read:orders": "Read orders", "write:orders": "Write orders"},
        allow_offline_access=True,
        skip_consent_for_verifiable_first_party_clients=True,
    )


@pytest.fixture
def shop(tenant: Training) -> Application:
    """A public first-party application whose refresh tokens rotate without leeway."""
    settings = {"rotation_type": "rotating"}
    return tenant.applications.create(name="Shop", app_type="spa", callbacks=[CALLBACK], refresh_token=settings)


@pytest.fixture
def ada(tenant: Training) -> User:
    """A user without roles or permissions."""
    return tenant.users.create(email="ada@example.com", password="correct horse battery", name="Ada")


@pytest.fixture
def asked(orders: Api, shop: Application) -> Callable[..., AuthorizationRequest]:
    """A request of the shop for the API with PKCE; anything can be asked otherwise."""

    def ask(application: Any = shop, **changes: Any) -> AuthorizationRequest:
        good: dict[str, Any] = {
            "redirect_uri": CALLBACK,
            "audience": orders.identifier,
            "scope": "openid offline_access read:orders",
            "code_challenge": code_challenge(VERIFIER),
            "code_challenge_method": "S256",
        }
        return AuthorizationRequest(application, **{**good, **changes})

    return ask


@pytest.fixture
def log_in(tenant: Training, ada: User, asked: Callable[..., AuthorizationRequest]) -> Callable[..., Any]:
    """Ada logs in and agrees; the response with the code."""

    def log_in(application: Any = None, **changes: Any) -> AuthorizationResponse:
        request = asked(**changes) if application is None else asked(application, **changes)
        return tenant.authorize(request, ada, consented=True)

    return log_in


@pytest.fixture
def redeem(tenant: Training, shop: Application) -> Callable[..., Any]:
    """Redeem a code as the shop does; anything can be sent otherwise."""

    def redeem(code: str | None, application: Any = shop, **changes: Any) -> IssuedToken:
        good: dict[str, Any] = {"redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return tenant.request_token(AuthorizationCode(application, code=code, **{**good, **changes}))

    return redeem


@pytest.fixture
def signed_in(log_in: Callable[..., Any], redeem: Callable[..., Any]) -> Callable[..., Any]:
    """Ada's tokens: a login and its code redeemed."""

    def signed_in(**changes: Any) -> IssuedToken:
        issued: IssuedToken = redeem(log_in(**changes).code)
        return issued

    return signed_in


@pytest.fixture
def refresh(tenant: Training, shop: Application) -> Callable[..., Any]:
    """Use a refresh token as the shop does."""

    def refresh(token: Any, application: Any = shop, **changes: Any) -> IssuedToken:
        return tenant.request_token(RefreshToken(application, refresh_token=token, **changes))

    return refresh


@pytest.fixture
def refusal() -> Callable[..., Any]:
    """The refusal of an action: its trace has one refusing rule, all before it passed, none after it was reached."""

    def refusal(action: Callable[..., object], *arguments: Any, **settings: Any) -> GrantRefused:
        with pytest.raises(GrantRefused) as caught:
            action(*arguments, **settings)
        error = caught.value
        outcomes = [rule.outcome for rule in error.trace.rules]
        at = outcomes.index("refused")
        assert outcomes == ["passed"] * at + ["refused"] + ["not reached"] * (len(outcomes) - at - 1)
        assert error.trace.claims == error.trace.id_claims == () and error.remedy and error.code == error.error
        return error

    return refusal
