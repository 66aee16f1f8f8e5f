"""`quick_start(tenant, api)`: the code that protects this API with a JWT library of one's choice (S6)."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from types import MappingProxyType
from typing import Any, Final

from authkit.ground import display
from authkit.ground.display import literal, shorten
from authkit.ground.errors import ConfigurationError
from authkit.registry.models import Api
from authkit.tenant import Tenant

LIBRARIES: Final = MappingProxyType(
    {
        "fastapi": "FastAPI with PyJWT",
        "flask": "Flask with Authlib",
        "express": "Express with express-oauth2-jwt-bearer",
        "authkit": "Plain Python with authkit",
        "curl": "curl, to ask the API",
    }
)
"""What a quick start can be written for."""

SECRET_VARIABLE: Final = "ORDERS_SIGNING_SECRET"
_NO_SCOPE: Final = "read:orders"
_REFUSE: Final = 'raise refused(401, "invalid_token") from None'
_AWAY: Final = "away = isinstance(error, jwt.PyJWKClientConnectionError)  # no keys"
_REFUSE_UNLESS_AWAY: Final = f"""{_AWAY}
        raise HTTPException(503) if away else refused(401, "invalid_token")"""
_FLASK_REFUSE: Final = "return None  # the answer is 401 invalid_token"
_FLASK_REFUSE_UNLESS_AWAY: Final = f"""{_AWAY}
            return abort(503) if away else None  # None: 401 invalid_token"""


@dataclass(frozen=True, repr=False)
class QuickStart:
    """Working code for one API.

    Attributes:
        library: What it is written for, one of `LIBRARIES`.
        code: The code. It holds no secret: that of an HS256 API is read from the environment.
    """

    library: str
    code: str

    def __repr__(self) -> str:
        return self.code

    def _repr_html_(self) -> str:
        title = LIBRARIES[self.library]
        return display.join([display.tag("strong", title), display.code(self.code, f"Quick start: {title}")])


def quick_start(tenant: Tenant[Any], api: Api | str, library: str = "fastapi", *, url: str | None = None) -> QuickStart:
    """The code that protects this API: it asks for its first scope, and answers 401 and 403 as RFC 6750 §3 has it.

    Tokens of a training tenant carry the time of its steerable clock, which such code does not know: serve one with
    `authkit serve --training` to run it, and take the issuer and the address of the keys from the line that it prints.

    Args:
        tenant: Whose tokens the API takes.
        api: The API.
        library: `fastapi` (with PyJWT), `flask` (with Authlib), `express` (in Node), `authkit` or `curl`.
        url: Where the tenant is served, if that is not its issuer.

    Raises:
        ConfigurationError: There is no quick start for this library (`quick_start.library`), this is no tenant, or its
            address no text (`quick_start.tenant`, `quick_start.url`).
        RegistrationError: The tenant has no such API.
    """
    if library not in LIBRARIES:
        raise ConfigurationError(
            "quick_start.library",
            f"There is no quick start for {shorten(library)}.",
            f"Choose one of: {', '.join(LIBRARIES)}.",
        )
    if not isinstance(tenant, Tenant):
        raise ConfigurationError(
            "quick_start.tenant",
            f"A quick start is for an API of a tenant; {shorten(tenant)} is none.",
            "Pass the tenant first, and then the API, as in quick_start(tenant, api).",
        )
    if url is not None and not isinstance(url, str):
        raise ConfigurationError(
            "quick_start.url", f"Where the tenant is served is text, and not {shorten(url)}.", "Pass server.url."
        )
    found = tenant.apis.get(api)
    template = Template((files(__package__) / "quick_starts" / f"{library}.txt").read_text(encoding="utf-8"))
    return QuickStart(library, template.substitute(_values(found, tenant.issuer, (url or tenant.issuer).rstrip("/"))))


def _values(api: Api, issuer: str, url: str) -> dict[str, str]:
    scope = api.scope_values[0] if api.scopes else _NO_SCOPE
    jwks_uri = literal(f"{url}/.well-known/jwks.json")
    shared = api.signing_alg == "HS256"
    secret = f'os.environ["{SECRET_VARIABLE}"]'
    rfc9068 = api.dialect.startswith("rfc9068")
    return {
        "issuer": literal(issuer),
        "audience": literal(api.identifier),
        "alg": literal(api.signing_alg),
        "scope": literal(scope),
        "issuer_js": json.dumps(issuer),
        "audience_js": json.dumps(api.identifier),
        "alg_js": json.dumps(api.signing_alg),
        "scope_js": json.dumps(scope),
        "comma_os": ", os" if shared else "",
        "imports_os": "import os\n" if shared else "",
        "pyjwt_key": f"SECRET = {secret}" if shared else f"KEYS = jwt.PyJWKClient({jwks_uri})",
        "as_error": "" if shared else " as error",
        "pyjwt_refuse": _REFUSE if shared else _REFUSE_UNLESS_AWAY,
        "pyjwt_find": "SECRET" if shared else "KEYS.get_signing_key_from_jwt(sent.credentials)",
        "authkit_keys": f"KeySet.from_secret({secret}.encode())" if shared else f"RemoteKeySet({jwks_uri})",
        "policy": "\n                            policy=authkit.RFC9068,  # the API's dialect" if rfc9068 else "",
        "comma_abort": "" if shared else ", abort",
        "flask_find": "SECRET" if shared else "KEYS.get_signing_key_from_jwt(sent)",
        "flask_refuse": _FLASK_REFUSE if shared else _FLASK_REFUSE_UNLESS_AWAY,
        "express_key": f"secret: process.env.{SECRET_VARIABLE},"
        if shared
        else f"jwksUri: {json.dumps(f'{url}/.well-known/jwks.json')},",
        "express_strict": "\n    strict: true, // the API's dialect: RFC 9068" if rfc9068 else "",
        "token_url": shlex.quote(f"{url}/oauth/token"),
        "audience_sh": shlex.quote(api.identifier),
        "scope_sh": shlex.quote(scope),
    }
