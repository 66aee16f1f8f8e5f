"""The tenant's endpoints: token, JWKS and metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from authkit.ground.errors import AuthKitError
from authkit.http.guard import LoopbackOnly
from authkit.http.token_request import MAX_BODY, OAuthError, read_token_request
from authkit.issuance import GrantRefused

if TYPE_CHECKING:
    from authkit.tenant import Tenant

JWKS_PATH = "/.well-known/jwks.json"
TOKEN_PATH = "/oauth/token"
METADATA_PATHS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# Public documents: a page of any origin may read them, as a browser-based debugger does.
_PUBLIC = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}


def tenant_app(tenant: Tenant[Any], url: str) -> Any:
    """The ASGI app of a tenant.

    Args:
        tenant: The tenant to serve.
        url: Where it will be reached, without a slash at the end.
    """
    app = FastAPI(title="authkit tenant", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    def index() -> Response:
        """Where to go from here, for who opens the address itself."""
        addresses = {"issuer": tenant.issuer, "jwks_uri": f"{url}{JWKS_PATH}", "token_endpoint": f"{url}{TOKEN_PATH}"}
        return JSONResponse(addresses, headers=_PUBLIC)

    @app.get(JWKS_PATH)
    def jwks() -> Response:
        return JSONResponse(tenant.jwks, headers=_PUBLIC)

    @app.post(TOKEN_PATH)
    async def token(request: Request) -> Response:
        try:
            body = await _limited_body(request)
            authorization = request.headers.getlist("authorization")
            if len(authorization) > 1:
                raise OAuthError("invalid_request", "Authenticate in one header")
            asked = read_token_request(
                request.headers.get("content-type", ""), authorization[0] if authorization else None, body
            )
            return JSONResponse(tenant.request_token(asked).response(), headers=_NO_STORE)
        except OAuthError as error:
            return _refused(error.error, error.description, error.status, request)
        except GrantRefused as refused:
            return _refused(refused.error, refused.description, refused.status, request)

    for path in METADATA_PATHS:
        app.get(path)(lambda: _metadata(tenant, url))

    @app.exception_handler(AuthKitError)
    async def unavailable(request: Request, error: AuthKitError) -> Response:
        return JSONResponse({"error": "server_error", "error_description": error.message}, 503, headers=_NO_STORE)

    return LoopbackOnly(app) if tenant.training else app


def _metadata(tenant: Tenant[Any], url: str) -> Response:
    """The metadata document, only where it is the issuer's own (RFC 8414 §3.3)."""
    if tenant.issuer != f"{url}/":
        message = f"This tenant's issuer is {tenant.issuer}, which is not this address (RFC 8414 §3.3)."
        return JSONResponse({"error": "not_found", "error_description": message}, 404)
    document = {
        "issuer": tenant.issuer,
        "token_endpoint": f"{url}{TOKEN_PATH}",
        "jwks_uri": f"{url}{JWKS_PATH}",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    if tenant.training:
        document["authkit_training"] = "published keys: never trust this issuer outside a lesson"
    return JSONResponse(document, headers=_PUBLIC)


async def _limited_body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise OAuthError("invalid_request", f"The body is larger than {MAX_BODY} bytes", 413)
    return body


def _refused(error: str, description: str, status: int, request: Request) -> Response:
    headers = dict(_NO_STORE)
    if status == 401 and "authorization" in request.headers:
        headers["WWW-Authenticate"] = 'Basic realm="authkit"'  # RFC 6749 §5.2
    return JSONResponse({"error": error, "error_description": description}, status, headers=headers)
