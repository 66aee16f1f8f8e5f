"""The state of the clock strip: the tenant's time, how far to move it, and which token expires when."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from traitlets import Bool, Dict, Float, HasTraits, Instance, Unicode, observe

from authkit.ground.clock import SteerableClock, readable
from authkit.ground.errors import AuthKitError, ConfigurationError
from authkit.jose.decode import decode
from authkit.tenant import Tenant
from authkit.widgets.states.fields import Problem, span
from authkit.widgets.states.news import listen, tell

DAY: Final = 86400
NO_REQUEST: Final = "No request moves a clock: neither the Management API nor any other endpoint has one."
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
_ISSUED: Final = ("seccft", "seacft", "sertft")
_LAST: Final = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
_LOOKED_AT: Final = 200  # entries of the log, newest first


class ClockState(HasTraits):
    """What a clock strip holds; never raises for what was typed or clicked.

    Args:
        tenant: Whose clock it is.
        token: The token whose `exp` the presets are about; without one the newest that the tenant has issued.

    Attributes:
        seconds: By how many seconds to advance, exactly as typed.
        steerable: Whether the clock can be moved at all.
        shown: The problem of `seconds`, if the clock would refuse it.
        now: The tenant's time, as people read it.
        numeric: The same as NumericDate.
        expires: The NumericDate `exp` of the token that the presets are about, or None.
        about: When that token expires, in a few words.
        failure: Why something failed that is no fault of the number, or None.
        python, http: The last move as code; before one, the advance that is set.
    """

    seconds = Unicode("3600")

    steerable = Bool(False)
    shown: Dict[str, Problem] = Dict()
    now = Unicode()
    numeric = Unicode()
    expires = Float(None, allow_none=True)
    about = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode(NO_REQUEST)

    def __init__(self, tenant: Tenant[Any], token: str = "") -> None:
        super().__init__()
        self.tenant = tenant
        self.steerable = isinstance(tenant.clock, SteerableClock)
        self._start = tenant.clock.now()
        self._token = token
        self._done = ""
        self.refresh()
        listen(tenant, self)

    def advance(self) -> None:
        """Move the clock forwards by the seconds that were typed."""
        self.refresh()
        if self.steerable and not self.shown:
            self._move(self._advance_code(), lambda clock: clock.advance(seconds=_number(self.seconds)))

    def before_exp(self) -> None:
        """Put the clock to the last second in which the token holds."""
        self._to_exp(-1)

    def at_exp(self) -> None:
        """Put the clock to the token's `exp`: the first moment in which it has expired (RFC 7519 §4.1.4)."""
        self._to_exp(0)

    def day_later(self) -> None:
        """Move the clock forwards by a day."""
        if self.steerable:
            self._move("tenant.clock.advance(days=1)", lambda clock: clock.advance(days=1))

    def reset(self) -> None:
        """Time and number as they were when the panel was made."""
        self.seconds = "3600"
        if self.steerable:
            self._set(self._start)
        self._done = ""
        self.refresh()

    def look(self) -> None:
        """Have this and every other panel of the tenant look again: a cell may have moved the clock."""
        self.refresh()
        tell(self.tenant)

    @observe("seconds")
    def _typed(self, change: Any) -> None:
        self._done = ""
        self.refresh()

    def refresh(self) -> None:
        """Derive everything anew from what was typed and from the tenant's time of now."""
        now = self.tenant.clock.now()
        self.now, self.numeric = readable(now), _short(now)
        self.failure = None
        found: tuple[float, str] | None = None
        try:
            found = self._expiry()
        except AuthKitError as error:
            self.failure = error
        if self.failure is not None:
            self.expires, self.about = None, "Which token is the newest could not be read."
        elif found is None:
            self.expires = None
            self.about = "The token has no time to go by." if self._token else "No token was issued yet."
        else:
            self.expires, whose = found
            self.about = f"{whose} {_until(self.expires - now)}"
        self.shown = self._problems(now) if self.steerable else {}
        self.python = self._done or self._advance_code()

    def _to_exp(self, offset: int) -> None:
        self.refresh()
        if not self.steerable or self.failure is not None:
            return
        if self.expires is None:
            self.failure = ConfigurationError(
                "clock.no_exp",
                "There is no token whose exp the clock could be put to.",
                "Have a token issued first.",
            )
        else:
            self._set(self.expires + offset)

    def _set(self, moment: float) -> None:
        code = [
            "from datetime import UTC, datetime",
            f"tenant.clock.set(datetime.fromtimestamp({_short(moment)}, UTC))",
        ]
        self._move("\n".join(code), lambda clock: clock.set(datetime.fromtimestamp(moment, UTC)))

    def _move(self, code: str, move: Callable[[Any], None]) -> None:
        try:
            move(self.tenant.clock)
        except AuthKitError as error:
            self.refresh()
            self.failure = error
            return
        self._done = code
        self.refresh()
        tell(self.tenant)

    def _advance_code(self) -> str:
        if not self.steerable:
            return "tenant.clock.now()"
        typed = _number(self.seconds)
        return f"tenant.clock.advance(seconds={typed if not isinstance(typed, str) else repr(typed)})"

    def _problems(self, now: float) -> dict[str, Problem]:
        """What the clock's own rule says, asked of another clock that stands where this one does."""
        try:
            SteerableClock(datetime.fromtimestamp(now, UTC)).advance(seconds=_number(self.seconds))  # type: ignore[arg-type]
        except AuthKitError as error:
            return {"seconds": Problem(error.code, error.message, "Type seconds, as in 3600.")}
        return {}

    def _expiry(self) -> tuple[float, str] | None:
        """The `exp` that the presets are about, and whose it is."""
        if self._token:
            exp = decode(self._token).payload.get("exp")
            return (float(exp), "The token") if isinstance(exp, int | float) and 0 < exp < _LAST else None
        for entry in self.tenant.log.newest(_LOOKED_AT):
            # An opaque token has no exp; of an API that is gone no verifier accepts one.
            if entry.type in _ISSUED and entry.expires_in and self.tenant.apis.find(entry.audience) is not None:
                issued = datetime.fromisoformat(entry.date).timestamp()
                return int(issued) + entry.expires_in, "The newest token"
        return None


def _number(typed: str) -> int | float | str:
    """The number that was typed; anything else stays text, so that the clock's own rule speaks about it."""
    typed = typed.strip()
    if not _NUMBER.fullmatch(typed):
        return typed
    return float(typed) if "." in typed else int(typed)


def _short(moment: float) -> str:
    return str(int(moment)) if moment == int(moment) else f"{moment:.3f}"


def _until(seconds: float) -> str:
    if seconds > 0:
        return f"expires in {span(int(seconds)) if seconds >= 1 else 'less than a second'}."
    return f"expired {span(int(-seconds))} ago." if seconds <= -1 else "expires at this very second: refused."
