"""A lesson as a learner holds it: its exercises, and how far one is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from authkit.course.exercise import Choice, Exercise
from authkit.course.outcome import Outcome
from authkit.course.progress import Progress, Standing
from authkit.course.report import Report
from authkit.ground import display


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A lesson as its author writes it.

    Attributes:
        number: As in `05`.
        title: What it is about.
        exercises: In their order.
    """

    number: str
    title: str
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, repr=False)
class Saying:
    """Words for a learner: a hint, a solution, what a reset did.

    Attributes:
        title: What it is.
        text: The words.
        code: Code, if there is some.
    """

    title: str
    text: str
    code: str = ""

    def __repr__(self) -> str:
        return "\n".join(filter(None, [f"{self.title}: {self.text}" if self.text else self.title, self.code]))

    def _repr_html_(self) -> str:
        said = display.block(self.title, self.text)
        return display.join([said, display.code(self.code, self.title)]) if self.code else said


class Question:
    """One exercise of an open lesson.

    Args:
        lesson: The lesson's number.
        exercise: The exercise.
        progress: Where what happens is noted.
    """

    def __init__(self, lesson: str, exercise: Exercise, progress: Progress) -> None:
        self._lesson = lesson
        self._exercise = exercise
        self._progress = progress

    @property
    def standing(self) -> Standing:
        """How far you are with it."""
        return self._progress.standing(self._lesson, self._exercise.id, self._exercise.content)

    def check(self, answer: object) -> Outcome:
        """Check your answer: a value, or the function itself.

        Args:
            answer: What the question asks for. A function is called on inputs of the check's own.
        """
        outcome = self._exercise.outcome(self._lesson, answer)
        self._note(outcome.kind, outcome.belief)
        return replace(outcome, note=self._progress.trouble)

    def hint(self) -> Saying:
        """The next hint: first a nudge, then the idea, then nearly the code."""
        hints = self._exercise.hints
        number = min(self.standing.hints, len(hints) - 1)
        self._note("hint")
        return Saying(f"Hint {number + 1} of {len(hints)}", hints[number])

    def solution(self) -> Saying:
        """One solution. That you looked is noted, and stops nothing."""
        self._note("solution")
        words = "Others are as good. Say why it works before you run it."
        return Saying("One solution", words, self._exercise.solution)

    def reset(self) -> Saying:
        """Begin again: what was noted about this exercise no longer counts. Your cell stays as it is."""
        self._note("reset")
        start = self._exercise.start
        return Saying("Begun again", "The cell as it was at first:" if start else "", start)

    def _note(self, event: str, belief: str = "") -> None:
        self._progress.note(self._lesson, self._exercise.id, self._exercise.content, event, belief)

    def __repr__(self) -> str:
        lines = [f"{self._lesson} {self._exercise.id}: {self._exercise.title}"]
        if isinstance(self._exercise, Choice):
            lines += [f"  {letter}  {text}" for letter, text in self._exercise.options.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        title = f"{self._lesson} {self._exercise.id}: {self._exercise.title}"
        if not isinstance(self._exercise, Choice):
            return display.tag("div", display.tag("strong", title))
        return display.table(("", "answer"), list(self._exercise.options.items()), caption=title)


class Lesson:
    """An open lesson. Its exercises are attributes, as in `lesson.q1`.

    Args:
        plan: The lesson as it was written.
        progress: Where what happens is noted.

    Attributes:
        number: As in `05`.
        title: What it is about.
    """

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self._plan = plan
        self._progress = progress
        self.number = plan.number
        self.title = plan.title
        self._questions = {one.id: Question(plan.number, one, progress) for one in plan.exercises}

    def __getattr__(self, name: str) -> Question:
        found = self.__dict__.get("_questions", {}).get(name)
        if found is None:
            known = ", ".join(self.__dict__.get("_questions", ()))
            raise AttributeError(f"Lesson {self.__dict__.get('number')} has no exercise {name}; it has {known}.")
        return found  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._questions]

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def progress(self) -> Report:
        """How far you are with this lesson."""
        lines = tuple((one, self._questions[one.id].standing) for one in self._plan.exercises)
        return Report(self.number, lines, self._progress.trouble)

    def __repr__(self) -> str:
        return "\n".join([f"Lesson {self.number}: {self.title}", *(f"  {one!r}" for one in self)])

    def _repr_html_(self) -> str:
        return display.join(
            [display.tag("strong", f"Lesson {self.number}: {self.title}"), self.progress()._repr_html_()]
        )
