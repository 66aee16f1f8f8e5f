"""What was typed, as values and as words."""

import pytest

from authkit.widgets.states import fields


@pytest.mark.parametrize(
    ("typed", "value"),
    [("86400", 86400), (" 60 ", 60), ("-1", -1), ("0.5", "0.5"), ("soon", "soon"), ("٣", "٣"), ("1_0", "1_0")],
)
def test_only_a_whole_number_becomes_one(typed, value):
    """Everything else stays text, for the model's rule to speak about."""
    assert fields.lifetime(typed) == value


def test_a_line_is_a_value_and_a_description():
    """The first word, and the rest of the line; empty lines count for nothing."""
    assert fields.scope_list("read:a  Read a\n\nwrite:a\tWrite a\nall") == (
        {"value": "read:a", "description": "Read a"},
        {"value": "write:a", "description": "Write a"},
        {"value": "all", "description": ""},
    )


def test_an_indented_line_has_no_value():
    """So that a scope without a value can be typed, and is named."""
    assert fields.scope_list("  Read a") == ({"value": "", "description": "Read a"},)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (86400, "24 hours"),
        (2592000, "30 days"),
        (3600, "1 hour"),
        (90, "1 minute 30 seconds"),
        (90061, "1 day 1 hour"),
        (0, "0 seconds: expired as soon as it is issued"),
        (-1, ""),
        ("soon", ""),
    ],
)
def test_a_span_of_time_in_words(seconds, words):
    """As people say it; nothing for what is no span of time."""
    assert fields.span(seconds) == words
