"""The signature algorithms of RFC 7518 §3 that authkit signs and verifies with; PyJWT does the cryptography."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from jwt.algorithms import HMACAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

MIN_RSA_BITS: Final = 2048
MIN_SECRET_BYTES: Final = 32


class JwsAlgorithm(NamedTuple):
    """One signature algorithm.

    Attributes:
        name: Its name in the `alg` header.
        kty: The kind of key it takes (RFC 7518 §6.1): `RSA` or `oct`.
        engine: PyJWT's algorithm object, which signs and verifies.
        note: What a reader of the source page should know, which names HS256 and RS256 alone.
    """

    name: str
    kty: Literal["RSA", "oct"]
    engine: Any
    note: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


ALGORITHMS: Final = MappingProxyType(
    {
        "HS256": JwsAlgorithm("HS256", "oct", HMACAlgorithm(HMACAlgorithm.SHA256)),
        "RS256": JwsAlgorithm("RS256", "RSA", RSAAlgorithm(RSAAlgorithm.SHA256)),
        "PS256": JwsAlgorithm(
            "PS256",
            "RSA",
            RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
            note="newer than the source page, Set Up an API",
        ),
    }
)
"""Every algorithm by its name. There is no `none`, and nothing can add it."""
