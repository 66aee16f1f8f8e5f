"""Fetching a JWK Set over HTTP: from an address that may be trusted, in bounded time, bounded in size."""

from __future__ import annotations

import contextlib
import threading
from os import PathLike
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from authkit.ground.display import address, shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.jose.authorities import is_untrusted, read_authorities
from authkit.jose.encoding import Malformed, parse_object

if TYPE_CHECKING:
    import socket
    import ssl

    import httpx

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAX_BYTES = 256 * 1024
_TRY_AGAIN: Final = (
    "Open the address in a browser. The token may be good: try again, and do not tell its holder it is bad."
)


class JwksEndpoint:
    """Where an issuer publishes its keys (`jwks_uri`, RFC 8414 §2).

    Args:
        jwks_uri: The address; https, or http on loopback.
        timeout: Seconds a fetch may take as a whole, in real time.
        ca_file: A file in PEM with certificates that https may also be vouched for by.

    Raises:
        ConfigurationError: The address is not one that keys may be trusted from, or the file holds no certificate.
    """

    def __init__(self, jwks_uri: str, *, timeout: float, ca_file: str | PathLike[str] | None = None) -> None:
        self.jwks_uri = jwks_uri
        self._local = _checked_uri(jwks_uri)
        self._timeout = timeout
        # Read now: what is wrong with it is said at once, and the server that made it may take it away.
        self._authorities = None if ca_file is None else read_authorities(ca_file)
        self._context: ssl.SSLContext | None = None

    def fetch(self) -> dict[str, Any]:
        """The JSON object served there now. Redirects are not followed.

        Raises:
            KeySetError: Out of reach, or not answering with one JSON object (`jwks_unavailable`).
        """
        # httpx takes longer to import than everything else here, so it waits for the first fetch.
        import httpx

        try:
            document = parse_object(self._answer())
        except Malformed as fault:
            raise self._unavailable(f"its answer {fault}") from None
        except httpx.ConnectError as error:
            if not is_untrusted(error):
                raise self._unavailable(f"it could not be reached ({type(error).__name__})") from None
            raise self._unavailable(
                "its TLS certificate is not one that this machine trusts",
                "If the server is yours, name the file with its certificate: ca_file=server.certificate, on the "
                "command line --ca-file. If it is not, do not use its keys.",
            ) from None
        # After the first: no address at all, an environment that names a proxy or certificates that are none, and a
        # machine that has no thread left.
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError, ImportError, RuntimeError) as error:
            raise self._unavailable(f"it could not be reached ({type(error).__name__})") from None
        if "keys" not in document:
            raise KeySetError(
                "key_set.not_a_jwks",
                f"What {shorten(self.jwks_uri, 80)} serves is JSON, but no JWK Set: it has no 'keys' (RFC 7517 §5).",
                "Use the jwks_uri that the issuer's metadata names, at /.well-known/openid-configuration.",
            )
        return document

    def _answer(self) -> bytes:
        """The body of the answer, or the error that the exchange ended with.

        httpx bounds each wait for the network, and a server may make any number of them. So a thread does the
        exchange, and this one waits for it as long as the timeout says: real time, whatever clock was injected.
        """
        from concurrent.futures import Future

        answer: Future[bytes] = Future()
        connection = _Connection()

        def exchange() -> None:
            try:
                body = self._exchange(connection)
            except BaseException as error:
                answer.set_exception(error)
            else:
                answer.set_result(body)

        threading.Thread(target=exchange, name="authkit-jwks", daemon=True).start()
        try:
            return answer.result(self._timeout)
        except TimeoutError:
            raise self._unavailable(f"its answer took longer than {self._timeout} seconds") from None
        finally:
            connection.end()  # if there is one still: the thread then ends too

    def _exchange(self, connection: _Connection) -> bytes:
        import httpx

        # A proxy of the environment must not see, or answer, what is meant for this machine.
        # Fetches are minutes apart, so that no connection is kept.
        client = httpx.Client(
            timeout=self._timeout,
            follow_redirects=False,
            trust_env=not self._local,
            verify=self._trusted(),
            # Uncompressed: a few bytes that unpack to gigabytes would slip past the limit.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        with client, client.stream("GET", self.jwks_uri, extensions={"trace": connection.follow}) as answer:
            return self._body(answer)

    def _trusted(self) -> ssl.SSLContext:
        """What https is checked with: the usual authorities and, besides them, those that were given."""
        if self._context is None:
            import httpx

            context = httpx.create_ssl_context(trust_env=not self._local)
            if self._authorities is not None:
                context.load_verify_locations(cadata=self._authorities)
            self._context = context
        return self._context

    def _body(self, answer: httpx.Response) -> bytes:
        if answer.status_code != 200:
            raise self._unavailable(f"it answered with status {answer.status_code}")
        codings = {coding.strip().lower() for coding in answer.headers.get("Content-Encoding", "").split(",")}
        if codings - {"", "identity"}:  # case-insensitive, RFC 9110 §8.4.1
            raise self._unavailable("its answer is compressed, which was not asked for")
        body = b""
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > MAX_BYTES:
                raise self._unavailable(f"its answer is larger than {MAX_BYTES:,} bytes")
        return body

    def _unavailable(self, why: str, remedy: str = _TRY_AGAIN) -> KeySetError:
        """The error for an endpoint that gives no keys: no fault of any token."""
        return KeySetError(
            "jwks_unavailable", f"The JWKS at {shorten(self.jwks_uri, 80)} cannot be used: {why}.", remedy
        )


class _Connection:
    """The connection of one exchange, which another thread may end."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._ended = False

    def follow(self, step: str, facts: dict[str, Any]) -> None:
        """Told each step by httpx (its extension `trace`); the steps that connect bring a network stream."""
        if step.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = facts["return_value"].get_extra_info("socket")
            if self._ended:  # before there was a socket
                self.end()

    def end(self) -> None:
        """Let whoever waits for the other side hear that it has gone. Only the thread that reads may close."""
        import socket

        self._ended = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed already
                self._socket.shutdown(socket.SHUT_RDWR)


def _checked_uri(uri: object) -> bool:
    """Whether the address is on loopback; an address that is neither that nor https is refused."""
    try:
        parts = urlsplit(uri) if isinstance(uri, str) else urlsplit("")
        host = parts.hostname or ""
    except ValueError:
        host = ""
    local = host in LOOPBACK
    if not host or parts.scheme not in (("http", "https") if local else ("https",)) or "@" in parts.netloc:
        raise ConfigurationError(
            "jwks_uri.not_trusted",
            f"Keys are not fetched from {address(uri, 80)}.",
            "Use the issuer's https address; http is taken on this machine alone. No user name in the address.",
        )
    return local
