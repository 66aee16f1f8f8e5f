"""A request on its way through the rules, and what the log says of it in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

from authkit.ground.display import printable
from authkit.ground.errors import StorageError
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refusal import GrantRefused
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry

T = TypeVar("T")
MAX_DESCRIPTION = 400


class Underway:
    """What all flows know of a request; a rule leaves what it found.

    Attributes:
        registry: What the tenant knows.
        application, api, user: Whom it concerns, as soon as a rule has found them.
        scopes: What will be granted.
        log_code: The log's code for a refusal, which a rule may make more exact.
    """

    log_code = ""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.application: Application | None = None
        self.api: Api | None = None
        self.user: User | None = None
        self.scopes: tuple[str, ...] = ()

    @property
    def known_application(self) -> Application:
        """The application, which an earlier rule has found."""
        assert self.application is not None
        return self.application

    @property
    def known_user(self) -> User:
        """The user, whom an earlier rule has found."""
        assert self.user is not None
        return self.user

    def log(self, code: str, description: str, expires_in: int = 0) -> None:
        """Note the outcome. Only what was found is named: what was merely sent might be anything, a secret even."""
        with suppress(StorageError):  # a log that cannot be written waits; the outcome stands
            self.registry.log.add(
                code,
                printable(description)[:MAX_DESCRIPTION],
                client_id=self.application.client_id if self.application else "",
                user_id=self.user.user_id if self.user else "",
                audience=self.api.identifier if self.api else "",
                scope=" ".join(self.scopes),
                expires_in=expires_in,
            )

    def log_refusal(self, refused: GrantRefused) -> None:
        """Note that it was refused, and why."""
        self.log(self.log_code, f"{refused.error}: {refused.logged}")


def scopes_named(names: Iterable[str], api: Api | None) -> str:
    """Scopes for the log: those that the API defines by their names; what else was sent might be anything."""
    defined = frozenset(api.scope_values if api is not None else ())
    asked = list(names)
    others = sum(name not in defined for name in asked)
    return " ".join([*(name for name in asked if name in defined), *([f"({others} unknown)"] if others else [])])


def settled(registry: Registry, work: Callable[[], T]) -> T:
    """The work in one transaction. What a rule wrote while refusing – a revocation – is kept too.

    Raises:
        GrantRefused: The work refused; raised only after the transaction, which an error inside would undo.
    """
    with registry.database.transaction():
        try:
            return work()
        except GrantRefused as error:
            refused = error
    raise refused


def exchanged(r: Underway, work: Callable[[], IssuedToken], *, log_code: str, what: str) -> IssuedToken:
    """What an application holds becomes tokens, settled; the outcome is noted either way.

    Args:
        r: The request.
        work: Runs the rules and writes the tokens.
        log_code: The log's code if it succeeds.
        what: What was exchanged, as in `Authorization code`.

    Raises:
        GrantRefused: The work refused.
    """
    try:
        done = settled(r.registry, work)
    except GrantRefused as refused:
        r.log_refusal(refused)
        raise
    r.log(log_code, f"{what} of {r.known_application.name} exchanged for an access token", done.expires_in)
    return done
