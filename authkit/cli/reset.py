"""`authkit reset`: a lesson, or one exercise of it, as it was at first; what was there is kept beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from authkit import __version__
from authkit.cli.lessons import cleared, lessons_home, source_folder
from authkit.cli.printing import show
from authkit.course import lesson, numbers, plan
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

TAG = "exercise:"


def reset(number: str | None, *, exercise: str | None, all_lessons: bool, folder: Path | None) -> int:
    """Bring the original back, after a backup, and begin the progress of those exercises again.

    Args:
        number: The lesson, as in `05`.
        exercise: One exercise of it, as in `q2`; its cell alone is changed.
        all_lessons: Every lesson of which there is a copy.
        folder: Where the learner's lessons are kept; None for the usual place.

    Raises:
        ConfigurationError: Options that contradict each other, no such lesson, exercise or copy, or a copy that cannot
            be read or written. Nothing was changed but, of all lessons, those that were named before.
    """
    if all_lessons == (number is not None) or (all_lessons and exercise is not None):
        raise ConfigurationError(
            "reset.which",
            "Say which lesson, or --all, and not both.",
            "As in: authkit reset 05, authkit reset 05 --exercise q2.",
        )
    copies = lessons_home(folder) / __version__
    if number is None:
        names = [path.name for path in _originals() if (copies / path.name).is_file()]
        if not names:
            raise _no_copy(copies)
        for name in names:
            _whole(copies / name)
        for one in numbers():
            _forget(one)
        return 0
    number = number.zfill(2)  # 5 is lesson 05
    original = _original(number)
    copy = copies / original.name
    if not copy.is_file():
        raise _no_copy(copy)
    if exercise is None:
        _whole(copy)
    else:
        _one(copy, original, number, exercise)
    _forget(number, exercise)
    return 0


def _originals() -> list[Path]:
    return sorted(source_folder().glob("*.ipynb"))


def _original(number: str) -> Path:
    found = [path for path in _originals() if path.name.startswith(f"{number}_") and number.isdigit()]
    if not found:
        known = ", ".join(path.name[:2] for path in _originals() if path.name[:2].isdigit())
        raise ConfigurationError(
            "reset.no_lesson", f"There is no lesson {shorten(number)}.", f"Choose one of: {known}."
        )
    return found[0]


def _whole(copy: Path) -> None:
    backup = _back_up(copy)
    _write(copy, cleared((source_folder() / copy.name).read_bytes()))
    show([(f"{copy.name} is as it was at first. Yours is kept as {backup.name}.", "plain")])


def _one(copy: Path, original: Path, number: str, exercise: str) -> None:
    wanted = f"{TAG}{exercise}"
    fresh = _tagged(json.loads(original.read_bytes()), wanted)
    if not fresh:
        known = ", ".join(one.id for one in plan(number).exercises) if number in numbers() else "none"
        raise ConfigurationError(
            "reset.no_exercise", f"Lesson {number} has no exercise {shorten(exercise)}.", f"It has: {known}."
        )
    try:
        document = json.loads(copy.read_bytes())
        cells = _tagged(document, wanted)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConfigurationError(
            "reset.damaged", f"{copy} is no notebook any more.", f"Reset all of it: authkit reset {number}"
        ) from None
    if len(cells) != 1:
        what = "was deleted from it" if not cells else f"is in it {len(cells)} times"
        raise ConfigurationError(
            "reset.cell", f"The cell of {exercise} in {copy.name} {what}.", f"Reset all of it: authkit reset {number}"
        )
    backup = _back_up(copy)
    cells[0].update(source=fresh[0]["source"], outputs=[], execution_count=None)
    _write(copy, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
    show([(f"{exercise} in {copy.name} is as it was at first. Yours is kept as {backup.name}.", "plain")])


def _tagged(document: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    return [
        cell for cell in document["cells"] if cell["cell_type"] == "code" and tag in cell["metadata"].get("tags", ())
    ]


def _forget(number: str, exercise: str | None = None) -> None:
    if number in numbers():
        begun = lesson(number)
        for one in plan(number).exercises:
            if exercise in (None, one.id):
                getattr(begun, one.id).reset()


def _back_up(copy: Path) -> Path:
    """A copy beside it, under a name that nothing has."""
    content = _readable(copy)
    place = 1
    while True:
        backup = copy.with_name(f"{copy.stem}.backup-{place}{copy.suffix}")
        try:
            with backup.open("xb") as file:
                file.write(content)
            return backup
        except FileExistsError:
            place += 1
        except OSError as error:
            raise _unusable(backup, error) from None


def _readable(copy: Path) -> bytes:
    try:
        return copy.read_bytes()
    except OSError as error:
        raise _unusable(copy, error) from None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: what is there stays until all of the new is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise _unusable(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _unusable(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        "reset.unusable",
        f"{path} cannot be used: {error.strerror or error}.",
        "Make its folder one that you may write to, or name another with --folder.",
    )


def _no_copy(place: Path) -> ConfigurationError:
    return ConfigurationError(
        "reset.no_copy",
        f"You have no copy to reset: {place} is not there.",
        "authkit lab makes one; if yours is elsewhere, name its folder with --folder.",
    )
