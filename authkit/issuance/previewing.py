"""Making a preview: what a request would bring if a setting were another one; nothing is stored and nothing drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.issuance import arguments, authorization, codes, refresh_tokens, user_tokens
from authkit.issuance.authorization_request import AuthorizationRequest
from authkit.issuance.authorization_rules import Asking
from authkit.issuance.code_exchange import AuthorizationCode
from authkit.issuance.preview import Preview, Sight
from authkit.issuance.refresh import RefreshToken
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.requests import TokenRequest, issue
from authkit.issuance.trace import ClaimOrigin, Trace
from authkit.jose.decode import decode
from authkit.registry.log import Log
from authkit.registry.models import User
from authkit.registry.registry import Registry

Request = TokenRequest | AuthorizationRequest

NOT_DRAWN: Final = "drawn when the token is issued"


def preview(
    registry: Registry,
    request: Request,
    *,
    user: User | str | None = None,
    api: Mapping[str, Any] | None = None,
    application: Mapping[str, Any] | None = None,
    permissions: Iterable[str] | None = None,
) -> Preview:
    """What the request brings, and what it would bring with other settings.

    Args:
        registry: What the tenant knows.
        request: A token request; or an authorization request, whose user is then taken to have agreed.
        user: Who would log in, for an authorization request.
        api: Settings of the API to change, as in `{"token_lifetime": 600}`.
        application: Settings of the application to change.
        permissions: The scopes of this API that the user would hold, in place of those held now.

    Raises:
        ConfigurationError: No such request, a user where none or one is needed, or a change of what it has not.
        RegistrationError: A changed setting breaks its rule.
    """
    if isinstance(request, AuthorizationRequest) is (user is None):
        raise ConfigurationError(
            "preview.user",
            "A user goes with an authorization request, and with no other: the others know theirs.",
            "Pass preview(AuthorizationRequest(...), user=user), or leave user out.",
        )
    changed: tuple[tuple[str, object], ...] = (("api", api), ("application", application))
    for of, part in changed:
        if part is not None and not (isinstance(part, Mapping) and all(isinstance(name, str) for name in part)):
            raise ConfigurationError(
                "preview.changes",
                f"Settings to change are fields and their values, not {shorten(part)}.",
                f'Pass a dict, as in {of}={{"name": "Another"}}.',
            )
    # Registry, log and chance that leave no mark; what is written on the way is undone before anyone else sees it.
    quiet = replace(registry, log=_NoLog(), chance=_NoChance())
    attempt = _attempt(quiet, request, user)
    named = None if permissions is None else arguments.scopes(permissions)
    with quiet.database.undone():
        before = _sight(attempt)
    with quiet.database.undone():
        _change(quiet, request, user, api, application, named)
        after = _sight(attempt)
    settings = {f"{of}.{name}": value for of, part in (("api", api), ("application", application))
                for name, value in (part or {}).items()}  # fmt: skip
    changes = [f"{name} = {'masked' if 'secret' in name else shorten(value)}" for name, value in settings.items()]
    changes += [f"the user's permissions = {' '.join(named) or 'none'}"] if named is not None else []
    return Preview(before=before, after=after, changes=tuple(changes))


def _attempt(registry: Registry, request: Request, user: User | str | None) -> Callable[[], Sight]:
    if isinstance(request, AuthorizationRequest):
        asked = request
        return lambda: _login(registry, asked, user or "")

    def attempt() -> Sight:
        issued = issue(registry, request)
        answer = {
            "expires_in": issued.expires_in,
            "scope": issued.scope,
            "refresh_token": "comes with it" if issued.refresh_token else None,
        }
        return _seen(issued.access_token, issued.trace, answer)

    return attempt


def _login(registry: Registry, request: AuthorizationRequest, user: User | str) -> Sight:
    """The tokens that this login would become, as if its code were redeemed at once."""
    asking = Asking(registry, request, consented=True)
    rules, login = authorization.decide(asking, user)
    basis = user_tokens.Basis(
        application=asking.known_application,
        user=asking.known_user,
        api=asking.api,
        scopes=login.scopes,
        nonce=login.nonce,
    )
    written = user_tokens.write(registry, basis)
    answer = {
        "expires_in": written.expires_in,
        "scope": " ".join(login.scopes),
        "refresh_token": "comes with it" if "offline_access" in login.scopes else None,
    }
    return _seen(written.access_token, Trace(rules, written.claims, written.id_claims), answer)


def _sight(attempt: Callable[[], Sight]) -> Sight:
    try:
        return attempt()
    except GrantRefused as refused:
        return Sight(trace=refused.trace, header={}, claims={}, id_claims={}, answer={}, refused=refused)


def _seen(token: str, trace: Trace, answer: dict[str, object]) -> Sight:
    shown = tuple(_without_draws(item) for item in trace.claims)
    return Sight(
        trace=replace(trace, claims=shown),
        header=decode(token).header if shown else {},
        claims={item.claim: item.value for item in shown},
        id_claims={item.claim: item.value for item in trace.id_claims},
        answer={name: value for name, value in answer.items() if value is not None},
    )


def _without_draws(item: ClaimOrigin) -> ClaimOrigin:
    return item._replace(value=NOT_DRAWN) if item.claim == "jti" else item


def _change(
    registry: Registry,
    request: Request,
    user: User | str | None,
    api: Mapping[str, Any] | None,
    application: Mapping[str, Any] | None,
    permissions: tuple[str, ...] | None,
) -> None:
    client_id, audience, whose = request.client_id, getattr(request, "audience", None), user
    login = _login_behind(registry, request)
    if login is not None:
        audience, whose = login
    if (not audience and (api or permissions is not None)) or (whose is None and permissions is not None):
        raise ConfigurationError(
            "preview.no_such_thing",
            "What would be changed is not there: the request is for no API, or for no user.",
            "Preview a request with an audience; permissions go with a login, its code or its refresh token.",
        )
    if application:
        registry.applications.update(client_id, **application)
    if api:
        registry.apis.update(audience or "", **api)
    if permissions is not None:
        _hold_only(registry, whose or "", audience or "", permissions)


def _login_behind(registry: Registry, request: Request) -> tuple[str | None, str] | None:
    """The audience and the user that a code or a refresh token stands for."""
    if isinstance(request, AuthorizationCode) and request.code:
        code = codes.find(registry, request.code)
        return (code.login.audience, code.login.user_id) if code else None
    if isinstance(request, RefreshToken) and request.refresh_token:
        token = refresh_tokens.find(registry, request.refresh_token)
        return (token.audience, token.user_id) if token else None
    return None


def _hold_only(registry: Registry, user: User | str, audience: str, permissions: tuple[str, ...]) -> None:
    found = registry.apis.get(audience)
    for role in registry.users.roles(user):
        registry.roles.remove_permissions(role, found, found.scope_values)
    registry.users.remove_permissions(user, found, found.scope_values)
    registry.users.add_permissions(user, found, permissions)


class _NoChance:
    """Draws nothing: the same 32 zeros for everything, in tokens that nobody gets to see."""

    def value(self, kind: str) -> bytes:
        return bytes(32)


class _NoLog(Log):
    """Notes nothing."""

    def __init__(self) -> None:
        pass

    def add(self, type: str, description: str, **more: str | int) -> None:
        pass
