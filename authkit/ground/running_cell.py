"""Which IPython is running, and which cell of a notebook, as far as its page says so."""

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


def running_ipython() -> Any:
    """The IPython that runs this; None if there is none. It is asked for only where it is there already."""
    ipython = sys.modules.get("IPython")
    return ipython and ipython.get_ipython()


def running_cell() -> RunningCell:
    """The cell that is running."""
    parent: dict[str, Any] = getattr(running_ipython(), "get_parent", dict)()
    header, metadata = parent.get("header") or {}, parent.get("metadata") or {}
    return RunningCell(metadata.get("cellId", ""), header.get("msg_id", ""))
