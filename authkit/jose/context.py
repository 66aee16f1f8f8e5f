"""What the checks share: the token on its way through them, and how a check is declared."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NamedTuple

from authkit.jose.rejection import Refusal, Rule

if TYPE_CHECKING:
    from authkit.jose.jwk import VerificationKey
    from authkit.jose.key_set import KeySet
    from authkit.jose.policy import Policy
    from authkit.jose.remote import RemoteKeySet


class Context:
    """One token on its way through the checks. A check reads what earlier ones found and leaves what it found.

    Attributes:
        given: The token as it came, of any type.
        policy, issuer, audience, algorithms, keys, now: What the verifier expects.
        token, segments, raw, signature, header, payload, alg, key: What was found so far; None until then.
    """

    __slots__ = (
        "alg", "algorithms", "audience", "given", "header", "issuer", "key", "keys", "now", "payload", "policy",
        "raw", "segments", "signature", "token",
    )  # fmt: skip

    def __init__(
        self,
        given: Any,
        *,
        policy: Policy,
        issuer: str = "",
        audience: str = "",
        algorithms: Collection[str] = (),
        keys: KeySet | RemoteKeySet | None = None,
        now: float = 0.0,
    ) -> None:
        self.given = given
        self.policy = policy
        self.issuer = issuer
        self.audience = audience
        self.algorithms = algorithms
        self.keys = keys
        self.now = now
        self.token: str | None = None
        self.segments: list[str] | None = None
        self.raw: tuple[bytes, bytes] | None = None
        self.signature: bytes | None = None
        self.header: dict[str, Any] | None = None
        self.payload: dict[str, Any] | None = None
        self.alg: str | None = None
        self.key: VerificationKey | None = None


class Check(NamedTuple):
    """One step of verification.

    Attributes:
        name: Its name, the first half of every refusal's code.
        question: What it asks, as a learner would.
        rule: `RFC`, or `our policy` where authkit is stricter than it must be.
        source: The section behind it.
        needs: What earlier checks must have found for this one to mean something.
        reads: Whether it belongs to reading the token, so that `decode` runs it too.
        run: The check itself: None if the token passes.
    """

    name: str
    question: str
    rule: Rule
    source: str
    needs: tuple[str, ...]
    reads: bool
    run: Callable[[Any], Refusal | None]
