"""A rehearsal: play the steps of a rotation, or of the answer to a leaked key, and see which requests are refused.

Nothing is acted out: a real ring of the published training keys, real signatures, real verifiers, and a clock of its
own. So a rehearsal comes out the same each time, in a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit.ground import display
from authkit.ground.clock import TRAINING_START, SteerableClock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.jose.key_set import KeySet, NoKey
from authkit.jose.keys import SigningKey
from authkit.jose.ring import KeyRing
from authkit.jose.sign import sign
from authkit.jose.training_keys import training_key
from authkit.jose.verifier import Verifier

PUBLISH: Final = "publish"
ROTATE: Final = "rotate"
REVOKE: Final = "revoke"
RENEW: Final = "renew"
WAIT_FOR_CACHES: Final = "wait for caches"
WAIT_FOR_TOKENS: Final = "wait for tokens"

ROTATION: Final = (PUBLISH, REVOKE, ROTATE, WAIT_FOR_CACHES, WAIT_FOR_TOKENS)
"""The steps of a rotation, in the order of the alphabet."""

LEAK: Final = (RENEW, REVOKE, ROTATE, WAIT_FOR_CACHES, WAIT_FOR_TOKENS)
"""What may be done about a leaked key, in the order of the alphabet."""

CACHE: Final = 600
"""Seconds for which every API of a rehearsal keeps the JWKS."""

COOLDOWN: Final = 30
"""Seconds after a fetch in which an unknown `kid` causes no other."""

TOKEN_LIFETIME: Final = 86400
"""Seconds for which a good token is in use."""

MOST_STEPS: Final = 12

_SECONDS: Final = {WAIT_FOR_CACHES: CACHE, WAIT_FOR_TOKENS: TOKEN_LIFETIME, RENEW: 60}
_AT_ONCE: Final = 10  # what any other step takes
_AFTERWARDS: Final = 900
_POOL: Final = 8
_LABELS: Final = ("old", "new")
_ISSUER: Final = "https://training.authkit.example/"
_AUDIENCE: Final = "https://orders.example/"


@dataclass(frozen=True)
class Played:
    """A step as it went.

    Attributes:
        at: Seconds since the beginning.
        step: Its name.
        published: The keys in the JWKS after it.
        signs: The key that signs after it.
        asked: Requests with a good token until the next step.
        refused: How many of them were refused.
        under: The keys whose tokens were refused.
        fooled: How many APIs take the forgery at its end.
    """

    at: int
    step: str
    published: tuple[str, ...]
    signs: str
    asked: int
    refused: int
    under: tuple[str, ...]
    fooled: int


@dataclass(frozen=True, repr=False)
class Rehearsal:
    """What came of the steps.

    Attributes:
        steps: Each step as it went; the last line is what happened afterwards.
        leaked: Whether somebody forges tokens with the old key.
        problem: Why a step could not be done, or nothing; then it ended there.
        fooled_until: Seconds after which no API takes the forgery any more; None if one still does in the end.
    """

    steps: tuple[Played, ...]
    leaked: bool
    problem: str
    fooled_until: int | None

    @property
    def asked(self) -> int:
        """Requests with a good token."""
        return sum(one.asked for one in self.steps)

    @property
    def refused(self) -> int:
        """How many of them were refused."""
        return sum(one.refused for one in self.steps)

    @property
    def first_refused(self) -> Played | None:
        """The first step in which a good token was refused."""
        return next((one for one in self.steps if one.refused), None)

    def _title(self) -> str:
        said = f"{self.refused} of {self.asked} requests with a good token were refused."
        if not self.leaked:
            return said
        if self.fooled_until is None:
            return f"{said} The forgery is still taken."
        return f"{said} The forgery was taken for {span(self.fooled_until)}."

    def _head(self) -> tuple[str, ...]:
        head = ("after", "step", "keys in the JWKS", "signs", "good tokens refused")
        return (*head, "forgery taken by") if self.leaked else head

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for one in self.steps:
            keys = ", ".join(one.published)
            refused = f"{one.refused} of {one.asked}; signed by: {', '.join(one.under)}"
            row = (span(one.at), one.step, keys, one.signs, refused if one.refused else "none")
            yield (*row, f"{one.fooled} of 3 APIs") if self.leaked else row

    def __repr__(self) -> str:
        rows = [self._head(), *self._rows()]
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        return "\n".join(filter(None, [self._title(), *lines, self.problem]))

    def _repr_html_(self) -> str:
        shown: list[object] = [display.table(self._head(), self._rows(), caption=self._title())]
        if self.problem:
            shown.append(display.block("IT ENDED HERE", self.problem, tone="refused"))
        return display.join(shown)


def rehearse_rotation(steps: Sequence[str]) -> Rehearsal:
    """Play a planned rotation. At its beginning only the old key is published, and signs.

    Args:
        steps: Names of steps, in order; any of `publish`, `rotate`, `revoke`, `wait for caches`, `wait for tokens`.

    Raises:
        ConfigurationError: There is no such step (`rehearsal.step`).
    """
    return _Stage(leaked=False).play(_checked(steps, ROTATION))


def rehearse_leak(steps: Sequence[str]) -> Rehearsal:
    """Play the answer to a leaked key. At its beginning the next key is published already, as a tenant does.

    Args:
        steps: Names of steps, in order; any of `rotate`, `renew`, `revoke`, `wait for caches`, `wait for tokens`.

    Raises:
        ConfigurationError: There is no such step (`rehearsal.step`).
    """
    return _Stage(leaked=True).play(_checked(steps, LEAK))


class _Api:
    """An API with a cache of the JWKS, as it stood when the curtain rose.

    Args:
        keys: What it has fetched.
        age: How many seconds ago.
        refetches: Whether it fetches for an unknown `kid`, after the cooldown.
    """

    def __init__(self, stage: _Stage, *, age: int, refetches: bool) -> None:
        self._stage = stage
        self._refetches = refetches
        self._fetch()
        self._fetched_at: float = -age

    def takes(self, token: str, kid: str) -> bool:
        """Whether it accepts this token now, fetching as the rules of its cache say."""
        age = self._stage.clock.monotonic() - self._fetched_at
        unknown = isinstance(self._keys.select(kid, "RS256"), NoKey)
        if age >= CACHE or (unknown and self._refetches and age >= COOLDOWN):
            self._fetch()
        return self._verifier.explain(token).outcome == "accepted"

    def _fetch(self) -> None:
        self._keys = KeySet.from_jwks(self._stage.jwks)
        self._fetched_at = self._stage.clock.monotonic()
        self._verifier = Verifier(issuer=_ISSUER, audience=_AUDIENCE, keys=self._keys, clock=self._stage.clock)


class _Stage:
    """A tenant, three APIs, the applications' tokens and perhaps a forger; and time."""

    def __init__(self, *, leaked: bool) -> None:
        self.clock = SteerableClock()
        self._leaked = leaked
        self._ring = KeyRing.start(_key(0), _key(1), now=int(self.clock.now()))
        self._published = {_key(0).kid} if not leaked else {_key(0).kid, _key(1).kid}
        self._apis = (
            _Api(self, age=5, refetches=True),
            _Api(self, age=CACHE - 60, refetches=True),
            _Api(self, age=5, refetches=False),
        )
        self._held: dict[str, tuple[str, float]] = {}  # the newest token under each key, and its end
        self._forgery = self._signed(_key(0), lifetime=30 * TOKEN_LIFETIME, sub="the-boss")
        self._fooled_until: int | None = 0
        self._issue()

    @property
    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """What the tenant publishes now."""
        return {"keys": [jwk for jwk in self._ring.jwks["keys"] if jwk["kid"] in self._published]}

    def play(self, steps: Sequence[str]) -> Rehearsal:
        """Each step in turn, with requests all the while."""
        played = []
        problem = ""
        for step in steps:
            try:
                self._do(step)
            except ConfigurationError as error:
                problem = f"{step}: {error.message}"
                break
            played.append(self._played(step, _SECONDS.get(step, _AT_ONCE)))
            if step == RENEW:  # until its minute is over, somebody still holds the former token
                self._held.clear()
                self._issue()
        if not problem:
            played.append(self._played("afterwards", _AFTERWARDS))
        taken_in_the_end = played and played[-1].fooled
        until = None if problem or taken_in_the_end else self._fooled_until
        return Rehearsal(tuple(played), self._leaked, problem, until)

    def _do(self, step: str) -> None:
        now = int(self.clock.now())
        if step == PUBLISH:
            self._published.add(_key(1).kid)
        elif step == ROTATE:
            self._ring = self._ring.rotate(_key(len(self._ring.keys)), now=now)
            if self._leaked:  # as a tenant does: the key after the next is published with it
                self._published |= {entry.key.kid for entry in self._ring.keys}
        elif step == REVOKE:
            self._ring = self._ring.revoke(_key(0).kid, now=now)

    def _played(self, step: str, seconds: int) -> Played:
        """Let this much time pass, with requests at its beginning, on the way and at its end."""
        at = int(self.clock.monotonic())
        asked = refused = fooled = 0
        under: dict[str, None] = {}
        for moment in _moments(seconds):
            self.clock.advance(seconds=at + moment - self.clock.monotonic())
            self._issue()
            for kid, (token, _) in self._held.items():
                taken = [api.takes(token, kid) for api in self._apis]
                asked += len(taken)
                if not all(taken):
                    refused += taken.count(False)
                    under[_label(kid)] = None
            fooled = sum(api.takes(self._forgery, _key(0).kid) for api in self._apis)
            if fooled:
                self._fooled_until = int(self.clock.monotonic())
        published = tuple(_label(jwk["kid"]) for jwk in self.jwks["keys"])
        return Played(at, step, published, _label(self._ring.current.kid), asked, refused, tuple(under), fooled)

    def _issue(self) -> None:
        """A fresh token for somebody, and the end of those whose time is over."""
        now = self.clock.now()
        self._held = {kid: held for kid, held in self._held.items() if held[1] > now}
        key = self._ring.current
        self._held[key.kid] = (self._signed(key, lifetime=TOKEN_LIFETIME, sub="app@clients"), now + TOKEN_LIFETIME)

    def _signed(self, key: SigningKey, *, lifetime: int, sub: str) -> str:
        now = int(self.clock.now())
        claims = {"iss": _ISSUER, "sub": sub, "aud": _AUDIENCE, "iat": now, "exp": now + lifetime}
        return sign(claims, key, alg="RS256")


def _moments(seconds: int) -> Iterator[int]:
    """When requests come: each minute of the first quarter of an hour, then every two hours, and at the end."""
    yield from range(0, min(seconds, 900), 60)
    yield from range(7200, seconds, 7200)
    yield seconds


@cache
def _key(number: int) -> SigningKey:
    pem = training_key(number).encode()
    private_key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private_key, RSAPrivateKey)
    return SigningKey.certify(private_key, subject="training.authkit.example", now=TRAINING_START.timestamp())


def _label(kid: str) -> str:
    """What a key is called in a rehearsal; after the first two by its number, counted from 1."""
    number = next(number for number in range(_POOL) if _key(number).kid == kid)
    return _LABELS[number] if number < len(_LABELS) else f"key {number + 1}"


def span(seconds: int) -> str:
    """Seconds as people read them: `24 h 10 min 20 s`."""
    hours, rest = divmod(seconds, 3600)
    parts = ((hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def _checked(steps: object, known: tuple[str, ...]) -> Sequence[str]:
    if not isinstance(steps, list | tuple) or len(steps) > MOST_STEPS:
        raise ConfigurationError(
            "rehearsal.steps",
            f"A rehearsal plays a list of at most {MOST_STEPS} names of steps, not {shorten(steps)}.",
            f"Pass a list, as in [{known[0]!r}, {known[1]!r}].",
        )
    for step in steps:
        if step not in [*known]:
            raise ConfigurationError(
                "rehearsal.step",
                f"There is no step {shorten(step)} in this rehearsal.",
                f"The steps are: {', '.join(map(repr, known))}.",
            )
    return steps
