"""The debugger's view Verify: a token, keys of one's choice, what is expected, and the verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import ipywidgets
from traitlets import dlink, link

from authkit.ground import display
from authkit.ground.secret import Secret
from authkit.widgets.claims_table import claims_table
from authkit.widgets.panels.api_parts import only_while
from authkit.widgets.parts import (
    Fold,
    button,
    choice,
    columns,
    failed,
    folds,
    live_code,
    live_html,
    row,
    text,
)
from authkit.widgets.states.debugger import POLICIES, DebuggerState
from authkit.widgets.states.key_material import KINDS, PASTED, SECRETS
from authkit.widgets.token_cards import cards

CODE: Final = {
    "python": "Verify, in Python",
    "http": "Verify, over HTTP",
    "grant_python": "Get a token, in Python",
    "grant_http": "Get a token, over HTTP",
}
_LOCAL: Final = "Nothing leaves this machine."
_FETCH: Final = "Nothing leaves this machine unless you press Fetch, and then only a request for that address."


def verify_view(state: DebuggerState) -> list[Any]:
    """The controls of this view."""
    token = ipywidgets.Textarea(description="Token", placeholder="eyJ… Paste a token, or get one.", rows=6)
    link((state, "token"), (token, "value"))
    keys = ipywidgets.Dropdown(description="Keys", options=KINDS)
    link((state, "kind"), (keys, "value"))
    left = [
        keys,
        _while(state, lambda: state.kind == "api", choice(state, "identifier", "choices", "Verify for")),
        _while(state, lambda: state.kind in PASTED, _material(state)),
        _while(state, lambda: state.kind in SECRETS, secret_control("Shared secret", state.give_secret)),
        _while(state, lambda: state.kind == "url", _address(state)),
        live_html(state, ["kind", "held", "fetched"], lambda: _held(state), "authkit-held"),
        token,
        row(
            button("Get a token", state.get_token, primary=True),
            button("Check again (clock moved)", state.refresh),
            button("Reset", state.reset),
        ),
    ]
    right = [
        live_html(state, ["verdict", "failure", "waiting", "token"], lambda: _verdict(state), "authkit-verdict"),
        live_html(
            state,
            ["kind", "issuer", "audience", "algorithm", "policy_label"],
            lambda: _expected(state),
            "authkit-expected",
        ),
        _while(state, lambda: state.kind != "api", _own(state)),
    ]
    parts = live_html(state, ["parts", "moment"], lambda: _cards(state))
    checks = Fold("every check", [live_html(state, ["verdict"], lambda: _checks(state), "authkit-checks")])
    claims = Fold("the claims explained", [live_html(state, ["parts", "moment", "verdict"], lambda: _claims(state))])
    note = live_html(state, ["note", "kind"], lambda: _note(state))
    return [columns(left, right), note, parts, folds(checks, claims, Fold("the code", live_code(state, CODE)))]


def secret_control(label: str, give: Callable[[Secret], None]) -> Any:
    """A control whose text goes to the kernel when it is left, and does not stay in it."""
    control = ipywidgets.Password(description=label, continuous_update=False)

    def move(change: Any) -> None:
        if change["new"]:
            control.value = ""  # out of the widget's state before anything is done
            give(Secret(change["new"]))

    control.observe(move, "value")
    return control


def _while(state: DebuggerState, holds: Callable[[], bool], content: Any) -> Any:
    return only_while(state, ["kind"], holds, content)


def _material(state: DebuggerState) -> Any:
    """What is pasted stays in sight unless it must not be seen: a link could not take it back."""
    control = ipywidgets.Textarea(description="Material", placeholder='{"keys": …', rows=3, continuous_update=False)
    dlink((state, "pasted"), (control, "value"))
    examples = {"jwks": '{"keys": …', "jwk": '{"kty": "RSA", …', "pem": "-----BEGIN PUBLIC KEY-----"}
    dlink((state, "kind"), (control, "placeholder"), lambda kind: examples.get(kind, ""))

    def given(change: Any) -> None:
        if change["new"] != state.pasted:
            state.paste(change["new"])
            control.value = state.pasted

    control.observe(given, "value")
    return control


def _address(state: DebuggerState) -> Any:
    control = text("JWKS URL", "https://issuer.example/.well-known/jwks.json")
    link((state, "url"), (control, "value"))
    fetching = button("Fetch", state.fetch)
    dlink((state, "host"), (fetching, "description"), lambda host: f"Fetch from {host}" if host else "Fetch")
    dlink((state, "host"), (fetching, "disabled"), lambda host: not host)
    return ipywidgets.HBox([control, fetching]).add_class("authkit-address")


def _own(state: DebuggerState) -> Any:
    """What is expected, where that is not the tenant's API."""
    fields = []
    for trait, label in (("issuer", "Issuer"), ("audience", "Audience"), ("algorithms", "Algorithms")):
        control = text(label)
        link((state, f"expected_{trait}"), (control, "value"))
        fields.append(control)
    policy = ipywidgets.Dropdown(description="Policy", options=[*POLICIES])
    link((state, "policy"), (policy, "value"))
    return ipywidgets.VBox([*fields, policy]).add_class("authkit-own")


def _note(state: DebuggerState) -> display.Html:
    local = display.tag("span", _FETCH if state.kind == "url" else _LOCAL, class_="authkit-local")
    return display.join([f"{state.note} " if state.note else "", local])


def _held(state: DebuggerState) -> display.Html:
    if state.kind == "url":
        return display.text(state.fetched)
    return display.text(f"Held in the kernel: {state.held}" if state.held and state.kind != "api" else "")


def _expected(state: DebuggerState) -> display.Html:
    if state.kind != "api":
        return display.Html()
    return display.fields(
        {
            "expected issuer": state.issuer,
            "expected audience": state.audience,
            "expected algorithm": f"{state.algorithm}, policy {state.policy_label}",
        }
    )


def _verdict(state: DebuggerState) -> display.Html:
    if state.failure is not None:
        return failed("NOT CHECKED", state.failure, tone="undecided")
    if state.waiting:
        return display.block("No keys yet", state.waiting)
    if state.verdict is None:
        return display.block("No token yet", "Paste one, or press Get a token.")
    return state.verdict.headline_html()


def _checks(state: DebuggerState) -> display.Html:
    return state.verdict.checks_html() if state.verdict is not None else display.text("No verdict, no checks.")


def _cards(state: DebuggerState) -> display.Html:
    return cards(state.parts, empty=not state.token.strip(), now=state.moment)


def _claims(state: DebuggerState) -> display.Html:
    members = next((part.members for part in state.parts if part.name == "payload"), None)
    if members is None:
        return display.text("No payload that can be read, no claims.")
    accepted = state.verdict is not None and state.verdict.outcome == "accepted"
    return claims_table(members, state.moment, verified=accepted)
