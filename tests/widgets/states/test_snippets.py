"""Values as source that gives them back."""

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authkit.ground.display import literal
from authkit.widgets.states.snippets import mapping


@given(st.text())
@example("\"'\\\n\r\u2028{}%")
@example("\ud800")
def test_text_comes_back_as_it_was(text):
    """Quotes, backslashes and line breaks included; the source is one line of what can be printed."""
    source = literal(text)
    assert ast.literal_eval(source) == text
    assert source.isprintable()


@given(st.dictionaries(st.text(), st.text(), min_size=1))
def test_a_mapping_comes_back_as_it_was(values):
    """In its order."""
    assert list(ast.literal_eval(mapping(values)).items()) == list(values.items())


@pytest.mark.parametrize(
    ("value", "source"), [("a", '"a"'), ("it's", '"it\'s"'), ('"', "'\"'"), (5, "5"), (True, "True")]
)
def test_double_quotes_where_they_need_no_escape(value, source):
    """The style of every other example."""
    assert literal(value) == source
