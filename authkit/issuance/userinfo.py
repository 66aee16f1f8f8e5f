"""The userinfo endpoint (OpenID Connect Core §5.3): who the user is, for who holds an access token meant for it."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.secret import Secret
from authkit.issuance import arguments
from authkit.issuance.claims import userinfo_url
from authkit.issuance.id_token import profile_claims
from authkit.issuance.rules import Refusal, Rules
from authkit.issuance.underway import Underway
from authkit.issuance.writing import fingerprint
from authkit.jose.key_set import KeySet
from authkit.jose.policy import Policy
from authkit.jose.verifier import Verifier
from authkit.registry.registry import Registry

POLICY: Final = Policy(
    name="USERINFO",
    types=("JWT", "at+jwt", "application/at+jwt"),
    required=("iss", "sub", "aud", "exp", "iat"),
)
"""Access tokens of either dialect: the audience keeps ID tokens out, which are for the application."""


class _Request(Underway):
    """An access token on its way through the rules."""

    def __init__(self, registry: Registry, token: Secret) -> None:
        super().__init__(registry)
        self.token = token
        self.subject = self.client_id = ""
        self.expires_at: int | None = None


RULES: Final = Rules[_Request]()


@RULES.declare("tenant.request_token", "OpenID Connect Core §5.3.1, RFC 6750 §2")
def access_token(r: _Request) -> str | Refusal:
    """Is it an access token for this endpoint?"""
    rows = r.registry.database.rows(
        "SELECT user_id, client_id, scope, expires_at FROM access_tokens WHERE hash = ? AND opaque = 1",
        (fingerprint(r.token),),
    )
    if rows:
        r.subject, r.client_id, scope, r.expires_at = rows[0]
        r.scopes = tuple(scope.split())
        return "an opaque token of this tenant"
    if r.token.reveal().count(".") != 2:
        return _invalid("neither a JWT nor an opaque token of this tenant")
    claims = _verifier(r.registry).verify(r.token.reveal())
    scope = claims.get("scope", "")
    r.subject, r.scopes = claims["sub"], tuple(scope.split() if isinstance(scope, str) else ())
    r.client_id = claims.get("azp") or claims.get("client_id") or ""
    return "a JWT whose audience includes userinfo"


@RULES.declare("tenant.clock", "RFC 6750 §3.1")
def fresh(r: _Request) -> str | Refusal:
    """Has it not expired?"""
    if r.expires_at is not None and not r.registry.clock.now() < r.expires_at:
        return _invalid("the opaque token has expired")
    return "not expired"


@RULES.declare("tenant.revoke_family", "RFC 6749 §4.1.2, RFC 9700 §4.14.2")
def not_revoked(r: _Request) -> str | Refusal:
    """Is it not revoked?"""
    if is_revoked(r.registry, r.token):
        return _invalid("it was revoked, by a reused code or with its refresh family")
    return "not revoked"


@RULES.declare("application.client_id", "RFC 6749 §10.4")
def application(r: _Request) -> str | Refusal:
    """Is there still the application it was issued to?"""
    # With an application goes the store's memory of its tokens, and of which of them were revoked.
    r.application = r.registry.applications.find(r.client_id)
    return _invalid("its application was deleted") if r.application is None else r.application.name


@RULES.declare("user.blocked", "vendor's documentation")
def user(r: _Request) -> str | Refusal:
    """Is there such a user, who may log in?"""
    r.user = r.registry.users.find(r.subject)
    if r.user is None or r.user.user_id != r.subject:
        return _invalid("its subject is no user of this tenant")
    return _invalid("the user is blocked") if r.user.blocked else r.user.email


@RULES.declare("request.scope", "vendor's documentation, RFC 6750 §3.1")
def scope(r: _Request) -> str | Refusal:
    """Was openid granted?"""
    if "openid" not in r.scopes:
        return Refusal(
            "insufficient_scope", 403, "The access token lacks the scope openid",
            f"granted: {' '.join(r.scopes) or 'none'}",
            "Ask for openid when the user logs in. The original's documentation demands it too; its support has it "
            "that the answer without is 200 and an empty object, which says less.",
        )  # fmt: skip
    return "openid was granted"


def userinfo(registry: Registry, token: Secret | str) -> dict[str, Any]:
    """The user's claims, as far as the token's scopes allow.

    Raises:
        ConfigurationError: The token is no text.
        TokenRejected: A JWT that our own verifier refuses.
        GrantRefused: An opaque token that is not good (any more), a token that was revoked or lacks openid, or a user
            who may not log in.
    """
    r = _Request(registry, arguments.secret("access_token", token) or Secret(""))
    RULES.run(r)
    return {"sub": r.subject} | {item.claim: item.value for item in profile_claims(r.known_user, r.scopes)}


def is_revoked(registry: Registry, token: Secret | str) -> bool:
    """Whether a user's access token was taken back; what is not known here was not.

    Two logins within one second may bring the same JWT, byte for byte: it counts until both are revoked.
    """
    given = arguments.secret("access_token", token) or Secret("")
    rows = registry.database.rows("SELECT revoked_at FROM access_tokens WHERE hash = ?", (fingerprint(given),))
    return bool(rows) and all(revoked_at is not None for (revoked_at,) in rows)


def _verifier(registry: Registry) -> Verifier:
    return Verifier(
        issuer=registry.issuer,
        audience=userinfo_url(registry),
        keys=KeySet.from_jwks(registry.keys.ring.jwks),
        policy=POLICY,
        clock=registry.clock,
    )


def _invalid(note: str) -> Refusal:
    return Refusal(
        "invalid_token", 401, "The access token is unknown, expired or revoked", note,
        "Ask for an access token with the scope openid: one without an audience, or one for an RS256 API.",
    )  # fmt: skip
