"""The tenant's APIs (resource servers)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.registry.collection import Collection
from authkit.registry.management_scopes import MANAGEMENT_SCOPES
from authkit.registry.models import Api, Scope
from authkit.registry.rules import build, registration_error

Scopes = Mapping[str, str] | Iterable[Scope | Mapping[str, str]]

_MOST_NAMED: Final = 10


class Apis(Collection[Api]):
    """The tenant's APIs. One is there from the start: the Management API of the tenant itself."""

    model = Api
    table = "apis"
    keys = ("id", "identifier")

    def create(
        self,
        /,
        *,
        identifier: str = "",
        name: str | None = None,
        signing_alg: str = "RS256",
        scopes: Scopes = (),
        **settings: Any,
    ) -> Api:
        """Register an API.

        Args:
            identifier: Its unique name, the audience of its tokens. A URL is usual; it is never called.
            name: A friendly name without effect.
            signing_alg: `RS256` or `HS256`.
            scopes: `{"read:orders": "Read orders"}`, or a list of scopes.
            **settings: Other fields of `Api`, as in `token_lifetime=3600`.

        Raises:
            RegistrationError: A rule is broken; nothing was stored.
        """
        asked = {"identifier": identifier, "name": name, "signing_alg": signing_alg, "scopes": scopes, **settings}
        for field in ("id", "is_system"):
            if field in asked:
                raise registration_error(
                    "API", field, "read_only", "is set by the tenant", f"Leave {field} out.", asked[field]
                )
        return self.adopt(build(Api, {**asked, "id": ""}))

    def _check_new(self, draft: Api) -> None:
        # Nor may it be another one's id: both are names that an API is looked up by.
        if self.find(draft.identifier) is not None:
            raise registration_error(
                "API", "identifier", "duplicate", "must be unique in the tenant",
                "Choose another one, or use the API that has it: tenant.apis.get(identifier). "
                "In a notebook: already created; run the set-up cell for a fresh tenant.",
                draft.identifier,
            )  # fmt: skip
        self._check(draft.model_copy(update={"id": ""}))  # with an id it would need its secret already
        self._check_id(draft)

    def _made(self, draft: Api) -> dict[str, Any]:
        made: dict[str, Any] = {"id": draft.id or self._fresh(lambda: self._chance.value("api_id").hex()[:24])}
        if draft.signing_alg == "HS256" and draft.signing_secret is None:
            made["signing_secret"] = Secret(chance.text(self._chance.value("signing_secret")))
        return made

    def _insert(self, one: Api, **more: str) -> None:
        super()._insert(one, identifier=one.identifier, **more)

    def create_system(self, identifier: str) -> Api:
        """The Management API, which every new tenant has, with the scopes that its operations ask for."""
        values = {
            "identifier": identifier, "name": "Management API", "is_system": True, "scopes": MANAGEMENT_SCOPES,
        }  # fmt: skip
        api = build(Api, {**values, "id": self._chance.value("system_api_id").hex()[:24]})
        self._insert(api)
        return api

    def _check(self, one: Api) -> None:
        if one.signing_alg != "HS256" and one.signing_secret is not None:
            raise registration_error(
                "API", "signing_secret", "not_for_this_algorithm", "is for HS256 APIs only",
                "Leave it out: an RS256 API is signed with the tenant's private key.", one.signing_secret,
            )  # fmt: skip
        if one.signing_alg == "HS256" and one.signing_secret is None and one.id:  # a draft has no id yet
            raise registration_error(
                "API", "signing_secret", "missing", "is what an HS256 API is signed with",
                "Give a new one of 32 bytes.", one.signing_secret,
            )  # fmt: skip

    def _may_delete(self, one: Api) -> None:
        if one.is_system:
            raise registration_error(
                "API", "is_system", "protected", "marks the tenant's own API, which cannot be deleted",
                "Delete another API.", True,
            )  # fmt: skip


def define_first(api: Api) -> str:
    """What to do about a scope that the API does not define; of those that it does, the first are named."""
    known, more = api.scope_values[:_MOST_NAMED], len(api.scope_values) - _MOST_NAMED
    named = f"{', '.join(known) or 'none'}{f' and {more} more' if more > 0 else ''}"
    return f"Define it in the API first; {api.identifier} defines {named}."
