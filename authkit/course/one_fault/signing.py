"""The keys and the configuration of a learner's guard, and tokens under these keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from authkit.jose.training_keys import training_key

NOW: Final = 1767603600
"""What the clock says while a guard is tried: 2026-01-05 09:00:00 UTC."""

FAR: Final = 4102444800  # the year 2100
ISSUER: Final = "https://login.example/"
AUDIENCE: Final = "https://orders.example/"
SCOPE: Final = "read:orders"
CLIENT: Final = "2PPw0Qne0RA0aELziEEycZDv7uxgJh1Q"
USERINFO: Final = f"{ISSUER}userinfo"
# Of the published pairs; the tenant's key is not the first of its set.
OTHER, CURRENT, LONG, MIDDLE, PADDED, STRANGER = 0, 1, 2, 3, 4, 7


@cache
def private_key(number: int) -> RSAPrivateKey:
    """One of the published private keys."""
    key = load_pem_private_key(training_key(number).encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


def published_jwk(number: int, alg: str = "RS256") -> dict[str, Any]:
    """The public half of one of the published keys."""
    made = RSAAlgorithm.to_jwk(private_key(number).public_key(), as_dict=True)
    return {"kty": "RSA", "use": "sig", "alg": alg, "kid": f"key-{number}", "n": made["n"], "e": made["e"]}


def signed(claims: Mapping[str, Any], number: int = CURRENT, alg: str = "RS256", **header: Any) -> str:
    """A token with these claims, signed with one of the published keys; its kid is that key's unless it is given."""
    return jwt.encode(dict(claims), private_key(number), alg, {"kid": f"key-{number}", **header})


def api(*, issuer: str = ISSUER, audience: str = AUDIENCE, scope: str = SCOPE) -> dict[str, Any]:
    """The configuration that a guard is given; its set has two keys for RS256, and three for other algorithms."""
    keys = [
        published_jwk(OTHER),
        published_jwk(CURRENT),
        published_jwk(LONG, "RS512"),
        published_jwk(MIDDLE, "RS384"),
        published_jwk(PADDED, "PS256"),
    ]
    return {"issuer": issuer, "audience": audience, "jwks": {"keys": keys}, "scope": scope}


def claims(**changes: Any) -> dict[str, Any]:
    """The payload of a good token, with claims changed; None leaves one out."""
    good = {
        "iss": ISSUER, "sub": f"{CLIENT}@clients", "aud": AUDIENCE, "iat": NOW - 60, "exp": NOW + 86340,
        "scope": SCOPE, "azp": CLIENT,
    }  # fmt: skip
    return {name: value for name, value in {**good, **changes}.items() if value is not None}
