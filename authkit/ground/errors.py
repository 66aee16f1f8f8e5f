"""One tree of errors: every failure carries a stable code, a sentence, and what would repair it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from authkit.ground.display import block

if TYPE_CHECKING:
    from traceback import FrameSummary
    from types import TracebackType

_PACKAGE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class AuthKitError(Exception):
    """The root of every error authkit raises on purpose.

    Args:
        code: Stable, machine-readable name of the fault. Tests and programs rely on it.
        message: What is wrong, in one sentence, naming the value at fault (never a secret).
        remedy: What the reader can do about it.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        lines = [f"{self.message} [{self.code}]"]
        if self.remedy:
            lines.append(f"Repair: {self.remedy}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are rebuilt from `args`, which subclasses with other signatures do not match.
        return (_rebuild, (type(self), self.args, self.__dict__))

    def _repr_html_(self) -> str:
        return block(type(self).__name__, self.message, tone="refused", note=self.remedy, code=self.code)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback: the learner's line, the fault, the repair."""
        name = type(self).__name__
        return [*_learners_line(self.__traceback__), *f"{name}: {self}".splitlines()]


class RegistrationError(AuthKitError):
    """A value breaks one of the tenant's rules; nothing was stored.

    Attributes:
        field: The field at fault, as in `token_lifetime`.
        rule: The rule it breaks, in words.
        value: What was given, shortened; for secrets only their length.
    """

    def __init__(self, code: str, message: str, remedy: str = "", *, field: str, rule: str, value: str) -> None:
        super().__init__(code, message, remedy)
        self.field = field
        self.rule = rule
        self.value = value


class KeySetError(AuthKitError):
    """The set of keys is at fault or out of reach; the token may well be good."""


class StorageError(AuthKitError):
    """The store cannot be opened, read or written."""


class ServerError(AuthKitError):
    """The tenant cannot be served as asked."""


class ConfigurationError(AuthKitError):
    """authkit was asked for something that makes no sense or that is not installed."""


def _rebuild(kind: type[AuthKitError], args: tuple[object, ...], state: dict[str, object]) -> AuthKitError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def _learners_line(trace: TracebackType | None) -> list[str]:
    """The last line of the learner's own code before authkit was entered."""
    import traceback  # only where an error is shown: it takes as long to load as half of authkit

    mine: FrameSummary | None = None
    for frame in traceback.extract_tb(trace):
        if os.path.realpath(frame.filename).startswith(_PACKAGE + os.sep):
            break
        if "IPython" not in frame.filename:
            mine = frame
    return [f"line {mine.lineno}: {mine.line}"] if mine is not None and mine.line else []
