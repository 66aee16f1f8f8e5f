"""The remote key set, over a real HTTP server that counts."""

import contextlib
import hmac
import json
import os
import ssl
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from authkit import ConfigurationError, KeySetError, RemoteKeySet, SteerableClock, Verifier
from authkit.ground.clock import TRAINING_START
from authkit.jose import SigningKey, sign
from authkit.jose.encoding import encode_segment
from authkit.jose.fetch import MAX_BYTES, JwksEndpoint
from authkit.jose.key_set import NoKey

NOW = 1767603600


class Endpoint:
    """An HTTP server on loopback whose answer can be changed or held back, and which counts the requests."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.requests: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint.requests.append(self.path)
                endpoint.gate.wait(10)
                self.send_response(endpoint.status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(endpoint.body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a client may have heard enough
                    self.wfile.write(endpoint.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def serve(self, *keys: dict[str, Any]) -> None:
        self.body = json.dumps({"keys": keys}).encode()

    def stop(self) -> None:
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()


@pytest.fixture
def endpoint(key: SigningKey) -> Iterator[Endpoint]:
    endpoint = Endpoint()
    endpoint.serve(key.public_jwk)
    yield endpoint
    endpoint.stop()


@pytest.fixture
def clock() -> SteerableClock:
    return SteerableClock()


@pytest.fixture
def keys(endpoint: Endpoint, clock: SteerableClock) -> RemoteKeySet:
    return RemoteKeySet(endpoint.url, clock=clock)


def chosen(keys: RemoteKeySet, kid: str | None, alg: str = "RS256") -> str:
    found = keys.select(kid, alg)
    return found.reason if isinstance(found, NoKey) else str(found.kid)


def unavailable(keys: RemoteKeySet, kid: str | None = "a") -> str:
    with pytest.raises(KeySetError) as caught:
        keys.select(kid, "RS256")
    return caught.value.code


def test_nothing_is_fetched_before_it_is_needed(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """Making it costs no request."""
    assert endpoint.requests == [] and keys.fetches == 0


def test_a_token_is_verified_with_a_fetched_key(keys: RemoteKeySet, key: SigningKey, clock: SteerableClock) -> None:
    """The whole way: fetch, select, verify."""
    verifier = Verifier(issuer="https://i/", audience="a", keys=keys, clock=clock)
    payload = {"iss": "https://i/", "sub": "s", "aud": "a", "iat": NOW, "exp": NOW + 60}
    assert verifier.verify(sign(payload, key, alg="RS256")) == payload


def test_the_set_is_fetched_once_and_then_cached(keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey) -> None:
    """A hundred tokens, one request; the counters tell."""
    assert {chosen(keys, key.kid) for _ in range(100)} == {key.kid}
    assert endpoint.requests == ["/jwks.json"] and (keys.fetches, keys.hits) == (1, 99)


def test_the_cache_ends_with_its_lifetime(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """600 seconds on the clock that was injected, and not one more."""
    chosen(keys, key.kid)
    clock.advance(seconds=599)
    chosen(keys, key.kid)
    assert len(endpoint.requests) == 1
    clock.advance(seconds=1)
    chosen(keys, key.kid)
    assert len(endpoint.requests) == 2


def test_setting_the_clock_back_does_not_prolong_the_cache(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """Its age is counted on the monotonic reading."""
    chosen(keys, key.kid)
    clock.advance(seconds=599)
    clock.set(TRAINING_START)
    clock.advance(seconds=1)
    chosen(keys, key.kid)
    assert len(endpoint.requests) == 2


def test_an_unknown_kid_causes_one_fetch_after_the_cooldown(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """A new key is found by one refetch."""
    chosen(keys, key.kid)
    endpoint.serve(key.public_jwk, other_key.public_jwk)
    clock.advance(seconds=30)
    assert chosen(keys, other_key.kid) == other_key.kid
    assert len(endpoint.requests) == 2


def test_within_the_cooldown_an_unknown_kid_causes_no_fetch(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """Made-up kids cannot make us hammer the issuer; a key published and used at once fails, as it does elsewhere."""
    chosen(keys, key.kid)
    endpoint.serve(key.public_jwk, other_key.public_jwk)
    clock.advance(seconds=29)
    assert {chosen(keys, f"made-up-{number}") for number in range(50)} == {"unknown_kid"}
    assert chosen(keys, other_key.kid) == "unknown_kid"
    assert len(endpoint.requests) == 1


def test_the_first_fetch_counts_for_an_unknown_kid(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """A set that was fetched this moment is not fetched again."""
    assert chosen(keys, "unknown") == "unknown_kid" and len(endpoint.requests) == 1
    assert keys.refused_refetches == 0


def test_without_a_cooldown_each_unknown_kid_causes_one_fetch(endpoint: Endpoint, clock: SteerableClock) -> None:
    """And not two: a set of this very look-up is fresh."""
    keys = RemoteKeySet(endpoint.url, clock=clock, cooldown=0)
    for count in (1, 2, 3):
        assert chosen(keys, "unknown") == "unknown_kid" and len(endpoint.requests) == count


def test_only_an_unknown_kid_causes_a_refetch(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """A wrong algorithm is no reason to ask again."""
    chosen(keys, key.kid)
    clock.advance(seconds=60)
    assert chosen(keys, key.kid, "PS256") == "wrong_kind" and len(endpoint.requests) == 1


def test_a_key_that_is_gone_is_refused_after_the_next_fetch(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """Revocation reaches a client when its cache ends."""
    assert chosen(keys, key.kid) == key.kid
    endpoint.serve(other_key.public_jwk)
    assert chosen(keys, key.kid) == key.kid
    clock.advance(seconds=600)
    assert chosen(keys, key.kid) == "unknown_kid"


def asked_by_threads(number: int, action: Callable[[], str]) -> list[str]:
    """What so many threads found that all asked at once."""
    barrier = threading.Barrier(number)
    found: list[str] = []

    def ask() -> None:
        barrier.wait()
        found.append(action())

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@contextlib.contextmanager
def fetch_under_way(endpoint: Endpoint, action: Callable[[], object]) -> Iterator[threading.Thread]:
    """A thread whose fetch has reached the endpoint, which answers when the block ends."""
    before = len(endpoint.requests)
    endpoint.gate.clear()
    thread = threading.Thread(target=action)
    thread.start()
    try:
        while len(endpoint.requests) == before and thread.is_alive():
            time.sleep(0.005)
        yield thread
    finally:
        endpoint.gate.set()
        thread.join()


def test_many_threads_cause_one_fetch(keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey) -> None:
    """Everyone waits for the first."""
    endpoint.gate.clear()
    threading.Timer(0.2, endpoint.gate.set).start()
    assert asked_by_threads(32, lambda: chosen(keys, key.kid)) == [key.kid] * 32
    assert len(endpoint.requests) == keys.fetches == 1


@pytest.mark.slow
@pytest.mark.parametrize("warm", [False, True], ids=["cold cache", "warm cache"])
def test_a_thousand_threads_with_an_unknown_kid_cause_one_fetch(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock, warm: bool
) -> None:
    """The issuer has rotated, and a thousand verifications meet the new key at once."""
    if warm:
        chosen(keys, key.kid)
        clock.advance(seconds=30)
        endpoint.requests.clear()
    endpoint.serve(key.public_jwk, other_key.public_jwk)
    verifier = Verifier(issuer="https://i/", audience="a", keys=keys, clock=clock)
    token = sign({"iss": "https://i/", "sub": "s", "aud": "a", "iat": NOW, "exp": NOW + 600}, other_key, alg="RS256")
    assert asked_by_threads(1000, lambda: str(verifier.verify(token)["sub"])) == ["s"] * 1000
    assert len(endpoint.requests) == 1


@pytest.mark.slow
def test_a_thousand_threads_with_a_made_up_kid_cause_one_fetch(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """An attacker's kids cost the issuer no more than a rotation does; the rest of them is counted as refused."""
    chosen(keys, key.kid)
    clock.advance(seconds=30)
    assert asked_by_threads(1000, lambda: chosen(keys, "made-up")) == ["unknown_kid"] * 1000
    assert len(endpoint.requests) == keys.fetches == 2
    assert chosen(keys, "made-up") == "unknown_kid" and keys.refused_refetches >= 1


def test_while_one_thread_fetches_the_others_are_served(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """A slow answer to an unknown kid holds up nobody whose key is known."""
    chosen(keys, key.kid)
    clock.advance(seconds=30)
    with fetch_under_way(endpoint, lambda: chosen(keys, "unknown")) as fetching:
        assert chosen(keys, key.kid) == key.kid and fetching.is_alive()


def test_while_one_thread_refreshes_the_others_use_the_old_keys(
    endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """A set that may serve while the endpoint is down may serve while it is slow."""
    keys = RemoteKeySet(endpoint.url, clock=clock, timeout=1)
    chosen(keys, key.kid)
    clock.advance(seconds=600)
    with fetch_under_way(endpoint, lambda: chosen(keys, key.kid)) as fetching:
        assert asked_by_threads(8, lambda: chosen(keys, key.kid)) == [key.kid] * 8
        assert fetching.is_alive() and keys.fetches == 2 and keys.hits == 8


@pytest.mark.parametrize("lifetime", [600, 10])
def test_while_one_thread_refreshes_a_new_key_is_waited_for(
    endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock, lifetime: int
) -> None:
    """The old keys do not say that there is none; the fetch that is under way will, cooldown or not."""
    keys = RemoteKeySet(endpoint.url, clock=clock, lifetime=lifetime)
    chosen(keys, key.kid)
    endpoint.serve(key.public_jwk, other_key.public_jwk)
    clock.advance(seconds=lifetime)
    found: list[str] = []
    with fetch_under_way(endpoint, lambda: chosen(keys, key.kid)):
        waiting = threading.Thread(target=lambda: found.append(chosen(keys, other_key.kid)))
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
    waiting.join()
    assert found == [other_key.kid] and keys.fetches == 2


def test_keys_that_may_not_serve_any_longer_are_not_used_during_a_fetch(
    endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """Whoever wants the issuer's word fresh waits for it: the key is revoked meanwhile."""
    keys = RemoteKeySet(endpoint.url, clock=clock, stale_if_error=0)
    chosen(keys, key.kid)
    endpoint.serve(other_key.public_jwk)
    clock.advance(seconds=600)
    found: list[str] = []
    with fetch_under_way(endpoint, lambda: chosen(keys, key.kid)):
        waiting = threading.Thread(target=lambda: found.append(chosen(keys, key.kid)))
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
    waiting.join()
    assert found == ["unknown_kid"] and keys.fetches == 2


_FORKS = """
import os, signal, sys, threading
import httpx
from authkit import RemoteKeySet
keys = RemoteKeySet(sys.argv[1])
threading.Thread(target=keys.select, args=("a", "RS256")).start()
sys.stdin.readline()
if child := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
signal.alarm(5)
keys.select("a", "RS256")
os._exit(7)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_forked_during_a_fetch_fetches_for_itself(endpoint: Endpoint) -> None:
    """The thread that its parent waits for is not there."""
    endpoint.gate.clear()
    with subprocess.Popen([sys.executable, "-c", _FORKS, endpoint.url], stdin=subprocess.PIPE) as parent:
        for fetches in (1, 2):
            until = time.monotonic() + 5
            while len(endpoint.requests) < fetches and time.monotonic() < until:
                time.sleep(0.005)
            if fetches == 1 and parent.stdin:
                parent.stdin.write(b"fork\n")
                parent.stdin.flush()
        endpoint.gate.set()
    assert len(endpoint.requests) == 2 and parent.returncode == 7


# While the endpoint is down


@pytest.mark.parametrize("how", ["stopped", "status 500", "no JSON", "no JWKS"])
def test_cached_keys_go_on_serving_while_the_endpoint_is_down(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock, how: str
) -> None:
    """An outage of the issuer is no outage of every API; an error page is an outage, whatever its form."""
    chosen(keys, key.kid)
    if how == "stopped":
        endpoint.stop()
    endpoint.status = 500 if how == "status 500" else 200
    endpoint.body = {"no JSON": b"<html>", "no JWKS": b'{"error":"down"}'}.get(how, endpoint.body)
    clock.advance(seconds=600)
    assert chosen(keys, key.kid) == key.kid and keys.fetches == 2


def test_an_endpoint_that_is_down_is_asked_again_after_the_cooldown(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """Not by every token: each would wait for the timeout."""
    chosen(keys, key.kid)
    endpoint.status = 500
    clock.advance(seconds=600)
    assert {chosen(keys, key.kid) for _ in range(10)} == {key.kid} and keys.fetches == 2
    clock.advance(seconds=30)
    assert {chosen(keys, key.kid) for _ in range(10)} == {key.kid} and keys.fetches == 3


@pytest.mark.parametrize("kid", ["known", "unknown"])
def test_the_cooldown_begins_when_the_fetch_has_ended(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock, kid: str
) -> None:
    """A fetch that took longer than the cooldown would cause the next at once, and every look-up would wait for it."""
    chosen(keys, key.kid)
    endpoint.status = 500 if kid == "known" else 200
    clock.advance(seconds=600)
    with fetch_under_way(endpoint, lambda: chosen(keys, key.kid)):
        clock.advance(seconds=40)
    clock.advance(seconds=29)
    chosen(keys, key.kid if kid == "known" else kid)
    assert keys.fetches == 2


def test_a_stale_set_serves_for_a_day_and_no_longer(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """Whoever can keep the endpoint from answering must not keep a revoked key alive for good."""
    chosen(keys, key.kid)
    endpoint.status = 500
    clock.advance(seconds=600 + 86400 - 1)
    assert chosen(keys, key.kid) == key.kid
    clock.advance(seconds=1)
    assert unavailable(keys, key.kid) == "jwks_unavailable"
    endpoint.status = 200
    assert chosen(keys, key.kid) == key.kid


def test_how_long_a_stale_set_serves_can_be_said(endpoint: Endpoint, key: SigningKey, clock: SteerableClock) -> None:
    """Not at all, if the issuer's word must always be fresh."""
    keys = RemoteKeySet(endpoint.url, clock=clock, stale_if_error=0)
    chosen(keys, key.kid)
    endpoint.status = 500
    clock.advance(seconds=600)
    assert unavailable(keys, key.kid) == "jwks_unavailable"


def test_an_unknown_kid_is_undecided_while_the_endpoint_is_down(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """The issuer may have rotated, and nobody can ask: within the cooldown too, where nobody does."""
    chosen(keys, key.kid)
    endpoint.serve(key.public_jwk, other_key.public_jwk)
    endpoint.status = 500
    clock.advance(seconds=30)
    assert [unavailable(keys) for _ in range(3)] == ["jwks_unavailable"] * 3
    assert keys.fetches == 2 and keys.refused_refetches == 2
    assert chosen(keys, key.kid) == key.kid
    endpoint.status = 200
    clock.advance(seconds=30)
    assert chosen(keys, other_key.kid) == other_key.kid


def test_threads_share_a_failure_too(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """Thirty-two threads wait for one timeout, not for thirty-two in a row."""
    endpoint.status = 500
    endpoint.gate.clear()
    threading.Timer(0.2, endpoint.gate.set).start()
    assert set(asked_by_threads(32, lambda: unavailable(keys))) == {"jwks_unavailable"}
    assert len(endpoint.requests) == 1


def test_a_revoked_key_goes_with_the_fetch_for_another(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """Whatever a fetch was for, what it shows counts for every key at once."""
    assert chosen(keys, key.kid) == key.kid
    endpoint.serve(other_key.public_jwk)
    clock.advance(seconds=30)
    assert chosen(keys, other_key.kid) == other_key.kid
    assert chosen(keys, key.kid) == "unknown_kid" and len(endpoint.requests) == 2


def test_a_revoked_key_does_not_come_back_with_an_outage(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, other_key: SigningKey, clock: SteerableClock
) -> None:
    """What serves while the endpoint is down is the last set it gave, never an older one."""
    chosen(keys, key.kid)
    endpoint.serve(other_key.public_jwk)
    clock.advance(seconds=600)
    assert chosen(keys, other_key.kid) == other_key.kid
    endpoint.stop()
    clock.advance(seconds=600)
    assert chosen(keys, other_key.kid) == other_key.kid
    with pytest.raises(KeySetError):
        keys.select(key.kid, "RS256")


def leaked(key: SigningKey) -> dict[str, Any]:
    return {**key.public_jwk, "d": "AQAB"}


@pytest.mark.parametrize(
    "served", [leaked, lambda key: {"kty": "EC", "kid": "e"}], ids=["private key", "no usable key"]
)
def test_a_set_that_is_refused_ends_the_one_before(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock, served: Any
) -> None:
    """The issuer has answered: its old keys are not what it says now."""
    assert chosen(keys, key.kid) == key.kid
    endpoint.serve(served(key))
    clock.advance(seconds=600)
    for _ in range(2):
        with pytest.raises(KeySetError) as caught:
            keys.select(key.kid, "RS256")
        assert caught.value.code in ("key_set.private_key", "key_set.no_usable_key")
    endpoint.serve(key.public_jwk)
    assert chosen(keys, key.kid) == key.kid


def test_an_issuer_without_keys_is_believed(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """An empty set is an answer: every key is gone."""
    chosen(keys, key.kid)
    endpoint.serve()
    clock.advance(seconds=600)
    assert chosen(keys, key.kid) == "unknown_kid"


def test_hits_count_found_keys_alone(keys: RemoteKeySet, key: SigningKey) -> None:
    """An unknown kid is no hit."""
    for kid in (key.kid, key.kid, "unknown", None):
        chosen(keys, kid)
    assert (keys.fetches, keys.hits, keys.refused_refetches) == (1, 2, 1)


# What the endpoint may answer


def test_an_endpoint_that_is_down_is_jwks_unavailable(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """Nobody listens there."""
    endpoint.stop()
    assert unavailable(keys) == "jwks_unavailable"


def test_it_comes_back_with_the_endpoint(keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey) -> None:
    """One failure is not remembered as an answer."""
    endpoint.status = 500
    assert unavailable(keys) == "jwks_unavailable"
    endpoint.status = 200
    assert chosen(keys, key.kid) == key.kid


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 500, 503])
def test_only_200_is_an_answer(keys: RemoteKeySet, endpoint: Endpoint, status: int) -> None:
    """Whatever the body says."""
    endpoint.status = status
    assert unavailable(keys) == "jwks_unavailable"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(keys: RemoteKeySet, endpoint: Endpoint, status: int) -> None:
    """Keys come from the address that is trusted, and from no other."""
    endpoint.status, endpoint.headers = status, {"Location": f"{endpoint.url}?moved"}
    assert unavailable(keys) == "jwks_unavailable" and endpoint.requests == ["/jwks.json"]


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff", b'{"keys":[],"keys":[]}', b'{"keys":NaN}', b"[" * 100, b"null", b"[]", b'{"a":1e999}'],
)
def test_what_is_no_strict_json_object_is_unavailable(keys: RemoteKeySet, endpoint: Endpoint, body: bytes) -> None:
    """The same strict parser as for tokens."""
    endpoint.body = body
    assert unavailable(keys) == "jwks_unavailable"


def test_too_large_an_answer_is_not_read(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """256 KiB hold some thousand keys."""
    endpoint.body = b'{"keys":[]' + b" " * MAX_BYTES + b"}"
    assert unavailable(keys) == "jwks_unavailable"


def test_a_compressed_answer_is_not_unpacked(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """It was not asked for, and a few bytes may hold gigabytes."""
    endpoint.body, endpoint.headers = zlib.compress(endpoint.body), {"Content-Encoding": "deflate"}
    assert unavailable(keys) == "jwks_unavailable"
    assert "compressed" in str(keys._known.failure)


@pytest.mark.parametrize("coding", ["identity", "Identity", " IDENTITY ", "", "identity, Identity"])
def test_an_answer_may_say_that_it_is_not_compressed(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, coding: str
) -> None:
    """Names of codings are case-insensitive (RFC 9110 §8.4.1), and an empty list names none."""
    endpoint.headers = {"Content-Encoding": coding}
    assert chosen(keys, key.kid) == key.kid


@pytest.mark.parametrize("coding", ["gzip", "identity, br", "x"])
def test_any_other_coding_is_refused(keys: RemoteKeySet, endpoint: Endpoint, coding: str) -> None:
    """Wherever it stands in the list."""
    endpoint.headers = {"Content-Encoding": coding}
    assert unavailable(keys) == "jwks_unavailable"


def test_json_that_is_no_jwks_is_the_key_sets_error(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """Its own code, still no fault of the token; the address is named, since a wrong path is the usual cause."""
    endpoint.body = b'{"error":"not_found"}'
    with pytest.raises(KeySetError) as caught:
        keys.select("a", "RS256")
    assert caught.value.code == "key_set.not_a_jwks" and endpoint.url in str(caught.value)


def test_a_shared_secret_from_a_url_is_refused(keys: RemoteKeySet, endpoint: Endpoint) -> None:
    """Whoever can read the address could sign."""
    endpoint.serve({"kty": "oct", "kid": "a", "k": encode_segment(b"x" * 32)})
    assert unavailable(keys) == "key_set.secret_from_url"


def test_the_public_key_of_a_url_never_verifies_hs256(
    keys: RemoteKeySet, key: SigningKey, clock: SteerableClock
) -> None:
    """Key confusion fails over HTTP too."""
    verifier = Verifier(issuer="https://i/", audience="a", keys=keys, algorithms=["RS256", "HS256"], clock=clock)
    header = encode_segment(json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}).encode())
    signing_input = f"{header}.e30"
    mac = hmac.digest(key.public_pem.encode(), signing_input.encode(), "sha256")
    decisive = verifier.explain(f"{signing_input}.{encode_segment(mac)}").decisive
    assert decisive is not None and decisive.code == "key.wrong_kind"


@pytest.mark.parametrize(
    "uri",
    [
        "http://issuer.example/jwks.json",
        "http://127.0.0.1.attacker.example/",
        "http://127.0.0.1@attacker.example/",
        "http://localhost.attacker.example/",
        "http://0.0.0.0/",
        "http://10.0.0.1/",
        "http://127.1/",
        "https://user@issuer.example/",
        "https://user:password@issuer.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "jwks.json",
        "//issuer.example/",
        "https://",
        "https:///jwks.json",
        "https://[::1",
        "",
        None,
        5,
        b"https://issuer.example/",
        ["https://issuer.example/"],
    ],
)
def test_an_address_that_keys_are_not_trusted_from_is_refused(uri: Any) -> None:
    """https, or http on loopback; no user name, no other scheme."""
    with pytest.raises(ConfigurationError) as caught:
        RemoteKeySet(uri)
    assert caught.value.code == "jwks_uri.not_trusted"


@pytest.mark.parametrize("argument", ["lifetime", "cooldown", "stale_if_error", "timeout"])
@pytest.mark.parametrize("value", [-1, 86401, float("nan"), float("inf"), "600", None, True, 10**5000, []], ids=type)
def test_a_span_of_time_that_is_none_is_refused(argument: str, value: Any) -> None:
    """A cache that never ends would keep a revoked key for good."""
    with pytest.raises(ConfigurationError) as caught:
        RemoteKeySet("https://issuer.example/jwks.json", **{argument: value})
    assert caught.value.code == f"jwks.{argument}"


def test_what_tells_no_time_is_no_clock() -> None:
    """Said when the set is made, not when the first token comes."""
    with pytest.raises(ConfigurationError) as caught:
        RemoteKeySet("https://issuer.example/jwks.json", clock=5)  # type: ignore[arg-type]
    assert caught.value.code == "jwks.clock"


@pytest.mark.parametrize(
    "uri", ["https://issuer.example/jwks.json", "http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"]
)
def test_https_and_loopback_are_taken(uri: str) -> None:
    """Nothing is fetched for it."""
    assert RemoteKeySet(uri).fetches == 0


@pytest.mark.parametrize(
    "uri", ["https://a b/", "https://h:99999/", "https://h:x/", "https://a..b/", "https://xn--/", "https://h/\ud800"]
)
def test_an_address_that_is_none_is_unavailable(uri: str) -> None:
    """Whatever the client library makes of it, it stays the key set's error."""
    assert unavailable(RemoteKeySet(uri, timeout=0.1)) == "jwks_unavailable"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "nonsense://x"),
        ("HTTPS_PROXY", "http://["),
        ("ALL_PROXY", "socks5://127.0.0.1:1"),
        ("SSL_CERT_FILE", "/nowhere.pem"),
    ],
)
def test_a_broken_environment_is_unavailable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """It stays the key set's error, and no fault of a token."""
    monkeypatch.setenv(name, value)
    assert unavailable(RemoteKeySet("https://issuer.invalid/jwks.json", timeout=0.1)) == "jwks_unavailable"


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    keys: RemoteKeySet, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is meant for this machine stays on it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert chosen(keys, key.kid) == key.kid


def test_it_tells_its_counters_and_its_last_failure(
    keys: RemoteKeySet, endpoint: Endpoint, key: SigningKey, clock: SteerableClock
) -> None:
    """A lesson shows what the cache did, in a terminal and in a notebook."""
    for shown in (repr(keys), keys._repr_html_()):
        assert "not fetched yet" in shown
    chosen(keys, key.kid)
    assert "1 key, fetches=1, hits=0, refused_refetches=0" in repr(keys)
    assert "1 key" in keys._repr_html_() and "failed" not in keys._repr_html_()
    endpoint.status = 500
    clock.advance(seconds=600)
    chosen(keys, key.kid)
    assert "1 key, last fetch failed: jwks_unavailable, fetches=2" in repr(keys)
    assert "answered with status 500" in keys._repr_html_()
    clock.advance(days=2)
    unavailable(keys)
    assert ", no keys, last fetch failed" in repr(keys)


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff" * 9, b"x" * (1 << 20) + b"x"])
def test_a_file_without_a_certificate_is_refused_at_once(tmp_path: Path, content: bytes | None) -> None:
    """Before anything is fetched, with its name; a file that is not there likewise."""
    file = tmp_path / "certificate.pem"
    if content is not None:
        file.write_bytes(content)
    for given in (file, str(file)):
        with pytest.raises(ConfigurationError) as caught:
            RemoteKeySet("https://issuer.example/jwks.json", ca_file=given)
        assert caught.value.code == "jwks.ca_file" and "certificate.pem" in caught.value.message


@pytest.mark.parametrize("wrong", [0, 1, True, b"certificate.pem", "\0", "", "."], ids=repr)
def test_a_ca_file_is_the_name_of_a_file(wrong: Any) -> None:
    """A number is none: it would be a file that someone else has open."""
    with pytest.raises(ConfigurationError) as caught:
        RemoteKeySet("https://issuer.example/jwks.json", ca_file=wrong)
    assert caught.value.code == "jwks.ca_file"


def test_the_usual_authorities_are_trusted_besides(tmp_path: Path, key: SigningKey) -> None:
    """A file adds to them and replaces none."""
    file = tmp_path / "certificate.pem"
    file.write_text(f"# of the tenant – with a comment\n{key.certificate}")
    usual = JwksEndpoint("https://issuer.example/jwks.json", timeout=1)._trusted()
    more = JwksEndpoint("https://issuer.example/jwks.json", timeout=1, ca_file=file)._trusted()
    for context in (usual, more):
        assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    assert more.cert_store_stats()["x509"] == usual.cert_store_stats()["x509"] + 1 > 50


@pytest.mark.parametrize("uri", ["https://me:hunter2@issuer.example/jwks", "http://:hunter2@127.0.0.1/jwks"])
def test_a_password_in_an_address_is_refused_and_not_repeated(uri: str) -> None:
    """An error is shown, copied and saved."""
    with pytest.raises(ConfigurationError) as caught:
        RemoteKeySet(uri)
    assert caught.value.code == "jwks_uri.not_trusted" and "hunter2" not in str(caught.value)
