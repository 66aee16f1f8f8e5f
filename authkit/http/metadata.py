"""The document by which a client finds everything else (RFC 8414, OpenID Connect Discovery 1.0 §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from authkit.http import paths
from authkit.http.token_request import GRANTS

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_SCOPES: Final = ("openid", "profile", "email", "offline_access")
_CLAIMS: Final = ("sub", "iss", "aud", "exp", "iat", "nonce", "name", "email", "email_verified")


def endpoints(url: str) -> dict[str, str]:
    """The addresses of the endpoints, by their names in the metadata."""
    return {
        "authorization_endpoint": f"{url}{paths.AUTHORIZE}",
        "token_endpoint": f"{url}{paths.TOKEN}",
        "userinfo_endpoint": f"{url}{paths.USERINFO}",
        "jwks_uri": f"{url}{paths.JWKS}",
    }


def metadata(tenant: Tenant[Any], url: str) -> dict[str, Any] | None:
    """The metadata of a tenant, or None where its issuer is another address: there it would be a lie (RFC 8414 §3.3).

    Args:
        tenant: The tenant.
        url: Where it is reached, without a slash at the end.
    """
    if tenant.issuer != f"{url}/":
        return None
    document: dict[str, Any] = {
        "issuer": tenant.issuer,
        **endpoints(url),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "scopes_supported": list(_SCOPES),
        "claims_supported": list(_CLAIMS),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        # What is absent would count as supported (OpenID Connect Discovery 1.0 §3).
        "request_uri_parameter_supported": False,
    }
    if tenant.training:
        document["authkit_training"] = "published keys: never trust this issuer outside a lesson"
    return document
