"""Lists in pages: by number as everywhere, or from one entry on where the vendor's clients ask that way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from authkit.http.management.errors import invalid_query
from authkit.http.management.operation import Call, Parameter
from authkit.http.management.shapes import Shape

T = TypeVar("T")
Numbered = Callable[[Sequence[T]], Sequence[tuple[int, T]]]

DEFAULT_SIZE: Final = 50
MAX_SIZE: Final = 100
MAX_PAGE: Final = 2**31 - 1
MAX_DIGITS: Final = 18

PAGED: Final = (
    Parameter("page", {"type": "integer", "minimum": 0, "maximum": MAX_PAGE, "default": 0}, "Which page, from 0."),
    Parameter(
        "per_page",
        {"type": "integer", "minimum": 0, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
        "How many on a page.",
    ),
    Parameter("include_totals", {"type": "boolean", "default": False}, "Whether to say how many there are in all."),
)
"""Pages by number. One past the end is empty, since pagers of the vendor's clients ask until one is."""

CHECKPOINTS: Final = (
    *PAGED,
    Parameter("take", {"type": "integer", "minimum": 1, "maximum": MAX_SIZE}, "How many, from one entry on."),
    Parameter(
        "from", {"type": "string", "minLength": 1, "maxLength": 100}, "The `next` of the answer before; with `take`."
    ),
)
"""The same, and pages from one entry on, which stay in step while entries come and go."""


def listed(name: str, item: Shape, *, checkpoints: bool = False) -> Shape:
    """The shapes of a list: bare, with totals, and where there are checkpoints with the next one.

    Args:
        name: What the list is called in an answer with totals.
        item: What it holds.
        checkpoints: Whether it can be asked for from one entry on.
    """
    items = {"type": "array", "items": item.reference}
    count = {"type": "integer", "minimum": 0}
    totals = {
        "type": "object",
        "properties": {"start": count, "limit": count, "total": count, name: items},
        "required": ["start", "limit", "total", name],
        "additionalProperties": False,
    }
    onwards = {
        "type": "object",
        "properties": {name: items, "next": {"type": "string"}},
        "required": [name],
        "additionalProperties": False,
    }
    choices = [items, totals, onwards] if checkpoints else [items, totals]
    return Shape(f"{item.name}List", {"anyOf": choices}, (item,))


def page(
    call: Call, name: str, things: Sequence[T], write: Callable[[T], Any], numbered: Numbered[T] | None = None
) -> Any:
    """The part of a list that a call asks for.

    Args:
        call: The call.
        name: What the list is called in an answer with totals.
        things: All of it.
        write: One entry as JSON.
        numbered: The entries with their numbers in ascending order, for a list that can be asked for from one on.

    Raises:
        Refused: Both ways of paging at once, or a checkpoint that is none.
    """
    if numbered is not None and {"take", "from"} & set(call.query):
        return _onwards(call, name, numbered(things), write)
    start, limit = span(call)
    return counted(call, name, [write(one) for one in things[start : start + limit]], len(things))


def span(call: Call) -> tuple[int, int]:
    """Where the page that a call asks for begins, and how many it holds at most."""
    limit: int = call.query.get("per_page", DEFAULT_SIZE)
    return call.query.get("page", 0) * limit, limit


def counted(call: Call, name: str, items: list[Any], total: int) -> Any:
    """A page, with the totals where the call asks for them."""
    start, limit = span(call)
    return {"start": start, "limit": limit, "total": total, name: items} if call.query.get("include_totals") else items


def _onwards(call: Call, name: str, things: Sequence[tuple[int, T]], write: Callable[[T], Any]) -> Any:
    if {"page", "per_page"} & set(call.query):
        raise invalid_query("page and per_page do not go with take and from.")
    after = call.query.get("from", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= MAX_DIGITS):
        raise invalid_query("from is no checkpoint; leave it out to begin again.")
    # A number, and not an entry: the one that a page ended with may have been deleted since.
    left = [(number, one) for number, one in things if number > int(after)]
    here = left[: call.query.get("take", DEFAULT_SIZE)]
    items = [write(one) for _, one in here]
    return {name: items, "next": str(here[-1][0])} if len(here) < len(left) else {name: items}
