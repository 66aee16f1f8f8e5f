"""The tenant on the wire: real HTTP on loopback. Needs the extra `lab`."""

from authkit.ground.extras import need

need("fastapi", extra="lab", feature="Serving a tenant")
need("uvicorn", extra="lab", feature="Serving a tenant")

from authkit.http.orders_api import OrdersServer, serve_orders_api  # noqa: E402  (the extra is asked for first)
from authkit.http.server import Server, serve  # noqa: E402

__all__ = ["OrdersServer", "Server", "serve", "serve_orders_api"]
