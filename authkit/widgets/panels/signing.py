"""HS256 and RS256 side by side: controls built once and linked to `SigningState`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets
from traitlets import dlink, link

from authkit.ground import display
from authkit.jose.verdict import Verdict
from authkit.tenant import Tenant
from authkit.widgets.parts import (
    Fold,
    Panel,
    button,
    columns,
    entry,
    failed,
    folds,
    hint,
    live_code,
    live_html,
    row,
    text,
)
from authkit.widgets.states.signing import SigningState
from authkit.widgets.states.signing_parties import Attempt, Column

CODE: Final = {"python": "Python, on a training copy", "http": "HTTP"}
TITLES: Final = {
    "hs": "HS256: one secret signs and verifies",
    "rs": "RS256: private key signs, public key verifies",
}
LEAKS: Final = {
    "hs": [("nothing", "nothing"), ("the secret", "secret")],
    "rs": [("nothing", "nothing"), ("public key", "public"), ("private key", "private")],
}
LEAKED: Final = {"secret": "the API’s secret", "public": "the public key", "private": "the private key"}
ON_A_COPY: Final = (
    "All of this happens on training copies with your tenant’s issuer and time. Your tenant stays as it is."
)
CSS: Final = """
.authkit-panel.authkit-signing { --authkit-label: 46px; }
.authkit-panel.authkit-signing .authkit-left, .authkit-panel.authkit-signing .authkit-right {
  flex: 1 1 370px; gap: 4px; }
.authkit-panel.authkit-signing .authkit-tries table { width: 100%; table-layout: fixed; }
.authkit-panel.authkit-signing .authkit-tries th:first-child { width: 44px; }
.authkit-panel.authkit-signing .authkit-tries th,
.authkit-panel.authkit-signing .authkit-tries td { padding-right: 4px !important; }
.authkit-panel.authkit-signing .authkit-tries caption { font-size: 14px; }
.authkit-panel.authkit-signing .authkit-deployments { --authkit-label: 86px; }
.authkit-panel.authkit-signing .authkit-deployments .widget-text { width: 160px; }
.authkit-panel.authkit-signing .authkit-deployments { flex: 0 1 300px; }
.authkit-panel.authkit-signing .authkit-deployments > .authkit-problem { margin: 0; }
.authkit-panel.authkit-signing .authkit-top { align-items: flex-start; }
.authkit-panel.authkit-signing .authkit-top > .authkit-hint .widget-html-content { line-height: 28px; }
.authkit-panel.authkit-signing .authkit-attempts th { white-space: normal !important; }
.authkit-panel.authkit-signing .authkit-attempts td:first-child { white-space: nowrap !important; }
"""


class SigningPanel(Panel):
    """HS256 and RS256 side by side: who can sign, who can verify, what a leak and its repair cost.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        state = self.state = SigningState(tenant)
        top = row(
            button("Let each party try", state.try_all, primary=True),
            button("Reset", state.reset),
            hint("Predict first: who can sign, and who can verify?"),
            entry(state, "deployments", text("Deployments")).add_class("authkit-deployments"),
        ).add_class("authkit-top")
        attempts = Fold("every attempt", [live_html(state, ["hs", "rs", "tried"], self._details, "authkit-attempts")])
        rows = [
            top,
            live_html(state, ["failure"], self._failure),
            columns(self._column("hs", state.repair_hs), self._column("rs", state.repair_rs)),
            hint(ON_A_COPY),
            folds(attempts, Fold("the code", live_code(state, CODE))),
        ]
        super().__init__("HS256 and RS256", tenant.issuer, "authkit-signing", rows, css=CSS)

    def _column(self, side: str, repair: Callable[[], None]) -> list[Any]:
        state = self.state
        leak = ipywidgets.RadioButtons(options=LEAKS[side], orientation="horizontal", description="Leak")
        link((state, f"{side}_leak"), (leak, "value"))
        words = "new secret" if side == "hs" else "rotate and revoke"
        repairing = button(f"Repair: {words}", repair)
        dlink((state, f"{side}_leak"), (repairing, "disabled"), lambda leaked: leaked not in ("secret", "private"))
        return [
            live_html(state, [side, "tried"], lambda: self._tries(side), "authkit-tries"),
            leak,
            live_html(state, [side, f"{side}_leak"], lambda: self._outcome(side), "authkit-outcome"),
            row(repairing, live_html(state, [side], lambda: self._by_the_button(side))),
            live_html(state, [side], lambda: self._cost(side)),
        ]

    def _tries(self, side: str) -> display.Html:
        found: Column | None = getattr(self.state, side)
        if found is None:
            return display.Html()
        attempts, tried = found.attempts, self.state.tried
        rows: list[list[object]] = [
            [_head("holds"), *(attempt.holds for attempt in attempts)],
            [_head("sign"), *(_cell(tried, attempt.signed) for attempt in attempts)],
            [_head("verify"), *(_cell(tried, attempt.verified) for attempt in attempts)],
        ]
        return display.table(["party", *(attempt.party for attempt in attempts)], rows, caption=TITLES[side])

    def _outcome(self, side: str) -> display.Html:
        found: Column | None = getattr(self.state, side)
        if found is None:
            return display.Html()
        leak: str = getattr(self.state, f"{side}_leak")
        got = f"The attacker has {LEAKED[leak]}" if leak != "nothing" else "Nothing has leaked"
        attack = found.attack
        if found.repair is not None:
            return _refused("REPAIRED", "Shown again, it is", found.repair.forged)
        if attack.signed.outcome == "accepted":
            made = f"{got}, {attack.how}, and the API’s verifier ACCEPTS the forged token."
            return display.block("BROKEN: the attacker can sign", made, tone="refused")
        return _refused("SAFE", f"{got}. The attacker {_short(attack)}:", attack.signed)

    def _by_the_button(self, side: str) -> display.Html:
        found: Column | None = getattr(self.state, side)
        if found is None or found.repair is None:
            return display.Html()
        count = found.repair.redeployed
        return display.badge("refused" if count else "accepted", f"costs {_counted(count, 'deployment')}")

    def _cost(self, side: str) -> display.Html:
        found: Column | None = getattr(self.state, side)
        if found is None or found.repair is None:
            return display.Html()
        repair = found.repair
        if side == "hs":
            said = (
                f"{repair.redeployed} of {_counted(repair.deployments, 'deployment')} refused a good new token until "
                "the new secret was deployed there. Every token from before is refused, too."
            )
        else:
            said = (
                f"{repair.redeployed} of {_counted(repair.deployments, 'deployment')} had to be deployed anew: each "
                "fetches the JWKS by itself. One that has it cached trusts the leaked key until it fetches again."
            )
        return display.text(said)

    def _details(self) -> display.Html:
        sides = [(name, getattr(self.state, name)) for name in ("hs", "rs")]
        if not self.state.tried:
            return display.text("Press Let each party try: then it stands here how each went about it.")
        return display.join(_attempts(TITLES[name], found) for name, found in sides if found is not None)

    def _failure(self) -> display.Html:
        return failed("NOT TRIED", self.state.failure) if self.state.failure is not None else display.Html()


def _refused(title: str, what: str, verdict: Verdict) -> display.Html:
    decisive = verdict.decisive
    if decisive is None:
        return display.block("STILL BROKEN", f"{what} accepted.", tone="refused")
    words = display.join([f"{what} refused by the check ", display.name(decisive.name), "."])
    return display.block(f"{title}: forged token refused", words, tone="accepted")


def _short(attempt: Attempt) -> str:
    return (
        "has only the public key and alters a token"
        if attempt.holds == "public key"
        else "has no key and alters a token"
    )


def _head(word: str) -> display.Html:
    return display.tag("strong", word)


def _cell(tried: bool, verdict: Verdict) -> display.Html:
    if not tried:
        return display.text("?")
    return display.badge("accepted", "yes") if verdict.outcome == "accepted" else display.badge("refused", "no")


def _attempts(title: str, found: Column) -> display.Html:
    rows = [
        (
            attempt.party,
            f"{attempt.how[0].upper()}{attempt.how[1:]}.",
            _said(attempt.signed),
            _said(attempt.verified),
        )
        for attempt in found.attempts
    ]
    heads = ("party", "how it tries to sign", "verifier on that token", "its own verdict on a good token")
    token = display.code(found.attack.token, label=f"Token of the attacker, {title[:5]}")
    return display.join([display.table(heads, rows, caption=title), display.tag("div", "The attacker’s token"), token])


def _said(verdict: Verdict) -> display.Html:
    if verdict.decisive is None:
        return display.badge("accepted", "accepted")
    return display.join([display.badge("refused", "refused"), display.tag("div", display.name(verdict.decisive.code))])


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"
