"""The view Machine to Machine: which applications may ask for tokens in their own name, and for what."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets
from traitlets import dlink

from authkit.ground import display
from authkit.widgets.panels.api_parts import only_while, said
from authkit.widgets.parts import button, choice, entry, hint, lines, live_html, row, text
from authkit.widgets.states.api_grants import MOST_BOXES, ApiGrantsState

MOST_ROWS: Final = 6


def grants_view(state: ApiGrantsState) -> list[Any]:
    """The controls of this view."""
    save = button("Authorise", state.save, primary=True)
    dlink((state, "action"), (save, "description"))
    withdraw = button("Withdraw", state.withdraw)
    dlink((state, "authorised"), (withdraw, "disabled"), lambda authorised: not authorised)
    boxes = ipywidgets.HBox([_box(state, number) for number in range(MOST_BOXES)]).add_class("authkit-ticks")
    listed = entry(
        state,
        "listed",
        lines("Scopes", "read:orders write:orders", rows=3).add_class("authkit-grows"),
        hint("Separated by spaces. The application may ask for these and no others."),
    )
    chosen = [
        choice(state, "client_id", "choices", "Application"),
        only_while(
            state,
            ["scopes", "as_text"],
            lambda: bool(state.scopes) and not state.as_text,
            ipywidgets.VBox([hint("It may ask for the scopes that are ticked, and no others:"), boxes]),
        ),
        only_while(state, ["as_text"], lambda: state.as_text, listed),
        only_while(
            state, ["scopes"], lambda: not state.scopes, hint("The API defines no scope: there is nothing to tick.")
        ),
        row(save, withdraw, button("Reset", state.reset)),
    ]
    new = [
        entry(state, "new_name", text("New application", "Nightly report")),
        row(button("Create application", state.create_application)),
    ]
    return [
        live_html(state, ["rows"], lambda: _table(state)),
        only_while(state, ["choices"], lambda: bool(state.choices), ipywidgets.VBox(chosen).add_class("authkit-view")),
        said(state),
        ipywidgets.VBox(new).add_class("authkit-view"),
    ]


def _box(state: ApiGrantsState, number: int) -> Any:
    """The tick for the scope with this number, out of sight where there is none."""
    box = ipywidgets.Checkbox(indent=False)
    filling = False

    def fill(change: object = None) -> None:
        nonlocal filling
        filling = True
        try:
            known = number < len(state.scopes) and not state.as_text
            box.layout.display = None if known else "none"
            box.description = state.scopes[number] if known else ""
            box.value = known and state.scopes[number] in state.ticked
        finally:
            filling = False

    def ticked(change: Any) -> None:
        if not filling and number < len(state.scopes):
            state.tick(state.scopes[number], change["new"])

    state.observe(fill, ["scopes", "as_text", "ticked"])
    box.observe(ticked, "value")
    fill()
    return box


def _table(state: ApiGrantsState) -> display.Html:
    if not state.rows:
        return display.block(
            "No application yet",
            "Create one below: it asks for tokens in its own name, without a user, by client id and client secret.",
        )
    rows = [
        (
            name,
            display.badge("accepted", "authorised") if authorised else display.badge("skipped", "not authorised"),
            scopes or "–",
        )
        for name, authorised, scopes in state.rows
    ]
    shown = display.table(("application", "status", "scopes it may ask for"), rows[:MOST_ROWS])
    if len(rows) <= MOST_ROWS:
        return shown
    more = display.table(("application", "status", "scopes it may ask for"), rows[MOST_ROWS:])
    return display.join([shown, display.fold(f"and {len(rows) - MOST_ROWS} more", more)])
