"""The key ring: rotation and revocation."""

import pytest

from authkit import ConfigurationError
from authkit.jose import KeyRing, SigningKey


class Place(SigningKey):
    """A key that is only a name, to follow around the ring."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.__dict__["public_jwk"] = {"kid": kid}


def ring() -> KeyRing:
    return KeyRing.start(Place("a"), Place("b"), now=1)


def places(ring: KeyRing) -> dict[str, str]:
    return {entry.key.kid: entry.place for entry in ring.keys}


def published(ring: KeyRing) -> list[str]:
    return [jwk["kid"] for jwk in ring.jwks["keys"]]


def test_a_new_ring_has_a_current_and_a_next_key() -> None:
    """Both are published, the next one early."""
    assert places(ring()) == {"a": "current", "b": "next"} and published(ring()) == ["a", "b"]
    assert ring().current.kid == "a" and ring().at("previous") is None


def test_rotation_moves_every_key_one_place() -> None:
    """Next becomes current, current previous, and a fresh key next."""
    rotated = ring().rotate(Place("c"), now=2)
    assert places(rotated) == {"a": "previous", "b": "current", "c": "next"}
    assert published(rotated) == ["b", "c", "a"]


def test_rotation_leaves_the_old_ring_alone() -> None:
    """A ring is a value."""
    before = ring()
    before.rotate(Place("c"), now=2)
    assert places(before) == {"a": "current", "b": "next"}


def test_the_second_rotation_revokes_the_older_key() -> None:
    """Only one previous key stays trusted."""
    twice = ring().rotate(Place("c"), now=2).rotate(Place("d"), now=3)
    assert places(twice) == {"a": "revoked", "b": "previous", "c": "current", "d": "next"}
    assert "a" not in published(twice)


def test_rotation_notes_the_times() -> None:
    """Since when, until when, and when revoked."""
    twice = ring().rotate(Place("c"), now=2).rotate(Place("d"), now=3)
    times = {e.key.kid: (e.current_since, e.current_until, e.revoked_at) for e in twice.keys}
    assert times == {"a": (1, 2, 3), "b": (2, 3, None), "c": (3, None, None), "d": (None, None, None)}


def test_the_previous_key_can_be_revoked() -> None:
    """It leaves the JWKS for good."""
    revoked = ring().rotate(Place("c"), now=2).revoke("a", now=5)
    assert places(revoked)["a"] == "revoked" and published(revoked) == ["b", "c"]
    assert revoked.keys[0].revoked_at == 5
    assert "a" not in published(revoked.rotate(Place("d"), now=6))


@pytest.mark.parametrize(
    "kid",
    ["b", "c", "unknown", "", None, 5, 10**5000],
    ids=["current", "next", "unknown", "empty", "None", "number", "huge number"],
)
def test_no_other_key_can_be_revoked(kid: str) -> None:
    """The tenant still needs its current and its next key, and does not know others."""
    with pytest.raises(ConfigurationError) as caught:
        ring().rotate(Place("c"), now=2).revoke(kid, now=5)
    assert caught.value.code == "signing_key.not_previous"


def test_a_revoked_key_is_not_revoked_again() -> None:
    """It is previous no more."""
    with pytest.raises(ConfigurationError):
        ring().rotate(Place("c"), now=2).revoke("a", now=5).revoke("a", now=6)
