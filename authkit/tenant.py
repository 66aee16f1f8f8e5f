"""The tenant: everything a learner holds in one variable."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit.ground import display
from authkit.ground.chance import Chance, SystemChance, TrainingChance
from authkit.ground.clock import Clock, SteerableClock, SystemClock
from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError, StorageError
from authkit.issuance.client_credentials import ClientCredentials, issue_client_credentials
from authkit.issuance.issued import IssuedToken
from authkit.jose.key_set import KeySet
from authkit.jose.keys import SigningKey
from authkit.jose.training_keys import training_key
from authkit.jose.verifier import Verifier
from authkit.registry.apis import Apis
from authkit.registry.applications import Applications
from authkit.registry.client_grants import ClientGrants
from authkit.registry.log import Log
from authkit.registry.models import Api
from authkit.registry.registry import Registry
from authkit.registry.roles import Roles
from authkit.registry.signing_keys import SigningKeys
from authkit.registry.users import Users
from authkit.storage import Database

C = TypeVar("C", bound=Clock)

TRAINING_ISSUER: Final = "https://training.authkit.example/"
LOCAL_ISSUER: Final = "https://authkit.localhost/"
MAX_ISSUER: Final = 500
"""Characters of an issuer: the Management API's identifier, which begins with it, may have 600."""


class Tenant(Generic[C]):
    """An authorization server of your own: APIs, applications, grants, signing keys, and the tokens they make.

    Made by `authkit.training_tenant()` or `Tenant.open()`; a context manager that closes its store.

    Attributes:
        issuer: Its name in every token's `iss`.
        training: Whether its keys and identifiers are the published ones.
        clock: Whose time its tokens carry.
        apis, applications, client_grants, roles, users: What it knows.
        keys: Its signing keys.
        log: What happened, with the vendor's codes.
    """

    def __init__(self, database: Database, *, issuer: str, training: bool, clock: C, chance: Chance) -> None:
        self._database = database
        self.clock = clock
        try:
            # One transaction: of two processes that open a new file at once, one makes the tenant.
            with database.transaction():
                self._enter(issuer, training, chance)
        except BaseException:
            database.close()
            raise

    def _enter(self, issuer: str, training: bool, chance: Chance) -> None:
        database, clock = self._database, self.clock
        stored = database.rows("SELECT issuer, training FROM tenant")
        self.issuer = str(stored[0][0]) if stored else _checked_issuer(issuer)
        self.training = bool(stored[0][1]) if stored else training
        self.apis = Apis(database, chance)
        self.applications = Applications(database, chance)
        self.client_grants = ClientGrants(database, chance, self.apis, self.applications)
        self.roles = Roles(database, chance, self.apis)
        self.users = Users(database, chance, self.apis, self.roles)
        self.keys = SigningKeys(database, clock, self._make_key)
        self.log = Log(database, clock, chance)
        self.registry = Registry(
            issuer=self.issuer,
            clock=clock,
            apis=self.apis,
            applications=self.applications,
            client_grants=self.client_grants,
            roles=self.roles,
            users=self.users,
            keys=self.keys,
            log=self.log,
            chance=chance,
            database=database,
        )
        if not stored:
            self._start()

    @staticmethod
    def open(path: str | Path = ":memory:", *, issuer: str = LOCAL_ISSUER) -> Tenant[SystemClock]:
        """A tenant with fresh random keys and the system's clock, kept in a file or, without one, in memory.

        Args:
            path: A SQLite file; made if it is not there, readable by its owner alone. It holds secrets in clear.
            issuer: The issuer of a new tenant; one that exists keeps its own.

        Raises:
            StorageError: The file cannot be opened or is no tenant.
            ConfigurationError: The issuer is no URL that ends in a slash.
        """
        issuer = _checked_issuer(issuer)  # before there is a file
        return Tenant(Database(path), issuer=issuer, training=False, clock=SystemClock(), chance=SystemChance())

    def request_token(self, request: ClientCredentials) -> IssuedToken:
        """Ask for a token, as an application would at the token endpoint.

        Raises:
            GrantRefused: A rule refused; the error carries the trace.
        """
        if not isinstance(request, ClientCredentials):
            raise ConfigurationError(
                "request.unknown",
                f"A token is asked for with a request, not with {shorten(request)}.",
                "Pass authkit.ClientCredentials(application, audience=api.identifier).",
            )
        return issue_client_credentials(self.registry, request)

    def verifier(self, api: Api | str) -> Verifier:
        """A verifier for tokens of this API, with the keys as they are published now.

        Raises:
            RegistrationError: The tenant has no such API.
        """
        found = self.apis.get(api)
        if found.signing_alg == "HS256":
            assert found.signing_secret is not None, "an HS256 API is created with its secret"
            keys = KeySet.from_secret(found.signing_secret.reveal().encode())
        else:
            keys = KeySet.from_jwks(self.jwks)
        return Verifier(
            issuer=self.issuer, audience=found.identifier, keys=keys, algorithms=[found.signing_alg], clock=self.clock
        )

    @property
    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The JWK Set that the tenant publishes (RFC 7517 §5)."""
        return self.keys.ring.jwks

    def close(self) -> None:
        """Close the store; safe to call twice."""
        with suppress(StorageError):  # closed already, or a full disk: the log is no reason to fail
            self.log.flush()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        self._database.execute("INSERT INTO tenant VALUES (1, ?, ?)", (self.issuer, int(self.training)))
        self.keys.start()
        self.apis.create_system(f"{self.issuer}api/v2/")

    def _make_key(self, number: int) -> SigningKey:
        subject = urlsplit(self.issuer).hostname or "authkit"
        if not self.training:
            return SigningKey.generate(subject=subject, now=self.clock.now())
        # The pool is published with this package: its numbers need no proof, which saves 50 ms a key.
        pem = training_key(number).encode()
        private_key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(private_key, RSAPrivateKey)
        return SigningKey.certify(private_key, subject=subject, now=self.clock.now())

    def _facts(self) -> dict[str, str]:
        kind = "training: published keys, fixed identifiers" if self.training else "real: random keys"
        return {
            "issuer": self.issuer,
            "kind": kind,
            "clock": repr(self.clock),
            "APIs": str(len(self.apis)),
            "applications": str(len(self.applications)),
            "client grants": str(len(self.client_grants)),
            "users": str(len(self.users)),
            "roles": str(len(self.roles)),
        }

    def __repr__(self) -> str:
        return "\n".join(["Tenant", *(f"  {name:<14}{value}" for name, value in self._facts().items())])

    def _repr_html_(self) -> str:
        return display.fields(self._facts(), caption="Tenant")


def training_tenant(*, issuer: str = TRAINING_ISSUER) -> Tenant[SteerableClock]:
    """A tenant for learning: steerable clock, published keys, fixed identifiers; the same tokens on every machine.

    Args:
        issuer: Its issuer; lessons leave it as it is.
    """
    return Tenant(Database(), issuer=issuer, training=True, clock=SteerableClock(), chance=TrainingChance())


def live_training_tenant(issuer: str) -> Tenant[SystemClock]:
    """A training tenant on the system's clock, so that clients that know no other time accept its tokens."""
    return Tenant(Database(), issuer=issuer, training=True, clock=SystemClock(), chance=TrainingChance())


def _checked_issuer(issuer: object) -> str:
    if not isinstance(issuer, str) or not _is_issuer(issuer):
        raise ConfigurationError(
            "issuer.not_a_url",
            f"An issuer is a URL that ends in a slash, without query, fragment or user; given was {shorten(issuer)}.",
            "Use one like https://login.example/ (RFC 8414 §2).",
        )
    return issuer


def _is_issuer(issuer: str) -> bool:
    if not issuer.endswith("/") or not issuer.isprintable() or set(issuer) & set(" ?#@<>") or len(issuer) > MAX_ISSUER:
        return False
    try:
        parts = urlsplit(issuer)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
