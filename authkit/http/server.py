"""Serving a tenant over real HTTP on this machine."""

from __future__ import annotations

import socket
from typing import Any

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.http.app import JWKS_PATH, TOKEN_PATH, tenant_app
from authkit.http.running import RunningApp, address, listen
from authkit.tenant import Tenant


class Server(RunningApp):
    """A tenant that answers on loopback until `close()`; a context manager.

    Attributes:
        url: Its address, as in `http://127.0.0.1:8400`; with TLS it begins with `https`.
        certificate: With TLS, the file in PEM that a client must trust, else None. It is made on the spot, holds for
            a week, and goes when the server is closed.
        issuer: The tenant's issuer, which the address need not be.
        jwks_uri: Where its JWK Set is.
        token_endpoint: Where tokens are asked for.
    """

    def __init__(self, tenant: Tenant[Any], listening: socket.socket, *, tls: bool = False) -> None:
        try:
            url = address(listening, tls=tls)
            self.issuer = tenant.issuer
            self.jwks_uri = f"{url}{JWKS_PATH}"
            self.token_endpoint = f"{url}{TOKEN_PATH}"
            app = tenant_app(tenant, url)
        except BaseException:
            listening.close()
            raise
        super().__init__(app, listening, tls=tls)


def serve(tenant: Tenant[Any], *, port: int = 0, tls: bool = False, listening: socket.socket | None = None) -> Server:
    """Serve a tenant on 127.0.0.1, in a thread of this process.

    Args:
        tenant: The tenant; its issuer stays what it is.
        port: The port, or 0 for any free one.
        tls: Whether to answer over https, as some clients demand, with a certificate made on the spot. A client that
            trusts it: `RemoteKeySet(server.jwks_uri, ca_file=server.certificate)`,
            `httpx.Client(verify=ssl.create_default_context(cafile=server.certificate))`, `curl --cacert FILE`.
        listening: A socket from `authkit.http.running.listen`, in place of a port; it is closed with the server.

    Raises:
        ServerError: The port is taken (`port_in_use`), there is no place for a certificate (`tls_unavailable`), or
            the server did not start (`not_started`).
        ConfigurationError: This is no tenant (`serve.no_tenant`), or `tls` is neither True nor False (`serve.tls`).
    """
    try:
        _check(tenant, tls)
        listening = listen(port) if listening is None else listening
    except BaseException:
        if listening is not None:
            listening.close()
        raise
    return Server(tenant, listening, tls=tls)


def _check(tenant: object, tls: object) -> None:
    if not isinstance(tenant, Tenant):
        raise ConfigurationError(
            "serve.no_tenant",
            f"What is served is a tenant, not {shorten(tenant)}.",
            "Pass one from authkit.training_tenant() or authkit.Tenant.open().",
        )
    if not isinstance(tls, bool):
        raise ConfigurationError(
            "serve.tls",
            f"tls is True or False, not {shorten(tls)}.",
            "Pass tls=True: the certificate is made on the spot, and server.certificate names its file.",
        )
