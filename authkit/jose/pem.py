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

# How a key says in DER what it is for (RFC 4055 §1.2): rsaEncryption, with its NULL or without; id-RSASSA-PSS, without
# parameters or with those that PS256 keeps to, SHA-256 twice and a salt of at least 20 or 32 bytes.
_SHA256: Final = "a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500"
_FOR_ALL: Final = tuple(map(bytes.fromhex, ("300d06092a864886f70d0101010500", "300b06092a864886f70d010101")))
_PSS: Final = "06092a864886f70d01010a"
_FOR_PS256: Final = tuple(
    map(bytes.fromhex, (f"300b{_PSS}", f"303c{_PSS}302f{_SHA256}", f"3041{_PSS}3034{_SHA256}a203020120"))
)


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
    ((key, algorithms),) = found
    try:
        material = usable_rsa(key)
        if not algorithms:
            raise Unusable("it is for RSASSA-PSS with parameters that PS256 does not have (RFC 4055 §3.3)")
        return VerificationKey(None, "RSA", algorithms, material)
    except Unusable as unusable:
        raise KeySetError(
            "key_set.not_usable",
            f"This key cannot verify a token here: {unusable}.",
            f"RS256 and PS256 need an RSA key of at least {MIN_RSA_BITS} bits (RFC 7518 §3.3, §3.5).",
        ) from None


def _distinct_keys(text: str) -> list[tuple[Any, frozenset[str]]]:
    """The different keys in a text, each with the algorithms its own type allows."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    found: list[tuple[Any, frozenset[str]]] = []
    before: Certificate | None = None
    for label, der in _blocks(text):
        if label == "CERTIFICATE":
            certificate = x509.load_der_x509_certificate(der)
            is_issuer = before is not None and _was_issued_by(before, certificate)
            before = certificate
            if is_issuer:
                continue
            key: object = certificate.public_key()
        elif label in ("PUBLIC KEY", "RSA PUBLIC KEY"):
            before, key = None, load_der_public_key(der)
        else:
            raise ValueError("neither a public key nor a certificate")
        entry = (key, _algorithms(key, der))
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


def _algorithms(key: Any, der: bytes) -> frozenset[str]:
    """What the type of a key allows: one of id-RSASSA-PSS is for PSS alone (RFC 4055 §1.2), and not for RS256."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if not isinstance(key, RSAPublicKey):
        return frozenset()
    # The library forgets the type: it writes any RSA key as one for every use. So look for what the text has instead.
    bits = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).partition(_FOR_ALL[0])[2]
    if any(form + bits in der for form in _FOR_PS256):
        return frozenset({"PS256"})
    # PKCS #1, in which the key stands alone, knows no types.
    return rsa_algorithms() if bits not in der or any(form + bits in der for form in _FOR_ALL) else frozenset()
