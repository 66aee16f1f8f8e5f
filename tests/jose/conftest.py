"""Keys to sign and verify with, straight from the training pool."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import settings

from authkit.ground.clock import TRAINING_START
from authkit.ground.secret import Secret
from authkit.jose import SigningKey, SigningSecret
from authkit.jose.training_keys import training_key

settings.register_profile("authkit", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("authkit")


def pooled(number: int) -> SigningKey:
    private_key = load_pem_private_key(training_key(number).encode(), password=None)
    assert isinstance(private_key, RSAPrivateKey)
    return SigningKey.certify(private_key, subject="training.authkit.example", now=TRAINING_START.timestamp())


@pytest.fixture(scope="session")
def key() -> SigningKey:
    """The first training key."""
    return pooled(0)


@pytest.fixture(scope="session")
def other_key() -> SigningKey:
    """The second training key."""
    return pooled(1)


@pytest.fixture(scope="session")
def secret() -> SigningSecret:
    """A shared secret of 43 bytes."""
    return SigningSecret(Secret("a-shared-secret-of-a-good-length-for-tests!"))
