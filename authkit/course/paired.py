"""Learning is measured: eight questions before, eight of the same kind after, each with how sure one is."""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from authkit.course.lesson import Saying
from authkit.course.paired_questions import PAIRS, Wording
from authkit.course.progress import ANSWERED, Progress
from authkit.course.todo import TODO, Todo
from authkit.ground import display
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError

TIMES: Final = ("before", "after")
LESSON: Final = "questions"
"""Under which name the answers stand among the learner's progress."""

SURE: Final = 3
"""From which number on one counts as sure: 1 is a guess, 4 is sure."""

_SPELLING: Final = re.compile(r"\s*([A-C])\s*([1-4])\s*", re.IGNORECASE)
_HOW: Final = (
    "Answer each with a letter and with how sure you are, from 1 (a guess) to 4 (sure): "
    'questions.answer(a="B1", b="C4", ...)'
)


class Given(NamedTuple):
    """An answer.

    Attributes:
        letter: Which one was chosen.
        sure: From 1, a guess, to 4.
    """

    letter: str
    sure: int


class Questions:
    """The eight questions in one of their clothings.

    Args:
        time: `before` or `after`.
        progress: Where answers are noted.

    Raises:
        ConfigurationError: There is no such time (`questions.no_time`).
    """

    def __init__(self, time: str, progress: Progress) -> None:
        if time not in TIMES:
            raise ConfigurationError(
                "questions.no_time", f"The questions are asked before and after, not {shorten(time)}.",
                f"Choose one of: {', '.join(map(repr, TIMES))}.",
            )  # fmt: skip
        self.time = time
        self._progress = progress

    def answer(self, **answers: str | Todo) -> Saying | Comparison:
        """Note your answers; those given earlier are replaced. Before, nothing is told of them; after, all is.

        Args:
            **answers: By the question's letter, the answer's letter and how sure you are, as in `a="B3"`. Empty ones
                are left out.

        Raises:
            ConfigurationError: No such question, or no such answer; nothing was noted.
        """
        given = {name: _read(name, said) for name, said in answers.items() if said != "" and said is not TODO}
        known = self._noted(self.time)
        for name, one in given.items():
            if known.get(name) != one:  # a cell that is run again says nothing new
                content = _content(_wordings(self.time)[name])
                self._progress.note(LESSON, f"{self.time} {name}", content, ANSWERED, f"{one.letter}{one.sure}")
        trouble = self._progress.trouble
        known |= given
        known = {name: known[name] for name in PAIRS if name in known}
        if not known:
            return Saying("No answers yet", _HOW)
        if self.time == "after":
            return Comparison(self._noted("before"), known, trouble)
        still_open = ", ".join(name for name in PAIRS if name not in known)
        words = "You will meet these ideas again in lesson 06." + (f" Open: {still_open}." if still_open else "")
        return Saying(f"Noted: {len(known)} of {len(PAIRS)}" if not trouble else "Not noted", trouble or words)

    def _noted(self, time: str) -> dict[str, Given]:
        wordings = _wordings(time)
        found = {
            name: self._progress.answer(LESSON, f"{time} {name}", _content(wording))
            for name, wording in wordings.items()
        }
        return {name: _read(name, said) for name, said in found.items() if said}

    def __repr__(self) -> str:
        lines = []
        for name, wording in _wordings(self.time).items():
            lines += [
                f"{name}  {wording.title}",
                *(f"     {letter}  {text}" for letter, text in wording.options.items()),
            ]
        return "\n".join([*lines, _HOW])

    def _repr_html_(self) -> str:
        rows = (
            (
                name,
                display.join(
                    [display.tag("div", wording.title)]
                    + [
                        display.join([display.tag("strong", letter), f" {text} \u2003"])
                        for letter, text in wording.options.items()
                    ]
                ),
            )
            for name, wording in _wordings(self.time).items()
        )
        return display.join([display.table(("", "question and answers"), rows), display.tag("div", _HOW)])


class Comparison:
    """What was right before and after, and where one was sure and wrong.

    Args:
        before: The answers of before, by question.
        after: The answers of after.
        trouble: Why they could not be saved; empty if they were.
    """

    def __init__(self, before: dict[str, Given], after: dict[str, Given], trouble: str = "") -> None:
        self._before = before
        self._after = after
        self._trouble = trouble

    @property
    def right(self) -> tuple[int, int]:
        """How many answers were right, before and after."""
        return _right(self._before, "before"), _right(self._after, "after")

    @property
    def sure_and_wrong(self) -> tuple[str, ...]:
        """The questions that were answered wrong, and with confidence, after."""
        wordings = _wordings("after")
        return tuple(
            name for name, one in self._after.items() if one.letter != wordings[name].right and one.sure >= SURE
        )

    def _headline(self) -> str:
        before, after = self.right
        first = f"{before} of {len(self._before)} right before, " if self._before else ""
        return f"{first}{after} of {len(self._after)} right after."

    def _rows(self) -> list[tuple[str, str, str, str, str]]:
        return [
            (name, _shown(self._before.get(name), pair.before), _shown(self._after[name], pair.after), pair.reason,
             pair.lesson)
            for name, pair in PAIRS.items() if name in self._after
        ]  # fmt: skip

    def _worth_a_look(self) -> str:
        if not self.sure_and_wrong:
            return ""
        lessons = ", ".join(dict.fromkeys(PAIRS[name].lesson for name in self.sure_and_wrong))
        return f"You were sure of {', '.join(self.sure_and_wrong)}, and wrong: read lesson {lessons} again first."

    def __repr__(self) -> str:
        rows = [
            f"  {name}  before: {old}; after: {new}. {why} (lesson {where})"
            for name, old, new, why, where in self._rows()
        ]
        return "\n".join(filter(None, [self._headline(), self._worth_a_look(), *rows, self._trouble]))

    def _repr_html_(self) -> str:
        words = [display.tag("div", display.tag("strong", self._headline()))]
        words += [display.tag("div", more) for more in (self._worth_a_look(), self._trouble) if more]
        return display.join([*words, display.table(("", "before", "after", "why", "lesson"), self._rows())])


def _wordings(time: str) -> dict[str, Wording]:
    return {name: pair.before if time == "before" else pair.after for name, pair in PAIRS.items()}


def _read(name: str, said: object) -> Given:
    if name not in PAIRS:
        raise ConfigurationError(
            "questions.unknown", f"There is no question {shorten(name)}.", f"They are {', '.join(PAIRS)}."
        )
    found = _SPELLING.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        raise ConfigurationError(
            "questions.no_answer",
            f"{name}: {shorten(said)} is no answer. It is a letter from A to C and a number from 1 to 4.",
            f'Write it like {name}="B3": B, and fairly sure.',
        )
    return Given(found[1].upper(), int(found[2]))


def _right(given: dict[str, Given], time: str) -> int:
    wordings = _wordings(time)
    return sum(one.letter == wordings[name].right for name, one in given.items())


def _shown(given: Given | None, wording: Wording) -> str:
    if given is None:
        return "–"
    verdict = "right" if given.letter == wording.right else "wrong"
    return f"{given.letter}, {verdict}, {'sure' if given.sure >= SURE else 'not sure'}"


def _content(wording: Wording) -> str:
    text = "\0".join((wording.title, *wording.options.values(), wording.right))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
