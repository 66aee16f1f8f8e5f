"""Signing: header and payload, joined by a dot, and the signature over exactly those bytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from authkit.ground.display import kind_of, shorten
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
    named: object = alg
    algorithm = ALGORITHMS.get(named) if isinstance(named, str) else None
    if algorithm is None:
        raise ConfigurationError(
            "algorithm.unknown", f"authkit cannot sign with {shorten(alg)}.", f"Use one of {', '.join(ALGORITHMS)}."
        )
    kind = SigningKey if algorithm.kty == "RSA" else SigningSecret
    if not isinstance(key, kind):
        given = type(key).__name__  # never the key: it may be a secret's bytes
        raise ConfigurationError(
            "signing_key.wrong_kind", f"{alg} cannot sign with {given}.", f"{alg} needs a {kind.__name__}."
        )
    try:
        if not isinstance(typ, str):
            raise ValueError
        header = _header(alg, typ, key.kid)
    except ValueError:  # half of a surrogate pair, too
        raise ConfigurationError(
            "header.typ", f"typ is text, not {shorten(typ)}.", "Use `JWT`, or `at+jwt` (RFC 9068 §2.1)."
        ) from None
    signing_input = f"{header}.{claims_segment(payload)}"
    return f"{signing_input}.{encode_segment(key.sign_bytes(alg, signing_input.encode('ascii')))}"


def claims_segment(claims: Mapping[str, object]) -> str:
    """The claims as they stand in a token: a JSON object in base64url (RFC 7519 §7.1).

    Raises:
        ConfigurationError: No mapping, or one that JSON cannot hold.
    """
    if not isinstance(claims, Mapping):
        raise ConfigurationError(
            "payload.not_an_object",
            f"The claims of a JWT are a JSON object (RFC 7519 §7.1), which {kind_of(claims)} is not.",
            'Pass a mapping of names to values, as in {"sub": "someone"}.',
        )
    try:
        return encode_segment(encode_json(claims if type(claims) is dict else dict(claims)))
    except (TypeError, ValueError, RecursionError) as fault:
        raise ConfigurationError(
            "payload.not_json",
            f"These claims cannot be written as JSON: {fault}.",
            "Use text, numbers, true, false, null, lists and objects; a time is a number of seconds.",
        ) from None


@lru_cache(maxsize=64)  # the same for every token under one key
def _header(alg: str, typ: str, kid: str | None) -> str:
    header = {"alg": alg, "typ": typ} if kid is None else {"alg": alg, "typ": typ, "kid": kid}
    return encode_segment(encode_json(header))
