"""The quick start of one API: the code that protects it, for one library at a time."""

from __future__ import annotations

from typing import Any

from traitlets import Bool, Tuple, Unicode, observe

from authkit.explore.quick_start import LIBRARIES, SECRET_VARIABLE, quick_start
from authkit.ground.display import literal
from authkit.registry.models import Api
from authkit.widgets.states.api_code import NO_REQUEST, Code
from authkit.widgets.states.api_view import ApiView


class ApiQuickStartState(ApiView):
    """What the quick start of an API holds.

    Attributes:
        library: What the code is written for.
        choices: A label and the name of every library.
        code: The code that protects the API.
        variable: The environment variable that holds an HS256 API's secret; empty for RS256.
        training: Whether such code refuses the tenant's tokens, because their time is that of its steerable clock.
    """

    library = Unicode(next(iter(LIBRARIES)))

    choices = Tuple(tuple((title, name) for name, title in LIBRARIES.items()))
    code = Unicode()
    variable = Unicode()
    training = Bool(False)

    @observe("library")
    def _typed(self, change: Any) -> None:
        self.refresh()

    def _derive(self, api: Api) -> None:
        self.code = quick_start(self.tenant, api, self.library).code
        self.variable = SECRET_VARIABLE if api.signing_alg == "HS256" else ""
        self.training = self.tenant.training

    def _code(self, api: Api) -> Code:
        names = f"{literal(api.identifier)}, {literal(self.library)}"
        return f"authkit.explore.quick_start(tenant, {names})", NO_REQUEST
