"""`table(anything)`: what a learner holds as a DataFrame, to filter, sort and count."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from authkit.explore.pictures.rotation import key_row
from authkit.ground.clock import readable
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need
from authkit.ground.secret import Secret
from authkit.issuance.families import Family
from authkit.issuance.issued import IssuedToken
from authkit.issuance.preview import Preview
from authkit.issuance.trace import Trace
from authkit.jose.claims import MEANINGS, TIMES, Claims
from authkit.jose.decode import DecodedToken
from authkit.jose.key_set import KeySet
from authkit.jose.ring import KeyRing
from authkit.jose.verdict import Verdict
from authkit.registry.log import Log
from authkit.registry.models import Model
from authkit.registry.signing_keys import SigningKeys

if TYPE_CHECKING:
    from pandas import DataFrame

Row = dict[str, Any]

_COLUMNS = ("status", "code", "note", "seen", "expected", "remedy", "rule", "source", "question")


def table(thing: object) -> DataFrame:
    """A DataFrame of this thing; secrets in it stay masked, and times have their date beside the number.

    Args:
        thing: A `Verdict` (a row a check), a `Trace` (a row a rule), `Claims` or another mapping (a row a member),
            a `DecodedToken` (a row a member of header and payload), a `KeySet` or `tenant.keys` (a row a key), a `Log`
            (a row an outcome), a `Preview` (a row a member, before and after), a `Family` (a row a refresh token), or
            any collection of authkit's objects, as in `tenant.apis` (a row each, their fields as columns).

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
    return [
        {"claim": name, "value": value, "date": _date(name, value), "meaning": MEANINGS.get(name, "")}
        for name, value in claims.items()
    ]


@_rows.register
def _(token: DecodedToken) -> list[Row]:
    parts = (("header", token.header), ("payload", token.payload))
    return [
        {"part": part, "member": name, "value": value, "date": _date(name, value), "verified": False}
        for part, members in parts
        for name, value in members.items()
    ]


@_rows.register
def _(keys: KeySet) -> list[Row]:
    return [{"kid": key.kid, "kty": key.kty, "algorithms": ", ".join(sorted(key.algorithms))} for key in keys.keys]


@_rows.register(SigningKeys)
@_rows.register(KeyRing)
def _(keys: SigningKeys | KeyRing) -> list[Row]:
    return [key_row(entry) for entry in (keys.ring if isinstance(keys, SigningKeys) else keys).keys]


@_rows.register
def _(preview: Preview) -> list[Row]:
    return [
        {"member": name, "change": change, "before": before, "after": after}
        for change, name, before, after in preview._rows()
    ]


@_rows.register
def _(family: Family) -> list[Row]:
    return [
        {
            "token": one.number,
            "parent": "the login" if one.parent is None else str(one.parent),
            "newest": one.newest,
            "issued_at": one.issued_at,
            "issued": readable(one.issued_at),
            "replaced": "" if one.replaced_at is None else readable(one.replaced_at),
        }
        for one in family.tokens
    ]


@_rows.register
def _(issued: IssuedToken) -> list[Row]:
    shown = {**issued.response(), "access_token": Secret(issued.access_token)}
    if issued.id_token is not None:
        shown["id_token"] = Secret(issued.id_token)
    if issued.refresh_token is not None:
        shown["refresh_token"] = issued.refresh_token
    return [{"member": name, "value": value} for name, value in shown.items()]


def _date(name: str, value: object) -> str:
    """The date that a time stands for; of other claims none."""
    is_time = name in TIMES and isinstance(value, int | float) and not isinstance(value, bool)
    return readable(value) if is_time else ""  # type: ignore[arg-type]  # is_time has looked


def _record(one: object) -> Row:
    """The fields of one object, as they stand in it; what is a function is no value to show."""
    for applies, fields in _READERS:
        if applies(one):
            return {name: value for name, value in fields(one).items() if not callable(value)}
    raise _no_table(one)


def _of_verdict(verdict: Verdict) -> Row:
    decisive = verdict.decisive
    found = {name: getattr(decisive, name, "") for name in ("code", "note", "remedy")}
    return {"outcome": verdict.outcome, "check": getattr(decisive, "name", ""), **found}


def _of_family(family: Family) -> Row:
    return {
        "id": family.id,
        "state": "works" if family.revoked_at is None else "revoked",
        "user_id": family.user_id,
        "client_id": family.client_id,
        "audience": family.audience,
        "scope": " ".join(family.scope),
        "tokens": len(family.tokens),
        "created_at": family.created_at,
        "created": readable(family.created_at),
        "revoked": "" if family.revoked_at is None else readable(family.revoked_at),
    }


def _of_model(model: Model) -> Row:
    """What stands in a short table of it comes first, an identifier last; what is inside it, in brief."""
    fields = dict(model)
    order = dict.fromkeys((*model.columns, *fields))
    return {name: _brief(fields[name]) for name in sorted(order, key=lambda name: name == "id")}


def _brief(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_brief, value))  # still a sequence: frame.explode("scopes") gives a row a scope
    return value.brief if isinstance(value, Model) else value


_READERS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Row]], ...] = (
    (lambda one: isinstance(one, Mapping), dict),
    (lambda one: hasattr(one, "_asdict"), lambda one: one._asdict()),
    (lambda one: isinstance(one, Verdict), _of_verdict),
    (lambda one: isinstance(one, Family), _of_family),
    # vars, not asdict: that would take apart what is inside, masked secrets too
    (lambda one: dataclasses.is_dataclass(one) and not isinstance(one, type), lambda one: dict(vars(one))),
    (lambda one: isinstance(one, Model), _of_model),
)
"""How the fields of a mapping, a named tuple, a verdict or family among others, a dataclass and a model are read."""


def _no_table(thing: object) -> ConfigurationError:
    return ConfigurationError(
        "table.unknown",
        f"There is no table of {shorten(thing)}.",
        "Pass a verdict, a trace, claims, a decoded token, a key set, tenant.keys, or a collection, "
        "like tenant.apis of a tenant.",
    )
