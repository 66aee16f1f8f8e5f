"""The view Scopes: a table, one more, one less."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets

from authkit.ground import display
from authkit.widgets.panels.api_parts import locked, only_while, said
from authkit.widgets.parts import button, choice, entry, hint, live_html, row, text
from authkit.widgets.states.api_scopes import ApiScopesState

MOST_ROWS: Final = 8


def scopes_view(state: ApiScopesState) -> list[Any]:
    """The controls of this view."""
    selected = locked(state, choice(state, "selected", "choices", "Scope"))
    change = [
        entry(state, "value", locked(state, text("New scope", "write:orders"))),
        entry(state, "description", locked(state, text("Description", "Change orders"))),
        row(locked(state, button("Add scope", state.add, primary=True)), button("Reset", state.reset)),
        said(state),
        row(selected, locked(state, button("Remove scope", state.remove))),
        hint("A change sends the whole list: PATCH replaces it. A scope that is left out of it is gone."),
    ]
    return [
        live_html(state, ["rows"], lambda: _table(state)),
        only_while(
            state,
            ["protected"],
            lambda: state.protected,
            hint("These are the operations of the tenant’s own API. They cannot be changed."),
        ),
        only_while(
            state, ["protected"], lambda: not state.protected, ipywidgets.VBox(change).add_class("authkit-view")
        ),
    ]


def _table(state: ApiScopesState) -> display.Html:
    if not state.rows:
        return display.block("No scope yet", "Without one, a token says who may ask, but not for what.")
    rows = [(display.tag("code", value), description or "–") for value, description in state.rows]
    shown = display.table(("scope", "description"), rows[:MOST_ROWS])
    if len(rows) <= MOST_ROWS:
        return shown
    more = display.table(("scope", "description"), rows[MOST_ROWS:])
    return display.join([shown, display.fold(f"and {len(rows) - MOST_ROWS} more", more)])
