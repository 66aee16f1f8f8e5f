"""Passwords as scrypt hashes: slow to guess, each with a salt of its own (RFC 7914)."""

from __future__ import annotations

import base64
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

COST, BLOCK, PARALLEL = 2**14, 8, 5  # 16 MiB and some 0.2 s a guess, as OWASP's password storage sheet has it
MIN_PASSWORD: Final = 8
MAX_PASSWORD: Final = 256


def hashed(password: str, salt: bytes) -> str:
    """The hash to keep, with what is needed to check it.

    Args:
        password: The password.
        salt: 16 bytes or more that no other password has.
    """
    key = _scrypt(salt, COST, BLOCK, PARALLEL).derive(password.encode())
    return "$".join(["scrypt", str(COST), str(BLOCK), str(PARALLEL), _text(salt), _text(key)])


def matches(password: str, kept: str) -> bool:
    """Whether it is the password of this hash, compared in constant time."""
    _, cost, block, parallel, salt, key = kept.split("$")
    try:
        _scrypt(base64.b64decode(salt), int(cost), int(block), int(parallel)).verify(
            password.encode(), base64.b64decode(key)
        )
    except (InvalidKey, UnicodeEncodeError):
        return False
    return "\0" not in password  # HMAC, which scrypt is made of, takes zero bytes at the end for nothing


def _scrypt(salt: bytes, cost: int, block: int, parallel: int) -> Scrypt:
    return Scrypt(salt=salt, length=32, n=cost, r=block, p=parallel)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
