"""Who holds what under HS256 and RS256, and what comes of it when each of them tries. Nothing here is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple

from authkit.attacks import edit_payload
from authkit.ground import chance
from authkit.ground.clock import SteerableClock
from authkit.ground.secret import Secret
from authkit.issuance import ClientCredentials
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.key_set import KeySet
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.rejection import TokenRejected
from authkit.jose.sign import sign
from authkit.jose.verdict import Verdict
from authkit.jose.verifier import Verifier
from authkit.tenant import Tenant, training_tenant

Algorithm = Literal["HS256", "RS256"]
Leak = Literal["nothing", "secret", "public", "private"]

OLD: Final[Mapping[Algorithm, str]] = {"HS256": "old secret", "RS256": "old key"}
PARTIES: Final = ("tenant", "API", "application", "attacker")
IDENTIFIERS: Final[Mapping[Algorithm, str]] = {
    "HS256": "https://orders-hs256.example/",
    "RS256": "https://orders-rs256.example/",
}
FORGED: Final = "forged by hand"
"""The `sub` of every token that a party makes."""
LIFETIME: Final = 3600


class Attempt(NamedTuple):
    """What one party could do.

    Attributes:
        party: Who tried.
        holds: What it holds, in a word.
        signed: The verdict of the API's verifier on the token that the party made.
        how: How it made that token.
        verified: The verdict that the party itself reached on a good token, with what it holds.
        token: The token it made.
    """

    party: str
    holds: str
    signed: Verdict
    how: str
    verified: Verdict
    token: str


class Repair(NamedTuple):
    """What a repair brought.

    Attributes:
        deployments: How many deployments the API has.
        redeployed: How many had to be deployed anew: they refused a good new token, or still took the forged one.
        forged: The verdict on the attacker's token after the repair.
        former: The verdict on a good token from before the repair.
        kid: The key that was revoked, for RS256.
    """

    deployments: int
    redeployed: int
    forged: Verdict
    former: Verdict
    kid: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """All that was tried with one algorithm.

    Attributes:
        attempts: One a party; after a repair the attacker has what leaked before it.
        attack: What the attacker could do before any repair.
        api_id: The id of the API on the copy.
        repair: What the repair brought, if one was made.
    """

    attempts: tuple[Attempt, ...]
    attack: Attempt
    api_id: str
    repair: Repair | None = None


class _Holding(NamedTuple):
    words: str
    signer: SigningKey | SigningSecret | None
    keys: KeySet


def column(issuer: str, now: float, algorithm: Algorithm, leak: Leak, repaired_in: int = 0) -> Column:
    """Have every party try on a fresh training copy of the tenant, with something leaked or not.

    Args:
        issuer: The tenant's.
        now: Its time.
        algorithm: Which of the two.
        leak: What the attacker has got hold of.
        repaired_in: How many deployments the API has, if it is to be repaired; 0 leaves it as it is.
    """
    with training_tenant(issuer=issuer) as copy:
        return _Trial(copy, now, algorithm).column(leak, repaired_in)


class _Trial:
    """One API on a training copy of the tenant."""

    def __init__(self, copy: Tenant[SteerableClock], now: float, algorithm: Algorithm) -> None:
        copy.clock.set(datetime.fromtimestamp(int(now), UTC))
        self.copy, self.algorithm = copy, algorithm
        self.api = copy.apis.create(name="Orders", identifier=IDENTIFIERS[algorithm], signing_alg=algorithm)
        self.application = copy.applications.create(name="Nightly report")
        copy.client_grants.create(self.application, self.api)

    def column(self, leak: Leak, repaired_in: int) -> Column:
        good = self._issue()
        leaked = self._holding("attacker", leak)
        attack = self._attempt("attacker", leaked, good)
        repair = None
        if repaired_in:
            repair = self._repair(attack.token, good, repaired_in)
            good = self._issue()
            leaked = leaked._replace(words=OLD[self.algorithm]) if leaked.signer is not None else leaked
        honest = tuple(self._attempt(party, self._holding(party, leak), good) for party in PARTIES[:-1])
        attempts = (*honest, self._attempt("attacker", leaked, good))
        return Column(attempts=attempts, attack=attack, api_id=self.api.id, repair=repair)

    def _holding(self, party: str, leak: Leak) -> _Holding:
        if self.algorithm == "HS256":
            if party in ("tenant", "API") or (party == "attacker" and leak == "secret"):
                return _Holding("secret", SigningSecret(self._secret()), _of_secret(self._secret()))
            return _Holding("no key", None, KeySet(()))
        public = KeySet.from_jwks(self.copy.jwks)
        if party == "tenant" or (party == "attacker" and leak == "private"):
            return _Holding("private key", self.copy.keys.current, public)
        return _Holding("public key", None, public)

    def _attempt(self, party: str, holding: _Holding, good: str) -> Attempt:
        token, how = self._forge(holding, good)
        verified = self._verifier(holding.keys).explain(good)
        return Attempt(party, holding.words, self.copy.verifier(self.api).explain(token), how, verified, token)

    def _forge(self, holding: _Holding, good: str) -> tuple[str, str]:
        """A token of the party's own making, and how it was made."""
        if holding.signer is not None:
            return sign(self._claims(), holding.signer, alg=self.algorithm), f"signs with the {holding.words}"
        altered = edit_payload(good, sub=FORGED)
        for key in holding.keys.keys:
            try:
                ALGORITHMS[self.algorithm].engine.sign(b"signing input", key.material)
            except (AttributeError, TypeError, ValueError):
                return altered, "tries the public key, which makes no signature, then alters the payload of a token"
        return altered, "has nothing to sign with, and alters the payload of a token"

    def _claims(self) -> dict[str, Any]:
        now = int(self.copy.clock.now())
        return {
            "iss": self.copy.issuer, "sub": FORGED, "iat": now, "exp": now + LIFETIME, "aud": self.api.identifier,
        }  # fmt: skip

    def _repair(self, forged: str, good: str, deployments: int) -> Repair:
        """Repair it, and see how many deployments go on with what they have."""
        running = [self.copy.verifier(self.api) for _ in range(deployments)]
        kid = ""
        if self.algorithm == "HS256":
            self.api = self.copy.apis.update(self.api, signing_secret=_new_secret())
        else:
            kid = self.copy.keys.current.kid
            self.copy.keys.rotate()
            self.copy.keys.revoke(kid)
            # Nobody deploys anything: each asks the jwks_uri again by itself.
            running = [self._verifier(KeySet.from_jwks(self.copy.jwks)) for _ in running]
        new = self._issue()
        redeployed = sum(not _accepts(verifier, new) or _accepts(verifier, forged) for verifier in running)
        repaired = self.copy.verifier(self.api)
        return Repair(deployments, redeployed, repaired.explain(forged), repaired.explain(good), kid)

    def _verifier(self, keys: KeySet) -> Verifier:
        return Verifier(
            issuer=self.copy.issuer,
            audience=self.api.identifier,
            keys=keys,
            algorithms=[self.algorithm],
            clock=self.copy.clock,
        )

    def _issue(self) -> str:
        return self.copy.request_token(ClientCredentials(self.application, audience=self.api.identifier)).access_token

    def _secret(self) -> Secret:
        assert self.api.signing_secret is not None, "an HS256 API is created with its secret"
        return self.api.signing_secret


def _of_secret(secret: Secret) -> KeySet:
    return KeySet.from_secret(secret.reveal().encode())


def _new_secret() -> Secret:
    return Secret(chance.text(chance.TrainingChance(b"another secret").value("signing_secret")))


def _accepts(verifier: Verifier, token: str) -> bool:
    try:
        verifier.verify(token)
    except TokenRejected:
        return False
    return True
