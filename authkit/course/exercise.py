"""An exercise as its author writes it: the question, the check, three hints, a solution."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from authkit.course.answer import (
    Answer,
    BrokenAnswer,
    NotAttempted,
    TooSlow,
    TryAgain,
    kernel_kept,
    shown,
    time_limit,
)
from authkit.course.outcome import Outcome
from authkit.course.todo import TODO


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise.

    Attributes:
        id: Its stable name within the lesson, as in `q1`.
        title: What is to be done, in a line.
        check: Looks at an answer; raises `TryAgain`, or nothing if it is right.
        hints: From a nudge over the concept to nearly the code.
        solution: Code that passes.
        done: What a right answer has shown, in a sentence.
        start: The exercise cell as a learner gets it.
    """

    id: str
    title: str
    check: Callable[[Answer], None]
    hints: tuple[str, ...]
    solution: str
    done: str
    start: str = ""

    @property
    def content(self) -> str:
        """A hash of what makes the exercise: progress on another version of it is stale."""
        parts = (self.title, self.start, self.solution, inspect.getsource(self.check))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]

    def outcome(self, lesson: str, value: object) -> Outcome:
        """What the check says of this answer: one of four outcomes, whatever the answer is or does."""
        name = f"{lesson} {self.id}"
        try:
            with kernel_kept(), time_limit():
                if value is TODO:
                    raise NotAttempted
                self.check(Answer(value))
        except NotAttempted:
            return Outcome(name, "not attempted", "The answer is still TODO. Replace it, run the cell, check again.")
        except TryAgain as again:
            return Outcome(name, "try again", again.feedback, again.belief)
        except BrokenAnswer as broken:
            return Outcome(name, "error", broken.what)
        except TooSlow:
            return Outcome(name, "error", "The check was still running after 2 seconds. Does your code come to an end?")
        except Exception:
            # What was handed in is none of the things the check expected: comparing it, or reading from it, failed.
            odd = f"The check was given {shown(value)}, which is not the kind of answer it can judge."
            return Outcome(name, "try again", f"{odd} What does the question ask you to hand in?")
        return Outcome(name, "passed", self.done)


def choice(
    *,
    id: str,
    title: str,
    options: Mapping[str, str],
    right: str,
    reasons: Mapping[str, str],
    beliefs: Mapping[str, str] | None = None,
    hints: tuple[str, ...],
    done: str,
) -> Choice:
    """A question with several answers to choose from, each wrong one with a reason.

    Args:
        id: Its stable name within the lesson.
        title: The question.
        options: The answers by their letter.
        right: The letter of the right one.
        reasons: Why each of the others is not.
        beliefs: The misconception behind each of the others.
        hints: From a nudge to nearly the answer.
        done: What the right answer means.
    """
    held = beliefs or {}

    def check(answer: Answer) -> None:
        given = answer.value.strip().upper() if isinstance(answer.value, str) else answer.value
        if not isinstance(given, str) or given not in options:
            letters = ", ".join(repr(letter) for letter in options)
            raise TryAgain(f"The check was given {shown(answer.value)}. Which one of {letters} do you choose?")
        if given != right:
            raise TryAgain(reasons[given], held.get(given, ""))

    return Choice(
        id=id, title=title, check=check, hints=hints, solution=f'my_choice = "{right}"', done=done, options=options,
        start="my_choice = authkit.course.TODO", beliefs=held, texts=(*options.values(), *reasons.values()),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """A question with several answers to choose from.

    Attributes:
        options: The answers by their letter.
        beliefs: The misconception behind a wrong one, by its letter.
        texts: Everything that is said about them.
    """

    options: Mapping[str, str]
    beliefs: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """A hash of the question and everything that is said about its answers."""
        return hashlib.sha256("\0".join((self.title, self.solution, *self.texts)).encode()).hexdigest()[:12]
