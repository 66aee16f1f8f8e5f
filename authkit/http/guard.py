"""A training tenant is for this machine alone: other hosts and forwarded requests are turned away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_FORWARDED = frozenset({b"forwarded", b"via", b"x-real-ip"})


class LoopbackOnly:
    """Answers 421 to a request that names another host, and 403 to one that a proxy has forwarded.

    The keys of a training tenant are published. A page on the web that rebinds its name to 127.0.0.1, or a proxy
    that makes the port public, would otherwise hand out tokens that look real.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or turn it away."""
        if scope["type"] == "http":
            headers = scope["headers"]
            hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
            if len(hosts) != 1 or _without_port(hosts[0]) not in LOOPBACK_HOSTS:
                return await _refuse(421, "A training tenant answers on loopback alone.", scope, receive, send)
            if any(name in _FORWARDED or name.startswith(b"x-forwarded") for name, _ in headers):
                return await _refuse(403, "A training tenant answers no forwarded request.", scope, receive, send)
        await self._app(scope, receive, send)
        return None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


async def _refuse(status: int, message: str, scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"error": "invalid_request", "error_description": message}, status)(scope, receive, send)
