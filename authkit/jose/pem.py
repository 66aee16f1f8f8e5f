"""Reading a pasted PEM: a public key or a certificate, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authkit.ground.errors import KeySetError
from authkit.jose.algorithms import MIN_RSA_BITS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey


def public_key_from_pem(text: str) -> RSAPublicKey:
    """The RSA public key in a PEM text, taken out of its certificate where it is in one.

    Raises:
        KeySetError: No PEM, a private key, another kind of key, or fewer than 2048 bits.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

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
        pem = text.strip().encode("ascii")
        if b"BEGIN CERTIFICATE" in pem:
            key: object = x509.load_pem_x509_certificate(pem).public_key()
        else:
            key = load_pem_public_key(pem)
    except Exception:  # cryptography raises several kinds for one fault: this is no readable PEM
        raise KeySetError(
            "key_set.not_a_pem",
            f"This text of {len(text)} characters is no readable PEM public key or certificate.",
            "Copy it whole, from the line -----BEGIN to the line -----END, line breaks included; read a file first.",
        ) from None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_RSA_BITS:
        found = f"an RSA key of {key.key_size} bits" if isinstance(key, RSAPublicKey) else "no RSA key"
        raise KeySetError(
            "key_set.not_usable",
            f"This is {found}.",
            f"RS256 and PS256 need an RSA key of at least {MIN_RSA_BITS} bits (RFC 7518 §3.3, §3.5).",
        )
    return key
