"""A token's rejection: which check refused it, what it saw, what it expected, and the rule behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from authkit.ground.errors import AuthKitError

if TYPE_CHECKING:
    from authkit.jose.context import Check

Rule = Literal["RFC", "our policy"]


class Refusal(NamedTuple):
    """What a check says of a token it does not let pass.

    Attributes:
        reason: Stable name of the fault; with the check's name it makes the code `<check>.<reason>`.
        message: What is wrong, in one sentence.
        seen: What stands in the token, shortened.
        expected: What should stand there.
        remedy: What would repair it, and on whose side.
        rule, source: Whose rule this one fault breaks, and where it stands; empty where it is the check's own.
    """

    reason: str
    message: str
    seen: str
    expected: str
    remedy: str
    rule: Rule | None = None
    source: str = ""


class TokenRejected(AuthKitError):
    """The token is at fault.

    Attributes:
        check: Name of the check that refused, as in `aud`.
        seen: What stands in the token, shortened.
        expected: What should stand there.
        rule: `RFC`, or `our policy` where authkit is stricter than it must be.
        source: The section behind the rule.
    """

    def __init__(
        self, code: str, message: str, remedy: str, *, check: str, seen: str, expected: str, rule: Rule, source: str
    ) -> None:
        super().__init__(code, message, remedy)
        self.check = check
        self.seen = seen
        self.expected = expected
        self.rule = rule
        self.source = source

    @classmethod
    def by(cls, check: Check, refusal: Refusal) -> TokenRejected:
        """The error for what one check found."""
        return cls(
            f"{check.name}.{refusal.reason}",
            refusal.message,
            refusal.remedy,
            check=check.name,
            seen=refusal.seen,
            expected=refusal.expected,
            rule=refusal.rule or check.rule,
            source=refusal.source or check.source,
        )
