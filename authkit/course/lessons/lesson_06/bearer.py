"""The token that a request brings."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.guard_trial import request

_SENT: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


def _bearer_token(answer: Answer) -> None:
    found = answer(request(f"Bearer {_SENT}"))
    if found != _SENT:
        if found == _SENT.lower():
            raise TryAgain(
                f"From a plain bearer header it took {shown(found)}: capitals have become small letters. base64url "
                "tells them apart, so that is another token. What was done to the whole header?"
            )
        raise TryAgain(
            f"From a plain bearer header it took {shown(found)}. A verifier wants the token alone, as text. What "
            "stands around it?"
        )
    if answer(request(None)) is not None:
        raise TryAgain("There was no Authorization header, and it returned something. What is there to return?")
    for scheme in ("bearer", "BEARER"):
        if answer(request(f"{scheme} {_SENT}")) != _SENT:
            raise TryAgain(
                f"A request with the scheme {scheme!r} counted as one without a token. Schemes know no capitals (RFC "
                "9110 §11.1). What was compared?"
            )
    if answer(request("Basic YWRhOnRlYQ==")) is not None:
        raise TryAgain(
            "It took Basic credentials, a name and a password, for a token. Which word of the header says what follows?"
        )
    if answer(request(f"Bearers {_SENT}")) is not None or answer(request(f"Bearer{_SENT}")) is not None:
        raise TryAgain("A scheme that only begins with Bearer was taken for it. Where does the first word end?")
    if answer(request(_SENT)) is not None:
        raise TryAgain("A token without a scheme before it was taken. How would a reader know that it is one?")
    if answer(request("Bearer")) is not None or answer(request("Bearer ")) is not None:
        raise TryAgain(
            "After Bearer there was nothing, and it returned something. What should the verifier do with it?"
        )


BEARER: Final = Exercise(
    id="q4",
    title="Write bearer_token(request): the token of its Authorization header, or None",
    check=_bearer_token,
    hints=(
        'Print request.headers.get("Authorization") for each request in section 7, and for one without it.',
        "Two words with a space between them: first the scheme, in any capitals, then the token.",
        'scheme, _, token = request.headers.get("Authorization", "").partition(" "), then compare scheme.lower()',
    ),
    solution=(
        "def bearer_token(request):\n"
        '    scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        '    if scheme.lower() != "bearer":\n'
        "        return None\n"
        "    return token.strip() or None"
    ),
    done="One scheme, any capitals, and one place to look: a token in a URL ends up in logs.",
    start="def bearer_token(request):\n    return authkit.course.TODO",
)
