"""How often many threads have a JWKS fetched when they all meet the same unknown `kid` at once."""

import threading

from authkit import RemoteKeySet, SteerableClock, TokenRejected, Verifier
from tests.benchmarks.endpoint import serving
from tests.benchmarks.workload import AUDIENCE, ISSUER, Workload, write_token

COOLDOWN = 30


def fetches_for(threads: int, work: Workload) -> int:
    """Fetches that reach a real HTTP server, the set being cached and the cooldown over.

    Raises:
        RuntimeError: A thread met something other than a refusal, or could not be started.
    """
    clock = SteerableClock()
    stranger = write_token(work.key, {**work.header, "kid": "a-key-that-nobody-published"}, work.payload)
    with serving(work.jwks) as endpoint:
        keys = RemoteKeySet(endpoint.url, clock=clock, cooldown=COOLDOWN)
        verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=clock)
        _refusal(verifier, stranger)
        clock.advance(seconds=COOLDOWN)
        before = endpoint.fetches
        start, refusals = threading.Event(), []

        def ask() -> None:
            start.wait()
            refusals.append(_refusal(verifier, stranger))

        crowd = [threading.Thread(target=ask, daemon=True) for _ in range(threads)]
        try:
            for thread in crowd:
                thread.start()
        finally:
            start.set()
        for thread in crowd:
            thread.join()
        if refusals != ["key.unknown_kid"] * threads:
            raise RuntimeError(f"the threads met {sorted(set(refusals))}")
        return endpoint.fetches - before


def _refusal(verifier: Verifier, token: str) -> str:
    try:
        verifier.verify(token)
    except TokenRejected as rejected:
        return rejected.code
    except Exception as error:
        return type(error).__name__
    return "accepted"
