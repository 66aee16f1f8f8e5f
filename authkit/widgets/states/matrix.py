"""A table of ticks that stays small: what stands in its rows and columns, and what a search leaves of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

MOST: Final = 6
"""Rows, and columns, that are shown at once."""


class Line(NamedTuple):
    """What a row or a column stands for.

    Attributes:
        id: Its name in the tenant.
        name: Its name for people.
    """

    id: str
    name: str


class Matrix(NamedTuple):
    """The ticks in sight.

    Attributes:
        rows, columns: What is in sight.
        ticked: Pairs of a row's and a column's id.
    """

    rows: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    ticked: frozenset[tuple[str, str]] = frozenset()


def found(lines: Sequence[Line], wanted: str) -> tuple[Line, ...]:
    """The first of those whose name holds what is wanted; where none does, the first of all."""
    part = wanted.strip().casefold()
    return tuple([line for line in lines if part in line.name.casefold()] or lines)[:MOST]


def matrix(rows: tuple[Line, ...], columns: tuple[Line, ...], ticked: Iterable[tuple[str, str]]) -> Matrix:
    """A matrix with the ticks that are in sight."""
    places = {(row.id, column.id) for row in rows for column in columns}
    return Matrix(rows, columns, frozenset(places.intersection(ticked)))
