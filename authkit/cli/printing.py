"""What the commands print: lines, folded and coloured on a terminal and plain elsewhere, or JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from authkit.ground.errors import ConfigurationError

_COLOURS: Final = {"accepted": "green", "refused": "red", "undecided": "yellow"}


def show(lines: Iterable[tuple[str, str]]) -> None:
    """Print lines, each with its tone: on a terminal folded between words, and coloured besides what they say.

    A tone is one of `display.TONES`. Those who write the lines say it: guessed from the text, it could be forged.

    Raises:
        ConfigurationError: stdout takes nothing.
    """
    if not sys.stdout.isatty():
        with _writing():
            print("\n".join(line for line, _ in lines))
        return
    from rich.console import Console
    from rich.text import Text

    # rich knows the terminals: it leaves the colour out under NO_COLOR, and where a terminal has none.
    console = Console(soft_wrap=True)
    with _writing():
        for line, tone in lines:
            console.print(Text(_folded(line), style=_COLOURS.get(tone, "")))


def show_json(value: object) -> None:
    """Print one JSON object, in ASCII alone: any terminal shows it, and no control character gets through.

    Raises:
        ConfigurationError: stdout takes nothing.
    """
    with _writing():
        print(json.dumps(value, indent=2, allow_nan=False))


@contextmanager
def _writing() -> Iterator[None]:
    """Write it now: a full disk or a reader that has gone must not end with the exit code of a refused token."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # else Python tries again at its end, and says so with a traceback
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ConfigurationError(
            "cli.unwritable",
            f"The result could not be written to stdout ({error.strerror or type(error).__name__}).",
            "Check where the output of this command goes.",
        ) from None


def _folded(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = max(40, min(120, shutil.get_terminal_size().columns))
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
