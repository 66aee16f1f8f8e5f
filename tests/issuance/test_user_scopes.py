"""Scopes of a user's token: asked for × RBAC × held."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Api, Application, IssuedToken, SteerableClock, Tenant, User, decode

Training = Tenant[SteerableClock]
Ask = Callable[..., Any]

TABLE: list[tuple[bool | None, str, list[str], str]] = [
    # RBAC, asked for, held, granted
    (None, "read:orders", [], "read:orders"),
    (False, "read:orders write:orders", [], "read:orders write:orders"),
    (False, "write:orders read:orders", ["read:orders"], "write:orders read:orders"),
    (False, "read:orders unknown READ:ORDERS", [], "read:orders"),
    (False, "", ["read:orders"], ""),
    (True, "read:orders", [], ""),
    (True, "read:orders", ["read:orders"], "read:orders"),
    (True, "read:orders", ["write:orders"], ""),
    (True, "read:orders write:orders", ["write:orders"], "write:orders"),
    (True, "read:orders write:orders unknown", ["read:orders", "write:orders"], "read:orders write:orders"),
    (True, "", ["read:orders"], ""),
    (True, "openid profile email", [], "openid profile email"),
    (True, "openid read:orders", ["read:orders"], "openid read:orders"),
    (True, "address phone", ["read:orders"], ""),
]


@pytest.mark.parametrize(("rbac", "scope", "held", "granted"), TABLE)
@pytest.mark.parametrize("by_role", [True, False], ids=["by role", "directly"])
def test_what_a_user_gets(
    tenant: Training, orders: Api, ada: User, signed_in: Ask,
    rbac: bool | None, scope: str, held: list[str], granted: str, by_role: bool,
) -> None:  # fmt: skip
    """In the response and in the claim, in the order it was asked for."""
    tenant.apis.update(orders, enforce_policies=rbac)
    if by_role and held:
        role = tenant.roles.create(name="Clerk")
        tenant.roles.add_permissions(role, orders, held)
        tenant.users.add_roles(ada, role)
    elif held:
        tenant.users.add_permissions(ada, orders, held)
    issued: IssuedToken = signed_in(scope=scope)
    assert issued.scope == granted == decode(issued.access_token).payload.get("scope", "")
    assert ("scope" in issued.response()) is bool(granted)


def test_the_trace_says_why_a_scope_fell_away(tenant: Training, orders: Api, log_in: Ask) -> None:
    """Each with its own reason."""
    tenant.apis.update(orders, enforce_policies=True, allow_offline_access=False)
    rules = {rule.name: rule for rule in log_in(scope="read:orders nonsense offline_access").trace.rules}
    note = rules["scope"].note
    assert "granted: none" in note and "does not hold" in note and "defines no such scope" in note
    assert "does not allow offline access" in note


def test_a_permission_that_is_taken_away_between_login_and_redemption_counts(
    tenant: Training, orders: Api, ada: User, log_in: Ask, redeem: Ask
) -> None:
    """What is issued is decided when it is issued."""
    tenant.apis.update(orders, enforce_policies=True)
    tenant.users.add_permissions(ada, orders, ["read:orders"])
    code = log_in(scope="read:orders").code
    tenant.users.remove_permissions(ada, orders, ["read:orders"])
    assert redeem(code).scope == ""


@pytest.mark.parametrize(
    ("allowed", "grants", "scope", "comes"),
    [
        (True, ["authorization_code", "refresh_token"], "offline_access", True),
        (True, ["authorization_code", "refresh_token"], "openid", False),
        (False, ["authorization_code", "refresh_token"], "offline_access", False),
        (True, ["authorization_code"], "offline_access", False),
    ],
)
def test_when_a_refresh_token_comes(
    tenant: Training, orders: Api, shop: Application, signed_in: Ask,
    allowed: bool, grants: list[str], scope: str, comes: bool,
) -> None:  # fmt: skip
    """The API allows it, the application has the grant, and it was asked for (S12)."""
    tenant.apis.update(orders, allow_offline_access=allowed)
    tenant.applications.update(shop, grant_types=grants)
    issued = signed_in(scope=scope)
    assert (issued.refresh_token is not None) is comes is ("refresh_token" in issued.response())
    assert ("offline_access" in issued.scope) is comes


def test_without_an_audience_the_token_is_opaque(tenant: Training, signed_in: Ask) -> None:
    """No JWT, no API scopes, no refresh token; the trace says why."""
    issued = signed_in(audience=None, scope="openid email offline_access read:orders")
    assert "." not in issued.access_token and issued.scope == "openid email"
    assert issued.expires_in == 86400 and issued.refresh_token is None and issued.trace.claims == ()
    notes = " ".join(rule.note for rule in issued.trace.rules)
    assert "opaque" in notes and issued.id_token
    rows = str(tenant.registry.database.rows("SELECT * FROM access_tokens"))
    assert issued.access_token not in rows and issued.access_token not in repr(issued) + issued._repr_html_()
