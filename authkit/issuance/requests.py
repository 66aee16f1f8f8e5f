"""The token endpoint's one door: each kind of request to the flow that answers it."""

from __future__ import annotations

from authkit.ground.display import shorten
from authkit.ground.errors import ConfigurationError
from authkit.issuance.client_credentials import ClientCredentials, issue_client_credentials
from authkit.issuance.code_exchange import AuthorizationCode, issue_for_code
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refresh import RefreshToken, issue_for_refresh_token
from authkit.registry.registry import Registry

TokenRequest = ClientCredentials | AuthorizationCode | RefreshToken


def issue(registry: Registry, request: TokenRequest) -> IssuedToken:
    """The answer to a token request (RFC 6749 §3.2).

    Raises:
        GrantRefused: A rule refused.
        ConfigurationError: No such request.
    """
    asked: object = request
    if isinstance(asked, ClientCredentials):
        return issue_client_credentials(registry, asked)
    if isinstance(asked, AuthorizationCode):
        return issue_for_code(registry, asked)
    if isinstance(asked, RefreshToken):
        return issue_for_refresh_token(registry, asked)
    raise ConfigurationError(
        "request.unknown",
        f"A token is asked for with a request, not with {shorten(asked)}.",
        "Pass authkit.ClientCredentials(application, audience=api.identifier), AuthorizationCode or RefreshToken.",
    )
