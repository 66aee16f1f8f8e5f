"""`table(anything)`: what a learner holds as a DataFrame, to filter, sort and count."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need
from authkit.issuance.trace import Trace
from authkit.jose.claims import MEANINGS, Claims
from authkit.jose.decode import DecodedToken
from authkit.jose.key_set import KeySet
from authkit.jose.verdict import Verdict
from authkit.registry.log import Log

if TYPE_CHECKING:
    from pandas import DataFrame

Row = dict[str, Any]

_COLUMNS = ("status", "code", "note", "seen", "expected", "remedy", "rule", "source", "question")


def table(thing: object) -> DataFrame:
    """A DataFrame of this thing; secrets in it stay masked.

    Args:
        thing: A `Verdict` (a row a check), a `Trace` (a row a rule), `Claims` or another mapping (a row a member),
            a `DecodedToken` (a row a member of header and payload), a `KeySet` (a row a key), a `Log` (a row an outcome), or any collection of
            authkit's objects, as in `tenant.apis` (a row each, their fields as columns).

    Raises:
        ConfigurationError: pandas is not installed (`extra.missing`), or there is no table of such a thing.
    """
    pandas = need("pandas", extra="lab", feature="A table")
    rows = _rows(thing)
    frame: DataFrame = pandas.DataFrame(rows, columns=[*rows[0]] if rows else None)
    return frame


@singledispatch
def _rows(thing: object) -> list[Row]:
    if any(applies(thing) for applies, _ in _READERS):
        return [{"member": name, "value": value} for name, value in _record(thing).items()]
    if isinstance(thing, Iterable) and not isinstance(thing, str | bytes):
        return [_record(one) for one in thing]
    raise _no_table(thing)


@_rows.register
def _(verdict: Verdict) -> list[Row]:
    # "check", as everywhere else: a column named "name" would hide behind the frame's own attribute.
    # What the check found stands before whose rule it is: a narrow screen shows the first columns.
    return [{"check": check.name, **{name: getattr(check, name) for name in _COLUMNS}} for check in verdict.checks]


@_rows.register
def _(trace: Trace) -> list[Row]:
    return [{"rule": row.pop("name"), **row} for row in map(_record, trace.rules)]


@_rows.register
def _(log: Log) -> list[Row]:
    # What happened stands first; a column of identifiers would fill a narrow screen.
    rows = [entry._asdict() for entry in log]
    return [
        {**{name: value for name, value in row.items() if name != "log_id"}, "log_id": row["log_id"]} for row in rows
    ]


@_rows.register
def _(members: Mapping) -> list[Row]:  # type: ignore[type-arg]  # singledispatch takes the bare class alone
    return [{"member": name, "value": value} for name, value in members.items()]


@_rows.register
def _(claims: Claims) -> list[Row]:
    return [{"claim": name, "value": value, "meaning": MEANINGS.get(name, "")} for name, value in claims.items()]


@_rows.register
def _(token: DecodedToken) -> list[Row]:
    parts = (("header", token.header), ("payload", token.payload))
    return [
        {"part": part, "member": name, "value": value, "verified": False}
        for part, members in parts
        for name, value in members.items()
    ]


@_rows.register
def _(keys: KeySet) -> list[Row]:
    return [{"kid": key.kid, "kty": key.kty, "algorithms": ", ".join(sorted(key.algorithms))} for key in keys.keys]


def _record(one: object) -> Row:
    """The fields of one object, as they stand in it; what is a function is no value to show."""
    for applies, fields in _READERS:
        if applies(one):
            return {name: value for name, value in fields(one).items() if not callable(value)}
    raise _no_table(one)


_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Row]], ...] = (
    (lambda one: isinstance(one, Mapping), dict),
    (lambda one: hasattr(one, "_asdict"), lambda one: one._asdict()),
    # vars, not asdict: that would take apart what is inside, masked secrets too
    (lambda one: dataclasses.is_dataclass(one) and not isinstance(one, type), lambda one: dict(vars(one))),
    (lambda one: hasattr(type(one), "model_fields"), dict),
)
"""How the fields of a mapping, a named tuple, a dataclass and a pydantic model are read."""


def _no_table(thing: object) -> ConfigurationError:
    return ConfigurationError(
        "table.unknown",
        f"There is no table of {shorten(thing)}.",
        "Pass a verdict, a trace, claims, a decoded token, a key set, or a collection like tenant.apis.",
    )
