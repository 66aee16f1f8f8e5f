"""The key ring: next, current and previous, as an order that rotation moves along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.jose.keys import SigningKey

Place = Literal["next", "current", "previous", "revoked"]


@dataclass(frozen=True, kw_only=True)
class RingKey:
    """A key and its place on the ring.

    Attributes:
        key: The key pair.
        place: `next`, `current`, `previous` or `revoked`.
        current_since: NumericDate it became current, None before.
        current_until: NumericDate it stopped being current, None before.
        revoked_at: NumericDate it was revoked, None before.
    """

    key: SigningKey
    place: Place
    current_since: int | None = None
    current_until: int | None = None
    revoked_at: int | None = None


@dataclass(frozen=True)
class KeyRing:
    """Every signing key of a tenant, oldest first. Rotating and revoking give a new ring.

    There is always one current and one next key; the next one is published early, so that a client whose JWKS is
    cached knows it before the first token comes.
    """

    keys: tuple[RingKey, ...]

    @classmethod
    def start(cls, current: SigningKey, following: SigningKey, *, now: int) -> KeyRing:
        """The ring of a new tenant."""
        return cls((RingKey(key=current, place="current", current_since=now), RingKey(key=following, place="next")))

    def at(self, place: Place) -> SigningKey | None:
        """The key in this place, or None; of revoked keys, the latest."""
        return next((entry.key for entry in reversed(self.keys) if entry.place == place), None)

    @cached_property
    def current(self) -> SigningKey:
        """The key that signs."""
        key = self.at("current")
        assert key is not None, "a ring always has a current key"
        return key

    def rotate(self, fresh: SigningKey, *, now: int) -> KeyRing:
        """Next becomes current, current becomes previous, and a fresh key becomes next.

        An older previous key is revoked on the way: only one stays trusted.
        """
        moves: dict[Place, dict[str, Any]] = {
            "previous": {"place": "revoked", "revoked_at": now},
            "current": {"place": "previous", "current_until": now},
            "next": {"place": "current", "current_since": now},
            "revoked": {},
        }
        moved = tuple(replace(entry, **moves[entry.place]) for entry in self.keys)
        return KeyRing((*moved, RingKey(key=fresh, place="next")))

    def revoke(self, kid: str, *, now: int) -> KeyRing:
        """Take the previous key out of the JWKS for good.

        Raises:
            ConfigurationError: The key is not the previous one: the tenant still needs it, or never had it.
        """
        entry = next((entry for entry in self.keys if entry.key.kid == kid), None)
        if entry is None or entry.place != "previous":
            state = "unknown to this tenant" if entry is None else f"the {entry.place} key"
            raise ConfigurationError(
                "signing_key.not_previous",
                f"Only the previous signing key can be revoked; {shorten(kid)} is {state}.",
                "Rotate first: the current key becomes the previous one and can then be revoked.",
            )
        gone = replace(entry, place="revoked", revoked_at=now)
        return KeyRing(tuple(gone if other is entry else other for other in self.keys))

    @property
    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The JWK Set to publish (RFC 7517 §5): current, next and previous; never a revoked key."""
        order: tuple[Place, ...] = ("current", "next", "previous")
        published = [key for place in order if (key := self.at(place)) is not None]
        return {"keys": [key.public_jwk for key in published]}
