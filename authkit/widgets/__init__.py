"""Panels over a tenant, for notebooks. Needs the extra `lab`."""

from __future__ import annotations

from typing import Any

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need

need("ipywidgets", extra="lab", feature="Panels")

from authkit.registry.models import Api  # noqa: E402  (the extra is asked for first)
from authkit.tenant import Tenant  # noqa: E402
from authkit.widgets.panels.create_api import CreateApiPanel  # noqa: E402
from authkit.widgets.panels.debugger import DebuggerPanel  # noqa: E402

__all__ = ["CreateApiPanel", "DebuggerPanel", "create_api", "debugger"]


def create_api(tenant: Tenant[Any]) -> CreateApiPanel:
    """A form that registers an API with the tenant and names every broken rule as one leaves a field.

    Args:
        tenant: Where the API is created.

    Raises:
        ConfigurationError: What was given is no tenant.
    """
    return CreateApiPanel(_checked(tenant))


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
    if not isinstance(token, str):
        raise ConfigurationError(
            "panel.token_not_text",
            f"A debugger reads a token as text, not {shorten(token)}.",
            "Pass the text itself, as in token=issued.access_token.",
        )
    return DebuggerPanel(_checked(tenant), identifier, token)


def _checked(tenant: object) -> Tenant[Any]:
    if isinstance(tenant, Tenant):
        return tenant
    raise ConfigurationError(
        "panel.no_tenant",
        f"A panel works on a tenant, not on {shorten(tenant)}.",
        "Make one with authkit.training_tenant(), and pass it first.",
    )
