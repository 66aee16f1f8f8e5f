"""What a reader does in a panel reaches the kernel in the order in which it was done."""

from __future__ import annotations

from typing import Any


def in_order(widget: Any) -> Any:
    """Have the kernel's main thread alone hear of this widget and of all that it holds; the widget.

    ipykernel 7 hands a message to the thread from which its widget last spoke to the page: a field that was typed into
    for the first time is heard of in the main thread, the button beside it in the thread of a subshell. There is no
    order between the two: a click overtook the number it was about, and a choice was lost while the other thread
    filled the control.
    """
    if widget.comm is not None:
        widget.comm._reply_subshell_for = _main_thread
    for one in getattr(widget, "children", ()):
        in_order(one)
    return widget


def _main_thread(data: object, default: str | None) -> None:
    """The main thread is the one that is no subshell."""
