"""What a thief can do with each thing that may be found."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_04.words import mapping

_FOUND: Final = ("private key", "public key", "certificate", "client secret", "access token")
_CAN: Final = ("sign", "ask", "use", "nothing")


def _thief(answer: Answer) -> None:
    said = mapping(answer, _FOUND, _CAN)
    if said["client secret"] == "sign":
        raise TryAgain(
            "You let the client secret sign. No access token is signed with it (an HS256 ID token is: OpenID Connect "
            "Core §10.1). To whom does an application show it, and what does it get?",
            "client_secret signs",
        )
    for half in ("public key", "certificate"):
        if said[half] != "nothing":
            raise TryAgain(
                f"By your answer the {half} helps a thief to {said[half]}. The tenant publishes it, and every API has "
                "it. What could one do in section 1 with e and n alone?",
                "the public key must be hidden",
            )
    if said["private key"] != "sign":
        raise TryAgain(
            f"With the private key you let a thief {_did(said['private key'])}. It is what the tenant has that nobody "
            "else has. What does the tenant do with it?",
            "the keys have changed places",
        )
    if said["access token"] == "nothing":
        raise TryAgain(
            "By your answer a found token is worth nothing. An API takes it from whoever sends it. "
            "Does any check ask who that is?",
            "a token works for its owner alone",
        )
    if said["access token"] != "use":
        raise TryAgain(
            f"With one token you let a thief {_did(said['access token'])}. A token is what came out of the key. "
            "For what does an API take it, and until when?"
        )
    if said["client secret"] != "ask":
        raise TryAgain(
            f"With the client secret you let a thief {_did(said['client secret'])}. It is an application's password. "
            "Where does the application enter it?"
        )


def _did(word: str) -> str:
    return {"nothing": "do nothing"}.get(word, word)


THIEF: Final = Exercise(
    id="q1",
    title="For each thing that a thief may find: what does it let the thief do?",
    check=_thief,
    hints=(
        "Ask of each thing who has it already, quite rightly. What the whole world has helps nobody.",
        "Three things are secret: one belongs to the tenant, one to an application, one to whoever is logged in.",
        "Exactly one signs. One is a password at the tenant: ask. One is a ticket: use. The two others are public.",
    ),
    solution=(
        "thief = {\n"
        '    "private key": "sign",\n'
        '    "public key": "nothing",\n'
        '    "certificate": "nothing",\n'
        '    "client secret": "ask",\n'
        '    "access token": "use",\n'
        "}"
    ),
    done="One thing signs, and one party has it. Everything that an API needs in order to verify may hang on a wall.",
    start="thief = authkit.course.TODO",
)
