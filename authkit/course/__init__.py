"""The course: lessons with exercises that answer. `lesson("05").q1.check(your_function)`."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need

need("platformdirs", extra="lab", feature="The course")

from authkit.course.lesson import Lesson, Plan  # noqa: E402  (the extra is asked for first)
from authkit.course.paired import Questions  # noqa: E402
from authkit.course.progress import Progress  # noqa: E402
from authkit.course.todo import TODO  # noqa: E402

__all__ = ["TODO", "Lesson", "Questions", "lesson", "notes", "numbers", "questions"]

WHEN_A_CHECK_FAILS = """\
## When a check fails

Do not look at the code first. In this order:

1. Read the outcome aloud.
2. Which input was it?
3. What did you predict?
4. Then hint 1.
"""
"""The end of every lesson's notes."""


def lesson(number: str) -> Lesson:
    """Open a lesson.

    Args:
        number: As in `05`, the beginning of the notebook's name.

    Raises:
        ConfigurationError: There is no such lesson with exercises (`course.no_lesson`).
    """
    return Lesson(plan(number), Progress())


def questions(time: str) -> Questions:
    """Eight questions with which learning is measured: answered before the course and, in other words, after it.

    Args:
        time: `before` or `after`.

    Raises:
        ConfigurationError: Another time (`questions.no_time`).
    """
    return Questions(time, Progress())


def notes(number: str) -> str:
    """What who teaches a lesson wants to know, as Markdown: minutes, cuts, questions, wrong answers, a demo.

    Args:
        number: As in `05`.

    Raises:
        ConfigurationError: There is no such lesson with exercises (`course.no_lesson`).
    """
    own = (files("authkit.course") / "notes" / f"{plan(number).number}.md").read_text(encoding="utf-8")
    return f"{own.rstrip()}\n\n{WHEN_A_CHECK_FAILS}"


def plan(number: str) -> Plan:
    """A lesson as it was written.

    Raises:
        ConfigurationError: There is no such lesson with exercises (`course.no_lesson`).
    """
    number = str(number).zfill(2)  # 5 is lesson 05
    if number not in numbers():
        raise ConfigurationError(
            "course.no_lesson",
            f"There is no lesson {shorten(number)} with exercises.",
            f"Choose one of: {', '.join(map(repr, numbers()))}.",
        )
    found: Plan = import_module(f"authkit.course.lessons.lesson_{number}").PLAN
    return found


def numbers() -> tuple[str, ...]:
    """The numbers of the lessons that have exercises, in their order."""
    names = (one.name for one in iter_modules(import_module("authkit.course.lessons").__path__))
    return tuple(sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_")))
