"""A step of a flow: one message between two actors, each of its values with where it came from."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from authkit.ground import chance
from authkit.ground.display import printable
from authkit.ground.secret import Secret
from authkit.issuance.families import Family
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.trace import Trace
from authkit.registry.models import Api, Application, User
from authkit.tenant import Tenant

USER: Final = "user"
BROWSER: Final = "browser"
APPLICATION: Final = "application"
THIEF: Final = "thief"
TENANT: Final = "tenant"
API: Final = "API"
ACTORS: Final = (USER, BROWSER, APPLICATION, THIEF, TENANT, API)
"""Everybody, from left to right."""

FORM: Final = "POST /oauth/token"
CALLBACK: Final = "https://shop.example/callback"
Outcome = Literal["", "accepted", "refused", "undecided"]


class Value(NamedTuple):
    """One value of a message.

    Attributes:
        name: What it is called on the wire.
        shown: The value; a secret masked, a live code or token shortened.
        origin: Where it came from, in a short phrase.
    """

    name: str
    shown: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One message.

    Attributes:
        place: Its number among the flow's titles, from 0.
        sender, receiver: The actors; the same one where it works for itself.
        line: The request line, the status line, or what the actor does.
        note: What there is to see, in a sentence or two.
        values: The values of the message.
        outcome: What became of the request it answers; empty where it answers none.
        setting: The setting that decided, as code; empty where none did.
        remedy: What would repair a refusal.
        asks_consent: Whether the user has to accept or decline now.
        last: Whether the flow ends here.
        trace: The rules behind it.
        family: The refresh tokens as they were then.
    """

    place: int
    sender: str
    receiver: str
    line: str
    note: str = ""
    values: tuple[Value, ...] = ()
    outcome: Outcome = ""
    setting: str = ""
    remedy: str = ""
    asks_consent: bool = False
    last: bool = False
    trace: Trace | None = None
    family: Family | None = None


Run = Generator[Step, bool | None, None]
"""A flow that is under way: its steps come out one by one, the user's answer goes in."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who plays in a run.

    Attributes:
        tenant: The tenant.
        client_id: The application.
        audience: The API's identifier; None asks for no API.
        user_id: The user; empty where the flow has none.
        scope: The scopes asked for, separated by spaces; empty leaves it to the flow.
    """

    tenant: Tenant[Any]
    client_id: str
    audience: str | None
    user_id: str
    scope: str

    @property
    def application(self) -> Application:
        """The application as it is now."""
        return self.tenant.applications.get(self.client_id)

    @property
    def api(self) -> Api | None:
        """The API as it is now."""
        return None if self.audience is None else self.tenant.apis.find(self.audience)

    @property
    def user(self) -> User:
        """The user as it is now."""
        return self.tenant.users.get(self.user_id)

    @property
    def redirect_uri(self) -> str:
        """Where the user is sent back to."""
        return next(iter(self.application.callbacks), CALLBACK)

    def draw(self, kind: str) -> str:
        """A fresh text that nobody can guess, as the application would draw one."""
        return chance.text(self.tenant.registry.chance.value(f"flow_{kind}"))


def values(rows: Mapping[str, tuple[object, str]]) -> tuple[Value, ...]:
    """The values of a message, without those that are not sent."""
    return tuple(
        Value(name, printable(shown), origin) for name, (shown, origin) in rows.items() if shown not in (None, "")
    )


def masked(secret: Secret | str | None) -> str:
    """A secret by its length alone."""
    return "" if secret is None else f"masked, {len(secret)} characters"


def shortened(token: str) -> str:
    """Enough to know a token again, and never enough to use it."""
    return f"{token[: min(20, len(token) // 3)]}… ({len(token)} characters)"


def client(cast: Cast) -> dict[str, tuple[object, str]]:
    """How the application names and proves itself."""
    application = cast.application
    return {
        "client_id": (application.client_id, "given at registration; public"),
        "client_secret": (masked(application.client_secret), "given with the client_id"),
    }


def refused(place: int, error: GrantRefused, *, to: str = APPLICATION, **more: Any) -> Step:
    """The answer of a tenant that refuses."""
    rule = error.trace.refusing
    number = error.trace.rules.index(rule) + 1 if rule is not None else 0
    rows = {
        "error": (error.error, f"rule {number}: {rule.name}" if rule is not None else ""),
        "error_description": (error.description, "what a client is told"),
    }
    given: dict[str, Any] = {
        "line": f"HTTP {error.status}",
        "note": error.trace.sentence,
        "values": values(rows),
        "setting": rule.setting if rule is not None else "",
        "remedy": error.remedy,
        "last": True,
    }
    return Step(place=place, sender=TENANT, receiver=to, outcome="refused", trace=error.trace, **{**given, **more})


def issued(place: int, cast: Cast, tokens: IssuedToken, *, to: str = APPLICATION, **more: Any) -> Step:
    """The answer of a tenant that issues."""
    scope = next((one.origin for one in tokens.trace.claims if one.claim == "scope"), "what was granted")
    lifetime = "the API’s token_lifetime (s)" if tokens.trace.claims else "seconds, for any opaque token"
    rows: dict[str, tuple[object, str]] = {
        "access_token": (shortened(tokens.access_token), _signed(cast, tokens)),
        "refresh_token": (masked(tokens.refresh_token), "drawn, for offline_access"),
        "id_token": (shortened(tokens.id_token) if tokens.id_token else "", "who logged in, for openid"),
        "scope": (tokens.scope, scope),
        "expires_in": (tokens.expires_in, lifetime),
        "token_type": (tokens.token_type, "whoever bears it may use it"),
    }
    given: dict[str, Any] = {
        "line": "HTTP 200",
        "note": tokens.trace.sentence,
        "outcome": "accepted",
        "values": values(rows),
    }
    return Step(place=place, sender=TENANT, receiver=to, trace=tokens.trace, **{**given, **more})


def called(place: int, access_token: str) -> Step:
    """The call of an API with the token."""
    return Step(
        place=place, sender=APPLICATION, receiver=API, line="GET /orders",
        note="The token travels in the Authorization header, and nowhere else.",
        values=values({"Authorization": (f"Bearer {shortened(access_token)}", "the access_token that came")}),
    )  # fmt: skip


def brief(text: str | None) -> str:
    """The start of a text that is no secret and too long to compare by eye."""
    return f"{text[:14]}…" if text else ""


def _signed(cast: Cast, tokens: IssuedToken) -> str:
    api = cast.api
    if not tokens.trace.claims or api is None:
        return "opaque: no audience, so no JWT"
    if api.signing_alg == "HS256":
        return "a JWT under the API’s secret"
    return f"a JWT under key {cast.tenant.keys.current.kid[:8]}…"
