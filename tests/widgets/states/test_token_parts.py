"""The parts of whatever was pasted, each read on its own."""

import pytest

from authkit.widgets.states.token_parts import read_parts

HEADER = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}


def test_a_good_token_is_read_in_three_parts(token):
    """Two objects, and the size of the signature."""
    header, payload, signature = read_parts(token, longest=10_000)
    assert header.members is not None
    assert header.members["alg"] == "RS256"
    assert payload.members is not None
    assert payload.members["aud"] == "https://orders.example/"
    assert signature.size == 256
    assert not header.fault + payload.fault + signature.fault


def test_one_broken_part_does_not_hide_the_others():
    """The header is read although the payload is no base64url."""
    header, payload, signature = read_parts(f"{HEADER}.ü.AA", longest=100)
    assert header.members == {"alg": "none"}
    assert payload.fault
    assert signature.size == 1


@pytest.mark.parametrize(
    ("token", "at_fault"),
    [
        ("", ["header", "payload", "signature"]),
        (HEADER, ["payload", "signature"]),
        (f"{HEADER}.{HEADER}.", ["signature"]),
        (f"{HEADER}.{HEADER}.AA.AA", []),
        (f"{HEADER}.W10.AA", ["payload"]),
    ],
)
def test_a_part_that_cannot_be_read_says_so(token, at_fault):
    """Missing, empty or no object; a fourth part is no fault of the first three."""
    assert [part.name for part in read_parts(token, longest=100) if part.fault] == at_fault


def test_text_that_is_no_json_is_shown_as_text():
    """A reader sees what is there in place of an object."""
    _, payload, _ = read_parts(f"{HEADER}.aGVsbG8.AA", longest=100)
    assert (payload.text, payload.members) == ("hello", None)


def test_a_token_that_is_too_long_is_not_read():
    """Two megabytes cost nothing."""
    parts = read_parts("a" * 2_000_000, longest=100)
    assert all(part.members is None and part.size is None for part in parts)
