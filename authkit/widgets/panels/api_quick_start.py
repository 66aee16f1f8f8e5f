"""The view Quick Start: one dropdown, one block of code."""

from __future__ import annotations

from typing import Any

import ipywidgets

from authkit.ground import display
from authkit.widgets.parts import choice, live_html
from authkit.widgets.states.api_quick_start import ApiQuickStartState


def quick_start_view(state: ApiQuickStartState) -> list[Any]:
    """The controls of this view."""
    library = choice(state, "library", "choices", "Code for")
    notes = live_html(state, ["variable", "training"], lambda: _notes(state), "authkit-hint")
    return [
        ipywidgets.HBox([library, notes]).add_class("authkit-library"),
        live_html(state, ["code"], lambda: display.code(state.code, "Quick start"), "authkit-code"),
    ]


def _notes(state: ApiQuickStartState) -> display.Html:
    said = []
    if state.variable:
        said.append(display.tag("div", display.join(["Secret: ", display.name(state.variable)])))
    if state.training:
        said.append(display.tag("div", display.join(["Run: ", display.name("authkit serve --training")])))
    return display.join(said)
