"""Chance as a parameter: real randomness for a real tenant, repeatable draws for a training one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections import Counter
from typing import Protocol

TRAINING_SEED = b"authkit training tenant: published, never to protect anything"


class Chance(Protocol):
    """Where identifiers, secrets and codes come from."""

    def value(self, kind: str) -> bytes:
        """32 bytes for one thing of this kind, as in `client_id`."""
        ...


class SystemChance:
    """The operating system's randomness (module `secrets`)."""

    def value(self, kind: str) -> bytes:
        """32 unpredictable bytes; the kind makes no difference."""
        return secrets.token_bytes(32)


class TrainingChance:
    """The same values in the same order on every machine, counted for each kind.

    Each kind has a counter of its own, so that one more draw of one kind changes no other.
    """

    def __init__(self, seed: bytes = TRAINING_SEED) -> None:
        self._seed = seed
        self._drawn: Counter[str] = Counter()
        self._lock = threading.Lock()

    def value(self, kind: str) -> bytes:
        """HMAC-SHA256 of the kind and how many of it were drawn before."""
        with self._lock:
            number = self._drawn[kind]
            self._drawn[kind] += 1
        return hmac.digest(self._seed, f"{kind}:{number}".encode(), hashlib.sha256)


def text(value: bytes) -> str:
    """Drawn bytes as 43 characters that are safe in a URL."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def alphanumeric(value: bytes, length: int) -> str:
    """Drawn bytes as letters and digits, at most 32 of them."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(alphabet[byte % len(alphabet)] for byte in value[:length])
