"""Lesson 01: its solutions pass, and each wrong answer gets a feedback of its own."""

from typing import Any

import pytest

import authkit
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_01 import FIXED, LIFETIME, NAME, SLASH

WRONG: dict[str, tuple[Exercise, str, str]] = {
    "one API twice": (SLASH, "(orders, orders)", "the slash does not matter"),
    "texts": (SLASH, '("https://orders.example/", "https://orders.example")', ""),
    "another host": (SLASH, '(orders, tenant.apis.create(identifier="https://stock.example/"))', ""),
    "unchanged": (LIFETIME, "orders", ""),
    "hours": (LIFETIME, "tenant.apis.update(orders, token_lifetime=720)", "lifetimes in another unit"),
    "shorter": (LIFETIME, "tenant.apis.update(orders, token_lifetime=3600)", ""),
    "a number": (LIFETIME, "30", ""),
    "nothing is fixed": (FIXED, "lambda setting: False", ""),
    "renamed": (FIXED, 'lambda setting: setting in ("id", "signing_alg")', "the identifier can be renamed"),
    "switched": (FIXED, 'lambda setting: setting in ("id", "identifier")', "the algorithm can be switched"),
    "the name too": (FIXED, 'lambda setting: setting in ("id", "identifier", "signing_alg", "name")', ""),
    "words": (FIXED, 'lambda setting: "yes"', ""),
}


@pytest.fixture
def names(tenant: Any) -> dict[str, Any]:
    """What the notebook's cells have made by then."""
    return {"authkit": authkit, "tenant": tenant, "orders": tenant.apis.create(identifier="https://orders.example/")}


@pytest.mark.parametrize("exercise", [SLASH, LIFETIME, FIXED], ids=lambda exercise: exercise.id)
def test_the_solutions_pass(names: dict[str, Any], exercise: Exercise) -> None:
    """As they stand, in the notebook's names; and the cell as it begins is no attempt."""
    answer = {SLASH: "my_pair", LIFETIME: "my_api", FIXED: "is_fixed"}[exercise]
    exec(exercise.start, names)
    assert exercise.outcome("01", names[answer]).kind == "not attempted"
    exec(exercise.solution, names)
    assert exercise.outcome("01", names[answer]).passed


@pytest.mark.parametrize("name", WRONG)
def test_each_wrong_answer_is_told_why(names: dict[str, Any], name: str) -> None:
    """In at most 40 words, with the belief behind it, and never with the answer."""
    exercise, source, belief = WRONG[name]
    outcome = exercise.outcome("01", eval(source, names))
    assert (outcome.kind, outcome.belief) == ("try again", belief)
    assert len(outcome.feedback.split()) <= 40 and "2592000" not in outcome.feedback


def test_no_two_wrong_answers_get_the_same_feedback(tenant: Any) -> None:
    """Each is told its own."""
    said = []
    for exercise, source, _ in WRONG.values():
        with authkit.training_tenant() as tenant:
            orders = tenant.apis.create(identifier="https://orders.example/")
            names = {"authkit": authkit, "tenant": tenant, "orders": orders}
            said.append(exercise.outcome("01", eval(source, names)).feedback)
    assert len(set(said)) == len(WRONG)


@pytest.mark.parametrize("letter", ["A", "B", "D"])
def test_each_wrong_choice_has_a_reason_and_a_belief(letter: str) -> None:
    """Which the other options have not."""
    outcome = NAME.outcome("01", letter)
    assert outcome.kind == "try again" and outcome.belief and len(outcome.feedback.split()) <= 40
    assert NAME.outcome("01", "C").passed
