"""Testing one API: the client-credentials exchange of any application, as it comes out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from traitlets import Bool, Dict, Instance, Tuple, Unicode, observe

from authkit.ground.display import literal, pretty_json
from authkit.ground.errors import AuthKitError
from authkit.issuance import ClientCredentials, GrantRefused
from authkit.issuance.trace import Trace
from authkit.jose.decode import decode
from authkit.registry.models import Api, Application
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.api_view import ApiView, labelled
from authkit.widgets.states.news import tell
from authkit.widgets.states.snippets import request

_START = 24


class ApiTestState(ApiView):
    """What the test of an API holds.

    Attributes:
        client_id: The application that asks.
        scope: The scopes it asks for, exactly as typed; empty asks for all that are granted.
        choices: A label and the client id of every application, authorised or not.
        sent: The request as it travels, the secret left out.
        status: The status line of the answer; empty before one came.
        answer: Its body, the token cut short.
        issued: Whether it brought a token.
        trace: Which rule decided.
        remedy: What would repair a refusal; empty without one.
        header, payload: The token, decoded; empty without one.
        token: The token itself.
    """

    client_id = Unicode()
    scope = Unicode()

    choices = Tuple()
    sent = Unicode()
    status = Unicode()
    answer = Unicode()
    issued = Bool(False)
    trace = Instance(Trace, allow_none=True)
    remedy = Unicode()
    header: Dict[str, Any] = Dict()
    payload: Dict[str, Any] = Dict()
    token = Unicode()

    def ask(self) -> None:
        """Ask for a token as the chosen application would."""
        self._forget()
        self.refresh()
        api = self.api
        if api is None or not self.client_id:
            return
        try:
            self._did = self._code(api)
            application = self.tenant.applications.get(self.client_id)
            asked = ClientCredentials(application, audience=api.identifier, scope=self.scope)
            self.sent = _request(self.tenant.issuer, api, application, self.scope)
            issued = self.tenant.request_token(asked)
        except GrantRefused as refused:
            body: dict[str, object] = {"error": refused.error, "error_description": refused.description}
            self.status, self.answer, self.remedy = f"HTTP {refused.status}", pretty_json(body), refused.remedy
            self.trace = refused.trace
            return
        except AuthKitError as error:
            self._did, self._refused = None, error
            self.sent = ""
            self.refresh()
            return
        self.token = issued.access_token
        short = f"{issued.access_token[:_START]}… ({len(issued.access_token)} characters)"
        self.status = "HTTP 200"
        self.answer = pretty_json({**issued.response(), "access_token": short})
        decoded = decode(issued.access_token)
        self.header, self.payload = dict(decoded.header), dict(decoded.payload)
        self.issued, self.trace = True, issued.trace
        tell(self.tenant)  # the clock's strip says when the newest token expires

    def reset(self) -> None:
        """The test as it was at first."""
        self._forget()
        self._fill(self._start)
        self.refresh()

    @observe("client_id", "scope")
    def _typed(self, change: Any) -> None:
        if not self._filling:
            self._forget()
            self.refresh()

    def _start(self) -> None:
        self.client_id = self.scope = ""

    def _forget(self) -> None:
        super()._forget()
        self.issued, self.trace = False, None
        self.sent = self.status = self.answer = self.remedy = self.token = ""
        self.header, self.payload = {}, {}

    def _derive(self, api: Api) -> None:
        granted = [one.client_id for one in self.tenant.client_grants if one.audience == api.identifier]
        applications = list(self.tenant.applications)
        # Those that can get a token first; the others are there too, for who wants to see a refusal.
        applications.sort(key=lambda one: one.client_id not in granted)
        self.choices = tuple((labelled(one, one.client_id in granted), one.client_id) for one in applications)
        if self.client_id not in [client_id for _, client_id in self.choices]:
            self._forget()
            self._fill(lambda: setattr(self, "client_id", applications[0].client_id if applications else ""))

    def _code(self, api: Api) -> Code:
        application = self.tenant.applications.find(self.client_id)
        if application is None:
            nothing = "No application yet: create one under Machine to Machine."
            return f"# {nothing}", nothing
        arguments = f"app, audience={literal(api.identifier)}" + (
            f", scope={literal(self.scope)}" if self.scope else ""
        )
        python = [
            f"app = tenant.applications.get({literal(application.client_id)})",
            f"issued = tenant.request_token(authkit.ClientCredentials({arguments}))",
            "issued",
        ]
        return "\n".join(python), _request(self.tenant.issuer, api, application, self.scope)


def _request(issuer: str, api: Api, application: Application, scope: str) -> str:
    values = {"grant_type": "client_credentials", "client_id": application.client_id}
    if application.client_secret is not None:
        values["client_secret"] = "CLIENT_SECRET"
    values |= {"audience": api.identifier, **({"scope": scope} if scope else {})}
    headers = {"Host": urlsplit(issuer).netloc, "Content-Type": "application/x-www-form-urlencoded"}
    return request("POST /oauth/token", headers, urlencode(values, errors="backslashreplace"))
