"""RS256 taken for HS256: the public key becomes a secret that everyone has (CVE-2016-10555, RFC 8725 §2.1, §3.1)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from jwt import get_algorithm_by_name

from authkit.attacks.shared_secret import sign_with_secret
from authkit.ground.errors import ConfigurationError
from authkit.jose.decode import decode
from authkit.jose.pem import read_pem

_RSA = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
_HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def sign_with_public_key(token: str, pem: str, /, **changes: Any) -> str:
    """The token with claims changed, its header saying HS256, signed with the letters of the issuer's *public* key.

    A verifier that asks the header for the algorithm takes its own public key for a shared secret, and accepts.

    Args:
        token: An RS256 token to start from.
        pem: The public key as the API has it, letter by letter.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
        ConfigurationError: The key is no text, or JSON cannot hold the claims.
    """
    decode(token)  # a token that is none is told first
    return sign_with_secret(token, _letters(pem), **changes)


def signature_fits(token: str, key: str, alg: str) -> bool:
    """WEAK ON PURPOSE: whether the signature fits, with any algorithm, and any text as the key.

    The text is read as whatever the algorithm needs: PEM for RS256, PS256 and their longer kin, a secret for HS256,
    HS384 and HS512; `none` needs no key. So whoever chooses the algorithm chooses what the key is.

    Args:
        token: The token.
        key: The key as text.
        alg: The algorithm to use.

    Raises:
        TokenRejected: The token cannot be read.
        KeySetError: The text is no public key, and an algorithm of RSA was asked for.
        ConfigurationError: The key is no text, and one of HMAC was asked for.
    """
    signature = decode(token).signature
    signing_input = token.rpartition(".")[0].encode("ascii")
    if alg == "none":
        return not signature
    if alg in _HASHES:
        return hmac.compare_digest(hmac.new(_letters(key), signing_input, _HASHES[alg]).digest(), signature)
    if alg in _RSA:
        return get_algorithm_by_name(alg).verify(signing_input, read_pem(key).material, signature)
    return False


def _letters(text: object) -> bytes:
    """The bytes of a text that is taken for a secret."""
    try:
        if isinstance(text, str):
            return text.encode()
    except UnicodeEncodeError:
        pass  # half of a surrogate pair
    raise ConfigurationError(
        "public_key.not_text",
        "What is taken for the secret here is a text, letter by letter; this is none.",
        "Pass the PEM as text, as in tenant.keys.current.public_pem.",
    )
