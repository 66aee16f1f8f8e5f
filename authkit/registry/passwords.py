"""Passwords as scrypt hashes: slow to guess, each with a salt of its own (RFC 7914)."""

from __future__ import annotations

import base64
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from authkit.ground.secret import Secret

COST, BLOCK, PARALLEL = 2**14, 8, 5  # 16 MiB and some 0.2 s a guess, as OWASP's password storage sheet has it
MIN_PASSWORD: Final = 8
MAX_PASSWORD: Final = 256


def hashed(password: Secret, salt: bytes) -> Secret:
    """The hash to keep, with what is needed to check it.

    Args:
        password: The password.
        salt: 16 bytes or more that no other password has.
    """
    return _written(salt, _scrypt(salt, COST, BLOCK, PARALLEL).derive(_bytes(password)))


def matches(password: Secret, kept: Secret) -> bool:
    """Whether it is the password of this hash, compared in constant time, with the cost that the hash was made with."""
    scrypt, key = _read(kept)
    try:
        scrypt.verify(_bytes(password), base64.b64decode(key.reveal()))
    except InvalidKey:
        return False
    return "\0" not in password.reveal()  # HMAC, which scrypt is made of, takes zero bytes at the end for nothing


def _bytes(password: Secret) -> bytes:
    # Half a surrogate pair is in no password that is kept; finding that out takes as long as any other wrong one.
    return password.reveal().encode("utf-8", "surrogatepass")


def _written(salt: bytes, key: bytes) -> Secret:
    texts = (base64.b64encode(raw).decode("ascii") for raw in (salt, key))
    return Secret("$".join(["scrypt", str(COST), str(BLOCK), str(PARALLEL), *texts]))


def _read(kept: Secret) -> tuple[Scrypt, Secret]:
    settings, _, key = map(Secret, kept.reveal().rpartition("$"))  # masked at once: a traceback shows variables
    _, cost, block, parallel, salt = settings.reveal().split("$")
    return _scrypt(base64.b64decode(salt), int(cost), int(block), int(parallel)), key


def _scrypt(salt: bytes, cost: int, block: int, parallel: int) -> Scrypt:
    return Scrypt(salt=salt, length=32, n=cost, r=block, p=parallel)


NOBODYS: Final = _written(bytes(16), bytes(32))
"""A hash that no password has, checked where there is no such user, so that the answer takes as long."""
