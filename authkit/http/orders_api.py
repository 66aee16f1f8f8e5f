"""A small API to protect: orders that it shows to whoever its verifier lets in (RFC 6750)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from authkit.ground.errors import KeySetError
from authkit.http.running import RunningApp, listen
from authkit.jose.rejection import TokenRejected

if TYPE_CHECKING:
    from authkit.jose.claims import Claims

ORDERS = ({"id": 1, "item": "tea"}, {"id": 2, "item": "biscuits"})


class TokenVerifier(Protocol):
    """Anything that turns a token into claims or raises `TokenRejected`: a `Verifier`, or a weak one to learn from."""

    def verify(self, token: str) -> Claims | Mapping[str, Any]:
        """The claims of a token that is let in."""
        ...


class OrdersServer(RunningApp):
    """The orders API, answering on loopback until `close()`; a context manager.

    Attributes:
        url: Its address; the orders are at `url + "/orders"`.
    """

    def __init__(self, verifier: TokenVerifier, listening: socket.socket) -> None:
        # The app holds this list and not the server, which must be free to go when nobody holds it.
        self._deciding = deciding = [verifier]
        super().__init__(_app(lambda: deciding[0]), listening)

    @property
    def verifier(self) -> TokenVerifier:
        """What decides about tokens; setting it changes the running API."""
        return self._deciding[0]

    @verifier.setter
    def verifier(self, verifier: TokenVerifier) -> None:
        self._deciding[0] = verifier


def serve_orders_api(verifier: TokenVerifier, *, port: int = 0) -> OrdersServer:
    """Serve a small API on loopback that answers 200 with orders, or 401 with the failed check (RFC 6750 §3).

    Args:
        verifier: What decides about tokens.
        port: The port, or 0 for any free one.

    Raises:
        ServerError: The port is taken.
    """
    return OrdersServer(verifier, listen(port))


def _app(current: Callable[[], TokenVerifier]) -> FastAPI:
    app = FastAPI(title="Orders", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/orders")
    def orders(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return JSONResponse({}, 401, headers={"WWW-Authenticate": 'Bearer realm="api"'})
        try:
            claims = current().verify(token.strip())
        except TokenRejected as refused:
            challenge = f'Bearer realm="api", error="invalid_token", error_description="{refused.code}"'
            body = {"error": "invalid_token", "check": refused.check, "why": refused.message}
            return JSONResponse(body, 401, headers={"WWW-Authenticate": challenge})
        except KeySetError as unavailable:
            return JSONResponse({"error": "temporarily_unavailable", "why": unavailable.message}, 503)
        return JSONResponse({"orders": ORDERS, "for": claims.get("sub")}, headers={"Cache-Control": "no-store"})

    return app
