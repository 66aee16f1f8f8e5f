"""The issuer's JWKS over HTTP, cached: fetched once, used until it is old or a new key turns up."""

from __future__ import annotations

import os
import threading
from os import PathLike
from typing import Final, Literal, NamedTuple
from weakref import WeakSet

from authkit.ground import display
from authkit.ground.clock import Clock, SystemClock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.jose.fetch import JwksEndpoint
from authkit.jose.jwk import VerificationKey
from authkit.jose.key_set import KeySet, NoKey

MAX_SECONDS: Final = 86400


class _Known(NamedTuple):
    """What the last fetches brought. Replaced as a whole, never changed, so that it is read without a lock.

    Attributes:
        keys: The set that serves, if there is one.
        fetched_at: When its fetch began, on the monotonic reading.
        asked_at: When the last fetch ended, with or without success.
        failure: What the last fetch failed with, if it did.
    """

    keys: KeySet | None = None
    fetched_at: float = 0.0
    asked_at: float = 0.0
    failure: KeySetError | None = None


class RemoteKeySet:
    """The keys at an issuer's `jwks_uri` (RFC 8414 §2), with a cache. Any number of threads may share one.

    Threads that need a fetch at the same time wait for one and share what it brings. While the endpoint is down, or
    another thread still waits for its answer, the keys it gave before go on serving (stale-if-error, RFC 5861 §4); as
    soon as it answers, its answer counts, so that a revoked key is gone. A forked child fetches for itself.

    Args:
        jwks_uri: Where the JWK Set is served; https, or http on loopback.
        clock: Whose time the cache ages by.
        lifetime: Seconds a fetched set is used before it is fetched again.
        cooldown: Seconds after a fetch in which an unknown `kid` causes no other; nor does an endpoint that is down,
            while there are keys to serve.
        stale_if_error: Seconds after its lifetime for which a set still serves while the endpoint is down or being
            asked.
        timeout: Seconds a fetch may take, in real time.
        ca_file: A file in PEM with certificates to trust beside the usual authorities, as in
            `ca_file=server.certificate` for a server with TLS. It is read at once, and only then.

    Attributes:
        fetches: How often the endpoint was asked.
        hits: How often a look-up needed no fetch, unless it was for an unknown `kid`.
        refused_refetches: How often an unknown `kid` caused no fetch, since the cooldown was not over.

    Raises:
        ConfigurationError: The address is not one that keys may be trusted from, a span of time is none, or there is
            no certificate in the file.
    """

    def __init__(
        self,
        jwks_uri: str,
        *,
        clock: Clock | None = None,
        lifetime: float = 600,
        cooldown: float = 30,
        stale_if_error: float = 86400,
        timeout: float = 5,
        ca_file: str | PathLike[str] | None = None,
    ) -> None:
        self._endpoint = JwksEndpoint(jwks_uri, timeout=_seconds("timeout", timeout), ca_file=ca_file)
        self._clock = _checked_clock(clock)
        self._lifetime = _seconds("lifetime", lifetime)
        self._cooldown = _seconds("cooldown", cooldown)
        self._stale_if_error = _seconds("stale_if_error", stale_if_error)
        self._known = _Known()
        self._make_locks()
        _ALL.add(self)
        self.fetches = 0
        self.hits = 0
        self.refused_refetches = 0

    def _make_locks(self) -> None:
        self._flight = threading.Lock()
        self._counting = threading.Lock()

    @property
    def jwks_uri(self) -> str:
        """Where the JWK Set is served."""
        return self._endpoint.jwks_uri

    def select(self, kid: str | None, alg: str) -> VerificationKey | NoKey:
        """The one key for a token, or why there is none. A stale set and an unknown `kid` cause a fetch each.

        Raises:
            KeySetError: No keys are known, or not this one, and the endpoint is down (`jwks_unavailable`) or serves
                a set that is refused (`key_set.…`).
        """
        now = self._clock.monotonic()
        before = known = self._known
        stale = self._is_stale(known, now)
        if stale:
            known = self._ask(known, now, wait=not self._may_serve(known, now))
        found = _look_up(known, kid, alg)
        if isinstance(found, NoKey) and found.reason == "unknown_kid":
            # The issuer may have rotated: ask once, unless the set came in while this look-up waited. A stale set is
            # here still only if another thread is asking already, which the cooldown does not forbid.
            if known is before and (stale or not self._is_cooling_down(known, now)):
                known = self._ask(known, now)
                found = _look_up(known, kid, alg)
            elif known is before:
                self._count("refused_refetches")
            if isinstance(found, NoKey) and known.failure is not None:
                raise _again(known.failure)  # nobody can say whether the issuer has that key
        elif known is before:
            self._count("hits")
        return found

    def _is_stale(self, known: _Known, now: float) -> bool:
        if not self._may_serve(known, now):
            return True
        old = now - known.fetched_at >= self._lifetime
        return old and (known.failure is None or not self._is_cooling_down(known, now))

    def _is_cooling_down(self, known: _Known, now: float) -> bool:
        return now - known.asked_at < self._cooldown

    def _ask(self, known: _Known, now: float, *, wait: bool = True) -> _Known:
        """Ask the endpoint, unless another thread has done so since `known` was read: then what that one brought.

        While another thread is asking, wait for it, or else make do with `known`.
        """
        flight = self._flight
        if not flight.acquire(blocking=wait):
            return known
        try:
            if self._known is known:
                self._known = self._fetched(known, now)
            return self._known
        finally:
            flight.release()

    def _fetched(self, known: _Known, now: float) -> _Known:
        self._count("fetches")
        try:
            keys = _public_only(KeySet.from_jwks(self._endpoint.fetch()))
        except KeySetError as failure:
            # No answer leaves what was known before. A set that is refused is an answer: what was known is over.
            silent = failure.code in ("jwks_unavailable", "key_set.not_a_jwks")
            kept = known.keys if silent and self._may_serve(known, now) else None
            return _Known(kept, known.fetched_at, self._clock.monotonic(), failure)
        # Its age counts from before the fetch, the cooldown from after it.
        return _Known(keys, now, self._clock.monotonic())

    def _may_serve(self, known: _Known, now: float) -> bool:
        """Whether there is a set, young enough to serve while the endpoint is down."""
        return known.keys is not None and now - known.fetched_at < self._lifetime + self._stale_if_error

    def _count(self, counter: Literal["fetches", "hits", "refused_refetches"]) -> None:
        with self._counting:
            setattr(self, counter, getattr(self, counter) + 1)

    def _keys_in_words(self) -> str:
        keys = self._known.keys
        if keys is None:
            return "no keys" if self.fetches else "not fetched yet"
        return f"{len(keys)} key{'s' if len(keys) != 1 else ''}"

    def __repr__(self) -> str:
        failure = self._known.failure
        down = f", last fetch failed: {failure.code}" if failure else ""
        counters = f"fetches={self.fetches}, hits={self.hits}, refused_refetches={self.refused_refetches}"
        return f"RemoteKeySet({self.jwks_uri!r}, {self._keys_in_words()}{down}, {counters})"

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {
            "jwks_uri": self.jwks_uri,
            "cached": self._keys_in_words(),
            "fetches": self.fetches,
            "hits": self.hits,
            "refused refetches": self.refused_refetches,
        }
        if self._known.failure is not None:
            facts["last fetch"] = display.badge("undecided", f"failed: {self._known.failure.message}")
        return display.fields(facts, caption="Remote key set")


_ALL: Final[WeakSet[RemoteKeySet]] = WeakSet()


def _renew_locks() -> None:
    """A forked child has the locks of its parent, but not the threads that would release them."""
    for keys in _ALL:
        keys._make_locks()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_renew_locks)


def _look_up(known: _Known, kid: str | None, alg: str) -> VerificationKey | NoKey:
    if known.keys is None:
        assert known.failure is not None, "the endpoint was asked"
        raise _again(known.failure)
    return known.keys.select(kid, alg)


def _again(failure: KeySetError) -> KeySetError:
    """The same failure, raised once more: an exception is no thing to share between threads."""
    return KeySetError(failure.code, failure.message, failure.remedy)


def _public_only(keys: KeySet) -> KeySet:
    if any(key.kty == "oct" for key in keys.keys):
        raise KeySetError(
            "key_set.secret_from_url",
            "The JWKS holds a shared secret: whoever reads the address can sign tokens.",
            "Have the issuer publish public keys alone, and treat that secret as leaked.",
        )
    return keys


def _checked_clock(clock: object) -> Clock:
    if clock is None:
        return SystemClock()
    if not isinstance(clock, Clock):
        raise ConfigurationError(
            "jwks.clock",
            f"The clock of a remote key set tells the time, which {shorten(clock)} does not.",
            "Leave it out, or pass tenant.clock.",
        )
    return clock


def _seconds(argument: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= MAX_SECONDS:
        raise ConfigurationError(
            f"jwks.{argument}",
            f"The {argument} of a remote key set is a number of seconds, not {shorten(value)}.",
            f"Leave it out, or give a number from 0 to {MAX_SECONDS:,}.",
        )
    return value
