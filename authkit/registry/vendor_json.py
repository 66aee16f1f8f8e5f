"""Models as the JSON of the vendor's Management API: what the wire and exports speak."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from authkit.ground.secret import REVEAL
from authkit.jose.ring import RingKey
from authkit.registry.log import LogEntry
from authkit.registry.models import Api, Application, ClientGrant, Permission, Role, User

_WHO_MAY_ASK: Final = MappingProxyType({"client": "require_client_grant", "user": "allow_all"})
"""Who may ask for an API's tokens, in the vendor's words; this tenant has this one rule for all."""

CONNECTION: Final = "Username-Password-Authentication"
"""Where a user's password is kept, in the vendor's words; this tenant has this one place."""


def api_json(api: Api, *, secrets: bool) -> dict[str, Any]:
    """A resource server. What is not set is left out, as in a recorded answer of a real tenant."""
    document = _members(api, secrets, leave_out=() if secrets else ("signing_secret",))
    if not api.scopes:
        del document["scopes"]
    if not api.is_system:
        del document["is_system"]
    authorization = {subject: {"policy": policy} for subject, policy in _WHO_MAY_ASK.items()}
    return {**document, "subject_type_authorization": authorization}


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
    identity = {
        "connection": CONNECTION, "provider": "auth0", "user_id": user.user_id.partition("|")[2], "isSocial": False,
    }  # fmt: skip
    return {**_members(user, False), "identities": [identity]}


def member_json(user: User) -> dict[str, Any]:
    """A user as one of those who have a role."""
    document = user_json(user)
    return {name: document[name] for name in ("user_id", "email", "name") if name in document}


def role_json(role: Role) -> dict[str, Any]:
    """A role, without its permissions: the vendor has an address of their own for them."""
    return _members(role, False)


def permission_json(permission: Permission, api: Api | None = None) -> dict[str, Any]:
    """A permission of a role or a user; with its API, also what that says of it."""
    document = _members(permission, False)
    if api is not None:
        described = {scope.value: scope.description for scope in api.scopes}
        document["description"] = described.get(permission.permission_name, "")
        document["resource_server_name"] = api.name or api.identifier
    return document


def signing_key_json(entry: RingKey) -> dict[str, Any]:
    """A signing key as the tenant's operators see it: its certificate and its place, never the private half."""
    key = entry.key
    digest = hashlib.sha1(ssl.PEM_cert_to_DER_cert(key.certificate), usedforsecurity=False).hexdigest().upper()
    moments = {
        "current_since": entry.current_since, "current_until": entry.current_until, "revoked_at": entry.revoked_at,
    }  # fmt: skip
    return {
        "kid": key.kid,
        "cert": key.certificate,
        "fingerprint": ":".join(digest[start : start + 2] for start in range(0, len(digest), 2)),
        "thumbprint": digest,
        **{place: entry.place == place for place in ("current", "next", "previous", "revoked")},
        **{name: _moment(moment) for name, moment in moments.items() if moment is not None},
    }


def log_json(entry: LogEntry) -> dict[str, Any]:
    """An entry of the log; whom it did not concern is left out."""
    return {"_id": entry.log_id, **{name: value for name, value in entry._asdict().items() if value}}


def _moment(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _members(model: Any, secrets: bool, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    context = REVEAL if secrets else None
    document: dict[str, Any] = model.model_dump(mode="json", context=context, exclude=set(leave_out), exclude_none=True)
    return document
