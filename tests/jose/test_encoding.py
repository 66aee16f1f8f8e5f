"""Strict base64url and strict JSON."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authkit.jose.encoding import Malformed, decode_segment, encode_json, encode_segment, parse_object

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    LEAVES | TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=10
)


@given(st.binary(max_size=80))
def test_bytes_survive_a_round_trip(raw: bytes) -> None:
    """What is encoded is decoded to the same bytes, in the library's own spelling without padding."""
    segment = encode_segment(raw)
    assert decode_segment(segment) == raw and segment == base64.urlsafe_b64encode(raw).decode().rstrip("=")


@given(st.text(max_size=12) | st.text("AQgw-_=+/ \n", max_size=9))
def test_only_one_spelling_of_bytes_is_read(segment: str) -> None:
    """Whatever is accepted is exactly what would have been written."""
    try:
        raw = decode_segment(segment)
    except Malformed as fault:
        assert fault.reason in {"alphabet", "padding", "length", "not_canonical"}
    else:
        assert encode_segment(raw) == segment


@given(st.dictionaries(TEXT, VALUES, max_size=5))
def test_json_survives_a_round_trip(value: dict[str, object]) -> None:
    """What is signed is what is read."""
    assert parse_object(encode_json(value)) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_malformed(raw: bytes) -> None:
    """Nothing but Malformed comes out of the parser."""
    try:
        assert isinstance(parse_object(raw), dict)
    except Malformed as fault:
        assert fault.reason


@given(st.text('{}[]",:\\u0d8abn1eE+-. \t', max_size=40).map(str.encode))
def test_what_is_read_is_what_the_library_reads(raw: bytes) -> None:
    """Strictness only ever refuses: an object that is accepted has the value everyone else sees."""
    try:
        value = parse_object(raw)
    except Malformed:
        return
    assert value == json.loads(raw)


def test_json_is_written_compactly() -> None:
    """No white space, no escapes that are not needed: short and the same everywhere."""
    assert encode_json({"a": 1, "b": ["é"]}) == '{"a":1,"b":["é"]}'.encode()


def test_nan_is_not_written() -> None:
    """What we would refuse to read we do not write."""
    with pytest.raises(ValueError):
        encode_json({"a": float("nan")})
