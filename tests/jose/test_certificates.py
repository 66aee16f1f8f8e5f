"""The signing certificate in a JWK."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509.oid import NameOID

from authkit.jose import SigningKey
from authkit.jose.certificates import issue_certificate
from authkit.jose.encoding import encode_segment
from authkit.jose.training_keys import training_key


def parsed(key: SigningKey) -> x509.Certificate:
    (entry,) = key.public_jwk["x5c"]
    return x509.load_der_x509_certificate(base64.b64decode(entry, validate=True))


def test_x5c_holds_this_keys_certificate(key: SigningKey) -> None:
    """Standard base64 of DER (RFC 7517 §4.7), around the same public key, signed by itself."""
    certificate = parsed(key)
    assert certificate.public_key() == load_pem_public_key(key.public_pem.encode())
    assert certificate == x509.load_pem_x509_certificate(key.certificate.encode())
    certificate.verify_directly_issued_by(certificate)


def test_x5t_is_the_sha1_of_the_certificate(key: SigningKey) -> None:
    """RFC 7517 §4.8, base64url."""
    der = base64.b64decode(key.public_jwk["x5c"][0])
    assert key.public_jwk["x5t"] == encode_segment(hashlib.sha1(der, usedforsecurity=False).digest())


def test_the_subject_is_the_domain(key: SigningKey) -> None:
    """As the vendor's certificates have it."""
    (name,) = parsed(key).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "training.authkit.example"


def test_dates_come_from_the_clock(key: SigningKey) -> None:
    """From the start of the clock's day, for ten years."""
    certificate = parsed(key)
    assert certificate.not_valid_before_utc == datetime(2026, 1, 5, tzinfo=UTC)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=3650)


def test_the_serial_number_is_a_positive_number_of_at_most_20_bytes(key: SigningKey) -> None:
    """RFC 5280 §4.1.2.2."""
    assert 0 < parsed(key).serial_number < 2**159


def test_a_certificate_is_the_same_bytes_every_time() -> None:
    """Nothing in it is random: key, subject, serial number and time decide."""
    private = load_pem_private_key(training_key(2).encode(), password=None)
    made = [issue_certificate(private, subject="x" * 100, serial=5, now=86400 * 3 + 7) for _ in range(2)]  # type: ignore[arg-type]
    assert made[0] == made[1]


def test_the_first_training_certificate_is_pinned(key: SigningKey) -> None:
    """Another machine or another day gives these bytes."""
    digest = hashlib.sha256(key.certificate.encode()).hexdigest()
    assert digest == "a0abafddcbaba09c50ea3cccae707af5ae5d0a076f0e509f98a9531441c4b9e4"
