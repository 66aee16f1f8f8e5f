"""How a token comes to be: the request, the rules, the claims, and the trace of it all."""

from authkit.issuance.authorization import Authorization, AuthorizationResponse
from authkit.issuance.authorization_request import AuthorizationRequest
from authkit.issuance.client_credentials import ClientCredentials
from authkit.issuance.code_exchange import AuthorizationCode
from authkit.issuance.consent import Consent
from authkit.issuance.families import Family
from authkit.issuance.issued import IssuedToken
from authkit.issuance.pkce import code_challenge
from authkit.issuance.preview import Preview
from authkit.issuance.refresh import RefreshToken
from authkit.issuance.refusal import AuthorizationRefused, GrantRefused
from authkit.issuance.trace import Trace

__all__ = [
    "Authorization", "AuthorizationCode", "AuthorizationRefused", "AuthorizationRequest", "AuthorizationResponse",
    "ClientCredentials", "Consent", "Family", "GrantRefused", "IssuedToken", "Preview", "RefreshToken", "Trace",
    "code_challenge",
]  # fmt: skip
