"""`signing_comparison`: measured numbers stay in the picture and in `measured`."""

import itertools
import re

from authkit.explore import signing_comparison


def test_the_table_holds_sizes_that_are_the_same_everywhere() -> None:
    """No time among them."""
    frame = signing_comparison(itertools.count().__next__).table.set_index("algorithm")
    assert [*frame.loc["HS256"]] == [32, 285, 32, "the secret itself"]
    assert frame.loc["RS256", "signature_bytes"] == 256 and frame.loc["RS256", "the_api_holds"] == "a public key"


def test_two_measurements_give_the_same_words_and_the_same_table() -> None:
    """However fast the machine is at the moment."""
    one, two = signing_comparison(), signing_comparison()
    assert one.words == two.words and one.table.equals(two.table)
    assert "longest is signing with RS256" in one.words and not re.search(r"µs|second|[0-9]\.[0-9]", one.words)


def test_the_quickest_round_counts() -> None:
    """A timer that jumps: its longest jumps are somebody else's work."""
    ticks = itertools.accumulate(itertools.cycle([0.0, 7.0, 0.0, 0.002]))
    frame = signing_comparison(lambda: next(ticks)).measured.set_index("algorithm")
    assert [*frame.loc["HS256"].round(3)] == [10, 10] and [*frame.loc["RS256"].round(3)] == [100, 100]


def test_what_was_measured_is_in_the_picture() -> None:
    """With two digits: more would be noise."""
    ticks = itertools.accumulate(itertools.cycle([0.0, 0.0024691]))
    texts = [text.get_text() for text in signing_comparison(lambda: next(ticks)).figure.axes[0].texts]
    assert texts.count("12 µs") == 2 and texts.count("120 µs") == 2
