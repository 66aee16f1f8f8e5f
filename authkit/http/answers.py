"""Headers and answers that several endpoints share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from authkit.ground.errors import AuthKitError, StorageError

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""For every answer that holds a token, a code or a person (RFC 6749 §5.1)."""

ANY_ORIGIN: Final = {"Access-Control-Allow-Origin": "*"}
"""A page of any origin may read it: what it gets depends on what it sends, and never on a cookie."""

PUBLIC: Final = {**ANY_ORIGIN, "Cache-Control": "public, max-age=300"}
"""For documents that are the same for everyone."""

NO_STORE_NOW: Final = "The tenant's store cannot be used at the moment. Nothing was changed."
"""For a request that the store kept from being answered."""

_PREFLIGHT_SECONDS: Final = 600

Handler = Callable[[Request], Response | Awaitable[Response]]


def serve_public(app: Starlette, path: str, handler: Handler) -> None:
    """Let a public document be read by GET and HEAD, and from a page of any origin."""
    app.add_route(path, handler, methods=["GET", "HEAD"])
    allow_any_origin(app, path, "GET, HEAD")


def allow_any_origin(app: Starlette, path: str, methods: str) -> None:
    """Answer a browser that asks beforehand whether a page of another origin may send a request (Fetch, CORS).

    Args:
        app: Where the endpoint is.
        path: The endpoint; its own answers carry `ANY_ORIGIN`.
        methods: What it takes, as in `GET, POST`.
    """
    headers = {
        **ANY_ORIGIN,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Authorization, Content-Type",
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
        "Allow": f"{methods}, OPTIONS",
    }

    async def preflight(request: Request) -> Response:
        return Response(status_code=204, headers=headers)

    app.add_route(path, preflight, methods=["OPTIONS"])


def oauth_error(error: str, description: str, status: int, **headers: Any) -> Response:
    """An error as JSON (RFC 6749 §5.2)."""
    document = {"error": error, "error_description": description}
    return JSONResponse(document, status, headers={**NO_STORE, **ANY_ORIGIN, **headers})


def unavailable(error: AuthKitError) -> Response:
    """The answer where the tenant itself is in trouble: its store, as a rule."""
    return oauth_error("server_error", in_public(error), 503)


def in_public(error: AuthKitError) -> str:
    """What a stranger is told of a fault: of the store, not where it is."""
    return NO_STORE_NOW if isinstance(error, StorageError) else error.message
