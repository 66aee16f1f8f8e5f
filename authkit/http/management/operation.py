"""An operation of the Management API, as one row of a table: what it is called, asks for, takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from authkit.http.management.shapes import Schema, Shape

if TYPE_CHECKING:
    from authkit.tenant import Tenant


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The application whose token was verified.

    Attributes:
        client_id: Which it is.
        scopes: What its token allows.
    """

    client_id: str
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request, once everything about it has been checked that needs no look into the registry.

    Attributes:
        tenant: Whose Management API it is.
        caller: Who asks.
        path: The variable parts of the path, decoded.
        query: What was asked for in the query string, as values of their types.
        body: The JSON object that was sent; empty where the operation takes none.
    """

    tenant: Tenant[Any]
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: dict[str, Any]

    @property
    def id(self) -> str:
        """What the path names."""
        return self.path["id"]

    def may(self, scope: str) -> bool:
        """Whether the caller's token has this scope too."""
        return scope in self.caller.scopes


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query string.

    Attributes:
        name: Its name.
        schema: What it may be: a string, an integer or a boolean.
        description: What it is for.
        required: Whether it must be there.
    """

    name: str
    schema: Schema
    description: str
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation.

    Attributes:
        method: The HTTP method.
        path: As in OpenAPI, `/roles/{id}/permissions`.
        does: What it does with a call; its docstring's first line is the summary.
        needs: The scopes that a token must have, all of them.
        query: What may stand in the query string; anything else is refused.
        takes: The body.
        gives: The answer's body; None for an answer without one.
        status: The answer's status.
        refuses: Statuses of refusals beyond those that follow from the rest.
        noted: Whether the log notes that it was done; a refusal is always noted.
    """

    method: str
    path: str
    does: Callable[[Call], Any]
    needs: tuple[str, ...]
    query: tuple[Parameter, ...] = ()
    takes: Shape | None = None
    gives: Shape | None = None
    status: int = 200
    refuses: tuple[int, ...] = field(default=())
    noted: bool = True

    @property
    def summary(self) -> str:
        """What it does, in a few words."""
        return (self.does.__doc__ or "").partition("\n")[0].rstrip(".")

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status it can refuse with."""
        # Any operation can be asked with an unknown parameter, without a token, with too little scope, or while the
        # store is out of reach.
        always = {400, 401, 403, 503}
        with_body = {413, 415} if self.takes else set()
        with_name = {404} if "{" in self.path else set()
        return tuple(sorted(always | with_body | with_name | set(self.refuses)))


def operation(method: str, path: str, does: Callable[[Call], Any], needs: str, **rest: Any) -> Operation:
    """A row of the table; `needs` lists the scopes, separated by spaces."""
    return Operation(method=method, path=path, does=does, needs=tuple(needs.split()), **rest)
