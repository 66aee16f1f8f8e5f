"""A token forged with the issuer's own private key, after that has leaked: nothing about it is wrong."""

from __future__ import annotations

from typing import Any

from authkit.attacks.forge import signing_input
from authkit.jose.decode import decode
from authkit.jose.encoding import encode_segment
from authkit.jose.keys import SigningKey


def sign_with_stolen_key(token: str, key: SigningKey, /, **changes: Any) -> str:
    """The token with claims changed, signed by who has a copy of the issuer's private key.

    Args:
        token: An RS256 token to start from.
        key: The key that leaked.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
        ConfigurationError: Claims that JSON cannot hold.
    """
    read = decode(token)
    signed = signing_input({**read.header, "alg": "RS256", "kid": key.kid}, {**read.payload, **changes})
    return f"{signed}.{encode_segment(key.sign_bytes('RS256', signed.encode('ascii')))}"
