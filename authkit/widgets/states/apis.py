"""The tenant's APIs: which one is chosen, which of its views is open, and a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from traitlets import Bool, HasTraits, Instance, Int, Tuple, Unicode, observe

from authkit.ground.display import printable
from authkit.ground.errors import AuthKitError
from authkit.registry.models import Api
from authkit.tenant import Tenant
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.api_grants import ApiGrantsState
from authkit.widgets.states.api_quick_start import ApiQuickStartState
from authkit.widgets.states.api_scopes import ApiScopesState
from authkit.widgets.states.api_settings import ApiSettingsState
from authkit.widgets.states.api_test import ApiTestState
from authkit.widgets.states.api_view import ApiView
from authkit.widgets.states.create_api import CreateApiState
from authkit.widgets.states.news import listen

VIEWS: Final = ("Quick Start", "Settings", "Scopes", "Machine to Machine", "Test")
_LABEL: Final = 200


class ApisState(HasTraits):
    """What the panel of all APIs holds.

    Args:
        tenant: Whose APIs they are.
        api: The id of the one to start with; without one the first that is not the tenant's own.

    Attributes:
        chosen: The id of the API that is shown.
        view: Which of `VIEWS` is open, by its number.
        creating: Whether the form for a new API stands in place of the views.
        choices: A label and the id of every API.
        api: The API that is shown, or None.
        note: What was created or deleted, in a sentence, until something else is chosen.
        gone: The API that was shown and is there no longer, in a sentence, as long.
        failure: Why the APIs cannot be shown, or None.
        python, http: The code of what is in sight: the open view's, the form's, or what was just created or deleted.
        new: The form for a new API.
        quick_start, settings, scopes, grants, test: The views.
    """

    chosen = Unicode()
    view = Int(0)
    creating = Bool(False)

    choices = Tuple()
    api = Instance(Api, allow_none=True)
    note = Unicode()
    gone = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any], api: str = "") -> None:
        super().__init__()
        self.tenant = tenant
        self._own = False
        self._did: Code | None = None
        self.new = CreateApiState(tenant)
        self.quick_start = ApiQuickStartState(tenant)
        self.settings = ApiSettingsState(tenant)
        self.scopes = ApiScopesState(tenant)
        self.grants = ApiGrantsState(tenant)
        self.test = ApiTestState(tenant)
        self.views: tuple[ApiView, ...] = (self.quick_start, self.settings, self.scopes, self.grants, self.test)
        for shown in (self.new, *self.views):
            shown.observe(self._show_code, ["python", "http"])
        self.new.observe(self._created, "created")
        self.settings.observe(self._deleted, "deleted")
        with self._moving():
            self.chosen = api
        self.refresh()
        listen(tenant, self)

    def begin(self) -> None:
        """Open the form for a new API."""
        self._forget()
        self.new.reset()
        self.creating = True
        self._show_code()

    def cancel(self) -> None:
        """Close the form; what was typed into it goes."""
        self.new.reset()
        self.creating = False
        self._show_code()

    def refresh(self) -> None:
        """Look again, at the tenant's APIs of now."""
        try:
            apis = list(self.tenant.apis)
        except AuthKitError as error:
            self.failure = error
            return
        self.failure = None
        with self._moving():
            if self.chosen not in [api.id for api in apis]:
                if self.api is not None and not self.note:
                    self.gone = f"{printable(self.api.name or self.api.identifier)} was deleted elsewhere."
                self.chosen = min(apis, key=lambda api: api.is_system).id
            self.choices = _labels(apis)
        self.api = next(api for api in apis if api.id == self.chosen)
        for view in self.views:
            view.show(self.api)
        self._show_code()

    @observe("chosen")
    def _picked(self, change: Any) -> None:
        if not self._own:
            self._forget()
            self.creating = False
            self.refresh()

    @observe("view")
    def _turned(self, change: Any) -> None:
        if not self._own:
            self._forget()
            self._show_code()

    def _created(self, change: Any) -> None:
        api = change["new"]
        if api is None or not self.creating:
            return
        self._keep(f"Created: {api.name or api.identifier}.", (self.new.python, self.new.http))
        with self._moving():
            self.creating, self.view, self.chosen = False, VIEWS.index("Quick Start"), api.id
        self.refresh()

    def _deleted(self, change: Any) -> None:
        if change["new"]:
            said, python, http = change["new"]
            self._keep(said, (python, http))

    def _keep(self, said: str, code: Code) -> None:
        self.note, self.gone, self._did = said, "", code

    def _forget(self) -> None:
        self.note, self.gone, self._did = "", "", None

    def _show_code(self, change: object = None) -> None:
        shown = self.new if self.creating else self.views[self.view]
        self.python, self.http = self._did or (shown.python, shown.http)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """What is chosen in here, the reader did not choose."""
        self._own = True
        try:
            yield
        finally:
            self._own = False


def _labels(apis: list[Api]) -> tuple[tuple[str, str], ...]:
    names = Counter(api.name for api in apis)

    def label(api: Api) -> str:
        said = api.identifier if api.name is None else api.name
        if api.name is not None and names[api.name] > 1:
            said = f"{api.name} – {api.identifier}"
        return printable(f"{said[:_LABEL]}{' (system)' if api.is_system else ''}")

    return tuple((label(api), api.id) for api in apis)
