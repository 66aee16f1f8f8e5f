"""Claims that the checks of several lessons sign."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.one_fault import FAR
from authkit.ground.clock import TRAINING_START

ISSUER: Final = "https://training.authkit.example/"
AUDIENCE: Final = "https://orders.example/"
_NOW: Final = int(TRAINING_START.timestamp())


def some_claims(subject: str) -> dict[str, Any]:
    """What a good token of this subject says; it lasts, as a learner's library goes by the clock on the wall."""
    return {"iss": ISSUER, "sub": subject, "aud": AUDIENCE, "iat": _NOW, "exp": FAR}
