"""How panels look: JupyterLab's own colours, with fallbacks elsewhere, so that light and dark themes both fit."""

from typing import Final

CSS: Final = """
.authkit-panel { max-width: 900px; box-sizing: border-box; padding: 8px 16px; gap: 6px; border-radius: 6px;
  border: 1px solid var(--jp-border-color2, #bdbdbd); color: var(--jp-content-font-color1, inherit); }
.authkit-panel, .authkit-panel .widget-box { overflow: visible; }
.authkit-panel .jupyter-widgets { margin: 0; }
.authkit-panel .widget-html { width: auto; height: auto; }
.authkit-panel .widget-html-content { line-height: 1.4; font-size: 13px; min-width: 0; overflow-wrap: anywhere; }
.authkit-panel .authkit-title { font-size: 17px; font-weight: 600; margin-right: 12px; }
.authkit-panel .authkit-caption { font-weight: 600; }

/* two columns, one where there is no room for two */
.authkit-panel .authkit-columns { flex-flow: row wrap; gap: 10px 24px; align-items: flex-start; }
.authkit-panel .authkit-left { flex: 3 1 370px; gap: 8px; min-width: 0; }
.authkit-panel .authkit-right { flex: 2 1 260px; gap: 8px; min-width: 0; }
.authkit-panel.authkit-debugger { --authkit-label: 68px; }
.authkit-panel.authkit-debugger .authkit-left { flex: 1 1 346px; }
.authkit-panel.authkit-debugger .authkit-right { flex: 2 1 310px; }
.authkit-panel .authkit-row { flex-flow: row wrap; gap: 8px; align-items: center; }

/* a control: its label left of it, hint and problem below */
.authkit-panel .authkit-field { gap: 1px; }
.authkit-panel .widget-text, .authkit-panel .widget-textarea, .authkit-panel .widget-dropdown,
.authkit-panel .widget-radio, .authkit-panel .widget-checkbox { width: auto; }
.authkit-panel .widget-inline-hbox > .widget-label, .authkit-panel .widget-radio > .widget-label {
  flex: none; width: var(--authkit-label, 122px); margin-right: 8px; text-align: left;
  white-space: normal; line-height: 1.1; height: auto; overflow: visible; align-self: center; }
.authkit-panel .widget-textarea > .widget-label { align-self: flex-start; padding-top: 4px; }
.authkit-panel .widget-radio { display: flex; flex-flow: row nowrap; align-items: center; height: auto; }
.authkit-panel .widget-radio-box { flex-wrap: wrap; margin: 0 !important; align-items: center; }
.authkit-panel .widget-dropdown select { appearance: auto; background-image: none;
  padding: 0 2px 0 6px; } /* their arrow is black on black */
.authkit-panel .widget-textarea textarea { font-size: 12px; }
.authkit-panel .authkit-grows textarea { field-sizing: content; min-height: 3em; max-height: 12em; }
.authkit-panel .authkit-field > .widget-html { margin-left: 130px; }
.authkit-panel .authkit-hint, .authkit-panel .authkit-hint .widget-html-content { font-size: 12px; opacity: .9; }
.authkit-panel .authkit-problem .widget-html-content { font-size: 12.5px; }
.authkit-panel .authkit-folded .authkit-field > .widget-html { margin-left: 22px; }

.authkit-panel .jupyter-button { width: auto; }
.authkit-panel .authkit-fold { background: none; box-shadow: none; padding: 0 4px; text-align: left;
  color: var(--jp-content-font-color1, inherit); }
.authkit-panel .authkit-fold:hover { text-decoration: underline; }
.authkit-panel .authkit-folded { gap: 6px; padding-top: 4px; }
.authkit-panel .authkit-folded .widget-checkbox { height: auto; }
.authkit-panel .authkit-checks td:first-child { white-space: nowrap !important; } /* a sign stays with its word */

.authkit-panel .authkit-verdict > .widget-html-content > div > div:first-child,
.authkit-panel .authkit-outcome > .widget-html-content > div > div:first-child { font-size: 17px; line-height: 1.35; }
.authkit-panel .authkit-expected th, .authkit-panel .authkit-expected td { padding-top: 0 !important;
  padding-bottom: 0 !important; } /* what a table sets for itself is too airy here */
.authkit-panel .authkit-outcome caption { padding-top: 6px; }
.authkit-panel code { font-size: 12px; }
.authkit-panel .authkit-known { margin: 2px 0 0; padding-left: 18px; }

/* the parts of a token: the tint is never the only sign, each card has its name */
.authkit-panel .authkit-cards { display: flex; flex-wrap: wrap; gap: 8px; }
.authkit-panel .authkit-card { box-sizing: border-box; min-width: 0; padding: 4px 10px 6px; border-left: 4px solid;
  border-radius: 3px; }
.authkit-panel .authkit-header { flex: 1 1 236px; background: rgba(33, 118, 210, .12); border-color: #2176d2; }
.authkit-panel .authkit-payload { flex: 1 1 372px; background: rgba(205, 120, 0, .14); border-color: #cd7800; }
.authkit-panel .authkit-signature { flex: 1 1 146px; background: rgba(0, 140, 115, .14); border-color: #008c73; }
.authkit-panel .authkit-card pre { margin: 2px 0 0; padding: 0; background: none; color: inherit; font-size: 12px;
  line-height: 1.3; white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere; }
.authkit-panel .authkit-encoded { font-family: var(--jp-code-font-family, monospace); font-size: 12px; }
.authkit-panel .authkit-date { opacity: .85; font-style: italic; user-select: none; }
"""
"""One style sheet for all panels; every rule is below the class of a panel."""
