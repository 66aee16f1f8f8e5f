"""The published pool of key pairs."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit import ConfigurationError
from authkit.jose.training_keys import training_key


def test_there_are_eight_good_and_different_pairs() -> None:
    """Each is a sound RSA pair of 2048 bits: the numbers are proved here, so that loading need not."""
    pairs = [load_pem_private_key(training_key(number).encode(), password=None) for number in range(8)]
    moduli = {pair.public_key().public_numbers().n for pair in pairs if isinstance(pair, RSAPrivateKey)}
    assert len(moduli) == 8 and all(modulus.bit_length() == 2048 for modulus in moduli)


def test_the_pool_is_pinned() -> None:
    """Every machine and every version has these keys: lessons print tokens signed with them."""
    text = "".join(training_key(number) for number in range(8))
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "abc8f967a4cbebadb7b963d6df5385ae8db022d3cf85768a9bb3189d806fc6d8"
    )


def test_a_ninth_key_is_one_clear_error() -> None:
    """The pool ends."""
    with pytest.raises(ConfigurationError) as caught:
        training_key(8)
    assert caught.value.code == "training_keys.exhausted"
