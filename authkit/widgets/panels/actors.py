"""Who takes part in a flow, side by side, with the arrow of one message between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from authkit.ground import display

CSS: Final = """
.authkit-panel .authkit-actors { display: grid; row-gap: 3px; font-size: 12px; white-space: nowrap; }
.authkit-panel .authkit-actor { grid-row: 1; margin: 0 2px; padding: 3px 0; text-align: center; border-radius: 4px;
  border: 1px solid var(--jp-border-color1, #9e9e9e); }
.authkit-panel .authkit-actor.authkit-speaks { border: 2px solid #2176d2; padding: 2px 0; font-weight: 600;
  background: rgba(33, 118, 210, .14); }
@container (max-width: 520px) { .authkit-panel .authkit-actors { font-size: 10.5px; } }
.authkit-panel .authkit-actor.authkit-absent { border-style: dashed; font-style: italic; }
.authkit-panel .authkit-arrow { grid-row: 2; position: relative; height: 12px; }
.authkit-panel .authkit-arrow::before { content: ""; position: absolute; top: 5px; left: 0; right: 0; height: 2px;
  background: #2176d2; }
.authkit-panel .authkit-arrow::after { content: ""; position: absolute; top: 0; border: 6px solid transparent; }
.authkit-panel .authkit-rightwards::after { right: -2px; border-left: 10px solid #2176d2; border-right: 0; }
.authkit-panel .authkit-leftwards::after { left: -2px; border-right: 10px solid #2176d2; border-left: 0; }
.authkit-panel .authkit-self { grid-row: 2; text-align: center; line-height: 12px; height: 12px; }
"""


def actors(names: Sequence[str], absent: Sequence[str], sender: str = "", receiver: str = "") -> display.Html:
    """The actors as boxes, those of the message marked, and the arrow under them.

    Args:
        names: Who could take part, from left to right.
        absent: Which of them do not: each of them stays in its place, and is said to be missing.
        sender: Who sends; nobody where no message is in sight.
        receiver: Who receives; the sender itself where it works for itself.
    """
    # Two grid columns a box, so that an arrow can run from the middle of one to the middle of another.
    boxes = [
        _box(name, place, _kind(name in absent, name in (sender, receiver)), name in absent)
        for place, name in enumerate(names)
    ]
    if sender in names and receiver in names:
        boxes.append(_arrow(names.index(sender), names.index(receiver)))
    return display.tag(
        "div",
        display.join(boxes),
        class_="authkit-actors",
        role="img",
        aria_label=words(names, absent, sender, receiver),
        style=f"grid-template-columns:repeat({2 * len(names)},minmax(0,1fr))",
    )


def words(names: Sequence[str], absent: Sequence[str], sender: str = "", receiver: str = "") -> str:
    """The same in words, for who cannot see it."""
    there = f"Actors: {', '.join(f'no {name}' if name in absent else name for name in names)}."
    if not sender:
        return f"{there} No message yet."
    if sender == receiver:
        return f"{there} The {sender} works for itself."
    return f"{there} The message goes from {sender} to {receiver}."


def _kind(absent: bool, speaks: bool) -> str:
    return "authkit-actor" + (" authkit-absent" if absent else " authkit-speaks" if speaks else "")


def _box(name: str, place: int, kind: str, absent: bool) -> display.Html:
    return display.tag(
        "div", f"no {name}" if absent else name, class_=kind, style=f"grid-column:{2 * place + 1}/span 2"
    )


def _arrow(start: int, end: int) -> display.Html:
    if start == end:
        return display.tag("div", "↻", class_="authkit-self", style=f"grid-column:{2 * start + 1}/span 2")
    first, last = sorted((start, end))
    kind = "authkit-arrow authkit-rightwards" if start < end else "authkit-arrow authkit-leftwards"
    return display.tag("div", "", class_=kind, style=f"grid-column:{2 * first + 2}/{2 * last + 2}")
