"""RS256 taken for HS256: whoever lets the header choose takes the public key for a secret."""

from typing import Any

import jwt
import pytest

from authkit import Api, ConfigurationError, KeySetError, SteerableClock, Tenant, TokenRejected, decode
from authkit.attacks import edit_payload, sign_with_public_key, signature_fits
from authkit.jose.encoding import encode_segment
from authkit.jose.training_keys import training_key

RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
Training = Tenant[SteerableClock]


def test_the_forgery_fits_if_the_header_chooses(tenant: Training, token: str) -> None:
    """With nothing but the public key."""
    pem = tenant.keys.current.public_pem
    forged = sign_with_public_key(token, pem, sub="boss")
    assert decode(forged).header["alg"] == "HS256"
    assert signature_fits(forged, pem, "HS256")
    assert not signature_fits(forged, pem, "RS256")


def test_the_strict_verifier_refuses_it_by_its_algorithm(tenant: Training, api: Api, token: str) -> None:
    """Before any key is looked at."""
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(sign_with_public_key(token, tenant.keys.current.public_pem))
    assert caught.value.check == "alg"


def test_a_genuine_token_fits_rs256_and_nothing_else(tenant: Training, token: str) -> None:
    """An edited one fits nothing."""
    pem = tenant.keys.current.public_pem
    names = (*RSA, "HS256", "HS512", "none", "ES256")
    assert [alg for alg in names if signature_fits(token, pem, alg)] == ["RS256"]
    assert not signature_fits(edit_payload(token, sub="boss"), pem, "RS256")


@pytest.mark.parametrize("alg", RSA)
def test_one_pair_fits_every_algorithm_of_rsa(tenant: Training, alg: str) -> None:
    """If the private key signed with it, and the header's word is taken."""
    signed = jwt.encode({"sub": "ann"}, training_key(0), alg)
    assert [one for one in RSA if signature_fits(signed, tenant.keys.current.public_pem, one)] == [alg]


def test_none_fits_where_there_is_no_signature(token: str) -> None:
    """The oldest hole of all."""
    header = encode_segment(b'{"alg":"none"}')
    assert signature_fits(f"{header}.{token.split('.')[1]}.", "any key", "none")


def test_rs256_needs_a_public_key(token: str) -> None:
    """Another text is an error of its own."""
    with pytest.raises(KeySetError):
        signature_fits(token, "no key", "RS256")


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", None, 5], ids=repr)
def test_what_cannot_be_read_is_refused(junk: str) -> None:
    """The one error of a token that is none."""
    with pytest.raises(TokenRejected):
        sign_with_public_key(junk, "pem")
    with pytest.raises(TokenRejected):
        signature_fits(junk, "pem", "HS256")


@pytest.mark.parametrize("pem", ["\ud800", None, 5, b"-----BEGIN"], ids=ascii)
def test_what_is_taken_for_the_secret_is_text(token: str, pem: Any) -> None:
    """Else it has no letters; told after a token that is none."""
    for use in (lambda one: sign_with_public_key(one, pem), lambda one: signature_fits(one, pem, "HS256")):
        with pytest.raises(ConfigurationError) as caught:
            use(token)
        assert caught.value.code == "public_key.not_text"
        with pytest.raises(TokenRejected):
            use("a.b.c")
