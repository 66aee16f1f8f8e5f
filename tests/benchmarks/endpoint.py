"""An HTTP server on loopback that serves one JWKS and counts who asks for it."""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock


class Endpoint(ThreadingHTTPServer):
    """The server; `fetches` says how often the JWKS was asked for."""

    daemon_threads = True
    request_queue_size = 1024  # if everyone did ask at once, all of them would have to be counted

    def __init__(self, jwks: Mapping[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body = json.dumps(jwks).encode()
        self.fetches = 0
        self.counting = threading.Lock()
        self.url = f"http://127.0.0.1:{self.server_port}/jwks.json"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_GET(self) -> None:
        with self.server.counting:
            self.server.fetches += 1
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: the terminal belongs to the report."""


@contextmanager
def serving(jwks: Mapping[str, Any]) -> Iterator[Endpoint]:
    """A running endpoint; no proxy of the environment is asked for it meanwhile."""
    endpoint = Endpoint(jwks)
    thread = threading.Thread(target=endpoint.serve_forever, args=(0.01,))
    thread.start()
    try:
        with mock.patch.dict(os.environ, {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}):
            yield endpoint
    finally:
        endpoint.shutdown()
        thread.join()
        endpoint.server_close()
