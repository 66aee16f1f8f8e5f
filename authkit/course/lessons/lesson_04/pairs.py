"""Signing keys of a training tenant, each with its certificate, its public half and a token."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from authkit.course.some_claims import some_claims
from authkit.jose.sign import sign
from authkit.tenant import training_tenant


class Pair(NamedTuple):
    """One signing key of a training tenant, and a token under it."""

    subject: str
    certificate: str
    public_pem: str
    token: str


@cache
def pairs() -> tuple[Pair, ...]:
    """The two keys that sign first."""
    with training_tenant() as tenant:
        made = []
        for subject in ("ann", "the nightly report"):
            key = tenant.keys.current
            token = sign(some_claims(subject), key, alg="RS256")
            made.append(Pair(subject, key.certificate, key.public_pem, token))
            tenant.keys.rotate()
        return tuple(made)
