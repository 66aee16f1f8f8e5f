"""Reading a pasted PEM: one public key or certificate, and nothing else (RFC 7468)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from authkit.ground.errors import KeySetError
from authkit.jose.algorithms import MIN_RSA_BITS
from authkit.jose.jwk import Unusable, VerificationKey, rsa_algorithms, usable_rsa

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_PSS: Final = bytes.fromhex("06092a864886f70d01010a")
"""The type id-RSASSA-PSS in DER; a public key has its type at its beginning."""


def read_pem(text: str) -> VerificationKey:
    """The one RSA public key in a PEM text, taken out of its certificate where it is in one.

    Text around it is passed over, and so are the certificates of its issuers behind its own.

    Raises:
        KeySetError: No PEM, a private key, several keys, another kind of key, or one that cannot be used here.
    """
    if not isinstance(text, str):
        hint = (
            "Decode the bytes first." if isinstance(text, bytes) else "Pass the text, from -----BEGIN to the last dash."
        )
        raise KeySetError("key_set.not_a_pem", f"PEM is text, not {type(text).__name__}.", hint)
    if "PRIVATE KEY-----" in text:
        raise KeySetError(
            "key_set.private_key",
            "This is a private key. A verifier needs only the public half, and must not hold the other.",
            "Paste the public key or the certificate; treat the private key as leaked if it came from elsewhere.",
        )
    try:
        found = _distinct_keys(text)
    except Exception:  # cryptography raises several kinds for one fault: this is no readable PEM
        found = []
    if not found:
        raise KeySetError(
            "key_set.not_a_pem",
            f"This text of {len(text)} characters is no readable PEM public key or certificate.",
            "Copy it whole, from the line -----BEGIN to the line -----END, line breaks included; read a file first.",
        )
    if len(found) > 1:
        raise KeySetError(
            "key_set.several_keys",
            f"This PEM holds {len(found)} different keys, and does not say which of them is meant.",
            "Paste one. A chain begins with the key's own certificate, each followed by its issuer's; keys to rotate "
            "between go into a JWK Set, each with its kid: KeySet.from_jwks.",
        )
    ((key, for_pss_alone),) = found
    try:
        if for_pss_alone:
            raise Unusable("its type is id-RSASSA-PSS, which is for PSS signatures alone (RFC 4055 §1.2)")
        return VerificationKey(None, "RSA", rsa_algorithms(), usable_rsa(key))
    except Unusable as unusable:
        raise KeySetError(
            "key_set.not_usable",
            f"This key cannot verify a token here: {unusable}.",
            f"RS256 and PS256 need an RSA key of at least {MIN_RSA_BITS} bits (RFC 7518 §3.3, §3.5).",
        ) from None


def _distinct_keys(text: str) -> list[tuple[Any, bool]]:
    """The different keys in a text, each with whether its type, which cryptography passes over, is for PSS alone."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from cryptography.x509.oid import PublicKeyAlgorithmOID

    found: list[tuple[Any, bool]] = []
    before: Certificate | None = None
    for label, der in _blocks(text):
        if label == "CERTIFICATE":
            certificate = x509.load_der_x509_certificate(der)
            is_issuer = before is not None and _was_issued_by(before, certificate)
            before = certificate
            if is_issuer:
                continue
            entry: tuple[Any, bool] = (
                certificate.public_key(),
                certificate.public_key_algorithm_oid == PublicKeyAlgorithmOID.RSASSA_PSS,
            )
        elif label in ("PUBLIC KEY", "RSA PUBLIC KEY"):
            before, entry = None, (load_der_public_key(der), _PSS in der[:40])
        else:
            raise ValueError("neither a public key nor a certificate")
        if entry not in found:
            found.append(entry)
    return found


def _blocks(text: str) -> Iterator[tuple[str, bytes]]:
    """Every block's label and content. What stands before or between them is none of it (RFC 7468 §2)."""
    for block in text.split("-----BEGIN ")[1:]:
        label, _, rest = block.partition("-----")
        body, end, _ = rest.partition(f"-----END {label}-----")
        if not end:
            raise ValueError("a block without its end")
        yield label, b64decode("".join(body.split()), validate=True)


def _was_issued_by(certificate: Certificate, issuer: Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # another name, another key, or an algorithm that is not known here
        return False
    return True
