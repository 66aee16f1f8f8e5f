"""A cell that is run again ends the panels that it made before."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakSet

import ipywidgets

from authkit.ground.running_cell import running_cell

# By the cell's id: which run of it made the panels, and the panels. ipywidgets keeps every widget until it is closed,
# so without this each run would leave a panel behind that goes on following the tenant. What was closed is kept by
# nobody, and so not here either.
_made: Final[dict[str, tuple[str, WeakSet[Any]]]] = {}


def ends_with_its_cell(panel: Any) -> None:
    """Close the panels that an earlier run of this cell made, and remember this one for the next run."""
    cell, run = running_cell()
    if not cell:
        return
    before, panels = _made.get(cell, ("", WeakSet()))
    if before != run:
        for old in list(panels):
            old.close()
        panels = WeakSet()
    panels.add(panel)
    _made[cell] = (run, panels)


def close_all(widget: Any) -> None:
    """Close a widget and every widget in it."""
    for one in getattr(widget, "children", ()):
        close_all(one)
    for part in ("layout", "style"):
        if isinstance(getattr(widget, part, None), ipywidgets.Widget):
            getattr(widget, part).close()
    ipywidgets.Widget.close(widget)
