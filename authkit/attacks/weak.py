"""Weak verifiers: each makes one known mistake, so that a lesson can attack it. Never protect anything with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authkit.jose.decode import decode


class DecodesOnly:
    """WEAK ON PURPOSE: reads the payload and believes it, the signature unchecked (RFC 8725 §3.3)."""

    def verify(self, token: str) -> Mapping[str, Any]:
        """Whatever the token says of itself.

        Raises:
            TokenRejected: It cannot even be read.
        """
        return decode(token).payload

    def __repr__(self) -> str:
        return "DecodesOnly() – weak on purpose: believes every payload"
