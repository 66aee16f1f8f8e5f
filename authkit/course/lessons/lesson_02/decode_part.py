"""One part of a token as claims, and nothing else as a part."""

from __future__ import annotations

import binascii
import json
import string
from collections.abc import Mapping
from typing import Any, Final

from authkit.course.answer import Answer, BrokenAnswer, Reaction, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.jose.encoding import encode_segment

_BY_LENGTH: Final[tuple[Mapping[str, Any], ...]] = ({"a": 1}, {"ab": 1}, {"abc": 1})
_OTHER_TEXT: Final[Mapping[str, Any]] = {"city": "Zürich"}
"""Written in UTF-8 it is not ASCII, and in base64url it has neither '-' nor '_'."""
_OTHER_LETTERS: Final[Mapping[str, Any]] = {"sub": "çà et là ÿÿÿ>>>???", "list": [1, {"deep": None}]}
_FOREIGN: Final = (
    *sorted(
        set(map(chr, range(128))) - set(string.ascii_letters + string.digits + "-_"),
        key=lambda one: (not one.isprintable(), one),
    ),
    *"äÿ\u212a\u0663\uff10\u2028\U0001f511",
)
"""Every ASCII character that is none of base64url, and some beyond: letters, digits, the end of a line, a picture."""


def _part(claims: Mapping[str, Any]) -> str:
    return encode_segment(json.dumps(claims, separators=(",", ":"), ensure_ascii=False).encode())


def _decodes(answer: Answer) -> None:
    for claims in _BY_LENGTH:
        _reads_any_length(answer, claims)
    _reads_other_text(answer)
    _reads_other_letters(answer)
    _is_strict(answer)


def _read(answer: Answer, part: str) -> Reaction:
    """What it did with a sound part.

    Raises:
        BrokenAnswer: It raised something else than the task's ValueError: an error of its own.
        TryAgain: It returned the JSON unread.
    """
    reaction = answer.reaction(part)
    refusal, got = reaction
    if refusal is not None and not _is_value_error(refusal):
        raise refusal
    if isinstance(got, bytes | str):
        raise TryAgain(
            f"It gave back {shown(got)}, the JSON as text or bytes. Claims are looked up by name. What reads JSON?"
        )
    return reaction


def _is_value_error(refusal: BrokenAnswer) -> bool:
    return refusal.kind is not None and issubclass(refusal.kind, ValueError)


def _is(got: object, claims: Mapping[str, Any]) -> bool:
    return isinstance(got, dict) and got == claims


def _reads_any_length(answer: Answer, claims: Mapping[str, Any]) -> None:
    part = _part(claims)
    refusal, got = _read(answer, part)
    if refusal is None:
        if _is(got, claims):
            return
        raise TryAgain(
            f"It read {part!r} as {shown(got)}. That is another JSON than the one in it. What do the lines of "
            "section 2 make of this part?"
        )
    if refusal.kind is binascii.Error:
        raise TryAgain(
            f"It refused {part!r} with {refusal.said}. The part is sound, its padding was left off: {-len(part) % 4} "
            "'='. That is an outage. How many '=' does a part of any length lack?"
        )
    raise TryAgain(
        f"It refused {part!r} with {refusal.said}. Nothing is wrong with that part, so this is an outage. "
        "Which of your lines refused it?"
    )


def _reads_other_text(answer: Answer) -> None:
    refusal, got = _read(answer, _part(_OTHER_TEXT))
    if refusal is not None:
        raise TryAgain(
            f"It refused a part whose JSON has the city 'Zürich', with {refusal.said}. Names are not ASCII alone. "
            "In which encoding is JSON sent (RFC 8259 §8.1)?"
        )
    if not _is(got, _OTHER_TEXT):
        raise TryAgain(
            f"It read a part whose JSON has the city 'Zürich' as {shown(got)}. The bytes are right, the text is "
            "another. In which encoding is JSON sent (RFC 8259 §8.1)?"
        )


def _reads_other_letters(answer: Answer) -> None:
    part = _part(_OTHER_LETTERS)
    refusal, got = _read(answer, part)
    if refusal is not None:
        raise TryAgain(
            f"It read other parts, and refused one with '-' and '_' in it: {refusal.said}. Plain base64 has two other "
            "letters in their place. Which decoder knows these?"
        )
    if not _is(got, _OTHER_LETTERS):
        raise TryAgain(
            f"It read {part[:24]!r} as {shown(got)}. The alphabet of a token has '-' and '_' where plain base64 "
            "has others. Which decoder knows them?"
        )


def _is_strict(answer: Answer) -> None:
    short, even, other = _BY_LENGTH[0], _BY_LENGTH[2], _OTHER_LETTERS
    part = _part(short)
    if _takes(answer, f"{part[:4]}!!!!{part[4:]}", short, "a part with '!!!!' in it"):
        raise TryAgain(
            "It took a part with '!!!!' in it, and silently skipped them. One token then has many spellings, "
            "and a list of blocked ones knows one. What do you check before you decode?"
        )
    if _takes(answer, part + "=" * (-len(part) % 4), short, "a part that still has its '='"):
        raise TryAgain(
            "It took a part that still has its '='. RFC 7515 leaves them off, so that each part has one spelling. "
            "Which letters may a part consist of?"
        )
    if _takes(answer, _part(other).replace("-", "+").replace("_", "/"), other, "a part in plain base64"):
        raise TryAgain("It took '+' or '/', letters of plain base64. Which 64 letters are base64url's?")
    part = _part(even)  # no padding is lacking that could be what is refused
    for letter in _FOREIGN:
        what = f"a part with {letter!r} in it"
        for foreign in (letter, letter * 4):
            inside = _takes(answer, f"{part[:4]}{foreign}{part[4:]}", even, what)
            if _takes(answer, part + foreign, even, what) and not inside:
                raise TryAgain(
                    f"It took a part with {letter!r} at its end, and refused one with {letter!r} inside. The first "
                    "has two spellings now. How far does your check look?"
                )
            if inside:
                raise TryAgain(
                    f"It took {what}. You list letters that are not allowed; there are a million. "
                    "Is it shorter to say which are?"
                )


def _takes(answer: Answer, part: str, claims: Mapping[str, Any], what: str) -> bool:
    """Whether it reads a part that is no base64url as these claims; False if it refuses it as the task asks.

    Raises:
        TryAgain: It does neither.
    """
    reaction = answer.reaction(part)
    refusal, got = reaction
    if refusal is None:
        if _is(got, claims):
            return True
        raise reaction.silent(what)
    if not _is_value_error(refusal):
        raise TryAgain(
            f"It ended with {refusal.said} on {what}. An API that waits for ValueError would break down. "
            "What do you raise, and where?"
        )
    return False


DECODE_PART: Final = Exercise(
    id="q2",
    title="Write decode_part(part): its JSON as a dict; what is no base64url is refused with ValueError",
    check=_decodes,
    hints=(
        "Decoding needs the '=' back. Being strict needs a look at the letters, before the decoder drops some.",
        "A part of length n lacks as many '=' as bring n to a multiple of 4: -n % 4. Letters, digits, '-' and '_' are "
        "all that may be in it.",
        'if set(part) - LETTERS: raise ValueError; then base64.urlsafe_b64decode(part + "=" * ...); then json.loads',
    ),
    solution=(
        "def decode_part(part):\n"
        "    if set(part) - LETTERS:\n"
        '        raise ValueError("this is no base64url")\n'
        '    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))'
    ),
    done="Padding given back, foreign letters refused. authkit.decode does this, and one thing more: see section 7.",
    start="def decode_part(part):\n    return authkit.course.TODO",
)
