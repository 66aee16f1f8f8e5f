"""True or False, where a question asks for one of them."""

from __future__ import annotations

from authkit.course.answer import TryAgain, shown
from authkit.course.plain import plain


def truth(got: object) -> bool:
    """What was answered, if it is one of the two."""
    said = plain(got)
    if not isinstance(said, bool):
        raise TryAgain(f"It returned {shown(got)}. The question is answered by True or False. Which?")
    return said
