"""The state of the debugger: a token as pasted, the API it is checked against, and what comes of it."""

from __future__ import annotations

from typing import Any

from traitlets import HasTraits, Instance, Tuple, Unicode, observe

from authkit.ground.clock import readable
from authkit.ground.errors import AuthKitError
from authkit.issuance import ClientCredentials
from authkit.jose.policy import AUTH0_ACCESS_TOKEN
from authkit.jose.verdict import Verdict
from authkit.registry.models import Api, Application
from authkit.tenant import Tenant
from authkit.widgets.states import debugger_code as code
from authkit.widgets.states.news import listen, tell
from authkit.widgets.states.token_parts import read_parts


class DebuggerState(HasTraits):
    """What a debugger holds; any text gives a readable answer.

    Args:
        tenant: Whose APIs and keys the token is checked against.
        api: Identifier of the API to start with.
        token: The token to start with.

    Attributes:
        token: The text exactly as pasted; spaces and line breaks around it are left out when it is read.
        identifier: Which of the tenant's APIs the token is checked against.
        choices: A label and the identifier of every API.
        issuer, audience, algorithm: What the verifier expects.
        parts: Header, payload and signature as far as each can be read.
        verdict: What the verifier makes of it; None without a token or if `failure` is set.
        failure: Why there is no verdict that is no fault of the token, or None.
        now: The tenant's time of the last look.
        note: What came of asking for a token, in one sentence.
        python, http, grant_python, grant_http: Verifying, and asking for a token, as code.
    """

    token = Unicode()
    identifier = Unicode()

    choices = Tuple()
    issuer = Unicode()
    audience = Unicode()
    algorithm = Unicode()
    parts = Tuple()
    verdict = Instance(Verdict, allow_none=True)
    failure = Instance(AuthKitError, allow_none=True)
    now = Unicode()
    note = Unicode()
    python = Unicode()
    http = Unicode()
    grant_python = Unicode()
    grant_http = Unicode()

    def __init__(self, tenant: Tenant[Any], api: str = "", token: str = "") -> None:
        super().__init__()
        self.tenant = tenant
        self._start = (api, token)
        self.reset()
        listen(tenant, self)

    def get_token(self) -> None:
        """Ask the tenant for a token of the chosen API, by the first application that is authorised for it."""
        self.refresh()
        try:
            api = self.tenant.apis.get(self.identifier)
            application = self._authorised(api)
            if application is None:
                self.note = (
                    "No application is authorised for this API yet. The code below shows what to create: "
                    "an application and a client grant."
                )
                return
            issued = self.tenant.request_token(ClientCredentials(application, audience=api.identifier))
        except AuthKitError as error:
            self.note = f"No token was issued. {error.message} {error.remedy}"
            return
        self.token = issued.access_token
        tell(self.tenant)  # the clock's strip says when the newest token expires
        scope = f" with scope {issued.scope}" if issued.scope else " without any scope"
        self.note = f"Issued to the application {application.name}{scope}."

    def reset(self) -> None:
        """The panel as it was at first."""
        api, token = self._start
        self.identifier, self.token = api, token
        self.refresh()

    @property
    def known(self) -> tuple[str, ...]:
        """The identifiers among the choices."""
        return tuple(identifier for _, identifier in self.choices)

    @observe("token", "identifier")
    def _typed(self, change: Any) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Look again, at the tenant's time of now and with its keys and APIs of now."""
        self.note = ""
        self.now = readable(self.tenant.clock.now())
        token = self.token.strip()
        try:
            api = self._chosen()
            verifier = self.tenant.verifier(api)
            application = self._authorised(api)
            verdict = verifier.explain(token) if token else None
        except AuthKitError as error:
            self.verdict, self.failure = None, error
            self.parts = read_parts(token, longest=AUTH0_ACCESS_TOKEN.max_size)
            return
        longest = verifier.policy.max_size
        self.failure, self.verdict = None, verdict
        self.issuer, self.audience, self.algorithm = self.tenant.issuer, api.identifier, api.signing_alg
        self.parts = read_parts(token, longest=longest)
        self.python = code.verify_python(api, token, longest)
        self.http = code.verify_http(api, token, longest, self.issuer)
        self.grant_python = code.grant_python(api, application)
        self.grant_http = code.grant_http(api, application, self.issuer)

    def _chosen(self) -> Api:
        """The API that is chosen; without a choice the first that is not the tenant's own."""
        apis = list(self.tenant.apis)
        self.choices = tuple((f"{api.name or 'API'} – {api.identifier}", api.identifier) for api in apis)
        if self.identifier not in self.known:
            self.identifier = min(apis, key=lambda api: api.is_system).identifier
        return next(api for api in apis if api.identifier == self.identifier)

    def _authorised(self, api: Api) -> Application | None:
        """The first application that may ask for tokens of this API without a user."""
        for grant in self.tenant.client_grants:
            application = self.tenant.applications.find(grant.client_id)
            if grant.audience == api.identifier and application and "client_credentials" in application.grant_types:
                return application
        return None
