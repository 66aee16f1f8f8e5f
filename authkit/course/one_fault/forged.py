"""Tokens that anyone can make, and tokens under another algorithm than the API's."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from authkit.course.one_fault.faulty import Faulty
from authkit.course.one_fault.signing import (
    CURRENT,
    LONG,
    MIDDLE,
    PADDED,
    STRANGER,
    claims,
    private_key,
    published_jwk,
    signed,
)
from authkit.jose.encoding import encode_json, encode_segment


def forged() -> Iterator[Faulty]:
    """Tokens that anyone can make, without the tenant's private key."""
    good = signed(claims())
    header, payload, signature = good.split(".")
    edited = encode_segment(encode_json(claims(sub="the-boss")))
    yield Faulty(
        name="a payload that was edited",
        token=f"{header}.{edited}.{signature}",
        accepted="It let in a payload that was edited after signing. Anyone can write JSON. Which line of the "
        "guard could an editor not satisfy?",
        belief="decoded is verified",
    )
    yield Faulty(
        name="a token without signature",
        token=f"{encode_segment(encode_json({'alg': 'none', 'kid': f'key-{CURRENT}'}))}.{payload}.",
        accepted="It let in a token whose header says alg: none, and that nobody signed. Who wrote that header?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under HS256",
        token=_confused(),
        accepted="It let in an HS256 token whose secret was your own public key, which everybody has. Where does "
        "the guard say which algorithm is yours?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token that brings its key",
        token=signed(claims(), STRANGER, kid=f"key-{CURRENT}", jwk=published_jwk(STRANGER)),
        accepted="It let in a token signed with the key in its own header. Anyone can make a pair and send both. "
        "Whose keys did you mean to trust?",
        belief="the token may bring its key",
    )
    yield Faulty(
        name="a token under a stranger's key",
        token=signed(claims(), STRANGER, kid=f"key-{CURRENT}"),
        accepted="A stranger signed it with a key of their own, under the name of yours, and got in. What was the "
        "signature compared with?",
    )
    yield Faulty(
        name="a token whose kid is not in the set",
        token=signed(claims(), STRANGER),
        accepted="Its kid is in nobody's set, and it got in. Which key was it judged by?",
        belief="the first key will do",
    )


def _confused() -> str:
    """A token under HS256 whose secret is the public key as PEM."""
    pem = private_key(CURRENT).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", "typ": "JWT", "kid": f"key-{CURRENT}"}, claims())
    signing_input = ".".join(encode_segment(encode_json(part)) for part in parts)
    return f"{signing_input}.{encode_segment(hmac.digest(pem, signing_input.encode(), hashlib.sha256))}"


def under_another_algorithm() -> Iterator[Faulty]:
    """Tokens of the tenant's, under another algorithm than the API's."""
    yield Faulty(
        name="a token under RS512",
        token=signed(claims(), alg="RS512"),
        accepted="The API's algorithm is RS256, and a token under RS512 got in: the token chose how it was judged. "
        "Where does your guard record its algorithm?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under RS512 and a key for it",
        token=signed(claims(), LONG, alg="RS512"),
        accepted="The set holds a key for RS512 too, and a token under it got in. Your API takes RS256 and nothing "
        "else. Who told PyJWT so?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under RS384 and a key for it",
        token=signed(claims(), MIDDLE, alg="RS384"),
        accepted="RS512 was refused, and a token under RS384 got in, with a key for that in the set. How many "
        "algorithms does your API have?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under PS256 and a key for it",
        token=signed(claims(), PADDED, alg="PS256"),
        accepted="A token under PS256 got in, with a key for that in the set. A PS is no RS, though both take RSA "
        "keys. Which of the names in your list are your API's?",
        belief="the header chooses the algorithm",
    )
