"""Authorization codes in the store: as their SHA-256 alone, good once and for a minute (RFC 6749 §4.1.2, §10.5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from authkit.ground.secret import Secret
from authkit.issuance import families
from authkit.issuance.writing import fingerprint
from authkit.registry.registry import Registry

CODE_LIFETIME: Final = 60
"""Seconds. RFC 6749 §4.1.2 allows ten minutes at most; a code is redeemed within the second it arrives."""


@dataclass(frozen=True, kw_only=True)
class Login:
    """A login that waits to become tokens: what the code stands for.

    Attributes:
        user_id, client_id: Who logged in, and through which application.
        redirect_uri: Where the code was sent, which its redemption has to repeat.
        audience: The API's identifier, or None.
        api_id: The API's id: one that takes its identifier later is another one. None where no API was asked for.
        scopes: What was granted.
        nonce: What the ID token repeats.
        code_challenge: What the code is bound to, or None.
        logged_in_at: NumericDate of this request's answer: what lifetimes count from.
        auth_time: NumericDate at which the password was typed, for the ID token; None if it does not say it.
    """

    user_id: str
    client_id: str
    redirect_uri: str
    audience: str | None
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None
    logged_in_at: int
    auth_time: int | None = None
    api_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredCode:
    """A code as the store has it.

    Attributes:
        hash: Its SHA-256.
        login: What it stands for.
        expires_at: NumericDate from which on it is refused.
        redeemed_at: NumericDate of its one redemption, or None.
        family: The refresh family that came of it, or None.
    """

    hash: str
    login: Login
    expires_at: int
    redeemed_at: int | None
    family: str | None


def keep(registry: Registry, code: Secret, login: Login) -> None:
    """Store a code that is about to be sent."""
    rest = {name: value for name, value in vars(login).items() if name not in ("user_id", "client_id")}
    registry.database.execute(
        "INSERT INTO authorization_codes (hash, user_id, client_id, document, expires_at) VALUES (?, ?, ?, ?, ?)",
        (fingerprint(code), login.user_id, login.client_id, json.dumps(rest), login.logged_in_at + CODE_LIFETIME),
    )


def find(registry: Registry, code: Secret) -> StoredCode | None:
    """What a code stands for, redeemed or not; None if it was never issued."""
    rows = registry.database.rows(
        "SELECT hash, user_id, client_id, document, expires_at, redeemed_at, family FROM authorization_codes "
        "WHERE hash = ?",
        (fingerprint(code),),
    )
    if not rows:
        return None
    kept, user_id, client_id, document, expires_at, redeemed_at, family = rows[0]
    rest = json.loads(document)
    login = Login(user_id=user_id, client_id=client_id, **{**rest, "scopes": tuple(rest["scopes"])})
    return StoredCode(hash=kept, login=login, expires_at=expires_at, redeemed_at=redeemed_at, family=family)


def redeem(registry: Registry, code: StoredCode, family: str | None) -> None:
    """Mark it as used, and remember which refresh family came of it."""
    registry.database.execute(
        "UPDATE authorization_codes SET redeemed_at = ?, family = ? WHERE hash = ?",
        (int(registry.clock.now()), family, code.hash),
    )


def revoke_what_came_of(registry: Registry, code: StoredCode) -> None:
    """Take back every token that this code brought: one who uses it again may have stolen it (RFC 6749 §4.1.2)."""
    registry.database.execute(
        "UPDATE access_tokens SET revoked_at = ? WHERE revoked_at IS NULL AND code = ?",
        (int(registry.clock.now()), code.hash),
    )
    if code.family is not None:
        families.revoke(registry, code.family)
