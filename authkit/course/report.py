"""How far a learner is with a lesson, as a bar and in words."""

from __future__ import annotations

from dataclasses import dataclass

from authkit.course.exercise import Exercise
from authkit.course.progress import Standing
from authkit.ground import display

_LIST = "list-style:none;margin:2px 0;padding:0"  # its signs stand where a list has its points


@dataclass(frozen=True, repr=False)
class Report:
    """How far a learner is with a lesson.

    Attributes:
        lesson: Its number.
        lines: Each exercise and how it stands.
        trouble: What is wrong with the file of progress; empty if nothing is.
    """

    lesson: str
    lines: tuple[tuple[Exercise, Standing], ...]
    trouble: str = ""

    @property
    def done(self) -> int:
        """How many exercises are passed."""
        return sum(standing.passed and not standing.stale for _, standing in self.lines)

    @property
    def finish_line(self) -> str:
        """What to show or to call out, as in `06: 3/3`."""
        return f"{self.lesson}: {self.done}/{len(self.lines)}"

    def _words(self) -> list[str]:
        return [
            f"{'✔' if standing.passed and not standing.stale else '–'} {one.id} {one.title}: {_words(standing)}"
            for one, standing in self.lines
        ]

    def __repr__(self) -> str:
        bar = "#" * self.done + "." * (len(self.lines) - self.done)
        lines = [f"{self.finish_line} [{bar}]", *(f"  {line}" for line in self._words()), self.trouble]
        return "\n".join(filter(None, lines))

    def _repr_html_(self) -> str:
        label = f"Exercises passed: {self.finish_line}"
        bar = display.tag("progress", "", value=str(self.done), max=str(len(self.lines)), aria_label=label)
        items = display.tag("ul", display.join(display.tag("li", line) for line in self._words()), style=_LIST)
        trouble = [display.tag("div", self.trouble)] if self.trouble else []
        return display.join([display.tag("div", display.join([bar, f" {self.finish_line}"])), items, *trouble])


def _words(standing: Standing) -> str:
    if standing.stale:
        return "done with an earlier version of this exercise; check it again"
    said = ["passed" if standing.passed else "tried, not passed yet" if standing.tried else "not attempted"]
    if standing.hints:
        said.append("1 hint" if standing.hints == 1 else f"{standing.hints} hints")
    if standing.solution_seen:
        said.append("solution seen")
    if standing.beliefs:
        quoted = ", ".join(f"“{belief}”" for belief in standing.beliefs)
        said.append(f"mistaken on the way: {quoted}")
    return "; ".join(said)
