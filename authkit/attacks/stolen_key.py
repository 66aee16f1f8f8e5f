"""A token forged with the issuer's own private key, after that has leaked: nothing about it is wrong."""

from __future__ import annotations

from typing import Any

from authkit.jose.decode import decode
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.keys import SigningKey


def sign_with_stolen_key(token: str, key: SigningKey, /, **changes: Any) -> str:
    """The token with claims changed, signed by who has a copy of the issuer's private key.

    Args:
        token: An RS256 token to start from.
        key: The key that leaked.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
    """
    read = decode(token)
    parts = ({**read.header, "alg": "RS256", "kid": key.kid}, {**read.payload, **changes})
    signing_input = ".".join(encode_segment(encode_json(part)) for part in parts)
    return f"{signing_input}.{encode_segment(key.sign_bytes('RS256', signing_input.encode('ascii')))}"
