"""A tenant on disk for the tests that are hard on it: an API, an application, and an operator who may do all."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx

from authkit import ClientCredentials, Tenant
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

AUDIENCE: Final = "https://orders.example/"
SCOPES: Final = {"read:orders": "Read orders", "write:orders": "Write orders"}


class Prepared(NamedTuple):
    """A store and who may use it.

    Attributes:
        path: The file.
        client_id, client_secret: An application that may ask for tokens of the API `AUDIENCE`.
        operator: A token with every scope of the Management API.
    """

    path: Path
    client_id: str
    client_secret: str
    operator: str

    def manager(self, url: str) -> httpx.Client:
        """A client of the Management API of a server of this store."""
        headers = {"Authorization": f"Bearer {self.operator}"}
        return httpx.Client(base_url=f"{url}/api/v2", headers=headers, trust_env=False, timeout=30)

    def form(self) -> dict[str, Any]:
        """What the application posts to the token endpoint."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "audience": AUDIENCE,
        }


def prepare(path: Path) -> Prepared:
    """A new store at this path."""
    with Tenant.open(path) as tenant:
        tenant.apis.create(name="Orders", identifier=AUDIENCE, scopes=SCOPES)
        app, operator = (tenant.applications.create(name=name) for name in ("Nightly report", "Operator"))
        system = f"{tenant.issuer}api/v2/"
        tenant.client_grants.create(app, AUDIENCE, [*SCOPES])
        tenant.client_grants.create(operator, system, [*MANAGEMENT_SCOPES])
        token = tenant.request_token(ClientCredentials(operator, audience=system)).access_token
        assert app.client_secret is not None
        return Prepared(path, app.client_id, app.client_secret.reveal(), token)
