"""The authorization code grant at the token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5): a code becomes tokens."""

from __future__ import annotations

from typing import Final

from authkit.ground.display import shorten
from authkit.ground.secret import Secret
from authkit.issuance import arguments, clients, codes, pkce, refresh_tokens, user_tokens
from authkit.issuance.codes import StoredCode
from authkit.issuance.issued import IssuedToken
from authkit.issuance.rules import KEEPS_403, Refusal, Rules
from authkit.issuance.underway import Underway, exchanged
from authkit.issuance.user_scopes import effective
from authkit.registry.models import Application
from authkit.registry.registry import Registry


class AuthorizationCode:
    """A request to redeem an authorization code.

    Args:
        application: The application, which presents its own secret if it has one; or a client id.
        code: What came back to the callback.
        redirect_uri: The same as in the authorization request.
        code_verifier: The text whose S256 challenge was sent.
        client_secret: The secret presented with the client id of an application that has one.

    Raises:
        ConfigurationError: An argument of the wrong kind.
    """

    def __init__(
        self,
        application: Application | str,
        *,
        code: Secret | str | None,
        redirect_uri: str | None,
        code_verifier: Secret | str | None = None,
        client_secret: Secret | str | None = None,
    ) -> None:
        self.client_id = arguments.client_id(application)
        self.client_secret = arguments.client_secret(application, client_secret)
        self.code = arguments.secret("code", code)
        self.redirect_uri = arguments.of_kind("redirect_uri", redirect_uri, str | None, "text: the callback")
        self.code_verifier = arguments.secret("code_verifier", code_verifier)

    def __repr__(self) -> str:
        return f"AuthorizationCode({self.client_id!r}, redirect_uri={self.redirect_uri!r}, code masked)"


class _Request(Underway):
    """A request of this grant on its way through the rules."""

    log_code = "feacft"

    def __init__(self, registry: Registry, asked: AuthorizationCode) -> None:
        super().__init__(registry)
        self.asked = asked
        self.stored: StoredCode | None = None

    @property
    def code(self) -> StoredCode:
        """The code, which an earlier rule has found."""
        assert self.stored is not None
        return self.stored

    def basis(self, family: str | None = None) -> user_tokens.Basis:
        """What the tokens are made of."""
        return user_tokens.Basis(
            application=self.known_application,
            user=self.known_user,
            api=self.api,
            scopes=self.scopes,
            nonce=self.code.login.nonce,
            auth_time=self.code.login.auth_time,
            code=self.code.hash,
            family=family,
        )


RULES: Final = Rules[_Request]()


@RULES.declare("application.client_secret", "RFC 6749 §3.2.1")
def client(r: _Request) -> str | Refusal:
    """Is this application known, and is the secret its own, if it has one?"""
    return clients.any_kind(r, r.asked.client_id, r.asked.client_secret)


@RULES.declare("application.grant_types", "RFC 6749 §5.2")
def grant_type(r: _Request) -> str | Refusal:
    """May this application use this grant?"""
    return clients.may_use(r, "authorization_code")


@RULES.declare("tenant.authorize", "RFC 6749 §4.1.3")
def code(r: _Request) -> str | Refusal:
    """Was this code issued, and to this application?"""
    if not r.asked.code:
        return Refusal(
            "invalid_request", 400, "Missing required parameter: code", "no code was sent",
            "Send the code that came back to the callback.",
        )  # fmt: skip
    found = codes.find(r.registry, r.asked.code)
    if found is None or found.login.client_id != r.known_application.client_id:
        # One answer for both: another application's code is none of this one's business.
        note = "no such code was issued" if found is None else "the code was issued to another application"
        return _invalid("Unknown or invalid authorization code", note, "Send the user to log in again.")
    r.stored, r.user = found, r.registry.users.get(found.login.user_id)
    return "issued to this application"


@RULES.declare("tenant.authorize", "RFC 6749 §4.1.2, §10.5")
def first_use(r: _Request) -> str | Refusal:
    """Is it used for the first time?"""
    if r.code.redeemed_at is None:
        return "not used before"
    codes.revoke_what_came_of(r.registry, r.code)
    return _invalid(
        "Unknown or invalid authorization code",
        "the code was used before: its refresh family and opaque tokens are revoked; its JWTs are refused by our own "
        "userinfo and Management API, and other APIs accept them until exp",
        "Whoever used it first may not be who it was meant for: log in again, with PKCE.",
    )


@RULES.declare("tenant.clock", "RFC 6749 §4.1.2")
def fresh(r: _Request) -> str | Refusal:
    """Is it still fresh?"""
    left = r.code.expires_at - r.registry.clock.now()
    # Nor does a clock that was put back give it hours: as long as a code is good, so far ahead may it have been issued.
    if not 0 < left <= 2 * codes.CODE_LIFETIME:
        return _invalid(
            "Unknown or invalid authorization code", f"it was good for {codes.CODE_LIFETIME} seconds",
            "Redeem a code as soon as it arrives; now log in again.",
        )  # fmt: skip
    return f"{min(int(left), codes.CODE_LIFETIME)} of {codes.CODE_LIFETIME} seconds are left"


@RULES.declare("request.redirect_uri", "RFC 6749 §4.1.3")
def redirect_uri(r: _Request) -> str | Refusal:
    """Is the redirect_uri the one the code was sent to?"""
    expected, given = r.code.login.redirect_uri, r.asked.redirect_uri
    if given != expected:
        return _invalid(
            "The redirect_uri is not the one of the authorization request",
            f"{shorten(given)} in place of {shorten(expected)}",
            "Repeat the redirect_uri of the authorization request letter by letter.",
        )
    return "the same as in the authorization request"


@RULES.declare("request.code_verifier", "RFC 7636 §4.5–§4.6, RFC 9700 §4.8.2")
def code_verifier(r: _Request) -> str | Refusal:
    """Does the code_verifier belong to the challenge?"""
    challenge, verifier = r.code.login.code_challenge, r.asked.code_verifier
    if challenge is None and verifier is None:
        return "no PKCE in this login"
    if challenge is None:
        return _invalid(
            "A code_verifier was sent for a code without a challenge",
            "somebody may have taken the challenge out of the authorization request",
            "Send the code_challenge in the authorization request.",
        )
    if verifier is None or not pkce.is_verifier(verifier) or not pkce.fits(verifier, challenge):
        note = "no code_verifier was sent" if verifier is None else "it is not the challenge's"
        return _invalid(
            "The code_verifier does not belong to the code_challenge", note,
            "Send the code_verifier that this login's challenge was made of: 43 to 128 characters (RFC 7636 §4.1).",
        )  # fmt: skip
    return "its SHA-256 is the challenge"


@RULES.declare("user.blocked", "vendor's documentation")
def user(r: _Request) -> str | Refusal:
    """May the user still log in?"""
    if r.known_user.blocked:
        return _invalid(
            "The user is blocked", "the user is blocked", "Unblock: tenant.users.update(user, blocked=False)."
        )
    return r.known_user.email


@RULES.declare("api.identifier", "vendor's documentation")
def audience(r: _Request) -> str | Refusal:
    """Is the API still there?"""
    asked = r.code.login.audience
    if asked is None:
        return "no API was asked for"
    r.api = r.registry.apis.find(r.code.login.api_id)
    if r.api is None:
        return _invalid(
            "Unknown or invalid authorization code", f"{shorten(asked)} was deleted",
            "Send the user to log in again, once there is an API of that name: the user has agreed to no other.",
        )  # fmt: skip
    return r.api.name or r.api.identifier


@RULES.declare("api.enforce_policies", "RFC 6749 §3.3")
def scope(r: _Request) -> str | Refusal:
    """Which scopes does the token get?"""
    decided = effective(r.registry, r.known_application, r.api, r.known_user, r.code.login.scopes)
    r.scopes = decided.granted
    return decided.note


@RULES.declare("api.signing_alg", "OpenID Connect Core §3.1.3.3")
def kind(r: _Request) -> str | Refusal:
    """Which tokens does it become?"""
    return user_tokens.explained(r.basis())


@RULES.declare("api.allow_offline_access", "OpenID Connect Core §11")
def offline_access(r: _Request) -> str | Refusal:
    """Does a refresh token come with it?"""
    if "offline_access" in r.scopes:
        return f"a refresh token, {r.known_application.refresh_token.brief}"
    return "no refresh token: offline_access was not asked for or not allowed"


def issue_for_code(registry: Registry, asked: AuthorizationCode) -> IssuedToken:
    """The tokens for this code, with their trace.

    Raises:
        GrantRefused: The first rule that refused. A code used twice takes back what it brought.
    """
    r = _Request(registry, asked)
    return exchanged(r, lambda: _issue(r), log_code="seacft", what="Authorization code")


def _issue(r: _Request) -> IssuedToken:
    results = RULES.run(r)
    family, refresh_token = None, None
    if "offline_access" in r.scopes and r.api is not None:
        family, refresh_token = refresh_tokens.start_family(r.registry, r.code.login, r.api.identifier, r.scopes)
    codes.redeem(r.registry, r.code, family)
    return user_tokens.issue(r.registry, r.basis(family), results, refresh_token)


def _invalid(description: str, note: str, remedy: str) -> Refusal:
    return Refusal("invalid_grant", 403, description, note, f"{remedy} {KEEPS_403}")
