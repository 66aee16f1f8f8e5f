"""`/resource-servers`: the tenant's APIs, by id or by URL-encoded identifier."""

from __future__ import annotations

from typing import Any, Final

from authkit.http.management.errors import inexistent, invalid_body
from authkit.http.management.operation import Call, operation
from authkit.http.management.paging import PAGED, listed, page
from authkit.http.management.shapes import members, shape
from authkit.registry.models import Api
from authkit.registry.vendor_json import api_json

_KNOWN: Final = members(Api)
_POLICY: Final = {
    "type": "object", "properties": {"policy": {"type": "string"}}, "required": ["policy"],
}  # fmt: skip
_SETTINGS: Final = (
    "name", "signing_secret", "token_lifetime", "token_lifetime_for_web", "allow_offline_access",
    "skip_consent_for_verifiable_first_party_clients", "enforce_policies", "token_dialect", "scopes",
)  # fmt: skip
_OF_THE_SYSTEM_API: Final = frozenset(
    {
        "token_lifetime", "token_lifetime_for_web", "allow_offline_access",
        "skip_consent_for_verifiable_first_party_clients",
    }
)  # fmt: skip
"""What may be changed of the tenant's own API. A real tenant, too, refuses a PATCH of its scopes."""

RESOURCE_SERVER: Final = shape(
    "ResourceServer",
    {**_KNOWN, "subject_type_authorization": {"type": "object", "properties": {"client": _POLICY, "user": _POLICY}}},
    required=(
        "id", "identifier", "signing_alg", "token_lifetime", "token_lifetime_for_web", "allow_offline_access",
        "skip_consent_for_verifiable_first_party_clients", "subject_type_authorization",
    ),
    description="An API. Its signing secret is shown to callers who may also set it.",
)  # fmt: skip
NEW: Final = shape("NewResourceServer", members(Api, "identifier", "signing_alg", *_SETTINGS), required=("identifier",))
CHANGES: Final = shape(
    "ResourceServerChanges", members(Api, *_SETTINGS), description="What is not named stays; scopes replace the list."
)


def named(call: Call, name: str) -> Api:
    """The API with this id or identifier.

    Raises:
        Refused: There is none.
    """
    found = call.tenant.apis.find(name)
    if found is None:
        raise inexistent("resource_server", "resource server")
    return found


def _shown(call: Call, api: Api) -> dict[str, Any]:
    return api_json(api, secrets=call.may("update:resource_servers"))


def list_all(call: Call) -> Any:
    """List the APIs."""
    return page(call, "resource_servers", tuple(call.tenant.apis), lambda api: _shown(call, api))


def create(call: Call) -> Any:
    """Create an API."""
    return _shown(call, call.tenant.apis.create(**call.body))


def show(call: Call) -> Any:
    """Get an API."""
    return _shown(call, named(call, call.id))


def change(call: Call) -> Any:
    """Update an API."""
    found = named(call, call.id)
    kept = [name for name in call.body if found.is_system and name not in _OF_THE_SYSTEM_API]
    if kept:
        raise invalid_body(
            f"'Additional properties not allowed: {kept[0]}'. The Management API is the tenant's own; only "
            f"{', '.join(sorted(_OF_THE_SYSTEM_API))} can be changed."
        )
    return _shown(call, call.tenant.apis.update(found, **call.body))


def delete(call: Call) -> None:
    """Delete an API."""
    call.tenant.apis.delete(call.id, missing_ok=True)  # the vendor's documentation knows no 404: what is gone is gone


OPERATIONS: Final = (
    operation("GET", "/resource-servers", list_all, "read:resource_servers",
              query=PAGED, gives=listed("resource_servers", RESOURCE_SERVER)),
    operation("POST", "/resource-servers", create, "create:resource_servers",
              takes=NEW, gives=RESOURCE_SERVER, status=201, refuses=(409,)),
    operation("GET", "/resource-servers/{id}", show, "read:resource_servers", gives=RESOURCE_SERVER),
    operation("PATCH", "/resource-servers/{id}", change, "update:resource_servers",
              takes=CHANGES, gives=RESOURCE_SERVER),
    operation("DELETE", "/resource-servers/{id}", delete, "delete:resource_servers", status=204),
)  # fmt: skip
