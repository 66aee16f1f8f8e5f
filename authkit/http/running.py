"""An ASGI app on a loopback port, in a thread of this process, until it is closed or forgotten."""

from __future__ import annotations

import socket
import sys
import threading
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn

from authkit.ground.errors import ServerError
from authkit.http.tls import LocalCertificate

START_SECONDS = 10.0


def listen(port: int = 0) -> socket.socket:
    """A socket that listens on 127.0.0.1, so that the port is ours before anything names it.

    Raises:
        ServerError: The port is taken, or no port number (`port_in_use`, `port_invalid`).
    """
    # With the protocol named, small answers leave at once; without it each waited 40 ms for the other side.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there the option would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except (OverflowError, TypeError):
        listening.close()
        raise ServerError(
            "port_invalid", f"{port!r} is no port.", "Use a number from 1024 to 65535, or 0 for any free one."
        ) from None
    except OSError as error:
        listening.close()
        raise ServerError(
            "port_in_use",
            f"Port {port} on 127.0.0.1 cannot be used: {error.strerror or error}.",
            "Stop the program that has it, choose another port, or use port 0 for any free one.",
        ) from None
    return listening


def address(listening: socket.socket, *, tls: bool) -> str:
    """The address at which a socket from `listen()` is reached, without a slash at the end."""
    return f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}"


class RunningApp:
    """An app that answers on `http://127.0.0.1:PORT` until `close()`; a context manager.

    A server that nobody holds any more stops by itself, so that running a notebook cell again leaves none behind.

    Args:
        app: The ASGI app.
        listening: The socket from `listen()`; it is closed with the server, or where none comes to be.
        tls: Whether it answers over https, with a certificate made on the spot.

    Attributes:
        url: Its address.
        port: The port in it.
        certificate: With TLS, the file in PEM that a client must trust; it goes when the server is closed.

    Raises:
        ServerError: It did not start in time (`not_started`), or there is no place for a certificate
            (`tls_unavailable`).
    """

    certificate: Path | None

    def __init__(self, app: Any, listening: socket.socket, *, tls: bool = False) -> None:
        self.port: int = listening.getsockname()[1]
        self.url = address(listening, tls=tls)
        made: LocalCertificate | None = None
        try:
            made = LocalCertificate() if tls else None
            server = _server(app, made)
            # Signals belong to the notebook or the command, not to a thread.
            self._thread = threading.Thread(
                target=server.run, args=([listening],), name=f"authkit-{self.port}", daemon=True
            )
            self._stop = weakref.finalize(self, _stop, server, self._thread, listening, made)
            self._thread.start()
        except BaseException:
            _give_back(listening, made)
            raise
        self.certificate = None if made is None else made.path
        deadline = time.monotonic() + START_SECONDS
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.close()
                raise ServerError(
                    "not_started", f"The server on port {self.port} did not start.", "Try another port, or restart."
                )
            time.sleep(0.005)

    @property
    def running(self) -> bool:
        """Whether it still answers."""
        return self._stop.alive

    def close(self) -> None:
        """Stop answering and give the port back; safe to call twice."""
        self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.url}, {'running' if self.running else 'stopped'})"


class _Server(uvicorn.Server):
    """uvicorn's server, which at its end waits for nobody who has nothing to say.

    Over TLS, closing a connection waits for the other side to agree: a client that keeps it for its next request held
    the end up for seconds, and the connection was never closed.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is idle at once, and then the rest in peace."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                connection.transport.abort()  # a protocol that is connected has one
        await super().shutdown(sockets)


def _server(app: Any, made: LocalCertificate | None) -> uvicorn.Server:
    # No proxy headers: uvicorn believes them from 127.0.0.1, from where everyone comes here. Each guess of a password
    # could then name another address, and the limit on guesses would never be reached.
    # Of a fault of our own, which the client sees as a 500, the trace is written to stderr; nothing else is.
    config = uvicorn.Config(
        app, log_level="error", access_log=False, lifespan="off", server_header=False, timeout_keep_alive=5,
        proxy_headers=False,
        ssl_context_factory=None if made is None else lambda *_: made.context,
    )  # fmt: skip
    return _Server(config)


def _stop(
    server: uvicorn.Server, thread: threading.Thread, listening: socket.socket, made: LocalCertificate | None
) -> None:
    server.should_exit = True
    if thread is not threading.current_thread() and thread.is_alive():
        thread.join(3)
        if thread.is_alive():  # a client that keeps its request open is not waited for
            server.force_exit = True
            thread.join(2)
    _give_back(listening, made)


def _give_back(listening: socket.socket, made: LocalCertificate | None) -> None:
    listening.close()
    if made is not None:
        made.remove()
