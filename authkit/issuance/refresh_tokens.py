"""Refresh tokens in the store: as their SHA-256 alone, each in its family, each knowing what it replaced."""

from __future__ import annotations

from dataclasses import dataclass

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.issuance.codes import Login
from authkit.issuance.writing import drawn, fingerprint, next_second
from authkit.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class StoredRefreshToken:
    """A refresh token as the store has it.

    Attributes:
        number: Its row.
        replaced_at: NumericDate of its first use under rotation, or None.
        line_moved_on: Whether one that replaced it was used in its turn.
        twin_used: Whether another that replaced the same token, within the leeway, was used.
        family, client_id, user_id, audience, scopes: To what it belongs.
        logged_in_at: NumericDate of the login.
        revoked_at: NumericDate at which the family was ended, or None.
    """

    number: int
    replaced_at: int | None
    line_moved_on: bool
    twin_used: bool
    family: str
    client_id: str
    user_id: str
    audience: str
    scopes: tuple[str, ...]
    logged_in_at: int
    revoked_at: int | None


def start_family(registry: Registry, login: Login, audience: str, scopes: tuple[str, ...]) -> tuple[str, Secret]:
    """A new family with its first token: its id, and the token."""
    family = f"fam_{chance.alphanumeric(registry.chance.value('family_id'), 16)}"
    registry.database.execute(
        "INSERT INTO families (id, user_id, client_id, audience, scope, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (family, login.user_id, login.client_id, audience, " ".join(scopes), login.logged_in_at),
    )
    return family, _add(registry, family, None)


def find(registry: Registry, token: Secret) -> StoredRefreshToken | None:
    """What a refresh token stands for, used or not; None if it was never issued."""
    rows = registry.database.rows(
        "SELECT t.number, t.replaced_at, EXISTS (SELECT 1 FROM refresh_tokens AS next WHERE next.family = t.family "
        "AND next.parent = t.number AND next.replaced_at IS NOT NULL), EXISTS (SELECT 1 FROM refresh_tokens AS twin "
        "WHERE twin.family = t.family AND twin.parent = t.parent AND twin.number != t.number AND twin.replaced_at IS "
        "NOT NULL), f.id, f.client_id, f.user_id, f.audience, f.scope, f.created_at, f.revoked_at "
        "FROM refresh_tokens AS t JOIN families AS f ON f.id = t.family WHERE t.hash = ?",
        (fingerprint(token),),
    )
    if not rows:
        return None
    number, replaced_at, moved_on, twin_used, family, client_id, user_id, audience, *rest = rows[0]
    scope, logged_in_at, revoked_at = rest
    return StoredRefreshToken(
        number=number,
        replaced_at=replaced_at,
        line_moved_on=bool(moved_on),
        twin_used=bool(twin_used),
        family=family,
        client_id=client_id,
        user_id=user_id,
        audience=audience,
        scopes=tuple(scope.split()),
        logged_in_at=logged_in_at,
        revoked_at=revoked_at,
    )


def replace(registry: Registry, token: StoredRefreshToken) -> Secret:
    """The token that comes after this one, which from now on counts as used."""
    if token.replaced_at is None:  # used again within the leeway, it keeps the moment of its first use
        registry.database.execute(
            "UPDATE refresh_tokens SET replaced_at = ? WHERE number = ?", (next_second(registry), token.number)
        )
    return _add(registry, token.family, token.number)


def _add(registry: Registry, family: str, parent: int | None) -> Secret:
    token = drawn(registry, "refresh_token")
    registry.database.execute(
        "INSERT INTO refresh_tokens (hash, family, parent, issued_at) VALUES (?, ?, ?, ?)",
        (fingerprint(token), family, parent, int(registry.clock.now())),
    )
    return token
