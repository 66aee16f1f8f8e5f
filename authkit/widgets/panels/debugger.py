"""The token debugger: controls built once and linked to `DebuggerState`."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets
from traitlets import link

from authkit.ground import display
from authkit.tenant import Tenant
from authkit.widgets.parts import (
    Fold,
    Panel,
    button,
    choice,
    columns,
    failed,
    folds,
    hint,
    live_code,
    live_html,
    row,
)
from authkit.widgets.states.debugger import DebuggerState
from authkit.widgets.token_cards import cards

CODE: Final = {
    "python": "Verify, in Python",
    "http": "Verify, over HTTP",
    "grant_python": "Get a token, in Python",
    "grant_http": "Get a token, over HTTP",
}


class DebuggerPanel(Panel):
    """A debugger: a token goes in; its three parts, the verdict and every check come out, at every keystroke.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any], api: str = "", token: str = "") -> None:
        self.state = DebuggerState(tenant, api, token)
        text = ipywidgets.Textarea(description="Token", placeholder="eyJ… Paste a token, or get one.", rows=6)
        link((self.state, "token"), (text, "value"))
        left = [
            choice(self.state, "identifier", "choices", "Verify for"),
            text,
            row(
                button("Get a token", self.state.get_token, primary=True),
                button("Check again (clock moved)", self.state.refresh),
                button("Reset", self.state.reset),
            ),
            live_html(self.state, ["note"], lambda: display.text(self.state.note)),
            hint("Nothing leaves this machine."),
        ]
        right = [
            live_html(self.state, ["verdict", "failure"], self._verdict, "authkit-verdict"),
            live_html(self.state, ["issuer", "audience", "algorithm"], self._expected, "authkit-expected"),
        ]
        beside = [live_html(self.state, ["now"], self._time)]
        parts = live_html(self.state, ["parts"], lambda: cards(self.state.parts, empty=not self.state.token.strip()))
        checks = Fold("every check", [live_html(self.state, ["verdict"], self._checks, "authkit-checks")])
        rows = [columns(left, right), parts, folds(checks, Fold("the code", live_code(self.state, CODE)))]
        super().__init__("Token debugger", tenant.issuer, "authkit-debugger", rows, beside)

    def _expected(self) -> display.Html:
        state = self.state
        expected = {"issuer": state.issuer, "audience": state.audience, "algorithm": state.algorithm}
        return display.fields({f"expected {name}": value for name, value in expected.items()})

    def _verdict(self) -> display.Html:
        verdict, failure = self.state.verdict, self.state.failure
        if failure is not None:
            return failed("NOT CHECKED", failure, tone="undecided")
        if verdict is None:
            return display.block("No token yet", "Paste one, or press Get a token.")
        return verdict.headline_html()

    def _time(self) -> display.Html:
        return display.text(f"checked at its time {self.state.now}")

    def _checks(self) -> display.Html:
        verdict = self.state.verdict
        return verdict.checks_html() if verdict is not None else display.text("No token, no checks.")
