"""What the views of an API are made of, and how they look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from traitlets import HasTraits

from authkit.ground import display
from authkit.widgets.parts import failed, live_html
from authkit.widgets.states.api_view import ApiView

CSS: Final = """
.authkit-apis .authkit-columns > .authkit-left { flex: 1 0 238px; }
.authkit-apis .authkit-columns > .authkit-right { flex: 100 1 420px; }
.authkit-apis .authkit-left > .widget-radio { flex-flow: column; align-items: stretch; gap: 4px; }
.authkit-apis .authkit-left > .widget-radio > .widget-label { width: auto; align-self: flex-start; font-weight: 600; }
.authkit-apis .authkit-left > .widget-radio > .widget-radio-box { flex-flow: column; align-items: stretch; padding: 0;
  max-width: none; width: auto; }
.authkit-apis .authkit-left .widget-radio-box > label { white-space: normal; overflow-wrap: anywhere; height: auto;
  line-height: 1.3; padding: 3px 6px; display: flex; align-items: center; border-radius: 3px; }
.authkit-apis .authkit-left .widget-radio-box > label:has(input:checked) { font-weight: 600;
  background: var(--jp-layout-color2, rgba(128, 128, 128, .16)); }
.authkit-apis .authkit-left .widget-radio-box input { order: -1; margin: 0 8px 0 0; flex: none; }
.authkit-apis .authkit-api .widget-html-content { font-size: 13px; }
.authkit-apis .widget-tab > .widget-tab-contents { padding: 8px 0 0; border: 0; overflow: visible;
  background: none; }
.authkit-apis .widget-tab > .lm-TabBar .lm-TabBar-tab { flex: 0 1 auto; min-width: 0; padding: 0 11px; }
.authkit-apis .widget-tab > .lm-TabBar .lm-TabBar-tabLabel { overflow: visible; }
.authkit-apis .authkit-view { gap: 6px; }
.authkit-apis .authkit-view pre { line-height: 1.18 !important; font-size: 10.5px !important;
  padding: 3px 5px !important; }
.authkit-apis .authkit-test .widget-inline-hbox { flex-flow: column; height: auto; } /* for the names of applications */
.authkit-apis .authkit-test .widget-inline-hbox > .widget-label { align-self: flex-start; padding: 0 0 2px;
  width: auto; }
.authkit-apis .authkit-test .widget-inline-hbox > :is(select, input) { flex: none; width: 100%; height: 28px; }
.authkit-apis .authkit-test, .authkit-apis .authkit-test .authkit-view { gap: 4px; }
.authkit-apis .authkit-test pre { padding: 3px 7px !important; margin: 2px 0 !important; }
.authkit-apis .authkit-library { flex-flow: row wrap; gap: 4px 12px; align-items: center; --authkit-label: 62px; }
.authkit-apis .authkit-library > .widget-dropdown { flex: 1 1 300px; min-width: 0; }
.authkit-apis .authkit-library > .widget-html { flex: none; }
.authkit-apis .authkit-library .widget-html-content { line-height: 16px; font-size: 11.5px; }
.authkit-apis .authkit-library code { font-size: 11px; }
.authkit-apis .authkit-flags { flex-flow: row wrap; gap: 4px 16px; }
.authkit-apis .authkit-flags > .authkit-field { flex: 1 1 168px; }
.authkit-apis .authkit-flags .widget-checkbox { height: auto; }
.authkit-apis .authkit-flags .widget-label-basic { display: flex; align-items: flex-start; white-space: normal;
  line-height: 1.2; }
.authkit-apis .authkit-flags > .authkit-field > .widget-html { margin-left: 22px; }
.authkit-apis .authkit-ticks { flex-flow: row wrap; gap: 0 16px; }
.authkit-apis .authkit-pair { flex-flow: row wrap; gap: 4px 20px; align-items: flex-start; }
.authkit-apis .authkit-pair > * { flex: 1 1 250px; min-width: 0; }
.authkit-apis .authkit-sent > :last-child { flex: 1.7 1 320px; } /* a line of the request has 47 letters */
.authkit-apis .authkit-sent > :first-child { flex-basis: 190px; }
.authkit-apis table { margin: 0 !important; }
.authkit-apis .authkit-view th, .authkit-apis .authkit-view td { padding-top: 1px !important;
  padding-bottom: 1px !important; }
.authkit-apis details { margin: 1px 0; }
.authkit-apis .authkit-rule { margin: 0 0 2px 22px; }
.authkit-apis .authkit-outcome > .widget-html-content > div > div:first-child { font-size: 16px; }
"""


def said(state: ApiView) -> Any:
    """What the last click did, or why it did nothing: beside or below its button."""

    def render() -> display.Html:
        if state.failure is not None:
            return failed("NOT DONE", state.failure)
        return display.badge("accepted", state.done) if state.done else display.Html()

    return live_html(state, ["done", "failure"], render, "authkit-said")


def only_while(state: HasTraits, traits: Sequence[str], holds: Callable[[], bool], content: Any) -> Any:
    """This content, out of sight where that does not hold."""

    def decide(change: object = None) -> None:
        content.layout.display = None if holds() else "none"

    state.observe(decide, list(traits))
    decide()
    return content


def locked(state: HasTraits, control: Any) -> Any:
    """A control that is of no use for the tenant's own API."""

    def lock(change: object = None) -> None:
        control.disabled = state.protected  # type: ignore[attr-defined]

    state.observe(lock, "protected")
    lock()
    return control
