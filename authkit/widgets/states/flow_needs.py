"""What a flow needs of a tenant, which of it is there, and how the rest is created."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from authkit.ground import chance
from authkit.ground.display import literal
from authkit.registry.models import Api, Application
from authkit.registry.vendor_json import CONNECTION
from authkit.tenant import Tenant
from authkit.widgets.states.api_code import Code, management
from authkit.widgets.states.flow_steps import CALLBACK
from authkit.widgets.states.snippets import call, mapping

_API: Final = "https://orders.example/"
_SCOPES: Final = {"read:orders": "Read orders", "write:orders": "Change orders"}
_EMAIL: Final = "ada@example.com"
_MACHINE: Final[dict[str, Any]] = {"name": "Nightly report", "app_type": "non_interactive"}
_SHOP: Final[dict[str, Any]] = {
    "name": "Shop", "app_type": "spa", "callbacks": [CALLBACK], "refresh_token": {"rotation_type": "rotating"},
}  # fmt: skip
_APPLICATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "client_credentials": "an application with the client-credentials grant",
        "code": "an application that users log in through, with a callback",
        "refresh": "an application whose refresh tokens rotate",
    }
)


def fits(flow: str, tenant: Tenant[Any], application: Application, audience: str | None) -> int:
    """How well an application fits a flow: 0 not at all; the more the better."""
    grants = application.grant_types
    if flow == "client_credentials":
        if "client_credentials" not in grants:
            return 0
        return 2 if audience and tenant.client_grants.between(application.client_id, audience) is not None else 1
    if "authorization_code" not in grants or not application.callbacks:
        return 0
    if flow == "code":
        return 2 if application.client_secret is None else 1
    return 0 if "refresh_token" not in grants else 2 if application.refresh_token.rotation_type == "rotating" else 1


def lacking(flow: str, tenant: Tenant[Any]) -> tuple[str, ...]:
    """What the tenant has not and the flow needs, in words."""
    found = []
    if all(api.is_system for api in tenant.apis) and flow != "code":
        found.append("an API of your own")
    enough = 2 if flow == "refresh" else 1
    if not any(fits(flow, tenant, one, None) >= enough for one in tenant.applications):
        found.append(_APPLICATIONS[flow])
    if flow != "client_credentials" and not len(tenant.users):
        found.append("a user")
    return tuple(found)


def create(flow: str, tenant: Tenant[Any], chosen: Api | None) -> tuple[str, Code]:
    """Create what is lacking, all of it or nothing.

    Args:
        flow: For which flow.
        tenant: Where.
        chosen: The API that a client grant is for, if there is one of one's own.

    Returns:
        What was created, in a sentence; and the same as code.
    """
    with tenant.registry.database.transaction():
        return _create(flow, tenant, chosen, lacking(flow, tenant))


def _create(flow: str, tenant: Tenant[Any], api: Api | None, missing: tuple[str, ...]) -> tuple[str, Code]:
    said: list[str] = []
    python: list[str] = []
    http: list[str] = []
    issuer = tenant.issuer
    if "an API of your own" in missing:
        settings: dict[str, Any] = {"name": "Orders", "identifier": _API, "allow_offline_access": True}
        api = tenant.apis.create(**settings, scopes=_SCOPES)
        source = {**{name: literal(value) for name, value in settings.items()}, "scopes": mapping(_SCOPES)}
        python.append(call("api = tenant.apis.create", source))
        scopes = [{"value": value, "description": words} for value, words in _SCOPES.items()]
        http.append(management(issuer, "POST /api/v2/resource-servers", {**settings, "scopes": scopes}))
        said.append("the API Orders")
    if _APPLICATIONS[flow] in missing:
        settings = dict(_MACHINE if flow == "client_credentials" else _SHOP)
        application = tenant.applications.create(**settings)
        python.append(
            call("app = tenant.applications.create", {name: _source(value) for name, value in settings.items()})
        )
        http.append(management(issuer, "POST /api/v2/clients", settings))
        said.append(f"the application {application.name}")
        if flow == "client_credentials" and api is not None:
            tenant.client_grants.create(application, api, api.scope_values)
            scope = list(api.scope_values)
            python.append(f"tenant.client_grants.create(app, {literal(api.identifier)}, {_source(scope)})")
            body = {"client_id": application.client_id, "audience": api.identifier, "scope": scope}
            http.append(management(issuer, "POST /api/v2/client-grants", body))
            said.append(f"its client grant for {api.name or api.identifier}")
    if "a user" in missing:
        # Nobody has to know the password: here the panel vouches for the user.
        password = chance.text(tenant.registry.chance.value("flow_password"))
        tenant.users.create(email=_EMAIL, password=password)
        python.append(f"import secrets\ntenant.users.create(email={literal(_EMAIL)}, password=secrets.token_urlsafe())")
        body = {"email": _EMAIL, "password": "PASSWORD", "connection": CONNECTION}
        http.append(management(issuer, "POST /api/v2/users", body))
        said.append(f"the user {_EMAIL}")
    return f"Created: {', '.join(said)}.", ("\n".join(python), "\n\n".join(http))


def _source(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(name)}: {literal(one)}' for name, one in value.items())}}}"
    return literal(value)
