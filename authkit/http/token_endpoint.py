"""The token endpoint (RFC 6749 §3.2, §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from authkit.http import paths
from authkit.http.answers import ANY_ORIGIN, NO_STORE, allow_any_origin, oauth_error
from authkit.http.parameters import OAuthError, limited_body
from authkit.http.token_request import read_token_request
from authkit.issuance import GrantRefused

if TYPE_CHECKING:
    from authkit.tenant import Tenant


def add_token_endpoint(app: Starlette, tenant: Tenant[Any]) -> None:
    """Let applications ask for tokens, those that run in a browser's page among them."""

    async def token(request: Request) -> Response:
        try:
            body = await limited_body(request)
            authorization = request.headers.getlist("authorization")
            if len(authorization) > 1:
                raise OAuthError("invalid_request", "Authenticate in one header")
            asked = read_token_request(
                request.headers.get("content-type", ""), authorization[0] if authorization else None, body
            )
            issued = await run_in_threadpool(tenant.request_token, asked)
            return JSONResponse(issued.response(), headers={**NO_STORE, **ANY_ORIGIN})
        except OAuthError as error:
            return _refused(error.error, error.description, error.status, request)
        except GrantRefused as refused:
            return _refused(refused.error, refused.description, refused.status, request)

    app.add_route(paths.TOKEN, token, methods=["POST"])
    allow_any_origin(app, paths.TOKEN, "POST")


def _refused(error: str, description: str, status: int, request: Request) -> Response:
    by_header = status == 401 and "authorization" in request.headers
    challenge = {"WWW-Authenticate": 'Basic realm="authkit"'} if by_header else {}  # RFC 6749 §5.2
    return oauth_error(error, description, status, **challenge)
