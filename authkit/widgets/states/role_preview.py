"""The token that a login would bring a user, as things stand: nothing is stored, nothing drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from authkit.ground.display import printable
from authkit.issuance.authorization_request import AuthorizationRequest
from authkit.issuance.pkce import code_challenge
from authkit.issuance.preview import Sight
from authkit.issuance.user_scopes import effective
from authkit.registry.models import Api, Application, User
from authkit.tenant import Tenant


class Token(NamedTuple):
    """What comes of a login.

    Attributes:
        sight: The token, and the rules it passed.
        granted: The scopes it has.
        left_out: Those it was asked for and has not, by reason.
    """

    sight: Sight
    granted: tuple[str, ...]
    left_out: str


def logs_in(applications: Iterable[Application]) -> Application | None:
    """The first application that users log in through."""
    some = (one for one in applications if "authorization_code" in one.grant_types and one.callbacks)
    return next(some, None)


def preview(tenant: Tenant[Any], application: Application, api: Api, user: User, asked: tuple[str, ...]) -> Token:
    """The token of this login.

    Raises:
        AuthKitError: The tenant cannot say.
    """
    pkce: dict[str, Any] = {}
    if application.client_secret is None:
        pkce = {"code_challenge": code_challenge("in a preview any"), "code_challenge_method": "S256"}
    request = AuthorizationRequest(
        application, redirect_uri=application.callbacks[0], audience=api.identifier, scope=asked, **pkce
    )
    sight = tenant.preview(request, user=user).before
    left_out = effective(tenant.registry, application, api, user, asked).left_out
    return Token(sight, tuple(str(sight.claims.get("scope", "")).split()), _reasons(left_out))


def _reasons(left_out: tuple[tuple[str, str], ...]) -> str:
    """The scopes that fell away, by the reason why."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in left_out:
        by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"{printable(' '.join(names))} ({reason})" for reason, names in by_reason.items())
