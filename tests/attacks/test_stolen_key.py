"""A token forged with the issuer's own key: no verifier can tell it from a good one, until the key is revoked."""

import pytest

from authkit import Api, SteerableClock, Tenant, TokenRejected, decode
from authkit.attacks import sign_with_stolen_key

Training = Tenant[SteerableClock]


def test_the_strict_verifier_takes_it(tenant: Training, api: Api, token: str) -> None:
    """Every check passes: that is what a leaked key means."""
    forged = sign_with_stolen_key(token, tenant.keys.current, sub="boss")
    assert tenant.verifier(api).verify(forged)["sub"] == "boss"


def test_without_a_change_it_is_the_genuine_token(tenant: Training, token: str) -> None:
    """To the last character: RS256 signs the same bytes in the same way."""
    assert sign_with_stolen_key(token, tenant.keys.current) == token


def test_only_what_was_named_changes(tenant: Training, token: str) -> None:
    """Its kid is that of the key."""
    forged, genuine = decode(sign_with_stolen_key(token, tenant.keys.current, sub="boss")), decode(token)
    assert forged.header == genuine.header
    assert forged.payload == {**genuine.payload, "sub": "boss"}


def test_it_ends_with_its_key(tenant: Training, api: Api, token: str) -> None:
    """Rotating alone leaves it as good as it was."""
    stolen = tenant.keys.current
    forged = sign_with_stolen_key(token, stolen)
    tenant.keys.rotate()
    assert tenant.verifier(api).explain(forged).outcome == "accepted"
    tenant.keys.revoke(stolen.kid)
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(forged)
    assert caught.value.code == "key.unknown_kid"


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", None, 5], ids=repr)
def test_what_cannot_be_read_is_refused(tenant: Training, junk: str) -> None:
    """The one error of a token that is none."""
    with pytest.raises(TokenRejected):
        sign_with_stolen_key(junk, tenant.keys.current)
