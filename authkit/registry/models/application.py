"""An application (client) that asks for tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, StrictStr

from authkit.ground.secret import Secret
from authkit.registry.models.base import MAX_NAME, Model, no_angle_brackets

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


class Application(Model):
    """An application (client) that asks for tokens.

    Attributes:
        client_id: Its public name, made by the tenant.
        client_secret: What it authenticates with; None for `spa` and `native`, which cannot keep one.
        name: A friendly name.
        app_type: `regular_web`, `spa`, `native` or `non_interactive` (machine to machine).
        grant_types: How it may ask for tokens.
    """

    noun = "Application"
    columns = ("name", "client_id", "app_type", "grant_types")
    immutable: ClassVar = ("client_id", "client_secret", "app_type")

    client_id: str
    client_secret: Secret | None = None
    name: Annotated[StrictStr, Field(min_length=1, max_length=MAX_NAME), AfterValidator(no_angle_brackets)]
    app_type: AppType = "non_interactive"
    grant_types: tuple[GrantType, ...] = ()

    @property
    def id(self) -> str:
        """Its identity in the store: the client id."""
        return self.client_id
