"""What a run of the benchmark shows: tables in the terminal, and a chart to print."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.results import TARGETS, Results
from tests.benchmarks.token_endpoint import BARE

CHARTED = ("RS256 verify", "HS256 verify")


def console(*, errors: bool = False, width: int = 110) -> Console:
    """A console; where it is no terminal, and nobody says how wide it is, this wide."""
    made = Console(stderr=errors)
    return made if made.is_terminal else Console(stderr=errors, width=width)


def show(results: Results, out: Console) -> None:
    """Every table of a run, the targets last."""
    compared = ", ".join(f"{package} {version}" for package, version in results.versions.items())
    out.print(f"{compared}; {results.rounds} rounds, CPU time, 10th percentile", highlight=False, markup=False)
    for row, times in results.rows.items():
        out.print(_row(row, times, results))
    if results.server:
        out.print(_server(results))
    if results.programs:
        out.print(_programs(results))
    out.print(_targets(results))
    for remark in results.remarks:
        out.print(f"Note: {remark}", highlight=False, markup=False)


def _row(row: str, times: Mapping[str, float], results: Results) -> Table:
    table = Table(title=row, title_justify="left", title_style="bold")
    table.add_column("library", min_width=24)
    for heading in ("× raw", "× PyJWT", "µs"):
        table.add_column(heading, justify="right", min_width=7)
    for name in sorted(times, key=times.__getitem__):
        to_raw, to_pyjwt = (results.ratio(row, to, name) for to in ("raw cryptography", "PyJWT, key object"))
        style = "bold" if name == "authkit" else ""
        table.add_row(name, _number(to_raw), _number(to_pyjwt), f"{times[name] / 1e3:.1f}", style=style)
    return table


def _server(results: Results) -> Table:
    table = Table(title="A token over HTTP, CPU time of the server", title_justify="left", title_style="bold")
    table.add_column("server", min_width=24)
    for heading in ("× bare", "× raw", "µs"):
        table.add_column(heading, justify="right", min_width=7)
    raw = results.rows.get("RS256 sign", {}).get("raw cryptography")
    for name, nanoseconds in results.server.items():
        to_raw = None if raw is None else nanoseconds / raw
        table.add_row(name, _number(nanoseconds / results.server[BARE]), _number(to_raw), f"{nanoseconds / 1e3:.0f}")
    return table


def _programs(results: Results) -> Table:
    table = Table(title="A whole Python process", title_justify="left", title_style="bold")
    table.add_column("program", min_width=24)
    for heading in ("× import jwt", "ms"):
        table.add_column(heading, justify="right", min_width=7)
    reference = results.programs["import jwt"]
    for name, nanoseconds in results.programs.items():
        table.add_row(name, _number(nanoseconds / reference), f"{nanoseconds / 1e6:.0f}")
    return table


def _targets(results: Results) -> Table:
    table = Table(title="Targets", title_justify="left", title_style="bold")
    table.add_column("no.")
    table.add_column("what", min_width=24)
    for heading in ("measured", "target"):
        table.add_column(heading, justify="right")
    table.add_column("against")
    table.add_column("outcome")
    for target in TARGETS:
        value, against, outcome = target.judge(results)
        limit = f"{'below' if target.below else 'at most'} {target.limit:{target.form}}"
        shown = "–" if value is None else f"{value:{target.form}}"
        style = "bold" if outcome == "not met" else ""
        table.add_row(str(target.number), target.what, shown, limit, against, outcome, style=style)
    return table


def draw(results: Results, path: Path) -> None:
    """A chart of the verifying rows as multiples of the raw signature, the quickest on top.

    It is read in black and white: what is authkit's is darker and hatched, and every bar says its figure.
    """
    from matplotlib.figure import Figure

    rows = [row for row in CHARTED if "raw cryptography" in results.rows.get(row, {})]
    figure = Figure(figsize=(8, 0.6 + 2.9 * len(rows)), layout="constrained")
    for axes, row in zip(figure.subplots(len(rows), squeeze=False).flat, rows, strict=True):
        times = results.rows[row]
        names = sorted((name for name in times if name != "raw cryptography"), key=times.__getitem__)
        ratios = [times[name] / times["raw cryptography"] for name in names]
        bars = axes.barh(names, ratios, color="#d9d9d9", edgecolor="black")
        for name, bar in zip(names, bars, strict=True):
            if name.startswith("authkit"):
                bar.set(facecolor="#4c93c3", hatch="//")
        axes.bar_label(bars, [f"{ratio:.1f} ×" for ratio in ratios], padding=4)
        axes.axvline(1, color="black", linestyle="--", linewidth=1)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_title(f"{row}: CPU time, as a multiple of the signature alone (dashed: 1 ×)", loc="left", fontsize=10)
    figure.savefig(path, format="png", dpi=200)


def _number(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"
