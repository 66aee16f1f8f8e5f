"""A table of checkboxes: one a cell, each named by a whole sentence that only a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import ipywidgets
from traitlets import HasTraits

from authkit.ground import display
from authkit.widgets.one_queue import in_order
from authkit.widgets.parts import sendable
from authkit.widgets.states.matrix import Line, Matrix

CSS: Final = """
.authkit-panel .authkit-ticktable { display: grid; width: 100%; gap: 0; }
.authkit-panel .authkit-ticktable > * { border-bottom: 1px solid var(--jp-border-color2, #bdbdbd); padding: 0 3px;
  box-sizing: border-box; min-width: 0; height: auto; }
.authkit-panel .authkit-ticktable > .widget-html { overflow: hidden; }
.authkit-panel .authkit-ticktable .widget-html-content { width: 100%; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; line-height: 19px; font-size: 12.5px; }
.authkit-panel .authkit-ticktable > .authkit-column { text-align: center; font-weight: 600; align-self: stretch;
  padding: 0 1px; }
.authkit-panel .authkit-ticktable > .authkit-column .widget-html-content { font-size: 11px;
  white-space: normal; overflow-wrap: normal; line-height: 15px; }
.authkit-panel .authkit-ticktable > .authkit-column { align-content: end; }
.authkit-panel .authkit-ticktable > .authkit-column span { display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 2; overflow: hidden; }
.authkit-panel .authkit-ticktable > .authkit-corner { font-weight: 600; padding-left: 0; }
.authkit-panel .authkit-ticktable > .authkit-line { padding-left: 0; }
.authkit-panel .authkit-ticktable > .widget-checkbox { display: flex; justify-content: center; align-items: center; }
.authkit-panel .authkit-ticktable .widget-label-basic { position: relative; width: 100%; height: 100%; min-height: 19px;
  display: flex; justify-content: center; align-items: center; margin: 0; cursor: pointer; }
.authkit-panel .authkit-ticktable .widget-label-basic input { margin: 0; }
.authkit-panel .authkit-ticktable .widget-label-basic span { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
"""


class TickTable:
    """A table of ticks over a `Matrix` of the state; a cell is built when it is first needed, and then kept.

    Args:
        state: The state, whose trait `looks` counts its looks at the tenant.
        trait: Which of its traits is the matrix.
        corner: What stands above the rows' names.
        words: What a tick says, from the name of its row and of its column.
        tick: What ticking does: the row's id, the column's id, and whether it is on.

    Attributes:
        view: The table.
    """

    def __init__(
        self,
        state: HasTraits,
        trait: str,
        corner: str,
        words: Callable[[str, str], str],
        tick: Callable[[str, str, bool], None],
    ) -> None:
        self._state, self._trait, self._words, self._tick = state, trait, words, tick
        self._filling = False
        self._corner = ipywidgets.HTML(display.text(corner)).add_class("authkit-corner")
        self._heads: list[Any] = []
        self._names: list[Any] = []
        self._boxes: dict[tuple[int, int], Any] = {}
        self.view = ipywidgets.GridBox().add_class("authkit-ticktable")
        state.observe(self._fill, [trait, "looks"])
        self._fill()

    @property
    def _matrix(self) -> Matrix:
        found = getattr(self._state, self._trait)
        assert isinstance(found, Matrix)
        return found

    def _fill(self, change: object = None) -> None:
        self._filling = True
        try:
            self._show(self._matrix)
        finally:
            self._filling = False

    def _show(self, matrix: Matrix) -> None:
        _name(self._heads, matrix.columns, "authkit-column")
        _name(self._names, matrix.rows, "authkit-line")
        children = [self._corner, *self._heads[: len(matrix.columns)]]
        for y, row in enumerate(matrix.rows):
            children.append(self._names[y])
            children += [self._cell(x, y, matrix, row, column) for x, column in enumerate(matrix.columns)]
        if self.view.children != tuple(children):
            self.view.layout.grid_template_columns = f"minmax(96px, 2fr) repeat({len(matrix.columns)}, minmax(0, 1fr))"
            self.view.children = children
        self.view.layout.display = None if matrix.rows and matrix.columns else "none"

    def _cell(self, x: int, y: int, matrix: Matrix, row: Line, column: Line) -> Any:
        if (x, y) not in self._boxes:
            box = in_order(ipywidgets.Checkbox(indent=False))
            box.observe(lambda change: self._ticked(x, y, change["new"]), "value")
            self._boxes[x, y] = box
        box = self._boxes[x, y]
        box.description = sendable(display.printable(self._words(row.name, column.name)))
        box.value = (row.id, column.id) in matrix.ticked
        return box

    def _ticked(self, x: int, y: int, on: bool) -> None:
        matrix = self._matrix
        if not self._filling and y < len(matrix.rows) and x < len(matrix.columns):
            self._tick(matrix.rows[y].id, matrix.columns[x].id, on)


def _name(shown: list[Any], lines: Sequence[Line], kind: str) -> None:
    while len(shown) < len(lines):
        shown.append(ipywidgets.HTML().add_class(kind))
    for widget, line in zip(shown, lines, strict=False):
        name = display.printable(line.name)
        widget.value = sendable(display.tag("span", name, title=name))  # cut short where there is no room
