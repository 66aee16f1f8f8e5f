"""`authkit notes`: for who teaches, on a terminal and in a pipe."""

from collections.abc import Callable

import pytest

from authkit.course import numbers
from tests.cli.conftest import Command

HEADINGS = [
    "## Minute by minute", "## Where to cut", "## Questions to ask", "## Three likely wrong answers", "## Demo",
    "## Pair exercise", "## When a check fails",
]  # fmt: skip
IN_PAIRS = ("03", "06", "09")
"""The lessons after which forger and defender swap."""


@pytest.mark.parametrize("number", numbers())
def test_every_lesson_has_all_of_them(authkit: Command, number: str) -> None:
    """With the same headings, in the same order, and no longer than somebody reads before a lesson."""
    done = authkit("notes", number)
    assert done.code == 0 and done.err == ""
    lines = done.out.splitlines()
    assert lines[0].startswith(f"# {number} ")
    expected = [heading for heading in HEADINGS if heading != "## Pair exercise" or number in IN_PAIRS]
    assert [line for line in lines if line.startswith("## ")] == expected
    assert len(lines) <= 90


@pytest.mark.parametrize("number", numbers())
def test_they_name_three_wrong_answers(authkit: Command, number: str) -> None:
    """What is said, and what to ask back."""
    section = authkit("notes", number).out.split("## Three likely wrong answers")[1].split("\n## ")[0]
    answers = [line for line in section.splitlines() if line.startswith("- ")]
    assert len(answers) == 3 and all("?" in line for line in answers)


def test_a_failed_check_has_a_script(authkit: Command) -> None:
    """The same after every lesson."""
    assert authkit("notes", "01").out.rstrip().endswith("4. Then hint 1.")


def test_an_unknown_lesson_is_one_error(authkit: Command) -> None:
    """Which says what there is."""
    authkit("notes", "77").assert_one_error("course.no_lesson")


def test_a_terminal_shows_it_laid_out(on_a_terminal: Callable[..., str]) -> None:
    """Headings without their marks, lines no longer than the terminal."""
    shown = on_a_terminal("notes", "01", columns=70)
    assert "Minute by minute" in shown and "## " not in shown


def test_a_number_is_taken_without_its_zero(authkit: Command) -> None:
    """5 is lesson 05, to whoever types it."""
    assert authkit("notes", "5").out == authkit("notes", "05").out
