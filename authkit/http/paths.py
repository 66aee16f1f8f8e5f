"""Where the tenant's endpoints are, below its address."""

from __future__ import annotations

from typing import Final

AUTHORIZE: Final = "/authorize"
LOGIN: Final = "/login"
CONSENT: Final = "/consent"
LOGOUT: Final = "/v2/logout"
TOKEN: Final = "/oauth/token"
USERINFO: Final = "/userinfo"
JWKS: Final = "/.well-known/jwks.json"
METADATA: Final = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
