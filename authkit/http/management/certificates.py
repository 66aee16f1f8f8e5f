"""`/pem`: the signing certificate, to paste into a debugger or to give to a server that knows no JWKS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from authkit.http.answers import PUBLIC, oauth_error, serve_public
from authkit.jose.ring import Place

if TYPE_CHECKING:
    from authkit.tenant import Tenant

PEM_PATH: Final = "/pem"
MEDIA_TYPE: Final = "application/pem-certificate-chain"  # RFC 8555 §9.1
_PUBLISHED: Final[tuple[Place, ...]] = ("current", "next", "previous")


def add_certificates(app: Starlette, tenant: Tenant[Any]) -> None:
    """Put the signing certificates into a tenant's app: the current one, and each that the JWKS has by its kid."""

    def current(request: Request) -> Response:
        return Response(tenant.keys.current.certificate, media_type=MEDIA_TYPE, headers=PUBLIC)

    def of_key(request: Request) -> Response:
        kid = request.path_params["kid"]
        for entry in tenant.keys.ring.keys:
            if entry.key.kid == kid and entry.place in _PUBLISHED:
                return Response(entry.key.certificate, media_type=MEDIA_TYPE, headers=PUBLIC)
        return oauth_error("not_found", "No published signing key has this kid.", 404)

    serve_public(app, PEM_PATH, current)
    serve_public(app, f"{PEM_PATH}/{{kid}}", of_key)
