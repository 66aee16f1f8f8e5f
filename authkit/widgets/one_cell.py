"""A cell that is run again ends the panels that it made before."""

from __future__ import annotations

import sys
from typing import Any, Final

import ipywidgets

# By the cell's id: which run of it made the panels, and the panels. ipywidgets keeps every widget until it is closed,
# so without this each run would leave a panel behind that goes on following the tenant.
_made: Final[dict[str, tuple[str, list[Any]]]] = {}


def ends_with_its_cell(panel: Any) -> None:
    """Close the panels that an earlier run of this cell made, and remember this one for the next run."""
    cell, run = _where()
    if not cell:
        return
    before, panels = _made.get(cell, ("", []))
    if before == run:
        panels.append(panel)
        return
    _made[cell] = (run, [panel])
    for old in panels:
        old.close()


def close_all(widget: Any) -> None:
    """Close a widget and every widget in it."""
    for one in getattr(widget, "children", ()):
        close_all(one)
    for part in ("layout", "style"):
        if isinstance(getattr(widget, part, None), ipywidgets.Widget):
            getattr(widget, part).close()
    ipywidgets.Widget.close(widget)


def _where() -> tuple[str, str]:
    """The id of the cell that is running, and of this run; empty outside a notebook, or where it names no cell."""
    ipython = sys.modules.get("IPython")
    parent: dict[str, Any] = getattr(ipython and ipython.get_ipython(), "get_parent", dict)()
    cell = (parent.get("metadata") or {}).get("cellId", "")
    return cell, (parent.get("header") or {}).get("msg_id", "")
