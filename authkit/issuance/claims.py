"""The claims of an access token in the API's dialect, each with the setting it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from authkit.issuance.trace import ClaimOrigin
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules found, and an access token is written from.

    Attributes:
        application: To whom it is issued.
        api: For which API.
        scopes: What it allows.
        permissions: What the `…_authz` dialects list.
        user: For whom it speaks; None if for the application itself.
        gty: The grant, as the vendor's `gty` has it; None where the vendor writes none.
        none_asked: Whether no scope was asked for, so that all that is granted is meant.
    """

    application: Application
    api: Api
    scopes: tuple[str, ...]
    permissions: tuple[str, ...]
    user: User | None = None
    gty: str | None = None
    none_asked: bool = False


def is_rfc9068(api: Api) -> bool:
    """Whether its tokens are written as RFC 9068 has it."""
    return api.dialect.startswith("rfc9068_profile")


def header_typ(api: Api) -> str:
    """The `typ` header of its tokens (RFC 9068 §2.1)."""
    return "at+jwt" if is_rfc9068(api) else "JWT"


def userinfo_url(registry: Registry) -> str:
    """The tenant's userinfo endpoint: a name for it in `aud`, as the API's identifier is one."""
    return f"{registry.issuer}userinfo"


def access_token_claims(
    registry: Registry, facts: Facts, draw_jti: Callable[[], str], *, lifetime: int | None = None
) -> tuple[ClaimOrigin, ...]:
    """The claims, in the order they are written.

    Args:
        registry: What the tenant knows.
        facts: What the rules found.
        draw_jti: A fresh identifier for the token; called only where the dialect has one.
        lifetime: Seconds, if not the API's own setting.
    """
    return tuple(_claims(registry, facts, draw_jti, facts.api.token_lifetime if lifetime is None else lifetime))


def _claims(registry: Registry, f: Facts, draw_jti: Callable[[], str], lifetime: int) -> Iterator[ClaimOrigin]:
    now = int(registry.clock.now())
    yield ClaimOrigin("iss", registry.issuer, "the tenant's issuer", "tenant.issuer")
    yield _sub(f)
    yield _aud(registry, f)
    yield ClaimOrigin("iat", now, "the tenant's clock", "tenant.clock")
    origin = f"iat + the API's token lifetime of {lifetime} s"
    yield ClaimOrigin("exp", now + lifetime, origin, "api.token_lifetime")
    if f.scopes:
        yield _scope(f)
    if is_rfc9068(f.api):
        origin = "drawn for this one token, as RFC 9068 §2.2 asks"
        yield ClaimOrigin("jti", draw_jti(), origin, "api.token_dialect")
        origin = "the application that asked; RFC 9068 §2.2 calls it so, the default dialect azp"
        yield ClaimOrigin("client_id", f.application.client_id, origin, "application.client_id")
    else:
        if f.gty is not None:
            yield ClaimOrigin("gty", f.gty, "the grant that was used", "application.grant_types")
        yield ClaimOrigin("azp", f.application.client_id, "the application that asked", "application.client_id")
    if f.api.dialect.endswith("_authz"):
        yield _permissions(f)


def _sub(f: Facts) -> ClaimOrigin:
    if f.user is not None:
        return ClaimOrigin("sub", f.user.user_id, "the user who logged in", "user.user_id")
    name = f"{f.application.client_id}@clients"
    return ClaimOrigin("sub", name, "the application itself, as there is no user", "application.client_id")


def _aud(registry: Registry, f: Facts) -> ClaimOrigin:
    api = f.api.identifier
    if f.user is None or "openid" not in f.scopes:
        return ClaimOrigin("aud", api, "the audience asked for: the API's identifier", "api.identifier")
    if f.api.signing_alg == "HS256":
        # Who holds the API's secret could write itself a token that our own userinfo endpoint believes.
        origin = "the API alone, in spite of openid: with its HS256 secret the API could forge tokens for userinfo"
        return ClaimOrigin("aud", api, origin, "api.signing_alg")
    origin = "the API's identifier, and the userinfo endpoint as openid was asked for"
    return ClaimOrigin("aud", list(dict.fromkeys([api, userinfo_url(registry)])), origin, "api.identifier")


def _scope(f: Facts) -> ClaimOrigin:
    origin, setting = _of_the_api(f)
    defined = frozenset(f.api.scope_values)
    others = [name for name in f.scopes if name not in defined]
    if others:
        theirs = f"{' '.join(others)}: of OpenID Connect itself, and no API's"
        alone = len(others) == len(f.scopes)
        origin, setting = (theirs, "request.scope") if alone else (f"{origin}; {theirs}", setting)
    return ClaimOrigin("scope", " ".join(f.scopes), origin, setting)


def _of_the_api(f: Facts) -> tuple[str, str]:
    """Where scopes that the API defines come from, and the setting that decides it."""
    if f.user is None and f.none_asked:
        return "granted to the application and defined by the API; none was asked for", "client_grant.scope"
    if f.user is None:
        return "asked for, granted to the application and defined by the API", "client_grant.scope"
    asked = "granted at the login" if f.gty == "refresh_token" else "asked for"
    if f.api.enforce_policies:
        return f"{asked}, defined by the API and held by the user (RBAC is on)", "api.enforce_policies"
    return f"{asked} and defined by the API (RBAC is off)", "api.enforce_policies"


def _permissions(f: Facts) -> ClaimOrigin:
    if f.user is None:
        origin, setting = "the scopes granted; the API's dialect lists them", "client_grant.scope"
    else:
        origin, setting = "what the user holds for this API, by roles and directly", "tenant.users.permissions_for"
    return ClaimOrigin("permissions", list(f.permissions), origin, setting)
