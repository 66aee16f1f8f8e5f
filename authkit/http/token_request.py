"""From a request at the token endpoint to the grant it asks for (RFC 6749 §3.2, §2.3.1)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from authkit.ground.secret import Secret
from authkit.issuance import ClientCredentials

MAX_BODY = 16 * 1024
MAX_FIELDS = 50


class OAuthError(Exception):
    """An error the client gets as JSON (RFC 6749 §5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


class _Client(NamedTuple):
    client_id: str
    client_secret: Secret | None


def read_token_request(content_type: str, authorization: str | None, body: bytes) -> ClientCredentials:
    """The grant that a request asks for.

    Args:
        content_type: The header; form and JSON are read.
        authorization: The header, for Basic authentication.
        body: The whole body.

    Raises:
        OAuthError: Not readable, a parameter twice, two ways of authentication, or a grant that is not known.
    """
    fields = _fields(content_type, body)
    client = _client(fields, authorization)
    grant = fields.get("grant_type")
    if grant is None:
        raise OAuthError("invalid_request", "Missing required parameter: grant_type")
    if grant != "client_credentials":
        raise OAuthError("unsupported_grant_type", f"Unsupported grant type: {grant[:40]}")
    return ClientCredentials(
        client.client_id,
        client_secret=client.client_secret,
        audience=fields.get("audience"),
        scope=fields.get("scope", ""),
    )


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/json":
            pairs = json.loads(body.decode("utf-8"), object_pairs_hook=list)
            if not isinstance(pairs, list) or not all(isinstance(pair, tuple) for pair in pairs):
                raise ValueError
        elif kind == "application/x-www-form-urlencoded":
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        else:
            raise OAuthError("invalid_request", "Send application/x-www-form-urlencoded or application/json")
    except (ValueError, RecursionError):
        raise OAuthError("invalid_request", "The body cannot be read") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise OAuthError("invalid_request", f"Parameter given twice: {name[:40]!a}")
        if not isinstance(value, str) or not _is_text(name + value):
            raise OAuthError("invalid_request", f"Parameter must be text: {name[:40]!a}")
        if value:  # a parameter without a value counts as left out (RFC 6749 §3.2)
            fields[name] = value
    return fields


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # JSON can spell half a surrogate pair, which no answer could repeat
        return False
    return True


def _client(fields: dict[str, str], authorization: str | None) -> _Client:
    posted = fields.get("client_secret")
    if authorization is None:
        return _Client(fields.get("client_id", ""), Secret(posted) if posted is not None else None)
    if posted is not None:
        raise OAuthError("invalid_request", "Authenticate in the header or in the body, not in both")
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        name, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
        if not colon:
            raise ValueError
    except (ValueError, binascii.Error):
        raise OAuthError("access_denied", "Unauthorized", 401) from None
    client_id = unquote_plus(name)  # both halves are form-encoded before they are joined (RFC 6749 §2.3.1)
    if fields.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request", "Two different client ids were given")
    return _Client(client_id, Secret(unquote_plus(secret)))
