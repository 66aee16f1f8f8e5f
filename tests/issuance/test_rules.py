"""The rule engine: rules in order, to the first refusal, over two stages."""

import pytest

from authkit import GrantRefused
from authkit.issuance.rules import Refusal, Rules

FIRST, SECOND = Rules[list[str]](), Rules[list[str]]()


@FIRST.declare("a.setting", "RFC 1 §1")
def one(seen: list[str]) -> str | Refusal:
    """Is it one?"""
    seen.append("one")
    return "it is one"


@FIRST.declare("b.setting", "RFC 2 §2")
def two(seen: list[str]) -> str | Refusal:
    """Is it two?"""
    if "stop" in seen:
        return Refusal("invalid_grant", 403, "told to the client", "told to the learner", "do not stop")
    return "it is two"


@SECOND.declare("c.setting", "RFC 3 §3")
def three(seen: list[str]) -> str | Refusal:
    """Is it three?"""
    seen.append("three")
    return "it is three"


def test_what_passes_says_what_it_saw() -> None:
    """Name and question are the function's."""
    first, second = FIRST.run([])
    assert (first.name, first.question, first.note, first.outcome) == ("one", "Is it one?", "it is one", "passed")
    assert (second.name, second.setting, second.source) == ("two", "b.setting", "RFC 2 §2")


def test_a_refusal_shows_every_rule() -> None:
    """Passed, refused, and not reached, over both stages."""
    with pytest.raises(GrantRefused) as caught:
        FIRST.run(["stop"], after=SECOND.not_reached())
    error = caught.value
    assert [(rule.name, rule.outcome) for rule in error.trace.rules] == [
        ("one", "passed"), ("two", "refused"), ("three", "not reached"),
    ]  # fmt: skip
    assert (error.error, error.status, error.description) == ("invalid_grant", 403, "told to the client")
    assert "told to the learner" in error.trace.sentence and error.remedy == "do not stop"


def test_a_later_stage_goes_on_where_the_first_ended() -> None:
    """One trace."""
    assert [rule.name for rule in SECOND.run([], before=FIRST.run([]))] == ["one", "two", "three"]


def test_rules_behind_a_refusal_do_not_run() -> None:
    """They might look at what was not found."""
    rules, seen = Rules[list[str]](), ["stop"]
    for rule in (two, three):
        rules.declare("x", "y")(rule)
    with pytest.raises(GrantRefused):
        rules.run(seen)
    assert seen == ["stop"]
