"""`authkit notes`: what who teaches a lesson wants to know."""

from __future__ import annotations

import sys

from authkit.cli.printing import rich_console, show
from authkit.course import notes


def show_notes(number: str) -> int:
    """Print the notes of a lesson: laid out on a terminal, as Markdown elsewhere.

    Raises:
        ConfigurationError: There is no such lesson with exercises.
    """
    text = notes(number)
    if not sys.stdout.isatty():
        show([(text.rstrip("\n"), "plain")])
        return 0
    from rich.markdown import Markdown

    console = rich_console()
    # A line as long as the screen is wide is hard to read aloud from.
    console.print(Markdown(text), width=min(console.width, 100))
    return 0
