"""Compare authkit with its neighbours: signing, verifying, serving, importing, all side by side in one run.

    python tests/benchmarks/compare.py [--quick] [--rounds N] [--chart [FILE]] [--json FILE]

It measures and judges; it is no test, since a shared machine has good and bad minutes. Read the ratios, not the
microseconds. The libraries come with the extra `bench`; those that are missing are named and left out.
"""

import argparse
import json
import platform
import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it knows its own folder alone

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import authkit
from tests.benchmarks.endpoint import serving
from tests.benchmarks.fetches import fetches_for
from tests.benchmarks.fitness import unfit_signer, unfit_verifier
from tests.benchmarks.measure import can_time_processes, interleaved, processes
from tests.benchmarks.peers import PEERS, Authkit, installed
from tests.benchmarks.report import console, draw, show
from tests.benchmarks.results import THREADS, Results
from tests.benchmarks.token_endpoint import tokens_over_http
from tests.benchmarks.workload import Workload, workload

Contestants = dict[tuple[str, str], Callable[[], object]]

INSTALL = 'python -m pip install -e ".[bench]"'
PROGRAMS = ("pass", "import jwt", "import authkit", "import authkit; authkit.Tenant")
ROUNDS, QUICK_ROUNDS = 300, 30
IMPORT_ROUNDS, QUICK_IMPORT_ROUNDS = 30, 3


def contestants(work: Workload, jwks_uri: str, remarks: list[str]) -> Contestants:
    """Everyone who signs or verifies with this algorithm, and really does; of the others a remark."""
    ready: Contestants = {}
    check = Authkit().verifier(work, jwks_uri)
    for peer in filter(installed, PEERS):
        try:
            sign = peer.signer(work) if work.alg != "PS256" else None
            verify = peer.verifier(work, jwks_uri)
        except Exception as error:  # another version of a library may have moved anything
            remarks.append(f"{peer.name} cannot be used with {work.alg} ({type(error).__name__}: {error}).")
            continue
        unfit = (sign and unfit_signer(peer, sign, check, work)) or (verify and unfit_verifier(peer, verify, work))
        if unfit:
            remarks.append(unfit)
            continue
        if sign:
            ready[f"{work.alg} sign", peer.name] = sign
        if verify:
            ready[f"{work.alg} verify", peer.name] = partial(verify, work.token)
    return ready


def versions() -> dict[str, str]:
    """The version of Python and of every package that takes part."""
    packages = {peer.distribution or peer.package for peer in PEERS if installed(peer)} - {"authkit"}
    own = {"python": platform.python_version(), "authkit": authkit.__version__}
    return own | {package: version(package) for package in sorted(packages)}


def missing() -> list[str]:
    """Which libraries are not here and how they come, in one sentence; nothing if all are."""
    names = [peer.name for peer in PEERS if not installed(peer)]
    return [f"Not installed and left out: {', '.join(names)}. {INSTALL} installs them."] if names else []


def run(options: argparse.Namespace, progress: Progress) -> Results:
    """All that was asked for, one after the other."""
    results = Results(versions=versions(), rounds=options.rounds, remarks=missing())
    works = {alg: workload(alg) for alg in ("RS256", "HS256", "PS256")}
    rng = random.Random(0)
    with serving(works["RS256"].jwks) as rs256, serving(works["PS256"].jwks) as ps256:
        field: Contestants = {}
        for alg, jwks_uri in {"RS256": rs256.url, "HS256": "", "PS256": ps256.url}.items():
            field |= contestants(works[alg], jwks_uri, results.remarks)
        task = progress.add_task(f"{len(field)} contestants take turns", total=options.rounds)
        times = interleaved(field, rounds=options.rounds, rng=rng, after_round=partial(progress.advance, task))
    for (row, name), nanoseconds in sorted(times.items(), key=lambda item: _place(item[0][0])):
        results.rows.setdefault(row, {})[name] = nanoseconds
    rounds = max(1, options.rounds // 5)
    task = progress.add_task("tokens over HTTP", total=rounds)
    try:
        results.server = tokens_over_http(rounds=rounds, rng=rng, after_round=partial(progress.advance, task))
    except (OSError, RuntimeError) as error:
        results.remarks.append(f"Tokens over HTTP were not timed: {error}.")
    if not can_time_processes():
        results.remarks.append("Imports were not timed: this system does not tell a child's CPU time.")
    elif options.imports > 0:
        task = progress.add_task("importing in fresh processes", total=options.imports)
        after_round = partial(progress.advance, task)
        results.programs = processes(PROGRAMS, rounds=options.imports, rng=rng, after_round=after_round)
    task = progress.add_task(f"{THREADS:,} threads, one unknown kid", total=1)
    try:
        results.fetches = fetches_for(THREADS, works["RS256"])
    except RuntimeError as error:
        results.remarks.append(f"Fetches were not counted: {error}.")
    progress.advance(task)
    return results


def _place(row: str) -> tuple[int, bool]:
    return ("RS256", "HS256", "PS256").index(row.split()[0]), row.endswith("verify")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few rounds: a first look, too noisy to quote")
    parser.add_argument("--rounds", type=_count, metavar="N", help=f"turns of each contestant ({ROUNDS})")
    parser.add_argument("--imports", type=int, metavar="N", help=f"turns of each import ({IMPORT_ROUNDS}); 0: none")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    parser.add_argument(
        "--chart", type=Path, nargs="?", const=Path("benchmark.png"), metavar="FILE",
        help="draw the verifying rows as PNG; without FILE, benchmark.png in this folder",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    if options.rounds is None:
        options.rounds = QUICK_ROUNDS if options.quick else ROUNDS
    if options.imports is None:
        options.imports = QUICK_IMPORT_ROUNDS if options.quick else IMPORT_ROUNDS
    return options


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a number of rounds")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, show, and write what was asked for; a missed target is no failure of the program."""
    options = _options(arguments)
    out = console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console(errors=True)) as progress:
            results = run(options, progress)
    except KeyboardInterrupt:
        print("Stopped; nothing was measured to the end.", file=sys.stderr)
        return 130
    show(results, out)
    if options.json:
        options.json.write_text(json.dumps(results.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if options.chart:
        draw(results, options.chart)
        out.print(f"The chart is in {options.chart}.", highlight=False, markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
