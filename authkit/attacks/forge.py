"""Forgeries: what an attacker can do to a token with nothing but the token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authkit.jose.decode import decode
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.sign import claims_segment


def signing_input(header: Mapping[str, object], payload: Mapping[str, object]) -> str:
    """What a signature is computed over (RFC 7515 §5.1), for any header and payload that a forger likes.

    Raises:
        ConfigurationError: A payload that JSON cannot hold.
    """
    return f"{encode_segment(encode_json(header))}.{claims_segment(payload)}"


def edit_payload(token: str, /, **changes: Any) -> str:
    """The token with claims changed and its old signature kept, which no longer fits (RFC 8725 §3.3).

    Args:
        token: A token to start from.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
        ConfigurationError: Claims that JSON cannot hold.
    """
    payload = {**decode(token).payload, **changes}
    header, _, signature = token.split(".")
    return f"{header}.{claims_segment(payload)}.{signature}"
