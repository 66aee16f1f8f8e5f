"""Serving a tenant over real HTTP on this machine."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from authkit.http.app import JWKS_PATH, TOKEN_PATH, tenant_app
from authkit.http.running import RunningApp, listen

if TYPE_CHECKING:
    from authkit.tenant import Tenant


class Server(RunningApp):
    """A tenant that answers on loopback until `close()`; a context manager.

    Attributes:
        url: Its address, as in `http://127.0.0.1:8400`.
        issuer: The tenant's issuer, which the address need not be.
        jwks_uri: Where its JWK Set is.
        token_endpoint: Where tokens are asked for.
    """

    def __init__(self, tenant: Tenant[Any], listening: socket.socket) -> None:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.issuer = tenant.issuer
        self.jwks_uri = f"{url}{JWKS_PATH}"
        self.token_endpoint = f"{url}{TOKEN_PATH}"
        super().__init__(tenant_app(tenant, url), listening)


def serve(tenant: Tenant[Any], *, port: int = 0, listening: socket.socket | None = None) -> Server:
    """Serve a tenant on 127.0.0.1, in a thread of this process.

    Args:
        tenant: The tenant; its issuer stays what it is.
        port: The port, or 0 for any free one.
        listening: A socket from `authkit.http.running.listen`, in place of a port.

    Raises:
        ServerError: The port is taken (`port_in_use`) or the server did not start.
    """
    return Server(tenant, listen(port) if listening is None else listening)
