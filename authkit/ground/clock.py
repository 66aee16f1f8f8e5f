"""Time as a parameter: the system's clock, or one that stands still until it is moved."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

TRAINING_START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where the clock of every training tenant starts: a Monday morning."""


@runtime_checkable
class Clock(Protocol):
    """Anything that tells the time; a verifier, an issuer and a cache all take one."""

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z: a NumericDate (RFC 7519 §2)."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow; for the age of a cache."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since an arbitrary start, unaffected by changes of the date."""
        return time.monotonic()

    def __repr__(self) -> str:
        return "SystemClock()"


class SteerableClock:
    """A clock that stands still until `advance` or `set` moves it, so that every run sees the same time.

    Args:
        start: Where it stands at first: an aware datetime.
    """

    def __init__(self, start: datetime = TRAINING_START) -> None:
        self._lock = threading.Lock()
        self._now = _timestamp(start)
        self._advanced = 0.0

    def now(self) -> float:
        """Seconds since 1970-01-01T00:00:00Z."""
        return self._now

    def monotonic(self) -> float:
        """Seconds this clock was moved forwards since it was made."""
        return self._advanced

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move the clock forwards.

        Raises:
            ConfigurationError: The step is negative or not a number; use `set` to go back.
        """
        try:
            step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds).total_seconds()
            if step < 0:
                raise ValueError
            with self._lock:
                self._put(_timestamp(datetime.fromtimestamp(self._now + step, UTC)))
        except (TypeError, ValueError, OverflowError, OSError):
            raise ConfigurationError(
                "clock.step",
                "A clock is advanced by a positive span of time that ends before the year 9000.",
                "Pass numbers, as in clock.advance(hours=25), or clock.set(datetime) to go back.",
            ) from None

    def set(self, moment: datetime) -> None:
        """Put the clock to an aware datetime, forwards or back.

        Raises:
            ConfigurationError: The datetime has no time zone, or lies before 1970 or after 8999.
        """
        now = _timestamp(moment)
        with self._lock:
            self._put(now)

    def _put(self, now: float) -> None:
        # A cache must never grow younger, so going back leaves the monotonic reading alone.
        self._advanced += max(0.0, now - self._now)
        self._now = now

    def __repr__(self) -> str:
        return f"SteerableClock({readable(self._now)})"


def readable(timestamp: float) -> str:
    """A NumericDate as people read it: `2026-01-05 09:00:00 UTC`."""
    try:
        return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{timestamp} (no date)"


def _timestamp(moment: object) -> float:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ConfigurationError(
            "clock.no_time_zone",
            f"A clock is set to a datetime with a time zone, not to {shorten(moment)}.",
            "Use datetime(2026, 1, 5, 9, tzinfo=UTC).",
        )
    # A NumericDate is not negative, and what is signed now must end before the year 10000: that bounds the clock.
    try:
        year = moment.astimezone(UTC).year
    except OverflowError:  # in UTC it lies before year 1 or after 9999
        year = 0
    if not 1970 <= year < 9000:
        raise ConfigurationError(
            "clock.out_of_range", f"A clock is not set to {moment}.", "Use a moment from 1970 to 8999, in UTC."
        )
    return moment.timestamp()
