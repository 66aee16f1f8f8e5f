"""A token signed anew with a shared secret: perfect with the API's own, refused with any other."""

import pytest

from authkit import Api, KeySet, SteerableClock, Tenant, TokenRejected, Verifier, decode
from authkit.attacks import sign_with_secret

Training = Tenant[SteerableClock]
SECRET = bytes(range(32))


def verifier(tenant: Training, api: Api) -> Verifier:
    """An HS256 verifier with the secret above."""
    return Verifier(
        issuer=tenant.issuer,
        audience=api.identifier,
        keys=KeySet.from_secret(SECRET),
        algorithms=["HS256"],
        clock=tenant.clock,
    )


def test_with_the_secret_it_is_perfect(tenant: Training, api: Api, token: str) -> None:
    """The strict verifier finds nothing wrong with it."""
    assert verifier(tenant, api).verify(sign_with_secret(token, SECRET, sub="boss"))["sub"] == "boss"


def test_with_another_secret_it_is_refused(tenant: Training, api: Api, token: str) -> None:
    """By its signature."""
    with pytest.raises(TokenRejected) as caught:
        verifier(tenant, api).verify(sign_with_secret(token, SECRET[1:], sub="boss"))
    assert caught.value.code == "signature.mismatch"


def test_only_what_was_named_changes(token: str) -> None:
    """In the payload; the header is that of an HS256 token."""
    forged = decode(sign_with_secret(token, b"weak", sub="boss"))
    assert forged.payload == {**decode(token).payload, "sub": "boss"}
    assert forged.header == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", None, 5], ids=repr)
def test_what_cannot_be_read_is_refused(junk: str) -> None:
    """The one error of a token that is none."""
    with pytest.raises(TokenRejected):
        sign_with_secret(junk, SECRET)
