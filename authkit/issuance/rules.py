"""The rule engine: the rules of a flow in order, run to the first refusal, and what each of them said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from authkit.ground.display import printable
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.trace import Outcome, RuleResult, Trace

R = TypeVar("R")


KEEPS_403 = "The original answers 403 here, RFC 6749 §5.2 says 400: this tenant keeps the original."
"""Where an `invalid_grant` has the original's status."""


class Refusal(NamedTuple):
    """Why a rule lets a request not pass.

    Attributes:
        error: The OAuth error code.
        status: The HTTP status that goes with it.
        description: What the client is told.
        note: What the rule saw, in a few words: for the trace, which the client does not get.
        remedy: What would repair it.
        logged: What the log says, where the description repeats what was merely sent.
    """

    error: str
    status: int
    description: str
    note: str
    remedy: str
    logged: str = ""


@dataclass(frozen=True)
class Rule(Generic[R]):
    """One rule of a flow.

    Attributes:
        name: As in `client_grant`.
        question: What it asks.
        setting: Which setting decides it, as code.
        source: The section behind it, or the vendor's documentation.
        run: What it saw, or why it refuses; it may leave in the request what it found.
    """

    name: str
    question: str
    setting: str
    source: str
    run: Callable[[R], str | Refusal]


class Rules(Generic[R]):
    """The rules of a flow, in the order in which they are declared."""

    def __init__(self) -> None:
        self._declared: list[Rule[R]] = []

    def declare(
        self, setting: str, source: str
    ) -> Callable[[Callable[[R], str | Refusal]], Callable[[R], str | Refusal]]:
        """Declare the next rule: its name is the function's, its question the docstring."""

        def declare(run: Callable[[R], str | Refusal]) -> Callable[[R], str | Refusal]:
            self._declared.append(Rule(run.__name__, run.__doc__ or "", setting, source, run))
            return run

        return declare

    def run(
        self, request: R, *, before: tuple[RuleResult, ...] = (), after: tuple[RuleResult, ...] = ()
    ) -> tuple[RuleResult, ...]:
        """What every rule said, if all of them passed.

        Args:
            request: What they look at.
            before: What the rules of an earlier stage said.
            after: The rules of a later stage, which a refusal keeps from being reached.

        Raises:
            GrantRefused: The first rule that refused, with the full trace.
        """
        results = list(before)
        for rule in self._declared:
            said = rule.run(request)
            if isinstance(said, Refusal):
                raise self.refused(rule.name, said, before=tuple(results), after=after)
            results.append(_result(rule, "passed", said))
        return tuple(results)

    def refused(
        self, name: str, said: Refusal, *, before: tuple[RuleResult, ...], after: tuple[RuleResult, ...] = ()
    ) -> GrantRefused:
        """The refusal by one of these rules, those before it passed and those behind it not reached."""
        at = [rule.name for rule in self._declared].index(name)
        results = (*before, _result(self._declared[at], "refused", said.note), *self.not_reached(at + 1), *after)
        return GrantRefused(
            said.error, said.description, status=said.status, remedy=said.remedy, trace=Trace(tuple(results)),
            logged=said.logged,
        )  # fmt: skip

    def not_reached(self, start: int = 0) -> tuple[RuleResult, ...]:
        """The rules as they stand in the trace of a request that was refused earlier."""
        return tuple(_result(rule, "not reached", "") for rule in self._declared[start:])


def _result(rule: Rule[R], outcome: Outcome, note: str) -> RuleResult:
    # A note names applications and what was sent: spelt out, none of it moves a cursor or writes a line of its own.
    return RuleResult(rule.name, rule.question, outcome, printable(note), rule.setting, rule.source)
