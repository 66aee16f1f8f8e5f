"""The view Settings: what cannot be changed as text, what can as controls, and the API's end."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets

from authkit.ground import display
from authkit.registry.models import MAX_LIFETIME, Api
from authkit.widgets.panels.api_parts import locked, only_while, said
from authkit.widgets.panels.create_api import LABELS
from authkit.widgets.parts import button, entry, hint, live_hint, live_html, row, text
from authkit.widgets.states.api_settings import ApiSettingsState, counted
from authkit.widgets.states.create_api import SKIP_CONSENT

DIALECTS: Final = (
    ("access_token: the vendor’s own", "access_token"),
    ("access_token_authz: with permissions", "access_token_authz"),
    ("rfc9068_profile: RFC 9068", "rfc9068_profile"),
    ("rfc9068_profile_authz: RFC 9068 with permissions", "rfc9068_profile_authz"),
)
FLAGS: Final = (
    (SKIP_CONSENT, LABELS[SKIP_CONSENT], "First-party applications ask no user for consent."),
    ("allow_offline_access", LABELS["allow_offline_access"], "Applications may ask for refresh tokens."),
    ("enforce_policies", "Enforce RBAC", "Users get only the scopes that their roles hold."),
)
_ALGORITHMS: Final = {
    "RS256": "signed with the tenant’s private key",
    "HS256": "signed with this API’s own secret",
}
_WHY: Final = "These cannot be changed: tokens, and the APIs that verify them, rely on them."
_SYSTEM: Final = "The tenant’s own API: only token expiration, consent and offline access can be changed; it stays."


def settings_view(state: ApiSettingsState) -> list[Any]:
    """The controls of this view."""
    dialect = ipywidgets.Dropdown(description="Token dialect", options=DIALECTS)
    flags = [entry(state, name, _tick(state, name, label), hint(words)) for name, label, words in FLAGS]
    secret = row(
        live_html(state, ["api"], lambda: _secret(state.api)),
        button("Make a new secret", state.make_secret),
    )
    confirm = ipywidgets.VBox(
        [
            live_html(state, ["api", "goes_with"], lambda: _question(state)),
            row(button("Yes, delete this API", state.delete), button("Keep it", state.keep)),
        ]
    )
    delete = locked(state, button("Delete API…", state.ask_delete))
    return [
        live_html(state, ["api"], lambda: _fixed(state.api)),
        hint(_WHY),
        only_while(state, ["protected"], lambda: state.protected, hint(_SYSTEM)),
        entry(state, "name", locked(state, text(LABELS["name"]))),
        entry(
            state,
            "token_lifetime",
            text(LABELS["token_lifetime"]),
            live_hint(state, "lifetime_words", _lifetime_hint),
        ),
        entry(state, "token_dialect", locked(state, dialect)),
        ipywidgets.HBox(flags).add_class("authkit-flags"),
        only_while(state, ["symmetric"], lambda: state.symmetric, secret),
        row(button("Save", state.save, primary=True), button("Reset", state.reset), delete),
        said(state),
        only_while(state, ["confirming"], lambda: state.confirming, confirm),
    ]


def _tick(state: ApiSettingsState, name: str, label: str) -> Any:
    tick = ipywidgets.Checkbox(description=label, indent=False)
    return locked(state, tick) if name == "enforce_policies" else tick


def _fixed(api: Api | None) -> display.Html:
    if api is None:
        return display.Html()
    return display.fields(
        {
            "Id": display.tag("code", api.id),
            "Identifier": display.tag("code", api.identifier),
            LABELS["signing_alg"]: f"{api.signing_alg}, {_ALGORITHMS[api.signing_alg]}",
        }
    )


def _secret(api: Api | None) -> display.Html:
    if api is None or api.signing_secret is None:
        return display.Html()
    return display.text(f"Signing secret: •••••••• masked, {len(api.signing_secret)} characters")


def _lifetime_hint(words: str) -> str:
    return f"{words + ' – ' if words else ''}at most {MAX_LIFETIME} (30 days); for tokens from now on"


def _question(state: ApiSettingsState) -> display.Html:
    name = (state.api.name or state.api.identifier) if state.api is not None else ""
    gone = f"{counted(*state.goes_with)} go with it. Tokens that were issued are accepted until they expire."
    return display.join([display.badge("undecided", f"Delete {name} for good?"), gone], " ")
