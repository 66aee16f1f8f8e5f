"""A verifier that leaves neither the header nor the key's letters a choice."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final
from unittest.mock import patch

from jwt.algorithms import HMACAlgorithm
from jwt.utils import force_bytes

from authkit.attacks import edit_payload, sign_with_public_key
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_04.pairs import Pair, pairs
from authkit.course.one_fault import signed
from authkit.course.some_claims import some_claims
from authkit.jose.encoding import encode_json, encode_segment

_BOSS: Final = "the-boss"
_HASHES: Final = {"HS384": hashlib.sha384, "HS512": hashlib.sha512}
_OTHER_RSA: Final = ("RS384", "RS512", "PS256", "PS384", "PS512")


def _unsigned(alg: str, key: str, token: str) -> str:
    """The token with another subject and algorithm: a MAC under the letters of the key, or no signature at all."""
    payload = edit_payload(token, sub=_BOSS).split(".")[1]
    signing_input = f"{encode_segment(encode_json({'alg': alg, 'typ': 'JWT'}))}.{payload}"
    mac = b"" if alg == "none" else hmac.new(key.encode(), signing_input.encode(), _HASHES[alg]).digest()
    return f"{signing_input}.{encode_segment(mac)}"


def _verify(answer: Answer) -> None:
    for number, pair in enumerate(pairs()):
        _stops_forgeries(answer, pair)
        _takes_one_algorithm(answer, pair, number)
    for pair in pairs():
        refusal, claims = answer.reaction(pair.token, pair.public_pem)
        if refusal is not None:
            raise TryAgain(
                f"On a genuine RS256 token it raised {refusal.said}, as on all forgeries. That is an outage. Which of "
                "your lines raised it?"
            )
        if not _holds(claims, pair.subject):
            raise TryAgain(
                f"For a genuine token it returned {shown(claims)}. An API needs the claims. What holds them?"
            )


def _stops_forgeries(answer: Answer, pair: Pair) -> None:
    """What anyone can make who has the public key."""
    edited = _lets_in(answer, pair, edit_payload(pair.token, sub=_BOSS), "a payload edited after signing")
    confused = _lets_in(answer, pair, _confused(pair), "an HS256 token signed with the public key")
    others = {
        alg: _lets_in(answer, pair, _unsigned(alg, pair.public_pem, pair.token), f"a forgery that says {alg}")
        for alg in ("none", *_HASHES)
    }
    if edited:
        raise TryAgain(
            "It took an RS256 token whose payload was edited after signing. The right name in the header is no "
            "signature. Which line looks at the signature?",
            "decoded is verified",
        )
    if confused and others["none"]:
        raise TryAgain(
            "The token chose how it was judged: forged with the public key it got in, and without any signature, "
            "too. An attacker writes that header. Where does your API record its algorithm?",
            "the header chooses the algorithm",
        )
    if confused:
        raise TryAgain(
            "A token that says HS256, signed with the public key, got in. You limit the header's choice, and it "
            "still has one. How many algorithms does this key belong to?",
            "one key serves several algorithms",
        )
    if any(others.values()):
        raise TryAgain(
            "The forgery of this section is stopped, and a forgery under another name got in. A list of what is "
            "forbidden ends where its author's knowledge ends. What would a list of the allowed hold?",
            "the header chooses the algorithm",
        )


def _takes_one_algorithm(answer: Answer, pair: Pair, number: int) -> None:
    """Tokens that the pair's own private key signed in another way; and what PyJWT alone stopped."""
    tokens = {alg: signed(some_claims(pair.subject), number, alg) for alg in _OTHER_RSA}
    taken = [alg for alg, token in tokens.items() if _lets_in(answer, pair, token, f"a token under {alg}")]
    with patch.object(HMACAlgorithm, "prepare_key", lambda _, key: force_bytes(key)):  # a library without that net
        confused = _lets_in(answer, pair, _confused(pair), "an HS256 token signed with the public key")
    if len(taken) == len(tokens) and confused:
        raise TryAgain(
            "The header chose: tokens under all algorithms of RSA got in, and HS256 was stopped by PyJWT, not by you. "
            "Where does your API record its algorithm?",
            "the header chooses the algorithm",
        )
    if len(taken) == len(tokens):
        raise TryAgain(
            "HS256 and none are stopped, and under RS512, PS256 and three more tokens got in that this key signed. "
            "Their header chose. What would a list of the allowed hold for this API?",
            "the header chooses the algorithm",
        )
    if taken:
        raise TryAgain(
            f"A token under {taken[0]} got in. The API's tokens are RS256, and each key is used with one algorithm "
            "(RFC 8725 §3.1). How many names does your list need?",
            "one key serves several algorithms",
        )
    if confused:
        raise TryAgain(
            "An HS256 token, signed with the public key, came as far as PyJWT's second net, which other libraries do "
            "not have. How many algorithms does this key belong to?",
            "one key serves several algorithms",
        )


def _confused(pair: Pair) -> str:
    return sign_with_public_key(pair.token, pair.public_pem, sub=_BOSS)


def _lets_in(answer: Answer, pair: Pair, token: str, what: str) -> bool:
    """Whether it returns the claims of a token that is none of this API's; False if it raises.

    Raises:
        TryAgain: It does neither.
    """
    reaction = answer.reaction(token, pair.public_pem)
    if reaction.refusal is None and not _holds(reaction.returned, _BOSS, pair.subject):
        raise reaction.silent(what)
    return reaction.refusal is None


def _holds(claims: object, *subjects: str) -> bool:
    """Whether these are claims of one of the subjects."""
    return isinstance(claims, Mapping) and claims.get("sub") in subjects


REPAIR: Final = Exercise(
    id="q3",
    title="Write verify(token, pem): the claims of a genuine RS256 token; it raises an error for everything else",
    check=_verify,
    hints=(
        "Find the line of section 4 in which the attacker's words reach the code.",
        "What a token may be signed with is a fact about the API. It stands in the API's code, as a constant.",
        'signature_fits(token, pem, "RS256"), whatever the header says; if it does not fit, raise ValueError.',
    ),
    solution=(
        "def verify(token, pem):\n"
        "    read = authkit.decode(token)\n"
        '    if read.header["alg"] != "RS256":\n'
        '        raise ValueError("this API takes RS256")\n'
        '    if not authkit.attacks.signature_fits(token, pem, "RS256"):\n'
        '        raise ValueError("the signature does not fit")\n'
        "    return dict(read.payload)"
    ),
    done="The algorithm stands in your code. The header may agree, or the token is refused.",
    start="def verify(token, pem):\n    return authkit.course.TODO",
)
