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
            raise TryAgain(words.format(found=_kind(found)), belief)
    _names_none(answer)
    _has_one_key(answer)


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


def _names_none(answer: Answer) -> None:
    for header, words in (
        (
            _header(None),
            "A token without kid was given the key without kid: two names that are missing counted as equal. "
            "What does .get return for both?",
        ),
        (
            {**_header(None), "kid": None},
            "A token whose kid is null was given the key without kid. A name that is there, and is nothing, is no "
            "name. What does .get return for that key?",
        ),
    ):
        found = answer(header, _SET)
        if found == _NAMELESS:
            raise TryAgain(words)
        if found is not None:
            raise TryAgain(
                f"A token that names no key was given {_kind(found)}. What may be concluded from no name at all?",
                "the first key will do",
            )


def _has_one_key(answer: Answer) -> None:
    alone = {"keys": [_NAMED[0]]}
    if answer(_header("made-up"), alone) is not None:
        raise TryAgain(
            "The set had a single key, and a token that names another was given it. That other one may be revoked, or "
            "made up. What does the number of keys say about a name?",
            "the first key will do",
        )
    if answer(_header(None), alone) is not None:
        raise TryAgain(
            "The set had a single key, and a token that names none was given it. After the next rotation there are "
            "two. What does the question ask for where no name is?",
            "the first key will do",
        )


def _brings_none(answer: Answer) -> None:
    brought = {
        "jwk": {**published_jwk(7), "kid": "Ab3"},
        "x5c": _elsewhere()["x5c"],
        "jku": "https://evil.example/keys",
    }
    for kid, words in _BROUGHT.items():
        found = answer(_header(kid, **brought), _SET)
        if found is not None and found not in _SET["keys"]:
            what = {"jwk": "a key", "jku": "an address"}.get(_member(found, brought), "a certificate")
            raise TryAgain(words.format(what=what), "the token may bring its key")


def _member(found: object, brought: Jwk) -> str:
    return next((name for name, value in brought.items() if found == value), "")


_BROUGHT: Final = {
    "Ab3": "The header brought {what} of its own, and that was returned. Whoever writes the header can sign to "
    "fit it. Whose keys does your API trust?",
    "made-up": "Its kid was in nobody's set, so the token was judged by {what} in its own header, which fits every "
    "forgery. What is a name worth that nobody knows?",
    None: "The token named no key, so it was judged by {what} in its own header, which fits every forgery. "
    "Who wrote that header?",
}
"""Names beside which the header brings a key, and what is said if it is taken."""


def _kind(found: object) -> str:
    return "one of its keys" if found in _SET["keys"] else shown(found)


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
