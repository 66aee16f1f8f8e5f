"""TLS for a server of this machine: a certificate made on the spot, for its names alone and for a week."""

from __future__ import annotations

import os
import shutil
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from authkit.ground.clock import SystemClock
from authkit.ground.errors import ServerError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, KeyUsage

NAMES: Final = ("localhost",)
ADDRESSES: Final = ("127.0.0.1", "::1")
LIFETIME: Final = timedelta(days=7)
_TOLERANCE: Final = timedelta(minutes=5)


class LocalCertificate:
    """A fresh key and a certificate for it, never the same twice.

    It is signed by itself and may sign no other: who trusts it trusts this one server. Its private key is on disk for
    the moment in which Python's `ssl`, which reads files only, takes it over.

    Attributes:
        path: The certificate as PEM, what a client must trust; in a folder of its own, gone after `remove()`.
        context: What the server answers with.

    Raises:
        ServerError: There is no folder for temporary files (`tls_unavailable`).
    """

    def __init__(self) -> None:
        try:
            folder = Path(tempfile.mkdtemp(prefix="authkit-tls-"))
        except OSError as error:
            raise _unavailable(error) from None
        self.path = folder / "certificate.pem"
        try:
            self.context = _made(self.path, folder / "key.pem")
        except BaseException as error:
            self.remove()
            if isinstance(error, OSError):
                raise _unavailable(error) from None
            raise

    def remove(self) -> None:
        """Take the file away; safe to call twice."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def _made(certificate_file: Path, key_file: Path) -> ssl.SSLContext:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write_private(certificate_file, _certified(key).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        _write_private(key_file, pem)
        context.load_cert_chain(certificate_file, key_file)
    finally:
        key_file.unlink(missing_ok=True)
    return context


def _certified(key: EllipticCurvePrivateKey) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authkit on this machine")])
    names = [*map(x509.DNSName, NAMES), *(x509.IPAddress(ip_address(one)) for one in ADDRESSES)]
    # The real time, whatever clock the tenant has: clients hold it against theirs.
    now = datetime.fromtimestamp(SystemClock().now(), UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _TOLERANCE)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signatures_alone(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _signatures_alone() -> KeyUsage:
    from cryptography.x509 import KeyUsage

    return KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)


def _unavailable(error: OSError) -> ServerError:
    return ServerError(
        "tls_unavailable",
        f"No certificate could be made: {error.strerror or type(error).__name__}.",
        "Check that the folder for temporary files can be written, or serve without TLS.",
    )
