"""What the commands print: lines, folded and coloured on a terminal and plain elsewhere, or JSON."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from authkit.ground.errors import AuthKitError, ConfigurationError

if TYPE_CHECKING:
    from rich.console import Console

_OF_STDOUT: Final = frozenset({errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
"""What goes wrong with an output; other faults are other people's."""
_COLOURS: Final = {"accepted": "green", "refused": "red", "undecided": "yellow"}


def show(lines: Iterable[tuple[str, str]]) -> None:
    """Print lines, each with its tone: on a terminal folded between words, and coloured besides what they say.

    A tone is one of `display.TONES`. Those who write the lines say it: guessed from the text, it could be forged.

    Raises:
        ConfigurationError: stdout takes nothing.
    """
    if not sys.stdout.isatty():
        with writing():
            print("\n".join(line for line, _ in lines))
        return
    from rich.text import Text

    # rich knows the terminals: it leaves the colour out under NO_COLOR, and where a terminal has none.
    console = rich_console(soft_wrap=True)
    with writing():
        for line, tone in lines:
            console.print(Text(_folded(line), style=_COLOURS.get(tone, "")))


def rich_console(**settings: Any) -> Console:
    """A console on stdout that leaves it to `writing()` to say that nobody reads any more: rich itself ends with 1."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich calls this while it handles the error

    return Output(**settings)


def show_json(value: object) -> None:
    """Print one JSON object, in ASCII alone: any terminal shows it, and no control character gets through.

    Raises:
        ConfigurationError: stdout takes nothing.
    """
    with writing():
        print(json.dumps(value, indent=2, allow_nan=False))


class ReaderGone(Exception):
    """Whoever read the output has had enough of it, as `head` has. That is no fault, and nothing is said."""


@contextmanager
def writing() -> Iterator[None]:
    """Write it now: a full disk or a reader that has gone must not end with the exit code of a refused token.

    Raises:
        ConfigurationError: stdout takes nothing (`cli.unwritable`).
        ReaderGone: Nobody reads it any more.
    """
    if sys.stdout is None:
        raise _unwritable("it is closed")
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in _OF_STDOUT:
            raise
        with suppress(OSError, ValueError):  # else Python tries again at its end, and says so with a traceback
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise ReaderGone from None
        raise _unwritable(error.strerror or type(error).__name__) from None


def show_error(error: AuthKitError) -> None:
    """Print an error to stderr, on a terminal folded between words."""
    if sys.stderr is None:
        return
    lines = str(error).split("\n")
    print("\n".join(map(_folded, lines) if sys.stderr.isatty() else lines), file=sys.stderr)


def _unwritable(why: str) -> ConfigurationError:
    return ConfigurationError(
        "cli.unwritable",
        f"The result could not be written to stdout ({why}).",
        "Check where the output of this command goes.",
    )


def _folded(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()) + 2)
    width = max(40, min(120, shutil.get_terminal_size().columns))
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
