"""The decision trace: which rule let a request pass or refused it, and where every claim comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from authkit.ground import display

Outcome = Literal["passed", "refused", "not reached"]
_TONES: dict[Outcome, str] = {"passed": "accepted", "refused": "refused", "not reached": "skipped"}


class RuleResult(NamedTuple):
    """What one rule of the grant said.

    Attributes:
        name: The rule, as in `client_grant`.
        question: What it asks.
        outcome: `passed`, `refused` or `not reached`.
        note: What it saw, in a few words.
        setting: Which setting decides it, as code.
        source: The section behind it, or the vendor's documentation.
    """

    name: str
    question: str
    outcome: Outcome
    note: str
    setting: str
    source: str


class ClaimOrigin(NamedTuple):
    """Why a claim stands in a token.

    Attributes:
        claim: Its name.
        value: Its value.
        origin: Where the value comes from, in a few words.
        setting: Which setting decides it, as code; empty where none does.
    """

    claim: str
    value: object
    origin: str
    setting: str


@dataclass(frozen=True, repr=False)
class Trace:
    """Every rule in order, and the origin of every claim.

    Attributes:
        rules: What each rule said.
        claims: The claims of the access token; none if a rule refused, or if the token is opaque.
        id_claims: The claims of the ID token, where there is one.
    """

    rules: tuple[RuleResult, ...]
    claims: tuple[ClaimOrigin, ...] = ()
    id_claims: tuple[ClaimOrigin, ...] = ()

    @property
    def refusing(self) -> RuleResult | None:
        """The rule that refused, or None."""
        return next((rule for rule in self.rules if rule.outcome == "refused"), None)

    @property
    def sentence(self) -> str:
        """The outcome in one sentence."""
        if self.refusing is None:
            return f"Issued: all {len(self.rules)} rules passed."
        number = self.rules.index(self.refusing) + 1
        return f"Refused by rule {number}, {self.refusing.name}: {self.refusing.note}."

    def __repr__(self) -> str:
        lines = [self.sentence]
        width, digits = max([13, *(len(rule.name) for rule in self.rules)]), len(str(len(self.rules)))
        for number, rule in enumerate(self.rules, start=1):
            sign = display.TONES[_TONES[rule.outcome]][0]
            lines.append(f"  {number:>{digits}}. {sign} {rule.name:<{width}} {rule.outcome:<11} {rule.note}".rstrip())
        lines += _lines(self.claims)
        lines += ["ID token", *_lines(self.id_claims)] if self.id_claims else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return display.join([display.tag("div", self.sentence), self.claims_html(), self.rules_html()])

    def rules_html(self) -> display.Html:
        """The rules as a table, numbered."""
        rows = (
            (
                number,
                display.badge(_TONES[rule.outcome], rule.outcome),
                display.name(rule.name),
                display.join([rule.question, display.tag("div", rule.note)]),
                display.name(rule.setting),
                rule.source,
            )
            for number, rule in enumerate(self.rules, start=1)
        )
        return display.table(("", "outcome", "rule", "what it asks", "setting", "source"), rows, caption="Rules")

    def claims_html(self) -> display.Html:
        """The claims as a table, each with its origin; those of an ID token in one of their own."""
        tables = (("Claims", self.claims), ("Claims of the ID token", self.id_claims))
        return display.join(_claims_table(caption, claims) for caption, claims in tables if claims)


def _lines(claims: tuple[ClaimOrigin, ...]) -> list[str]:
    width = max([6, *(len(item.claim) for item in claims)])
    return [f"  {item.claim:<{width}} {display.printable(item.value)} – {item.origin}" for item in claims]


def _claims_table(caption: str, claims: tuple[ClaimOrigin, ...]) -> display.Html:
    rows = ((display.name(item.claim), item.value, item.origin, display.name(item.setting)) for item in claims)
    return display.table(("claim", "value", "where it comes from", "setting"), rows, caption=caption)
