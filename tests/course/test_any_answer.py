"""Whatever is handed in for any exercise of the course, its check says one of four things."""

import math
import time
from typing import Any

import pytest

from authkit.course.exercise import Exercise
from authkit.course.outcome import TITLES
from tests.course.solving import every_exercise


class Hostile:
    """Raises whatever is done with it."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("never equal")

    def __iter__(self) -> Any:
        raise RuntimeError("never gone through")

    def __len__(self) -> int:
        raise RuntimeError("never counted")

    def __repr__(self) -> str:
        raise RuntimeError("never shown")

    __hash__ = None  # type: ignore[assignment]


def raises(*arguments: Any, **named: Any) -> Any:
    raise KeyError("kid")


def prints(*arguments: Any, **named: Any) -> Any:
    print("x" * 10**6)


def wrong_number_of_arguments() -> None: ...


ITSELF: list[object] = []
ITSELF.append(ITSELF)

ANSWERS: dict[str, Any] = {
    "nothing": None,
    "a text": "B",
    "an empty text": "",
    "a large text": "ü" * 10**6,
    "half a surrogate pair": "\ud800",
    "bytes": b"\xff",
    "a number": 7,
    "a large number": 10**5000,
    "no number": math.nan,
    "endless": math.inf,
    "a truth": True,
    "a list": [1, None],
    "a list in itself": ITSELF,
    "a dict": {"a": 1, None: 2},
    "a set": {1, 2},
    "a class": Hostile,
    "what raises": Hostile(),
    "returns nothing": lambda *arguments, **named: None,
    "returns a truth": lambda *arguments, **named: True,
    "returns no number": lambda *arguments, **named: math.nan,
    "returns a list": lambda *arguments, **named: [Hostile()],
    "returns a dict": lambda *arguments, **named: {"kid": Hostile()},
    "returns what raises": lambda *arguments, **named: Hostile(),
    "returns itself": lambda *arguments, **named: arguments,
    "returns the first": lambda *arguments, **named: arguments[0] if arguments else None,
    "raises": raises,
    "leaves": lambda *arguments, **named: exit(1),
    "prints megabytes": prints,
    "takes nothing": wrong_number_of_arguments,
    "generates": lambda *arguments, **named: (one for one in arguments),
}

each_exercise = pytest.mark.parametrize(
    ("number", "exercise"), [pytest.param(*one, id=f"{one[0]}-{one[1].id}") for one in every_exercise()]
)


@each_exercise
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_any_answer_has_an_outcome(number: str, exercise: Exercise, capsys: pytest.CaptureFixture[str]) -> None:
    """One of four, in few words, within the time; and nothing is printed on the way."""
    for name, answer in ANSWERS.items():
        start = time.monotonic()
        outcome = exercise.outcome(number, answer)
        assert outcome.kind in TITLES, name
        assert len(repr(outcome)) < 1500 and "Traceback" not in outcome.feedback, name
        assert outcome._repr_html_(), name
        assert time.monotonic() - start < 4, name
    assert capsys.readouterr() == ("", "")
