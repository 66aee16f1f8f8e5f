"""Parameters of a request, read strictly: each once, all text, not too many (RFC 6749 §3.1, §3.2)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.types import Receive

MAX_BODY: Final = 16 * 1024
MAX_QUERY: Final = 8 * 1024
MAX_FIELDS: Final = 50
FORM: Final = "application/x-www-form-urlencoded"


class OAuthError(Exception):
    """An error the client gets as JSON (RFC 6749 §5.2), or the user as a page."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


class Parameters(NamedTuple):
    """What a request brought.

    Attributes:
        once: Parameters that were given once, by name; one without a value counts as left out.
        repeated: Names that were given more than once, whatever their values.
    """

    once: dict[str, str]
    repeated: tuple[str, ...]


def read_query(query: bytes) -> Parameters:
    """The parameters in an address.

    Raises:
        OAuthError: It is too long (414), or cannot be read.
    """
    if len(query) > MAX_QUERY:
        raise OAuthError("invalid_request", f"The parameters are longer than {MAX_QUERY} bytes", 414)
    return _sorted_out(_form(query, "The parameters cannot be read"))


def read_fields(content_type: str, body: bytes, *, json_too: bool = True) -> dict[str, str]:
    """The parameters in a body: a form or, where that is taken, a JSON object of texts.

    Raises:
        OAuthError: Another type of content, not readable, or a parameter twice.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" and json_too:
        pairs = _members(body)
    elif kind == FORM:
        pairs = _form(body, "The body cannot be read")
    else:
        raise OAuthError("invalid_request", f"Send {FORM}{' or application/json' if json_too else ''}")
    read = _sorted_out(pairs)
    if read.repeated:
        raise OAuthError("invalid_request", twice(read.repeated))
    return read.once


async def limited_body(receive: Receive) -> bytes:
    """The whole body of a request, unless it is too large.

    Args:
        receive: The request's messages, as ASGI brings them.

    Raises:
        OAuthError: It is larger than 16 KiB, whatever length it announced (413).
        ClientDisconnect: Whoever sent it went away.
    """
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_BODY:
            raise OAuthError("invalid_request", f"The body is larger than {MAX_BODY} bytes", 413)
    return body


def twice(names: Iterable[str]) -> str:
    """The fault of giving parameters more than once, in a few words."""
    return f"Parameter given twice: {', '.join(ascii(name[:40]) for name in names)}"


def _form(encoded: bytes, fault: str) -> list[tuple[str, Any]]:
    try:
        text = encoded.decode("ascii")
        return list(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS))
    except ValueError:
        raise OAuthError("invalid_request", fault) from None


def _members(body: bytes) -> list[tuple[str, Any]]:
    try:
        pairs = json.loads(body.decode("utf-8"), object_pairs_hook=list)
        if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
            raise ValueError
    except (ValueError, RecursionError):
        raise OAuthError("invalid_request", "The body cannot be read") from None
    # The vendor's SDKs send null for what their caller left out.
    return [(name, "" if value is None else value) for name, value in pairs]


def _sorted_out(pairs: list[tuple[str, Any]]) -> Parameters:
    for name, value in pairs:
        if not isinstance(value, str) or not _is_text(name + value):
            raise OAuthError("invalid_request", f"Parameter must be text: {name[:40]!a}")
    once = {name: value for name, value in pairs if value}
    if len(dict(pairs)) == len(pairs):
        return Parameters(once, ())
    times = Counter(name for name, _ in pairs)
    repeated = tuple(name for name, number in times.items() if number > 1)
    return Parameters({name: value for name, value in once.items() if times[name] == 1}, repeated)


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can spell half a surrogate pair, which no answer could repeat
        return False
    return True
