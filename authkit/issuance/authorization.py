"""The authorization endpoint (RFC 6749 §4.1): from a request, and a user who logged in, to a code."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from authkit.ground import display
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.issuance import arguments, codes, consent
from authkit.issuance.authorization_request import AuthorizationRequest, with_parameters
from authkit.issuance.authorization_rules import REQUEST_RULES, USER_RULES, Asking, consent_for
from authkit.issuance.refusal import AuthorizationRefused, GrantRefused
from authkit.issuance.rules import Refusal
from authkit.issuance.trace import RuleResult, Trace
from authkit.issuance.underway import settled
from authkit.issuance.user_scopes import effective
from authkit.issuance.writing import drawn, next_second
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry


@dataclass(frozen=True, kw_only=True, repr=False)
class Authorization:
    """A request that is in order as far as that can be said before anyone has logged in.

    Attributes:
        request: The request.
        application: Who asks.
        api: For which API; None without an audience.
        trace: The rules it passed.
    """

    request: AuthorizationRequest
    application: Application
    api: Api | None
    trace: Trace
    _registry: Registry = field(compare=False)

    def consent(self, user: User | str) -> consent.Consent:
        """Whether the consent page is shown to this user, why, and with which scopes.

        Raises:
            RegistrationError: There is no such user.
        """
        r = self._asking()
        r.user = _known_user(self._registry, user)
        r.scopes = effective(self._registry, self.application, self.api, r.user, self.request.scope).granted
        return consent_for(r)

    def login_required(self) -> AuthorizationRefused:
        """The refusal where nobody is logged in and `prompt=none` forbids a page (OpenID Connect Core §3.1.2.6)."""
        said = Refusal(
            "login_required", 401, "Login required", "prompt=none forbids a page, and nobody is logged in",
            "Ask again without prompt=none, so that the login page can be shown.",
        )  # fmt: skip
        r = self._asking()
        return _refused(r, USER_RULES.refused("user", said, before=self.trace.rules))

    def _asking(self) -> Asking:
        r = Asking(self._registry, self.request)
        r.application, r.api, r.may_redirect = self.application, self.api, True
        return r

    def __repr__(self) -> str:
        api = self.api.identifier if self.api else "no API"
        asked = " ".join(self.request.scope) or "none"
        return display.printable(f"Authorization({self.application.name}, {api}, scopes asked for: {asked})")

    def _repr_html_(self) -> str:
        facts = {
            "application": self.application.name,
            "API": self.api.identifier if self.api else "none: the access token will be opaque",
            "redirect_uri": self.request.redirect_uri,
            "scopes asked for": " ".join(self.request.scope) or "none",
        }
        title = f"In order so far: {len(self.trace.rules)} rules passed"
        rules = display.fold(title, self.trace.rules_html())
        return display.join([display.fields(facts, caption="Authorization request"), rules])


@dataclass(frozen=True, kw_only=True, repr=False)
class AuthorizationResponse:
    """What the browser brings back to the application (RFC 6749 §4.1.2).

    Attributes:
        code: The authorization code: good once, for a minute, and with PKCE for nobody else.
        state: What the request sent, unchanged.
        redirect_to: Where the browser is sent: the callback with code and state.
        trace: Every rule that was passed.
    """

    code: str
    state: str | None
    redirect_to: str
    trace: Trace

    def __repr__(self) -> str:
        head = f"AuthorizationResponse(code {self.code[:8]}…, state={self.state!r})"
        return f"{head}\n{self.trace!r}"

    def _repr_html_(self) -> str:
        facts = {
            "code": f"{self.code[:8]}… ({len(self.code)} characters, good once and for {codes.CODE_LIFETIME} seconds)",
            "state": self.state if self.state is not None else "none was sent",
            "redirect_to": display.printable(self.redirect_to.replace(self.code, f"{self.code[:8]}…")),
        }
        rules = display.fold(self.trace.sentence, self.trace.rules_html())
        return display.join([display.fields(facts, caption="Authorization response"), rules])


def check_request(registry: Registry, asked: AuthorizationRequest) -> Authorization:
    """The rules that need no user.

    Raises:
        AuthorizationRefused: The first rule that refused; it says where the browser is sent, if anywhere.
    """
    r = Asking(registry, asked)
    results = _run_request_rules(r)
    return Authorization(
        request=asked, application=r.known_application, api=r.api, trace=Trace(results), _registry=registry
    )


def authorize(
    registry: Registry, asked: AuthorizationRequest, user: User | str, consented: bool, auth_time: float | None = None
) -> AuthorizationResponse:
    """The code for a user who has just logged in.

    Raises:
        AuthorizationRefused: A rule refused; the error is sent to the callback where that is safe.
        RegistrationError: There is no such user.
    """
    arguments.moment("auth_time", auth_time)
    r = Asking(registry, asked, consented)
    response = settled(registry, lambda: _authorize(r, user, auth_time))
    r.log("s", f"{r.known_user.email} logged in to {r.known_application.name}")
    return response


def decide(r: Asking, user: User | str) -> tuple[tuple[RuleResult, ...], codes.Login]:
    """All rules, and the login that they allow; nothing is stored.

    Raises:
        AuthorizationRefused: The first rule that refused.
    """
    results = _run_request_rules(r)
    r.user = _known_user(r.registry, user)
    try:
        results = USER_RULES.run(r, before=results)
    except GrantRefused as refused:
        raise _refused(r, refused) from None
    return results, codes.Login(
        user_id=r.user.user_id,
        client_id=r.known_application.client_id,
        redirect_uri=r.asked.redirect_uri or "",
        audience=r.api.identifier if r.api else None,
        api_id=r.api.id if r.api else None,
        scopes=r.scopes,
        nonce=r.asked.nonce,
        code_challenge=r.asked.code_challenge,
        logged_in_at=next_second(r.registry),
    )


def _authorize(r: Asking, user: User | str, auth_time: float | None) -> AuthorizationResponse:
    results, login = decide(r, user)
    login = replace(login, auth_time=None if auth_time is None else int(auth_time))
    if r.consented and r.api is not None and consent_for(r).needed:
        consent.remember(r.registry, r.known_application, r.api, r.known_user, r.scopes)
    code = drawn(r.registry, "authorization_code")
    codes.keep(r.registry, code, login)
    back = with_parameters(login.redirect_uri, {"code": code.reveal(), "state": r.asked.state})
    return AuthorizationResponse(code=code.reveal(), state=r.asked.state, redirect_to=back, trace=Trace(results))


def _run_request_rules(r: Asking) -> tuple[RuleResult, ...]:
    try:
        return REQUEST_RULES.run(r, after=USER_RULES.not_reached())
    except GrantRefused as refused:
        raise _refused(r, refused) from None


def _refused(r: Asking, refused: GrantRefused) -> AuthorizationRefused:
    """The refusal as this endpoint gives it, noted in the log."""
    r.log_refusal(refused)
    back = None
    if r.may_redirect:
        told: dict[str, str | None] = {"error": refused.error, "error_description": refused.description}
        back = with_parameters(r.asked.redirect_uri or "", {**told, "state": r.asked.state})
    return AuthorizationRefused(
        refused.error,
        refused.description,
        status=refused.status,
        remedy=refused.remedy,
        trace=refused.trace,
        redirect_to=back,
    )


def _known_user(registry: Registry, user: User | str) -> User:
    given: object = user
    if not isinstance(given, User | str):
        raise ConfigurationError(
            "request.user",
            f"A user is one of the tenant's, not {shorten(given)}.",
            "Pass what tenant.users.create or tenant.users.authenticate gave, or a user id.",
        )
    return registry.users.get(user)
