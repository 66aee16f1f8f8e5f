"""The settings of one API: what can be changed, what cannot, and its end."""

from __future__ import annotations

from typing import Any, Final, get_args

from traitlets import Bool, Dict, Tuple, Unicode, observe

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.registry.models import Api, Permission
from authkit.registry.models.api import TokenDialect
from authkit.registry.rules import problems
from authkit.tenant import Tenant
from authkit.widgets.states import api_code, fields
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.api_view import ApiView
from authkit.widgets.states.create_api import SKIP_CONSENT

INPUTS: Final = (
    "name", "token_lifetime", SKIP_CONSENT, "allow_offline_access", "enforce_policies", "token_dialect",
)  # fmt: skip
OF_THE_SYSTEM_API: Final = frozenset({"token_lifetime", SKIP_CONSENT, "allow_offline_access"})
"""What can be changed of the tenant's own API; over HTTP the rest is refused."""
DIALECTS: Final = get_args(TokenDialect)


class ApiSettingsState(ApiView):
    """What the settings of an API hold.

    Attributes:
        name, token_lifetime: The text exactly as typed.
        skip_consent_for_verifiable_first_party_clients, allow_offline_access, enforce_policies, token_dialect: What
            was chosen.
        problems, shown: Every field at fault; those of fields that were touched.
        lifetime_words: The token expiration as people say it.
        ready: Whether `save` would change something.
        protected: Whether it is the tenant's own API, of which little can be changed.
        symmetric: Whether it has a secret of its own.
        confirming: Whether the reader was asked if the API shall really go.
        goes_with: How many client grants, and how many permissions of roles and users, would go with it.
        deleted: What was deleted, in a sentence, and the code of it; empty before.
    """

    name = Unicode()
    token_lifetime = Unicode()
    skip_consent_for_verifiable_first_party_clients = Bool(False)
    allow_offline_access = Bool(False)
    enforce_policies = Bool(False)
    token_dialect = Unicode(DIALECTS[0])

    problems: Dict[str, fields.Problem] = Dict()
    shown: Dict[str, fields.Problem] = Dict()
    lifetime_words = Unicode()
    ready = Bool(False)
    protected = Bool(False)
    symmetric = Bool(False)
    confirming = Bool(False)
    goes_with = Tuple((0, 0))
    deleted = Tuple()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__(tenant)
        self._touched: set[str] = set()
        self._loaded: dict[str, object] = {}

    def save(self) -> None:
        """Store what was changed."""
        self._touched.update(INPUTS)
        self.refresh()
        api = self.api
        if api is None or not self.ready:
            if self.failure is None and not self.problems:
                self._forget()
                self.done = "Nothing to save: this is what is stored."
            return
        changes = self._changes(api)

        def store() -> str:
            self.tenant.apis.update(api.id, **changes)
            self._touched.clear()
            return f"Saved: {', '.join(changes)}. Tokens issued before stay as they are."

        self._attempt(self._code(api), store)

    def reset(self) -> None:
        """The settings as they are stored."""
        self._forget()
        self._fill(self._start)
        self.refresh()

    def make_secret(self) -> None:
        """Give an HS256 API another secret; the old one ends at once."""
        api = self.api
        if api is None or not self.symmetric:
            return

        def make() -> str:
            # The tenant's own chance, so that a training tenant stays the same on every machine.
            secret = Secret(chance.text(self.tenant.registry.chance.value("signing_secret")))
            self.tenant.apis.update(api.id, signing_secret=secret)
            return (
                "A new secret is in force. Redeploy the API with it, in every place where it runs: until then it "
                "refuses every new token, and still accepts what was signed with the old secret."
            )

        self._attempt(api_code.new_secret(self.tenant.issuer, api), make)

    def ask_delete(self) -> None:
        """Ask first."""
        self._forget()
        self.confirming = not self.protected
        self.refresh()

    def keep(self) -> None:
        """The answer was no."""
        self.confirming = False
        self.refresh()

    def delete(self) -> None:
        """Delete the API, once that was confirmed."""
        api, asked = self.api, self.goes_with
        if api is None or not self.confirming:
            return
        self.refresh()
        if self.goes_with != asked:
            return  # more goes with it than was said: the question, with the numbers of now, stands again
        self.confirming = False
        code = api_code.delete_api(self.tenant.issuer, api)
        grants, permissions = self.goes_with
        said = f"Deleted: {api.name or api.identifier}, with {counted(grants, permissions)}."

        def delete() -> str:
            self.tenant.apis.delete(api.id)
            self.deleted = (said, *code)
            return said

        self._attempt(code, delete)

    @observe(*INPUTS)
    def _typed(self, change: Any) -> None:
        if not self._filling:
            self._touched.add(change["name"])
            self._forget()
            self.confirming = False
            self.refresh()

    def _start(self) -> None:
        self.confirming = False
        self._touched.clear()
        if self.api is not None:
            self._loaded = _inputs(self.api)
            for name, value in self._loaded.items():
                setattr(self, name, value)

    def _derive(self, api: Api) -> None:
        self._fill(lambda: self._follow(api))
        self.protected, self.symmetric = api.is_system, api.signing_alg == "HS256"
        self.lifetime_words = fields.span(fields.lifetime(self.token_lifetime))
        changes = self._changes(api)
        found = problems(Api, {**dict(api), **changes})
        self.problems = {name: fields.problem(error) for name, error in found.items()}
        self.shown = {name: line for name, line in self.problems.items() if name in self._touched}
        self.ready = bool(changes) and not self.problems
        grants = sum(grant.audience == api.identifier for grant in self.tenant.client_grants)
        held = [self.tenant.roles.permissions(role) for role in self.tenant.roles]
        held += [self.tenant.users.permissions(user) for user in self.tenant.users]
        self.goes_with = (grants, sum(_of(permission, api) for holder in held for permission in holder))

    def _follow(self, api: Api) -> None:
        """Take over what another panel has changed, but for what the reader is changing here."""
        stored = _inputs(api)
        for name, value in stored.items():
            if getattr(self, name) == self._loaded.get(name):
                setattr(self, name, value)
        self._loaded = stored

    def _changes(self, api: Api) -> dict[str, Any]:
        stored = {**_inputs(api), "token_lifetime": api.token_lifetime}
        typed = {name: getattr(self, name) for name in INPUTS}
        typed["token_lifetime"] = fields.lifetime(self.token_lifetime)
        allowed = OF_THE_SYSTEM_API if api.is_system else INPUTS
        return {name: value for name, value in typed.items() if name in allowed and value != stored[name]}

    def _code(self, api: Api) -> Code:
        if self.confirming:
            return api_code.delete_api(self.tenant.issuer, api)
        return api_code.change_api(self.tenant.issuer, api, self._changes(api))


def counted(grants: int, permissions: int) -> str:
    """What hangs on an API, in words."""
    return (
        f"{grants} client grant{'' if grants == 1 else 's'} and "
        f"{permissions} permission{'' if permissions == 1 else 's'} of roles and users"
    )


def _inputs(api: Api) -> dict[str, object]:
    return {
        "name": api.name or "",
        "token_lifetime": str(api.token_lifetime),
        SKIP_CONSENT: api.skip_consent_for_verifiable_first_party_clients,
        "allow_offline_access": api.allow_offline_access,
        "enforce_policies": bool(api.enforce_policies),
        "token_dialect": api.dialect,
    }


def _of(permission: Permission, api: Api) -> bool:
    return permission.resource_server_identifier == api.identifier
