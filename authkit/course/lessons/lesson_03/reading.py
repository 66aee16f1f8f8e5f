"""Which bytes a secret is that was handed over as text."""

from __future__ import annotations

import base64
from typing import Final

from authkit.attacks import sign_with_secret
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_03.claims_and_secrets import TOKEN, some_secret
from authkit.jose.encoding import encode_segment

_SENTENCE: Final = "a whole sentence, with blanks, is no base64url"


def _how_to_read(answer: Answer) -> None:
    # The second spelling holds - and _, which base64 has not; the third has the length of a whole number of groups.
    # The fourth lacks two signs of padding.
    made = (some_secret(1), b"\xfb\xff" * 16, some_secret(2) + b"four", some_secret(4) + some_secret(5))
    spelt = [encode_segment(one) for one in made]
    for text in spelt:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        said = answer(sign_with_secret(TOKEN, raw), text)
        if said == "text":
            raise TryAgain(
                f"It said 'text' of a token signed with the {len(raw)} bytes that the text spells. The letters are "
                f"{len(text)} other bytes. What did you compare?",
                "base64 text is its bytes",
            )
        if said != "base64url":
            raise TryAgain(
                f"It returned {shown(said)} for a token signed with the bytes that {text[:8]}… spells. Base64url has "
                "- and _, and no padding. What did you decode?"
            )
    for text in spelt:
        said = answer(sign_with_secret(TOKEN, text.encode()), text)
        if said == "base64url":
            raise TryAgain(
                "The text looks like base64url, and this signer took it as it stands: it said 'base64url'. Looks "
                "prove nothing. Which of the two reproduces the signature?",
                "base64 text is its bytes",
            )
        if said != "text":
            raise TryAgain(
                f"It returned {shown(said)} for a token signed with the text's own bytes. Which bytes are they?"
            )
    for text in spelt:
        said = answer(sign_with_secret(TOKEN, some_secret(9)), text)
        if said is not None:
            raise TryAgain(
                f"The token was signed with another secret, and it said {shown(said)}. What if neither fits?"
            )
    said = answer(sign_with_secret(TOKEN, _SENTENCE.encode()), _SENTENCE)
    if said != "text":
        raise TryAgain(
            f"It returned {shown(said)} for a secret with blanks in it, used as text. Must a text spell anything?"
        )
    said = answer(sign_with_secret(TOKEN, some_secret(9)), _SENTENCE)
    if said is not None:
        raise TryAgain(
            f"It returned {shown(said)} for a text with blanks that signed nothing. It does not spell a key, and is "
            "none itself. Was anything compared?"
        )


READING: Final = Exercise(
    id="q3",
    title='Write how_to_read(token, text): "text", "base64url" or None, by which bytes made the signature',
    check=_how_to_read,
    hints=(
        "You cannot see it in the secret. You can see it in a token that was signed with it.",
        "There are two candidates for the key. Compute the third part with each, and compare.",
        'for name, key in (("text", text.encode()), ("base64url", ...)): if the segment of hmac.new(key, ...) equals '
        "the third part, return name. A text that is no base64url raises ValueError: it is no candidate.",
    ),
    solution=(
        "def how_to_read(token, text):\n"
        '    signing_input, _, third_part = token.rpartition(".")\n'
        '    candidates = {"text": text.encode()}\n'
        "    try:\n"
        '        candidates["base64url"] = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))\n'
        "    except ValueError:\n"
        "        pass\n"
        "    for name, key in candidates.items():\n"
        "        mac = hmac.new(key, signing_input.encode(), hashlib.sha256).digest()\n"
        "        if hmac.compare_digest(segment(mac), third_part):\n"
        "            return name\n"
        "    return None"
    ),
    done="A tool for finding out, once. Then write down which it is; an API that tries both has two keys.",
    start="def how_to_read(token, text):\n    return authkit.course.TODO",
)
