"""What the roles panel does, as Python and as a request to the Management API."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from authkit.ground.display import literal
from authkit.registry.models import Api, Application, User
from authkit.registry.vendor_json import CONNECTION
from authkit.widgets.states.api_code import Code, management
from authkit.widgets.states.snippets import call

NO_PREVIEW: Final = (
    "A preview has no request: over HTTP a user has to log in, by GET /authorize and POST /oauth/token. "
    "authkit.widgets.flows(tenant) shows both."
)
LOGIN: Final[dict[str, object]] = {"name": "Shop", "app_type": "spa", "callbacks": ["https://shop.example/callback"]}
"""An application that users log in through, where the tenant has none yet."""


def listed(issuer: str) -> Code:
    """Reading all roles."""
    return "list(tenant.roles)", management(issuer, "GET /api/v2/roles")


def permission(issuer: str, role: str, api: Api, scope: str, on: bool) -> Code:
    """Giving a role a permission, or taking it away."""
    held = {"resource_server_identifier": api.identifier, "permission_name": scope}
    line = f"{'POST' if on else 'DELETE'} /api/v2/roles/{role}/permissions"
    arguments = f"{literal(role)}, {literal(api.identifier)}, [{literal(scope)}]"
    python = f"tenant.roles.{'add' if on else 'remove'}_permissions({arguments})"
    return python, management(issuer, line, {"permissions": [held]})


def membership(issuer: str, user: str, role: str, on: bool) -> Code:
    """Giving a user a role, or taking it away."""
    line = f"{'POST' if on else 'DELETE'} /api/v2/users/{quote(user, safe='')}/roles"
    python = f"tenant.users.{'add' if on else 'remove'}_roles({literal(user)}, {literal(role)})"
    return python, management(issuer, line, {"roles": [role]})


def new_role(issuer: str, name: str) -> Code:
    """Creating a role."""
    return f"role = tenant.roles.create(name={literal(name)})", management(issuer, "POST /api/v2/roles", {"name": name})


def new_user(issuer: str, email: str) -> Code:
    """Creating a user; the password is for the reader to give."""
    python = f"from getpass import getpass\n\nuser = tenant.users.create(email={literal(email)}, password=getpass())"
    body = {"email": email, "password": "PASSWORD", "connection": CONNECTION}
    return python, management(issuer, "POST /api/v2/users", body)


def new_application(issuer: str) -> Code:
    """Creating an application that users log in through."""
    source = {name: literal(value) for name, value in LOGIN.items()}
    return call("app = tenant.applications.create", source), management(issuer, "POST /api/v2/clients", LOGIN)


def preview(application: Application, api: Api, user: User, scopes: tuple[str, ...]) -> str:
    """The token beside the tables, as Python."""
    asked = [
        f"    {literal(application.client_id)},",
        f"    redirect_uri={literal(application.callbacks[0])},",
        f"    audience={literal(api.identifier)},",
        f"    scope={literal(' '.join(scopes))},",
    ]
    if application.client_secret is None:
        asked += ['    code_challenge=authkit.code_challenge("in a preview any"),', '    code_challenge_method="S256",']
    return "\n".join(
        ["request = authkit.AuthorizationRequest(", *asked, ")",
         f"tenant.preview(request, user={literal(user.user_id)})"]
    )  # fmt: skip
