"""A request that was refused, with the OAuth error a client sees."""

from __future__ import annotations

from authkit.ground import display
from authkit.ground.errors import AuthKitError
from authkit.issuance.trace import Trace


class GrantRefused(AuthKitError):
    """The tenant issues no token for this request.

    Attributes:
        error: The OAuth error code (RFC 6749 §5.2), also the error's `code`.
        description: The `error_description` sent to the client.
        status: The HTTP status that goes with it.
        trace: Every rule, and the one that refused.
        logged: What the log says of it: the description, without what was merely sent.
    """

    def __init__(
        self, error: str, description: str, *, status: int, remedy: str, trace: Trace, logged: str = ""
    ) -> None:
        super().__init__(error, description, remedy)
        self.error = error
        self.description = description
        self.status = status
        self.trace = trace
        self.logged = logged or description

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.trace.sentence} HTTP {self.status} {self.error}: {display.printable(self.description)}",
                f"Repair: {display.printable(self.remedy)}",
            ]
        )

    def _repr_html_(self) -> str:
        statement = display.block(
            f"REFUSED: HTTP {self.status} {self.error}", self.trace.sentence, tone="refused", note=self.remedy
        )
        return display.join([statement, self.trace.rules_html()])


class AuthorizationRefused(GrantRefused):
    """The tenant gives no authorization code for this request (RFC 6749 §4.1.2.1).

    Attributes:
        redirect_to: Where the browser is sent with the error: the application's callback; None where the client or
            its `redirect_uri` is at fault. Then the user sees an error page: whoever wrote that address may not be
            sent anybody.
    """

    def __init__(
        self, error: str, description: str, *, status: int, remedy: str, trace: Trace, redirect_to: str | None
    ) -> None:
        super().__init__(error, description, status=status, remedy=remedy, trace=trace)
        self.redirect_to = redirect_to

    @property
    def _consequence(self) -> str:
        if self.redirect_to is None:
            return "The user sees an error page and is sent nowhere."
        return f"The browser is sent to {display.printable(self.redirect_to)}"

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self._consequence}"

    def _repr_html_(self) -> str:
        return display.join([super()._repr_html_(), display.tag("div", self._consequence)])
