"""The tokens of a user who logged in: an access token, opaque without an API, and an ID token where asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.issuance.claims import Facts, access_token_claims
from authkit.issuance.id_token import id_token_claims
from authkit.issuance.issued import IssuedToken
from authkit.issuance.trace import ClaimOrigin, RuleResult, Trace
from authkit.issuance.writing import drawn, fingerprint, signed_for
from authkit.jose.sign import sign
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry

OPAQUE_LIFETIME: Final = 86400
"""Seconds that an opaque token is good for."""


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a user's tokens are made of.

    Attributes:
        application, user: Through which application who logged in.
        api: The API the access token is for; None for an opaque one.
        scopes: What was granted.
        gty: The vendor's name for the grant, where its tokens say it.
        nonce: What the ID token repeats.
        auth_time: When the user typed the password, where the ID token says it.
        code: The SHA-256 of the code they come from, or None.
        family: The refresh family they belong to, or None.
    """

    application: Application
    user: User
    api: Api | None
    scopes: tuple[str, ...]
    gty: str | None = None
    nonce: str | None = None
    auth_time: int | None = None
    code: str | None = None
    family: str | None = None


class Written(NamedTuple):
    """The tokens, and the origin of every claim in them."""

    access_token: str
    expires_in: int
    claims: tuple[ClaimOrigin, ...]
    id_token: str | None
    id_claims: tuple[ClaimOrigin, ...]


def write(registry: Registry, basis: Basis) -> Written:
    """Write the tokens, and remember the access token so that it can be revoked."""
    claims: tuple[ClaimOrigin, ...] = ()
    if basis.api is None:
        access_token, lifetime = drawn(registry, "opaque_token"), OPAQUE_LIFETIME
    else:
        facts = Facts(
            application=basis.application,
            api=basis.api,
            scopes=basis.scopes,
            permissions=registry.users.permissions_for(basis.user, basis.api),
            user=basis.user,
            gty=basis.gty,
        )
        claims = access_token_claims(registry, facts, lambda: chance.text(registry.chance.value("jti")))
        access_token, lifetime = Secret(signed_for(registry, basis.api, claims)), basis.api.token_lifetime
    _remember(registry, basis, access_token, lifetime)
    id_claims: tuple[ClaimOrigin, ...] = ()
    id_token = None
    if "openid" in basis.scopes:
        id_claims = id_token_claims(
            registry, basis.application, basis.user, basis.scopes, nonce=basis.nonce, auth_time=basis.auth_time
        )
        id_token = sign({item.claim: item.value for item in id_claims}, registry.keys.current, alg="RS256")
    return Written(access_token.reveal(), lifetime, claims, id_token, id_claims)


def issue(registry: Registry, basis: Basis, rules: tuple[RuleResult, ...], refresh_token: Secret | None) -> IssuedToken:
    """Write the tokens, as the answer to the application and with their trace.

    Args:
        registry: What the tenant knows.
        basis: What they are made of.
        rules: The rules that were passed.
        refresh_token: What comes with them.
    """
    written = write(registry, basis)
    return IssuedToken(
        access_token=written.access_token,
        token_type="Bearer",
        expires_in=written.expires_in,
        scope=" ".join(basis.scopes),
        trace=Trace(rules, written.claims, written.id_claims),
        id_token=written.id_token,
        refresh_token=refresh_token,
    )


def explained(basis: Basis) -> str:
    """What kind of access token it becomes, and whether an ID token comes with it, in one line."""
    kind = "an opaque access token: without an audience there is no API to write a JWT for"
    if basis.api is not None:
        kind = f"a JWT for {basis.api.name or basis.api.identifier}"
        if "openid" in basis.scopes:
            alone = basis.api.signing_alg == "HS256"
            # The rule of facts.md: an HS256 secret is shared, and would let the API write tokens for userinfo.
            kind += (
                " alone: with its HS256 secret it could forge tokens for userinfo"
                if alone
                else " and the userinfo endpoint"
            )
    return f"{kind}; {'an ID token' if 'openid' in basis.scopes else 'no ID token, as openid was not asked for'}"


def _remember(registry: Registry, basis: Basis, access_token: Secret, lifetime: int) -> None:
    registry.database.execute(
        "INSERT INTO access_tokens (hash, opaque, user_id, client_id, scope, expires_at, code, family) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            fingerprint(access_token), int(basis.api is None), basis.user.user_id, basis.application.client_id,
            " ".join(basis.scopes), int(registry.clock.now()) + lifetime, basis.code, basis.family,
        ),
    )  # fmt: skip
