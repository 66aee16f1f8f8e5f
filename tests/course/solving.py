"""A notebook whose exercises are tried in every way that is written down, in one kernel, in turn."""

import copy
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from authkit.course import numbers, plan
from authkit.course.exercise import Choice, Exercise
from authkit.course.lesson import Plan
from authkit.course.progress import Progress, Standing
from tests.course.handed_in import HandedIn, Mutant

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
TAG = "exercise:"


@dataclass(frozen=True)
class Said:
    """What a check said."""

    kind: str
    feedback: str
    belief: str


@dataclass(frozen=True)
class Tried:
    """A notebook after all answers were handed in.

    Attributes:
        said: What was said, by exercise and name of the answer.
        standings: What another process reads of the progress afterwards, by exercise.
    """

    said: Mapping[tuple[str, str], Said]
    standings: Mapping[str, Standing]


def notebook_of(number: str) -> Path:
    """The notebook of a lesson."""
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    return path


def handed_in(number: str) -> Mapping[str, HandedIn]:
    """What is handed in for the exercises of a lesson, as it is written down."""
    answers: Mapping[str, HandedIn] = import_module(f"tests.course.answers.lesson_{number}").ANSWERS
    return answers


def mutants(number: str, exercise: Exercise) -> Mapping[str, Mutant]:
    """The wrong answers to an exercise; of a choice, each wrong letter."""
    if isinstance(exercise, Choice):
        wrong = [letter for letter in exercise.options if f'"{letter}"' not in exercise.solution]
        return {letter: Mutant(f'my_choice = "{letter}"') for letter in wrong}
    return handed_in(number)[exercise.id].mutants


def others(number: str, exercise: Exercise) -> tuple[str, ...]:
    """The right answers to an exercise that are not its solution."""
    if isinstance(exercise, Choice):
        return (exercise.solution.replace('"', "'").lower(),)
    return handed_in(number)[exercise.id].others


def every_exercise() -> Iterator[tuple[str, Exercise]]:
    """Each exercise of the course with its lesson's number."""
    for number in numbers():
        for exercise in plan(number).exercises:
            yield number, exercise


def exercise_cells(notebook: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    """The cells of a notebook that ask for an answer, by exercise."""
    return {
        tag.removeprefix(TAG): cell
        for cell in notebook.cells
        for tag in cell.metadata.get("tags", [])
        if tag.startswith(TAG)
    }


def tried(number: str) -> Tried:
    """What `_tried` found; a notebook that failed is not run again for each test that asks."""
    found = _tried(number)
    if isinstance(found, Exception):
        raise found
    return found


@cache
def _tried(number: str) -> Tried | Exception:
    """Run a lesson's notebook once, and at each exercise hand in everything that is written down for it.

    First the cell as it is, then each wrong answer, then each right one, the solution last. After the last cell, the
    solutions again from the last to the first, each checked twice.
    """
    lesson = plan(number)
    notebook = nbformat.read(notebook_of(number), as_version=4)
    cells = exercise_cells(notebook)
    names: dict[str, tuple[str, str]] = {}
    run: list[nbformat.NotebookNode] = []

    def hand_in(exercise: Exercise, name: str, code: str) -> None:
        cell = _asking(cells[exercise.id], exercise, code)
        cell.id = f"try-{len(names)}"
        names[cell.id] = (exercise.id, name)
        run.append(cell)

    by_cell = {cells[exercise.id].id: exercise for exercise in lesson.exercises}
    for cell in notebook.cells:
        if cell.id not in by_cell:
            run.append(copy.deepcopy(cell))
            continue
        exercise = by_cell[cell.id]
        hand_in(exercise, "unsolved", exercise.start)
        for name, mutant in mutants(number, exercise).items():
            hand_in(exercise, f"mutant {name}", mutant.code)
        for place, code in enumerate(others(number, exercise)):
            hand_in(exercise, f"other {place}", code)
        hand_in(exercise, "solution", exercise.solution)
    for exercise in reversed(lesson.exercises):
        for time in ("again", "and again"):
            hand_in(exercise, time, exercise.solution)
    notebook.cells = run
    with tempfile.TemporaryDirectory() as home:
        try:
            NotebookClient(notebook, kernel_name="python3", timeout=120).execute(
                env={**os.environ, "AUTHKIT_HOME": home}
            )
        except CellExecutionError as error:
            return error
        standings = _standings(lesson, Progress(Path(home) / "progress.sqlite3"))
    said = {names[cell.id]: _heard(cell) for cell in notebook.cells if cell.id in names}
    return Tried(said, standings)


def _asking(cell: nbformat.NotebookNode, exercise: Exercise, code: str) -> Any:
    """The exercise's cell with an answer in place of its beginning; it prints what the check says."""
    body, _, ask = cell.source.replace(exercise.start, code, 1).rstrip().rpartition("\n")
    printing = "print(__import__('json').dumps([_said.kind, _said.feedback, _said.belief]))"
    return nbformat.v4.new_code_cell(f"{body}\n_said = {ask}\n{printing}")


def _heard(cell: nbformat.NotebookNode) -> Said:
    text = "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")
    return Said(*json.loads(text.splitlines()[-1]))


def _standings(lesson: Plan, progress: Progress) -> dict[str, Standing]:
    return {one.id: progress.standing(lesson.number, one.id, one.content) for one in lesson.exercises}
