"""Refresh token families: all the refresh tokens that came of one login, and the way to end them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.registry.collection import storable, unknown
from authkit.registry.models import User
from authkit.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class FamilyToken:
    """One refresh token of a family; never the token itself, which the store does not know.

    Attributes:
        number: Its place in the family, from 1.
        parent: The number of the token it replaced; None for the first. Within the leeway one may have two children.
        issued_at: NumericDate of its issue.
        replaced_at: NumericDate of its first use, which brought the next one; None if it was not used yet, or where
            tokens do not rotate.
        newest: Whether it is the one issued last.
    """

    number: int
    parent: int | None
    issued_at: int
    replaced_at: int | None
    newest: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Family:
    """The refresh tokens that came of one login (RFC 9700 §4.14.2).

    Attributes:
        id: Its name, `fam_…`.
        client_id, user_id, audience: Whose they are, and for which API.
        scope: What was granted at the login; a refresh never gets more.
        created_at: NumericDate of the login.
        revoked_at: NumericDate from which on none of them works; None if they do.
        tokens: The newest first.
    """

    id: str
    client_id: str
    user_id: str
    audience: str
    scope: tuple[str, ...]
    created_at: int
    revoked_at: int | None
    tokens: tuple[FamilyToken, ...]

    @property
    def _facts(self) -> dict[str, str]:
        return {
            "id": self.id,
            "user": self.user_id,
            "client_id": self.client_id,
            "audience": self.audience,
            "scope": " ".join(self.scope) or "none",
            "login": readable(self.created_at),
            "state": "works" if self.revoked_at is None else f"revoked at {readable(self.revoked_at)}",
        }

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        return [
            (
                str(one.number),
                "the login" if one.parent is None else str(one.parent),
                readable(one.issued_at),
                "not replaced" if one.replaced_at is None else f"replaced {readable(one.replaced_at)}",
                "newest" if one.newest else "",
            )
            for one in self.tokens
        ]

    def __repr__(self) -> str:
        facts = [f"  {name:<9} {value}" for name, value in self._facts.items()]
        tokens = [f"  {number}. from {origin}, issued {at}, {now} {mark}".rstrip()
                  for number, origin, at, now, mark in self._rows()]  # fmt: skip
        return "\n".join(["Refresh token family", *facts, *tokens])

    def _repr_html_(self) -> str:
        head = ("token", "came from", "issued", "state", "")
        tokens = display.table(head, self._rows(), caption="Refresh tokens, newest first")
        return display.join([display.fields(self._facts, caption="Refresh token family"), tokens])


def families(registry: Registry, user: User | str | None = None) -> tuple[Family, ...]:
    """All families, or those of one user, oldest first.

    Raises:
        RegistrationError: There is no such user.
    """
    if user is None:
        return _select(registry, "", ())
    return _select(registry, "WHERE user_id = ?", (registry.users.get(user).user_id,))


def revoke_family(registry: Registry, family: Family | str) -> Family:
    """End a family: none of its refresh tokens works any more, and our own userinfo refuses its access tokens.

    Raises:
        RegistrationError: There is no such family.
    """
    name = family.id if isinstance(family, Family) else family
    with registry.database.transaction():
        revoke(registry, storable(name))
        for revoked in _select(registry, "WHERE id = ?", (storable(name),)):
            return revoked
    raise unknown("Refresh token family", "id", name, "See tenant.families() for those there are.")


def revoke(registry: Registry, family: str) -> None:
    """The same for a family that is known to exist; one that is revoked already stays as it was."""
    now = int(registry.clock.now())
    for table, column in (("families", "id"), ("access_tokens", "family")):
        registry.database.execute(
            f"UPDATE {table} SET revoked_at = ? WHERE revoked_at IS NULL AND {column} = ?", (now, family)
        )


def _select(registry: Registry, clause: str, values: Sequence[object]) -> tuple[Family, ...]:
    rows = registry.database.rows(
        "SELECT id, client_id, user_id, audience, scope, created_at, revoked_at FROM families "
        f"{clause} ORDER BY number",
        values,
    )
    return tuple(
        Family(
            id=name,
            client_id=client_id,
            user_id=user_id,
            audience=audience,
            scope=tuple(scope.split()),
            created_at=created_at,
            revoked_at=revoked_at,
            tokens=_tokens(registry, name),
        )
        for name, client_id, user_id, audience, scope, created_at, revoked_at in rows
    )


def _tokens(registry: Registry, family: str) -> tuple[FamilyToken, ...]:
    rows = registry.database.rows(
        "SELECT number, parent, issued_at, replaced_at FROM refresh_tokens WHERE family = ? ORDER BY number", (family,)
    )
    places = {number: place for place, (number, *_) in enumerate(rows, start=1)}
    return tuple(
        FamilyToken(
            number=places[number],
            parent=places.get(parent),
            issued_at=issued_at,
            replaced_at=replaced_at,
            newest=places[number] == len(rows),
        )
        for number, parent, issued_at, replaced_at in reversed(rows)
    )
