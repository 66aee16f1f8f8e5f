"""An application (client) that asks for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr

from authkit.ground.secret import Secret
from authkit.registry.models.base import MAX_NAME, Model, Rule, no_angle_brackets, unique

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


def _callback(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme.isascii() and url.isprintable() and " " not in url and "#" not in url and "*" not in url
        good = (
            good
            and parts.scheme not in ("", "javascript", "data", "vbscript", "file")
            and bool(parts.netloc + parts.path)
        )
        good = good and (parts.scheme not in ("http", "https") or bool(parts.hostname)) and parts.username is None
    except ValueError:
        good = False
    if not good:
        raise Rule(
            "not_a_url",
            "must hold whole URLs without wildcard, fragment, user or space (RFC 6749 §3.1.2)",
            "Write each as the application will send it, like http://127.0.0.1:9000/callback.",
        )
    return url


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
    grant_types: tuple[GrantType, ...] = ()
    is_first_party: StrictBool = True
    callbacks: Annotated[tuple[Callback, ...], Field(max_length=100), AfterValidator(unique)] = ()
    refresh_token: RefreshTokens = RefreshTokens()

    @property
    def id(self) -> str:
        """Its identity in the store: the client id."""
        return self.client_id
