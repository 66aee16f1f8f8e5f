"""Which of the scopes that were asked for a user's token gets, and why each of the others falls away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from authkit.ground.display import shorten
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry

OIDC_SCOPES: Final = ("openid", "profile", "email")
"""Scopes of OpenID Connect that say which of the user's own facts are asked for (OpenID Connect Core §5.4)."""


class Scopes(NamedTuple):
    """What becomes of the scopes that were asked for.

    Attributes:
        granted: Those the token gets, in the order they were asked for.
        left_out: The others, each with its reason.
    """

    granted: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def note(self) -> str:
        """Both in one line."""
        gone = ", ".join(f"{shorten(name)} ({reason})" for name, reason in self.left_out)
        return f"granted: {' '.join(self.granted) or 'none'}" + (f"; left out: {gone}" if gone else "")


def effective(
    registry: Registry, application: Application, api: Api | None, user: User, asked: Iterable[str]
) -> Scopes:
    """Asked for, and defined by the API, and with RBAC on held by the user – as all of it stands now.

    Nothing is refused: who asks for too much gets less (RFC 6749 §3.3).
    """
    rbac = api is not None and api.enforce_policies
    held = frozenset(registry.users.permissions_for(user, api)) if api is not None and rbac else None
    defined = frozenset(api.scope_values) if api is not None else frozenset()
    reasons = {name: _why_not(name, application, api, defined, held) for name in asked}
    return Scopes(
        tuple(name for name, reason in reasons.items() if not reason),
        tuple((name, reason) for name, reason in reasons.items() if reason),
    )


def _why_not(
    name: str, application: Application, api: Api | None, defined: frozenset[str], held: frozenset[str] | None
) -> str:
    if name in OIDC_SCOPES:
        return ""
    if name == "offline_access":
        return _why_not_offline(application, api)
    if api is None:
        return "no audience was asked for, so there is no API that could define it"
    if name not in defined:
        return "the API defines no such scope"
    if held is not None and name not in held:
        return "RBAC is on and the user does not hold it"
    return ""


def _why_not_offline(application: Application, api: Api | None) -> str:
    if api is None:
        return "no audience was asked for, and a refresh token needs an API"
    if not api.allow_offline_access:
        return "the API does not allow offline access"
    if "refresh_token" not in application.grant_types:
        return "refresh_token is not among the application's grant types"
    return ""
