"""How a token comes to be: the request, the rules, the claims, and the trace of it all."""

from authkit.issuance.client_credentials import ClientCredentials
from authkit.issuance.issued import IssuedToken
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.trace import Trace

__all__ = ["ClientCredentials", "GrantRefused", "IssuedToken", "Trace"]
