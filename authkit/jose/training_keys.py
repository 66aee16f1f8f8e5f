"""Eight published key pairs for training tenants: everyone has them, so they protect nothing."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from authkit.ground.errors import ConfigurationError


@cache
def _pool() -> tuple[str, ...]:
    text = resources.files("authkit.jose").joinpath("training_keys.pem").read_text(encoding="ascii")
    return tuple(re.findall(r"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----\n", text, re.DOTALL))


def training_key(number: int) -> str:
    """The private PEM of one published pair, counted from 0.

    Raises:
        ConfigurationError: All eight are used up.
    """
    pool = _pool()
    if number >= len(pool):
        raise ConfigurationError(
            "training_keys.exhausted",
            f"A training tenant has {len(pool)} published signing keys, and this one has used them all.",
            "Make a fresh one with authkit.training_tenant(), or a real one with authkit.Tenant.open().",
        )
    return pool[number]
