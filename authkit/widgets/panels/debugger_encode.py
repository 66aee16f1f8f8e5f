"""The debugger's view Encode: header and payload as JSON, a key, and the token that comes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets
from traitlets import dlink

from authkit.ground import display
from authkit.widgets.panels.api_parts import only_while
from authkit.widgets.panels.debugger_verify import secret_control
from authkit.widgets.parts import (
    Fold,
    button,
    choice,
    columns,
    entry,
    failed,
    folds,
    hint,
    lines,
    live_code,
    live_html,
    row,
)
from authkit.widgets.states.encode import TYPED, EncodeState

CODE: Final = {"python": "Sign, in Python", "http": "Sign, over HTTP"}
_NOT_A_VERDICT: Final = (
    "Signed is not verified: whoever holds a key can write anything. Take to Verify takes the token alone; what it "
    "is verified with is chosen there."
)


def encode_view(state: EncodeState, take: Callable[[], None]) -> list[Any]:
    """The controls of this view.

    Args:
        state: What it holds.
        take: What brings the token over to the view Verify.
    """
    secret = secret_control("Signing secret", state.give_secret)
    taking = button("Take to Verify", take)
    dlink((state, "token"), (taking, "disabled"), lambda token: not token)
    left = [
        choice(state, "signer", "signers", "Sign with"),
        only_while(state, ["signer"], lambda: state.signer == TYPED, secret),
        only_while(
            state,
            ["signer", "held"],
            lambda: state.signer == TYPED and bool(state.held),
            live_html(state, ["held"], lambda: display.text(f"Held in the kernel: {state.held}")),
        ),
        entry(state, "header", lines("Header", rows=6)),
        entry(state, "payload", lines("Payload", rows=8)),
        row(button("Sign", state.sign, primary=True), taking, button("Reset", state.reset)),
        hint("Header and payload are only encoded, not encrypted: anyone can read them."),
    ]
    right = [
        live_html(state, ["token", "signed_with", "failure", "shown"], lambda: _outcome(state), "authkit-outcome"),
        live_html(state, ["token"], lambda: display.code(state.token, "Signed") if state.token else display.Html()),
    ]
    return [
        ipywidgets.VBox([columns(left, right)]).add_class("authkit-encode"),
        folds(Fold("the code", live_code(state, CODE))),
    ]


def _outcome(state: EncodeState) -> display.Html:
    if state.failure is not None:
        return failed("NOT SIGNED", state.failure)
    if state.shown:
        return display.block(
            "Not signed", "See under: " + " and ".join(name.capitalize() for name in state.shown) + ".", tone="refused"
        )
    if state.token:
        return display.block(f"SIGNED with {state.signed_with}", _NOT_A_VERDICT)
    return display.block("Not signed yet", "Write what the token shall say, choose a key, and press Sign.")
