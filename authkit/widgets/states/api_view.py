"""What the views of one API have in common: the API, what the last click did, and the code of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traitlets import HasTraits, Instance, Unicode

from authkit.ground.display import printable
from authkit.ground.errors import AuthKitError, ConfigurationError
from authkit.registry.models import Api, Application
from authkit.tenant import Tenant
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.news import tell


class ApiView(HasTraits):
    """One view of the API that is chosen; never raises for what was typed or clicked.

    Args:
        tenant: Whose API it is.

    Attributes:
        api: The API as it is stored now, or None.
        done: What the last click did, in a sentence; empty once something else is typed or chosen.
        failure: Why a click did nothing, or why there is nothing to show; or None.
        python, http: What a click would do, and after it what it did, as code.
    """

    api = Instance(Api, allow_none=True)
    done = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self._did: Code | None = None
        self._refused: AuthKitError | None = None
        self._filling = False

    def show(self, api: Api | None) -> None:
        """Show this API; where it is the one that was shown, what was typed stays."""
        another = (api and api.id) != (self.api and self.api.id)
        self.api = api
        if another:
            self._forget()
            self._fill(self._start)
        self.refresh()

    def refresh(self) -> None:
        """Derive everything anew from the tenant as it is now."""
        failure = self._refused
        try:
            if self.api is not None:
                self.api = self._stored(self.api)  # a cell may have changed it, or another process
                self._derive(self.api)
                self.python, self.http = self._did or self._code(self.api)
        except AuthKitError as error:
            failure = error
        self.failure = failure

    def _stored(self, api: Api) -> Api:
        found = self.tenant.apis.find(api.id)
        if found is None:
            raise ConfigurationError(
                "api.gone",
                f"{printable(api.name or api.identifier)} is no longer there: it was deleted elsewhere.",
                "Choose another API, or create it again.",
            )
        return found

    def _start(self) -> None:
        """Bring the inputs to where they are when an API is opened."""

    def _derive(self, api: Api) -> None:
        """Derive what is shown; may raise an AuthKitError."""

    def _code(self, api: Api) -> Code:
        """What a click would do, as code."""
        raise NotImplementedError

    def _forget(self) -> None:
        """The last click is no longer what the reader is at."""
        self._did = self._refused = None
        self.done = ""

    def _fill(self, fill: Callable[[], None]) -> None:
        """Set inputs without taking that for typing."""
        self._filling = True
        try:
            fill()
        finally:
            self._filling = False

    def _attempt(self, code: Code, action: Callable[[], str]) -> bool:
        """Do what a click asks for.

        Args:
            code: The same as code.
            action: Does it, and says what it did.
        """
        self._forget()
        try:
            said = action()
        except AuthKitError as error:
            self._refused = error
            self.refresh()
            tell(self.tenant)  # it may have failed because something was changed elsewhere
            return False
        self._did, self.done = code, said
        tell(self.tenant)
        return True


def labelled(application: Application, authorised: bool) -> str:
    """An application as a choice."""
    return f"{application.name} – {'authorised' if authorised else 'not authorised'}"
