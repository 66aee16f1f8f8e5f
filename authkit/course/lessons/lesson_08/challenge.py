"""The code_challenge of PKCE."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.issuance import code_challenge

_OF_THE_RFC: Final = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
_SIGNED: Final = (32, 161, 173, 318)  # their challenges begin with - or _; none can end so: 4 of its last 6 bits count
_VERIFIERS: Final = (
    _OF_THE_RFC,
    "a" * 43,
    "~-._" * 32,
    "Ab0~" * 11,
    *(f"{number:_>50}" for number in (*range(20), *_SIGNED)),
)


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _challenge(answer: Answer) -> None:
    got = [answer(one) for one in _VERIFIERS]
    for verifier, challenge in zip(_VERIFIERS, got, strict=True):
        if challenge != code_challenge(verifier):
            raise TryAgain(_wrong(verifier, challenge))


def _wrong(verifier: str, challenge: object) -> str:
    hashed = hashlib.sha256(verifier.encode())
    if isinstance(challenge, bytes):
        return f"It returned {shown(challenge)}: bytes, and a URL takes text. Which method of bytes makes text of them?"
    if not isinstance(challenge, str):
        return f"It returned {shown(challenge)}. A challenge is text that travels in a URL. What did you return?"
    if challenge.startswith(("b'", 'b"')):
        return (
            f"It returned {shown(challenge)}: a text that begins with b and a quote, as Python displays bytes. "
            "str() describes them. Which method reads them as letters?"
        )
    if challenge == verifier:
        return (
            "It returned the verifier itself. That is the method plain: whoever reads the request can redeem the code. "
            "What can be computed from the verifier, and not back?"
        )
    if challenge == _segment(verifier.encode()):
        return (
            "It is the verifier in base64url, which anyone decodes again. It should be safe to show. Where is the hash?"
        )
    if challenge.endswith("="):
        return (
            "It ends in =, the padding that RFC 7636 leaves out. The tenant compares letter by letter. "
            "Where does the padding go?"
        )
    if challenge == hashed.hexdigest():
        return (
            "It returned 64 hexadecimal digits: the right hash in another spelling. "
            "Which spelling of 32 bytes has 43 characters?"
        )
    if challenge == _segment(hashed.hexdigest().encode()):
        return (
            "Its 86 characters are the hexadecimal digits, encoded once more. The hash itself is 32 bytes. "
            "Which method gives bytes, not digits?"
        )
    if challenge.translate(str.maketrans("+/", "-_")) == code_challenge(verifier):
        return (
            "It holds + or /, which mean something else in a URL. base64url has two other characters in their place. "
            "Which function of base64 uses them?"
        )
    if challenge == code_challenge(_OF_THE_RFC):
        return "It is right for the verifier of RFC 7636, and the same for every other. What does it depend on?"
    return (
        f"For the verifier {shown(verifier)} it returned {shown(challenge)}, {len(challenge)} characters. "
        "The tenant would refuse the code. Which step is another one: the hash, its input, or its spelling?"
    )


CHALLENGE: Final = Exercise(
    id="q2",
    title="Write challenge_of(code_verifier) with hashlib and base64: the S256 code_challenge of RFC 7636",
    check=_challenge,
    hints=(
        "Three steps: text to bytes, bytes to hash, hash to text.",
        "The hash is SHA-256 over the verifier as it is spelt, its digest 32 bytes. The text is base64url without =.",
        'hashlib.sha256(code_verifier.encode()).digest(), then base64.urlsafe_b64encode(...).rstrip(b"=").decode()',
    ),
    solution="import base64\nimport hashlib\n\n\ndef challenge_of(code_verifier):\n"
    "    hashed = hashlib.sha256(code_verifier.encode()).digest()\n"
    '    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()',
    done="43 characters that anyone may see. From them nobody gets back to the verifier.",
    start="def challenge_of(code_verifier):\n    return authkit.course.TODO",
)
