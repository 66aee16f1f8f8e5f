"""Decoding reads and trusts nothing."""

from typing import Any

import pytest

import authkit
from authkit import Claims, ConfigurationError, DecodedToken, TokenRejected
from authkit.attacks import edit_payload
from authkit.jose import SigningKey, sign
from authkit.jose.encoding import encode_segment

PAYLOAD = {"iss": "https://i/", "sub": "<b>me</b>", "exp": 1767603600}


@pytest.fixture
def decoded(key: SigningKey) -> DecodedToken:
    return authkit.decode(sign(PAYLOAD, key, alg="RS256"))


def test_decoding_gives_the_three_parts(decoded: DecodedToken, key: SigningKey) -> None:
    """Header, payload and the signature's bytes."""
    assert decoded.header == {"alg": "RS256", "typ": "JWT", "kid": key.kid}
    assert decoded.payload == PAYLOAD and len(decoded.signature) == 256


def test_its_payload_is_never_claims(decoded: DecodedToken) -> None:
    """Nothing half-verified has the type that verified claims have."""
    assert not isinstance(decoded.payload, Claims)


def test_it_says_that_nothing_was_verified(decoded: DecodedToken) -> None:
    """In the terminal and in the notebook."""
    assert "NOT verified" in repr(decoded) and "NOT verified" in decoded._repr_html_()


def test_html_is_escaped(decoded: DecodedToken) -> None:
    """A token is anyone's text."""
    assert "<b>me" not in decoded._repr_html_() and "&lt;b&gt;me" in decoded._repr_html_()


def test_a_forged_token_is_decoded_all_the_same(key: SigningKey) -> None:
    """Decoding is no check."""
    forged = edit_payload(sign(PAYLOAD, key, alg="RS256"), sub="boss")
    assert authkit.decode(forged).payload["sub"] == "boss"


@pytest.mark.parametrize("header", [b'{"alg":"none"}', b'{"alg":"X"}', b"{}", b'{"alg":1,"typ":2,"crit":[]}'])
def test_an_unknown_algorithm_does_not_stop_it(header: bytes) -> None:
    """Only a token that cannot be read is refused."""
    assert authkit.decode(f"{encode_segment(header)}.e30.").payload == {}


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (None, "size.not_text"),
        (b"e30.e30.", "size.not_text"),
        ("x" * 20_000, "size.too_large"),
        ("", "form.segments"),
        ("e30.e30", "form.segments"),
        ("e30.e30.e30.e30", "form.segments"),
        ("e30=.e30.", "base64url.padding"),
        ("é.e30.", "base64url.alphabet"),
        ("e31.e30.", "base64url.not_canonical"),
        ("e30.bnVsbA.", "json.not_an_object"),
        ("e30.eA.", "json.not_json"),
    ],
)
def test_what_cannot_be_read_is_rejected(token: str, code: str) -> None:
    """The first reading check that refuses gives the code."""
    with pytest.raises(TokenRejected) as caught:
        authkit.decode(token)
    assert caught.value.code == code


def test_a_hostile_token_cannot_write_on_the_screen(key: SigningKey) -> None:
    """Names and values are printed on one line each, with what would move the cursor or turn the text spelt out."""
    hostile = "x\x1b[2J\rClaims, verified:\n  sub boss\u202e"
    token = sign({"iss": hostile, hostile: 1, "list": [hostile], "exp": 1e300}, key, alg="RS256", typ=hostile)
    decoded = authkit.decode(token)
    for shown in (repr(decoded), decoded._repr_html_()):
        assert not {"\x1b", "\r", "\u202e"} & set(shown)
        assert not [line for line in shown.splitlines() if line.startswith("Claims")]
    assert len(repr(decoded).splitlines()) == 4 + len(decoded.header) + len(decoded.payload) + 1
    assert not set("\x1b\r\u202e") & set(repr(Claims(decoded.payload)) + Claims(decoded.payload)._repr_html_())


def test_what_a_policy_takes_can_be_read(key: SigningKey) -> None:
    """The limit is the reader's own; each refusal names the one that counts."""
    token = sign({**PAYLOAD, "x": "y" * 20_000}, key, alg="RS256")
    assert authkit.decode(token, max_size=len(token)).payload["x"] == "y" * 20_000
    for limit in ({}, {"max_size": len(token) - 1}):
        with pytest.raises(TokenRejected) as caught:
            authkit.decode(token, **limit)
        assert caught.value.code == "size.too_large" and f"{limit.get('max_size', 16384):,}" in caught.value.message


@pytest.mark.parametrize("limit", [0, -1, None, "5", 1.5, True], ids=repr)
def test_a_limit_is_a_number_of_characters(limit: Any) -> None:
    """As a policy has it."""
    with pytest.raises(ConfigurationError) as caught:
        authkit.decode("e30.e30.", max_size=limit)
    assert caught.value.code == "policy.max_size"
