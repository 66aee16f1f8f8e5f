"""Hostile tokens by the thousand: none accepted, nothing raised but TokenRejected, and both faces agree."""

import json
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import authkit
from authkit import KeySet, Secret, SteerableClock, TokenRejected, Verifier
from authkit.jose import SigningSecret, sign
from authkit.jose.encoding import encode_segment

NOW = 1767603600
SECRET = "a-shared-secret-of-a-good-length-for-tests!"
HEADER = {"alg": "HS256", "typ": "JWT"}
PAYLOAD = {"iss": "https://i/", "sub": "s", "aud": "a", "iat": NOW, "exp": NOW + 60, "scope": "read"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ \n\0é\ud800"


@cache
def verifier() -> Verifier:
    keys = KeySet.from_secret(SECRET.encode())
    return Verifier(issuer="https://i/", audience="a", keys=keys, algorithms=["HS256"], clock=SteerableClock())


@cache
def good() -> str:
    return sign(PAYLOAD, SigningSecret(Secret(SECRET)), alg="HS256")


def judged(token: Any) -> str:
    """The code of the refusal, or "" if accepted; both faces and decode are asked."""
    verdict = verifier().explain(token)
    try:
        claims = verifier().verify(token)
    except TokenRejected as rejected:
        assert verdict.outcome == "refused" and verdict.claims is None
        assert verdict.decisive is not None and verdict.decisive.code == rejected.code
        try:
            authkit.decode(token)
        except TokenRejected as unreadable:
            assert unreadable.code == rejected.code
        return rejected.code
    assert verdict.outcome == "accepted" and verdict.claims == claims
    return ""


def resigned(header: dict[str, Any], payload: dict[str, Any]) -> str:
    parts = (json.dumps(part).encode("utf-8", "surrogatepass") for part in (header, payload))
    signing_input = ".".join(encode_segment(part) for part in parts)
    return (
        f"{signing_input}.{encode_segment(SigningSecret(Secret(SECRET)).sign_bytes('HS256', signing_input.encode()))}"
    )


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The good token with a few characters changed, put in, or taken out."""
    characters = list(good())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(characters) - 1))
        characters[place : place + draw(st.integers(0, 2))] = draw(st.text(ALPHABET, max_size=2))
    return "".join(characters)


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    """Segments of good and bad tokens, in any order and number."""
    pool = [*good().split("."), "", "e30", "bnVsbA", encode_segment(b'{"alg":"none"}')]
    return ".".join(draw(st.lists(st.sampled_from(pool), max_size=5)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["a", "JWT", NOW]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
HEADER_EDITS = st.dictionaries(
    st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "cty", "jwk", "jku", "x5c", "x5u", "x"]),
    JSON,
    max_size=3,
)
PAYLOAD_EDITS = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "x"]), JSON, max_size=3
)


@settings(max_examples=400)
@given(mutated() | shuffled())
def test_no_mutated_token_is_accepted(token: str) -> None:
    """One changed character is one too many; only the token itself passes."""
    assert (judged(token) == "") == (token == good())


@settings(max_examples=200)
@given(st.text(max_size=60) | st.binary(max_size=60) | st.integers() | st.none() | st.lists(st.text(), max_size=3))
def test_anything_at_all_is_refused(token: Any) -> None:
    """Text or not."""
    assert judged(token)


@settings(max_examples=300)
@given(HEADER_EDITS, PAYLOAD_EDITS)
def test_edits_under_the_old_signature_are_refused(header: dict[str, Any], payload: dict[str, Any]) -> None:
    """Whatever an attacker writes without the key."""
    forged = resigned({**HEADER, **header}, {**PAYLOAD, **payload}).rpartition(".")[0] + "." + good().rpartition(".")[2]
    assert judged(forged)


@settings(max_examples=300)
@given(HEADER_EDITS, PAYLOAD_EDITS)
def test_well_signed_nonsense_never_crashes(header: dict[str, Any], payload: dict[str, Any]) -> None:
    """An issuer can be wrong too: it is a verdict, and never another exception; what passes is right."""
    token = resigned({**HEADER, **header}, {**PAYLOAD, **payload})
    if judged(token) == "":
        claims = verifier().verify(token)
        assert claims["iss"] == "https://i/" and "a" in claims["aud"] and claims["exp"] > NOW
        assert not {"crit", "b64", "zip", "cty"} & header.keys()
        assert "nbf" not in claims or claims["nbf"] <= NOW
        assert isinstance(claims["sub"], str) and claims["iat"] <= NOW + 60
