"""The client-credentials grant (RFC 6749 §4.4): an application asks for a token in its own name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authkit.ground import chance
from authkit.ground.display import printable, shorten
from authkit.ground.secret import Secret
from authkit.issuance import arguments, clients
from authkit.issuance.claims import Facts, access_token_claims
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.rules import Refusal, Rules
from authkit.issuance.trace import Trace
from authkit.issuance.underway import Underway, scopes_named
from authkit.issuance.writing import signed_for
from authkit.registry.models import Application, ClientGrant
from authkit.registry.registry import Registry


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
        self.client_id = arguments.client_id(application)
        self.client_secret = arguments.client_secret(application, client_secret)
        self.audience = arguments.text("audience", audience, "text: the API's identifier")
        self.scope = arguments.scopes(scope)

    def __repr__(self) -> str:
        asked = printable(" ".join(self.scope)) or "all that are granted"
        return f"ClientCredentials({self.client_id!r}, audience={self.audience!r}, scope: {asked})"


class _Request(Underway):
    """A request of this grant on its way through the rules."""

    log_code = "feccft"

    def __init__(self, registry: Registry, asked: ClientCredentials) -> None:
        super().__init__(registry)
        self.asked = asked
        self.grant: ClientGrant | None = None


RULES: Final = Rules[_Request]()


@RULES.declare("application.client_secret", "RFC 6749 §2.3.1")
def client(r: _Request) -> str | Refusal:
    """Is this application known, and is the secret its own?"""
    return clients.confidential(r, r.asked.client_id, r.asked.client_secret)


@RULES.declare("application.grant_types", "RFC 6749 §5.2")
def grant_type(r: _Request) -> str | Refusal:
    """May this application use this grant?"""
    return clients.may_use(r, "client_credentials")


@RULES.declare("api.identifier", "vendor's documentation")
def audience(r: _Request) -> str | Refusal:
    """Is there an API with this audience?"""
    if not r.asked.audience:
        return Refusal(
            "invalid_request", 400, "Missing required parameter: audience", "no audience was asked for",
            "Say which API the token is for: audience=api.identifier.",
        )  # fmt: skip
    found = r.registry.apis.find(r.asked.audience)
    if found is None or found.identifier != r.asked.audience:
        return Refusal(
            "access_denied", 403, f"Service not enabled within domain: {r.asked.audience}",
            f"no API has the identifier {shorten(r.asked.audience)}",
            "Compare letter by letter with tenant.apis: a slash at the end makes another identifier.",
            "Service not enabled within domain",
        )  # fmt: skip
    r.api = found
    return found.name or found.identifier


@RULES.declare("tenant.client_grants", "vendor's documentation")
def client_grant(r: _Request) -> str | Refusal:
    """Is the application authorised for this API?"""
    assert r.application is not None and r.api is not None
    r.grant = r.registry.client_grants.between(r.application.client_id, r.api.identifier)
    if r.grant is None:
        return Refusal(
            "access_denied", 403,
            f'Client is not authorized to access "{r.api.identifier}". You need to create a "client-grant" '
            "associated to this API.",
            "there is no client grant between them",
            "Create it: tenant.client_grants.create(application, api, scopes).",
        )  # fmt: skip
    return f"client grant {r.grant.id}"


@RULES.declare("client_grant.scope", "RFC 6749 §3.3")
def scope(r: _Request) -> str | Refusal:
    """Are all scopes asked for granted?"""
    assert r.grant is not None and r.api is not None
    # A scope that the API no longer defines means nothing, even where an old grant still lists it.
    defined = set(r.api.scope_values)
    granted = tuple(name for name in r.grant.scope if name in defined)
    held = frozenset(granted)
    missing = [name for name in r.asked.scope if name not in held]
    if missing:
        return Refusal(
            "access_denied", 403, f"Client has not been granted scopes: {' '.join(missing)}",
            f"not granted: {shorten(' '.join(missing))}",
            f"Ask for less (granted: {' '.join(granted) or 'none'}), or add it to the client grant.",
            f"Client has not been granted scopes: {scopes_named(missing, r.api)}",
        )  # fmt: skip
    r.scopes = r.asked.scope or granted
    return f"granted: {' '.join(r.scopes) or 'none'}"


def issue_client_credentials(registry: Registry, asked: ClientCredentials) -> IssuedToken:
    """The token for this request, with its trace.

    Raises:
        GrantRefused: The first rule that refused, with the OAuth error and the HTTP status.
    """
    request = _Request(registry, asked)
    try:
        results = RULES.run(request)
    except GrantRefused as refused:
        request.log_refusal(refused)
        raise
    assert request.application is not None and request.api is not None
    facts = Facts(
        application=request.application,
        api=request.api,
        scopes=request.scopes,
        permissions=request.scopes,
        gty="client-credentials",
        none_asked=not request.asked.scope,
    )
    claims = access_token_claims(registry, facts, lambda: chance.text(registry.chance.value("jti")))
    issued = IssuedToken(
        access_token=signed_for(registry, request.api, claims),
        token_type="Bearer",
        expires_in=request.api.token_lifetime,
        scope=" ".join(request.scopes),
        trace=Trace(results, claims),
    )
    said = f"Client credentials of {request.application.name} exchanged for an access token"
    request.log("seccft", said, issued.expires_in)
    return issued
