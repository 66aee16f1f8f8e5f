"""Showing mutations to verifiers, and keeping count of what became of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, Protocol

import authkit
from authkit import TokenRejected
from authkit.jose.checks import CHECKS
from tests.benchmarks import header_mutations, payload_mutations, text_mutations
from tests.benchmarks.mutation import Attempt, Kind
from tests.benchmarks.stock import Stock, stock

KINDS: tuple[Kind, ...] = text_mutations.KINDS + header_mutations.KINDS + payload_mutations.KINDS
CHUNK = 500
EVERY = 10
"""One token in so many is also explained and decoded."""
READING = frozenset(check.name for check in CHECKS if check.reads)


class Verifying(Protocol):
    """Whatever can be attacked."""

    def verify(self, token: Any, /) -> object:
        """The claims, or `TokenRejected`."""
        ...


class Finding(NamedTuple):
    """A token that should have been refused, and what happened instead."""

    kind: str
    what: str
    verifier: str
    token: str


@dataclass
class Tally:
    """What became of the tokens of one kind."""

    tokens: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    raised: int = 0
    disagreed: int = 0
    nanoseconds: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take another count of the same kind into this one."""
        self.tokens += other.tokens
        self.codes += other.codes
        self.accepted += other.accepted
        self.raised += other.raised
        self.disagreed += other.disagreed
        self.nanoseconds += other.nanoseconds
        self.findings += other.findings[: max(0, 10 - len(self.findings))]


class Chunk(NamedTuple):
    """A part of the work: so many tokens of one kind, drawn from a seed of their own."""

    kind: int
    number: int
    tokens: int
    seed: int


def chunks(tokens: int, seed: int) -> Iterator[Chunk]:
    """The whole work in parts that do not depend on who does them."""
    total = sum(kind.weight for kind in KINDS)
    shares = [max(1, int(tokens * kind.weight / total)) for kind in KINDS]
    shares[0] += max(0, tokens - sum(shares))
    for kind, share in enumerate(shares):
        for number, start in enumerate(range(0, share, CHUNK)):
            yield Chunk(kind, number, min(CHUNK, share - start), seed)


def attack(chunk: Chunk, verifiers: Mapping[str, Verifying] | None = None) -> Tally:
    """Draw the tokens of a chunk and show each to its verifier: authkit's own, unless others are given."""
    shared = stock()
    kind = KINDS[chunk.kind]
    rng = Random(f"{chunk.seed}/{kind.name}/{chunk.number}")
    start = time.thread_time_ns()
    tally = judge(kind.name, _draw(kind.make, shared, rng, chunk.tokens), verifiers or shared.verifiers)
    tally.nanoseconds = time.thread_time_ns() - start
    return tally


def _draw(make: Callable[[Stock, Random], Attempt], shared: Stock, rng: Random, count: int) -> Iterator[Attempt]:
    drawn = 0
    while drawn < count:
        attempt = make(shared, rng)
        # What gives back the good token is no mutation.
        if not (isinstance(attempt.token, str) and attempt.token in shared.good[attempt.verifier]):
            drawn += 1
            yield attempt


def judge(kind: str, attempts: Iterator[Attempt], verifiers: Mapping[str, Verifying]) -> Tally:
    """Count acceptances, refusals and whatever else a verifier comes up with. All of them should be refusals."""
    tally = Tally()
    for name, token in attempts:
        tally.tokens += 1
        verifier = verifiers[name]
        what = code = ""
        try:
            verifier.verify(token)
        except TokenRejected as rejected:
            code = rejected.code
            tally.codes[code] += 1
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a panic in compiled code is no Exception
            tally.raised += 1
            what = f"raised {type(error).__name__}: {error}"
        else:
            tally.accepted += 1
            what = "accepted"
        if code and tally.tokens % EVERY == 1:
            what = _disagreement(verifier, token, code)
            tally.disagreed += bool(what)
        if what and len(tally.findings) < 10:
            tally.findings.append(Finding(kind, what, name, repr(token)))
    return tally


def _disagreement(verifier: Verifying, token: Any, code: str) -> str:
    """What `explain` and `decode` say that does not fit this refusal; empty if all agree."""
    if isinstance(verifier, authkit.Verifier):
        try:
            verdict = verifier.explain(token)
        except Exception as error:
            return f"verify refuses with {code}, explain raised {type(error).__name__}: {error}"
        decisive = verdict.decisive.code if verdict.decisive else "nothing"
        if verdict.outcome != "refused" or verdict.claims is not None or decisive != code:
            return f"verify refuses with {code}, explain says {verdict.outcome}, {decisive}"
    try:
        authkit.decode(token)
        readable = ""
    except TokenRejected as unreadable:
        readable = unreadable.code
    except Exception as error:
        return f"verify refuses with {code}, decode raised {type(error).__name__}: {error}"
    expected = code if code.partition(".")[0] in READING else ""
    return "" if readable == expected else f"verify refuses with {code}, decode says {readable or 'readable'}"
