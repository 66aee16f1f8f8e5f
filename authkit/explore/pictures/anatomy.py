"""`token_anatomy(token)`: the three parts of a token, their sizes, what is in them, and what the signature covers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.explore.figures import Picture
from authkit.explore.pictures.sheet import BLUE, GREEN, INK, NORMAL, QUIET, SMALL, TITLE, VERMILION, WIDTH, Sheet
from authkit.ground.display import printable
from authkit.jose.claims import TIMES, readable_claims
from authkit.jose.decode import decode
from authkit.jose.encoding import decode_segment

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST = 12
_DOT = 14.0
"""Pixels of the bar that a dot has, where a character would have none to be seen in."""

_SHOWN = 12
"""Characters of a part that are shown: enough to know it again, never enough to use it."""


class _Part(NamedTuple):
    name: str
    written: str
    members: Mapping[str, Any]
    colour: str
    left: float
    width: float


def token_anatomy(token: str) -> Picture:
    """A picture of a token in its compact form (RFC 7515 §7.1), as it stands there: nothing is verified.

    Its table has a row a part: its characters, its bytes, whether the signature covers it, and what it holds.

    Args:
        token: The token. Of its signature no more than the beginning is shown.

    Raises:
        TokenRejected: It cannot be decoded.
        ConfigurationError: matplotlib is not installed (`extra.missing`).
    """
    decoded = decode(token)
    texts = token.split(".")
    parts = (
        _Part("header", texts[0], decoded.header, BLUE, 24, 226),
        _Part("payload", texts[1], decoded.payload, GREEN, 264, 354),
        _Part("signature", texts[2], {}, VERMILION, 632, 224),
    )
    signed = len(texts[0]) + 1 + len(texts[1])
    return Picture(_drawn(parts, len(token), signed), _in_words(parts, len(token), signed), [*map(_row, parts)])


def _bytes(part: _Part) -> int:
    return len(decode_segment(part.written))


def _row(part: _Part) -> dict[str, Any]:
    proof = "the proof over header, dot and payload"
    return {
        "part": part.name,
        "characters": len(part.written),
        "bytes": _bytes(part),
        "signed": part.name != "signature",
        "holds": proof if part.name == "signature" else ", ".join(map(printable, part.members)),
    }


def _in_words(parts: tuple[_Part, ...], size: int, signed: int) -> str:
    header, payload, signature = (len(part.written) for part in parts)
    claims = ", ".join([_brief(name) for name in parts[1].members][:_MOST]) or "nothing"
    return (
        f"Anatomy of a token of {size:,} characters, decoded and not verified. Three parts with dots between them: "
        f"the header, {header:,} characters (alg {_brief(parts[0].members.get('alg'))}, "
        f"typ {_brief(parts[0].members.get('typ', 'missing'))}); the payload, {payload:,} characters, "
        f"readable by anyone ({claims}); the signature, {signature:,} characters for {_bytes(parts[2]):,} bytes. "
        f"A bracket marks header, dot and payload, {signed:,} characters, as the signing input: "
        "the signature covers exactly that."
    )


def _brief(value: object) -> str:
    shown = printable(value)
    return shown if len(shown) <= 20 else f"{shown[:20]}…"


def _drawn(parts: tuple[_Part, ...], size: int, signed: int) -> Figure:
    lines = [*map(_lines, parts)]
    height = 282 + 22 * max(map(len, lines))
    sheet = Sheet(height, f"Anatomy of a token: {size:,} characters", "Decoded, NOT verified: anyone could write this.")
    pixels = (WIDTH - 48 - 2 * _DOT) / (size - 2)  # a character's share of the bar
    bracket = 24 + (signed - 1) * pixels + _DOT
    sheet.line([(24, 110), (24, 98), (bracket, 98), (bracket, 110)], colour=INK, width=1.6)
    sheet.text(24, 82, f"signing input: {signed:,} characters", size=NORMAL, bold=True)
    start = 24.0
    for part, shown in zip(parts, lines, strict=True):
        end = start + len(part.written) * pixels
        sheet.box(start, 112, end - start, 34, colour=part.colour, strength=0.35)
        beginning = part.written[: min(_SHOWN, len(part.written) // 3)]
        if end - start > 60:
            fitted = sheet.fit(beginning, end - start - 30, mono=True).rstrip("…")
            sheet.text(start + 8, 129, f"{fitted}…", mono=True)
        sheet.area([(start, 147), (end, 147), (part.left + part.width, 178), (part.left, 178)], colour=part.colour)
        _column(sheet, part, shown, height)
        start = end + _DOT
        if part.name != "signature":
            sheet.text(end + _DOT / 2, 136, ".", size=TITLE, bold=True, across="center")
    return sheet.figure


def _column(sheet: Sheet, part: _Part, lines: list[tuple[str, str]], height: float) -> None:
    sheet.box(part.left, 178, part.width, height - 178 - 20, colour=part.colour, strength=0.06)
    sheet.text(part.left + 12, 200, part.name, size=NORMAL, bold=True)
    sheet.text(part.left + 12, 223, f"{len(part.written):,} characters, {_bytes(part):,} bytes", colour=QUIET)
    for number, (name, value) in enumerate(lines):
        down = 250 + 22 * number
        name = sheet.fit(name, 90, bold=True)
        indent = max(38.0, sheet.width_of(f"{name} ", bold=True) + 4) if name else 0
        sheet.text(part.left + 12, down, name, bold=True)
        sheet.text(part.left + 12 + indent, down, sheet.fit(value, part.width - 24 - indent), size=SMALL)


def _lines(part: _Part) -> list[tuple[str, str]]:
    if part.name == "signature":
        return [("", "made with the key over"), ("", "exactly the signing input:"), ("", "one other letter in it,"),
                ("", "and it fits no more")]  # fmt: skip
    # A date in place of the number of seconds, which stands in the table of the claims.
    shown = [(name, value.partition(" (")[2].removesuffix(")") if name in TIMES and " (" in value else value)
             for name, value in readable_claims(part.members).items()]  # fmt: skip
    if len(shown) > _MOST:
        shown[_MOST - 1 :] = [("", f"… and {len(shown) - _MOST + 1} more")]
    return shown
