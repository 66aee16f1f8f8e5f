"""An ASGI app on a loopback port, in a thread of this process, until it is closed or forgotten."""

from __future__ import annotations

import socket
import sys
import threading
import time
import weakref
from types import TracebackType
from typing import Any, Self

import uvicorn

from authkit.ground.errors import ServerError

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


class RunningApp:
    """An app that answers on `http://127.0.0.1:PORT` until `close()`; a context manager.

    A server that nobody holds any more stops by itself, so that running a notebook cell again leaves none behind.

    Args:
        app: The ASGI app.
        listening: The socket from `listen()`.

    Raises:
        ServerError: It did not start in time.
    """

    def __init__(self, app: Any, listening: socket.socket) -> None:
        self.port: int = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", server_header=False, timeout_keep_alive=5
        )
        server = uvicorn.Server(config)
        # Signals belong to the notebook or the command, not to a thread.
        self._thread = threading.Thread(
            target=server.run, args=([listening],), name=f"authkit-{self.port}", daemon=True
        )
        self._stop = weakref.finalize(self, _stop, server, self._thread, listening)
        self._thread.start()
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


def _stop(server: uvicorn.Server, thread: threading.Thread, listening: socket.socket) -> None:
    server.should_exit = True
    if thread is not threading.current_thread() and thread.is_alive():
        thread.join(3)
        if thread.is_alive():  # a client that keeps its request open is not waited for
            server.force_exit = True
            thread.join(2)
    listening.close()
