"""A verdict: every check in order, what it found, and what would repair it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from authkit.ground import display
from authkit.jose.claims import Claims
from authkit.jose.rejection import Rule

Status = Literal["passed", "failed", "skipped", "undecided"]
Outcome = Literal["accepted", "refused", "undecided"]

_TONES = {"passed": "accepted", "failed": "refused", "skipped": "skipped", "undecided": "undecided"}
_SIGNS = {status: display.TONES[tone][0] for status, tone in _TONES.items()}


class CheckResult(NamedTuple):
    """What one check found.

    Attributes:
        name: The check, as in `aud`.
        question: What it asks.
        rule: `RFC`, or `our policy` where authkit is stricter than it must be.
        source: The section behind the rule.
        status: `passed`, `failed`, `skipped` (the note says why) or `undecided` (the keys are out of reach).
        code: The refusal's code, `<check>.<reason>`; empty unless it failed or is undecided.
        note: One sentence of what was found.
        seen, expected: What stands in the token and what should; empty where nothing is at fault.
        remedy: What would repair it.
    """

    name: str
    question: str
    rule: Rule
    source: str
    status: Status
    code: str = ""
    note: str = ""
    seen: str = ""
    expected: str = ""
    remedy: str = ""


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a verifier makes of a token, check by check.

    Attributes:
        outcome: `accepted`, `refused`, or `undecided` while the issuer's keys are out of reach.
        checks: Every check in the order it ran.
        claims: The claims, only if accepted.
    """

    outcome: Outcome
    checks: tuple[CheckResult, ...]
    claims: Claims | None

    @property
    def decisive(self) -> CheckResult | None:
        """The first check that did not pass: the one that decided. None if accepted."""
        return next((check for check in self.checks if check.status in ("failed", "undecided")), None)

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        decisive = self.decisive
        if decisive is None:
            return f"ACCEPTED: all {len(self.checks)} checks passed"
        return f"{self.outcome.upper()} by the check {decisive.name!r}"

    def __repr__(self) -> str:
        lines = [self.headline]
        if self.decisive is not None:
            lines += [f"  {self.decisive.note} [{self.decisive.code}]", f"  Repair: {self.decisive.remedy}"]
        for check in self.checks:
            note = f" – {check.note}" if check.note and check is not self.decisive else ""
            lines.append(f"  {_SIGNS[check.status]} {check.name:<9} {check.status}{note}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return display.join([self.headline_html(), display.fold("Every check, in order", self.checks_html())])

    def headline_html(self) -> display.Html:
        """The outcome and the check that decided, large."""
        if self.decisive is None:
            sentence = "The signature is the issuer's, and the claims are for this API and for now."
            return display.block(self.headline, sentence, tone="accepted")
        decisive = self.decisive
        return display.block(self.headline, decisive.note, tone=self.outcome, note=decisive.remedy, code=decisive.code)

    def checks_html(self) -> display.Html:
        """Every check as a row of a table."""
        rows = (
            (
                display.badge(_TONES[check.status], check.status),
                display.name(check.name),
                display.join([check.question, display.tag("div", check.note) if check.note else ""]),
                f"{check.rule}: {check.source}" if check.rule == "our policy" else check.source,
            )
            for check in self.checks
        )
        return display.table(("outcome", "check", "what it asks", "rule"), rows)
