"""A small API to protect: orders that it shows to whoever its verifier lets in (RFC 6750)."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.http.running import RunningApp, listen
from authkit.jose.rejection import TokenRejected

if TYPE_CHECKING:
    from authkit.jose.claims import Claims

_REALM = 'Bearer realm="api"'
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

    def __init__(self, verifier: TokenVerifier, listening: socket.socket, scope: str = "") -> None:
        # The app holds this list and not the server, which must be free to go when nobody holds it.
        self._deciding = deciding = [verifier]
        super().__init__(_app(lambda: deciding[0], scope), listening)

    @property
    def verifier(self) -> TokenVerifier:
        """What decides about tokens; setting it changes the running API."""
        return self._deciding[0]

    @verifier.setter
    def verifier(self, verifier: TokenVerifier) -> None:
        self._deciding[0] = verifier


def serve_orders_api(verifier: TokenVerifier, *, scope: str = "", port: int = 0) -> OrdersServer:
    """Serve a small API on loopback: 200 with orders, 401 with the failed check, 403 without scope (RFC 6750 §3).

    Args:
        verifier: What decides about tokens.
        scope: What a token must allow, as in `read:orders`; without one, any token for this API will do.
        port: The port, or 0 for any free one.

    Raises:
        ServerError: The port is taken.
        ConfigurationError: What was given verifies nothing (`orders_api.no_verifier`).
    """
    if not callable(getattr(verifier, "verify", None)):
        raise ConfigurationError(
            "orders_api.no_verifier",
            f"The API asks a verifier about its tokens, and {shorten(verifier)} has no verify().",
            "Pass authkit.Verifier(...), tenant.verifier(api), or one of authkit.attacks.",
        )
    return OrdersServer(verifier, listen(port), scope)


def _app(current: Callable[[], TokenVerifier], scope: str) -> FastAPI:
    app = FastAPI(title="Orders", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/orders")
    def orders(request: Request) -> Response:
        sent = request.headers.getlist("authorization")
        if len(sent) > 1:
            return _refused(400, "invalid_request", why="Authenticate in one header.")
        kind, _, token = (sent[0] if sent else "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            return JSONResponse({}, 401, headers={"WWW-Authenticate": _REALM})
        try:
            claims = current().verify(token.strip())
        except TokenRejected as refused:
            more = f', error_description="{refused.code}"'
            return _refused(401, "invalid_token", more, check=refused.check, why=refused.message)
        except KeySetError as unavailable:
            return JSONResponse({"error": "temporarily_unavailable", "why": unavailable.message}, 503)
        granted = claims.get("scope", "")
        if scope and scope not in (granted.split() if isinstance(granted, str) else ()):
            return _refused(403, "insufficient_scope", f', scope="{scope}"', why=f"The token lacks the scope {scope}.")
        return JSONResponse({"orders": ORDERS, "for": claims.get("sub")}, headers={"Cache-Control": "no-store"})

    return app


def _refused(status: int, error: str, more: str = "", **told: str) -> Response:
    challenge = f'{_REALM}, error="{error}"{more}'
    return JSONResponse({"error": error, **told}, status, headers={"WWW-Authenticate": challenge})
