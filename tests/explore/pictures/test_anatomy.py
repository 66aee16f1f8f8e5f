"""`token_anatomy`: sizes, what is inside, and what the signature covers."""

from typing import Any

import pytest

from authkit import TokenRejected, decode
from authkit.attacks import edit_payload
from authkit.explore import token_anatomy
from authkit.jose.encoding import encode_segment


def test_the_table_has_the_size_of_each_part(token: str) -> None:
    """Characters as they are sent, bytes as they are meant; header and payload are signed."""
    frame = token_anatomy(token).table
    parts = token.split(".")
    assert [*frame["part"]] == ["header", "payload", "signature"]
    assert [*frame["characters"]] == [len(part) for part in parts] and frame["bytes"][2] == 256
    assert [*frame["signed"]] == [True, True, False]
    assert frame["holds"][1] == ", ".join(decode(token).payload)


def test_the_words_name_parts_sizes_and_the_signing_input(token: str) -> None:
    """And say that nothing is verified."""
    words = token_anatomy(token).words
    header, payload, signature = map(len, token.split("."))
    for said in (
        f"a token of {len(token)} characters", "not verified", f"the header, {header} characters (alg RS256, typ JWT)",
        f"the payload, {payload} characters", f"the signature, {signature} characters for 256 bytes",
        f"{header + payload + 1} characters, as the signing input", "iss, sub, aud",
    ):  # fmt: skip
        assert said in words, said


def test_an_unknown_algorithm_is_drawn_too(token: str) -> None:
    """Decoding needs none; what the header holds may be anything."""
    header = encode_segment(b'{"alg":{"deep":["<b>"]}}')
    picture = token_anatomy(".".join([header, *token.split(".")[1:]]))
    assert "typ missing" in picture.words and picture.png()


def test_a_token_that_says_nothing_is_drawn_too() -> None:
    """An empty payload, the shortest of signatures."""
    picture = token_anatomy(".".join(map(encode_segment, (b'{"alg":"HS256"}', b"{}", b"x"))))
    assert [*picture.table["holds"]] == ["alg", "", "the proof over header, dot and payload"]
    assert "readable by anyone (nothing)" in picture.words and picture.png()


def test_many_and_odd_claims_are_cut_and_counted(token: str) -> None:
    """A megabyte in a claim, letters without a glyph, formulas, line breaks."""
    many: dict[str, Any] = {f"claim-{number}": number for number in range(30)}
    picture = token_anatomy(edit_payload(token, **{"$\\frac$": "x\ny", "😀": "漢" * 1000, "exp": 1e300}, **many))
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert [text for text in texts if text.startswith("… and ")] == ["… and 29 more"]
    assert "□" in "".join(texts) and picture.png() and "$\\frac$" in texts and "x\\ny" in texts


@pytest.mark.parametrize("nothing", ["", "opaque", "a.b.c", None])
def test_what_is_no_token_has_no_anatomy(nothing: Any) -> None:
    """The decoder's own refusal."""
    with pytest.raises(TokenRejected):
        token_anatomy(nothing)
