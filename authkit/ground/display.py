"""Building HTML for notebooks with the standard library: everything that comes from outside is escaped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

TONES: Final = {
    "accepted": ("✔", "#0a7d33"),
    "refused": ("✘", "#c0341d"),
    "undecided": ("?", "#8a6100"),
    "skipped": ("–", "#6b6b6b"),
    "plain": ("", "currentColor"),
}
"""A sign and a colour for each tone. The colour only repeats what sign and words already say."""

_CELL = "text-align:left;vertical-align:top;padding:2px 14px 2px 0;white-space:normal;overflow-wrap:anywhere"
_NAME = _CELL.replace("white-space:normal;overflow-wrap:anywhere", "white-space:nowrap")
_WORDS = _CELL.replace("overflow-wrap:anywhere", "overflow-wrap:normal")
_LONGEST_WORD = 24  # characters: what is longer may be broken anywhere, else one token would make a table wide
_CODE = "margin:4px 0;padding:6px 8px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.86em;line-height:1.45;"
_CODE_FONT = "font-family:var(--jp-code-font-family,monospace);"  # a page that is not JupyterLab sets none
_MISLEADING = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BEFORE_AT = r"(?si)^(\s*https?:/*)?.*@"  # compiled when first used: it is for errors
_FRAME = "border:1px solid var(--jp-border-color2,#bdbdbd);border-radius:4px;"


class Html(str):
    """A string that is HTML already and is not escaped again."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def escape(value: object) -> str:
    """Any value as text that is no markup, and in which nothing hides or turns the line round."""
    import html  # a table of all entities, which a program that only verifies never needs

    return _MISLEADING.sub(lambda found: ascii(found[0])[1:-1], html.escape(str(value)))


def text(value: object) -> Html:
    """Any value as HTML text."""
    return value if isinstance(value, Html) else Html(escape(value))


def tag(name: str, content: object, **attributes: str) -> Html:
    """One element; attribute names take `_` for `-` and a trailing `_` for Python's keywords."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>{text(content)}</{name}>")


def join(parts: Iterable[object], separator: str = "") -> Html:
    """Several values one after the other."""
    return Html(text(separator).join(text(part) for part in parts))


def badge(tone: str, words: str) -> Html:
    """A tone in words with its sign, coloured."""
    sign, colour = TONES[tone]
    shown = f"{sign} {words}".strip()
    return tag("span", shown, style=f"font-weight:600;color:color-mix(in srgb,{colour} 80%,currentColor)")


def name(word: str) -> Html:
    """A name as it stands in code, never broken over two lines."""
    return tag("code", word, style="white-space:nowrap")


def code(source: str, label: str = "") -> Html:
    """A block of code; one click selects all of it."""
    named = {"aria_label": label} if label else {}
    style = f"{_CODE}{_CODE_FONT}{_FRAME}background:var(--jp-cell-editor-background,transparent);user-select:all;"
    return tag("pre", source, style=style, tabindex="0", **named)


def literal(value: object) -> str:
    """A value as Python source, text in double quotes where that needs no escape."""
    shown = repr(value)
    if isinstance(value, str) and shown.startswith("'") and '"' not in shown:
        return f'"{shown[1:-1]}"'
    return shown


def pretty_json(value: object) -> str:
    """JSON as people read it: two spaces an indent, other scripts left readable, what cannot be seen spelt out."""
    written = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "") -> Html:
    """A table with a header row, read well by screen readers; a column without a name has no header to read out."""
    names = (tag("th", name, scope="col", style=_NAME) if name else tag("td", "") for name in head)
    header = tag("tr", join(names))
    body = join(
        tag("tr", join(tag("td", cell, style=_fitting(cell)) for cell in row), style="background:none") for row in rows
    )
    return _titled(caption, join([tag("thead", header), tag("tbody", body)]))


def fields(values: Mapping[str, object], caption: str = "") -> Html:
    """A two-column table of names and values."""
    rows = join(
        tag(
            "tr",
            join([tag("th", printable(name), scope="row", style=_NAME), tag("td", value, style=_fitting(value))]),
            style="background:none",
        )
        for name, value in values.items()
    )
    return _titled(caption, tag("tbody", rows))


def _fitting(cell: object) -> str:
    """The style of a cell: beside a long identifier no short word is broken."""
    if isinstance(cell, Html) or any(len(word) > _LONGEST_WORD for word in str(cell).split()):
        return _CELL
    return _WORDS


def _titled(caption: str, rows: Html) -> Html:
    title = tag("caption", caption, style="text-align:left;font-weight:600;padding-bottom:4px") if caption else Html()
    return tag("table", join([title, rows]), style="border-collapse:collapse;font-size:.93em;margin:4px 0")


def fold(summary: object, content: object) -> Html:
    """Content that is hidden until its summary is chosen, by mouse or keyboard."""
    return tag("details", join([tag("summary", summary, style="cursor:pointer"), text(content)]))


def block(title: str, sentence: str, *, tone: str = "plain", note: str = "", code: str = "") -> Html:
    """A framed statement: a title in its tone, one sentence, and a note of what to do."""
    parts: list[object] = [tag("div", badge(tone, title)), tag("div", sentence)]
    if note:
        parts.append(tag("div", join([tag("strong", "Repair: "), note])))
    if code:
        parts.append(tag("div", join(["code ", tag("code", code)]), style="opacity:.75;font-size:.86em"))
    return tag("div", join(parts), style=f"{_FRAME}padding:6px 10px;margin:4px 0;max-width:880px")


def printable(value: object) -> str:
    """A value as text on one line: what would move the cursor or turn the line round is spelt out, as Python does."""
    shown = str(value)
    return shown if shown.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in shown)


def kind_of(value: object) -> str:
    """What a value is, as JSON names it; anything else by its class."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    for kinds, words in (((int, float), "a number"), (str, "text"), (list, "a list"), (dict, "an object")):
        if isinstance(value, kinds):
            return words
    return f"a {type(value).__name__}"


def address(value: object, length: int = 60) -> str:
    """An address for an error: shortened, and without a user's name and password.

    Whatever stands before its last @ is hidden: where a slash is missing, nobody can say where a password begins.
    """
    return shorten(re.sub(_BEFORE_AT, r"\1•••@", value) if isinstance(value, str) else value, length)


def shorten(value: object, length: int = 60) -> str:
    """A value on one line for an error: quoted as Python does, cut with its length said."""
    try:
        shown = repr(value)
    except Exception:  # a number of thousands of digits, lists nested too deep, a class of the learner's own
        shown = "value that cannot be written out"
    first = shown.split("\n", 1)[0]  # of what shows itself as a table
    if len(shown) <= length and first == shown:
        return shown
    kind = f"{len(value)} characters" if isinstance(value, str | bytes) else type(value).__name__
    return f"{first[:length]}… ({kind})"
