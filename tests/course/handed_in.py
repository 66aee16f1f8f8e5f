"""What learners hand in: wrong answers by the mistake they make, and right ones that are written in another way."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mutant:
    """A wrong answer.

    Attributes:
        code: What stands in the exercise's cell in place of its beginning.
        belief: The misconception that the check must name; empty where none is behind it.
    """

    code: str
    belief: str = ""


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What is handed in for one exercise, beside its own solution.

    Attributes:
        mutants: Wrong answers by a name that says what is wrong.
        others: Right answers.
    """

    mutants: Mapping[str, Mutant]
    others: tuple[str, ...] = field(default=())
