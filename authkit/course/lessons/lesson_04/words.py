"""An answer that gives each name one of some words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authkit.course.answer import Answer, TryAgain, shown


def mapping(answer: Answer, names: tuple[str, ...], words: tuple[str, ...]) -> Mapping[Any, Any]:
    """The answer, if it is a dict that gives each of the names one of the words."""
    given = answer.value
    if not isinstance(given, Mapping):
        raise TryAgain(
            f'The check was given {shown(given)}. It needs a dict, as in {{"{names[-1]}": ...}}. Which names?'
        )
    missing = next((name for name in names if name not in given), None)
    if missing is not None:
        raise TryAgain(f"The dict says nothing of {missing!r}. Which of the words fits it?")
    odd = next((name for name in names if given[name] not in words), None)
    if odd is not None:
        raise TryAgain(f"For {odd!r} it says {shown(given[odd])}, which is none of the words. Which of them is meant?")
    return given
