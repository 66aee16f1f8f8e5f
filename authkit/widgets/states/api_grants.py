"""Machine to machine: which applications may ask for tokens of one API in their own name, and for which scopes."""

from __future__ import annotations

from typing import Any, Final

from traitlets import Bool, Dict, Tuple, Unicode, observe

from authkit.ground.display import literal, shorten
from authkit.registry.models import Api, Application, ClientGrant
from authkit.registry.rules import problems
from authkit.tenant import Tenant
from authkit.widgets.states import api_code, fields
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.api_view import ApiView, labelled

MOST_BOXES: Final = 8
"""Scopes up to which each is ticked; beyond, they are listed as text."""


class ApiGrantsState(ApiView):
    """What the applications of an API hold.

    Attributes:
        client_id: The application that is chosen; empty without one.
        ticked: The scopes that were ticked for it.
        listed: The scopes as text, where there are too many to tick.
        new_name: The name of an application to create, exactly as typed.
        rows: Of every application that may use the grant: its name, whether it is authorised, for which scopes.
        choices: A label and the client id of each.
        scopes: The scopes the API defines.
        as_text: Whether there are too many of them to tick.
        authorised: Whether the chosen application is.
        action: What `save` would do, in two words.
        problems, shown: What is wrong with the scopes or the name; what of it the reader should see already.
    """

    client_id = Unicode()
    ticked = Tuple()
    listed = Unicode()
    new_name = Unicode()

    rows = Tuple()
    choices = Tuple()
    scopes = Tuple()
    as_text = Bool(False)
    authorised = Bool(False)
    action = Unicode("Authorise")
    problems: Dict[str, fields.Problem] = Dict()
    shown: Dict[str, fields.Problem] = Dict()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__(tenant)
        self._touched: set[str] = set()
        self._loaded: tuple[str, ...] = ()
        self._grant: ClientGrant | None = None
        self._stale = True

    def tick(self, scope: str, on: bool) -> None:
        """Tick a scope, or take the tick away."""
        wanted = {*self.ticked, scope} if on else {*self.ticked} - {scope}
        self.ticked = tuple(name for name in self.scopes if name in wanted)

    def save(self) -> None:
        """Authorise the chosen application for these scopes, or give its grant these."""
        self._touched.add("listed")
        self.refresh()
        api, grant, client_id = self.api, self._grant, self.client_id
        if api is None or not client_id or "listed" in self.problems:
            return
        wanted = self._wanted()

        def store() -> str:
            if grant is None:
                self.tenant.client_grants.create(client_id, api, wanted)
            else:
                self.tenant.client_grants.update(grant.id, scope=wanted)
            self._touched.discard("listed")
            self._stale = True
            named = " ".join(wanted) or "no scope: its tokens open nothing that asks for one"
            return f"{'Authorised' if grant is None else 'Saved'}: {self._name()}, for {named}."

        self._attempt(self._code(api), store)

    def withdraw(self) -> None:
        """End the chosen application's grant."""
        api, grant = self.api, self._grant
        if api is None or grant is None:
            return
        code = (
            f"tenant.client_grants.delete({literal(grant.id)})",
            api_code.management(self.tenant.issuer, f"DELETE /api/v2/client-grants/{grant.id}"),
        )

        def delete() -> str:
            self.tenant.client_grants.delete(grant.id)
            self._stale = True
            return f"Withdrawn from {self._name()}. It gets no new token; those it has hold until they expire."

        self._attempt(code, delete)

    def create_application(self) -> None:
        """Create a machine-to-machine application, and choose it."""
        self._touched.add("new_name")
        self.refresh()
        if self.api is None or "new_name" in self.problems:
            return
        values = {"name": self.new_name, "app_type": "non_interactive"}
        code = (
            f'app = tenant.applications.create(name={literal(self.new_name)}, app_type="non_interactive")',
            api_code.management(self.tenant.issuer, "POST /api/v2/clients", values),
        )

        def create() -> str:
            made = self.tenant.applications.create(**values)
            self._touched.discard("new_name")
            self._fill(lambda: self._choose(made.client_id, ""))
            return f"Created: {made.name}. It is not authorised yet."

        self._attempt(code, create)

    def reset(self) -> None:
        """The scopes as they are granted, and no name."""
        self._forget()
        self._fill(self._start)
        self.refresh()

    @observe("client_id", "ticked", "listed", "new_name")
    def _typed(self, change: Any) -> None:
        if self._filling:
            return
        self._forget()
        if change["name"] == "client_id":
            self._touched.discard("listed")
            self._stale = True
        else:
            self._touched.add(change["name"])
        self.refresh()

    def _start(self) -> None:
        self._touched.clear()
        self.new_name = ""
        self._stale = True

    def _choose(self, client_id: str, new_name: str) -> None:
        self.client_id, self.new_name, self._stale = client_id, new_name, True

    def _derive(self, api: Api) -> None:
        grants = {one.client_id: one for one in self.tenant.client_grants if one.audience == api.identifier}
        applications = [one for one in self.tenant.applications if "client_credentials" in one.grant_types]
        self.scopes, self.as_text = api.scope_values, len(api.scopes) > MOST_BOXES
        self.rows = tuple(
            (one.name, one.client_id in grants, _named(grants.get(one.client_id))) for one in applications
        )
        self.choices = tuple((labelled(one, one.client_id in grants), one.client_id) for one in applications)
        if self.client_id not in [client_id for _, client_id in self.choices]:
            first = applications[0].client_id if applications else ""
            self._fill(lambda: self._choose(first, self.new_name))
        self._grant = grants.get(self.client_id)
        self._fill(lambda: self._follow(api))
        self.authorised = self._grant is not None
        self.action = "Save scopes" if self.authorised else "Authorise"
        self.problems = self._problems(api)
        self.shown = {name: line for name, line in self.problems.items() if name in self._touched}

    def _follow(self, api: Api) -> None:
        """Take over what the grant says, but for what the reader is changing here."""
        stored = tuple(name for name in api.scope_values if self._grant and name in self._grant.scope)
        if self._stale or self.ticked == self._loaded:
            self.ticked = stored
        if self._stale or self.listed == " ".join(self._loaded):
            self.listed = " ".join(stored)
        self.ticked = tuple(name for name in api.scope_values if name in self.ticked)
        self._loaded, self._stale = stored, False

    def _problems(self, api: Api) -> dict[str, fields.Problem]:
        found: dict[str, fields.Problem] = {}
        unknown = [name for name in self._wanted() if name not in api.scope_values]
        if unknown:
            rule = f"The list of scopes names {shorten(unknown[0])}, which the API does not define."
            found["listed"] = fields.Problem("scope.unknown", rule, "Define it under Scopes first, or take it out.")
        faults = problems(Application, {"client_id": "", "name": self.new_name})
        if "name" in faults:
            found["new_name"] = fields.problem(faults["name"])
        return found

    def _wanted(self) -> list[str]:
        return list(dict.fromkeys(self.listed.split())) if self.as_text else list(self.ticked)

    def _name(self) -> str:
        return self.tenant.applications.get(self.client_id).name

    def _code(self, api: Api) -> Code:
        if not self.client_id:
            return "list(tenant.applications)", api_code.management(self.tenant.issuer, "GET /api/v2/clients")
        wanted, issuer = self._wanted(), self.tenant.issuer
        scopes = f"[{', '.join(literal(name) for name in wanted)}]"
        if self._grant is not None:
            python = f"grant = tenant.client_grants.update({literal(self._grant.id)}, scope={scopes})"
            line = f"PATCH /api/v2/client-grants/{self._grant.id}"
            return python, api_code.management(issuer, line, {"scope": wanted})
        names = ", ".join([literal(self.client_id), literal(api.identifier)])
        body = {"client_id": self.client_id, "audience": api.identifier, "scope": wanted}
        return (
            f"grant = tenant.client_grants.create({names}, {scopes})",
            api_code.management(issuer, "POST /api/v2/client-grants", body),
        )


def _named(grant: ClientGrant | None) -> str:
    return " ".join(grant.scope) or "no scope" if grant is not None else ""
