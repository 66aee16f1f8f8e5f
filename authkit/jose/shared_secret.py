"""Shared secrets: what protects nothing must not become one, wherever it is given (RFC 7518 §3.2)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from jwt.exceptions import InvalidKeyError

from authkit.jose.algorithms import ALGORITHMS, MIN_SECRET_BYTES

# Compiled when first used, as a program that only verifies has no secret.
_SSH: Final = rb"(?:ssh|ecdsa)-\S{1,64}\s{1,8}AAAA"  # bounded, or a hostile text would take minutes
_SSH_BLOB: Final = rb"(?s)\0\0\0.(?:sk-)?(?:ssh|ecdsa)-"
_TO_BASE64: Final = bytes.maketrans(b"-_", b"+/")


class Fault(NamedTuple):
    """Why a secret protects nothing: a stable name, what is wrong, and what to do. Never the secret."""

    reason: str
    message: str
    remedy: str


def fault_of(secret: bytes) -> Fault | None:
    """What is wrong with these bytes as a secret for HS256; None if nothing is known to be."""
    if len(secret) < MIN_SECRET_BYTES:
        return Fault(
            "too_short",
            f"A secret of {len(secret)} bytes can be guessed offline from any one token.",
            f"HS256 asks for at least {MIN_SECRET_BYTES} random bytes (RFC 7518 §3.2).",
        )
    # HMAC fills a short key up with zero bytes (RFC 2104 §2): those that stand at the end add nothing. A random secret
    # may end in a few of them, and not in sixteen.
    if len(secret.rstrip(b"\0")) < MIN_SECRET_BYTES / 2:
        return Fault(
            "blank",
            "This secret is filled up with zero bytes, which HMAC does with a short or empty one by itself.",
            f"Use {MIN_SECRET_BYTES} random bytes, as from secrets.token_bytes({MIN_SECRET_BYTES}).",
        )
    if _is_a_key(secret):
        return Fault(
            "public_key",
            "This is a key or a certificate, which is no secret: with a public key as one, everyone could sign.",
            "PEM goes to KeySet.from_pem, a JWK to KeySet.from_jwk; then verify RS256.",
        )
    return None


def _is_a_key(secret: bytes) -> bool:
    """A key, public or private, in any spelling one is found in (RFC 8725 §2.1: the confusion of RS256 with HS256).

    That is PEM or a line of OpenSSH anywhere in it; DER or JWK as a whole; DER or a key of OpenSSH in base64.
    """
    letters = secret.replace(b"\0", b"")  # which makes ASCII of UTF-16
    if b"-----BEGIN " in letters or b"---- BEGIN " in letters or re.search(_SSH, letters):
        return True
    decoded = _from_base64(letters)
    if _is_der(secret) or _is_der(decoded) or re.match(_SSH_BLOB, decoded):
        return True
    try:
        ALGORITHMS["HS256"].engine.prepare_key(secret)
    except InvalidKeyError:
        return True
    return False


def _from_base64(text: bytes) -> bytes:
    """The bytes that a text in base64 or base64url spells, padded or not, in lines or in one; else none."""
    spelt = b"".join(text.split()).translate(_TO_BASE64).rstrip(b"=")
    try:
        return b64decode(spelt + b"=" * (-len(spelt) % 4), validate=True)
    except ValueError:
        return b""


def _is_der(content: bytes) -> bool:
    """Whether this is a public key, a certificate or a private key, of any kind."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

    if content[:1] != b"\x30":  # every one of them is a SEQUENCE
        return False
    readers: tuple[Callable[[bytes], object], ...] = (
        load_der_public_key,
        x509.load_der_x509_certificate,
        # Whether its numbers are good is not asked, which would take 50 ms: with bad ones it is no secret either.
        lambda der: load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True),
    )
    for read in readers:
        try:
            read(content)
        except ValueError:
            continue
        except (TypeError, UnsupportedAlgorithm):
            pass  # a key all the same: encrypted, or of a kind that cryptography does not know
        return True
    return False
