"""`/client-grants`: which application may ask for tokens of which API."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.errors import RegistrationError
from authkit.http.management import clients, resource_servers
from authkit.http.management.errors import Refused, inexistent
from authkit.http.management.operation import Call, Parameter, operation
from authkit.http.management.paging import CHECKPOINTS, listed, page
from authkit.http.management.shapes import members, shape
from authkit.registry.models import ClientGrant
from authkit.registry.vendor_json import client_grant_json

_KNOWN: Final = members(ClientGrant)
_FILTER: Final = {"type": "string", "minLength": 1, "maxLength": 600}

CLIENT_GRANT: Final = shape(
    "ClientGrant",
    {**_KNOWN, "subject_type": {"type": "string", "enum": ["client"]}},
    required=("id", "client_id", "audience", "scope", "subject_type"),
)
NEW: Final = shape(
    "NewClientGrant", members(ClientGrant, "client_id", "audience", "scope"), required=("client_id", "audience")
)
CHANGES: Final = shape("ClientGrantChanges", members(ClientGrant, "scope"))


def _named(call: Call) -> ClientGrant:
    found = call.tenant.client_grants.find(call.id)
    if found is None:
        raise inexistent("client_grant", "client grant")
    return found


def list_all(call: Call) -> Any:
    """List the client grants."""
    asked = {name: call.query[name] for name in ("audience", "client_id") if name in call.query}
    grants = [
        one for one in call.tenant.client_grants if all(getattr(one, name) == asked[name] for name in asked)
    ]  # fmt: skip
    return page(call, "client_grants", grants, client_grant_json, call.tenant.client_grants.numbered)


def create(call: Call) -> Any:
    """Create a client grant."""
    client = clients.named(call, call.body["client_id"])
    api = resource_servers.named(call, call.body["audience"])
    try:
        return client_grant_json(call.tenant.client_grants.create(client, api, call.body.get("scope", ())))
    except RegistrationError as error:
        if error.code != "audience.duplicate":
            raise
        message = f"A client grant already exists between {client.client_id} and {api.identifier}"
        raise Refused(409, message, error.code) from None


def show(call: Call) -> Any:
    """Get a client grant."""
    return client_grant_json(_named(call))


def change(call: Call) -> Any:
    """Update a client grant."""
    return client_grant_json(call.tenant.client_grants.update(_named(call), **call.body))


def delete(call: Call) -> None:
    """Delete a client grant."""
    call.tenant.client_grants.delete(
        call.id, missing_ok=True
    )  # the vendor's documentation knows no 404: what is gone is gone


_FILTERS: Final = (
    Parameter("audience", _FILTER, "Only those for this API."),
    Parameter("client_id", _FILTER, "Only those of this application."),
)

OPERATIONS: Final = (
    operation("GET", "/client-grants", list_all, "read:client_grants",
              query=(*CHECKPOINTS, *_FILTERS), gives=listed("client_grants", CLIENT_GRANT, checkpoints=True)),
    operation("POST", "/client-grants", create, "create:client_grants",
              takes=NEW, gives=CLIENT_GRANT, status=201, refuses=(404, 409)),
    operation("GET", "/client-grants/{id}", show, "read:client_grants", gives=CLIENT_GRANT),
    operation("PATCH", "/client-grants/{id}", change, "update:client_grants", takes=CHANGES, gives=CLIENT_GRANT),
    operation("DELETE", "/client-grants/{id}", delete, "delete:client_grants", status=204),
)  # fmt: skip
