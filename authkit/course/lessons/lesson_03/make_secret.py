"""Make a secret that nobody can guess."""

from __future__ import annotations

import math
import zlib
from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.chance import Drawn, at_another_time, held_still, repeats
from authkit.course.exercise import Exercise

_ASKED: Final = 256
_ENOUGH: Final = 250.0
"""Bits below which a secret shows too little chance; 256 less what counting the letters of a few samples may miss."""


def _make_secret(answer: Answer) -> None:
    made = [_bytes_of(answer()) for _ in range(64)]
    if len(set(made)) == 1:
        _stays_the_same(answer, made[0])
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
    still = [held_still(answer, beginning) for beginning in (1, 1, 2)]
    _draws_enough(still, short)
    _keeps_what_it_draws(still, made)
    bits = min(_bits(made), 8 * len(zlib.compress(b"".join(made), 9)) / len(made))  # nothing packs chance smaller
    if bits < _ENOUGH:
        raise TryAgain(
            f"It is {short} bytes long, with at most {bits:.0f} bits of chance: places that never change or repeat "
            "others, words that come again, or few different letters. How many bits does one of its letters hold?",
            "length is strength",
        )


def _bytes_of(made: object) -> bytes:
    if isinstance(made, str):
        return made.encode("utf-8", "replace")
    if isinstance(made, bytes):
        return made
    raise TryAgain(f"It returned {shown(made)}. A secret is text or bytes. Which function of the module gives one?")


def _stays_the_same(answer: Answer, made: bytes) -> None:
    if _bytes_of(at_another_time(answer)) != made:
        raise TryAgain(
            "Each call returned the same secret, and another one when the clock was set to another day. Roughly when "
            "a secret was made can be guessed. What else differs from call to call?",
            "any chance will do",
        )
    raise TryAgain(
        "Each call returned the same secret. What stands in the code is known to all who read the code. "
        "Where does chance come from?",
        "any secret will do",
    )


def _draws_enough(still: list[Drawn], short: int) -> None:
    bits = min(one.bits for one in still)
    if not bits and still[0].made == still[1].made:
        raise TryAgain(
            "Clock and random were held still, and the same secret came twice. Roughly when it was made can be "
            "guessed, and a hash of a guess is a guess. Which module asks the operating system for chance?",
            "any chance will do",
        )
    if not bits:
        raise TryAgain(
            "This check saw nothing drawn from os.urandom, on which the module secrets is built. A clock, a counter or "
            "a generator with a seed can be computed again. What is yours made of?",
            "any chance will do",
        )
    if bits < _ASKED - 1e-6:
        raise TryAgain(
            f"It is {short} bytes long, and {int(bits)} bits of chance were drawn for it. Hashing, spelling out or "
            "repeating them makes a secret longer, and no harder to guess. How many should it draw?",
            "length is strength",
        )


def _keeps_what_it_draws(still: list[Drawn], made: list[bytes]) -> None:
    first, second, other = (_bytes_of(one.made) for one in still)
    if first == other:
        raise TryAgain(
            "It drew chance, and when other chance was drawn the same secret came: what is drawn does not get into it. "
            "What becomes of it on the way to return?",
            "any chance will do",
        )
    if first == second:
        return
    alike = [place for place, pair in enumerate(zip(first, second, strict=False)) if pair[0] == pair[1]]
    if _bits([bytes(one[place] for place in alike if place < len(one)) for one in made]) < _ENOUGH:
        raise TryAgain(
            "The chance that it draws was held still, and another secret came all the same. Something else decides "
            "what it is, and this check cannot see what. What goes in besides that chance?",
            "any chance will do",
        )


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
