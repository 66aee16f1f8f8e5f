"""Client grants: which application may ask for tokens of which API, and for which scopes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from authkit.ground import chance
from authkit.ground.chance import Chance
from authkit.registry.apis import Apis, define_first
from authkit.registry.applications import Applications
from authkit.registry.collection import Collection, storable, unknown
from authkit.registry.models import Api, Application, ClientGrant
from authkit.registry.rules import build, registration_error
from authkit.storage import Database


class ClientGrants(Collection[ClientGrant]):
    """The tenant's client grants, at most one for each application and API."""

    model = ClientGrant
    table = "client_grants"

    def __init__(self, database: Database, chance: Chance, apis: Apis, applications: Applications) -> None:
        super().__init__(database, chance)
        self._apis = apis
        self._applications = applications

    def create(self, application: Application | str, api: Api | str, scopes: Iterable[str] = ()) -> ClientGrant:
        """Authorise an application to ask for tokens of an API without a user.

        Args:
            application: The application, or its client id.
            api: The API, its id or its identifier.
            scopes: The scopes it may ask for: a subset of the API's.

        Raises:
            RegistrationError: Unknown application, API or scope, or a grant that exists; nothing was stored.
        """
        with self._database.transaction():
            draft = build(
                ClientGrant,
                {
                    "id": "",
                    "client_id": self._applications.get(application).client_id,
                    "audience": self._apis.get(api).identifier,
                    "scope": (scopes,) if isinstance(scopes, str) else scopes,
                },
            )
            return self.adopt(draft)

    def between(self, client_id: str, audience: str) -> ClientGrant | None:
        """The grant of this application for this API, or None."""
        found = self._select("WHERE client_id = ? AND audience = ?", storable(client_id), storable(audience))
        return found[0] if found else None

    def _check_new(self, draft: ClientGrant) -> None:
        super()._check_new(draft)
        if self.between(draft.client_id, draft.audience) is not None:
            raise registration_error(
                "Client grant", "audience", "duplicate", f"has a client grant for {draft.client_id} already",
                "Change the scopes of that one: tenant.client_grants.update(grant, scope=[...]).", draft.audience,
            )  # fmt: skip

    def _made(self, draft: ClientGrant) -> dict[str, Any]:
        def draw() -> str:
            return "cgr_" + chance.alphanumeric(self._chance.value("client_grant_id"), 16)

        return {"id": draft.id or self._fresh(draw)}

    def _insert(self, one: ClientGrant, **more: str) -> None:
        super()._insert(one, client_id=one.client_id, audience=one.audience, **more)

    def _check(self, one: ClientGrant) -> None:
        api = self._apis.get(one.audience)
        defined = frozenset(api.scope_values)
        for scope in one.scope:
            if scope not in defined:
                raise unknown("Client grant", "scope", scope, define_first(api))
