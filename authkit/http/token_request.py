"""From a request at the token endpoint to the grant it asks for (RFC 6749 §3.2, §2.3.1)."""

from __future__ import annotations

import base64
import binascii
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote_plus

from authkit.ground.secret import Secret
from authkit.http.parameters import OAuthError, read_fields
from authkit.issuance import AuthorizationCode, ClientCredentials, RefreshToken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TokenRequest = ClientCredentials | AuthorizationCode | RefreshToken


class _Client(NamedTuple):
    client_id: str
    client_secret: Secret | None


def read_token_request(content_type: str, authorization: str | None, body: bytes) -> TokenRequest:
    """The grant that a request asks for.

    Args:
        content_type: The header; form and JSON are read.
        authorization: The header, for Basic authentication.
        body: The whole body.

    Raises:
        OAuthError: Not readable, a parameter twice, two ways of authentication, or a grant that is not known.
    """
    fields = read_fields(content_type, body)
    client = _client(fields, authorization)
    grant = fields.get("grant_type")
    if grant is None:
        raise OAuthError("invalid_request", "Missing required parameter: grant_type")
    if grant not in GRANTS:
        raise OAuthError("unsupported_grant_type", f"Unsupported grant type: {grant[:40]}")
    return GRANTS[grant](client, fields)


def _client_credentials(client: _Client, fields: Mapping[str, str]) -> TokenRequest:
    return ClientCredentials(
        client.client_id,
        client_secret=client.client_secret,
        audience=fields.get("audience"),
        scope=fields.get("scope", ""),
    )


def _authorization_code(client: _Client, fields: Mapping[str, str]) -> TokenRequest:
    return AuthorizationCode(
        client.client_id,
        client_secret=client.client_secret,
        code=fields.get("code"),
        redirect_uri=fields.get("redirect_uri"),
        code_verifier=fields.get("code_verifier"),
    )


def _refresh_token(client: _Client, fields: Mapping[str, str]) -> TokenRequest:
    return RefreshToken(
        client.client_id,
        client_secret=client.client_secret,
        refresh_token=fields.get("refresh_token"),
        scope=fields.get("scope", ""),
    )


GRANTS: Final[Mapping[str, Callable[[_Client, Mapping[str, str]], TokenRequest]]] = MappingProxyType(
    {
        "client_credentials": _client_credentials,
        "authorization_code": _authorization_code,
        "refresh_token": _refresh_token,
    }
)
"""The grants of the token endpoint, and what reads each."""


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
