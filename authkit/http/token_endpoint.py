"""The token endpoint (RFC 6749 §3.2, §5)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from authkit.ground.errors import AuthKitError, StorageError
from authkit.http import paths
from authkit.http.answers import ANY_ORIGIN, NO_STORE, allow_any_origin, oauth_error, unavailable
from authkit.http.parameters import OAuthError, limited_body
from authkit.http.token_request import TokenRequest, read_token_request
from authkit.issuance import GrantRefused, IssuedToken
from authkit.jose.encoding import encode_json
from authkit.storage import WouldWait

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from authkit.tenant import Tenant

_ISSUED = {**NO_STORE, **ANY_ORIGIN}


def with_token_endpoint(app: Starlette, tenant: Tenant[Any]) -> ASGIApp:
    """The app, and before it the endpoint where applications ask for tokens, those in a browser's page among them.

    Args:
        app: Everything else; also what answers a browser that asks beforehand, and a wrong method.
        tenant: Who issues the tokens.
    """
    endpoint = TokenEndpoint(tenant)
    app.add_route(paths.TOKEN, endpoint, methods=["POST"])  # type: ignore[arg-type]  # an ASGI app is taken too
    allow_any_origin(app, paths.TOKEN, "POST")

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        for_a_token = scope["type"] == "http" and scope["path"] == paths.TOKEN and scope["method"] == "POST"
        await (endpoint if for_a_token else app)(scope, receive, send)

    return front


class TokenEndpoint:
    """An ASGI app of its own: what a framework would add costs as much as every rule of the grant.

    Args:
        tenant: Who issues the tokens.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        self._tenant = tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        sent: dict[bytes, list[str]] = {b"authorization": [], b"content-type": []}
        for name, value in scope["headers"]:
            if name in sent:
                sent[name].append(value.decode("latin-1"))
        answer = await self._answer(sent[b"authorization"], *sent[b"content-type"][:1], receive=receive)
        await answer(scope, receive, send)
        if self._tenant.registry.log.due:  # once the answer is on its way: a batch waits for the disk
            with suppress(StorageError):  # and what cannot be written, for the next batch
                await run_in_threadpool(self._tenant.registry.log.flush, patient=False)

    async def _answer(self, authorization: list[str], content_type: str = "", *, receive: Receive) -> Response:
        try:
            body = await limited_body(receive)
            if len(authorization) > 1:
                raise OAuthError("invalid_request", "Authenticate in one header")
            asked = read_token_request(content_type, authorization[0] if authorization else None, body)
            issued = await _issued(self._tenant, asked)
            return Response(encode_json(issued.response()), headers=_ISSUED, media_type="application/json")
        except (OAuthError, GrantRefused) as error:
            by_header = error.status == 401 and authorization
            challenge = {"WWW-Authenticate": 'Basic realm="authkit"'} if by_header else {}  # RFC 6749 §5.2
            return oauth_error(error.error, error.description, error.status, **challenge)
        except AuthKitError as error:
            return unavailable(error)


async def _issued(tenant: Tenant[Any], asked: TokenRequest) -> IssuedToken:
    """The answer; in a thread only where something has to be written or waited for: a hand-over costs half a signature.

    Raises:
        GrantRefused: A rule refused.
    """
    try:
        with tenant.registry.database.at_once():
            return tenant.request_token(asked)
    except WouldWait:
        return await run_in_threadpool(tenant.request_token, asked)
