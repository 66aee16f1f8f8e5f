"""Shared secrets: what protects nothing must not become one, wherever it is given (RFC 7518 §3.2)."""

from __future__ import annotations

from typing import NamedTuple

from jwt.exceptions import InvalidKeyError

from authkit.jose.algorithms import ALGORITHMS, MIN_SECRET_BYTES


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
    """PEM, DER, SSH or JWK, anywhere in it or as a whole (RFC 8725 §2.1: the confusion of RS256 with HS256)."""
    if b"-----BEGIN " in secret or b"---- BEGIN " in secret:
        return True
    try:
        ALGORITHMS["HS256"].engine.prepare_key(secret)
    except InvalidKeyError:
        return True
    return False
