"""authkit: register an API, issue a token, take it apart, verify it, rotate its keys – offline, in a notebook.

`import authkit` brings the verifier (`authkit.jose`); every other part loads when it is first touched (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from authkit.ground.clock import Clock, SteerableClock, SystemClock
from authkit.ground.errors import (
    AuthKitError,
    ConfigurationError,
    KeySetError,
    RegistrationError,
    ServerError,
    StorageError,
)
from authkit.ground.secret import Secret
from authkit.jose import (
    AUTH0_ACCESS_TOKEN,
    RFC9068,
    CheckResult,
    Claims,
    DecodedToken,
    KeySet,
    Policy,
    RemoteKeySet,
    TokenRejected,
    Verdict,
    Verifier,
    decode,
)

if TYPE_CHECKING:
    from authkit.http import Server, serve, serve_orders_api
    from authkit.issuance import (
        Authorization,
        AuthorizationCode,
        AuthorizationRefused,
        AuthorizationRequest,
        AuthorizationResponse,
        ClientCredentials,
        Consent,
        Family,
        GrantRefused,
        IssuedToken,
        Preview,
        RefreshToken,
        Trace,
        code_challenge,
    )
    from authkit.registry.models import Api, Application, ClientGrant, Permission, Role, Scope, User
    from authkit.tenant import Tenant, training_tenant

__version__ = "0.1.0"

_LATER = {
    "Api": "authkit.registry.models",
    "Application": "authkit.registry.models",
    "Authorization": "authkit.issuance",
    "AuthorizationCode": "authkit.issuance",
    "AuthorizationRefused": "authkit.issuance",
    "AuthorizationRequest": "authkit.issuance",
    "AuthorizationResponse": "authkit.issuance",
    "ClientCredentials": "authkit.issuance",
    "ClientGrant": "authkit.registry.models",
    "Consent": "authkit.issuance",
    "Family": "authkit.issuance",
    "GrantRefused": "authkit.issuance",
    "IssuedToken": "authkit.issuance",
    "Permission": "authkit.registry.models",
    "Preview": "authkit.issuance",
    "RefreshToken": "authkit.issuance",
    "Role": "authkit.registry.models",
    "Scope": "authkit.registry.models",
    "Server": "authkit.http",
    "Tenant": "authkit.tenant",
    "Trace": "authkit.issuance",
    "User": "authkit.registry.models",
    "code_challenge": "authkit.issuance",
    "serve": "authkit.http",
    "serve_orders_api": "authkit.http",
    "training_tenant": "authkit.tenant",
}
"""Public names and the module each comes from when it is first touched."""

_PARTS = ("attacks", "course", "explore", "widgets")
"""Parts that load when they are first touched, as in `authkit.widgets.debugger`."""

__all__ = [
    "AUTH0_ACCESS_TOKEN", "RFC9068", "Api", "Application", "AuthKitError", "Authorization", "AuthorizationCode",
    "AuthorizationRefused", "AuthorizationRequest", "AuthorizationResponse", "CheckResult", "Claims",
    "ClientCredentials", "ClientGrant", "Clock", "ConfigurationError", "Consent", "DecodedToken", "Family",
    "GrantRefused", "IssuedToken", "KeySet", "KeySetError", "Permission", "Policy", "Preview", "RefreshToken",
    "RegistrationError", "RemoteKeySet", "Role", "Scope", "Secret", "Server", "ServerError", "SteerableClock",
    "StorageError", "SystemClock", "Tenant", "TokenRejected", "Trace", "User", "Verdict", "Verifier", "code_challenge",
    "decode", "serve", "serve_orders_api", "training_tenant",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LATER:
        value = getattr(import_module(_LATER[name]), name)
    elif name in _PARTS:
        value = import_module(f"authkit.{name}")
    else:
        raise AttributeError(f"module 'authkit' has no attribute {name!r}")
    globals()[name] = value  # the next look-up does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *_PARTS})
