"""The arguments of a request: of the right kind, or one clear error when the request is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.secret import Secret
from authkit.registry.models import Application

T = TypeVar("T")

_NEVER_ECHOED: Final = frozenset({"access_token", "client_secret", "code", "code_verifier", "refresh_token"})


def of_kind(field: str, value: T, kind: Any, expected: str) -> T:
    """The value, if it is of this kind.

    Raises:
        ConfigurationError: It is not; what was given is said, unless it may be a secret.
    """
    if not isinstance(value, kind):
        given = "" if field in _NEVER_ECHOED else f", not {shorten(value)}"
        raise ConfigurationError(f"request.{field}", f"A request's {field} is {expected}{given}.", f"Pass {expected}.")
    return value


def text(field: str, value: str | None, expected: str = "text") -> str | None:
    """Text that can be sent, or nothing.

    Raises:
        ConfigurationError: Something else, or text that no URL and no token can hold.
    """
    of_kind(field, value, str | None, expected)
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise ConfigurationError(
            f"request.{field}", f"A request's {field} holds half a surrogate pair.", "Take it out: it is no character."
        ) from None
    return value


def moment(field: str, value: object) -> None:
    """A NumericDate, or nothing.

    Raises:
        ConfigurationError: Something else.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is not None and not (number and 0 <= value < 2**53):  # type: ignore[operator]
        expected = "a NumericDate: seconds since 1970"
        raise ConfigurationError(
            f"request.{field}", f"A request's {field} is {expected}, not {shorten(value)}.", f"Pass {expected}."
        )


def secret(field: str, value: Secret | str | None) -> Secret | None:
    """What must not show itself, masked from here on; or nothing.

    Raises:
        ConfigurationError: Something else.
    """
    return Secret(value) if isinstance(value, str) else of_kind(field, value, Secret | None, "text")


def client_id(application: Application | str) -> str:
    """Which application asks.

    Raises:
        ConfigurationError: Neither an application nor a client id.
    """
    name = application.client_id if isinstance(application, Application) else application
    return of_kind("application", name, str, "an application or its client id")


def client_secret(application: Application | str, given: Secret | str | None) -> Secret | None:
    """What it proves itself with: the secret that is given; without one an application presents its own.

    Raises:
        ConfigurationError: The secret is no text.
    """
    if given is None and isinstance(application, Application):
        return application.client_secret
    return secret("client_secret", given)


def scopes(scope: Iterable[str] | str) -> tuple[str, ...]:
    """Scopes, each once, from a list or from text in which spaces part them (RFC 6749 §3.3).

    Raises:
        ConfigurationError: Neither.
    """
    expected = "text or a list of texts"
    asked = scope.split() if isinstance(scope, str) else of_kind("scope", scope, Iterable, expected)
    named = [text("scope", of_kind("scope", name, str, expected), expected) for name in asked]
    # A set's own order is another one in every process, and would come into the token.
    return tuple(
        dict.fromkeys(name or "" for name in (sorted(named, key=str) if isinstance(asked, set | frozenset) else named))
    )
