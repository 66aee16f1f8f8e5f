"""The command `authkit`: lab, serve, export, import, decode, verify, tour, doctor."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from authkit import __version__
from authkit.cli.printing import ReaderGone, show_error, writing
from authkit.ground.errors import AuthKitError
from authkit.ground.extras import need


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command `authkit`.

    Args:
        arguments: What follows the command's name; by default what this process was started with.

    Returns:
        The exit code: 0, 1 where a command's own result is negative, 2 where it cannot do what was asked.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal without ✔ gets a ? in its place, not an error.
            stream.reconfigure(errors="replace")
    try:
        with writing():
            return _run(given)
    except ReaderGone:
        return 2
    except AuthKitError as error:
        show_error(error)
        return 2


def _run(given: list[str]) -> int:
    if given == ["--version"]:
        # Answered here, so that it is also answered where the command line's own packages are missing.
        print(f"authkit {__version__}")
        return 0
    need("typer", extra="lab", feature="The command line")
    from authkit.cli.app import run

    return run(given)
