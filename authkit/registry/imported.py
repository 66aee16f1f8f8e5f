"""What an import did: how much came in, what was left out, and what someone should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from authkit.ground import display
from authkit.registry.risks import Risk

NOUNS: Final = {
    "resource_servers": ("API", "APIs"),
    "clients": ("application", "applications"),
    "client_grants": ("client grant", "client grants"),
    "roles": ("role", "roles"),
    "users": ("user", "users"),
}
"""The parts of an export, in the order in which they build on each other, and what each holds."""

SPELLINGS: Final = {"resourceServers": "resource_servers", "clientGrants": "client_grants"}
"""What the vendor's deploy tool calls parts, and what they are called here."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Imported:
    """What an import did.

    Attributes:
        counts: How many were made of each part, as in `{"resource_servers": 2, ...}`.
        notes: What was left out or made anew, in sentences.
        risks: What is allowed and risky.
    """

    counts: Mapping[str, int]
    notes: tuple[str, ...]
    risks: tuple[Risk, ...]

    @property
    def in_words(self) -> str:
        """The counts as a sentence."""
        parts = [f"{number} {NOUNS[part][number != 1]}" for part, number in self.counts.items()]
        return f"Imported: {', '.join(parts)}"

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each line for a terminal, with its tone."""
        yield self.in_words, "accepted"
        for note in self.notes:
            yield f"  Note: {note}", "plain"
        for risk in self.risks:
            first, *rest = repr(risk).split("\n")
            yield f"  Risk: {first}", "undecided"
            yield from ((f"      {line}", "plain") for line in rest)

    def __repr__(self) -> str:
        return "\n".join(line for line, _ in self.lines())

    def _repr_html_(self) -> str:
        parts: list[object] = [display.tag("div", display.badge("accepted", self.in_words))]
        if self.notes:
            parts.append(display.tag("ul", display.join(display.tag("li", note) for note in self.notes)))
        if self.risks:
            rows = ((risk.where, risk.what, risk.remedy) for risk in self.risks)
            parts.append(display.table(("where", "risk", "repair"), rows, caption=f"Risks: {len(self.risks)}"))
        return display.tag("div", display.join(parts))
