"""The state of the debugger: a token as pasted, what it is checked against, and what comes of it."""

from __future__ import annotations

import re
from typing import Any, Final

from traitlets import Enum, Float, HasTraits, Instance, Tuple, Unicode, observe

from authkit.ground.clock import SteerableClock, readable
from authkit.ground.errors import AuthKitError
from authkit.ground.secret import Secret
from authkit.issuance import ClientCredentials
from authkit.jose.key_set import KeySet
from authkit.jose.policy import AUTH0_ACCESS_TOKEN, RFC9068
from authkit.jose.remote import RemoteKeySet
from authkit.jose.verdict import Verdict
from authkit.jose.verifier import Verifier
from authkit.registry.models import Api, Application
from authkit.tenant import Tenant
from authkit.widgets.states import debugger_code as code
from authkit.widgets.states.key_material import KINDS, PASTED, SECRETS, holds_secret, host_of, read
from authkit.widgets.states.news import listen, tell
from authkit.widgets.states.token_parts import read_parts

POLICIES: Final = {policy.name: policy for policy in (AUTH0_ACCESS_TOKEN, RFC9068)}
_INPUTS: Final = ("kind", "url", "expected_issuer", "expected_audience", "expected_algorithms", "policy")
_LONGEST: Final = AUTH0_ACCESS_TOKEN.max_size


class DebuggerState(HasTraits):
    """What a debugger holds; any text gives a readable answer.

    Args:
        tenant: Whose APIs, keys and clock the token is checked with.
        api: Identifier of the API to start with.
        token: The token to start with.

    Attributes:
        token: The text exactly as pasted; spaces and line breaks around it are left out when it is read.
        kind: What the key material is: `api` for the tenant's own, or what was chosen (`key_material.KINDS`).
        identifier: Which of the tenant's APIs the token is checked against, and a token is got for.
        url: The address of a JWKS, as typed.
        expected_issuer, expected_audience, expected_algorithms, policy: What is expected where the keys are not the
            tenant's; algorithms with spaces or commas between them.
        choices: A label and the identifier of every API.
        issuer, audience, algorithm, policy_label: What the verifier expects.
        pasted: The key material that was pasted; empty where it must not be seen.
        held: What is held of the key material and not shown, in words.
        host: Whom Fetch would ask; empty where there is no such address.
        fetched: What came of the last fetch, in words.
        parts: Header, payload and signature as far as each can be read.
        verdict: What the verifier makes of it; None without a token, without keys or if `failure` is set.
        waiting: What is still missing for a verdict besides the token, in a sentence.
        failure: Why there is no verdict that is no fault of the token, or None.
        now, moment: The tenant's time of the last look, readable and as NumericDate.
        note: What came of asking for a token, in one sentence.
        python, http, grant_python, grant_http: Verifying, and asking for a token, as code.
    """

    token = Unicode()
    kind = Enum([name for _, name in KINDS], default_value="api")
    identifier = Unicode()
    url = Unicode()
    expected_issuer = Unicode()
    expected_audience = Unicode()
    expected_algorithms = Unicode("RS256")
    policy = Enum([*POLICIES], default_value=AUTH0_ACCESS_TOKEN.name)

    choices = Tuple()
    issuer = Unicode()
    audience = Unicode()
    algorithm = Unicode()
    policy_label = Unicode()
    pasted = Unicode()
    held = Unicode()
    host = Unicode()
    fetched = Unicode()
    parts = Tuple()
    verdict = Instance(Verdict, allow_none=True)
    waiting = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    now = Unicode()
    moment = Float()
    note = Unicode()
    python = Unicode()
    http = Unicode()
    grant_python = Unicode()
    grant_http = Unicode()

    def __init__(self, tenant: Tenant[Any], api: str = "", token: str = "") -> None:
        super().__init__()
        self.tenant = tenant
        self._start = (api, token)
        self._material: Secret | None = None
        self._remote: RemoteKeySet | None = None
        self._fetch_failed: AuthKitError | None = None
        self._filling = False
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

    def take(self, token: str) -> None:
        """Look at a token from elsewhere: the token alone comes along, and no key."""
        self.token = token

    def paste(self, text: str) -> None:
        """Take key material that may be seen; what turns out to be secret is held and not shown."""
        self._material = Secret(text) if text.strip() else None
        self.pasted = "" if holds_secret(text) else text
        self.refresh()

    def give_secret(self, secret: Secret) -> None:
        """Take key material that must not be seen; an empty one changes nothing."""
        if len(secret):
            self._material, self.pasted = secret, ""
            self.refresh()

    def fetch(self) -> None:
        """Ask the address for its JWK Set: the one thing here that leaves the machine."""
        self._forget_fetch()
        self.refresh()
        if not self.host:  # no host that the button could name, no fetch
            return
        try:
            # On a clock that stands still the set never becomes old, so that it is never asked for again by itself.
            remote = RemoteKeySet(self.url.strip(), clock=SteerableClock())
            remote.select(None, "RS256")
            self._remote = remote
            self.fetched = f"Fetched once from {self.host}. It is not asked again until you press the button."
        except AuthKitError as error:
            self._fetch_failed = error
        self.refresh()

    def reset(self) -> None:
        """The panel as it was at first; key material is forgotten."""
        api, token = self._start
        self._material, self.pasted = None, ""
        self._forget_fetch()
        self._filling = True
        try:
            for name in _INPUTS:
                setattr(self, name, self.trait_defaults(name))
            self.identifier, self.token = api, token
        finally:
            self._filling = False
        self.refresh()

    @property
    def known(self) -> tuple[str, ...]:
        """The identifiers among the choices."""
        return tuple(identifier for _, identifier in self.choices)

    @observe("kind")
    def _another_kind(self, change: Any) -> None:
        if self._filling:
            return
        self._filling = True
        try:
            if change["old"] == "api":
                self.expected_issuer, self.expected_audience = self.issuer, self.audience
                self.policy = self.policy_label if self.policy_label in POLICIES else self.policy
            self.expected_algorithms = "HS256" if self.kind in SECRETS else "RS256"
        finally:
            self._filling = False
        self.refresh()

    @observe("url")
    def _another_url(self, change: Any) -> None:
        self._forget_fetch()  # those keys came from elsewhere

    @observe("token", "identifier", "url", "expected_issuer", "expected_audience", "expected_algorithms", "policy")
    def _typed(self, change: Any) -> None:
        if not self._filling:
            self.refresh()

    def refresh(self) -> None:
        """Look again, at the tenant's time of now and with its keys and APIs of now."""
        self.note = ""
        self.moment = self.tenant.clock.now()
        self.now = readable(self.moment)
        self.host = host_of(self.url.strip())
        self.held = "" if self._material is None or self.pasted else f"{len(self._material):,} characters, masked"
        token = self.token.strip()
        verdict, waiting, failure = None, "", None
        try:
            api = self._chosen()
            application = self._authorised(api)
            self.grant_python = code.grant_python(api, application)
            self.grant_http = code.grant_http(api, application, self.tenant.issuer)
            keys = None if self.kind == "api" else self._expect(token)
            waiting = self._missing() if self.kind != "api" and keys is None else ""
            if not waiting:
                verifier = self._tenants(api, token) if keys is None else self._own(keys)
                verdict = verifier.explain(token) if token else None
        except AuthKitError as error:
            failure = error
        self.waiting, self.failure, self.verdict = waiting, failure, verdict
        self.parts = read_parts(token, longest=_LONGEST)

    def _tenants(self, api: Api, token: str) -> Verifier:
        """The tenant's own verifier of this API."""
        verifier = self.tenant.verifier(api)
        self.issuer, self.audience, self.algorithm = self.tenant.issuer, api.identifier, api.signing_alg
        self.policy_label = verifier.policy.label
        self.python = code.verify_python(api, token, _LONGEST)
        self.http = code.verify_http(api, token, _LONGEST, self.issuer)
        return verifier

    def _own(self, keys: KeySet | RemoteKeySet) -> Verifier:
        """A verifier with the keys and expectations that were given here."""
        return Verifier(
            issuer=self.issuer,
            audience=self.audience,
            keys=keys,
            algorithms=_names(self.expected_algorithms),
            policy=POLICIES[self.policy],
            clock=self.tenant.clock,
        )

    def _expect(self, token: str) -> KeySet | RemoteKeySet | None:
        """Say what is expected; the keys as far as they are there."""
        self.issuer, self.audience = self.expected_issuer.strip(), self.expected_audience.strip()
        algorithms = _names(self.expected_algorithms)
        self.algorithm, self.policy_label = " or ".join(algorithms), self.policy
        material = self.url.strip() if self.kind == "url" else self.pasted or None
        if self.kind in SECRETS:
            material = None
        expected = code.Expected(self.kind, material, self.issuer, self.audience, algorithms, self.policy)
        self.python = code.verify_with_python(expected, token, _LONGEST)
        self.http = code.verify_with_http(expected, token, _LONGEST)
        if self.kind != "url":
            return None if self._material is None else read(self.kind, self._material)
        if self._fetch_failed is not None:
            raise self._fetch_failed
        if self._remote is None and self.url.strip():
            RemoteKeySet(self.url.strip())  # whether keys may come from there at all; nothing is fetched by this
        return self._remote

    def _missing(self) -> str:
        if self.kind in PASTED:
            return "Paste it under Material. It is read as what you chose under Keys, and as nothing else."
        if self.kind in SECRETS:
            return "Type it under Shared secret. It goes to the kernel and is not shown again."
        if self.host:
            return f"Press Fetch from {self.host}. Until then nothing leaves this machine."
        if self.url.strip():
            return "Type a host of plain letters, other scripts as xn--…: the button names whom it asks."
        return "Type the address of a JWKS, as the issuer’s metadata names it."

    def _forget_fetch(self) -> None:
        self._remote, self._fetch_failed, self.fetched = None, None, ""

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


def _names(typed: str) -> tuple[str, ...]:
    return tuple(name for name in re.split(r"[,\s]+", typed) if name)
