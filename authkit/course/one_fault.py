"""Tokens for a learner's guard to judge: good ones, ones that may not, and ones with exactly one fault."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.training_keys import training_key

NOW: Final = 1767603600
"""What the clock says while a guard is tried: 2026-01-05 09:00:00 UTC."""

FAR: Final = 4102444800  # the year 2100
_ISSUER: Final = "https://login.example/"
_AUDIENCE: Final = "https://orders.example/"
_SCOPE: Final = "read:orders"
_CLIENT: Final = "2PPw0Qne0RA0aELziEEycZDv7uxgJh1Q"
_USERINFO: Final = f"{_ISSUER}userinfo"
# Of the published pairs; the tenant's key is not the first of its set.
_OTHER, _CURRENT, _LONG, _MIDDLE, _PADDED, _STRANGER = 0, 1, 2, 3, 4, 7


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A token with one fault, to be answered 401 `invalid_token`.

    Attributes:
        name: What it is, in few words.
        token: It.
        accepted: What to say to who lets it in: what was seen, why, and a question.
        belief: The misconception behind that.
    """

    name: str
    token: str
    accepted: str
    belief: str = ""


@cache
def _private(number: int) -> RSAPrivateKey:
    key = load_pem_private_key(training_key(number).encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    return key


def published_jwk(number: int, alg: str = "RS256") -> dict[str, Any]:
    """The public half of one of the published keys."""
    made = RSAAlgorithm.to_jwk(_private(number).public_key(), as_dict=True)
    return {"kty": "RSA", "use": "sig", "alg": alg, "kid": f"key-{number}", "n": made["n"], "e": made["e"]}


def signed(claims: Mapping[str, Any], number: int = _CURRENT, alg: str = "RS256", **header: Any) -> str:
    """A token with these claims, signed with one of the published keys; its kid is that key's unless it is given."""
    return jwt.encode(dict(claims), _private(number), alg, {"kid": f"key-{number}", **header})


def api(*, issuer: str = _ISSUER, audience: str = _AUDIENCE, scope: str = _SCOPE) -> dict[str, Any]:
    """The configuration that a guard is given; its set has two keys for RS256, and three for other algorithms."""
    keys = [
        published_jwk(_OTHER),
        published_jwk(_CURRENT),
        published_jwk(_LONG, "RS512"),
        published_jwk(_MIDDLE, "RS384"),
        published_jwk(_PADDED, "PS256"),
    ]
    return {"issuer": issuer, "audience": audience, "jwks": {"keys": keys}, "scope": scope}


def claims(**changes: Any) -> dict[str, Any]:
    """The payload of a good token, with claims changed; None leaves one out."""
    good = {
        "iss": _ISSUER, "sub": f"{_CLIENT}@clients", "aud": _AUDIENCE, "iat": NOW - 60, "exp": NOW + 86340,
        "scope": _SCOPE, "azp": _CLIENT,
    }  # fmt: skip
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


@cache
def good_tokens() -> Mapping[str, str]:
    """Tokens to be let in, by what is unusual about them."""
    return {
        "is under the other key of the set": signed(claims(), _OTHER),
        "has a list as aud": signed(claims(aud=[_AUDIENCE, _USERINFO])),
        "has this API second in its aud": signed(claims(aud=["https://billing.example/", _AUDIENCE])),
        "has claims that nobody asked for": signed(claims(permissions=[], jti="7", org={"id": 1}, nonce="n")),
        "has the scope last of three": signed(claims(scope=f"openid create:orders {_SCOPE}")),
        "has the scope first of two": signed(claims(scope=f"{_SCOPE} create:orders")),
        "lasts one second more": signed(claims(exp=NOW + 1)),
        "has a fraction in its exp": signed(claims(exp=NOW + 0.5)),
        "has an nbf that has come": signed(claims(nbf=NOW)),
        "says at+jwt as typ": signed(claims(), typ="at+jwt"),
        "was issued to a person": signed(claims(sub="auth0|ada", gty=None)),
    }


@cache
def without_scope() -> Mapping[str, str]:
    """Tokens to be answered 403, by what they have in place of the scope."""
    return {
        "no scope at all": signed(claims(scope=None)),
        "another scope": signed(claims(scope="create:orders")),
        "a longer word": signed(claims(scope=f"{_SCOPE}:archive")),
        "the word with more before it": signed(claims(scope=f"not-{_SCOPE} openid")),
        "capitals": signed(claims(scope=_SCOPE.upper())),
        "null as scope": signed({**claims(), "scope": None}),
        "a JSON list as scope": signed({**claims(), "scope": [_SCOPE]}),
    }


@cache
def faulty_tokens() -> tuple[Faulty, ...]:
    """Tokens with one fault each, those first that say most about a guard."""
    return (
        *_forged(),
        *_under_another_algorithm(),
        *_for_another_audience(),
        *_of_another_issuer(),
        *_out_of_time(),
        *_out_of_form(),
        *_without_scope_too(),
    )


def _forged() -> Iterator[Faulty]:
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
        token=f"{encode_segment(encode_json({'alg': 'none', 'kid': f'key-{_CURRENT}'}))}.{payload}.",
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
        token=signed(claims(), _STRANGER, kid=f"key-{_CURRENT}", jwk=published_jwk(_STRANGER)),
        accepted="It let in a token signed with the key in its own header. Anyone can make a pair and send both. "
        "Whose keys did you mean to trust?",
        belief="the token may bring its key",
    )
    yield Faulty(
        name="a token under a stranger's key",
        token=signed(claims(), _STRANGER, kid=f"key-{_CURRENT}"),
        accepted="A stranger signed it with a key of their own, under the name of yours, and got in. What was the "
        "signature compared with?",
    )
    yield Faulty(
        name="a token whose kid is not in the set",
        token=signed(claims(), _STRANGER),
        accepted="Its kid is in nobody's set, and it got in. Which key was it judged by?",
        belief="the first key will do",
    )


def _under_another_algorithm() -> Iterator[Faulty]:
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
        token=signed(claims(), _LONG, alg="RS512"),
        accepted="The set holds a key for RS512 too, and a token under it got in. Your API takes RS256 and nothing "
        "else. Who told PyJWT so?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under RS384 and a key for it",
        token=signed(claims(), _MIDDLE, alg="RS384"),
        accepted="RS512 was refused, and a token under RS384 got in, with a key for that in the set. How many "
        "algorithms does your API have?",
        belief="the header chooses the algorithm",
    )
    yield Faulty(
        name="a token under PS256 and a key for it",
        token=signed(claims(), _PADDED, alg="PS256"),
        accepted="A token under PS256 got in, with a key for that in the set. A PS is no RS, though both take RSA "
        "keys. Which of the names in your list are your API's?",
        belief="the header chooses the algorithm",
    )


def _for_another_audience() -> Iterator[Faulty]:
    """Tokens of the tenant's that are not for this API."""
    yield Faulty(
        name="another API's token",
        token=signed(claims(aud="https://billing.example/")),
        accepted="A genuine token of the billing API got in. Any API that receives tokens could use them here. "
        "Which claim says whom a token is for?",
        belief="the audience may be left out",
    )
    yield Faulty(
        name="a token without aud",
        token=signed(claims(aud=None)),
        accepted="A token that says nothing of an audience got in. It could have been meant for anybody. What is "
        "missing: is it a yes?",
        belief="the audience may be left out",
    )
    yield Faulty(
        name="a token for the name without its slash",
        token=signed(claims(aud=_AUDIENCE.rstrip("/"))),
        accepted="https://orders.example got in at https://orders.example/, which is another API's name. When are "
        "two names the same?",
        belief="the slash does not matter",
    )
    yield Faulty(
        name="a token for a longer name",
        token=signed(claims(aud=f"{_AUDIENCE}v2")),
        accepted="A token for https://orders.example/v2 got in at https://orders.example/. How much of the two "
        "names was compared?",
    )
    yield Faulty(
        name="a token for the name in capitals",
        token=signed(claims(aud=_AUDIENCE.upper())),
        accepted="A token for HTTPS://ORDERS.EXAMPLE/ got in. RFC 7519 §4.1.3 says case-sensitive. What was done "
        "to aud before it was compared?",
    )
    yield Faulty(
        name="an ID token",
        token=signed(claims(aud=_CLIENT, sub="auth0|ada", scope=None, nonce="n", name="Ada", email="ada@shop.example")),
        accepted=ID_TOKEN,
        belief="the ID token calls the API",
    )


def _of_another_issuer() -> Iterator[Faulty]:
    """Tokens in the name of another issuer, or of none."""
    yield Faulty(
        name="another issuer's token",
        token=signed(claims(iss="https://login.other.example/")),
        accepted="It let in a token of another issuer. PyJWT compares iss with nothing unless it is told a name. "
        "What was it told?",
    )
    yield Faulty(
        name="a token without iss",
        token=signed(claims(iss=None)),
        accepted="A token that names no issuer got in. Was iss compared, or only if it was there?",
    )
    yield Faulty(
        name="an issuer without its slash",
        token=signed(claims(iss=_ISSUER.rstrip("/"))),
        accepted="The issuer's name lacked its slash, and the token got in. An iss is compared letter by letter. "
        "What did you do to it first?",
        belief="the slash does not matter",
    )
    yield Faulty(
        name="an issuer with a longer name",
        token=signed(claims(iss=f"{_ISSUER}evil/")),
        accepted="A token of https://login.example/evil/ got in: it only begins like your issuer. How much of iss "
        "was compared?",
    )
    yield Faulty(
        name="an issuer in capitals",
        token=signed(claims(iss=_ISSUER.upper())),
        accepted="A token of HTTPS://LOGIN.EXAMPLE/ got in, which is another name (RFC 7519 §2). What was done to "
        "iss before it was compared?",
    )


def _out_of_time() -> Iterator[Faulty]:
    """Tokens that hold no longer, or not yet, or do not say when."""
    yield Faulty(
        name="a token that expired an hour ago",
        token=signed(claims(exp=NOW - 3600)),
        accepted="A token that expired an hour ago got in. Both exp and now count seconds. Which two numbers did "
        "you compare?",
        belief="exp is in milliseconds",
    )
    yield Faulty(
        name="a token in the second of its exp",
        token=signed(claims(exp=NOW)),
        accepted="Its exp is this very second, and it got in. RFC 7519 says: not on or after. Which comparison "
        "says that?",
    )
    yield Faulty(
        name="a token without exp",
        token=signed(claims(exp=None)),
        accepted="A token without exp got in, and would for ever: nobody could take it back. What did the guard "
        "make of the missing claim?",
        belief="a missing exp is harmless",
    )
    yield Faulty(
        name="a token whose exp is a text",
        token=signed(claims(exp=str(FAR))),
        accepted="Its exp is a text in quotes, no number, and it got in. What type has a NumericDate?",
    )
    yield Faulty(
        name="a token that begins in a minute",
        token=signed(claims(nbf=NOW + 60)),
        accepted="Its nbf is a minute ahead of the now that was handed in, and it got in. Who compared nbf, and "
        "with whose clock?",
    )
    yield Faulty(
        name="a token whose nbf is a text",
        token=signed(claims(nbf="soon")),
        accepted="Its nbf is the text 'soon', and it got in. A NumericDate is a number. From when on does this "
        "token hold?",
    )


def _out_of_form() -> Iterator[Faulty]:
    """Texts that are no tokens."""
    yield Faulty(name="the text abc", token="abc", accepted="The text abc got in as a token. What read it?")
    yield Faulty(
        name="three empty parts",
        token="..",
        accepted="Two dots with nothing between them got in as a token. What read them?",
    )


def _without_scope_too() -> Iterator[Faulty]:
    """A token that has a fault and lacks the scope: 401 comes before 403."""
    yield Faulty(
        name="a token that has expired and lacks the scope",
        token=signed(claims(exp=NOW - 3600, scope=None)),
        accepted="A token that had expired and had no scope got in. Which answer ended your guard?",
    )


ID_TOKEN: Final = (
    "An ID token got past the verification. It tells an application who logged in, and its aud is that application. "
    "Which names may stand in aud here?"
)


def _confused() -> str:
    """A token under HS256 whose secret is the public key as PEM."""
    pem = _private(_CURRENT).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", "typ": "JWT", "kid": f"key-{_CURRENT}"}, claims())
    signing_input = ".".join(encode_segment(encode_json(part)) for part in parts)
    return f"{signing_input}.{encode_segment(hmac.digest(pem, signing_input.encode(), hashlib.sha256))}"
