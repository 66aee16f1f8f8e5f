"""Sign a token with a secret, by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_03.claims_and_secrets import some_secret
from authkit.course.some_claims import AUDIENCE, ISSUER, some_claims
from authkit.ground.clock import TRAINING_START, SteerableClock
from authkit.jose.encoding import encode_segment
from authkit.jose.key_set import KeySet
from authkit.jose.verifier import Verifier


def _mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


_CALLERS: Final = ("ann", "Zoë", "the nightly report", "x" * 50)


def _sign(answer: Answer) -> None:
    for number, subject in enumerate(_CALLERS):
        claims, secret = some_claims(subject), some_secret(number)
        _judge_token(answer, claims, secret)


def _judge_token(answer: Answer, claims: dict[str, Any], secret: bytes) -> None:
    token = answer(claims, secret)
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
        why = _why(header, payload, third, secret)
        if why is None and answer(claims, some_secret(len(_CALLERS))) == token:
            why = (
                "Two calls with the same claims and two secrets returned one and the same token. The secret that was "
                "handed in did not go into it. Which one did?"
            )
        raise TryAgain(
            why
            or "The third part does not fit the two before it, letter by letter as they stand in the token. "
            "Which bytes did you sign?"
        )
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
        issuer=ISSUER,
        audience=AUDIENCE,
        keys=KeySet.from_secret(secret),
        algorithms=["HS256"],
        clock=SteerableClock(TRAINING_START),
    )


def _why(header: str, payload: str, third: str, secret: bytes) -> str | None:
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
    for key, how in _other_keys(secret).items():
        if third == encode_segment(_mac(key, text)):
            return (
                f"The right text was signed, under another key: {how}. That is as far from the secret as any other "
                "bytes. What kind of value is secret already?"
            )
    for name in _OTHER_HASHES:
        if third == encode_segment(hmac.digest(secret, text, name)):
            return (
                f"Key and text are right, and the hash is {name}: {hashlib.new(name).digest_size} bytes, which no "
                "verifier for HS256 computes. What does the number in the algorithm's name stand for?"
            )
    if third == encode_segment(_mac(secret, payload.encode())):
        return (
            "Only the payload was signed, so anyone may edit the header under that signature. "
            "What stands left of the last dot?"
        )
    if third == encode_segment(_mac(secret, f"{header}{payload}".encode())):
        return "The two parts were signed without the dot between them. What exactly is the signing input?"
    return None


_OTHER_HASHES: Final = ("sha512", "sha384", "sha224", "sha1")


def _other_keys(secret: bytes) -> dict[bytes, str]:
    """What the secret is made into before it is used, and how that is said."""
    return {
        str(secret).encode(): "the secret as Python prints it, b and quotes included",
        secret.hex().encode(): "the secret's hexadecimal digits",
        base64.b64encode(secret): "the secret spelt in base64",
        base64.urlsafe_b64encode(secret): "the secret spelt in base64url, with padding",
        encode_segment(secret).encode(): "the secret spelt in base64url",
        hashlib.sha256(secret).digest(): "a hash of the secret",
        hashlib.sha256(secret).hexdigest().encode(): "a hash of the secret, in hexadecimal",
    }


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
