"""An application (client) that asks for tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr

from authkit.ground.secret import Secret
from authkit.registry.models.base import MAX_NAME, Model, Rule, in_order, no_angle_brackets, unique

MAX_LEEWAY: Final = 86400
MAX_REFRESH_LIFETIME: Final = 31557600

AppType = Literal["regular_web", "spa", "native", "non_interactive"]
GrantType = Literal["client_credentials", "authorization_code", "refresh_token"]

DEFAULT_GRANT_TYPES: Final[Mapping[str, tuple[GrantType, ...]]] = {
    "non_interactive": ("client_credentials",),
    "regular_web": ("authorization_code", "refresh_token", "client_credentials"),
    "spa": ("authorization_code", "refresh_token"),
    "native": ("authorization_code", "refresh_token"),
}
"""The grant types each kind of application starts with."""

CONFIDENTIAL: Final = frozenset({"non_interactive", "regular_web"})
"""Kinds of application that run where a secret can be kept (RFC 6749 §2.1)."""


_FORBIDDEN_SCHEMES: Final = frozenset({"javascript", "data", "vbscript", "file"})
"""What a browser would run or read itself, instead of going back to an application."""

_URL_CHARACTERS: Final = re.compile(r"(?:[A-Za-z0-9._~:/?\[\]@!$&'()+,;=-]|%[0-9A-Fa-f]{2})+")
"""The alphabet of RFC 3986 without # (a fragment) and * (a wildcard)."""


def _callback(url: str) -> str:
    if not _is_callback(url):
        raise Rule(
            "not_a_url",
            "must hold whole URLs of visible ASCII, without wildcard, fragment or user (RFC 6749 §3.1.2, RFC 3986)",
            "Write each as the application will send it, like http://127.0.0.1:9000/callback.",
        )
    return url


def _is_callback(url: str) -> bool:
    if not _URL_CHARACTERS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        if parts.username is not None or parts.port == 0:
            return False
    except ValueError:  # a port beyond 65535, a bracket that is not closed
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    # An application's own scheme (RFC 8252 §7.1). Without the slash, localhost:9000/callback would be one.
    own = parts.scheme not in _FORBIDDEN_SCHEMES and url.startswith("/", len(parts.scheme) + 1)
    return bool(parts.scheme) and own and bool(parts.netloc + parts.path)


Callback = Annotated[StrictStr, Field(min_length=1, max_length=2000), AfterValidator(_callback)]


class RefreshTokens(Model):
    """How an application's refresh tokens behave.

    Attributes:
        rotation_type: `rotating`, each use gives a new one and ends the old, or `non-rotating`.
        leeway: Seconds in which the token before the newest may still be used, since an answer can get lost.
        expiration_type: `expiring` or `non-expiring`.
        token_lifetime: Seconds until an expiring one ends, counted from the login.
    """

    noun = "Refresh token settings"
    columns = ("rotation_type", "leeway", "expiration_type", "token_lifetime")

    rotation_type: Literal["rotating", "non-rotating"] = "non-rotating"
    leeway: Annotated[StrictInt, Field(ge=0, le=MAX_LEEWAY)] = 0
    expiration_type: Literal["expiring", "non-expiring"] = "non-expiring"
    token_lifetime: Annotated[StrictInt, Field(ge=1, le=MAX_REFRESH_LIFETIME)] = 2592000

    @property
    def brief(self) -> str:
        """In a few words."""
        return f"{self.rotation_type}, {self.expiration_type}"


class Application(Model):
    """An application (client) that asks for tokens.

    Attributes:
        client_id: Its public name, made by the tenant.
        client_secret: What it authenticates with; None for `spa` and `native`, which cannot keep one.
        name: A friendly name.
        app_type: `regular_web`, `spa`, `native` or `non_interactive` (machine to machine).
        grant_types: How it may ask for tokens.
        is_first_party: Whether it belongs to the tenant's owner; others are always asked for consent.
        callbacks: Where users may be sent back to, letter by letter (RFC 6749 §3.1.2).
        refresh_token: How its refresh tokens behave.
    """

    noun = "Application"
    columns = ("name", "client_id", "app_type", "grant_types")
    immutable: ClassVar = ("client_id", "client_secret", "app_type")

    client_id: str
    client_secret: Secret | None = None
    name: Annotated[StrictStr, Field(min_length=1, max_length=MAX_NAME), AfterValidator(no_angle_brackets)]
    app_type: AppType = "non_interactive"
    grant_types: Annotated[tuple[GrantType, ...], BeforeValidator(in_order)] = ()
    is_first_party: StrictBool = True
    callbacks: Annotated[
        tuple[Callback, ...], Field(max_length=100), BeforeValidator(in_order), AfterValidator(unique)
    ] = ()
    refresh_token: RefreshTokens = Field(default_factory=RefreshTokens)

    @property
    def id(self) -> str:
        """Its identity in the store: the client id."""
        return self.client_id
