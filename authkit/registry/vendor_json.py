"""Models as the JSON of the vendor's Management API, and back: what the wire and exports speak."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.secret import REVEAL
from authkit.registry.models import Api, Application, ClientGrant, Permission, Role, User

_USERS_FREELY: Final = {"client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}}
"""Who may ask for an API's tokens, in the vendor's words; this tenant has this one rule for all."""


def api_json(api: Api, *, secrets: bool) -> dict[str, Any]:
    """A resource server. What is not set is left out, as in a recorded answer of a real tenant."""
    document = _members(api, secrets, leave_out=() if secrets else ("signing_secret",))
    if not api.scopes:
        del document["scopes"]
    if not api.is_system:
        del document["is_system"]
    return {**document, "subject_type_authorization": _USERS_FREELY}


def application_json(application: Application, *, secrets: bool) -> dict[str, Any]:
    """A client."""
    document = _members(application, secrets, leave_out=() if secrets else ("client_secret",))
    method = "none" if application.client_secret is None else "client_secret_post"
    return {**document, "token_endpoint_auth_method": method}


def client_grant_json(grant: ClientGrant) -> dict[str, Any]:
    """A client grant."""
    return {**_members(grant, False), "subject_type": "client"}


def user_json(user: User) -> dict[str, Any]:
    """A user; no password, nor its hash."""
    return _members(user, False)


def role_json(role: Role) -> dict[str, Any]:
    """A role, without its permissions: the vendor has an address of their own for them."""
    return _members(role, False)


def permission_json(permission: Permission) -> dict[str, Any]:
    """A permission of a role or a user."""
    return _members(permission, False)


def _members(model: Any, secrets: bool, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    context = REVEAL if secrets else None
    document: dict[str, Any] = model.model_dump(mode="json", context=context, exclude=set(leave_out), exclude_none=True)
    return document
