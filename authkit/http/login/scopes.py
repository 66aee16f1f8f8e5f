"""What each scope means, in words for the user who is asked."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from authkit.registry.models import Api

OF_OPENID: Final = MappingProxyType(
    {
        "openid": "Know who you are: your user id",
        "profile": "Read your name",
        "email": "Read your e-mail address, and whether it was verified",
        "offline_access": "Keep its access while you are away, by a refresh token",
    }
)
"""Scopes that no API defines (OpenID Connect Core 1.0 §5.4, §11)."""


class Explained(NamedTuple):
    """A scope and what it allows."""

    value: str
    description: str


def explained(scopes: Iterable[str], api: Api | None) -> list[Explained]:
    """Scopes with the API's own words for them; empty where the API has none."""
    known = {**OF_OPENID, **({scope.value: scope.description for scope in api.scopes} if api is not None else {})}
    return [Explained(value, known.get(value, "")) for value in scopes]
