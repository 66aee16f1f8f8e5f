"""Python and HTTP as text that can be copied and run as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from authkit.ground.display import literal, pretty_json


def call(function: str, arguments: Mapping[str, str]) -> str:
    """A call with one keyword argument a line.

    Args:
        function: What is called, as in `tenant.apis.create`.
        arguments: Names and their values, already as source.
    """
    return "\n".join([f"{function}(", *(f"    {name}={source}," for name, source in arguments.items()), ")"])


def mapping(values: Mapping[str, str]) -> str:
    """A dict of texts as source, laid out to stand as an argument of `call`."""
    pairs = [f"{literal(key)}: {literal(value)}" for key, value in values.items()]
    if len(pairs) == 1:
        return f"{{{pairs[0]}}}"
    return "\n".join(["{", *(f"        {pair}," for pair in pairs), "    }"])


def request(line: str, headers: Mapping[str, str], body: str = "") -> str:
    """An HTTP request as it travels, without the version that no one reads."""
    head = [line, *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join([*head, "", body] if body else head)


def json_request(line: str, headers: Mapping[str, str], body: Mapping[str, object]) -> str:
    """An HTTP request with a JSON body."""
    return request(line, {**headers, "Content-Type": "application/json"}, pretty_json(body))
