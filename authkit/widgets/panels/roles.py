"""Roles: two tables of ticks that share their columns, and beside them the token that comes of it."""

from __future__ import annotations

from typing import Any, Final, get_args

import ipywidgets
from traitlets import link

from authkit.ground import display
from authkit.ground.secret import Secret
from authkit.registry.models import TokenDialect
from authkit.tenant import Tenant
from authkit.widgets.panels import tick_table
from authkit.widgets.panels.api_parts import only_while
from authkit.widgets.panels.tick_table import TickTable
from authkit.widgets.parts import (
    Fold,
    Panel,
    button,
    choice,
    columns,
    entry,
    failed,
    field,
    live_code,
    live_hint,
    live_html,
    row,
    text,
)
from authkit.widgets.states import fields
from authkit.widgets.states.matrix import MOST
from authkit.widgets.states.roles import RolesState
from authkit.widgets.states.roles_code import NO_PREVIEW
from authkit.widgets.states.token_change import Member

CODE: Final = {"python": "Python", "http": "HTTP, to the Management API: what Auth0 and authkit serve take"}
PREVIEW: Final = {"preview_python": "Python, the token beside the tables"}
DIALECTS: Final[dict[str, str]] = {
    "access_token": "Has scope, and no permissions claim.",
    "access_token_authz": "Adds permissions: all the user holds.",
    "rfc9068_profile": "As RFC 9068 has it; no permissions claim.",
    "rfc9068_profile_authz": "As RFC 9068 has it, and adds permissions.",
}
_SIGNS: Final = {"same": "=", "differs": "≠", "appears": "+", "falls away": "–"}
CSS: Final = (
    tick_table.CSS
    + """
.authkit-panel.authkit-roles { --authkit-label: 70px; }
.authkit-panel.authkit-roles .authkit-left { flex: 5 1 420px; gap: 6px; }
.authkit-panel.authkit-roles .authkit-right { flex: 3 1 290px; gap: 6px; }
.authkit-panel.authkit-roles .authkit-setup { flex-flow: row wrap; gap: 4px 24px; align-items: flex-start; }
.authkit-panel.authkit-roles .authkit-setup > .authkit-api { flex: 5 1 420px; gap: 4px 20px; min-width: 0; }
.authkit-panel.authkit-roles .authkit-setup > .authkit-field { flex: 3 1 290px; min-width: 0; }
.authkit-panel.authkit-roles .authkit-api > .authkit-field { flex: 1 1 200px; min-width: 0; }
.authkit-panel.authkit-roles .authkit-setup .authkit-field > .widget-html { margin-left: 78px; white-space: nowrap; }
.authkit-panel.authkit-roles .authkit-api > .authkit-field:first-child { --authkit-label: 32px; }
.authkit-panel.authkit-roles .authkit-api > .authkit-field:first-child > .widget-html { margin-left: 40px; }
.authkit-panel.authkit-roles .authkit-api > .authkit-field:last-child > .widget-html { margin-left: 20px; }
.authkit-panel.authkit-roles .authkit-setup .widget-checkbox { height: 28px; align-items: center; }
.authkit-panel.authkit-roles .authkit-setup .widget-label-basic { display: flex; align-items: center; }
.authkit-panel.authkit-roles .authkit-find > .widget-html { margin-left: 78px; font-size: 12px; }
.authkit-panel.authkit-roles .authkit-new > .widget-password { flex: 1 1 168px; }
.authkit-panel.authkit-roles .authkit-new { flex-flow: row wrap; gap: 4px 8px; align-items: flex-start; }
.authkit-panel.authkit-roles .authkit-new > .authkit-field { flex: 1 1 168px; }
.authkit-panel.authkit-roles .authkit-new .widget-html { margin-left: 0; }
.authkit-panel.authkit-roles .authkit-token table { width: 100%; margin: 0 !important; }
.authkit-panel.authkit-roles .authkit-token td:last-child, .authkit-panel.authkit-roles .authkit-token th:last-child {
  padding-right: 0 !important; white-space: nowrap !important; }
.authkit-panel.authkit-roles .authkit-token td, .authkit-panel.authkit-roles .authkit-token th {
  padding-top: 1px !important; padding-bottom: 1px !important; }
.authkit-panel.authkit-roles .authkit-was { display: block; opacity: .9; }
.authkit-panel.authkit-roles .authkit-token table { font-size: 12px !important; }
.authkit-panel.authkit-roles .authkit-said { margin-right: auto; flex: 1 1 400px; }
.authkit-panel.authkit-roles .authkit-row > .authkit-fold { margin-left: auto; }
"""
)


class RolesPanel(Panel):
    """What roles may, who has them, and the token that comes of it.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any], api: str = "") -> None:
        state = self.state = RolesState(tenant, api)
        find = ipywidgets.Text(description="Find", placeholder="part of a permission, role or e-mail address")
        link((state, "find"), (find, "value"))
        may = TickTable(state, "permissions", "permission", lambda scope, role: f"{role} may {scope}",
                        state.tick_permission)  # fmt: skip
        has = TickTable(state, "users", "user", lambda user, role: f"{user} has the role {role}", state.tick_user)
        left = [
            only_while(
                state,
                ["large"],
                lambda: state.large,
                field(find, live_html(state, ["counts"], self._cut, "authkit-hint")).add_class("authkit-find"),
            ),
            may.view,
            has.view,
            live_html(state, ["counts"], self._empty),
            self._new_role(),
        ]
        scope = text("Scopes", "empty: asks for all of the API")
        link((state, "scope"), (scope, "value"))
        right = [
            live_html(state, ["looks"], self._outcome, "authkit-outcome"),
            choice(state, "user_id", "user_choices", "User"),
            scope,
            only_while(
                state, ["lacking"], lambda: state.lacking == "application",
                row(button("Create an application to log in through", state.create_application)),
            ),
            live_html(state, ["looks"], self._token, "authkit-token"),
        ]  # fmt: skip
        code = [
            *live_code(state, CODE),
            *live_code(state, PREVIEW),
            ipywidgets.HTML(display.text(NO_PREVIEW)),
        ]
        fold = Fold("the code", code)
        said = live_html(state, ["done", "failure"], self._said, "authkit-said")
        already = live_html(state, ["looks"], self._out_already, "authkit-hint")
        super().__init__(
            "Roles", tenant.issuer, "authkit-roles",
            [self._setup(), columns(left, right), already, self._new_user(), row(said, fold.button), fold.content],
            css=CSS,
        )  # fmt: skip

    def _setup(self) -> Any:
        """The API, and those of its settings that decide what becomes of a role."""
        state = self.state
        rbac = ipywidgets.Checkbox(description="RBAC", indent=False)
        dialect = ipywidgets.Dropdown(description="Dialect", options=list(get_args(TokenDialect)))
        _follows(state, "rbac", rbac, state.set_rbac)
        _follows(state, "dialect", dialect, state.set_dialect)
        api = choice(state, "api_id", "choices", "API")
        left = ipywidgets.HBox(
            [field(api, live_hint(state, "api", _defines)), field(rbac, live_hint(state, "rbac", _rbac))]
        )
        right = field(dialect, live_hint(state, "dialect", lambda chosen: DIALECTS[chosen]))
        return ipywidgets.HBox([left.add_class("authkit-api"), right]).add_class("authkit-setup")

    def _new_role(self) -> Any:
        role = entry(self.state, "new_role", text("New role", "Clerk"))
        created = button("Create role", self.state.create_role, primary=True)
        return ipywidgets.HBox([role, created]).add_class("authkit-new")

    def _new_user(self) -> Any:
        state = self.state
        password = ipywidgets.Password(description="Password", continuous_update=False)

        def create_user() -> None:
            given, password.value = Secret(password.value), ""  # out of the widget's state before anything is done
            state.create_user(given)

        email = entry(state, "email", text("New user", "ada@example.com"))
        buttons = [button("Create user", create_user), button("Reset", state.reset)]
        return ipywidgets.HBox([email, password, *buttons]).add_class("authkit-new")

    def _cut(self) -> display.Html:
        named = zip(self.state.counts, ("permissions", "roles", "users"), strict=True)
        more = ", ".join(f"{count} {what}" for count, what in named if count > MOST)
        return display.text(f"{more}: {MOST} of each in sight.")

    def _empty(self) -> display.Html:
        scopes, roles, users = self.state.counts
        if not roles:
            return display.block("No role yet", "A role is a name for permissions. Create one below.")
        lacking = [] if scopes else ["The API defines no permission: give it scopes first."]
        lacking += [] if users else ["No user yet: create one below."]
        return display.join([display.tag("div", line) for line in lacking])

    def _said(self) -> display.Html:
        if self.state.failure is not None:
            return failed("NOT DONE", self.state.failure)
        return display.badge("accepted", self.state.done) if self.state.done else display.Html()

    def _outcome(self) -> display.Html:
        state = self.state
        if state.refusal is not None:
            return display.block("NO TOKEN", state.refusal.trace.sentence, tone="refused", note=state.refusal.remedy)
        if state.lacking:
            return display.block("No token to preview", f"The tenant has no {state.lacking} to log in "
                                 f"{'yet' if state.lacking == 'user' else 'through'}.")  # fmt: skip
        granted = " ".join(state.granted)
        got = f"Gets: {granted}" if granted else "Gets no permission"
        why = [f"Left out: {state.left_out}."] if state.left_out else ["That is all that was asked for."]
        if len(state.granted) > _NAMED:
            got, why = f"Gets {len(state.granted)} permissions", [f"{granted}.", *why]
        if not granted and not state.left_out:
            why = ["No permission was asked for: the API defines none."]
        return display.block(got, " ".join(why), tone="accepted" if granted else "undecided")

    def _token(self) -> display.Html:
        state = self.state
        if not state.token:
            return display.Html()
        first = [one for one in state.token if one.mark != "same" or one.name in _DECIDED]
        others = [one for one in state.token if one not in first]
        table = _members(first, f"Token by a login through {state.through}") if first else ""
        return display.join([table, display.fold(f"{len(others)} other members, all the same", _members(others, ""))])

    def _out_already(self) -> display.Html:
        api = self.state.api
        if api is None or not self.state.token:
            return display.Html()
        span = display.join([f"at most {fields.span(api.token_lifetime)} (", display.name("token_lifetime"), ")"])
        said: object = "A token keeps what it says"
        if any(one.mark != "same" for one in self.state.token):
            said = display.tag("strong", "A token issued before this click still says what it said")
        return display.join([said, ", for ", span, ": APIs do not ask the tenant."])


_NAMED: Final = 3
_DECIDED: Final = ("scope", "permissions")


def _follows(state: RolesState, trait: str, control: Any, act: Any) -> None:
    """A control that shows a setting as it is stored, and asks the state to change it."""
    filling = False

    def fill(change: object = None) -> None:
        nonlocal filling
        filling = True
        try:
            control.value = getattr(state, trait)
        finally:
            filling = False

    def changed(change: Any) -> None:
        if not filling:
            act(change["new"])

    fill()
    state.observe(fill, [trait, "looks"])
    control.observe(changed, "value")


def _defines(api: Any) -> str:
    return "" if api is None else f"{len(api.scopes)} permissions"


def _rbac(on: bool) -> str:
    if on:
        return "On: users get what roles give."
    return "Off: users get all that is asked for."


def _members(members: list[Member], caption: str) -> display.Html:
    return display.table(("claim", "issued now", "change"), [_row(one) for one in members], caption=caption)


def _row(one: Member) -> tuple[object, ...]:
    mark = f"{_SIGNS[one.mark]} {one.mark}"
    if one.mark in ("same", "appears"):
        return display.name(one.name), one.now, mark if one.mark == "same" else display.tag("strong", mark)
    was = display.tag("span", f"before: {one.was}", class_="authkit-was")
    return display.name(one.name), display.join([one.now, was]), display.tag("strong", mark)
