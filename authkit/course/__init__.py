"""The course: lessons with exercises that answer. `lesson("05").q1.check(your_function)`."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need

need("platformdirs", extra="lab", feature="The course")

from authkit.course.lesson import Lesson, Plan  # noqa: E402  (the extra is asked for first)
from authkit.course.progress import Progress  # noqa: E402
from authkit.course.todo import TODO  # noqa: E402

__all__ = ["TODO", "Lesson", "lesson", "numbers"]


def lesson(number: str) -> Lesson:
    """Open a lesson.

    Args:
        number: As in `05`, the beginning of the notebook's name.

    Raises:
        ConfigurationError: There is no such lesson with exercises (`course.no_lesson`).
    """
    return Lesson(plan(number), Progress())


def plan(number: str) -> Plan:
    """A lesson as it was written.

    Raises:
        ConfigurationError: There is no such lesson with exercises (`course.no_lesson`).
    """
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
    names = (path.name for path in files("authkit.course.lessons").iterdir())
    return tuple(sorted(name[len("lesson_") : -len(".py")] for name in names if name.startswith("lesson_")))
