"""Every exercise, in its notebook: unsolved it never passes, its solutions do, and each mistake is told its own."""

import re

import nbformat
import pytest

from authkit.course import numbers, plan
from authkit.course.exercise import Choice, Exercise
from tests.course.solving import every_exercise, exercise_cells, handed_in, mutants, notebook_of, others, tried

LONGEST_FEEDBACK = 40  # words
FEWEST_MUTANTS = 3
PRAISE_OR_BLAME = re.compile(r"\b(well done|great|good job|correct!|congratulations|stupid|silly|obviously)\b", re.I)

every_lesson = pytest.mark.parametrize("number", numbers())
each_exercise = pytest.mark.parametrize(
    ("number", "exercise"), [pytest.param(*one, id=f"{one[0]}-{one[1].id}") for one in every_exercise()]
)
each_mutant = pytest.mark.parametrize(
    ("number", "exercise", "name"),
    [
        pytest.param(number, exercise, name, id=f"{number}-{exercise.id}-{name}")
        for number, exercise in every_exercise()
        for name in mutants(number, exercise)
    ],
)


@every_lesson
def test_cells_exercises_and_answers_are_the_same_set(number: str) -> None:
    """A tag for each exercise in the lesson's order, and answers for each that is no choice."""
    exercises = plan(number).exercises
    cells = exercise_cells(nbformat.read(notebook_of(number), as_version=4))
    assert list(cells) == [one.id for one in exercises]
    assert set(handed_in(number)) == {one.id for one in exercises if not isinstance(one, Choice)}


@each_exercise
def test_its_cell_begins_as_the_exercise_says_and_ends_with_its_check(number: str, exercise: Exercise) -> None:
    """So that a reset shows what stood there; and the answer is passed explicitly."""
    source = exercise_cells(nbformat.read(notebook_of(number), as_version=4))[exercise.id].source
    assert exercise.start and exercise.start in source
    assert source.rstrip().splitlines()[-1].startswith(f"lesson.{exercise.id}.check(")


@each_exercise
def test_it_has_three_hints_and_three_mistakes(number: str, exercise: Exercise) -> None:
    """From a nudge over the concept to nearly the code."""
    assert len(exercise.hints) == 3
    assert len(mutants(number, exercise)) >= FEWEST_MUTANTS
    assert others(number, exercise), "a right answer that is written in another way"


@each_exercise
def test_unsolved_it_is_not_attempted(number: str, exercise: Exercise) -> None:
    """The cell as it stands."""
    assert tried(number).said[exercise.id, "unsolved"].kind == "not attempted"


@each_exercise
def test_its_solutions_pass(number: str, exercise: Exercise) -> None:
    """In any spelling, checked twice, and in any order."""
    said = {name: one for (of, name), one in tried(number).said.items() if of == exercise.id}
    right = ["solution", "again", "and again", *(f"other {place}" for place in range(len(others(number, exercise))))]
    assert {name: said[name] for name in right if said[name].kind != "passed"} == {}


@each_mutant
def test_a_mistake_is_told_what_was_seen(number: str, exercise: Exercise, name: str) -> None:
    """TRY AGAIN, with the belief behind it, in few words that end in a question; and the answer is not in them."""
    said = tried(number).said[exercise.id, f"mutant {name}"]
    assert said.kind == "try again", said
    expected = (
        exercise.beliefs.get(name, "") if isinstance(exercise, Choice) else mutants(number, exercise)[name].belief
    )
    assert said.belief == expected
    assert len(said.feedback.split()) <= LONGEST_FEEDBACK
    assert "?" in said.feedback
    assert not PRAISE_OR_BLAME.search(said.feedback)
    assert exercise.solution not in said.feedback


@each_exercise
def test_no_two_mistakes_are_told_the_same(number: str, exercise: Exercise) -> None:
    """Each is told its own."""
    said = [tried(number).said[exercise.id, f"mutant {name}"].feedback for name in mutants(number, exercise)]
    assert len(set(said)) == len(said)


@each_exercise
def test_what_was_done_is_there_after_the_kernel_has_gone(number: str, exercise: Exercise) -> None:
    """Another process finds it passed, and the beliefs that were met."""
    standing = tried(number).standings[exercise.id]
    met = {tried(number).said[exercise.id, f"mutant {name}"].belief for name in mutants(number, exercise)} - {""}
    assert standing.passed and not standing.stale
    assert set(standing.beliefs) == met
