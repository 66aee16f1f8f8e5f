"""The benchmarks measure what they say, and the attack notices what gets through. Nothing here is timed."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from authkit import Verifier
from authkit.attacks import DecodesOnly
from tests.benchmarks import compare, judging, mutate
from tests.benchmarks.endpoint import serving
from tests.benchmarks.fetches import fetches_for
from tests.benchmarks.fitness import unfit_signer, unfit_verifier
from tests.benchmarks.measure import can_time_processes, interleaved, low, processes
from tests.benchmarks.peers import PEERS, Authkit, Peer, Verify, installed
from tests.benchmarks.report import console
from tests.benchmarks.results import TARGETS, Results
from tests.benchmarks.stock import broken_stock, stock
from tests.benchmarks.token_endpoint import BARE, OURS, tokens_over_http
from tests.benchmarks.workload import LENGTH, Workload, workload

FOLDER = Path(__file__).resolve().parent
work = cache(workload)


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, FOLDER / program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def peers() -> Iterator[Any]:
    for peer in PEERS:
        skip = pytest.mark.skipif(not installed(peer), reason=f"{peer.package} comes with the extra bench")
        yield pytest.param(peer, id=peer.name, marks=skip)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the public keys of the workloads are served."""
    with serving(work("RS256").jwks) as endpoint:
        yield endpoint.url


class Lax(Peer):
    """Believes everything."""

    name = "lax"

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        return lambda token: token


# compare.py


@pytest.mark.parametrize("alg", ["RS256", "HS256", "PS256"])
@pytest.mark.parametrize("peer", [*peers()])
def test_every_library_accepts_the_good_token_and_refuses_the_others(peer: Peer, alg: str, url: str) -> None:
    """A changed signature, another issuer, another audience, an expiry that has passed; and what it signs is good."""
    jwks_uri = {"RS256": url, "PS256": "", "HS256": ""}[alg]
    verify, sign = peer.verifier(work(alg), jwks_uri), peer.signer(work(alg))
    assert verify is None or unfit_verifier(peer, verify, work(alg)) == ""
    assert sign is None or unfit_signer(peer, sign, Authkit().verifier(work(alg), ""), work(alg)) == ""


def test_a_library_that_verifies_nothing_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence says so instead."""
    remarks: list[str] = []
    monkeypatch.setattr(compare, "PEERS", (Authkit(), Lax()))
    monkeypatch.setattr(compare, "installed", lambda peer: True)
    assert [name for _, name in compare.contestants(work("HS256"), "", remarks)] == ["authkit", "authkit"]
    assert remarks == ["lax accepts HS256 tokens with a changed signature, so it is not measured."]


def test_missing_libraries_are_named_with_what_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence."""
    monkeypatch.setattr(compare, "installed", lambda peer: peer.name not in ("joserfc", "jwcrypto"))
    [sentence] = compare.missing()
    assert "joserfc, jwcrypto" in sentence and 'pip install -e ".[bench]"' in sentence


@pytest.mark.parametrize("alg", ["RS256", "HS256", "PS256"])
def test_all_tokens_have_the_same_length(alg: str) -> None:
    """So that rows can be compared: parsing costs by the character."""
    assert LENGTH - 2 <= len(work(alg).token) <= LENGTH


def test_everyone_has_a_turn_in_each_round() -> None:
    """Called, counted, and given a time."""
    calls = {"a": 0, "b": 0}
    rounds = []

    def called(name: str) -> None:
        calls[name] += 1

    times = interleaved(
        {name: lambda name=name: called(name) for name in calls},  # type: ignore[misc]
        rounds=3,
        rng=random.Random(0),
        after_round=lambda: rounds.append(dict(calls)),
    )
    assert len(rounds) == 3 and times.keys() == calls.keys() and all(times.values())
    assert all(rounds[number][name] < rounds[number + 1][name] for number in (0, 1) for name in calls)


def test_the_low_value_is_the_tenth_percentile() -> None:
    """Neither the lowest, which may be luck, nor the mean, which is other people's work."""
    assert low([*range(100, 0, -1)]) == 11 and low([5, 3, 4]) == 3


@pytest.mark.skipif(not can_time_processes(), reason="this system does not tell a child's CPU time")
def test_a_process_is_timed_as_a_whole() -> None:
    """Starting Python costs something."""
    assert processes(["pass"], rounds=1, rng=random.Random(0), after_round=lambda: None)["pass"] > 0


@pytest.mark.slow
def test_servers_tell_what_a_token_costs_them() -> None:
    """Both of them, for the same work; each round is counted."""
    rounds: list[None] = []
    cost = tokens_over_http(rounds=2, rng=random.Random(0), after_round=lambda: rounds.append(None))
    assert [*cost] == [OURS, BARE] and len(rounds) == 2
    assert cost[BARE] > 0.5 * low([sign_once() for _ in range(20)])  # it does sign


def sign_once() -> float:
    sign = Authkit().signer(work("RS256"))
    start = time.thread_time_ns()
    sign()
    return time.thread_time_ns() - start


def test_many_threads_cause_one_fetch() -> None:
    """Over real HTTP; the benchmark does it with a thousand."""
    assert fetches_for(50, work("RS256")) == 1


def test_a_target_is_met_not_met_or_not_measured() -> None:
    """In words; a limit that must be stayed below is not met by the limit."""
    explain = TARGETS[-2]
    results = [Results(rows={"RS256 verify": {"authkit": 1.0, "authkit explain": x}}) for x in (3.0, 3.1)]
    assert [explain.judge(each).outcome for each in (*results, Results())] == ["met", "not met", "not measured"]
    ahead = TARGETS[2]
    assert ahead.judge(Results(rows={"RS256 verify": {"authkit": 2.0, "joserfc": 2.0}}))[1:] == ("joserfc", "not met")


def test_compare_shows_tables_and_writes_figures(tmp_path: Path) -> None:
    """The whole program, with as few rounds as it can do."""
    figures, chart = tmp_path / "figures.json", tmp_path / "chart.png"
    result = run("compare.py", "--quick", "--rounds", "1", "--imports", "0", "--json", figures, "--chart", chart)
    assert result.returncode == 0, result.stderr
    assert "Targets" in result.stdout and "× raw" in result.stdout
    written = json.loads(figures.read_text(encoding="utf-8"))
    assert {"versions", "rounds", "rows", "server", "programs", "fetches", "targets", "remarks"} == written.keys()
    assert {"RS256 sign", "RS256 verify", "HS256 sign", "HS256 verify", "PS256 verify"} == written["rows"].keys()
    assert {"nanoseconds", "to_raw", "to_pyjwt"} == written["rows"]["RS256 verify"]["authkit"].keys()
    assert {target["number"] for target in written["targets"]} == {1, 2, 3, 4, 5, 6}
    assert chart.read_bytes().startswith(b"\x89PNG")


# mutate.py


def test_mutate_finds_nothing_that_passes() -> None:
    """The whole program, over every kind; more tokens find more, and that is what the program is for."""
    result = run("mutate.py", "--tokens", "2000", "--processes", "1")
    assert result.returncode == 0, result.stdout + result.stderr
    assert all(kind.name in result.stdout for kind in judging.KINDS)


def test_the_good_tokens_are_good() -> None:
    """Otherwise their mutations would prove nothing."""
    assert broken_stock() == []


def test_a_seed_gives_the_same_tokens() -> None:
    """On every machine and any number of processes; and another seed gives others."""
    chunks = [[*judging.chunks(2000, seed)] for seed in (1, 1, 2)]
    codes = [[judging.attack(chunk).codes for chunk in each] for each in chunks]
    assert codes[0] == codes[1] != codes[2]
    assert sum(chunk.tokens for chunk in chunks[0]) == 2000


@pytest.mark.parametrize(
    "name", ["payload edited, signature kept", "alg none", "claims that are wrong, issuer's own HMAC"]
)
def test_a_verifier_that_only_decodes_is_noticed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every token it lets through counts, and ten of them are printed."""
    [number] = [number for number, kind in enumerate(judging.KINDS) if kind.name == name]
    tally = judging.attack(judging.Chunk(number, 0, 100, 0), dict.fromkeys(stock().verifiers, DecodesOnly()))
    assert tally.accepted > 10 and len(tally.findings) == 10
    assert mutate.conclude({name: tally}, console()) == 1
    assert tally.findings[0].token in capsys.readouterr().out


def test_another_error_than_a_refusal_is_noticed() -> None:
    """A crash is no refusal."""

    class Crashes:
        def verify(self, token: object) -> None:
            raise RecursionError("on purpose")

    tally = judging.attack(judging.Chunk(0, 0, 5, 0), dict.fromkeys(stock().verifiers, Crashes()))
    assert tally.raised == 5 and "RecursionError" in tally.findings[0].what


def test_an_explanation_that_disagrees_is_noticed() -> None:
    """Both faces of a verifier have to say the same."""

    class TwoFaced(Verifier):
        def explain(self, token: Any) -> Any:
            return super().explain(stock().tokens["HS256"])

    honest = stock().verifiers["HS256"]
    liar = TwoFaced(
        issuer=honest.issuer, audience=honest.audience, keys=honest.keys, algorithms=["HS256"], clock=honest.clock
    )
    tally = judging.attack(judging.Chunk(0, 0, 20, 0), dict.fromkeys(stock().verifiers, liar))
    assert tally.disagreed == 2 and "explain says accepted" in tally.findings[0].what
