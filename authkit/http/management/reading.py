"""Reading a request: its query string and its body, strictly and within limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request

from authkit.http.management.errors import Refused, invalid_body, invalid_query
from authkit.http.management.operation import Parameter
from authkit.http.management.shapes import Shape, check_shape
from authkit.jose.encoding import Malformed, parse_object

MAX_BODY: Final = 1024 * 1024
"""Bytes of a body: an API's 1000 scopes, each as long as it may be, come in one."""

MAX_QUERY: Final = 4 * 1024
MAX_PARAMETERS: Final = 20
_WHOLE_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)


def read_path(parts: dict[str, Any]) -> dict[str, str]:
    """The variable parts of a path, decoded: a part may hold an encoded slash, as the identifier of an API does.

    Raises:
        Refused: Not UTF-8.
    """
    try:
        return {name: unquote(part, errors="strict") for name, part in parts.items()}
    except UnicodeDecodeError:
        raise Refused(400, "Path validation error: not UTF-8 once decoded", "invalid_uri") from None


def read_query(raw: bytes, known: Sequence[Parameter]) -> dict[str, Any]:
    """What a query string asks for.

    Raises:
        Refused: Not readable, an unknown parameter, one given twice, or a value that is not what it may be. A filter
            that is not known is refused and not passed over, which would answer another question than was asked.
    """
    try:
        if len(raw) > MAX_QUERY:
            raise ValueError
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:
        limits = f"{MAX_QUERY} bytes, {MAX_PARAMETERS} parameters"
        raise invalid_query(f"it cannot be read, or is larger than allowed ({limits}).") from None
    parameters = {parameter.name: parameter for parameter in known}
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in parameters:
            shown = name[:40].encode("ascii", "backslashreplace").decode()
            raise invalid_query(
                f"'Additional properties not allowed: {shown}'. Known are: {', '.join(parameters) or 'none'}."
            )
        if name in values:
            raise invalid_query(f"'{name}' is given twice.")
        values[name] = _value(parameters[name], text)
    for parameter in known:
        if parameter.required and parameter.name not in values:
            raise invalid_query(f"'Missing required property: {parameter.name}'.")
    return values


def _value(parameter: Parameter, text: str) -> Any:
    schema, name = parameter.schema, parameter.name
    if schema["type"] == "boolean":
        if text not in ("true", "false"):
            raise invalid_query(f"'Expected type boolean' on property {name}: write true or false.")
        return text == "true"
    if schema["type"] == "integer":
        if not _WHOLE_NUMBER.fullmatch(text) or not schema["minimum"] <= int(text) <= schema["maximum"]:
            bounds = f"{schema['minimum']} to {schema['maximum']}"
            raise invalid_query(f"'Expected type integer' on property {name}: write a whole number from {bounds}.")
        return int(text)
    if not schema["minLength"] <= len(text) <= schema["maxLength"]:
        raise invalid_query(f"{name} must have {schema['minLength']} to {schema['maxLength']} characters.")
    return text


async def read_body(request: Request, takes: Shape) -> dict[str, Any]:
    """The JSON object of a body that has the shape it is to have.

    Raises:
        Refused: Another media type, too large, not strict JSON, or another shape.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused(415, "Send application/json", "unsupported_media_type")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, f"The body is larger than {MAX_BODY} bytes", "too_large")
    try:
        value = parse_object(body)
    except Malformed as fault:
        raise invalid_body(f"the body {fault} [{fault.reason}].") from None
    check_shape(value, takes.schema)
    return value
