"""The clock strip: controls built once and linked to `ClockState`."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets
from traitlets import link

from authkit.ground import display
from authkit.tenant import Tenant
from authkit.widgets.parts import Fold, Panel, button, live_code, live_html, problem, row, text
from authkit.widgets.states.clock import ClockState

CODE: Final = {"python": "Python", "http": "HTTP"}
STANDS: Final = "This tenant has the system’s clock: its time cannot be moved. A training tenant’s can."
CSS: Final = """
.authkit-panel.authkit-clock { --authkit-label: 132px; gap: 1px; padding: 3px 16px; }
.authkit-panel.authkit-clock .widget-html-content { line-height: 20px; }
.authkit-panel.authkit-clock .widget-text { width: 230px; }
.authkit-panel.authkit-clock .authkit-time { margin-left: auto; }
.authkit-panel.authkit-clock .authkit-time strong { font-size: 15px; font-variant-numeric: tabular-nums; }
.authkit-panel.authkit-clock .authkit-about { flex: 1 1 300px; }
.authkit-panel.authkit-clock .authkit-fold { height: 20px; line-height: 20px; }
"""


class ClockPanel(Panel):
    """A strip with the tenant's time; every other panel of the tenant follows when it is moved.

    Attributes:
        state: What the strip holds.
    """

    def __init__(self, tenant: Tenant[Any], token: str = "") -> None:
        state = self.state = ClockState(tenant, token)
        code = Fold("the code", live_code(state, CODE))
        # What is wrong takes the place of what is said otherwise: the strip stays as high as it is.
        words = live_html(state, ["about", "shown", "failure"], self._words, "authkit-about")
        rows = [
            row(*self._controls()) if state.steerable else ipywidgets.HTML(display.tag("div", STANDS)),
            row(words, code.button),
            code.content,
        ]
        beside = [live_html(state, ["now", "numeric"], self._time, "authkit-time")]
        super().__init__("Clock", tenant.issuer, "authkit-clock", rows, beside, CSS)

    def _controls(self) -> list[Any]:
        state = self.state
        seconds = text("Seconds to advance")
        link((state, "seconds"), (seconds, "value"))
        return [
            seconds,
            button("Advance", state.advance, primary=True),
            button("Just before exp", state.before_exp),
            button("At exp", state.at_exp),
            button("A day later", state.day_later),
            button("Reset", state.reset),
            button("Look again", state.look),
        ]

    def _time(self) -> display.Html:
        return display.join([display.tag("strong", self.state.now), f" = NumericDate {self.state.numeric}"])

    def _words(self) -> display.Html:
        state = self.state
        if state.failure is not None:
            said = [display.badge("refused", "NOT MOVED."), state.failure.message, state.failure.remedy]
            return display.join(said, " ")
        return problem(state.shown["seconds"]) if state.shown else display.text(state.about)
