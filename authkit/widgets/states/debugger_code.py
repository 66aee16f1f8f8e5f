"""What the debugger does, as Python and as HTTP."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode, urlsplit

from authkit.ground.display import literal
from authkit.registry.models import Api, Application
from authkit.widgets.states.snippets import request

# RFC 6750 §2.1: the characters a bearer token may have on its way in a header.
_BEARER: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def verify_python(api: Api, token: str, longest: int) -> str:
    """The verdict on this token, as Python."""
    if len(token) > longest:
        shown = f"# token: {len(token):,} characters, too many to show; put them into a variable of this name"
    else:
        shown = f"token = {literal(token)}"
    return "\n".join([shown, f"tenant.verifier({literal(api.identifier)}).explain(token)"])


def verify_http(api: Api, token: str, longest: int, issuer: str) -> str:
    """The request an API gets, and the one it sends for the keys."""
    if len(token) > longest or not _BEARER.fullmatch(token):
        arrives = "This text cannot travel in a header: it is empty, too long, or holds what no token may hold."
    else:
        arrives = request("GET /orders", {"Host": "your-api.example", "Authorization": f"Bearer {token}"})
    if api.signing_alg == "HS256":
        return f"{arrives}\n\nNothing is fetched: an HS256 API holds the shared secret itself."
    return "\n\n".join([arrives, request("GET /.well-known/jwks.json", {"Host": urlsplit(issuer).netloc})])


def grant_python(api: Api, application: Application | None) -> str:
    """Asking for a token of this API, as Python; without an application what has to be created first."""
    audience = literal(api.identifier)
    scopes = ", ".join(literal(scope) for scope in api.scope_values)
    if application is None:
        first = [
            'app = tenant.applications.create(name="My application")',
            f"tenant.client_grants.create(app, {audience}, [{scopes}])",
        ]
    else:
        first = [f"app = tenant.applications.get({literal(application.client_id)})"]
    asked = f"issued = tenant.request_token(authkit.ClientCredentials(app, audience={audience}))"
    return "\n".join([*first, asked, "token = issued.access_token"])


def grant_http(api: Api, application: Application | None, issuer: str) -> str:
    """Asking for a token of this API over HTTP, as an application does; its secret is for the reader to fill in."""
    client = application.client_id if application else "CLIENT_ID"
    fields = {"grant_type": "client_credentials", "client_id": client, "client_secret": "CLIENT_SECRET"}
    headers = {"Host": urlsplit(issuer).netloc, "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({**fields, "audience": api.identifier})
    return request("POST /oauth/token", headers, body)
