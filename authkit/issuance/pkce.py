"""Proof Key for Code Exchange (RFC 7636): who redeems a code shows that it is who asked for it."""

from __future__ import annotations

import hashlib
import hmac
import re

from authkit.ground.errors import ConfigurationError
from authkit.ground.secret import Secret
from authkit.jose.encoding import Malformed, decode_segment, encode_segment

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def code_challenge(code_verifier: str) -> str:
    """The `code_challenge` of a `code_verifier` by the method S256 (RFC 7636 §4.2): 43 characters of base64url.

    Raises:
        ConfigurationError: The verifier is no text (`pkce.not_text`).
    """
    if not isinstance(code_verifier, str):
        raise ConfigurationError(
            "pkce.not_text",
            f"A code_verifier is text; this is {type(code_verifier).__name__}.",
            "Pass 43 to 128 letters and digits, as secrets.token_urlsafe(32) draws them.",
        )
    return encode_segment(hashlib.sha256(code_verifier.encode("utf-8", "surrogatepass")).digest())


def is_challenge(text: str) -> bool:
    """Whether it can be an S256 challenge: base64url of 32 bytes, and so 43 characters."""
    try:
        return len(text) == 43 and len(decode_segment(text)) == 32
    except Malformed:
        return False


def is_verifier(code_verifier: Secret) -> bool:
    """Whether it is spelt as RFC 7636 §4.1 asks: 43 to 128 letters, digits, dots, dashes, underscores and tildes."""
    return _VERIFIER.fullmatch(code_verifier.reveal()) is not None


def fits(code_verifier: Secret, challenge: str) -> bool:
    """Whether the verifier is the challenge's (RFC 7636 §4.6), compared in constant time."""
    return hmac.compare_digest(code_challenge(code_verifier.reveal()), challenge)
