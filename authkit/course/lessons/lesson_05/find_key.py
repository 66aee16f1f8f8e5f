"""Find the key that a token's header names."""

from __future__ import annotations

from functools import cache
from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_05.jwk import Jwk
from authkit.course.one_fault import published_jwk
from authkit.tenant import training_tenant


@cache
def _elsewhere() -> Jwk:
    """A key of the training tenant, as the notebook's own tenant publishes it."""
    with training_tenant() as tenant:
        return dict(tenant.jwks["keys"][0])


_NAMELESS: Final[Jwk] = {member: value for member, value in published_jwk(0).items() if member != "kid"}
_NAMED: Final[tuple[Jwk, ...]] = tuple(
    {**published_jwk(number), "kid": kid} for number, kid in enumerate(("Ab3", "q-Z", "7y"), start=1)
)
_SET: Final[Jwk] = {"keys": [_NAMELESS, *_NAMED]}
"""Real keys, as a library may read them; the nameless one first."""
_BROUGHT: Final[Jwk] = {**published_jwk(7), "kid": "Ab3"}


def _header(kid: str | None, **more: object) -> Jwk:
    header: Jwk = {"alg": "RS256", "typ": "JWT", **more}
    return header if kid is None else {**header, "kid": kid}


def _find_key(answer: Answer) -> None:
    if answer(_header(_elsewhere()["kid"]), _SET) == _elsewhere():
        raise TryAgain(
            "It returned a key that is not in the set it was handed. An API may take tokens of several tenants. "
            "From which name did your code read the keys?"
        )
    for wanted in _NAMED:
        found = answer(_header(wanted["kid"]), _SET)
        if found == wanted:
            continue
        if found in _SET["keys"]:
            raise TryAgain(
                "For one kid it returned the key of another name. The set has several, in no promised order. "
                "Which two texts have to be equal?",
                "the first key will do",
            )
        if found is None:
            raise TryAgain(
                f"It found nothing for {wanted['kid']!r}, which is in the set: every token under it would be "
                "refused. Which keys did it look at?"
            )
        raise TryAgain(
            f"It returned {shown(found)}. A verifier needs the key itself, the whole JWK. What does the loop run over?"
        )
    _brings_none(answer)
    for kid, words in _NO_NAMES.items():
        found = answer(_header(kid), _SET)
        if found is not None:
            belief = "the first key will do" if kid == "made-up" else ""
            raise TryAgain(words.format(found=_kind(found, _SET)), belief)
    if answer(_header(None), _SET) is not None:
        raise TryAgain(
            "A token without kid was given the key without kid: two names that are missing counted as equal. "
            "What does .get return for both?"
        )


_NO_NAMES: Final = {
    "made-up": "The token named a key that is not in the set, and was given {found} all the same. "
    "What may be concluded from a name nobody knows?",
    "Ab": "The token named 'Ab', and was given {found}, because 'Ab3' begins with it. A name is compared as a whole. "
    "Where does this one end?",
    "Ab34": "The token named 'Ab34', and was given {found}, because it begins with 'Ab3'. A name is compared as a "
    "whole. How much of it did you compare?",
    "aB3": "The token named 'aB3', and was given {found}, as if it were 'Ab3'. In a kid, case counts "
    "(RFC 7517 §4.5). What was changed before comparing?",
    "": "The token's kid is an empty text, no key is called that, and it was given {found}. "
    "What does your code make of an empty name?",
}
"""Names that no key of the set has, and what is said if one is found."""


def _brings_none(answer: Answer) -> None:
    if answer(_header("Ab3", jwk=_BROUGHT), _SET) == _BROUGHT:
        raise TryAgain(
            "The header brought a key of its own, and that key was returned. Whoever writes the header can sign with "
            "it. Whose keys does your API trust?",
            "the token may bring its key",
        )
    if answer(_header("made-up", jwk=_BROUGHT), _SET) == _BROUGHT:
        raise TryAgain(
            "Its kid was in nobody's set, so the token was judged by the key in its own header, which fits every "
            "forgery. What is a name worth that nobody knows?",
            "the token may bring its key",
        )


def _kind(found: object, jwks: Jwk) -> str:
    return "one of its keys" if found in jwks["keys"] else shown(found)


FIND_KEY: Final = Exercise(
    id="q2",
    title="Write find_key(header, jwks): the JWK that the header's kid names, or None",
    check=_find_key,
    hints=(
        "Print header for a token of section 2, and tenant.jwks. Where does the same text stand in both?",
        "Go through the list of keys and compare names; a name that is missing is equal to nothing.",
        'for key in jwks["keys"]: if header has a kid and key.get("kid") equals it, return key. After it: None.',
    ),
    solution=(
        "def find_key(header, jwks):\n"
        '    kid = header.get("kid")\n'
        '    for key in jwks["keys"]:\n'
        '        if kid is not None and key.get("kid") == kid:\n'
        "            return key\n"
        "    return None"
    ),
    done="The header chooses among keys that the API trusts already. It cannot add one, whatever it brings.",
    start="def find_key(header, jwks):\n    return authkit.course.TODO",
)
