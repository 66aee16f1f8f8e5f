"""`crack_times()`: how long guessing a shared secret takes, against the bits of chance in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authkit.explore.figures import Picture
from authkit.explore.pictures.sheet import BLUE, GREEN, QUIET, VERMILION, Across, Sheet
from authkit.explore.pictures.spans import YEAR, magnitude
from authkit.ground.display import printable, shorten
from authkit.ground.errors import ConfigurationError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SECRETS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "“password”, among the first in every list": math.log2(10),
        "8 random small letters": 8 * math.log2(26),
        "6 words drawn from a list of 7,776": 6 * math.log2(7776),
        "16 random bytes": 128,
        "32 random bytes, what HS256 asks for": 256,
    }
)
"""Kinds of secrets, and the bits of chance that went into making one."""

LANDMARKS: Final = MappingProxyType({"a second": 1, "a year": YEAR, "the age of the universe": 1.38e10 * YEAR})
MOST: Final = 8
MAX_BITS: Final = 512

_LEFT, _RIGHT, _TOP, _BOTTOM = 200.0, 846.0, 92.0, 472.0
_LABEL = 40.0
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Mark(NamedTuple):
    """A kind of secret and its place on the picture."""

    name: str
    x: float
    y: float
    seconds: float


def crack_times(guesses_per_second: float = 1e9, secrets: Mapping[str, float] = SECRETS) -> Picture:
    """A picture of the time in which a secret is guessed from one HS256 token, offline (RFC 8725 §2.2, §3.5).

    Its table has a row a secret: its bits, the guesses and the seconds that it takes on average, which is half of all.

    Args:
        guesses_per_second: How many the attacker makes. A billion is about what one graphics card does.
        secrets: Bits of chance by the kind of secret. Never the secrets themselves: how one was made decides.

    Raises:
        ConfigurationError: No positive number of guesses; no secrets, more than eight, or bits that are not 0 to 512;
            or matplotlib is not installed (`extra.missing`).
    """
    rate = _number("guesses_per_second", guesses_per_second, 1, 1e30)
    given: object = secrets
    if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST:
        raise ConfigurationError(
            "picture.secrets",
            f"The picture shows 1 to {MOST} kinds of secrets with their bits.",
            'Pass a mapping, as in {"8 random small letters": 37.6}.',
        )
    bits = {printable(name): _number("bits", value, 0, MAX_BITS) for name, value in given.items()}
    ordered = dict(sorted(bits.items(), key=lambda item: item[1]))
    rows = [_row(name, value, rate) for name, value in ordered.items()]
    words = "; ".join(f"{row['secret']}, {row['bits']:g} bits: {row['time']}" for row in rows)
    words = f"Time to guess a secret offline at {_power(rate)} guesses a second, on average. {words}."
    return Picture(_drawn(ordered, rate), f"{words} Each bit more doubles it.", rows)


def _number(name: str, value: object, least: float, most: float) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
        return float(value)
    raise ConfigurationError(
        f"picture.{name}",
        f"{name} is a number from {least:g} to {most:g}, not {shorten(value)}.",
        "Pass a number: bits of chance are those that went into making a secret, log2 of the possibilities.",
    )


def _row(name: str, bits: float, rate: float) -> dict[str, Any]:
    seconds = _seconds(bits, rate)
    return {
        "secret": name,
        "bits": round(bits, 1),
        "guesses": 2.0 ** max(0.0, bits - 1),
        "seconds": seconds,
        "time": magnitude(seconds),
    }


def _seconds(bits: float, rate: float) -> float:
    """On average the right guess comes half way."""
    return float(2.0 ** max(0.0, bits - 1) / rate)


def _power(number: float) -> str:
    return f"{number:,.0f}" if number < 1e15 else f"{number:.0e}"


def _drawn(secrets: Mapping[str, float], rate: float) -> Figure:
    most = max(*secrets.values(), 64) * 1.04
    low, high = math.log10(_seconds(0, rate)), math.log10(_seconds(most, rate))
    low -= (high - low) * 0.14  # room for the label of the weakest

    def across(bits: float) -> float:
        return _LEFT + bits / most * (_RIGHT - _LEFT)

    def down(seconds: float) -> float:
        return _BOTTOM - (math.log10(seconds) - low) / (high - low) * (_BOTTOM - _TOP)

    signs = "✖ within a year   ◆ longer   ● longer than the universe is old"
    subtitle = f"At {_power(rate)} guesses a second, on average.   {signs}"
    sheet = Sheet(_BOTTOM + 64, "Time to guess a shared secret", subtitle)
    sheet.line([(_LEFT, _TOP), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)])
    for name, seconds in LANDMARKS.items():
        if low < math.log10(seconds) < high:
            sheet.line([(_LEFT, down(seconds)), (_RIGHT, down(seconds))], width=0.8, dashed=True)
            sheet.text(_LEFT - 10, down(seconds), name, colour=QUIET, across="right")
    step = next(step for step in (16, 32, 64, 128) if most / step <= 8)
    for bits in range(0, int(most) + 1, step):
        sheet.line([(across(bits), _BOTTOM), (across(bits), _BOTTOM + 6)])
        sheet.text(across(bits), _BOTTOM + 18, str(bits), colour=QUIET, across="center")
    sheet.text((_LEFT + _RIGHT) / 2, _BOTTOM + 42, "bits of chance that went into the secret", across="center")
    sheet.line([(across(0), down(_seconds(0, rate))), (across(1), down(_seconds(1, rate))),
                (across(most), down(_seconds(most, rate)))], colour=BLUE, width=2)  # fmt: skip
    marks = [
        _Mark(name, across(bits), down(_seconds(bits, rate)), _seconds(bits, rate)) for name, bits in secrets.items()
    ]
    middle = (_LEFT + _RIGHT) / 2
    # Below the line on the left, above it on the right; where two would meet, the later one gives way.
    free = math.inf
    for mark in (mark for mark in marks if mark.x >= middle):
        free = min(mark.y - 25, free - _LABEL)
        _label(sheet, mark, mark.x - 16, free, "right")
    free = -math.inf
    for mark in reversed([mark for mark in marks if mark.x < middle]):
        free = max(mark.y + 9, free + _LABEL)
        _label(sheet, mark, mark.x + 16, free, "left")
    return sheet.figure


def _label(sheet: Sheet, mark: _Mark, x: float, y: float, across: Across) -> None:
    soon, late = mark.seconds < LANDMARKS["a year"], mark.seconds > LANDMARKS["the age of the universe"]
    colour, marker = (VERMILION, "X") if soon else (GREEN, "o") if late else (BLUE, "D")
    sheet.line([(mark.x, mark.y), (x, y + 6)], width=0.8)
    sheet.dot(mark.x, mark.y, colour=colour, marker=marker)
    sheet.text(x, y, sheet.fit(mark.name, 340), across=across, backed=True)
    time = magnitude(mark.seconds)
    if "^" in time:
        start, _, rest = time.partition("^")
        power, _, unit = rest.partition(" ")
        time = f"{start}{power.translate(_RAISED)} {unit}"
    sheet.text(x, y + 18, time, bold=True, across=across, backed=True)
