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


@given(st.text("AQgwBEIc-_", max_size=9))
def test_every_canonical_spelling_is_read(segment: str) -> None:
    """Strict, and no stricter: what the library would write for these bytes is taken."""
    try:
        raw = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raw = None
    canonical = raw is not None and encode_segment(raw) == segment
    try:
        assert decode_segment(segment) == raw and canonical
    except Malformed:
        assert not canonical


@given(st.text('[]{}"\\\\a', max_size=60))
def test_depth_is_counted_outside_of_quotes(inside: str) -> None:
    """However the quotes and backslashes fall; a depth beyond the limit is found before anything is parsed."""
    quoted = json.dumps(inside)
    assert parse_object(f'{{"x":{"[" * 15}{quoted}{"]" * 15}}}'.encode())
    with pytest.raises(Malformed) as caught:
        parse_object(f'{{"y":{quoted},"x":{"[" * 16}{quoted}{"]" * 16}}}'.encode())
    assert caught.value.reason == "too_deep"


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


@pytest.mark.parametrize("space", [" ", "\n", "\t\r\n "])
def test_white_space_around_an_object_is_json(space: str) -> None:
    """RFC 8259 §2 allows it; nothing else may stand there."""
    assert parse_object(f"{space}{{}}{space}".encode()) == {}
    with pytest.raises(Malformed):
        parse_object(f"{{}}{space}x".encode())


def test_json_is_written_compactly() -> None:
    """No white space, no escapes that are not needed: short and the same everywhere."""
    assert encode_json({"a": 1, "b": ["é"]}) == '{"a":1,"b":["é"]}'.encode()


def test_nan_is_not_written() -> None:
    """What we would refuse to read we do not write."""
    with pytest.raises(ValueError):
        encode_json({"a": float("nan")})


def test_the_member_that_is_twice_is_named() -> None:
    """The first of them, among however many."""
    members = ",".join(f'"{number}":0' for number in range(30_000))
    with pytest.raises(Malformed) as caught:
        parse_object(f'{{{members},"29998":1,"29999":1}}'.encode())
    assert caught.value.reason == "duplicate_member" and "'29998'" in str(caught.value)


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_sign_is_no_digit(sign: str) -> None:
    """A number and its negative are both read, or neither; the refusal counts digits alone."""
    assert parse_object(f'{{"x":{sign}1234567890123456789}}'.encode()) == {"x": int(f"{sign}1234567890123456789")}
    with pytest.raises(Malformed) as caught:
        parse_object(f'{{"x":{sign}12345678901234567890}}'.encode())
    assert caught.value.reason == "number_too_large" and "20 digits" in str(caught.value)
