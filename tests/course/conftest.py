"""A learner's progress in a folder of its own, and two exercises to do."""

from pathlib import Path

import pytest

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Lesson, Plan
from authkit.course.progress import Progress


def _doubles(answer: Answer) -> None:
    for number in (1, 0, -3):
        got = answer(number)
        if type(got) is not int or got != 2 * number:
            raise TryAgain("Some number did not come back doubled. What does it do with nothing?", "adds two")


DOUBLE = Exercise(
    id="q1",
    title="Double a number",
    check=_doubles,
    hints=("Think of two.", "Multiply.", "number * 2"),
    solution="def double(number):\n    return number * 2",
    done="Every number came back doubled.",
    start="def double(number):\n    return TODO",
)
WHO = choice(
    id="q2",
    title="Who signs?",
    options={"A": "The tenant", "B": "The API", "C": "Nobody"},
    right="A",
    reasons={"B": "The API holds no key. Who does?", "C": "Then who made the signature?"},
    beliefs={"B": "the API signs"},
    hints=("Who holds the key?",),
    done="The tenant holds the key.",
)
PLAN = Plan(number="99", title="Two exercises", exercises=(DOUBLE, WHO))


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "own" / "progress.sqlite3")


@pytest.fixture
def lesson(progress: Progress) -> Lesson:
    return Lesson(PLAN, progress)
