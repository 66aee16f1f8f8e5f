"""The create-API form: controls built once and linked to `CreateApiState`."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets

from authkit.ground import display
from authkit.registry.models import MAX_LIFETIME, Api
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
    lines,
    live_code,
    live_hint,
    live_html,
    row,
    text,
)
from authkit.widgets.states.create_api import SKIP_CONSENT, CreateApiState

LABELS: Final = {
    "name": "Name",
    "identifier": "Identifier",
    "signing_alg": "Signing algorithm",
    "token_lifetime": "Token expiration (seconds)",
    "scopes": "Scopes",
    SKIP_CONSENT: "Allow skipping user consent",
    "allow_offline_access": "Allow offline access",
}
SCOPES: Final = "read:orders  Read orders\nwrite:orders  Change orders"
ALGORITHMS: Final = {
    "RS256": "Signed with the tenant’s private key; anyone can verify with the public one.",
    "HS256": "One secret, shared by tenant and API: whoever can verify can also sign.",
}
CODE: Final = {
    "python": "Python",
    "http": "HTTP, to the Management API: Auth0’s, and that of authkit serve",
}
CSS: Final = ".authkit-panel.authkit-create-api .authkit-left { gap: 4px; }"
_FIXED = ("id", "identifier", "signing_alg")
_CHANGEABLE = ("name", "token_lifetime", "scopes", "signing_secret")
_KNOWN_SHOWN: Final = 6


class CreateApiPanel(Panel):
    """A form that registers an API, with every rule said as one leaves a field.

    Attributes:
        state: What the form holds.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        state = self.state = CreateApiState(tenant)
        left = [
            self._input("name", text(LABELS["name"], "Orders")),
            self._input(
                "identifier",
                text(LABELS["identifier"], "https://orders.example/"),
                hint("Usually a URL. It is never called and cannot be changed; a slash at the end makes another API."),
            ),
            self._input(
                "signing_alg",
                ipywidgets.RadioButtons(
                    options=[("RS256 (recommended)", "RS256"), ("HS256", "HS256")],
                    orientation="horizontal",
                    description=LABELS["signing_alg"],
                ),
                live_hint(state, "signing_alg", lambda chosen: f"{ALGORITHMS[chosen]} Cannot be changed."),
            ),
            self._input(
                "token_lifetime",
                text(LABELS["token_lifetime"]),
                live_hint(state, "lifetime_words", _lifetime_hint),
            ),
            self._input(
                "scopes",
                lines(LABELS["scopes"], SCOPES).add_class("authkit-grows"),
                hint("One a line: the value, a space, what it allows."),
            ),
            folds(Fold("settings", [self._flag(*flag) for flag in _FLAGS])),
            row(
                button("Create API", state.submit, primary=True),
                button("Reset", state.reset),
                live_html(state, ["shown", "created", "failure"], self._by_the_button),
            ),
        ]
        right = [
            live_html(state, ["shown", "created", "failure", "ready"], self._outcome, "authkit-outcome"),
            live_html(state, ["known"], self._known),
        ]
        rows = [columns(left, right), folds(Fold("the code", live_code(state, CODE)))]
        super().__init__("Create API", tenant.issuer, "authkit-create-api", rows, css=CSS)

    def _input(self, name: str, control: Any, *below: Any) -> Any:
        return entry(self.state, name, control, *below)

    def _flag(self, name: str, words: str) -> Any:
        return self._input(name, ipywidgets.Checkbox(description=LABELS[name], indent=False), hint(words))

    def _by_the_button(self) -> display.Html:
        """The outcome once more, next to where the reader has just clicked."""
        state = self.state
        if state.failure is not None:
            return display.badge("refused", "Not created")
        if state.shown:
            return display.badge("refused", _problems(len(state.shown)))
        return display.badge("accepted", "Created") if state.created is not None else display.Html()

    def _outcome(self) -> display.Html:
        state = self.state
        if state.failure is not None:
            return failed("NOT CREATED", state.failure)
        if state.shown:
            at_fault = ", ".join(LABELS[name] for name in LABELS if name in state.shown)
            return display.block(_problems(len(state.shown)), f"See under: {at_fault}.", tone="refused")
        if state.created is not None:
            return _created(state.created)
        if state.ready:
            return display.block("Ready to create", "Every rule is kept.", tone="accepted")
        return display.block("Nothing created here yet", "Only the identifier must be given.")

    def _known(self) -> display.Html:
        known = self.state.known
        rows = [display.tag("li", display.tag("code", identifier)) for identifier in known[-_KNOWN_SHOWN:]]
        title = display.tag("div", f"This tenant’s APIs: {len(known)}", class_="authkit-caption")
        earlier = len(known) - len(rows)
        more = display.tag("div", f"and {earlier} created earlier") if earlier else ""
        return display.join([title, display.tag("ul", display.join(rows), class_="authkit-known"), more])


_FLAGS: Final = (
    (SKIP_CONSENT, "Applications of your own ask no user for consent."),
    ("allow_offline_access", "Applications may ask for refresh tokens."),
)


def _created(api: Api) -> display.Html:
    facts = api.shown()
    said = display.block(
        f"CREATED: {api.name or api.identifier}", "Applications can now be authorised for it.", tone="accepted"
    )
    tables = {"Cannot be changed later": _FIXED, "Can be changed": _CHANGEABLE}
    shown = [
        display.fields({name: facts[name] for name in names if name in facts}, caption=caption)
        for caption, names in tables.items()
    ]
    return display.join([said, *shown])


def _problems(count: int) -> str:
    return "1 problem to repair" if count == 1 else f"{count} problems to repair"


def _lifetime_hint(words: str) -> str:
    return f"{words + ' – ' if words else ''}at most {MAX_LIFETIME} seconds (30 days)"
