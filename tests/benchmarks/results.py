"""What one run found, and the targets it is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.benchmarks.peers import PEERS
from tests.benchmarks.token_endpoint import BARE, OURS

THREADS = 1000
LIBRARIES = frozenset(peer.name for peer in PEERS if peer.stands_for == "library")


@dataclass(kw_only=True)
class Results:
    """The figures of one run.

    Attributes:
        versions: What was compared, by name of the package.
        rounds: How many turns everyone had.
        rows: Nanoseconds of CPU time per call, 10th percentile: row, then contestant.
        server: Nanoseconds of the server's CPU time for a token over HTTP, 10th percentile, by server.
        programs: Nanoseconds of CPU time of a whole process, 10th percentile, by program.
        fetches: How often `THREADS` threads with an unknown `kid` had the JWKS fetched; None if not measured.
        remarks: What was left out, and why, a sentence each.
    """

    versions: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    rows: dict[str, dict[str, float]] = field(default_factory=dict)
    server: dict[str, float] = field(default_factory=dict)
    programs: dict[str, float] = field(default_factory=dict)
    fetches: int | None = None
    remarks: list[str] = field(default_factory=list)

    def ratio(self, row: str, to: str, of: str = "authkit") -> float | None:
        """How many times as long `of` takes as `to`; None if one of them was not measured."""
        return _ratio(self.rows.get(row, {}), of, to)

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {
            "versions": self.versions,
            "rounds": self.rounds,
            "rows": {
                row: {
                    name: {
                        "nanoseconds": nanoseconds,
                        "to_raw": self.ratio(row, "raw cryptography", name),
                        "to_pyjwt": self.ratio(row, "PyJWT, key object", name),
                    }
                    for name, nanoseconds in times.items()
                }
                for row, times in self.rows.items()
            },
            "server": {
                name: {"nanoseconds": nanoseconds, "to_bare": _ratio(self.server, name, BARE)}
                for name, nanoseconds in self.server.items()
            },
            "programs": {
                name: {"nanoseconds": nanoseconds, "to_import_jwt": _ratio(self.programs, name, "import jwt")}
                for name, nanoseconds in self.programs.items()
            },
            "fetches": self.fetches,
            "targets": [
                {"number": target.number, "what": target.what, "limit": target.limit, **target.judge(self)._asdict()}
                for target in TARGETS
            ],
            "remarks": self.remarks,
        }


class Judgement(NamedTuple):
    """How a target came out.

    Attributes:
        value: What was measured; None if it was not.
        against: What it was measured against.
        outcome: `met`, `not met` or `not measured`.
    """

    value: float | None
    against: str
    outcome: str


class Target(NamedTuple):
    """One thing that authkit promises of itself.

    Attributes:
        number: Its number in the list of targets.
        what: What is measured.
        limit: The largest value that meets it.
        find: The value, and what it is measured against.
        below: Whether the limit itself is already too much.
        form: How its values are written.
    """

    number: int
    what: str
    limit: float
    find: Callable[[Results], tuple[float | None, str]]
    below: bool = False
    form: str = ".2f"

    def judge(self, results: Results) -> Judgement:
        """Whether these results meet it."""
        value, against = self.find(results)
        if value is None:
            return Judgement(None, against, "not measured")
        met = value < self.limit if self.below else value <= self.limit
        return Judgement(value, against, "met" if met else "not met")


def _against(row: str, to: str, of: str = "authkit") -> Callable[[Results], tuple[float | None, str]]:
    return lambda results: (results.ratio(row, to, of), to)


def _fastest_library(row: str) -> Callable[[Results], tuple[float | None, str]]:
    def find(results: Results) -> tuple[float | None, str]:
        times = {name: taken for name, taken in results.rows.get(row, {}).items() if name in LIBRARIES}
        fastest = min(times, key=times.__getitem__, default="the fastest library")
        return results.ratio(row, fastest), fastest

    return find


def _program(name: str) -> Callable[[Results], tuple[float | None, str]]:
    return lambda results: (_ratio(results.programs, name, "import jwt"), "import jwt")


def _ratio(times: Mapping[str, float], of: str, to: str) -> float | None:
    return times[of] / times[to] if of in times and to in times else None


TARGETS = (
    Target(1, "RS256 verify", 2.5, _against("RS256 verify", "raw cryptography")),
    Target(1, "RS256 verify", 0.40, _against("RS256 verify", "PyJWT, PyJWKClient")),
    Target(1, "RS256 verify, ahead of every library", 1, _fastest_library("RS256 verify"), below=True),
    Target(2, "HS256 verify", 0.45, _against("HS256 verify", "PyJWT, key object")),
    Target(2, "RS256 sign", 1.10, _against("RS256 sign", "raw cryptography")),
    Target(2, "HS256 sign, ahead of every library", 1, _fastest_library("HS256 sign"), below=True),
    Target(3, "token endpoint, server CPU", 1.35, lambda found: (_ratio(found.server, OURS, BARE), BARE)),
    Target(4, "import authkit", 1.15, _program("import authkit")),
    Target(4, "import authkit; authkit.Tenant", 2.1, _program("import authkit; authkit.Tenant")),
    Target(5, f"fetches, {THREADS:,} threads, unknown kid", 1, lambda found: (found.fetches, "(a count)"), form=".0f"),
    Target(6, "RS256 explain", 3, _against("RS256 verify", "authkit", "authkit explain")),
    Target(6, "HS256 explain", 3, _against("HS256 verify", "authkit", "authkit explain")),
)
"""The targets that a run of this benchmark can judge."""
