"""Lesson 00: its solutions pass, and each wrong answer gets a feedback of its own."""

import pytest

import authkit
from authkit.course.lessons.lesson_00 import FORGE, NOTICED

WRONG = {
    "the genuine token": ("{genuine}", "the payload is protected"),
    "another name": ("{another}", ""),
    "no text": (b"bytes", ""),
    "a dot lost": ("{dotless}", ""),
    "without a signature": ("{unsigned}", ""),
}


@pytest.fixture
def tokens(token: str) -> dict[str, str]:
    forged = authkit.attacks.edit_payload(token, sub="me")
    return {
        "genuine": token,
        "another": authkit.attacks.edit_payload(token, sub="the-boss"),
        "dotless": forged.replace(".", "", 1),
        "unsigned": f"{forged.rpartition('.')[0]}.",
    }


def test_the_solutions_pass(token: str) -> None:
    """As they stand, in the notebook's names."""
    names = {"authkit": authkit, "token": token}
    exec(FORGE.solution, names)
    assert FORGE.outcome("00", names["my_token"]).passed
    assert NOTICED.outcome("00", eval(NOTICED.solution)).passed


def test_each_wrong_answer_has_its_own_feedback(tokens: dict[str, str]) -> None:
    """In at most 40 words, and with the belief behind it."""
    said = {}
    for name, (answer, belief) in WRONG.items():
        outcome = FORGE.outcome("00", answer.format(**tokens) if isinstance(answer, str) else answer)
        assert (outcome.kind, outcome.belief) == ("try again", belief), name
        assert len(outcome.feedback.split()) <= 40
        said[name] = outcome.feedback
    assert len(set(said.values())) == len(WRONG)


@pytest.mark.parametrize("letter", ["A", "C", "D"])
def test_each_wrong_choice_has_a_reason_and_a_belief(letter: str) -> None:
    """Which the other options have not."""
    outcome = NOTICED.outcome("00", letter)
    assert outcome.kind == "try again" and outcome.belief and len(outcome.feedback.split()) <= 40
