"""Signing: header and payload, joined by a dot, and the signature over exactly those bytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from authkit.ground.errors import ConfigurationError
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.keys import SigningKey, SigningSecret


def sign(payload: Mapping[str, object], key: SigningKey | SigningSecret, *, alg: str, typ: str = "JWT") -> str:
    """A signed JWT in the compact serialisation (RFC 7515 §3.1, §5.1).

    Args:
        payload: The claims.
        key: A `SigningKey` for RS256 and PS256, a `SigningSecret` for HS256.
        alg: The signature algorithm, as the API records it.
        typ: The `typ` header: `JWT`, or `at+jwt` for RFC 9068.

    Raises:
        ConfigurationError: An unknown algorithm, a key of the other kind, or claims that JSON cannot hold.
    """
    algorithm = ALGORITHMS.get(alg)
    if algorithm is None:
        raise ConfigurationError(
            "algorithm.unknown", f"authkit cannot sign with {alg!r}.", f"Use one of {', '.join(ALGORITHMS)}."
        )
    if (algorithm.kty == "RSA") != isinstance(key, SigningKey):
        needed = "a SigningKey" if algorithm.kty == "RSA" else "a SigningSecret"
        raise ConfigurationError("signing_key.wrong_kind", f"{alg} cannot sign with {key!r}.", f"{alg} needs {needed}.")
    if not isinstance(typ, str):
        raise ConfigurationError("header.typ", f"typ is text, not {typ!r}.", "Use `JWT`, or `at+jwt` (RFC 9068 §2.1).")
    try:
        claims = encode_json(payload)
    except (TypeError, ValueError, RecursionError) as fault:
        raise ConfigurationError(
            "payload.not_json",
            f"These claims cannot be written as JSON: {fault}.",
            "Use text, numbers, true, false, null, lists and objects; a time is a number of seconds.",
        ) from None
    signing_input = f"{_header(alg, typ, key.kid)}.{encode_segment(claims)}"
    return f"{signing_input}.{encode_segment(key.sign_bytes(alg, signing_input.encode('ascii')))}"


@lru_cache(maxsize=64)  # the same for every token under one key
def _header(alg: str, typ: str, kid: str | None) -> str:
    header = {"alg": alg, "typ": typ} if kid is None else {"alg": alg, "typ": typ, "kid": kid}
    return encode_segment(encode_json(header))
