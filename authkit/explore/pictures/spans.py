"""Spans of time in words, and what now is."""

from __future__ import annotations

import math
from typing import Final

from authkit.ground.clock import Clock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

_UNITS: Final = ((86400, "day"), (3600, "h"), (60, "min"), (1, "s"))
YEAR: Final = 365.25 * 86400


def span(seconds: float) -> str:
    """A span as people say it, in at most two units: `1 day 1 h`, `5 min`, `0 s`."""
    left = round(abs(seconds))
    parts = []
    for length, unit in _UNITS:
        number, left = divmod(left, length)
        if number:
            parts.append(f"{number:,} {unit}{'s' if unit == 'day' and number > 1 else ''}")
        elif parts:
            break  # 1 day 5 s is about a day
        if len(parts) == 2:
            break
    return " ".join(parts) or "0 s"


def magnitude(seconds: float) -> str:
    """A span of any length by its order of magnitude: `4 nanoseconds`, `about 2 minutes`, `over 10^60 years`."""
    years = seconds / YEAR
    if years >= 1e4:
        return f"over 10^{math.floor(math.log10(years))} years"
    for length, unit in ((YEAR, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")):
        if seconds >= length:
            return _about(seconds / length, unit)
    for length, unit in ((1e-3, "milliseconds"), (1e-6, "microseconds")):
        if seconds >= length:
            return _about(seconds / length, unit)
    return _about(seconds / 1e-9, "nanoseconds")


def _about(number: float, unit: str) -> str:
    if number < 1:
        return f"less than a {unit[:-1]}"
    whole = round(number) if number < 100 else round(number, -len(str(int(number))) + 2)
    return f"about {whole:,.0f} {unit if whole != 1 else unit[:-1]}"


def now_of(clock: Clock) -> float:
    """What the clock says.

    Raises:
        ConfigurationError: It is none (`picture.clock`).
    """
    if not callable(getattr(clock, "now", None)):
        raise ConfigurationError(
            "picture.clock", f"What now is, a clock says, and not {shorten(clock)}.", "Pass tenant.clock."
        )
    return clock.now()
