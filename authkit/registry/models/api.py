"""An API (resource server) and its scopes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr

from authkit.ground.secret import Secret
from authkit.jose.algorithms import MIN_SECRET_BYTES
from authkit.jose.shared_secret import fault_of
from authkit.registry.models.base import MAX_NAME, MAX_SCOPE, Model, Rule, no_angle_brackets, one_spelling, unique

MAX_IDENTIFIER: Final = 600
MAX_SCOPES: Final = 1000
MAX_LIFETIME: Final = 2592000

RESERVED_SCOPES: Final = frozenset(
    {
        "address", "created_at", "email", "email_verified", "family_name", "given_name", "identities", "name",
        "nickname", "offline_access", "openid", "phone", "picture", "profile",
    }
)  # fmt: skip
"""Permission names the vendor keeps for the user's own profile."""

_SECRET_RULES: Final = {
    "too_short": f"must have at least {MIN_SECRET_BYTES} bytes (RFC 7518 §3.2)",
    "blank": "must hold more than zero bytes, which HMAC adds to an empty secret by itself (RFC 2104 §2)",
    "public_key": "must be no key or certificate: with a public key as secret, everyone could sign (RFC 8725 §2.1)",
}

SigningAlg = Literal["HS256", "RS256"]
TokenDialect = Literal["access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"]


def _scope_token(value: str) -> str:
    if not re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", value):
        raise Rule(
            "forbidden_character",
            'may hold visible ASCII only, no space, no " and no \\ (RFC 6749 §3.3)',
            "Write it like read:orders: scopes are told apart by spaces in a token.",
        )
    if value in RESERVED_SCOPES:
        raise Rule("reserved", "is a name kept for the user's own profile", "Choose another, like read:orders.")
    return value


def _protects(secret: Secret) -> Secret:
    try:
        fault = fault_of(secret.reveal().encode())
    except UnicodeEncodeError:
        raise Rule("not_text", "must be text", "Take out the half surrogate pair: it is no character.") from None
    if fault is not None:
        raise Rule(fault.reason, _SECRET_RULES[fault.reason], "Leave it out: authkit then makes a good one.")
    return secret


def _scope_list(value: object) -> object:
    """A mapping of values and descriptions stands for a list of scopes."""
    if isinstance(value, Mapping):
        return tuple({"value": name, "description": description} for name, description in value.items())
    return tuple(value) if isinstance(value, list) else value


def _unique_scopes(scopes: tuple[Scope, ...]) -> tuple[Scope, ...]:
    unique(tuple(scope.value for scope in scopes))
    return scopes


class Scope(Model):
    """A permission that an API defines: a value and a description."""

    noun = "Scope"
    columns = ("value", "description")

    value: Annotated[StrictStr, Field(min_length=1, max_length=MAX_SCOPE), AfterValidator(_scope_token)]
    # A bound that says nothing, and yet has pydantic look for half surrogate pairs, which no store can hold.
    description: Annotated[StrictStr, Field(min_length=0)] = ""


class Api(Model):
    """An API (resource server) whose access tokens the tenant issues.

    Attributes:
        id: 24 hexadecimal digits, made by the tenant.
        name: A friendly name without effect; no `<` or `>`.
        identifier: Its unique name, 1–600 characters, the audience of its tokens; never changes.
        signing_alg: `RS256` (the tenant's private key) or `HS256` (a secret of this API); never changes.
        signing_secret: The secret of an HS256 API, at least 32 bytes.
        token_lifetime: Seconds until a token expires, 0–2592000.
        token_lifetime_for_web: The same for tokens given straight to a browser.
        allow_offline_access: Whether applications may ask for refresh tokens.
        skip_consent_for_verifiable_first_party_clients: Whether first-party applications skip the consent page.
        enforce_policies: Whether a user gets only the scopes that roles and permissions give (RBAC); None counts as no.
        token_dialect: How its tokens are written: the vendor's own way or that of RFC 9068, each with or without the
            `permissions` claim (`…_authz`); None counts as `access_token`.
        scopes: What can be asked of it.
        is_system: Whether it is the tenant's own Management API.
    """

    noun = "API"
    columns = ("name", "identifier", "signing_alg", "token_lifetime", "scopes")
    immutable: ClassVar = ("id", "identifier", "signing_alg", "is_system")

    id: str
    name: Annotated[StrictStr, Field(min_length=1, max_length=MAX_NAME), AfterValidator(no_angle_brackets)] | None = (
        None
    )
    identifier: Annotated[StrictStr, Field(min_length=1, max_length=MAX_IDENTIFIER), one_spelling("every token's aud")]
    signing_alg: SigningAlg = "RS256"
    signing_secret: Annotated[Secret, AfterValidator(_protects)] | None = None
    token_lifetime: Annotated[StrictInt, Field(ge=0, le=MAX_LIFETIME)] = 86400
    token_lifetime_for_web: Annotated[StrictInt, Field(ge=0, le=MAX_LIFETIME)] = 7200
    allow_offline_access: StrictBool = False
    skip_consent_for_verifiable_first_party_clients: StrictBool = False
    enforce_policies: StrictBool | None = None
    token_dialect: TokenDialect | None = None
    scopes: Annotated[
        tuple[Scope, ...], Field(max_length=MAX_SCOPES), BeforeValidator(_scope_list), AfterValidator(_unique_scopes)
    ] = ()
    is_system: StrictBool = False

    @property
    def scope_values(self) -> tuple[str, ...]:
        """The scopes by their values alone."""
        return tuple(scope.value for scope in self.scopes)

    @property
    def dialect(self) -> TokenDialect:
        """How its tokens are written, whether it was set or not."""
        return self.token_dialect or "access_token"
