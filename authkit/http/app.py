"""The tenant's endpoints, put together."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from authkit.ground.errors import AuthKitError
from authkit.http import paths
from authkit.http.answers import PUBLIC, oauth_error, serve_public, unavailable
from authkit.http.authorize import add_authorization_endpoint
from authkit.http.guard import LoopbackOnly
from authkit.http.management import add_management
from authkit.http.management.certificates import PEM_PATH
from authkit.http.metadata import endpoints, metadata
from authkit.http.token_endpoint import with_token_endpoint
from authkit.http.userinfo import add_userinfo_endpoint

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from authkit.tenant import Tenant

JWKS_PATH = paths.JWKS
TOKEN_PATH = paths.TOKEN


def tenant_app(tenant: Tenant[Any], url: str) -> Any:
    """The ASGI app of a tenant.

    Args:
        tenant: The tenant to serve.
        url: Where it will be reached, without a slash at the end.
    """
    # A path with a slash too many is none: the redirect would lead to whatever `Host` the request names.
    app = Starlette(exception_handlers={AuthKitError: _unavailable})
    app.router.redirect_slashes = False

    def index(request: Request) -> Response:
        """Where to go from here, for who opens the address itself."""
        document = {"issuer": tenant.issuer, **endpoints(url), "signing_certificate": f"{url}{PEM_PATH}"}
        return JSONResponse(document, headers=PUBLIC)

    def jwks(request: Request) -> Response:
        return JSONResponse(tenant.jwks, headers=PUBLIC)

    def about(request: Request) -> Response:
        document = metadata(tenant, url)
        if document is None:
            message = f"This tenant's issuer is {tenant.issuer}, which is not this address (RFC 8414 §3.3)."
            return oauth_error("not_found", message, 404)
        return JSONResponse(document, headers=PUBLIC)

    serve_public(app, "/", index)
    serve_public(app, paths.JWKS, jwks)
    for path in paths.METADATA:
        serve_public(app, path, about)
    add_authorization_endpoint(app, tenant, url)
    add_userinfo_endpoint(app, tenant)

    add_management(app, tenant)
    whole = _for_who_stays(with_token_endpoint(app, tenant))
    return LoopbackOnly(whole) if tenant.training else whole


def _for_who_stays(app: ASGIApp) -> ASGIApp:
    """The app; whoever goes away in the middle of a request gets no answer, and leaves no fault of ours on stderr."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await app(scope, receive, send)

    return answered


async def _unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, AuthKitError)
    return unavailable(error)
