"""What the checks sign: claims, secrets of their own, and one token."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from authkit.attacks import sign_with_secret
from authkit.course.one_fault import FAR
from authkit.ground.clock import TRAINING_START
from authkit.jose.encoding import encode_segment

ISSUER: Final = "https://training.authkit.example/"
AUDIENCE: Final = "https://orders.example/"
_NOW: Final = int(TRAINING_START.timestamp())


def some_claims(subject: str) -> dict[str, Any]:
    """What a good token of this subject says; it lasts, as a learner's library goes by the clock on the wall."""
    return {"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "iat": _NOW, "exp": FAR}


def some_secret(number: int) -> bytes:
    """A secret of the check's own; its bytes are no text."""
    return hashlib.sha256(f"a secret of lesson 03, number {number}".encode()).digest()


# A token to sign anew; what it says of itself does not matter here.
TOKEN: Final = sign_with_secret(
    ".".join(encode_segment(json.dumps(part).encode()) for part in ({"alg": "HS256"}, some_claims("ann"))) + ".",
    some_secret(0),
)
