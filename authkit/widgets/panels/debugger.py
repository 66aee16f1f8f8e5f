"""The token debugger: Verify and Encode, each with keys of its own; between them goes the token alone."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground import display
from authkit.tenant import Tenant
from authkit.widgets.panels.debugger_encode import encode_view
from authkit.widgets.panels.debugger_verify import verify_view
from authkit.widgets.parts import Panel, live_html, tabs
from authkit.widgets.states.debugger import DebuggerState
from authkit.widgets.states.encode import EncodeState

CSS: Final = """
.authkit-debugger .authkit-tabs > .widget-tab-contents { padding: 5px 0 0; border: 0; overflow: visible;
  background: none; }
.authkit-debugger .authkit-tabs > .lm-TabBar .lm-TabBar-tab { flex: 0 1 auto; min-width: 0; padding: 0 14px; }
.authkit-debugger .authkit-view { gap: 6px; }
.authkit-panel.authkit-debugger { padding: 6px 16px; gap: 4px; }
.authkit-debugger .authkit-left { gap: 5px; }
.authkit-panel.authkit-debugger .authkit-right { gap: 4px; }
.authkit-panel.authkit-debugger .authkit-view { gap: 4px; }
.authkit-panel.authkit-debugger .authkit-card { line-height: 1.25; padding: 3px 10px 4px; }
.authkit-panel.authkit-debugger .authkit-signature { font-size: 12px; }
.authkit-debugger .authkit-address { flex-flow: row wrap; gap: 6px 8px; align-items: center; }
.authkit-debugger .authkit-address > .widget-text { flex: 1 1 100%; min-width: 0; } /* an address needs its room */
.authkit-debugger .authkit-held { margin-left: 76px !important; }
.authkit-debugger .authkit-own { --authkit-label: 84px; gap: 4px; }
.authkit-panel.authkit-debugger .authkit-card pre { font-size: 11.5px; line-height: 1.25; }
.authkit-panel.authkit-debugger .authkit-encoded { display: inline-block; font-size: 11.5px; }
.authkit-debugger .authkit-card > div:first-child { display: inline-block; margin-right: 10px; } /* on one line */
.authkit-panel.authkit-debugger .authkit-header { flex: 1 1 212px; }
.authkit-panel.authkit-debugger .authkit-payload { flex: 6 1 440px; }
.authkit-panel.authkit-debugger .authkit-signature { flex: 1 1 118px; }
.authkit-panel.authkit-debugger .authkit-encode .authkit-left { --authkit-label: 68px; flex: 1 1 400px; }
.authkit-panel.authkit-debugger .authkit-encode .authkit-right { flex: 1 1 350px; }
.authkit-panel.authkit-debugger .authkit-encode .authkit-field > .widget-html { margin-left: 76px; }
.authkit-debugger .authkit-encode pre { line-height: 1.3 !important; }
.authkit-panel.authkit-debugger .authkit-encode textarea { font-size: 11.5px;
  font-family: var(--jp-code-font-family, monospace); }
"""


class DebuggerPanel(Panel):
    """A debugger: a token goes in; its three parts, the verdict and every check come out, at every keystroke.

    Attributes:
        state: What the side that verifies holds.
        encode: What the side that signs holds.
    """

    def __init__(self, tenant: Tenant[Any], api: str = "", token: str = "") -> None:
        state = self.state = DebuggerState(tenant, api, token)
        self.encode = EncodeState(tenant)
        self._tabs = tabs({"Verify": verify_view(state), "Encode": encode_view(self.encode, self._take)})
        beside = [live_html(state, ["now"], lambda: display.text(f"at its time {state.now}"))]
        super().__init__("Token debugger", tenant.issuer, "authkit-debugger", [self._tabs], beside, CSS)

    def _take(self) -> None:
        """The token, and nothing else, goes over to the side that verifies."""
        self.state.take(self.encode.token)
        self._tabs.selected_index = 0
