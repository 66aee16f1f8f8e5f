"""Who the user of an access token is (OpenID Connect Core 1.0 §5.3, RFC 6750)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from authkit.http import paths
from authkit.http.answers import ANY_ORIGIN, NO_STORE, allow_any_origin
from authkit.http.parameters import FORM, OAuthError, limited_body, read_fields, read_query
from authkit.issuance import GrantRefused
from authkit.jose.rejection import TokenRejected

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_REALM: Final = 'Bearer realm="userinfo"'
_NEEDS: Final = {"insufficient_scope": "openid"}
"""The scope that is missing where an error says that one is (RFC 6750 §3)."""
# A page of any origin may ask, and has to see why it was refused.
_HEADERS: Final = {**NO_STORE, **ANY_ORIGIN, "Access-Control-Expose-Headers": "WWW-Authenticate"}


def add_userinfo_endpoint(app: Starlette, tenant: Tenant[Any]) -> None:
    """Let applications ask who logged in, those that run in a browser's page among them."""

    async def userinfo(request: Request) -> Response:
        try:
            await _only_the_header(request)
            token = _token(request.headers.getlist("authorization"))
            if token is None:
                # RFC 6750 §3.1: who brings no token is told no error code.
                return Response(status_code=401, headers={**_HEADERS, "WWW-Authenticate": _REALM})
            return JSONResponse(await run_in_threadpool(tenant.userinfo, token), headers=_HEADERS)
        except OAuthError as error:
            return _refused(error.error, error.description, error.status)
        except GrantRefused as refused:
            return _refused(refused.error, refused.description, refused.status, needs=_NEEDS.get(refused.error, ""))
        except TokenRejected as refused:
            return _refused("invalid_token", refused.message, 401, refused.code)

    app.add_route(paths.USERINFO, userinfo, methods=["GET", "HEAD", "POST"])
    allow_any_origin(app, paths.USERINFO, "GET, HEAD, POST")


async def _only_the_header(request: Request) -> None:
    """Refuse a token anywhere else (RFC 6750 §2): in an address it would end up in logs and histories."""
    query = read_query(request.scope["query_string"])
    fields: dict[str, str] = {}
    kind = request.headers.get("content-type", "")
    if request.method == "POST" and kind.partition(";")[0].strip().lower() == FORM:
        fields = read_fields(kind, await limited_body(request.receive))
    if "access_token" in {*query.once, *query.repeated, *fields}:
        raise OAuthError("invalid_request", "Send the access token in the Authorization header, and only there")


def _token(authorization: Sequence[str]) -> str | None:
    if len(authorization) > 1:
        raise OAuthError("invalid_request", "Authenticate in one header")
    scheme, _, token = (authorization[0] if authorization else "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _refused(error: str, description: str, status: int, check: str = "", *, needs: str = "") -> Response:
    # In the header stands the code alone: a description may hold what a quoted string must not (RFC 6750 §3).
    more = {"error": error, "error_description": check, "scope": needs}
    challenge = ", ".join([_REALM, *(f'{name}="{value}"' for name, value in more.items() if value)])
    document = {"error": error, "error_description": description}
    return JSONResponse(document, status, headers={**_HEADERS, "WWW-Authenticate": challenge})
