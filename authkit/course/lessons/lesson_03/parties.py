"""Who is able to forge, if one secret signs and verifies."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise

_PARTIES: Final = ("tenant", "api", "application", "billing", "pipeline", "user")


def _can_forge(answer: Answer) -> None:
    given = answer.value
    if isinstance(given, str) or not isinstance(given, set | frozenset | list | tuple):
        raise TryAgain(
            f'The check was given {shown(given)}. It needs a set of names, as in {{"user"}}. Who belongs in?'
        )
    names = {name.strip().lower() if isinstance(name, str) else name for name in given}
    strange = next((name for name in names if name not in _PARTIES), None)
    if strange is not None:
        raise TryAgain(f"{shown(strange)} is none of the names in the table. Which of its rows do you mean?")
    if names == set(_PARTIES):
        raise TryAgain(
            "You named everybody. A user has one token and no secret: what would that user sign the next one with?"
        )
    if "application" in names:
        raise TryAgain(
            "By your answer the application can forge. Its client_secret is its password at the tenant; no access "
            "token is signed with it. What would orders compute from it?",
            "client_secret signs",
        )
    if "user" in names:
        raise TryAgain(
            "By your answer a user can forge. A token is what came out of the secret, and cannot be run backwards. "
            "What is left to sign with?",
            "a token reveals its secret",
        )
    if "billing" in names:
        raise TryAgain(
            "By your answer billing can forge for orders. It holds a secret, another one. What would the verifier of "
            "orders say to that signature?",
            "one secret for the whole tenant",
        )
    if "api" not in names:
        raise TryAgain(
            "One that holds the secret is missing. That it only ever verifies is its good manners. "
            "What does it compute when it verifies?",
            "who verifies cannot sign",
        )
    if "pipeline" not in names:
        raise TryAgain(
            "Somebody is missing who never looks at a token. A copy of a secret signs as well as the original. "
            "Through whose hands does it go?",
            "a copied secret does not count",
        )
    if "tenant" not in names:
        raise TryAgain(
            "By your answer the one that signs every day could not. What else does a tenant need to sign anything?"
        )


PARTIES: Final = Exercise(
    id="q2",
    title="Name every party that is able to make a token which orders accepts",
    check=_can_forge,
    hints=(
        "Go down the right column, and ask of each row: could I compute the third part with that?",
        "The name of a thing tells nothing. What counts is whether the bytes are those the verifier uses.",
        "Three rows hold the signing secret of orders, whatever they do with it.",
    ),
    solution='can_forge = {"tenant", "api", "pipeline"}',
    done="Whoever can verify can forge, and so can whoever stores the secret for them.",
    start="can_forge = authkit.course.TODO",
)
