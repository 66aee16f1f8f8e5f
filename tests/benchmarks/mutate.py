"""Attack authkit's verifier with mutated tokens by the hundred thousand: not one may pass.

    python tests/benchmarks/mutate.py [--tokens N] [--seed N] [--processes N]

Exit code 0 if every token was refused as it should be, 1 if one was accepted or met another error; it is printed. The
same seed gives the same tokens on any number of processes – but for PS256 signatures of the attacker's, which are never
the same twice.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it knows its own folder alone

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.benchmarks.judging import KINDS, Chunk, Tally, attack, chunks
from tests.benchmarks.report import console
from tests.benchmarks.stock import broken_stock

TOP_CODES = 2


def results(work: Sequence[Chunk], processes: int) -> Iterator[tuple[Chunk, Tally]]:
    """Each chunk and what became of it, in any order."""
    if processes == 1:
        yield from map(_attack, work)
        return
    # Spawned, not forked: the same on every system, and no thread of the progress bar is copied.
    with get_context("spawn").Pool(processes, initializer=_leave_interrupts_to_the_parent) as pool:
        yield from pool.imap_unordered(_attack, work, chunksize=4)


def _attack(chunk: Chunk) -> tuple[Chunk, Tally]:
    return chunk, attack(chunk)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def show(tallies: dict[str, Tally], out: Console) -> None:
    """A row for each kind, and one for all."""
    table = Table(title="Mutated tokens", title_justify="left", title_style="bold")
    table.add_column("kind", no_wrap=True)
    for heading in ("tokens", "accepted", "errors", "differ", "a second"):
        table.add_column(heading, justify="right")
    table.add_column("refused by", overflow="fold")
    for name, tally in tallies.items():
        table.add_row(name, *_cells(tally))
    table.add_section()
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    table.add_row("all", *_cells(whole), style="bold")
    out.print(table)


def _cells(tally: Tally) -> list[str]:
    rate = tally.tokens / tally.nanoseconds * 1e9 if tally.nanoseconds else 0
    counts = (tally.tokens, tally.accepted, tally.raised, tally.disagreed, round(rate, -2))
    top = ", ".join(f"{code} {count / tally.tokens:.0%}" for code, count in tally.codes.most_common(TOP_CODES))
    return [*(f"{count:,.0f}" for count in counts), top]


def conclude(tallies: dict[str, Tally], out: Console) -> int:
    """The exit code, and every token that should not have come through."""
    findings = [finding for tally in tallies.values() for finding in tally.findings]
    for finding in findings:
        # Written as it is, and not wrapped, so that it can be copied.
        out.print(f"{finding.kind}: the verifier {finding.verifier!r} {finding.what}", highlight=False, markup=False)
        out.print(finding.token, highlight=False, markup=False, soft_wrap=True)
    if findings:
        out.print("NOT all refused: the tokens above are at most ten of each kind.", style="bold")
        return 1
    out.print("Nothing was accepted, nothing raised but TokenRejected, and explain and decode agreed.")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    cores = min(2, os.cpu_count() or 1)
    parser.add_argument("--tokens", type=_positive, default=100_000, metavar="N", help="how many (100000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="where chance starts (0)")
    parser.add_argument("--processes", type=_positive, default=cores, metavar="N", help=f"how many at once ({cores})")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, attack, count, and say how it went."""
    options = _options(arguments)
    out = console(width=150)
    broken = broken_stock()
    if broken:
        print("The good tokens are not accepted, so nothing can be proved:", *broken, sep="\n  ", file=sys.stderr)
        return 2
    work = [*chunks(options.tokens, options.seed)]
    tallies = {kind.name: Tally() for kind in KINDS}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    start = time.monotonic()
    stopped = False
    try:
        with Progress(*columns, console=console(errors=True)) as progress:
            task = progress.add_task("mutated tokens", total=sum(chunk.tokens for chunk in work))
            for chunk, tally in results(work, options.processes):
                tallies[KINDS[chunk.kind].name].add(tally)
                progress.advance(task, chunk.tokens)
    except KeyboardInterrupt:
        stopped = True
    done = {name: tally for name, tally in tallies.items() if tally.tokens}
    show(done, out)
    seconds = time.monotonic() - start
    out.print(
        "errors: anything raised but TokenRejected; differ: explain or decode disagreed; a second: tokens on one core\n"
        f"seed {options.seed}, processes {options.processes}, {seconds:.1f} s",
        highlight=False,
    )
    code = conclude(done, out)
    if stopped:
        out.print("Stopped before the end: this is what was seen until then.", style="bold")
    return 130 if stopped and code == 0 else code


if __name__ == "__main__":
    sys.exit(main())
