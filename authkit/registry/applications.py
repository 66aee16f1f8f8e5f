"""The tenant's applications (clients)."""

from __future__ import annotations

from typing import Any

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.registry.collection import Collection
from authkit.registry.models import CONFIDENTIAL, DEFAULT_GRANT_TYPES, Application
from authkit.registry.rules import build, registration_error


class Applications(Collection[Application]):
    """The tenant's applications."""

    model = Application
    table = "applications"

    def create(self, /, *, name: str = "", app_type: str = "non_interactive", **settings: Any) -> Application:
        """Register an application; its client id and, where it can keep one, its client secret are made for it.

        Args:
            name: A friendly name.
            app_type: `regular_web`, `spa`, `native` or `non_interactive` (machine to machine).
            **settings: Other fields of `Application`, as in `grant_types=[]`.

        Raises:
            RegistrationError: A rule is broken; nothing was stored.
        """
        for field in ("client_id", "client_secret"):
            if field in settings:
                raise registration_error(
                    "Application", field, "read_only", "is made by the tenant", f"Leave {field} out.", settings[field]
                )
        kind: object = app_type  # a caller passes what it likes; the model says whether it will do
        values: dict[str, Any] = {
            "name": name,
            "app_type": app_type,
            "grant_types": DEFAULT_GRANT_TYPES.get(kind, ()) if isinstance(kind, str) else (),
            **settings,
            "client_id": "",
        }
        return self.adopt(build(Application, values))

    def rotate_secret(self, application: Application | str) -> Application:
        """Give the application a new client secret; the old one ends at once.

        Raises:
            RegistrationError: There is no such application, or it keeps no secret.
        """
        with self._database.transaction():
            found = self.get(application)
            if found.client_secret is None:
                raise registration_error(
                    "Application", "app_type", "keeps_no_secret",
                    "must be one that can keep a secret (RFC 6749 §2.1)",
                    "Use app_type='non_interactive' or 'regular_web'.", found.app_type,
                )  # fmt: skip
            secret = Secret(chance.text(self._chance.value("client_secret")))
            changed = found.model_copy(update={"client_secret": secret})
            self._database.execute(
                "UPDATE applications SET document = ? WHERE id = ?", (self._document(changed), changed.id)
            )
        return changed

    def _made(self, draft: Application) -> dict[str, Any]:
        made: dict[str, Any] = {
            "client_id": draft.client_id
            or self._fresh(lambda: chance.alphanumeric(self._chance.value("client_id"), 32))
        }
        if draft.app_type in CONFIDENTIAL and draft.client_secret is None:
            made["client_secret"] = Secret(chance.text(self._chance.value("client_secret")))
        return made

    def _check(self, one: Application) -> None:
        if "client_credentials" in one.grant_types and one.app_type not in CONFIDENTIAL:
            raise registration_error(
                "Application", "grant_types", "needs_secret",
                "may list client_credentials only for an application that can keep a secret (RFC 6749 §4.4)",
                "Use app_type='non_interactive' or 'regular_web'.", one.grant_types,
            )  # fmt: skip
