"""What the checks sign with: secrets of their own; and one token."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from authkit.attacks import sign_with_secret
from authkit.course.some_claims import some_claims
from authkit.jose.encoding import encode_segment


def some_secret(number: int) -> bytes:
    """A secret of the check's own; its bytes are no text."""
    return hashlib.sha256(f"a secret of lesson 03, number {number}".encode()).digest()


# A token to sign anew; what it says of itself does not matter here.
TOKEN: Final = sign_with_secret(
    ".".join(encode_segment(json.dumps(part).encode()) for part in ({"alg": "HS256"}, some_claims("ann"))) + ".",
    some_secret(0),
)
