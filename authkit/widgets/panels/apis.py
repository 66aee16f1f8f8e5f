"""The panel of all APIs: a list, beside it the views of the one that is chosen, or the form for another."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets
from traitlets import link

from authkit.ground import display
from authkit.tenant import Tenant
from authkit.widgets.panels.api_grants import grants_view
from authkit.widgets.panels.api_parts import CSS, only_while
from authkit.widgets.panels.api_quick_start import quick_start_view
from authkit.widgets.panels.api_scopes import scopes_view
from authkit.widgets.panels.api_settings import settings_view
from authkit.widgets.panels.api_test import test_view
from authkit.widgets.panels.create_api import ALGORITHMS, LABELS
from authkit.widgets.parts import (
    Fold,
    Panel,
    button,
    choice,
    columns,
    entry,
    failed,
    folds,
    hint,
    live_code,
    live_hint,
    live_html,
    row,
    tabs,
    text,
)
from authkit.widgets.states.apis import VIEWS, ApisState
from authkit.widgets.states.create_api import CreateApiState

CODE: Final = {
    "python": "Python",
    "http": "HTTP: what Auth0 and authkit serve take",
}


class ApisPanel(Panel):
    """All APIs of a tenant: create one, set it up, authorise applications for it, test it.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any], api: str = "") -> None:
        state = self.state = ApisState(tenant, api)
        views = (
            quick_start_view(state.quick_start),
            settings_view(state.settings),
            scopes_view(state.scopes),
            grants_view(state.grants),
            test_view(state.test),
        )
        tabbed = tabs(dict(zip(VIEWS, views, strict=True)))
        link((state, "view"), (tabbed, "selected_index"))
        chosen = ipywidgets.VBox([live_html(state, ["api"], self._heading, "authkit-api"), tabbed])
        left = [
            # No Select: JupyterLab takes its arrow keys and letters for commands on cells.
            choice(state, "chosen", "choices", "This tenant’s APIs", ipywidgets.RadioButtons),
            row(button("Create API…", state.begin)),
            live_html(state, ["note", "gone", "failure"], self._note),
        ]
        right = [
            only_while(state, ["creating"], lambda: not state.creating, chosen),
            only_while(state, ["creating"], lambda: state.creating, self._form(state.new)),
        ]
        rows = [columns(left, right), folds(Fold("the code", live_code(state, CODE)))]
        super().__init__("APIs", tenant.issuer, "authkit-apis", rows, css=CSS)

    def _form(self, new: CreateApiState) -> Any:
        algorithm = ipywidgets.RadioButtons(
            options=[("RS256 (recommended)", "RS256"), ("HS256", "HS256")],
            orientation="horizontal",
            description=LABELS["signing_alg"],
        )
        form = [
            ipywidgets.HTML(display.tag("div", "A new API", class_="authkit-caption")),
            live_html(new, ["shown", "failure", "ready"], lambda: _form_outcome(new), "authkit-outcome"),
            entry(new, "name", text(LABELS["name"], "Orders"), hint("For people. Without effect; no < and no >.")),
            entry(
                new,
                "identifier",
                text(LABELS["identifier"], "https://orders.example/"),
                hint("Usually a URL. It is never called and cannot be changed; a slash at the end makes another API."),
            ),
            entry(
                new,
                "signing_alg",
                algorithm,
                live_hint(new, "signing_alg", lambda chosen: f"{ALGORITHMS[chosen]} Cannot be changed."),
            ),
            row(button("Create", new.submit, primary=True), button("Cancel", self.state.cancel)),
        ]
        return ipywidgets.VBox(form).add_class("authkit-view")

    def _heading(self) -> display.Html:
        api = self.state.api
        if api is None:
            return display.Html()
        named = display.tag("strong", api.name or "API without a name")
        return display.join([named, " · ", display.tag("code", api.identifier), f" · {api.signing_alg}"])

    def _note(self) -> display.Html:
        if self.state.failure is not None:
            return failed("NOT SHOWN", self.state.failure, tone="undecided")
        if self.state.gone:
            return display.badge("undecided", self.state.gone)
        return display.badge("accepted", self.state.note) if self.state.note else display.Html()


def _form_outcome(new: CreateApiState) -> display.Html:
    if new.failure is not None:
        return failed("NOT CREATED", new.failure)
    if new.shown:
        return display.badge("refused", "Not yet: see under the fields.")
    return display.badge("accepted", "Every rule is kept.") if new.ready else display.Html()
