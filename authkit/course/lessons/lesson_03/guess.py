"""Guess a weak secret from one token."""

from __future__ import annotations

from typing import Final

from authkit.attacks import sign_with_secret
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_03.claims_and_secrets import TOKEN, some_secret

_WORDS: Final = ("secret", "password", "orders", "orders2024", "S3cret!", "letmein", "größer", "changeme")


def _guess(answer: Answer) -> None:
    for word in ("letmein", "orders2024", "secret", "größer"):
        said = answer(sign_with_secret(TOKEN, word.encode()), list(_WORDS))
        if said is True:
            raise TryAgain("It returned True: some word fits. An attacker wants to sign next. With what?")
        if said is None:
            raise TryAgain(
                "The word that made the signature was in the list, and it found none. What is compared with what?"
            )
        if said == word.encode():
            raise TryAgain(
                f"It came up with {shown(said)}: the right word, as bytes; the list holds texts. Which of the two did "
                "the loop go through?"
            )
        if said != word:
            raise TryAgain(
                f"It came up with {shown(said)}, and a token signed with that differs from this one. "
                "What has to be equal before a guess is right?",
            )
    said = answer(sign_with_secret(TOKEN, some_secret(3)), list(_WORDS))
    if said is not None and said is not False:
        raise TryAgain(
            f"No word of the list made this signature, and it came up with {shown(said)}. When is a guess wrong?"
        )
    if said is False:
        raise TryAgain("It returned False where no word fits. The question asks for another value. Which?")


GUESS: Final = Exercise(
    id="q4",
    title="Write guess(token, words): the word that the token was signed with, or None",
    check=_guess,
    hints=(
        "What would the API do with a token if its secret were the first word? Do that.",
        "Signing input and signature are both in the token. Only the key is unknown, so try one after the other.",
        "for word in words: if the segment of hmac.new(word.encode(), signing input, hashlib.sha256).digest() is the "
        "third part, return word. After the loop: None.",
    ),
    solution=(
        "def guess(token, words):\n"
        '    signing_input, _, third_part = token.rpartition(".")\n'
        "    for word in words:\n"
        "        mac = hmac.new(word.encode(), signing_input.encode(), hashlib.sha256).digest()\n"
        "        if segment(mac) == third_part:\n"
        "            return word\n"
        "    return None"
    ),
    done="No request was sent, so no log has a line about it. All it takes is one token and time.",
    start="def guess(token, words):\n    return authkit.course.TODO",
)
