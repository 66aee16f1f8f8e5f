"""Whatever is handed in, a check says one of four things."""

import math
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from authkit.course import TODO
from authkit.course.lesson import Lesson
from authkit.ground import display


class Hostile:
    """Raises whatever is done with it."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("never equal")

    def __repr__(self) -> str:
        raise RuntimeError("never shown")

    __hash__ = None  # type: ignore[assignment]


class Calls:
    """A function that is none, and has no name."""

    def __call__(self, number: int) -> int:
        return int([][number])


def loops(number: int) -> int:
    while True:
        pass


def swallows(number: int) -> int:
    while True:
        try:
            time.sleep(0.01)
        except Exception:
            continue


def test_a_right_answer_passes(lesson: Lesson) -> None:
    """In any spelling."""
    assert lesson.q1.check(lambda number: number + number).passed
    assert lesson.q2.check("A").passed and lesson.q2.check(" a ").passed


@pytest.mark.parametrize("answer", [TODO, lambda number: TODO])
def test_todo_is_no_attempt(lesson: Lesson, answer: Any) -> None:
    """Neither as the answer nor as what a function returns."""
    assert lesson.q1.check(answer).kind == "not attempted"
    assert lesson.q1.standing.tried == 0


@pytest.mark.parametrize(
    "answer",
    [None, "double", 2, math.nan, [], {}, object(), Hostile(), lambda number: None, lambda number: float(number) * 2,
     lambda number: Hostile(), lambda number: math.nan, lambda number: "x" * 10**6],
)  # fmt: skip
def test_a_wrong_answer_of_any_kind_is_tried_again(lesson: Lesson, answer: Any) -> None:
    """Also what cannot be compared or shown; and in few words."""
    outcome = lesson.q1.check(answer)
    assert outcome.kind == "try again" and len(outcome.feedback.split()) <= 40
    assert len(repr(outcome)) < 500


@pytest.mark.parametrize(
    "answer",
    [lambda number: 1 / 0, lambda: 1, lambda number: sys.exit(3), lambda number: [].pop(),
     lambda number: swallow(number), lambda number: Hostile() == 1, Calls()],
)  # fmt: skip
def test_code_that_raises_is_an_error_with_its_input(lesson: Lesson, answer: Any) -> None:
    """Which call broke; the kernel goes on."""
    outcome = lesson.q1.check(answer)
    assert outcome.kind == "error" and "(1) raised" in outcome.feedback and "Traceback" not in outcome.feedback


def swallow(number: int) -> int:
    return swallow(number)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer that could end it")
@pytest.mark.parametrize("answer", [loops, swallows])
def test_code_without_end_is_ended(lesson: Lesson, answer: Any) -> None:
    """After two seconds, also where it swallows every `Exception`."""
    before = time.process_time()
    outcome = lesson.q1.check(answer)
    assert outcome.kind == "error" and "still running" in outcome.feedback
    assert time.process_time() - before < 4


@pytest.mark.slow
def test_no_answer_ends_the_kernel(tmp_path: Path) -> None:
    """In a kernel `exit` is another one than Python's: it raises nothing, and the kernel ends when the cell has."""
    cells = [
        "import asyncio, authkit\nlesson = authkit.course.lesson('02')\n"
        "for leave in (exit, quit): lesson.q2.check(lambda part: leave())",
        "await asyncio.sleep(0.5)\nprint('alive')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute(
        env={**os.environ, "AUTHKIT_HOME": str(tmp_path)}
    )
    assert notebook.cells[-1].outputs[0].text == "alive\n"


async def waits(number: int) -> int:
    return number * 2


@pytest.mark.filterwarnings("error")
def test_an_async_function_is_told_so(lesson: Lesson) -> None:
    """And its coroutine is closed, so that Python has nothing to warn of."""
    outcome = lesson.q1.check(waits)
    assert outcome.kind == "try again" and "waits is async" in outcome.feedback
    assert len(outcome.feedback.split()) <= 40


def test_it_works_in_another_thread(lesson: Lesson) -> None:
    """Where no timer can be set."""
    outcomes: list[str] = []
    thread = threading.Thread(target=lambda: outcomes.append(lesson.q1.check(lambda number: 2 * number).kind))
    thread.start()
    thread.join()
    assert outcomes == ["passed"]


def test_what_it_prints_is_not_shown(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    """It might be megabytes, and the expected answers of the check's inputs."""

    def double(number: int) -> int:
        print("x" * 10**6)
        return number * 2

    assert lesson.q1.check(double).passed
    assert capsys.readouterr() == ("", "")


def test_what_it_does_to_its_inputs_is_forgotten() -> None:
    """Each call gets copies of its own."""
    from authkit.course.answer import Answer

    given = {"keys": [1]}
    Answer(lambda keys: keys["keys"].clear())(given)
    assert given == {"keys": [1]}


def test_the_line_at_fault_is_the_learners_own(shell: Any, lesson: Lesson) -> None:
    """And no line of a library or of ours."""
    shell.run_cell("import json\ndef double(number):\n    text = '{'\n    return json.loads(text)\n")
    feedback = lesson.q1.check(shell.user_ns["double"]).feedback
    assert "JSONDecodeError" in feedback and "in line 4: return json.loads(text)" in feedback


def test_a_choice_answers_each_wrong_option(lesson: Lesson) -> None:
    """With its reason and the belief behind it; what is no option names the options."""
    outcome = lesson.q2.check("B")
    assert (outcome.kind, outcome.belief) == ("try again", "the API signs") and "holds no key" in outcome.feedback
    for odd in ("D", "", 1, None, ["A"]):
        assert "'A', 'B', 'C'" in lesson.q2.check(odd).feedback


def test_an_outcome_shows_itself(lesson: Lesson) -> None:
    """In words, and escaped."""
    outcome = lesson.q2.check("<b>\x1b[1m")
    assert repr(outcome).startswith("TRY AGAIN (99 q2).") and "\x1b" not in repr(outcome)
    assert "<b>" not in outcome._repr_html_() and display.text("<b>") in outcome._repr_html_()
