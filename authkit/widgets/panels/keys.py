"""Keys and JWKS: controls built once and linked to `KeysState`."""

from __future__ import annotations

from typing import Any, Final

from traitlets import dlink

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.jose.verdict import Verdict
from authkit.tenant import Tenant
from authkit.widgets.parts import Fold, Panel, button, columns, failed, folds, hint, live_code, live_html, row
from authkit.widgets.states.key_times import Lane
from authkit.widgets.states.keys import KeysState, TokenRow

CODE: Final = {"python": "Python", "http": "HTTP"}
_COUNTERS: Final = ("fetches", "hits", "refused_refetches")
_KID_SHOWN: Final = 8
CSS: Final = """
.authkit-panel.authkit-keys .authkit-times table { width: 100%; border-collapse: separate; border-spacing: 0 3px;
  font-size: 12px; line-height: 17px; margin: 0; table-layout: fixed; }
.authkit-panel.authkit-keys .authkit-times caption { text-align: left; font-weight: 600; font-size: 13px; }
.authkit-panel.authkit-keys .authkit-times th { text-align: left; font-weight: normal; padding: 0 6px; }
.authkit-panel.authkit-keys .authkit-times th:first-child { width: 128px; padding-left: 0;
  white-space: nowrap; }
.authkit-panel.authkit-keys .authkit-times tr { background: none !important; }
.authkit-panel.authkit-keys .authkit-times td { padding: 0 6px; text-align: left; height: 17px; }
.authkit-panel.authkit-keys .authkit-key-current { background: rgba(33, 118, 210, .4); border-left: 3px solid #2176d2; }
.authkit-panel.authkit-keys .authkit-key-next { background: rgba(33, 118, 210, .08); border-left: 3px dotted #2176d2; }
.authkit-panel.authkit-keys .authkit-key-previous { background: rgba(205, 120, 0, .18);
  border-left: 3px solid #cd7800; }
.authkit-panel.authkit-keys .authkit-key-revoked { background: rgba(128, 128, 128, .12);
  border-left: 3px double #808080; }
.authkit-panel.authkit-keys .authkit-tokens th { white-space: normal !important; }
.authkit-panel.authkit-keys .authkit-left { flex: 2 1 470px; gap: 4px; }
.authkit-panel.authkit-keys .authkit-right { flex: 1 1 230px; gap: 4px; }
.authkit-panel.authkit-keys .authkit-note { min-height: 20px; }
"""


class KeysPanel(Panel):
    """The tenant's signing keys: rotation, revocation, and what clients make of the tokens under each key.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        state = self.state = KeysState(tenant)
        revoke = button("Revoke previous", state.revoke_previous)
        dlink((state, "can_revoke"), (revoke, "disabled"), lambda can: not can)
        buttons = row(
            button("Rotate", state.rotate, primary=True),
            revoke,
            button("Issue a token", state.issue),
            button("Client verifies", state.client_verifies),
            button("Paste current PEM", state.paste),
            button("Reset", state.reset),
        )
        left = [live_html(state, ["rows", "pasted"], self._tokens, "authkit-tokens")]
        right = [
            live_html(state, [*_COUNTERS], self._client, "authkit-client"),
            hint("The tenant is served on this machine only while the client verifies. Reset brings new clients."),
        ]
        rows = [
            live_html(state, ["times"], self._times, "authkit-times"),
            buttons,
            live_html(state, ["note", "failure"], self._note, "authkit-note"),
            columns(left, right),
            folds(
                Fold("the JWKS as served", [live_html(state, ["jwks"], self._jwks)]),
                Fold("the code", live_code(state, CODE)),
            ),
        ]
        super().__init__("Keys and JWKS", tenant.issuer, "authkit-keys", rows, css=CSS)

    def _times(self) -> display.Html:
        times = self.state.times
        if times is None:
            return display.Html()
        last = len(times.since) - 1
        heads = [
            display.tag("th", f"since {readable(since)[:16]}{' (now)' if spell == last else ''}", scope="col")
            for spell, since in enumerate(times.since)
        ]
        head = display.tag("tr", display.join([display.tag("th", "key", scope="col"), *heads]))
        caption = display.tag("caption", "Each column begins with a rotation; times in UTC")
        body = display.join(_lane(lane) for lane in times.lanes)
        return display.tag("table", display.join([caption, display.tag("thead", head), display.tag("tbody", body)]))

    def _note(self) -> display.Html:
        state = self.state
        if state.failure is not None:
            return failed("NOT DONE", state.failure)
        return display.text(state.note or "Issue a token, rotate, issue another: whose verifier still accepts both?")

    def _tokens(self) -> display.Html:
        state = self.state
        if not state.rows:
            return display.block("No token yet", "Press Issue a token: the current key signs it.")
        pasted = f"pasted PEM: key {state.pasted}" if state.pasted else "pasted PEM"
        heads = ("token signed by", "published JWKS", "client’s cache", pasted)
        return display.table(heads, [_token(one) for one in state.rows], caption="Does it verify now?")

    def _client(self) -> display.Html:
        state = self.state
        counters = {"fetches of the JWKS": state.fetches, "answered by the cache": state.hits}
        return display.fields(
            {**counters, "unknown kid, not fetched": state.refused_refetches}, caption="Client with a cache (600 s)"
        )

    def _jwks(self) -> display.Html:
        return display.code(self.state.jwks, label="The JWKS as served")


def _lane(lane: Lane) -> display.Html:
    name = display.tag(
        "th", display.join([f"key {lane.number} ", display.name(f"{lane.kid[:_KID_SHOWN]}…")]), scope="row"
    )
    return display.tag("tr", display.join([name, *(_spell(was) for was in lane.spells)]))


def _spell(was: str) -> display.Html:
    if not was:
        return display.tag("td", "")
    kind = "revoked" if was == "revoked" else was.split(",")[0]
    return display.tag("td", f"✘ {was}" if was == "revoked" else was, class_=f"authkit-key-{kind}")


def _token(one: TokenRow) -> tuple[object, ...]:
    return (f"key {one.key}, {one.place}", _said(one.published), _said(one.client), _said(one.pasted))


def _said(verdict: Verdict | None) -> display.Html:
    if verdict is None:
        return display.badge("skipped", "not asked")
    if verdict.decisive is None:
        return display.badge("accepted", "accepted")
    tone = "undecided" if verdict.outcome == "undecided" else "refused"
    return display.join([display.badge(tone, verdict.outcome), " by ", display.name(verdict.decisive.name)])
