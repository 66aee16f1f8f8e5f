"""The issuer's JWKS over HTTP, cached: fetched once, used until it is old or a new key turns up."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from authkit.ground.clock import Clock, SystemClock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.jose.encoding import Malformed, parse_object
from authkit.jose.key_set import KeySet, NoKey, VerificationKey

if TYPE_CHECKING:
    import httpx

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MAX_BYTES = 256 * 1024
MAX_SECONDS = 86400


class RemoteKeySet:
    """The keys at an issuer's `jwks_uri` (RFC 8414 §2), with a cache.

    Args:
        jwks_uri: Where the JWK Set is served; https, or http on loopback.
        clock: Whose time the cache ages by.
        lifetime: Seconds a fetched set is used.
        cooldown: Seconds before an unknown `kid` may cause another fetch.
        timeout: Seconds a fetch may take, in real time.

    Attributes:
        fetches: How often the set was fetched.
        hits: How often a key came out of the cache.

    Raises:
        ConfigurationError: The address is not one that keys may be trusted from, or a span of time is none.
    """

    def __init__(
        self,
        jwks_uri: str,
        *,
        clock: Clock | None = None,
        lifetime: float = 600,
        cooldown: float = 30,
        timeout: float = 5,
    ) -> None:
        self.jwks_uri = jwks_uri
        self._local = _checked_uri(jwks_uri)
        self._clock = SystemClock() if clock is None else clock
        self._lifetime = _seconds("lifetime", lifetime)
        self._cooldown = _seconds("cooldown", cooldown)
        self._timeout = _seconds("timeout", timeout)
        self._lock = threading.Lock()
        self._cached: KeySet | None = None
        self._fetched_at = 0.0
        self._client: httpx.Client | None = None
        self.fetches = 0
        self.hits = 0

    def select(self, kid: str | None, alg: str) -> VerificationKey | NoKey:
        """The one key for a token; an unknown `kid` causes one fetch, then waits out the cooldown.

        Raises:
            KeySetError: The set cannot be fetched or read (`jwks_unavailable`).
        """
        with self._lock:
            before = self.fetches
            found = self._fresh_enough(self._lifetime).select(kid, alg)
            if isinstance(found, NoKey) and found.reason == "unknown_kid" and self.fetches == before:
                found = self._fresh_enough(self._cooldown).select(kid, alg)
            if self.fetches == before:
                self.hits += 1
            return found

    def _fresh_enough(self, age: float) -> KeySet:
        now = self._clock.monotonic()
        if self._cached is None or now - self._fetched_at >= age:
            self._cached = _public_only(KeySet.from_jwks(self._fetch()))
            self._fetched_at = now
        return self._cached

    def _fetch(self) -> dict[str, Any]:
        # httpx takes longer to import than everything else here, so it waits for the first fetch.
        import httpx

        if self._client is None:
            # A proxy of the environment must not see, or answer, what is meant for this machine.
            # Fetches are minutes apart, so that no connection is kept.
            self._client = httpx.Client(
                timeout=self._timeout,
                follow_redirects=False,
                trust_env=not self._local,
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        self.fetches += 1
        deadline = time.monotonic() + self._timeout  # like a socket's timeout: real time, whatever clock was injected
        try:
            with self._client.stream("GET", self.jwks_uri, headers={"Accept": "application/json"}) as answer:
                if answer.status_code != 200:
                    raise self._unavailable(f"it answered with status {answer.status_code}")
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if time.monotonic() > deadline:
                        raise self._unavailable(f"its answer took longer than {self._timeout} seconds")
                    if len(body) > MAX_BYTES:
                        raise self._unavailable(f"its answer is larger than {MAX_BYTES:,} bytes")
            return parse_object(body)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last two: no address at all
            raise self._unavailable(f"it could not be reached ({type(error).__name__})") from None
        except Malformed as fault:
            raise self._unavailable(f"its answer {fault}") from None

    def _unavailable(self, why: str) -> KeySetError:
        return KeySetError(
            "jwks_unavailable",
            f"The JWKS at {shorten(self.jwks_uri, 80)} cannot be used: {why}.",
            "Open the address in a browser. The token may be good: try again, and do not tell its holder it is bad.",
        )

    def __repr__(self) -> str:
        known = "not fetched yet" if self._cached is None else f"{len(self._cached)} keys"
        return f"RemoteKeySet({self.jwks_uri!r}, {known}, fetches={self.fetches}, hits={self.hits})"


def _public_only(keys: KeySet) -> KeySet:
    if any(key.kty == "oct" for key in keys.keys):
        raise KeySetError(
            "key_set.secret_from_url",
            "The JWKS holds a shared secret: whoever reads the address can sign tokens.",
            "Have the issuer publish public keys alone, and treat that secret as leaked.",
        )
    return keys


def _seconds(argument: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= MAX_SECONDS:
        raise ConfigurationError(
            f"jwks.{argument}",
            f"The {argument} of a remote key set is a number of seconds, not {shorten(value)}.",
            f"Leave it out, or give a number from 0 to {MAX_SECONDS:,}.",
        )
    return value


def _checked_uri(uri: object) -> bool:
    """Whether the address is on loopback; an address that is neither that nor https is refused."""
    try:
        parts = urlsplit(uri) if isinstance(uri, str) else urlsplit("")
        host = parts.hostname or ""
    except ValueError:
        host = ""
    local = host in LOOPBACK
    if not host or parts.scheme not in (("http", "https") if local else ("https",)) or parts.username:
        raise ConfigurationError(
            "jwks_uri.not_trusted",
            f"Keys are not fetched from {shorten(uri, 80)}.",
            "Use the issuer's https address; http is taken on this machine alone. No user name in the address.",
        )
    return local
