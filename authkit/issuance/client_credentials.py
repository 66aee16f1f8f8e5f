"""The client-credentials grant (RFC 6749 §4.4): an application asks for a token in its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeVar

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.secret import Secret
from authkit.issuance.claims import client_credentials_claims
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.trace import Outcome, RuleResult, Trace
from authkit.jose.keys import SigningSecret
from authkit.jose.sign import sign
from authkit.registry.models import Api, Application, ClientGrant
from authkit.registry.registry import Registry

T = TypeVar("T")


class ClientCredentials:
    """A request for a token without a user.

    Args:
        application: The application, which presents its own secret; or a client id.
        audience: The identifier of the API the token is for.
        scope: Scopes to ask for, as a list or separated by spaces; none asks for all that are granted.
        client_secret: The secret presented with a client id.

    Raises:
        ConfigurationError: An argument of the wrong kind.
    """

    def __init__(
        self,
        application: Application | str,
        *,
        audience: str | None = None,
        scope: Iterable[str] | str = (),
        client_secret: Secret | str | None = None,
    ) -> None:
        secret = application.client_secret if isinstance(application, Application) else client_secret
        client_id = application.client_id if isinstance(application, Application) else application
        self.client_id = _of_kind("application", client_id, str, "an application or its client id")
        self.audience = _of_kind("audience", audience, str | None, "text: the API's identifier")
        self.client_secret = Secret(secret) if isinstance(secret, str) else secret
        _of_kind("client_secret", self.client_secret, Secret | None, "text")
        self.scope = _scopes(scope)

    def __repr__(self) -> str:
        asked = " ".join(self.scope) or "all that are granted"
        return f"ClientCredentials({self.client_id!r}, audience={self.audience!r}, scope: {asked})"


def _of_kind(field: str, value: T, kind: Any, expected: str) -> T:
    if not isinstance(value, kind):
        given = "" if field == "client_secret" else f", not {shorten(value)}"
        raise ConfigurationError(
            f"request.{field}", f"A token request's {field} is {expected}{given}.", f"Pass {expected}."
        )
    return value


def _scopes(scope: Iterable[str] | str) -> tuple[str, ...]:
    asked = scope.split() if isinstance(scope, str) else _of_kind("scope", scope, Iterable, "text or a list of texts")
    return tuple(dict.fromkeys(_of_kind("scope", name, str, "text or a list of texts") for name in asked))


class _Request:
    """A request on its way through the rules; a rule leaves what it found."""

    __slots__ = ("api", "application", "asked", "grant", "registry", "scopes")

    def __init__(self, registry: Registry, asked: ClientCredentials) -> None:
        self.registry = registry
        self.asked = asked
        self.application: Application | None = None
        self.api: Api | None = None
        self.grant: ClientGrant | None = None
        self.scopes: tuple[str, ...] = ()


class _Refusal(NamedTuple):
    error: str
    status: int
    description: str
    note: str
    remedy: str


class _Rule(NamedTuple):
    name: str
    question: str
    setting: str
    source: str
    run: Callable[[_Request], str | _Refusal]


_declared: list[_Rule] = []
_Run = Callable[[_Request], str | _Refusal]


def _rule(setting: str, source: str) -> Callable[[_Run], _Run]:
    """Declare the next rule: its question is the docstring; it returns what it saw, or why it refuses."""

    def declare(run: _Run) -> _Run:
        _declared.append(_Rule(run.__name__, run.__doc__ or "", setting, source, run))
        return run

    return declare


@_rule("application.client_secret", "RFC 6749 §2.3.1")
def client(r: _Request) -> str | _Refusal:
    """Is this application known, and is the secret its own?"""
    found = r.registry.applications.find(r.asked.client_id)
    given = r.asked.client_secret
    if found is None or found.client_secret is None or given is None or not found.client_secret.matches(given.reveal()):
        # One answer for both faults: which of them it was would tell a guesser that the client id exists.
        return _Refusal(
            "access_denied", 401, "Unauthorized", "no application with this client id and secret",
            "Pass the application itself, or its client id with its client secret. Auth0 answers access_denied here; "
            "RFC 6749 §5.2 says invalid_client.",
        )  # fmt: skip
    r.application = found
    return f"{found.name} proved its secret"


@_rule("application.grant_types", "RFC 6749 §5.2")
def grant_type(r: _Request) -> str | _Refusal:
    """May this application use this grant?"""
    assert r.application is not None
    if "client_credentials" not in r.application.grant_types:
        return _Refusal(
            "unauthorized_client", 403, "Grant type 'client_credentials' not allowed for the client.",
            "client_credentials is not among its grant types",
            'Allow it: tenant.applications.update(application, grant_types=["client_credentials"]).',
        )  # fmt: skip
    return "client_credentials is among its grant types"


@_rule("api.identifier", "vendor's documentation")
def audience(r: _Request) -> str | _Refusal:
    """Is there an API with this audience?"""
    if not r.asked.audience:
        return _Refusal(
            "invalid_request", 400, "Missing required parameter: audience", "no audience was asked for",
            "Say which API the token is for: audience=api.identifier.",
        )  # fmt: skip
    found = r.registry.apis.find(r.asked.audience)
    if found is None or found.identifier != r.asked.audience:
        return _Refusal(
            "access_denied", 403, f"Service not enabled within domain: {r.asked.audience}",
            f"no API has the identifier {shorten(r.asked.audience)}",
            "Compare letter by letter with tenant.apis: a slash at the end makes another identifier.",
        )  # fmt: skip
    r.api = found
    return found.name or found.identifier


@_rule("tenant.client_grants", "vendor's documentation")
def client_grant(r: _Request) -> str | _Refusal:
    """Is the application authorised for this API?"""
    assert r.application is not None and r.api is not None
    r.grant = r.registry.client_grants.between(r.application.client_id, r.api.identifier)
    if r.grant is None:
        return _Refusal(
            "access_denied", 403,
            f'Client is not authorized to access "{r.api.identifier}". You need to create a "client-grant" '
            "associated to this API.",
            "there is no client grant between them",
            "Create it: tenant.client_grants.create(application, api, scopes).",
        )  # fmt: skip
    return f"client grant {r.grant.id}"


@_rule("client_grant.scope", "RFC 6749 §3.3")
def scope(r: _Request) -> str | _Refusal:
    """Are all scopes asked for granted?"""
    assert r.grant is not None and r.api is not None
    # A scope that the API no longer defines means nothing, even where an old grant still lists it.
    granted = tuple(name for name in r.grant.scope if name in r.api.scope_values)
    missing = [name for name in r.asked.scope if name not in granted]
    if missing:
        return _Refusal(
            "access_denied", 403, f"Client has not been granted scopes: {' '.join(missing)}",
            f"not granted: {shorten(' '.join(missing))}",
            f"Ask for less (granted: {' '.join(granted) or 'none'}), or add it to the client grant.",
        )  # fmt: skip
    r.scopes = r.asked.scope or granted
    return f"granted: {' '.join(r.scopes) or 'none'}"


_RULES: Final = tuple(_declared)


def issue_client_credentials(registry: Registry, asked: ClientCredentials) -> IssuedToken:
    """The token for this request, with its trace.

    Raises:
        GrantRefused: The first rule that refused, with the OAuth error and the HTTP status.
    """
    request = _Request(registry, asked)
    results: list[RuleResult] = []
    for rule in _RULES:
        said = rule.run(request)
        if isinstance(said, _Refusal):
            raise _refused(said, results, rule)
        results.append(_result(rule, "passed", said))
    assert request.application is not None and request.api is not None
    claims = client_credentials_claims(registry, request.application, request.api, request.scopes)
    token = _signed(registry, request.api, {item.claim: item.value for item in claims})
    return IssuedToken(
        access_token=token,
        token_type="Bearer",
        expires_in=request.api.token_lifetime,
        scope=" ".join(request.scopes),
        trace=Trace(tuple(results), claims),
    )


def _signed(registry: Registry, api: Api, payload: dict[str, object]) -> str:
    if api.signing_alg == "HS256":
        assert api.signing_secret is not None, "an HS256 API is created with its secret"
        return sign(payload, SigningSecret(api.signing_secret), alg="HS256")
    return sign(payload, registry.keys.current, alg=api.signing_alg)


def _refused(said: _Refusal, passed: list[RuleResult], rule: _Rule) -> GrantRefused:
    later = _RULES[len(passed) + 1 :]
    results = [*passed, _result(rule, "refused", said.note), *(_result(other, "not reached", "") for other in later)]
    return GrantRefused(
        said.error, said.description, status=said.status, remedy=said.remedy, trace=Trace(tuple(results))
    )


def _result(rule: _Rule, outcome: Outcome, note: str) -> RuleResult:
    return RuleResult(
        name=rule.name,
        question=rule.question,
        outcome=outcome,
        note=note,
        setting=rule.setting,
        source=rule.source,
    )
