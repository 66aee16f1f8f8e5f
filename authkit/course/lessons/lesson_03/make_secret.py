"""Make a secret that nobody can guess."""

from __future__ import annotations

import contextlib
import math
import random
import time
from functools import partial
from typing import Any, Final
from unittest import mock

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.chance import repeats
from authkit.course.exercise import Exercise

_CLOCKS: Final = ("time", "time_ns", "perf_counter", "perf_counter_ns")
_ENOUGH: Final = 250.0
"""Bits below which a secret has too little chance; 256 less what counting the letters of a few samples may miss."""


def _make_secret(answer: Answer) -> None:
    made = [_bytes_of(answer()) for _ in range(64)]
    if len(set(made)) == 1:
        raise TryAgain(
            "Each call returned the same secret. What stands in the code is known to all who read the code. "
            "Where does chance come from?",
            "any secret will do",
        )
    short = min(map(len, made))
    if short < 32:
        raise TryAgain(
            f"It made a secret of {short} bytes. RFC 7518 §3.2 asks for 256 bits or more, and the tenant refuses less. "
            "How many bytes are that?",
            "any secret will do",
        )
    if repeats(answer):
        raise TryAgain(
            "Python's random was put back to where it had been, and the same secret came again: it is made to be "
            "repeatable. Which module is made for secrets?",
            "any chance will do",
        )
    if _stands_with_the_clock(answer):
        raise TryAgain(
            "Clock and random were held still, and the same secret came twice. Roughly when it was made can be "
            "guessed, and a hash of a guess is a guess. Which module asks the operating system for chance?",
            "any chance will do",
        )
    bits = _bits(made)
    if bits < _ENOUGH:
        raise TryAgain(
            f"It is {short} bytes long, with at most {bits:.0f} bits of chance: places that never change or repeat "
            "others, or few different letters. How many bits does one of its letters hold?",
            "length is strength",
        )


def _bytes_of(made: object) -> bytes:
    if isinstance(made, str):
        return made.encode("utf-8", "replace")
    if isinstance(made, bytes):
        return made
    raise TryAgain(f"It returned {shown(made)}. A secret is text or bytes. Which function of the module gives one?")


def _stands_with_the_clock(answer: Answer) -> bool:
    """Whether it makes the same again in the same moment, with every seed that Python would choose held still."""
    state, seed = random.getstate(), random.seed
    with contextlib.ExitStack() as patched:
        patched.callback(random.setstate, state)
        for name in _CLOCKS:
            patched.enter_context(mock.patch.object(time, name, partial(_same, getattr(time, name)())))
        patched.enter_context(mock.patch.object(random, "Random", _Still))
        patched.enter_context(mock.patch.object(random, "seed", lambda a=None, version=2: seed(_told(a), version)))
        seed(3)
        first = answer()
        seed(3)
        return bool(answer() == first)


def _same(moment: float) -> float:
    return moment


def _told(seed: Any) -> Any:
    return 3 if seed is None else seed


class _Still(random.Random):
    """A generator that begins at the same place, where it is not told where to begin."""

    def __init__(self, x: Any = None) -> None:
        super().__init__(_told(x))

    def seed(self, a: Any = None, version: int = 2) -> None:
        super().seed(_told(a), version)


def _bits(made: list[bytes]) -> float:
    """At most so many bits of chance: places that vary, each once if it equals another, by the letters met in them."""
    length = max(map(len, made))
    columns = {tuple(one.ljust(length, b"\0")[place] for one in made) for place in range(length)}
    varying = [column for column in columns if len(set(column)) > 1]
    letters = {letter for column in varying for letter in column}
    return len(varying) * math.log2(max(len(letters), 1))


MAKE: Final = Exercise(
    id="q5",
    title="Write make_secret(): a new secret for HS256 each time, as text or bytes, with 256 bits of chance in it",
    check=_make_secret,
    hints=(
        "Not by your own hand, and not from the module random. The standard library has a module of that very name.",
        "A byte that is drawn at random holds 8 bits, a hexadecimal digit 4, a letter of base64url 6.",
        "secrets.token_bytes(32), or token_urlsafe with the same number",
    ),
    solution="def make_secret():\n    import secrets\n\n    return secrets.token_urlsafe(32)",
    done="Nobody can guess it, and nobody can remember it either: it needs a safe place to live.",
    start="def make_secret():\n    return authkit.course.TODO",
)
