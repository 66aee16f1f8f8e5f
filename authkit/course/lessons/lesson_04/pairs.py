"""Signing keys of a training tenant, each with its certificate, its public half and a token."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from authkit.course.one_fault import FAR
from authkit.ground.clock import TRAINING_START
from authkit.jose.sign import sign
from authkit.tenant import training_tenant

ISSUER: Final = "https://training.authkit.example/"
AUDIENCE: Final = "https://orders.example/"
_NOW: Final = int(TRAINING_START.timestamp())


class Pair(NamedTuple):
    """One signing key of a training tenant, and a token under it."""

    subject: str
    certificate: str
    public_pem: str
    token: str


def claims_of(subject: str) -> dict[str, Any]:
    """What a good token of this subject says; it lasts, as a learner's library goes by the clock on the wall."""
    return {"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "iat": _NOW, "exp": FAR}


@cache
def pairs() -> tuple[Pair, ...]:
    """The two keys that sign first."""
    with training_tenant() as tenant:
        made = []
        for subject in ("ann", "the nightly report"):
            key = tenant.keys.current
            token = sign(claims_of(subject), key, alg="RS256")
            made.append(Pair(subject, key.certificate, key.public_pem, token))
            tenant.keys.rotate()
        return tuple(made)
