"""The view Test: one application asks for a token; request, answer and every rule."""

from __future__ import annotations

from typing import Any

import ipywidgets
from traitlets import link

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.issuance.trace import RuleResult, Trace
from authkit.widgets.panels.api_parts import said
from authkit.widgets.parts import button, choice, live_html, row, text
from authkit.widgets.states.api_test import ApiTestState

_TONES = {"passed": "accepted", "refused": "refused", "not reached": "skipped"}
_TIMES = ("iat", "exp")


def test_view(state: ApiTestState) -> list[Any]:
    """The controls of this view."""
    scope = text("Scope", "empty: all that are granted")
    link((state, "scope"), (scope, "value"))
    asks = [
        choice(state, "client_id", "choices", "Application"),
        scope,
        row(button("Ask for a token", state.ask, primary=True), button("Reset", state.reset)),
        said(state),
    ]
    outcome = live_html(state, ["trace", "issued", "choices"], lambda: _outcome(state), "authkit-outcome")
    rules = [
        live_html(state, ["trace"], lambda: _rules(state.trace)),
        live_html(state, ["token", "payload", "trace"], lambda: _token(state)),
    ]
    sent = [
        live_html(state, ["sent"], lambda: _sent(state), "authkit-code"),
        live_html(state, ["answer", "status"], lambda: _answer(state), "authkit-code"),
    ]
    # In two rows, so that the sentence comes before the rules also where there is one column.
    pairs = [_pair(asks, [outcome]), _pair(rules, sent).add_class("authkit-sent")]
    return [ipywidgets.VBox(pairs).add_class("authkit-test")]


def _pair(*columns: list[Any]) -> Any:
    return ipywidgets.HBox([ipywidgets.VBox(column).add_class("authkit-view") for column in columns]).add_class(
        "authkit-pair"
    )


def _outcome(state: ApiTestState) -> display.Html:
    if not state.choices:
        return display.block("No application yet", "Create one under Machine to Machine.")
    if state.trace is None:
        return display.block("Not asked yet", "Also try an application that is not authorised.")
    title = f"{'ISSUED' if state.issued else 'REFUSED'}: {state.status}"
    return display.block(title, state.trace.sentence, tone="accepted" if state.issued else "refused", note=state.remedy)


def _sent(state: ApiTestState) -> display.Html:
    return _captioned("Request", state.sent.replace("&", "\n&")) if state.sent else display.Html()


def _answer(state: ApiTestState) -> display.Html:
    return _captioned(f"Answer: {state.status}", state.answer) if state.answer else display.Html()


def _captioned(caption: str, content: str) -> display.Html:
    return display.join([display.tag("div", caption, class_="authkit-caption"), display.code(content, caption)])


def _rules(trace: Trace | None) -> display.Html:
    if trace is None:
        return display.Html()
    caption = display.tag("div", "Rules, in this order", class_="authkit-caption")
    return display.join([caption, *(_rule(number, rule) for number, rule in enumerate(trace.rules, start=1))])


def _rule(number: int, rule: RuleResult) -> display.Html:
    title = display.join(
        [f"{number}. ", display.badge(_TONES[rule.outcome], rule.outcome), " ", display.name(rule.name)], ""
    )
    summary = display.tag("summary", title, style="cursor:pointer")
    setting = display.join(["decided by ", display.name(rule.setting), f" ({rule.source})"])
    details = display.join(display.tag("div", part) for part in (rule.question, rule.note, setting) if part)
    opened = {"open": "open"} if rule.outcome == "refused" else {}
    return display.tag("details", display.join([summary, display.tag("div", details, class_="authkit-rule")]), **opened)


def _token(state: ApiTestState) -> display.Html:
    if not state.token or state.trace is None:
        return display.Html()
    head = {name: state.header.get(name, "–") for name in ("typ", "alg", "kid") if name in state.header}
    payload = {
        name: f"{value}  ({readable(value)})" if name in _TIMES and isinstance(value, int) else value
        for name, value in state.payload.items()
    }
    brief = display.fields({**{f"header {name}": value for name, value in head.items()}, **payload})
    return display.join(
        [
            display.fold("The token, decoded (not verified)", brief),
            display.fold("Where each claim comes from", state.trace.claims_html()),
            display.fold("The token itself, for the debugger", display.code(state.token, "Token")),
        ]
    )
