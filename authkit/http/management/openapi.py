"""The OpenAPI document, made from the same table of operations and the same schemas that requests are held against."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from authkit.http.management.operation import Operation
from authkit.http.management.shapes import Schema, Shape, shape

ERROR: Final = shape(
    "Error",
    {
        "statusCode": {"type": "integer"}, "error": {"type": "string"}, "message": {"type": "string"},
        "errorCode": {"type": "string"},
    },
    required=("statusCode", "error", "message"),
    description="Why an operation was not done: in words for people, and as a stable code for programs.",
)  # fmt: skip
_REFUSALS: Final = {
    400: "The path, the query string or the body is not what the operation takes, or breaks a rule.",
    401: "There is no access token, or one that does not verify.",
    403: "The token lacks a scope, or a limit is reached.",
    404: "It does not exist.",
    409: "Another one has this name already.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    503: "The tenant's store is out of reach.",
}
_DESCRIPTION: Final = (
    "The Management API of an authkit tenant, a re-creation of Auth0's for learning. Ask for an access token with the "
    "client credentials of an application that has a client grant for it."
)


def document(operations: Iterable[Operation], *, version: str, audience: str) -> dict[str, Any]:
    """The OpenAPI document of these operations.

    Args:
        operations: What it describes.
        version: The version of authkit.
        audience: The audience that access tokens are for.
    """
    paths: dict[str, dict[str, Any]] = {}
    shapes: dict[str, Shape] = {ERROR.name: ERROR}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
        for given in (one.takes, one.gives):
            _collect(given, shapes)
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"An access token of this tenant for {audience}, with the scopes that the operation needs.",
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "authkit Management API", "version": version, "description": _DESCRIPTION},
        "servers": [{"url": "/api/v2"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": bearer},
            "schemas": {name: found.schema for name, found in sorted(shapes.items())},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": "_".join([one.method.lower(), *re.findall(r"\w+", one.path)]),
        "tags": [one.path.split("/")[1]],
        "summary": one.summary,
        "description": f"Needs {' and '.join(one.needs)}.",
        "security": [{"bearer": list(one.needs)}],
        "responses": {str(one.status): _done(one)} | {str(status): _refused(status) for status in one.statuses},
    }
    parameters = [_path_parameter(name) for name in re.findall(r"{(\w+)}", one.path)]
    parameters += [
        {
            "name": known.name, "in": "query", "required": known.required, "description": known.description,
            "schema": known.schema,
        }
        for known in one.query
    ]  # fmt: skip
    if parameters:
        described["parameters"] = parameters
    if one.takes:
        described["requestBody"] = {"required": True, "content": _json(one.takes.reference)}
    return described


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _done(one: Operation) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": f"Done: {one.summary}."}
    return {**answer, "content": _json(one.gives.reference)} if one.gives else answer


def _refused(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _REFUSALS[status], "content": _json(ERROR.reference)}
    if status in (401, 403):
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "RFC 6750 §3"}}
    return answer


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _collect(found: Shape | None, shapes: dict[str, Shape]) -> None:
    if found is not None:
        shapes[found.name] = found
        for inner in found.holds:
            _collect(inner, shapes)
