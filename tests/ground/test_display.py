"""HTML is built with everything from outside escaped."""

from collections.abc import Callable

import pytest

from authkit.ground import display

EVIL = '<img src=x onerror="alert(1)">&\''


@pytest.mark.parametrize(
    "build",
    [
        lambda: display.text(EVIL),
        lambda: display.tag("p", EVIL),
        lambda: display.tag("p", "", title=EVIL),
        lambda: display.join([EVIL, EVIL], EVIL),
        lambda: display.badge("refused", EVIL),
        lambda: display.code(EVIL, label=EVIL),
        lambda: display.table([EVIL], [[EVIL]], caption=EVIL),
        lambda: display.fields({EVIL: EVIL}, caption=EVIL),
        lambda: display.fold(EVIL, EVIL),
        lambda: display.block(EVIL, EVIL, note=EVIL, code=EVIL),
    ],
    ids=["text", "tag", "attribute", "join", "badge", "code", "table", "fields", "fold", "block"],
)
def test_what_comes_from_outside_is_escaped(build: Callable[[], display.Html]) -> None:
    """No builder lets a value become markup, in text or in an attribute."""
    built = build()
    assert "<img" not in built and 'onerror="' not in built and "&lt;img" in built


def test_html_is_not_escaped_twice() -> None:
    """What is HTML already stays as it is."""
    assert display.text(display.tag("b", "a < b")) == "<b>a &lt; b</b>"


def test_html_shows_itself_in_a_notebook() -> None:
    """Built HTML is displayed, not quoted."""
    assert display.tag("b", "x")._repr_html_() == "<b>x</b>"


def test_a_verdict_is_never_colour_alone() -> None:
    """Every tone but the plain one has a sign of its own."""
    signs = [sign for tone, (sign, _) in display.TONES.items() if tone != "plain"]
    assert all(signs) and len(set(signs)) == len(signs)


class Hostile:
    """An object whose repr fails."""

    def __repr__(self) -> str:
        raise RuntimeError


def nested(levels: int) -> object:
    value: object = None
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [10**5000, nested(100_000), Hostile()], ids=["digits", "nesting", "hostile"])
def test_a_value_that_cannot_be_written_out_is_named(value: object) -> None:
    """An error about a strange value is never lost to a second error."""
    assert "cannot be written out" in display.shorten(value)


def test_shortening_keeps_one_line_and_says_the_length() -> None:
    """Control characters are quoted, the rest is cut."""
    assert display.shorten("a\nb\x1b") == "'a\\nb\\x1b'"
    assert display.shorten("x" * 100).endswith("(100 characters)") and len(display.shorten("x" * 10_000)) < 90


def test_json_is_pretty_and_readable() -> None:
    """Other scripts stay as they are; what JSON does not know becomes text."""
    assert display.pretty_json({"é": {1}}) == '{\n  "é": "{1}"\n}'


def test_a_table_breaks_no_short_word_and_every_long_one() -> None:
    """Beside a token, which may be broken anywhere, `previous` stays whole."""
    shown = str(display.table(("place", "kid"), [("previous", "x" * 43)]))
    place, kid = (cell.split("</td>")[0] for cell in shown.split("<td")[1:])
    assert "overflow-wrap:normal" in place and "overflow-wrap:anywhere" in kid


def test_nothing_hides_in_a_text_or_turns_its_line_round() -> None:
    """Neither in a sentence nor in an attribute; other scripts stay as they are."""
    hostile = "Orders\u202e)metsys(\u200b\ufeff"
    for built in (display.text(hostile), display.tag("b", hostile, title=hostile), display.code(hostile)):
        assert "\\u202e)metsys(\\u200b\\ufeff" in built and built.isprintable()
    assert display.text("\u05e9\u05dc\u05d5\u05dd, 日本") == "\u05e9\u05dc\u05d5\u05dd, 日本"


def test_what_shows_itself_as_a_table_is_named_by_its_first_line() -> None:
    """An error is a sentence."""

    class Table:
        def __repr__(self) -> str:
            return "Table\n  a  b"

    assert display.shorten(Table()) == "Table… (Table)"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "null"), (True, "true"), (5, "a number"), (0.5, "a number"), ("x", "text"), ([], "a list"),
     ({}, "an object"), (b"", "a bytes")],
)  # fmt: skip
def test_what_a_value_is_in_words(value: object, words: str) -> None:
    """As JSON has it, for whoever reads JSON and no Python."""
    assert display.kind_of(value) == words


@pytest.mark.parametrize(
    "value",
    [
        "https://user:hunter2@h/x", "https:/user:hunter2@h/x", "https:user:hunter2@h/x", "https:///user:hunter2@h/x",
        "https//user:hunter2@h/x", "https;//user:hunter2@h/x", "HTTPS://user:hunter2@h/x", " https:/user:hunter2@h/x",
        "user:hunter2@h/x", "//user:hunter2@h/x", "https:\\\\user:hunter2@h/x", "ftp:user:hunter2@h/x",
        "https://user:hun/ter2@h/x", "https://user:hun?ter2#hunter2@h/x", "https://user:hun@ter2@h/x",
        "https://\nuser:hunter2@h/x", "https://hunter2@h/x",
    ],
)  # fmt: skip
def test_an_address_shows_no_password_however_it_is_mistyped(value: str) -> None:
    """A slash too few is no reason to print it; host and path stay."""
    shown = display.address(value)
    assert "hun" not in shown and "ter2" not in shown and "user" not in shown and shown.endswith("@h/x'")


@pytest.mark.parametrize("value", ["https://h/x?a=b#c", "http://h", "x", "", None, 5, b"https://h/"])
def test_an_address_without_a_user_is_shown_as_it_is(value: object) -> None:
    """Whatever it is."""
    assert display.address(value) == repr(value)
