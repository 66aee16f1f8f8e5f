"""HS256: how one secret signs and verifies, who holds it, how it is spelt, and how good it has to be."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import math
import random
import time
from functools import partial
from typing import Any, Final
from unittest import mock

from authkit.attacks import sign_with_secret
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lesson import Plan
from authkit.ground.clock import TRAINING_START, SteerableClock
from authkit.jose.encoding import encode_segment
from authkit.jose.key_set import KeySet
from authkit.jose.verifier import Verifier

_ISSUER: Final = "https://training.authkit.example/"
_AUDIENCE: Final = "https://orders.example/"
_NOW: Final = int(TRAINING_START.timestamp())


def _claims(subject: str) -> dict[str, Any]:
    return {"iss": _ISSUER, "sub": subject, "aud": _AUDIENCE, "iat": _NOW, "exp": _NOW + 3600}


def _secret(number: int) -> bytes:
    """A secret of the check's own; its bytes are no text."""
    return hashlib.sha256(f"a secret of lesson 03, number {number}".encode()).digest()


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


_CALLERS: Final = ("ann", "Zoë", "the nightly report", "x" * 50)


def _sign(answer: Answer) -> None:
    for number, subject in enumerate(_CALLERS):
        claims, secret = _claims(subject), _secret(number)
        _judge_token(answer(claims, secret), claims, secret)


def _judge_token(token: object, claims: dict[str, Any], secret: bytes) -> None:
    if isinstance(token, bytes):
        raise TryAgain("It returned bytes. A token is text, as it travels in a header. Which method makes one of it?")
    if not isinstance(token, str) or token.count(".") != 2:
        raise TryAgain(f"It returned {shown(token)}. A token is a text of three parts. Which sign joins them?")
    if "=" in token:
        raise TryAgain("The token holds '='. Base64url in a token has no padding. What does segment take away?")
    if "+" in token or "/" in token:
        raise TryAgain(
            "The token holds '+' or '/', which mean something else in an address. Which alphabet has - and _ instead?"
        )
    header, payload, third = token.split(".")
    if _read(payload) != claims:
        raise TryAgain(
            "The second part is not the claims that were handed in, as JSON in base64url. What became of them?"
        )
    found = _read(header)
    if not isinstance(found, dict) or found.get("alg") != "HS256":
        raise TryAgain(
            "The first part does not name HS256 as alg, as JSON in base64url. What should a reader find there?"
        )
    if third != encode_segment(_mac(secret, f"{header}.{payload}".encode())):
        raise TryAgain(_why(header, payload, third, secret))
    verdict = _verifier(secret).explain(token)
    if verdict.decisive is not None:
        raise TryAgain(
            f"The signature fits, and the verifier refuses by {verdict.decisive.code}. What does explain say?"
        )


def _read(part: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None


def _verifier(secret: bytes) -> Verifier:
    return Verifier(
        issuer=_ISSUER,
        audience=_AUDIENCE,
        keys=KeySet.from_secret(secret),
        algorithms=["HS256"],
        clock=SteerableClock(TRAINING_START),
    )


def _why(header: str, payload: str, third: str, secret: bytes) -> str:
    """What was signed instead, where that can be told from the signature."""
    text = f"{header}.{payload}".encode()
    hexed = _mac(secret, text).hex()
    if third in (hexed, encode_segment(hexed.encode())):
        return (
            "The third part spells the right bytes in hexadecimal. In a token it is base64url. What does digest() give?"
        )
    plain = {hashlib.sha256(one).digest() for one in (text, secret + text, text + secret)}
    if third in map(encode_segment, plain):
        return (
            "The third part is a plain SHA-256. A hash alone is no signature: of the text anybody can make one. "
            "Which function of the standard library mixes a secret in safely?"
        )
    if third == encode_segment(_mac(text, secret)):
        return (
            "The secret was hashed under the text: the two have changed places. Which of them does hmac.new take first?"
        )
    if third == encode_segment(_mac(secret, payload.encode())):
        return (
            "Only the payload was signed, so anyone may edit the header under that signature. "
            "What stands left of the last dot?"
        )
    if third == encode_segment(_mac(secret, f"{header}{payload}".encode())):
        return "The two parts were signed without the dot between them. What exactly is the signing input?"
    return (
        "The third part does not fit the two before it, letter by letter as they stand in the token. "
        "Which bytes did you sign?"
    )


SIGN: Final = Exercise(
    id="q1",
    title="Write sign(claims, secret): a token that the holder of the same secret accepts",
    check=_sign,
    hints=(
        "Go the way of the last two cells backwards: you have all but the first two parts, and those you can make.",
        "Each dict becomes JSON, bytes, then a segment. What is signed is the text of both segments with the dot.",
        "parts = [segment(json.dumps(part).encode()) for part in (header, claims)], joined by a dot; then hmac.new as "
        "above, .digest(), segment, and one more dot.",
    ),
    solution=(
        "def sign(claims, secret):\n"
        '    header = {"alg": "HS256", "typ": "JWT"}\n'
        "    parts = [segment(json.dumps(part).encode()) for part in (header, claims)]\n"
        '    signing_input = ".".join(parts)\n'
        "    mac = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()\n"
        '    return f"{signing_input}.{segment(mac)}"'
    ),
    done="The tenant has never seen these tokens. Whoever has the secret needs no tenant.",
    start="def sign(claims, secret):\n    return authkit.course.TODO",
)

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

# A token to sign anew; what it says of itself does not matter here.
_TOKEN: Final = sign_with_secret(
    ".".join(encode_segment(json.dumps(part).encode()) for part in ({"alg": "HS256"}, _claims("ann"))) + ".",
    _secret(0),
)
_SENTENCE: Final = "a whole sentence, with blanks, is no base64url"


def _how_to_read(answer: Answer) -> None:
    # The second spelling holds - and _, which base64 has not; the third has the length of a whole number of groups.
    # The fourth lacks two signs of padding.
    spelt = [
        encode_segment(one) for one in (_secret(1), b"\xfb\xff" * 16, _secret(2) + b"four", _secret(4) + _secret(5))
    ]
    for text in spelt:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        said = answer(sign_with_secret(_TOKEN, raw), text)
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
        said = answer(sign_with_secret(_TOKEN, text.encode()), text)
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
        said = answer(sign_with_secret(_TOKEN, _secret(9)), text)
        if said is not None:
            raise TryAgain(
                f"The token was signed with another secret, and it said {shown(said)}. What if neither fits?"
            )
    said = answer(sign_with_secret(_TOKEN, _SENTENCE.encode()), _SENTENCE)
    if said != "text":
        raise TryAgain(
            f"It returned {shown(said)} for a secret with blanks in it, used as text. Must a text spell anything?"
        )
    said = answer(sign_with_secret(_TOKEN, _secret(9)), _SENTENCE)
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

_WORDS: Final = ("secret", "password", "orders", "orders2024", "S3cret!", "letmein", "größer", "changeme")


def _guess(answer: Answer) -> None:
    for word in ("letmein", "orders2024", "secret", "größer"):
        said = answer(sign_with_secret(_TOKEN, word.encode()), list(_WORDS))
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
    said = answer(sign_with_secret(_TOKEN, _secret(3)), list(_WORDS))
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

_CLOCKS: Final = ("time", "time_ns", "perf_counter", "perf_counter_ns")
_ENOUGH: Final = 250.0
"""Bits below which a secret has too little chance; 256 less what counting the letters of a few samples may miss."""


def _make_secret(answer: Answer) -> None:
    made = [_bytes_of(answer()) for _ in range(64)]
    if len(set(made)) == 1:
        raise TryAgain(
            "Each call returned the same secret. What stands in the code is known to all who read the code. "
            "Where does chance come from?",
            "any secret will do",
        )
    short = min(map(len, made))
    if short < 32:
        raise TryAgain(
            f"It made a secret of {short} bytes. RFC 7518 §3.2 asks for 256 bits or more, and the tenant refuses less. "
            "How many bytes are that?",
            "any secret will do",
        )
    if _repeats(answer):
        raise TryAgain(
            "Python's random was put back to where it had been, and the same secret came again: it is made to be "
            "repeatable. Which module is made for secrets?",
            "any chance will do",
        )
    if _stands_with_the_clock(answer):
        raise TryAgain(
            "Clock and random were held still, and the same secret came twice. Roughly when it was made can be "
            "guessed, and a hash of a guess is a guess. Which module asks the operating system for chance?",
            "any chance will do",
        )
    bits = _bits(made)
    if bits < _ENOUGH:
        raise TryAgain(
            f"It is {short} bytes long, with at most {bits:.0f} bits of chance: places that never change or repeat "
            "others, or few different letters. How many bits does one of its letters hold?",
            "length is strength",
        )


def _bytes_of(made: object) -> bytes:
    if isinstance(made, str):
        return made.encode("utf-8", "replace")
    if isinstance(made, bytes):
        return made
    raise TryAgain(f"It returned {shown(made)}. A secret is text or bytes. Which function of the module gives one?")


def _repeats(answer: Answer) -> bool:
    """Whether it draws from the module `random`, whose state anyone can compute who has seen enough of it."""
    state = random.getstate()
    try:
        random.seed(3)
        first = answer()
        random.seed(3)
        return bool(answer() == first)
    finally:
        random.setstate(state)


def _stands_with_the_clock(answer: Answer) -> bool:
    """Whether it makes the same again in the same moment, with every seed that Python would choose held still."""
    state, seed = random.getstate(), random.seed
    with contextlib.ExitStack() as patched:
        patched.callback(random.setstate, state)
        for name in _CLOCKS:
            patched.enter_context(mock.patch.object(time, name, partial(_same, getattr(time, name)())))
        patched.enter_context(mock.patch.object(random, "Random", _Still))
        patched.enter_context(mock.patch.object(random, "seed", lambda a=None, version=2: seed(_told(a), version)))
        seed(3)
        first = answer()
        seed(3)
        return bool(answer() == first)


def _same(moment: float) -> float:
    return moment


def _told(seed: Any) -> Any:
    return 3 if seed is None else seed


class _Still(random.Random):
    """A generator that begins at the same place, where it is not told where to begin."""

    def __init__(self, x: Any = None) -> None:
        super().__init__(_told(x))

    def seed(self, a: Any = None, version: int = 2) -> None:
        super().seed(_told(a), version)


def _bits(made: list[bytes]) -> float:
    """At most so many bits of chance: places that vary, each once if it equals another, by the letters met in them."""
    length = max(map(len, made))
    columns = {tuple(one.ljust(length, b"\0")[place] for one in made) for place in range(length)}
    varying = [column for column in columns if len(set(column)) > 1]
    letters = {letter for column in varying for letter in column}
    return len(varying) * math.log2(max(len(letters), 1))


MAKE: Final = Exercise(
    id="q5",
    title="Write make_secret(): a new secret for HS256 each time, as text or bytes, with 256 bits of chance in it",
    check=_make_secret,
    hints=(
        "Not by your own hand, and not from the module random. The standard library has a module of that very name.",
        "A byte that is drawn at random holds 8 bits, a hexadecimal digit 4, a letter of base64url 6.",
        "secrets.token_bytes(32), or token_urlsafe with the same number",
    ),
    solution="def make_secret():\n    import secrets\n\n    return secrets.token_urlsafe(32)",
    done="Nobody can guess it, and nobody can remember it either: it needs a safe place to live.",
    start="def make_secret():\n    return authkit.course.TODO",
)

PLAN: Final = Plan(number="03", title="HS256: one shared secret", exercises=(SIGN, PARTIES, READING, GUESS, MAKE))
