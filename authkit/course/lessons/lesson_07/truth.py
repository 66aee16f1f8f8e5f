"""True or False, where a question asks for one of them."""

from __future__ import annotations

from typing import Any

from authkit.course.answer import TryAgain, shown


def truth(got: Any) -> bool:
    """What was answered, if it is one of the two; numpy and pandas have theirs of their own kind."""
    plain = got.item() if type(got).__module__ == "numpy" and getattr(got, "size", 0) == 1 else got
    if not isinstance(plain, bool):
        raise TryAgain(f"It returned {shown(got)}. The question is answered by True or False. Which?")
    return plain
