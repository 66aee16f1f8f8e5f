"""The JSON that goes in and out: schemas made from the registry's models, and the check that a body has its shape.

A schema here is published in the OpenAPI document and enforced, so that the two cannot differ. It knows types, members
and what must be there; the rules behind them stay in the registry, whose errors say more than a schema can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from authkit.http.management.errors import invalid_body
from authkit.registry.models import Model

Schema = dict[str, Any]

# Rules that the models hold as functions, in the words of JSON Schema; where it has none, the models alone hold them.
_NO_MARKUP: Final = {"pattern": "^[^<>]+$"}
_SAID_BY_FUNCTIONS: Final[Mapping[str, Mapping[str, Schema]]] = {
    "Api": {"name": _NO_MARKUP},
    "Scope": {"value": {"pattern": r"^[!#-\[\]-~]+$"}},
    "Application": {"name": _NO_MARKUP},
    "User": {"name": _NO_MARKUP, "email": {"pattern": r"^[^@\s<>]+@[^@\s<>]+$"}},
    "Role": {"name": _NO_MARKUP},
}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,), "integer": (int,), "boolean": (bool,), "array": (list,), "object": (dict,),
}  # fmt: skip
_NAMES: Final = {
    str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object", type(None): "null",
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A named JSON Schema.

    Attributes:
        name: Its name in the OpenAPI document.
        schema: The schema itself.
        holds: Shapes that it refers to.
    """

    name: str
    schema: Schema
    holds: tuple[Shape, ...] = ()

    @property
    def reference(self) -> Schema:
        """How another schema refers to it."""
        return {"$ref": f"#/components/schemas/{self.name}"}


def members(model: type[Model], *names: str) -> dict[str, Schema]:
    """The schemas of a model's fields: of all, or of those that are named."""
    known = _members(model)
    return {name: known[name] for name in names or known}


def shape(
    name: str, members: Mapping[str, Schema], *, required: Iterable[str] = (), description: str = "", fewest: int = 0
) -> Shape:
    """An object with these members and no others."""
    schema: Schema = {"type": "object", "properties": dict(members), "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    if description:
        schema["description"] = description
    if fewest:
        schema["minProperties"] = fewest
    return Shape(name, schema)


def list_of(items: Schema, *, fewest: int = 1) -> Schema:
    """An array of these."""
    return {"type": "array", "items": items, "minItems": fewest}


def check_shape(value: Any, schema: Schema, where: str = "") -> None:
    """Whether a body has the shape that was published for it.

    Raises:
        Refused: It has not (`invalid_body`); what was given is named by its type and place alone.
    """
    on = f" on property {where}" if where else ""
    expected = schema.get("type")
    if expected and (not isinstance(value, _TYPES[expected]) or (expected == "integer" and isinstance(value, bool))):
        raise invalid_body(f"'Expected type {expected} but found type {_NAMES[type(value)]}'{on}.")
    if isinstance(value, dict):
        _check_members(value, schema, where, on)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            raise invalid_body(f"'Array is too short ({len(value)}), minimum {schema['minItems']}'{on}.")
        for number, item in enumerate(value):
            check_shape(item, schema.get("items", {}), f"{where}[{number}]")


def _check_members(value: dict[str, Any], schema: Schema, where: str, on: str) -> None:
    known: Schema = schema["properties"]
    for name in value:
        if name not in known:
            shown = name[:40].encode("ascii", "backslashreplace").decode()
            raise invalid_body(
                f"'Additional properties not allowed: {shown}'{on}. Known are {', '.join(known)}; what is set by the "
                "tenant or cannot be changed after creation is not among them."
            )
    for name in schema.get("required", ()):
        if name not in value:
            raise invalid_body(f"'Missing required property: {name}'{on}.")
    for name, item in value.items():
        check_shape(item, known[name], f"{where}.{name}" if where else name)


class _Generator(GenerateJsonSchema):
    """Pydantic's own generator, told that a secret is text on the wire."""

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchemaValue:
        return {"type": "string"}


@cache
def _members(model: type[Model]) -> dict[str, Schema]:
    document = model.model_json_schema(schema_generator=_Generator)
    definitions = document.pop("$defs", {})
    for definition in definitions.values():
        _finish(definition)
    _finish(document)
    described = _descriptions(model)
    found: dict[str, Schema] = {}
    for name, schema in document["properties"].items():
        found[name] = {**_plain(schema, definitions)}
        if name in described:
            found[name]["description"] = described[name]
    return found


def _finish(definition: Schema) -> None:
    for name, more in _SAID_BY_FUNCTIONS.get(definition["title"], {}).items():
        definition["properties"][name]["also"] = more
    definition.pop("description", None)


def _plain(schema: Any, definitions: Mapping[str, Schema]) -> Any:
    """The schema in one piece: no references, no titles, and no null, which the wire leaves out or refuses."""
    if isinstance(schema, list):
        return [_plain(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    schema = dict(schema)
    for choice in schema.pop("anyOf", ()):
        if choice != {"type": "null"}:
            schema.update(choice)
    schema.update(schema.pop("also", {}))
    dropped = {"title", "default"} if isinstance(schema.get("title"), str) else {"default"}
    return {
        name: {key: _plain(one, definitions) for key, one in inner.items()}
        if name == "properties"
        else _plain(inner, definitions)
        for name, inner in schema.items()
        if name not in dropped
    }


def _descriptions(model: type[Model]) -> dict[str, str]:
    """What the class says of its attributes: the reference is written once."""
    _, _, listed = (model.__doc__ or "").partition("Attributes:")
    found = re.findall(r"^ {8}(\w+): (.+(?:\n {12}.+)*)", listed, re.MULTILINE)
    return {name: re.sub(r"\s+", " ", text) for name, text in found}
