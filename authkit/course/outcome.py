"""What a check says: one of four outcomes, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from authkit.ground import display

Kind = Literal["passed", "not attempted", "try again", "error"]

TITLES: Final = MappingProxyType(
    {
        "passed": "PASSED",
        "not attempted": "NOT ATTEMPTED",
        "try again": "TRY AGAIN",
        "error": "ERROR IN YOUR CODE",
    }
)
_TONES: Final = MappingProxyType(
    {"passed": "accepted", "not attempted": "plain", "try again": "refused", "error": "refused"}
)


@dataclass(frozen=True, repr=False)
class Outcome:
    """The outcome of one check.

    Attributes:
        exercise: Which exercise, as in `05 q1`.
        kind: `passed`, `not attempted`, `try again` or `error`.
        feedback: What was observed, why that matters, and one next question; never the expected answer.
        belief: The misconception that the answer points to, as a stable name; empty if none.
        note: What became of the note of it, where something is wrong with the file of progress; else empty.
    """

    exercise: str
    kind: Kind
    feedback: str
    belief: str = ""
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the exercise is done."""
        return self.kind == "passed"

    def __repr__(self) -> str:
        said = f"{TITLES[self.kind]} ({self.exercise}). {display.printable(self.feedback)}"
        return f"{said}\n{self.note}" if self.note else said

    def _repr_html_(self) -> str:
        title = f"{TITLES[self.kind]} – {self.exercise}"
        said = display.block(title, display.printable(self.feedback), tone=_TONES[self.kind])
        return display.join([said, display.tag("div", self.note)]) if self.note else said
