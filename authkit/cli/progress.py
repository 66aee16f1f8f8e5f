"""`authkit progress`: how far one is with the course."""

from __future__ import annotations

import json
from pathlib import Path

from authkit.cli.printing import show
from authkit.course import lesson, numbers
from authkit.course.progress import Progress
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError


def show_progress(*, export: Path | None, import_: Path | None) -> int:
    """Print how far one is with each lesson; before that, take progress in, or write it out.

    Args:
        export: Where to write it as JSON.
        import_: What another machine wrote.

    Raises:
        ConfigurationError: The file cannot be read or written, or holds no progress.
    """
    progress = Progress()
    if import_ is not None:
        added = progress.import_(_read(import_))
        show([(f"{added} entries came in; what was here already stays once.", "plain")])
    if export is not None:
        _write(export, progress.export())
        show([(f"Progress is in {export}: what was done and when, no answers.", "plain")])
    lines = [(line, "plain") for number in numbers() for line in repr(lesson(number).progress()).splitlines()]
    show([*lines, *([(progress.trouble, "refused")] if progress.trouble else [])])
    return 0


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be read") from None
    except ValueError:
        raise _unusable(path, "it is no JSON") from None


def _write(path: Path, document: object) -> None:
    try:
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unusable(path, error.strerror or "it cannot be written") from None


def _unusable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        "progress.unusable",
        f"{shorten(str(path))} cannot be used: {reason}.",
        "Name a file that authkit progress --export FILE wrote, or a place that you may write to.",
    )
