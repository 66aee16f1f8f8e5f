"""An issued token, with the trace of why it looks as it does."""

from __future__ import annotations

from dataclasses import dataclass

from authkit.ground import display
from authkit.ground.secret import Secret
from authkit.issuance.trace import Trace


@dataclass(frozen=True, kw_only=True, repr=False)
class IssuedToken:
    """A token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

    Attributes:
        access_token: The token: whoever holds it can use it.
        token_type: `Bearer` (RFC 6750).
        expires_in: Seconds until the access token expires.
        scope: What it allows, separated by spaces.
        trace: Every rule it passed, and the origin of every claim.
        id_token: Who logged in, for the application itself; only where `openid` was asked for.
        refresh_token: What brings the next access token; only where `offline_access` was asked for and allowed.
    """

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    trace: Trace
    id_token: str | None = None
    refresh_token: Secret | None = None

    def response(self) -> dict[str, object]:
        """The token response as JSON on the wire."""
        answer: dict[str, object] = {
            "access_token": self.access_token,
            "refresh_token": None if self.refresh_token is None else self.refresh_token.reveal(),
            "id_token": self.id_token,
            "scope": self.scope,
            "expires_in": self.expires_in,
            "token_type": self.token_type,
        }
        return {name: value for name, value in answer.items() if value not in ("", None)}

    def __repr__(self) -> str:
        head = f"IssuedToken({_start(self.access_token, 20)}…, {self.token_type}, expires in {self.expires_in} s)"
        more = [f"  id_token       {_start(self.id_token, 20)}…"] if self.id_token else []
        more += [f"  refresh_token  {self.refresh_token!r}"] if self.refresh_token else []
        return "\n".join([head, *more, repr(self.trace)])

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {
            "access_token": _shortened(self.access_token),
            "token_type": self.token_type,
            "expires_in": f"{self.expires_in} seconds",
            "scope": self.scope or "none",
        }
        if self.id_token:
            facts["id_token"] = _shortened(self.id_token)
        if self.refresh_token:
            facts["refresh_token"] = repr(self.refresh_token)
        rules = display.fold(self.trace.sentence, self.trace.rules_html())
        return display.join([display.fields(facts, caption="Issued token"), self.trace.claims_html(), rules])


def _shortened(token: str) -> str:
    return f"{_start(token, 40)}… ({len(token)} characters)"


def _start(token: str, length: int) -> str:
    """Enough to know it again, and never enough to use it: an opaque token is no longer than 43 characters."""
    return token[: min(length, len(token) // 3)]
