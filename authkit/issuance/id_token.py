"""The ID token and the user's own claims (OpenID Connect Core §2, §5.1): who logged in, told to the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authkit.issuance.trace import ClaimOrigin
from authkit.registry.models import Application, User
from authkit.registry.registry import Registry

ID_TOKEN_LIFETIME: Final = 36000
"""Seconds."""


def id_token_claims(
    registry: Registry,
    application: Application,
    user: User,
    scopes: tuple[str, ...],
    *,
    nonce: str | None,
    auth_time: int | None,
) -> tuple[ClaimOrigin, ...]:
    """The claims of an ID token, in the order they are written."""
    claims = [*_claims(registry, application, user, scopes)]
    if auth_time is not None:
        origin = "when the password was typed, which a request with max_age has told"
        claims.append(ClaimOrigin("auth_time", auth_time, origin, "request.max_age"))
    if nonce is not None:
        origin = "repeated from the authorization request, for the client to compare"
        claims.append(ClaimOrigin("nonce", nonce, origin, "request.nonce"))
    return tuple(claims)


def profile_claims(user: User, scopes: tuple[str, ...]) -> Iterator[ClaimOrigin]:
    """What `profile` and `email` tell of the user, in the ID token and at the userinfo endpoint (§5.4)."""
    if "profile" in scopes and user.name is not None:
        yield ClaimOrigin("name", user.name, "the user's name, as profile was granted", "user.name")
    if "email" in scopes:
        yield ClaimOrigin("email", user.email, "the user's address, as email was granted", "user.email")
        yield ClaimOrigin(
            "email_verified", user.email_verified, "whether the address was proved", "user.email_verified"
        )


def _claims(registry: Registry, application: Application, user: User, scopes: tuple[str, ...]) -> Iterator[ClaimOrigin]:
    now = int(registry.clock.now())
    yield from profile_claims(user, scopes)
    yield ClaimOrigin("iss", registry.issuer, "the tenant's issuer", "tenant.issuer")
    origin = "the application: an ID token is for the client, never for an API"
    yield ClaimOrigin("aud", application.client_id, origin, "application.client_id")
    yield ClaimOrigin("sub", user.user_id, "the user who logged in", "user.user_id")
    yield ClaimOrigin("iat", now, "the tenant's clock", "tenant.clock")
    yield ClaimOrigin("exp", now + ID_TOKEN_LIFETIME, f"iat + {ID_TOKEN_LIFETIME} s", "tenant.clock")
