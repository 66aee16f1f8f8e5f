"""The cards of a token's three parts."""

import json

import pytest

from authkit.jose.encoding import encode_segment
from authkit.widgets.states.token_parts import read_parts
from authkit.widgets.token_cards import cards


def shown(payload: object) -> str:
    segment = encode_segment(json.dumps(payload).encode())
    return cards(read_parts(f"e30.{segment}.AA", longest=100_000), empty=False)


def test_each_card_names_its_part():
    """The tint is never the only sign."""
    html = cards(read_parts("e30.e30.AA", longest=100), empty=False)
    assert [name in html for name in ("<strong>Header", "<strong>Payload", "<strong>Signature")] == [True] * 3


def test_an_empty_panel_finds_no_fault():
    """There is nothing to repair yet."""
    assert "✘" not in cards(read_parts("", longest=100), empty=True)


@pytest.mark.parametrize("payload", [{"nested": {"exp": 1}}, {"exp": "soon"}, {"exp": None}, {"expiry": 1}])
def test_only_a_time_gets_a_date(payload):
    """A number that is a member of the payload itself."""
    assert "UTC" not in shown(payload)


@pytest.mark.parametrize("moment", [1767603600, 0, -1, 1e300, 1.5])
def test_any_number_is_a_time_that_can_be_shown(moment):
    """Even one that no calendar reaches."""
    assert "authkit-date" in shown({"exp": moment})


def test_a_long_payload_is_cut_and_says_so():
    """The panel stays a panel."""
    assert "more lines" in shown({f"member {number}": number for number in range(500)})
