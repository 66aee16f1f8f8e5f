"""The claims of an access token, each with the setting it comes from."""

from __future__ import annotations

from authkit.issuance.trace import ClaimOrigin
from authkit.registry.models import Api, Application
from authkit.registry.registry import Registry


def client_credentials_claims(
    registry: Registry, application: Application, api: Api, scopes: tuple[str, ...]
) -> tuple[ClaimOrigin, ...]:
    """The claims of a machine-to-machine token in the vendor's default dialect, in the order they are written."""
    now = int(registry.clock.now())
    claims = [
        ClaimOrigin(claim="iss", value=registry.issuer, origin="the tenant's issuer", setting="tenant.issuer"),
        ClaimOrigin(
            claim="sub",
            value=f"{application.client_id}@clients",
            origin="the application itself, as there is no user",
            setting="application.client_id",
        ),
        ClaimOrigin(
            claim="aud",
            value=api.identifier,
            origin="the audience asked for: the API's identifier",
            setting="api.identifier",
        ),
        ClaimOrigin(claim="iat", value=now, origin="the tenant's clock", setting="tenant.clock"),
        ClaimOrigin(
            claim="exp",
            value=now + api.token_lifetime,
            origin=f"iat + the API's token lifetime of {api.token_lifetime} s",
            setting="api.token_lifetime",
        ),
        ClaimOrigin(
            claim="gty",
            value="client-credentials",
            origin="the grant that was used",
            setting="application.grant_types",
        ),
        ClaimOrigin(
            claim="azp",
            value=application.client_id,
            origin="the application that asked",
            setting="application.client_id",
        ),
    ]
    if scopes:
        scope = ClaimOrigin(
            claim="scope",
            value=" ".join(scopes),
            origin="asked for, granted to the application and defined by the API",
            setting="client_grant.scope",
        )
        claims.insert(5, scope)
    return tuple(claims)
