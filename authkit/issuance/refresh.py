"""The refresh token grant (RFC 6749 §6, RFC 9700 §4.14.2): a new access token without a new login."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from authkit.ground.display import printable, shorten
from authkit.ground.secret import Secret
from authkit.issuance import arguments, clients, families, refresh_tokens, user_tokens
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refresh_tokens import StoredRefreshToken
from authkit.issuance.rules import KEEPS_403, Refusal, Rules
from authkit.issuance.underway import Underway, exchanged, scopes_named
from authkit.issuance.user_scopes import effective
from authkit.registry.models import Application
from authkit.registry.registry import Registry


class RefreshToken:
    """A request for a new access token with a refresh token.

    Args:
        application: The application, which presents its own secret if it has one; or a client id.
        refresh_token: The refresh token.
        scope: Fewer scopes than were granted, as a list or separated by spaces; none asks for all of them.
        client_secret: The secret presented with the client id of an application that has one.

    Raises:
        ConfigurationError: An argument of the wrong kind.
    """

    def __init__(
        self,
        application: Application | str,
        *,
        refresh_token: Secret | str | None,
        scope: Iterable[str] | str = (),
        client_secret: Secret | str | None = None,
    ) -> None:
        self.client_id = arguments.client_id(application)
        self.client_secret = arguments.client_secret(application, client_secret)
        self.refresh_token = arguments.secret("refresh_token", refresh_token)
        self.scope = arguments.scopes(scope)

    def __repr__(self) -> str:
        asked = printable(" ".join(self.scope)) or "all that were granted"
        return f"RefreshToken({self.client_id!r}, scope: {asked}, refresh token masked)"


class _Request(Underway):
    """A request of this grant on its way through the rules."""

    log_code = "fertft"

    def __init__(self, registry: Registry, asked: RefreshToken) -> None:
        super().__init__(registry)
        self.asked = asked
        self.stored: StoredRefreshToken | None = None

    @property
    def token(self) -> StoredRefreshToken:
        """The refresh token, which an earlier rule has found."""
        assert self.stored is not None
        return self.stored

    @property
    def rotates(self) -> bool:
        """Whether a new refresh token comes with each use."""
        return self.known_application.refresh_token.rotation_type == "rotating"

    def basis(self) -> user_tokens.Basis:
        """What the tokens are made of."""
        return user_tokens.Basis(
            application=self.known_application,
            user=self.known_user,
            api=self.api,
            scopes=self.scopes,
            gty="refresh_token",
            family=self.token.family,
        )


RULES: Final = Rules[_Request]()


@RULES.declare("application.client_secret", "RFC 6749 §3.2.1")
def client(r: _Request) -> str | Refusal:
    """Is this application known, and is the secret its own, if it has one?"""
    return clients.any_kind(r, r.asked.client_id, r.asked.client_secret)


@RULES.declare("application.grant_types", "RFC 6749 §5.2")
def grant_type(r: _Request) -> str | Refusal:
    """May this application use this grant?"""
    return clients.may_use(r, "refresh_token")


@RULES.declare("tenant.families", "RFC 6749 §6")
def refresh_token(r: _Request) -> str | Refusal:
    """Was this refresh token issued, and to this application?"""
    if not r.asked.refresh_token:
        return Refusal(
            "invalid_request", 400, "Missing required parameter: refresh_token", "no refresh token was sent",
            "Send the refresh token of the last token response.",
        )  # fmt: skip
    found = refresh_tokens.find(r.registry, r.asked.refresh_token)
    if found is None or found.client_id != r.known_application.client_id:
        # One answer for both: another application's token is none of this one's business.
        return _invalid("no such token was issued" if found is None else "it was issued to another application")
    # Already here, so that the log can say whose family is revoked.
    r.stored, r.user = found, r.registry.users.get(found.user_id)
    return f"issued to this application, family {found.family}"


@RULES.declare("tenant.revoke_family", "RFC 6749 §10.4")
def family(r: _Request) -> str | Refusal:
    """Does its family still work?"""
    if r.token.revoked_at is not None:
        return _invalid(f"the family {r.token.family} was revoked")
    return "not revoked"


@RULES.declare("application.refresh_token.leeway", "RFC 9700 §4.14.2, vendor's documentation")
def first_use(r: _Request) -> str | Refusal:
    """Is it used for the first time, or within the leeway?"""
    leeway, replaced_at = r.known_application.refresh_token.leeway, r.token.replaced_at
    if replaced_at is None and not r.token.twin_used:
        return "not replaced yet" if r.rotates else "used as often as needed: tokens do not rotate"
    # A leeway of 0 is none, and a clock that was set back prolongs none by more than itself.
    in_time = replaced_at is not None and abs(r.registry.clock.now() - replaced_at) < leeway
    if in_time and not r.token.line_moved_on:
        return f"replaced already, within the leeway of {leeway} s: the answer may have got lost"
    families.revoke(r.registry, r.token.family)
    r.log_code = "ferrt"
    if replaced_at is None:
        why = "within the leeway it replaced a token that another had replaced too, and the other one was used"
    else:
        since = "the one that replaced it was used since" if r.token.line_moved_on else f"the leeway is {leeway} s"
        why = f"it was replaced before, and {since}"
    return _invalid(
        f"{why}: the whole family is revoked, as two now hold it and one may be a thief; access tokens that are out "
        "are refused by our own userinfo and Management API, and other APIs accept them until exp"
    )


@RULES.declare("application.refresh_token.token_lifetime", "RFC 6749 §10.4")
def lifetime(r: _Request) -> str | Refusal:
    """Is the login recent enough?"""
    settings = r.known_application.refresh_token
    if settings.expiration_type == "non-expiring":
        return "refresh tokens of this application do not expire"
    if not r.registry.clock.now() < r.token.logged_in_at + settings.token_lifetime:
        return _invalid(f"it ended {settings.token_lifetime} s after the login")
    return f"it ends {settings.token_lifetime} s after the login"


@RULES.declare("user.blocked", "vendor's documentation")
def user(r: _Request) -> str | Refusal:
    """May the user still log in?"""
    return _invalid("the user is blocked") if r.known_user.blocked else r.known_user.email


@RULES.declare("api.allow_offline_access", "vendor's documentation")
def offline_access(r: _Request) -> str | Refusal:
    """Does the API still allow offline access?"""
    r.api = r.registry.apis.get(r.token.audience)
    if not r.api.allow_offline_access:
        return _invalid("the API no longer allows offline access")
    return r.api.name or r.api.identifier


@RULES.declare("api.enforce_policies", "RFC 6749 §6")
def scope(r: _Request) -> str | Refusal:
    """Which of the scopes of the login does the new token get?"""
    of_login = frozenset(r.token.scopes)
    beyond = [name for name in r.asked.scope if name not in of_login]
    if beyond:
        return Refusal(
            "invalid_scope", 400, f"The login did not grant these scopes: {' '.join(beyond)}",
            f"beyond the login: {shorten(' '.join(beyond))}",
            f"Ask for less (granted: {' '.join(r.token.scopes) or 'none'}), or let the user log in again for more.",
            f"The login did not grant these scopes: {scopes_named(beyond, r.api)}",
        )  # fmt: skip
    asked = r.asked.scope or r.token.scopes
    decided = effective(r.registry, r.known_application, r.api, r.known_user, asked)
    r.scopes = decided.granted
    return decided.note


@RULES.declare("api.signing_alg", "OpenID Connect Core §12.2")
def kind(r: _Request) -> str | Refusal:
    """Which tokens does it become?"""
    return user_tokens.explained(r.basis())


@RULES.declare("application.refresh_token.rotation_type", "RFC 9700 §4.14.2")
def rotation(r: _Request) -> str | Refusal:
    """Does a new refresh token take its place?"""
    if r.rotates:
        return "rotating: a new one, and this one counts as used"
    return "non-rotating: this one goes on working, and the answer holds none"


def issue_for_refresh_token(registry: Registry, asked: RefreshToken) -> IssuedToken:
    """The new access token, and under rotation the next refresh token, with their trace.

    Raises:
        GrantRefused: The first rule that refused. A token used again beyond the leeway revokes its family.
    """
    r = _Request(registry, asked)
    return exchanged(r, lambda: _issue(r), log_code="sertft", what="Refresh token")


def _issue(r: _Request) -> IssuedToken:
    results = RULES.run(r)
    following = refresh_tokens.replace(r.registry, r.token) if r.rotates else None
    return user_tokens.issue(r.registry, r.basis(), results, following)


def _invalid(note: str) -> Refusal:
    return Refusal(
        "invalid_grant", 403, "Unknown or invalid refresh token.", note,
        f"Let the user log in again. {KEEPS_403}",
    )  # fmt: skip
