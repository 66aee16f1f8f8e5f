"""Which cell of a notebook is running, as far as its page says so."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple


class RunningCell(NamedTuple):
    """A cell that is being run.

    Attributes:
        cell: Its id. JupyterLab names it; nbval, Voilà and a terminal do not, and then it is empty.
        run: The id of this run of it.
    """

    cell: str
    run: str


def running_cell() -> RunningCell:
    """The cell that is running. IPython is asked only where it is there already."""
    ipython = sys.modules.get("IPython")
    parent: dict[str, Any] = getattr(ipython and ipython.get_ipython(), "get_parent", dict)()
    header, metadata = parent.get("header") or {}, parent.get("metadata") or {}
    return RunningCell(metadata.get("cellId", ""), header.get("msg_id", ""))
