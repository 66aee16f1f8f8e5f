"""The state of the create-API form: what was typed, what is wrong with it, what came of it."""

from __future__ import annotations

from typing import Any, Final, get_args
from urllib.parse import urlsplit

from traitlets import Bool, Dict, Enum, HasTraits, Instance, Tuple, Unicode, observe

from authkit.ground.display import literal
from authkit.ground.errors import AuthKitError
from authkit.registry.models import Api, SigningAlg
from authkit.registry.rules import problems
from authkit.tenant import Tenant
from authkit.widgets.states import fields
from authkit.widgets.states.news import listen, tell
from authkit.widgets.states.snippets import call, json_request, mapping

SKIP_CONSENT: Final = "skip_consent_for_verifiable_first_party_clients"
INPUTS: Final = (
    "name", "identifier", "signing_alg", "token_lifetime", "scopes", SKIP_CONSENT, "allow_offline_access",
)  # fmt: skip
DUPLICATE: Final = fields.Problem(
    "identifier.duplicate",
    "The identifier must be unique in the tenant, and an API has this one.",
    "Choose another: even a slash at the end makes one.",
)


class CreateApiState(HasTraits):
    """What a create-API form holds; never raises for what was typed.

    Args:
        tenant: Where the API is created.

    Attributes:
        name, identifier, token_lifetime, scopes: The text exactly as typed.
        signing_alg, skip_consent_for_verifiable_first_party_clients, allow_offline_access: What was chosen.
        problems: Every field at fault with the rule and the repair.
        shown: Those problems that a reader should see already: of fields that were touched, or all after an attempt.
        ready: Whether `submit` would create an API.
        lifetime_words: The token expiration as people say it.
        known: Identifiers of the tenant's APIs, in the order they were created.
        created: The API of the last `submit`, or None.
        failure: Why something failed that is no field's fault, or None.
        python, http: The same action as code; after a `submit` what it did, until something is typed.
    """

    name = Unicode()
    identifier = Unicode()
    signing_alg = Enum(get_args(SigningAlg), default_value="RS256")
    token_lifetime = Unicode("86400")
    scopes = Unicode()
    skip_consent_for_verifiable_first_party_clients = Bool(False)
    allow_offline_access = Bool(False)

    problems: Dict[str, fields.Problem] = Dict()
    shown: Dict[str, fields.Problem] = Dict()
    ready = Bool(False)
    lifetime_words = Unicode()
    known = Tuple()
    created = Instance(Api, allow_none=True)
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self._touched: set[str] = set()
        self._resting = False
        self._done: tuple[str, str] | None = None
        self.reset()
        listen(tenant, self)

    def submit(self) -> None:
        """Create the API; on success the fields are emptied for the next one."""
        self._touched.update(INPUTS)
        self._done = self.created = None
        self.refresh()
        if not self.ready:
            return
        done = (self.python, self.http)
        try:
            api = self.tenant.apis.create(**self._arguments())
        except AuthKitError as error:
            self.failure = error
            return
        # Someone who opens the code after the click wants to see what the click did, not an empty form.
        self._done = done
        self._empty()
        self.created = api
        tell(self.tenant)

    def reset(self) -> None:
        """The form as it was at first."""
        self._done = self.created = None
        self._empty()

    def _empty(self) -> None:
        self._resting = True
        try:
            for field in INPUTS:
                setattr(self, field, self.trait_defaults(field))
        finally:
            self._resting = False
        self._touched.clear()
        self.refresh()

    @observe(*INPUTS)
    def _typed(self, change: Any) -> None:
        if not self._resting:
            self._touched.add(change["name"])
            self._done = None
            self.refresh()

    def refresh(self) -> None:
        """Derive everything anew from what was typed and from the tenant as it is now."""
        seconds = fields.lifetime(self.token_lifetime)
        self.lifetime_words = fields.span(seconds)
        self.failure = None
        try:
            self.problems = self._problems()
            self.known = tuple(api.identifier for api in self.tenant.apis)
        except AuthKitError as error:
            self.failure = error
        self.shown = {field: line for field, line in self.problems.items() if field in self._touched}
        self.ready = not self.problems and self.failure is None
        self.python, self.http = self._done or (self._python(), self._http())

    def _problems(self) -> dict[str, fields.Problem]:
        values = {**self._arguments(), "id": ""}
        found = {field: fields.problem(error) for field, error in problems(Api, values).items()}
        if "identifier" not in found:
            known = self.tenant.apis.find(self.identifier)
            if known is not None and known.identifier == self.identifier:
                found["identifier"] = DUPLICATE
        return found

    def _arguments(self) -> dict[str, Any]:
        """What `tenant.apis.create` is called with: identifier and algorithm, and what differs from its default."""
        arguments: dict[str, Any] = {"name": self.name} if self.name else {}
        arguments |= {"identifier": self.identifier, "signing_alg": self.signing_alg}
        seconds = fields.lifetime(self.token_lifetime)
        if seconds != Api.model_fields["token_lifetime"].default:
            arguments["token_lifetime"] = seconds
        if scopes := fields.scope_list(self.scopes):
            arguments["scopes"] = fields.scope_source(scopes)
        return arguments | {flag: True for flag in (SKIP_CONSENT, "allow_offline_access") if getattr(self, flag)}

    def _python(self) -> str:
        return "api = " + call(
            "tenant.apis.create",
            {
                name: mapping(value) if isinstance(value, dict) else literal(value)
                for name, value in self._arguments().items()
            },
        )

    def _http(self) -> str:
        body = self._arguments()
        if "scopes" in body:
            body["scopes"] = list(fields.scope_list(self.scopes))
        headers = {
            "Host": urlsplit(self.tenant.issuer).netloc,
            "Authorization": "Bearer MANAGEMENT_API_TOKEN",
        }
        return json_request("POST /api/v2/resource-servers", headers, body)
