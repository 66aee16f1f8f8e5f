"""A token forged by who holds the shared secret, or takes for one what is none: HS256 asks for nothing else."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from authkit.attacks.forge import signing_input
from authkit.jose.decode import decode
from authkit.jose.encoding import encode_segment


def sign_with_secret(token: str, secret: bytes, /, **changes: Any) -> str:
    """The token with claims changed, signed anew with HS256 under any bytes (RFC 7518 §3.2), be they ever so weak.

    With the API's own secret the forgery is perfect. The header is one that an HS256 token of a tenant has.

    Args:
        token: A token to start from.
        secret: The bytes to sign with.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
        ConfigurationError: Claims that JSON cannot hold.
    """
    payload = {**decode(token).payload, **changes}
    signed = signing_input({"alg": "HS256", "typ": "JWT"}, payload)
    # The standard library signs with any bytes; a library for tokens would refuse the weak ones.
    mac = hmac.new(secret, signed.encode("ascii"), hashlib.sha256).digest()
    return f"{signed}.{encode_segment(mac)}"
