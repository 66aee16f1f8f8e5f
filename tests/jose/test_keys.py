"""Signing keys and secrets."""

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from authkit import ConfigurationError, Secret
from authkit.jose import SigningKey, SigningSecret
from authkit.jose.encoding import encode_segment
from authkit.jose.keys import thumbprint


def test_the_public_jwk_has_the_vendors_members(key: SigningKey) -> None:
    """`alg kty use x5c n e kid x5t`, and no private member."""
    assert list(key.public_jwk) == ["alg", "kty", "use", "x5c", "n", "e", "kid", "x5t"]
    assert (key.public_jwk["alg"], key.public_jwk["kty"], key.public_jwk["use"]) == ("RS256", "RSA", "sig")


def test_the_kid_is_the_rfc_7638_thumbprint(key: SigningKey) -> None:
    """Anyone can recompute it from n and e."""
    text = f'{{"e":"{key.public_jwk["e"]}","kty":"RSA","n":"{key.public_jwk["n"]}"}}'
    assert key.kid == encode_segment(hashlib.sha256(text.encode()).digest())


def test_the_thumbprint_of_the_rfcs_example() -> None:
    """RFC 7638 §3.1."""
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )
    assert thumbprint({"n": n, "e": "AQAB"}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_both_halves_are_given_as_pem(key: SigningKey) -> None:
    """The public half in the open, the private half as a Secret, and they belong together."""
    private = load_pem_private_key(key.private_pem().reveal().encode(), password=None)
    assert isinstance(key.private_pem(), Secret) and isinstance(private, rsa.RSAPrivateKey)
    assert private.public_key() == load_pem_public_key(key.public_pem.encode())


def test_a_key_comes_back_from_the_store(key: SigningKey) -> None:
    """PEM and certificate are all there is to it."""
    again = SigningKey.from_store(key.private_pem().reveal(), key.certificate)
    assert again.kid == key.kid and again.public_jwk == key.public_jwk
    assert again.sign_bytes("RS256", b"x") == key.sign_bytes("RS256", b"x")


def test_a_small_key_is_refused() -> None:
    """RS256 asks for 2048 bits (RFC 7518 §3.3)."""
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(ConfigurationError) as caught:
        SigningKey.certify(small, subject="x", now=0)
    assert caught.value.code == "signing_key.too_small"


def test_generated_keys_differ() -> None:
    """A real tenant's keys are random."""
    first, second = (SigningKey.generate(subject="x", now=0) for _ in range(2))
    assert first.kid != second.kid and first.private_pem() != second.private_pem()


@pytest.mark.parametrize("text", ["", "x" * 31, "é" * 15])
def test_a_short_secret_is_refused(text: str) -> None:
    """HS256 asks for 32 bytes (RFC 7518 §3.2), counted as bytes; the error does not quote the secret."""
    with pytest.raises(ConfigurationError) as caught:
        SigningSecret(Secret(text))
    assert caught.value.code == "signing_secret.too_short"
    assert not text or text not in str(caught.value)


def test_32_bytes_are_enough() -> None:
    """The bound itself is allowed, counted as bytes."""
    assert SigningSecret(Secret("é" * 16)).kid is None


def test_a_key_or_a_blank_is_no_secret(key: SigningKey) -> None:
    """The signing side refuses what the verifying side does: a token everyone could forge is not signed."""
    for text, reason in ((key.public_pem, "public_key"), (key.certificate, "public_key"), ("\0" * 40, "blank")):
        with pytest.raises(ConfigurationError) as caught:
            SigningSecret(Secret(text))
        assert caught.value.code == f"signing_secret.{reason}"


@pytest.mark.parametrize("given", ["x" * 40, b"x" * 40, None, 5, Secret(5), Secret(b"x" * 40)], ids=type)  # type: ignore[arg-type]
def test_a_secret_is_made_of_a_secret(given: Any) -> None:
    """Told as what it is, and not quoted."""
    with pytest.raises(ConfigurationError) as caught:
        SigningSecret(given)
    assert caught.value.code == "signing_secret.wrong_kind" and "xx" not in str(caught.value)


def test_half_a_surrogate_pair_is_no_text() -> None:
    """It has no bytes to sign with."""
    with pytest.raises(ConfigurationError) as caught:
        SigningSecret(Secret("\ud800" * 40))
    assert caught.value.code == "signing_secret.not_text"
