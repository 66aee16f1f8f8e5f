"""The verifier: one ordered path of checks, run to the first refusal or explained to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from authkit.ground import display
from authkit.ground.clock import Clock, SystemClock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.checks import CHECKS
from authkit.jose.claims import Claims
from authkit.jose.context import Check, Context
from authkit.jose.key_set import KeySet
from authkit.jose.policy import AUTH0_ACCESS_TOKEN, Policy
from authkit.jose.rejection import TokenRejected
from authkit.jose.remote import RemoteKeySet
from authkit.jose.verdict import CheckResult, Status, Verdict

T = TypeVar("T")


class Verifier:
    """Decides whether a token is one for this API (RFC 7519 §7.2, RFC 8725, RFC 9068 §4).

    Args:
        issuer: The one issuer that is trusted, compared exactly.
        audience: The API's identifier, compared exactly.
        keys: Where the issuer's keys come from; a mapping is read as a JWKS.
        algorithms: What the API records. A token never chooses.
        policy: What else is insisted on.
        clock: Whose time counts.

    Raises:
        ConfigurationError: An argument that would verify nothing.
        KeySetError: The mapping is no usable JWKS.
    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: KeySet | RemoteKeySet | Mapping[str, Any],
        algorithms: Sequence[str] = ("RS256",),
        policy: Policy = AUTH0_ACCESS_TOKEN,
        clock: Clock | None = None,
    ) -> None:
        self.issuer = _name("issuer", issuer)
        self.audience = _name("audience", audience)
        self.algorithms = _known(algorithms)
        self.keys = keys if isinstance(keys, KeySet | RemoteKeySet) else KeySet.from_jwks(keys)
        self.policy = _of_kind("policy", policy, Policy, "authkit.RFC9068 or another Policy")
        self.clock = _telling_time(
            _of_kind("clock", SystemClock() if clock is None else clock, Clock, "tenant.clock or another Clock")
        )

    def verify(self, token: str) -> Claims:
        """The claims of the token, every one of them checked.

        Raises:
            TokenRejected: The first check that refused; `code` is `<check>.<reason>`.
            KeySetError: The issuer's keys are out of reach, which is no fault of the token.
        """
        context = self._context(token)
        for check in CHECKS:
            refusal = check.run(context)
            if refusal is not None:
                raise TokenRejected.by(check, refusal)
        assert context.payload is not None
        return Claims(context.payload)

    def explain(self, token: str) -> Verdict:
        """Every check in order, the first failure and what would repair it. Never raises for a token."""
        context = self._context(token)
        results: list[CheckResult] = []
        signed = False
        for check in CHECKS:
            result = _examine(check, context, signed)
            signed = signed or (check.name == "signature" and result.status == "passed")
            results.append(result)
        decisive = next((result for result in results if result.status in ("failed", "undecided")), None)
        if decisive is None:
            assert context.payload is not None
            return Verdict("accepted", tuple(results), Claims(context.payload))
        return Verdict("undecided" if decisive.status == "undecided" else "refused", tuple(results), None)

    def _context(self, token: object) -> Context:
        return Context(
            token,
            policy=self.policy,
            issuer=self.issuer,
            audience=self.audience,
            algorithms=self.algorithms,
            keys=self.keys,
            now=self.clock.now(),
        )

    def __repr__(self) -> str:
        allowed = " or ".join(self.algorithms)
        return f"Verifier(issuer={self.issuer!r}, audience={self.audience!r}, {allowed}, policy {self.policy.label})"

    def _repr_html_(self) -> str:
        facts = {
            "issuer": self.issuer,
            "audience": self.audience,
            "algorithms": " or ".join(self.algorithms),
            "policy": self.policy.label,
            "keys": repr(self.keys),
        }
        return display.fields(facts, caption="Verifier: what a token must be to pass")


def _examine(check: Check, context: Context, signed: bool) -> CheckResult:
    if any(getattr(context, need) is None for need in check.needs):
        return _result(check, "skipped", note="not reached: it needs what an earlier check did not find")
    try:
        refusal = check.run(context)
    except KeySetError as error:
        return _result(check, "undecided", code=error.code, note=error.message, remedy=error.remedy)
    if "payload" in check.needs and not signed:
        # Without a good signature anyone may have written these claims: nothing about them has passed or failed.
        would = "would match" if refusal is None else f"would be refused ({check.name}.{refusal.reason})"
        return _result(check, "skipped", note=f"not trusted; {would}")
    if refusal is None:
        return _result(check, "passed")
    return CheckResult(
        check.name,
        check.question,
        refusal.rule or check.rule,
        refusal.source or check.source,
        "failed",
        f"{check.name}.{refusal.reason}",
        refusal.message,
        refusal.seen,
        refusal.expected,
        refusal.remedy,
    )


def _result(check: Check, status: Status, *, code: str = "", note: str = "", remedy: str = "") -> CheckResult:
    return CheckResult(check.name, check.question, check.rule, check.source, status, code, note, remedy=remedy)


def _name(argument: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise ConfigurationError(
        f"verifier.{argument}",
        f"A verifier needs the {argument} as text, not {shorten(value)}.",
        f"Pass {argument}=... as text: without it a token from or for anyone would pass.",
    )


def _known(algorithms: Sequence[str]) -> tuple[str, ...]:
    try:
        names = () if isinstance(algorithms, str) else tuple(algorithms)
    except TypeError:
        names = ()
    if not names or any(name not in [*ALGORITHMS] for name in names):
        raise ConfigurationError(
            "verifier.algorithms",
            f"A verifier needs a list of known algorithms, not {shorten(algorithms)}.",
            f'Pass what the API records, as in algorithms=["RS256"]. Known are {", ".join(ALGORITHMS)}.',
        )
    return names


def _telling_time(clock: Clock) -> Clock:
    """The same clock, if its `now()` gives a number: else each token would end in a TypeError."""
    try:
        now: object = clock.now()
    except Exception as failure:  # a class is no clock: its now() lacks self
        now = failure
    if isinstance(now, int | float) and not isinstance(now, bool):
        return clock
    raise ConfigurationError(
        "verifier.clock",
        f"A clock's now() gives seconds since 1970 as an int or float; that of {shorten(clock)} gives {shorten(now)}.",
        "Pass a clock, not its class, as in clock=SystemClock(); a datetime becomes seconds by its timestamp().",
    )


def _of_kind(argument: str, value: T, kind: type[Any], example: str) -> T:
    if isinstance(value, kind):
        return value
    raise ConfigurationError(
        f"verifier.{argument}",
        f"A verifier needs a {kind.__name__} as its {argument}, not {shorten(value)}.",
        f"Leave it out, or pass {example}.",
    )
