"""Panels over a tenant, for notebooks. Needs the extra `lab`."""

from __future__ import annotations

from typing import Any

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need

need("ipywidgets", extra="lab", feature="Panels")

from authkit.registry.models import Api  # noqa: E402  (the extra is asked for first)
from authkit.tenant import Tenant  # noqa: E402
from authkit.widgets.panels.apis import ApisPanel  # noqa: E402
from authkit.widgets.panels.clock import ClockPanel  # noqa: E402
from authkit.widgets.panels.create_api import CreateApiPanel  # noqa: E402
from authkit.widgets.panels.dashboard import DashboardPanel  # noqa: E402
from authkit.widgets.panels.debugger import DebuggerPanel  # noqa: E402
from authkit.widgets.panels.flows import FlowsPanel  # noqa: E402
from authkit.widgets.panels.keys import KeysPanel  # noqa: E402
from authkit.widgets.panels.roles import RolesPanel  # noqa: E402
from authkit.widgets.panels.signing import SigningPanel  # noqa: E402

__all__ = [
    "ApisPanel",
    "ClockPanel",
    "CreateApiPanel",
    "DashboardPanel",
    "DebuggerPanel",
    "FlowsPanel",
    "KeysPanel",
    "RolesPanel",
    "SigningPanel",
    "apis",
    "clock",
    "create_api",
    "dashboard",
    "debugger",
    "flows",
    "keys",
    "roles",
    "signing",
]


def apis(tenant: Tenant[Any], api: Api | str | None = None) -> ApisPanel:
    """All APIs of the tenant: a list, and beside it Quick Start, Settings, Scopes, Machine to Machine and Test of one.

    Args:
        tenant: Whose APIs they are.
        api: The API to start with, or its identifier; without one the first that is not the tenant's own.

    Raises:
        ConfigurationError: What was given is no tenant.
        RegistrationError: The tenant has no such API.
    """
    return ApisPanel(_checked(tenant), "" if api is None else _checked(tenant).apis.get(api).id)


def clock(tenant: Tenant[Any], token: str = "") -> ClockPanel:
    """A strip with the tenant's time, which moves it; every other panel of the tenant follows.

    Args:
        tenant: Whose clock it is.
        token: The token whose `exp` the presets are about; without one the newest that the tenant has issued.

    Raises:
        ConfigurationError: What was given is no tenant, or the token is no text.
    """
    return ClockPanel(_checked(tenant), _text(token, "A clock"))


def create_api(tenant: Tenant[Any]) -> CreateApiPanel:
    """A form that registers an API with the tenant and names every broken rule as one leaves a field.

    Args:
        tenant: Where the API is created.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return CreateApiPanel(_checked(tenant))


def dashboard(tenant: Tenant[Any]) -> DashboardPanel:
    """Every panel on one tenant: its clock above, the others in tabs.

    Args:
        tenant: What it works on.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return DashboardPanel(_checked(tenant))


def debugger(tenant: Tenant[Any], api: Api | str | None = None, token: str = "") -> DebuggerPanel:
    """A debugger: a token goes in, its three parts and the verdict of the tenant's own verifier come out.

    Args:
        tenant: Whose keys and clock the token is checked with.
        api: The API it should be for, or its identifier; without one the first that is there.
        token: The token to start with.

    Raises:
        ConfigurationError: What was given is no tenant, or the token is no text.
        RegistrationError: The tenant has no such API.
    """
    identifier = "" if api is None else _checked(tenant).apis.get(api).identifier
    return DebuggerPanel(_checked(tenant), identifier, _text(token, "A debugger"))


def flows(tenant: Tenant[Any]) -> FlowsPanel:
    """A stepper through a flow: one message a step, each really sent, each value with where it came from.

    Args:
        tenant: On which the flows run.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return FlowsPanel(_checked(tenant))


def keys(tenant: Tenant[Any]) -> KeysPanel:
    """The tenant's signing keys: rotation, revocation, and what clients make of the tokens under each key.

    Args:
        tenant: Whose keys they are.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return KeysPanel(_checked(tenant))


def roles(tenant: Tenant[Any], api: Api | str | None = None) -> RolesPanel:
    """Roles: what each may, who has it, and the token that comes of it for one user.

    Args:
        tenant: Whose roles they are.
        api: The API whose permissions are shown first, or its identifier; without one the first of one's own.

    Raises:
        ConfigurationError: What was given is no tenant.
        RegistrationError: The tenant has no such API.
    """
    return RolesPanel(_checked(tenant), "" if api is None else _checked(tenant).apis.get(api).id)


def signing(tenant: Tenant[Any]) -> SigningPanel:
    """HS256 and RS256 side by side: who can sign, who can verify, what a leak and its repair cost.

    Args:
        tenant: Whose issuer and time the training copies have on which all of it is tried.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return SigningPanel(_checked(tenant))


def _checked(tenant: object) -> Tenant[Any]:
    if isinstance(tenant, Tenant):
        return tenant
    raise ConfigurationError(
        "panel.no_tenant",
        f"A panel works on a tenant, not on {shorten(tenant)}.",
        "Make one with authkit.training_tenant(), and pass it first.",
    )


def _text(token: object, reader: str) -> str:
    if isinstance(token, str):
        return token
    raise ConfigurationError(
        "panel.token_not_text",
        f"{reader} reads a token as text, not {shorten(token)}.",
        "Pass the text itself, as in token=issued.access_token.",
    )
