"""Where the chance in an answer comes from."""

from __future__ import annotations

import contextlib
import math
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from unittest import mock

from authkit.course.answer import Answer

_CLOCKS: Final = ("time", "monotonic", "perf_counter")
_A_MOMENT: Final = 2_000_000_000
_SYSTEM: Final = (("os", "urandom"), ("os", "getrandom"), ("random", "_urandom"), ("ssl", "RAND_bytes"))
"""The functions, by module, through which Python draws from the operating system, or from what that has seeded."""

_Put = tuple[object, str, Callable[..., Any]]
"""Where a function is, its name there, and what takes its place: called with the function itself before the rest."""


@dataclass(frozen=True)
class Drawn:
    """What an answer made while all its sources were held still.

    Attributes:
        made: What it returned.
        bits: How much chance it drew from the operating system for that.
    """

    made: Any
    bits: float


def repeats(draw: Callable[[], object]) -> bool:
    """Whether it draws from the module `random`, whose state anyone can compute who has seen enough of it."""
    with _random_put_back():
        first = draw()
    with _random_put_back():
        return bool(draw() == first)


def held_still(answer: Answer, beginning: int, *inputs: object) -> Drawn:
    """Call it with the clocks stopped, `random` put back, and the operating system's chance begun at this number.

    What is made of these three is the same each time. All of it goes for this thread alone, and until the answer
    returns: who keeps one of the functions keeps the real one.
    """
    meter = _Meter(beginning)
    with _random_put_back(), _put_in_place(answer, [*_stopped(_A_MOMENT), *meter.places()]):
        made = answer(*inputs)
    return Drawn(made, meter.bits)


def at_another_time(answer: Answer) -> Any:
    """What it makes when the clocks show another day."""
    with _put_in_place(answer, _stopped(_A_MOMENT)):
        return answer()


class _Meter:
    """The operating system's chance with a beginning, and how many bits of it were drawn."""

    def __init__(self, beginning: int) -> None:
        self.bits = 0.0
        self._stream = random.Random(beginning)

    def places(self) -> list[_Put]:
        system = [(sys.modules.get(module), name) for module, name in _SYSTEM]
        return [
            *((module, name, self._urandom) for module, name in system if hasattr(module, name)),
            (random.SystemRandom, "_randbelow", self._randbelow),
            (random.SystemRandom, "choices", self._choices),
        ]

    def _urandom(self, real: object, size: int, flags: int = 0) -> bytes:
        self.bits += 8 * size
        return self._stream.randbytes(size)

    def _randbelow(self, real: Callable[..., int], system: random.SystemRandom, below: int) -> int:
        before = self.bits
        number = real(system, below)
        self.bits = min(self.bits, before + math.log2(below))  # it draws whole bytes, and again if the number is large
        return number

    def _choices(
        self, real: Callable[..., list[Any]], system: random.SystemRandom, population: Any, *a: Any, **k: Any
    ) -> Any:
        before = self.bits
        chosen = real(system, population, *a, **k)
        self.bits = min(self.bits, before + len(chosen) * math.log2(len(population)))
        return chosen


def _stopped(seconds: int) -> list[_Put]:
    return [
        *((time, name, lambda real: float(seconds)) for name in _CLOCKS),
        *((time, f"{name}_ns", lambda real: seconds * 10**9) for name in _CLOCKS),
    ]


@contextlib.contextmanager
def _random_put_back() -> Iterator[None]:
    state = random.getstate()
    random.seed(3)
    try:
        yield
    finally:
        random.setstate(state)


@contextlib.contextmanager
def _put_in_place(answer: Answer, places: list[_Put]) -> Iterator[None]:
    """Other functions in place of these, also where the answer's own module has a name for one."""
    names: dict[str, Any] = getattr(answer.value, "__globals__", {})
    here = _Here()
    with contextlib.ExitStack() as put:
        put.callback(here.leave)
        for owner, name, other in places:
            real = getattr(owner, name)
            instead = here.only(other, real)
            put.enter_context(mock.patch.object(owner, name, instead))
            for own in [own for own, value in list(names.items()) if value is real]:
                put.callback(names.__setitem__, own, real)
                names[own] = instead
        yield


class _Here:
    """This thread, until it is left."""

    def __init__(self) -> None:
        self._thread: int | None = threading.get_ident()

    def leave(self) -> None:
        self._thread = None

    def only(self, other: Callable[..., Any], real: Callable[..., Any]) -> Callable[..., Any]:
        """A function that does the other thing here, and the real one everywhere else."""

        def either(*inputs: Any, **named: Any) -> Any:
            if threading.get_ident() == self._thread:
                return other(real, *inputs, **named)
            return real(*inputs, **named)

        return either
