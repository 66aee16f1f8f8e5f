"""`/clients`: the tenant's applications. A client secret is shown to who has `read:client_keys` as well."""

from __future__ import annotations

from typing import Any, Final

from authkit.http.management.errors import inexistent
from authkit.http.management.operation import Call, operation
from authkit.http.management.paging import PAGED, listed, page
from authkit.http.management.shapes import members, shape
from authkit.registry.models import Application
from authkit.registry.vendor_json import application_json

_SETTINGS: Final = ("name", "grant_types", "is_first_party", "callbacks", "refresh_token")

CLIENT: Final = shape(
    "Client",
    {
        **members(Application),
        "token_endpoint_auth_method": {"type": "string", "enum": ["none", "client_secret_post"]},
    },
    required=(
        "client_id", "name", "app_type", "grant_types", "is_first_party", "callbacks", "refresh_token",
        "token_endpoint_auth_method",
    ),
    description="An application. Its client secret is shown to callers with read:client_keys.",
)  # fmt: skip
NEW: Final = shape("NewClient", members(Application, "app_type", *_SETTINGS), required=("name",))
CHANGES: Final = shape("ClientChanges", members(Application, *_SETTINGS), description="What is not named stays.")


def named(call: Call, client_id: str) -> Application:
    """The application with this client id.

    Raises:
        Refused: There is none.
    """
    found = call.tenant.applications.find(client_id)
    if found is None:
        raise inexistent("client", "client")
    return found


def _shown(call: Call, application: Application) -> dict[str, Any]:
    return application_json(application, secrets=call.may("read:client_keys"))


def list_all(call: Call) -> Any:
    """List the applications."""
    return page(call, "clients", tuple(call.tenant.applications), lambda one: _shown(call, one))


def create(call: Call) -> Any:
    """Create an application."""
    return _shown(call, call.tenant.applications.create(**call.body))


def show(call: Call) -> Any:
    """Get an application."""
    return _shown(call, named(call, call.id))


def change(call: Call) -> Any:
    """Update an application."""
    return _shown(call, call.tenant.applications.update(named(call, call.id), **call.body))


def delete(call: Call) -> None:
    """Delete an application."""
    call.tenant.applications.delete(
        call.id, missing_ok=True
    )  # the vendor's documentation knows no 404: what is gone is gone


def rotate_secret(call: Call) -> Any:
    """Rotate a client secret."""
    return _shown(call, call.tenant.applications.rotate_secret(named(call, call.id)))


OPERATIONS: Final = (
    operation("GET", "/clients", list_all, "read:clients", query=PAGED, gives=listed("clients", CLIENT)),
    operation("POST", "/clients", create, "create:clients", takes=NEW, gives=CLIENT, status=201),
    operation("GET", "/clients/{id}", show, "read:clients", gives=CLIENT),
    operation("PATCH", "/clients/{id}", change, "update:clients", takes=CHANGES, gives=CLIENT),
    operation("DELETE", "/clients/{id}", delete, "delete:clients", status=204),
    operation("POST", "/clients/{id}/rotate-secret", rotate_secret, "update:client_keys", gives=CLIENT),
)
