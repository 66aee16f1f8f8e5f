"""Whether a token holds the scope needed."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, BrokenAnswer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_07.truth import truth

_NO: Final = (
    (
        "unread:orders",
        "read:orders",
        "a scope is part of a text",
        '"{needed}" was found within "{scope}", which is another scope. '
        "Python's in, on a text, looks for a part of it. What are the members of a scope claim?",
    ),
    (
        "read:orders-archive",
        "read:orders",
        "",
        'A token for "{scope}" alone was let into "{needed}". A longer name is another name. Where does one end?',
    ),
    (
        "read:orders",
        "read",
        "",
        'A token for "{scope}" was let into "{needed}". The colon means nothing to OAuth: both are plain names. '
        "Who said that one covers the other?",
    ),
    (
        "read",
        "read:orders",
        "",
        'A token for "{scope}" alone was let into "{needed}", which begins with it. Nothing makes one name a family of '
        "others. In which list would {needed} itself have to stand?",
    ),
    (
        "*",
        "read:orders",
        "",
        'A token for "{scope}" was let into "{needed}". OAuth has no wildcard: an asterisk is a name like any other. '
        "Who defined it as everything?",
    ),
    (
        "read:*",
        "read:orders",
        "",
        'A token for "{scope}" was let into "{needed}". An asterisk stands for itself, within a name too. '
        "Which document gives it another meaning?",
    ),
    (
        "admin",
        "read:orders",
        "",
        'A token for "{scope}" alone was let into "{needed}". No scope is above the others: each is one more name. '
        "Who agreed to all that this word is to mean?",
    ),
    (
        "openid,read:orders",
        "read:orders",
        "",
        '"{scope}" was taken for two scopes. A space alone parts them, and a comma is a letter of the name '
        "(RFC 6749 §3.3). What is cut where?",
    ),
    (
        "READ:ORDERS",
        "read:orders",
        "",
        '"{scope}" was taken for "{needed}". Scopes are case-sensitive (RFC 6749 §3.3). '
        "Why change the letters before comparing?",
    ),
    (
        "read:orders",
        "Read:Orders",
        "",
        'The operation needs "{needed}", and "{scope}" was let in. These are two names (RFC 6749 §3.3). '
        "Which of them was changed?",
    ),
    (
        "",
        "read:orders",
        "",
        "An empty scope claim was let into {needed}. Nothing was granted by it. What is an empty text split into?",
    ),
)
"""Scope, needed, belief and words of each token that must not be let in."""
_YES: Final = (
    ("read:orders", "read:orders"),
    ("read:orders delete:orders", "read:orders"),
    ("openid read:orders delete:orders", "delete:orders"),
    ("read:orders-archive read:orders", "read:orders"),
)


def _allows(answer: Answer) -> None:
    for scope, needed, belief, words in _NO:
        if truth(answer({"sub": "auth0|ben", "scope": scope}, needed)):
            raise TryAgain(words.format(scope=scope, needed=needed), belief)
    if truth(answer({"sub": "auth0|ben", "scope": "openid", "permissions": ["read:orders"]}, "read:orders")):
        raise TryAgain(
            "Ben holds read:orders in permissions, but no application asked for it in scope. It was let in all the "
            "same. What may this token do that its scope does not say?"
        )
    for scope, needed in _YES:
        if not truth(answer({"sub": "auth0|ben", "scope": scope}, needed)):
            raise TryAgain(
                f'Everything false was refused, and so was "{needed}" in "{scope}". '
                "That is an outage. How is the claim cut into scopes?"
            )
    try:
        without = truth(answer({"sub": "auth0|ben"}, "read:orders"))
        held_only = truth(answer({"sub": "auth0|ben", "permissions": ["read:orders"]}, "read:orders"))
    except BrokenAnswer as broken:
        if broken.endless:
            raise
        raise TryAgain(
            "A token without a scope claim made it raise: the API answers 500 where 403 belongs. "
            "What does a token allow that says nothing?"
        ) from None
    if without:
        raise TryAgain("A token without any scope claim was let in. What does a token allow that says nothing?")
    if held_only or truth(answer({"sub": "auth0|ben", "scope": "", "permissions": ["read:orders"]}, "read:orders")):
        raise TryAgain(
            "A token that says nothing in scope was let in for its permissions. They are what Ben may do, whoever asks "
            "for him. Who allowed this application anything?"
        )


ALLOWS: Final = Exercise(
    id="q2",
    title="Repair allows(claims, needed): True if the verified claims hold the scope needed",
    check=_allows,
    hints=(
        'Try it by hand: what is "read:orders" in "unread:orders"? And in ["unread:orders"]?',
        "The claim is a list that is spelt as a text, with a space between two scopes (RFC 8693 §4.2). "
        "Make it a list first. It may also be missing.",
        'needed in claims.get("scope", "") cut at its spaces with .split()',
    ),
    solution='def allows(claims, needed):\n    return needed in claims.get("scope", "").split()',
    done="Whole names, compared letter by letter. The same in on a list asks another question than on a text.",
    start='def allows(claims, needed):\n    # found in an API: return needed in claims["scope"]\n'
    "    return authkit.course.TODO",
)
