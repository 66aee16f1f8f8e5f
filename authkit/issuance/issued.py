"""An issued token, with the trace of why it looks as it does."""

from __future__ import annotations

from dataclasses import dataclass

from authkit.ground import display
from authkit.issuance.trace import Trace


@dataclass(frozen=True, kw_only=True, repr=False)
class IssuedToken:
    """A token response (RFC 6749 §5.1).

    Attributes:
        access_token: The token: whoever holds it can use it.
        token_type: `Bearer` (RFC 6750).
        expires_in: Seconds until it expires.
        scope: What it allows, separated by spaces.
        trace: Every rule it passed, and the origin of every claim.
    """

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    trace: Trace

    def response(self) -> dict[str, object]:
        """The token response as JSON on the wire."""
        answer: dict[str, object] = {
            "access_token": self.access_token,
            "scope": self.scope,
            "expires_in": self.expires_in,
            "token_type": self.token_type,
        }
        return {name: value for name, value in answer.items() if value != ""}

    def __repr__(self) -> str:
        head = f"IssuedToken({self.access_token[:20]}…, {self.token_type}, expires in {self.expires_in} s)"
        return f"{head}\n{self.trace!r}"

    def _repr_html_(self) -> str:
        facts = {
            "access_token": f"{self.access_token[:40]}… ({len(self.access_token)} characters)",
            "token_type": self.token_type,
            "expires_in": f"{self.expires_in} seconds",
            "scope": self.scope or "none",
        }
        rules = display.fold(self.trace.sentence, self.trace.rules_html())
        return display.join([display.fields(facts, caption="Issued token"), self.trace.claims_html(), rules])
