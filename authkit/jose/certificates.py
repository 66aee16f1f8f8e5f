"""The signing certificate: the public key in an X.509 wrapper, signed by itself (RFC 7517 §4.7)."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from authkit.jose.encoding import encode_segment

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

LIFETIME = timedelta(days=3650)


def issue_certificate(private_key: RSAPrivateKey, *, subject: str, serial: int, now: float) -> str:
    """A self-signed certificate as PEM, valid for ten years from the start of the day.

    Args:
        private_key: The key it certifies and is signed with.
        subject: The common name, the tenant's domain.
        serial: Its serial number; the caller derives it from the key, so that it is fixed.
        now: NumericDate that its validity starts from.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject[:64])])
    start = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private_key.public_key())
        .serial_number(serial)
        .not_valid_before(start)
        .not_valid_after(start + LIFETIME)
        .sign(private_key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def certificate_members(certificate: Certificate) -> dict[str, object]:
    """The JWK members that carry a certificate: `x5c` (RFC 7517 §4.7) and `x5t`, its SHA-1 thumbprint (§4.8)."""
    from cryptography.hazmat.primitives.serialization import Encoding

    der = certificate.public_bytes(Encoding.DER)
    # SHA-1 is what the member is defined by; it names the certificate and protects nothing.
    thumbprint = hashlib.sha1(der, usedforsecurity=False).digest()
    return {"x5c": [base64.b64encode(der).decode("ascii")], "x5t": encode_segment(thumbprint)}
