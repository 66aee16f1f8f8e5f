"""The scopes of one API: a list that is replaced as a whole, whoever changes one."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, Dict, Tuple, Unicode, observe

from authkit.registry.models import Api
from authkit.registry.rules import problems
from authkit.tenant import Tenant
from authkit.widgets.states import api_code, fields
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.api_view import ApiView

Scopes = list[dict[str, str]]


class ApiScopesState(ApiView):
    """What the scopes of an API hold.

    Attributes:
        value, description: The scope to add, exactly as typed.
        selected: The scope to remove.
        rows: Value and description of every scope.
        choices: The same for choosing one.
        problems, shown: What is wrong with the scope to add; what of it the reader should see already.
        ready: Whether `add` would add it.
        protected: Whether the tenant's own API is shown, whose scopes are its operations'.
    """

    value = Unicode()
    description = Unicode()
    selected = Unicode()

    rows = Tuple()
    choices = Tuple()
    problems: Dict[str, fields.Problem] = Dict()
    shown: Dict[str, fields.Problem] = Dict()
    ready = Bool(False)
    protected = Bool(False)

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__(tenant)
        self._touched = False

    def add(self) -> None:
        """Add the scope that was typed."""
        self._touched = True
        self.refresh()
        api = self.api
        if api is None or not self.ready:
            return
        value = self.value

        def add() -> str:
            self.tenant.apis.update(api.id, scopes=self._longer(api))
            self._fill(self._start)
            return f"Added: {value}. Applications get it once their client grant names it."

        self._attempt(self._code(api), add)

    def remove(self) -> None:
        """Remove the scope that is selected."""
        self.refresh()
        api, gone = self.api, self.selected
        if api is None or self.protected or gone not in api.scope_values:
            return
        left = [scope for scope in _scopes(api) if scope["value"] != gone]

        def remove() -> str:
            self.tenant.apis.update(api.id, scopes=left)
            grants = sum(one.audience == api.identifier and gone in one.scope for one in self.tenant.client_grants)
            named = "No client grant names it."
            if grants:
                still = "1 client grant still names it" if grants == 1 else f"{grants} client grants still name it"
                named = f"{still}, without effect: no token carries a scope that its API does not define."
            return f"Removed: {gone}. {named}"

        self._attempt(api_code.replace_scopes(self.tenant.issuer, api, left), remove)

    def reset(self) -> None:
        """Nothing typed, nothing said."""
        self._forget()
        self._fill(self._start)
        self.refresh()

    @observe("value", "description", "selected")
    def _typed(self, change: Any) -> None:
        if not self._filling:
            self._touched = self._touched or change["name"] != "selected"
            self._forget()
            self.refresh()

    def _start(self) -> None:
        self.value = self.description = ""
        self._touched = False

    def _derive(self, api: Api) -> None:
        self.protected = api.is_system
        self.rows = tuple((scope.value, scope.description) for scope in api.scopes)
        self.choices = tuple((value, value) for value in api.scope_values)
        if self.selected not in api.scope_values:
            self._fill(lambda: setattr(self, "selected", next(iter(api.scope_values), "")))
        found: dict[str, fields.Problem] = {}
        for error in problems(Api, {**dict(api), "scopes": self._longer(api)}).values():
            field = "description" if error.field.endswith(".description") else "value"
            found[field] = fields.problem(error)
        self.problems = found
        self.shown = found if self._touched else {}
        self.ready = not found and not api.is_system

    def _longer(self, api: Api) -> Scopes:
        return [*_scopes(api), {"value": self.value, "description": self.description}]

    def _code(self, api: Api) -> Code:
        if api.is_system or not self.value:
            return api_code.show_api(self.tenant.issuer, api)
        return api_code.replace_scopes(self.tenant.issuer, api, self._longer(api))


def _scopes(api: Api) -> Scopes:
    return [{"value": scope.value, "description": scope.description} for scope in api.scopes]
