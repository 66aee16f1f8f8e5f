"""The tenant: everything a learner holds in one variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit.ground import display
from authkit.ground.chance import Chance, SystemChance, TrainingChance
from authkit.ground.clock import Clock, SteerableClock, SystemClock
from authkit.ground.display import address, shorten
from authkit.ground.errors import ConfigurationError, StorageError
from authkit.ground.secret import Secret
from authkit.jose.key_set import KeySet
from authkit.jose.keys import SigningKey
from authkit.jose.policy import AUTH0_ACCESS_TOKEN, RFC9068
from authkit.jose.training_keys import training_key
from authkit.jose.verifier import Verifier
from authkit.registry.apis import Apis
from authkit.registry.applications import Applications
from authkit.registry.client_grants import ClientGrants
from authkit.registry.log import Log
from authkit.registry.models import Api, User
from authkit.registry.registry import Registry
from authkit.registry.roles import Roles
from authkit.registry.signing_keys import SigningKeys
from authkit.registry.users import Users
from authkit.storage import Database

# How tokens come to be is loaded with the first of them: `import authkit; authkit.Tenant` stays quick.
if TYPE_CHECKING:
    from authkit.issuance.authorization import Authorization, AuthorizationResponse
    from authkit.issuance.authorization_request import AuthorizationRequest
    from authkit.issuance.families import Family
    from authkit.issuance.issued import IssuedToken
    from authkit.issuance.preview import Preview
    from authkit.issuance.requests import TokenRequest
    from authkit.registry.imported import Imported

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

    def request_token(self, request: TokenRequest) -> IssuedToken:
        """Ask for a token, as an application would at the token endpoint (RFC 6749 §3.2).

        Args:
            request: A `ClientCredentials`, `AuthorizationCode` or `RefreshToken`.

        Raises:
            GrantRefused: A rule refused; the error carries the trace.
        """
        from authkit.issuance import requests

        return requests.issue(self.registry, request)

    def authorization(self, request: AuthorizationRequest) -> Authorization:
        """Check an authorization request as far as that needs no user (RFC 6749 §4.1.1).

        Raises:
            AuthorizationRefused: A rule refused; the error says where the browser is sent, if anywhere.
        """
        from authkit.issuance import authorization

        return authorization.check_request(self.registry, _request_for_a_code(request))

    def authorize(
        self,
        request: AuthorizationRequest,
        user: User | str,
        consented: bool = False,
        *,
        auth_time: float | None = None,
    ) -> AuthorizationResponse:
        """Answer an authorization request as the login page does after a login (RFC 6749 §4.1.2).

        Args:
            request: What the application asks for.
            user: Who has logged in.
            consented: Whether the user has agreed on the consent page.
            auth_time: NumericDate at which the password was typed, for the ID token; an application that asks for a
                login of some age (`max_age`) has to be told (OpenID Connect Core §2).

        Raises:
            AuthorizationRefused: A rule refused, or consent is needed and was not given.
            RegistrationError: There is no such user.
        """
        from authkit.issuance import authorization

        return authorization.authorize(self.registry, _request_for_a_code(request), user, consented is True, auth_time)

    def userinfo(self, access_token: Secret | str) -> dict[str, Any]:
        """Who the user is, for who holds an access token meant for it (OpenID Connect Core §5.3).

        Args:
            access_token: An opaque token, or a JWT whose audience includes the userinfo endpoint.

        Raises:
            TokenRejected: A JWT that the verifier refuses.
            GrantRefused: An opaque token that is unknown or expired, a revoked token, a user who may not log in.
        """
        from authkit.issuance.userinfo import userinfo

        return userinfo(self.registry, access_token)

    def is_revoked(self, access_token: Secret | str) -> bool:
        """Whether a user's access token was taken back, by a reused code or with its refresh family.

        Only the tenant itself can know: any other API accepts a JWT until it expires.
        """
        from authkit.issuance.userinfo import is_revoked

        return is_revoked(self.registry, access_token)

    def families(self, user: User | str | None = None) -> tuple[Family, ...]:
        """The refresh token families of all users, or of one, oldest first.

        Raises:
            RegistrationError: There is no such user.
        """
        from authkit.issuance import families

        return families.families(self.registry, user)

    def revoke_family(self, family: Family | str) -> Family:
        """End a refresh token family; the family as it is then.

        Raises:
            RegistrationError: There is no such family.
        """
        from authkit.issuance import families

        return families.revoke_family(self.registry, family)

    def preview(
        self,
        request: TokenRequest | AuthorizationRequest,
        *,
        user: User | str | None = None,
        api: Mapping[str, Any] | None = None,
        application: Mapping[str, Any] | None = None,
        permissions: Iterable[str] | None = None,
    ) -> Preview:
        """What the request brings, and what it would bring with other settings. Nothing is stored, nothing drawn.

        Args:
            request: A token request; or an authorization request, whose user is then taken to have agreed.
            user: Who would log in, for an authorization request.
            api: Settings of the API to change, as in `{"token_lifetime": 600}`.
            application: Settings of the application to change.
            permissions: The scopes of this API that the user would hold, in place of those held now.

        Raises:
            ConfigurationError: No such request, or a user where none or one is needed.
            RegistrationError: A changed setting breaks its rule.
        """
        from authkit.issuance import previewing  # when first used, like the exchange below: most tenants never do

        return previewing.preview(
            self.registry, request, user=user, api=api, application=application, permissions=permissions
        )

    def verifier(self, api: Api | str) -> Verifier:
        """A verifier for tokens of this API in its dialect, with the keys as they are published now.

        Raises:
            RegistrationError: The tenant has no such API.
        """
        from authkit.issuance.claims import is_rfc9068

        found = self.apis.get(api)
        if found.signing_alg == "HS256":
            assert found.signing_secret is not None, "an HS256 API is created with its secret"
            keys = KeySet.from_secret(found.signing_secret.reveal().encode())
        else:
            keys = KeySet.from_jwks(self.jwks)
        return Verifier(
            issuer=self.issuer,
            audience=found.identifier,
            keys=keys,
            algorithms=[found.signing_alg],
            policy=RFC9068 if is_rfc9068(found) else AUTH0_ACCESS_TOKEN,
            clock=self.clock,
        )

    def export(self, *, secrets: bool = False) -> dict[str, list[dict[str, Any]]]:
        """The tenant's configuration as JSON of the vendor's Management API, for another tenant or for version control.

        Left out are its own Management API and what is granted for it, signing keys, passwords, tokens and the log.

        Args:
            secrets: Whether client secrets and signing secrets are in it, in clear.
        """
        from authkit.registry.exchange import export_tenant

        return export_tenant(self.registry, secrets=secrets)

    def import_(self, document: Mapping[str, object]) -> Imported:
        """Take a configuration in, of this package or of a real tenant: all of it, or nothing.

        Identifiers are kept, so that clients go on working. Issuer and signing keys stay this tenant's own. A user has
        no password until `users.set_password`; a secret that is not in the export is made anew.

        Args:
            document: What `export()` returned, or `{"resource_servers": [...], "clients": [...], ...}` from elsewhere;
                the names that the vendor's deploy tool writes, as in `resourceServers`, will do too.

        Raises:
            ConfigurationError: It is no such configuration (`import.…`).
            RegistrationError: An entry is against a rule, or is here already; its `field` is the place, as in
                `resource_servers[3].identifier`. Nothing was stored.
        """
        from authkit.registry.exchange import import_tenant

        return import_tenant(self.registry, document)

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


def _request_for_a_code(request: object) -> AuthorizationRequest:
    from authkit.issuance.authorization_request import AuthorizationRequest

    if isinstance(request, AuthorizationRequest):
        return request
    raise ConfigurationError(
        "request.unknown",
        f"A code is asked for with a request, not with {shorten(request)}.",
        "Pass authkit.AuthorizationRequest(application, redirect_uri=..., audience=api.identifier).",
    )


def _checked_issuer(issuer: object) -> str:
    if not isinstance(issuer, str) or not _is_issuer(issuer):
        raise ConfigurationError(
            "issuer.not_a_url",
            f"An issuer is a URL that ends in a slash, without query, fragment or user; given was {address(issuer)}.",
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
