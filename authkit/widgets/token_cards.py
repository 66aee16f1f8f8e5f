"""The three parts of a token as three cards: tinted, labelled, and read as far as they can be."""

from __future__ import annotations

import re
from typing import Final

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.jose.claims import TIMES
from authkit.widgets.states.token_parts import TokenPart
from authkit.widgets.states.token_times import relative

_ENCODED_SHOWN: Final = 24
_TEXT_SHOWN: Final = 400
_LINES_SHOWN: Final = 60
# Members of the outer object stand behind exactly two spaces; no text within JSON can begin a line.
_TIME = re.compile(rf'  "({"|".join(TIMES)})": (-?[0-9.eE+-]+),?')


def cards(parts: tuple[TokenPart, ...], *, empty: bool, now: float | None = None) -> display.Html:
    """One card a part.

    Args:
        parts: Header, payload and signature.
        empty: Whether there is no token at all, so that nothing is at fault yet.
        now: The NumericDate of now, for how far off a time is; without one that is not said.
    """
    shown = [_empty(part) if empty else _card(part, now) for part in parts]
    return display.tag("div", display.join(shown), class_="authkit-cards")


def _card(part: TokenPart, now: float | None) -> display.Html:
    about = [_title(part)]
    if part.encoded:
        about.append(display.tag("div", _beginning(part.encoded), class_="authkit-encoded"))
    if part.fault:
        about.append(display.tag("div", display.badge("refused", f"The {part.name} {part.fault}.")))
    if part.text:
        about.append(_json(display.text(part.text[:_TEXT_SHOWN] + ("…" if len(part.text) > _TEXT_SHOWN else ""))))
    if part.members is not None:
        about.append(_json(_with_dates(display.pretty_json(part.members), now)))
    if part.name == "signature" and not part.fault:
        about.append(display.tag("div", "Verifying tells whether it fits header and payload."))
    return _framed(part, about)


def _empty(part: TokenPart) -> display.Html:
    return _framed(part, [_title(part), display.tag("div", "–")])


def _framed(part: TokenPart, inside: list[display.Html]) -> display.Html:
    return display.tag("div", display.join(inside), class_=f"authkit-card authkit-{part.name}")


def _title(part: TokenPart) -> display.Html:
    sizes = [_counted(len(part.encoded), "character")] if part.encoded else []
    sizes += [_counted(part.size, "byte")] if part.size is not None else []
    title = display.tag("strong", part.name.capitalize())
    return display.tag("div", display.join([title, ": " if sizes else "", ", ".join(sizes)]))


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _beginning(encoded: str) -> str:
    return encoded if len(encoded) <= _ENCODED_SHOWN else f"{encoded[:_ENCODED_SHOWN]}…"


def _json(source: display.Html) -> display.Html:
    return display.tag("pre", source)


def _with_dates(source: str, now: float | None) -> display.Html:
    """JSON with the date beside every time. The dates are not selected when the JSON is copied."""
    lines = source.split("\n")
    shown = [_line(line, now) for line in lines[:_LINES_SHOWN]]
    if len(lines) > _LINES_SHOWN:
        shown.append(display.text(f"… {len(lines) - _LINES_SHOWN} more lines"))
    return display.join(shown, "\n")


def _line(line: str, now: float | None) -> display.Html:
    found = _TIME.fullmatch(line)
    if found is None:
        return display.text(line)
    moment = float(found[2])
    away = "" if now is None else relative(found[1], moment, now)
    said = f"  {readable(moment)}{', ' if away else ''}{away}"
    return display.join([line, display.tag("span", said, class_="authkit-date")])
