"""Fetching a JWK Set from servers that take their time, over real sockets."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from authkit import KeySetError
from authkit.http.tls import LocalCertificate
from authkit.jose.fetch import JwksEndpoint
from tests.benchmarks.endpoint import serving


class Slow:
    """A server on loopback that never ends its answer: it says `begin`, then `drop` again and again for 3 seconds."""

    def __init__(self, begin: bytes, drop: bytes, certified: LocalCertificate | None = None) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(5)
        self.certified = certified
        self.url = f"http{'s' if certified else ''}://127.0.0.1:{self.listening.getsockname()[1]}/jwks.json"
        self.asked, self.left = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._answer, args=(begin, drop))
        self.thread.start()

    def _answer(self, begin: bytes, drop: bytes) -> None:
        connection, _ = self.listening.accept()
        connection.settimeout(5)
        if self.certified:
            connection = self.certified.context.wrap_socket(connection, server_side=True)
        with self.listening, connection, contextlib.suppress(ConnectionError):
            connection.recv(4096)
            self.asked.set()
            connection.sendall(begin)
            connection.settimeout(0.05)
            for _ in range(60):
                connection.sendall(drop)
                with contextlib.suppress(TimeoutError):
                    if not connection.recv(4096):
                        break
            else:
                return
        self.left.set()


def unavailable(endpoint: JwksEndpoint) -> str:
    """What a fetch from there says that it ended with."""
    with pytest.raises(KeySetError) as caught:
        endpoint.fetch()
    assert caught.value.code == "jwks_unavailable"
    return caught.value.message


def fetching_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "authkit-jwks"]


def wait_until(true: Callable[[], object]) -> bool:
    """Whether it comes true within a second."""
    end = time.monotonic() + 1
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(true())


SLOW_ANSWERS = {
    "nothing": (b"", b""),
    "status line": (b"HTTP/1.1 200 O", b"K"),
    "header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b" "),
    "chunk extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
}


@pytest.mark.parametrize(("begin", "drop"), SLOW_ANSWERS.values(), ids=SLOW_ANSWERS)
def test_an_answer_that_comes_in_drops_is_not_waited_for(begin: bytes, drop: bytes) -> None:
    """The timeout is for the whole exchange, in real time; the connection ends with it, and no thread is left."""
    slow = Slow(begin, drop)
    started = time.monotonic()
    assert unavailable(JwksEndpoint(slow.url, timeout=0.2))
    took = time.monotonic() - started
    slow.thread.join()
    assert 0.2 <= took < 2 and slow.left.is_set() and wait_until(lambda: not fetching_threads())


def test_an_answer_that_comes_in_drops_over_tls_is_not_waited_for() -> None:
    """The same where another socket lies around the first."""
    certified = LocalCertificate()
    slow = Slow(*SLOW_ANSWERS["header"], certified)
    endpoint = JwksEndpoint(slow.url, timeout=0.3, ca_file=certified.path)
    certified.remove()
    assert "took longer" in unavailable(endpoint)
    slow.thread.join()
    assert slow.left.is_set() and wait_until(lambda: not fetching_threads())


def test_a_handshake_that_is_not_answered_is_not_waited_for() -> None:
    """A server that takes the connection and says nothing, where TLS should begin."""
    slow = Slow(*SLOW_ANSWERS["nothing"])
    assert unavailable(JwksEndpoint(slow.url.replace("http:", "https:"), timeout=0.2))
    slow.thread.join()
    assert slow.left.is_set() and wait_until(lambda: not fetching_threads())


def test_a_name_that_takes_long_to_look_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of a server that is found after the time."""
    look_up = socket.getaddrinfo

    def slowly(*arguments: Any, **options: Any) -> Any:
        time.sleep(0.8)
        return look_up(*arguments, **options)

    slow = Slow(*SLOW_ANSWERS["header"])
    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    started = time.monotonic()
    assert unavailable(JwksEndpoint(slow.url, timeout=0.2))
    assert time.monotonic() - started < 0.7
    slow.thread.join()
    assert slow.left.is_set() and wait_until(lambda: not fetching_threads())


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="Ctrl-C comes when the wait is over")
def test_an_interrupted_fetch_ends_its_connection() -> None:
    """Ctrl-C in a notebook, while a server does not answer."""
    slow = Slow(*SLOW_ANSWERS["header"])
    here = threading.get_ident()
    # A shell starts what runs in its background with Ctrl-C ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        slow.asked.wait(5)
        signal.pthread_kill(here, signal.SIGINT)

    person = threading.Thread(target=interrupt)
    person.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            JwksEndpoint(slow.url, timeout=5).fetch()
    finally:
        person.join()
        signal.signal(signal.SIGINT, before)
    slow.thread.join()
    assert slow.left.is_set() and wait_until(lambda: not fetching_threads())


def test_a_fetch_leaves_no_thread() -> None:
    """The one that waited for the answer ends with it."""
    with serving({"keys": []}) as server:
        assert JwksEndpoint(server.url, timeout=5).fetch() == {"keys": []}
    assert wait_until(lambda: not fetching_threads())


def test_where_no_thread_can_be_had_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the key set's error, and no fault of a token."""

    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    assert "RuntimeError" in unavailable(JwksEndpoint("http://127.0.0.1:1/", timeout=1))
