"""Measuring side by side: in one run, in turns, by CPU time, and by the 10th percentile.

A machine that others use slows everything down for a while. In turns, that hits all contestants alike; CPU time leaves
out what others computed; and a low percentile leaves out the rounds in which the caches were someone else's.
"""

import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import TypeVar

Name = TypeVar("Name")

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = 2_000_000
"""Nanoseconds that one sample lasts at least: far above what reading the clock costs."""


def interleaved(
    contestants: Mapping[Name, Callable[[], object]],
    *,
    rounds: int,
    rng: random.Random,
    after_round: Callable[[], None],
) -> dict[Name, float]:
    """Nanoseconds of CPU time that one call of each takes, 10th percentile.

    In a round every contestant has one turn, in an order drawn anew, so that nobody always follows the same.
    """
    calls = {name: _calls_per_sample(call) for name, call in contestants.items()}
    samples: dict[Name, list[float]] = {name: [] for name in contestants}
    order = [*contestants]
    gc.collect()
    gc.freeze()  # what was prepared is not walked again for everyone's garbage
    try:
        for _ in range(rounds):
            rng.shuffle(order)
            for name in order:
                samples[name].append(_sample(contestants[name], calls[name]))
            after_round()
    finally:
        gc.unfreeze()
    return {name: low(values) for name, values in samples.items()}


def low(values: Sequence[float]) -> float:
    """The 10th percentile: of ten values the second lowest, of fewer the lowest."""
    return sorted(values)[len(values) // 10]


def _sample(call: Callable[[], object], calls: int) -> float:
    turns = repeat(None, calls)
    start = time.thread_time_ns()
    for _ in turns:
        call()
    return (time.thread_time_ns() - start) / calls


def _calls_per_sample(call: Callable[[], object]) -> int:
    _sample(call, 5)  # the first calls prepare what is kept for later ones
    return max(1, round(SAMPLE / max(1.0, _sample(call, 5))))


def processes(
    programs: Sequence[str], *, rounds: int, rng: random.Random, after_round: Callable[[], None]
) -> dict[str, float]:
    """Nanoseconds of CPU time, user and system, that a whole Python process of each takes, 10th percentile.

    A first round that does not count fills a bytecode cache of its own: an installed package has been compiled.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    samples: dict[str, list[float]] = {program: [] for program in programs}
    order = [*programs]
    with tempfile.TemporaryDirectory() as cache:
        environment["PYTHONPYCACHEPREFIX"] = cache
        for program in programs:
            _process_time(program, environment)
        for _ in range(rounds):
            rng.shuffle(order)
            for program in order:
                samples[program].append(_process_time(program, environment))
            after_round()
    return {program: low(values) for program, values in samples.items()}


def can_time_processes() -> bool:
    """Whether this system tells what one child process used."""
    return hasattr(os, "wait4")


def _process_time(program: str, environment: Mapping[str, str]) -> float:
    process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{program!r} ended with exit code {process.returncode}.")
    return (usage.ru_utime + usage.ru_stime) * 1e9
