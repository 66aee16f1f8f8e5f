"""An axis of time: where a moment stands on a picture, and round dates below it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from authkit.explore.pictures.sheet import LINE, QUIET, Sheet

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86400
_STEPS: Final = (
    1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200,
    _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY, 180 * _DAY, 365 * _DAY, 730 * _DAY, 1825 * _DAY,
)  # fmt: skip


class TimeAxis:
    """Moments from left to right, with a little room at both ends.

    Args:
        moments: What has to find a place: NumericDates.
        left: The pixel where the axis begins.
        right: Where it ends.
    """

    def __init__(self, moments: Iterable[float], left: float, right: float) -> None:
        known = [*moments]
        room = max(5.0, (max(known) - min(known)) * 0.05)
        self._from, self._to = min(known) - room, max(known) + room
        self.left, self.right = left, right

    def holds(self, moment: float) -> bool:
        """Whether the moment is on the axis."""
        return self._from <= moment <= self._to

    def place(self, moment: float) -> float:
        """The pixel of a moment; of one that is off the axis, the end that is nearer to it."""
        if not self.holds(moment):
            return self.left if moment < self._from else self.right
        return self.left + (moment - self._from) / (self._to - self._from) * (self.right - self.left)

    def pointed(self, label: str, moment: float) -> str:
        """The label of a moment; of one that is off the axis, with an arrow to where it would be."""
        if self.holds(moment):
            return label
        return f"← {label}" if moment < self._from else f"{label} →"

    def draw(self, sheet: Sheet, *, top: float, bottom: float) -> None:
        """Thin lines at round times, and the times below."""
        step = next((step for step in _STEPS if (self._to - self._from) / step <= 6), _STEPS[-1])
        sheet.line([(self.left, bottom), (self.right, bottom)])
        free, day = self.left - 20, ""
        for number in range(math.ceil(self._from / step), math.floor(self._to / step) + 1):
            moment = _EPOCH + timedelta(seconds=number * step)  # not every platform dates times before 1970
            at = self.place(number * step)
            sheet.line([(at, top), (at, bottom)], width=0.7, colour=LINE)
            hour = moment.strftime("%H:%M:%S" if step < 60 else "%H:%M") if step < _DAY else f"{moment:%Y-%m-%d}"
            half = sheet.width_of(hour) / 2
            if at - half < free + 8 or at + half > self.right + 24:
                continue
            sheet.text(at, bottom + 16, hour, colour=QUIET, across="center")
            free = at + half
            if step < _DAY and day != (day := f"{moment:%Y-%m-%d}"):
                sheet.text(at, bottom + 36, day, colour=QUIET, across="center")
