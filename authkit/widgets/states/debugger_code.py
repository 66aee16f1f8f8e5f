"""What the debugger does, as Python and as HTTP."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from authkit.ground.display import literal
from authkit.registry.models import Api, Application
from authkit.widgets.states.key_material import host_of
from authkit.widgets.states.snippets import call, request

# RFC 6750 §2.1: the characters a bearer token may have on its way in a header.
_BEARER: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Expected(NamedTuple):
    """What a verifier of one's own is made of.

    Attributes:
        kind: What the key material is.
        material: Its text, or the address; None where it is masked or not there yet.
        issuer, audience, algorithms, policy: What it expects.
    """

    kind: str
    material: str | None
    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    policy: str


def verify_python(api: Api, token: str, longest: int) -> str:
    """The verdict on this token, as Python."""
    return "\n".join([_token(token, longest), f"tenant.verifier({literal(api.identifier)}).explain(token)"])


def verify_with_python(expected: Expected, token: str, longest: int) -> str:
    """The verdict of a verifier with other keys than the tenant's, as Python; a secret is asked for when it is run."""
    algorithms = ", ".join(literal(one) for one in expected.algorithms)
    verifier = call(
        "verifier = authkit.Verifier",
        {
            "issuer": literal(expected.issuer),
            "audience": literal(expected.audience),
            "keys": "keys",
            "algorithms": f"[{algorithms}]",
            "policy": f"authkit.{expected.policy}",
            "clock": "tenant.clock",
        },
    )
    lines = [*_keys(expected), _token(token, longest), verifier, "verifier.explain(token)"]
    return "\n".join(lines)


def verify_with_http(expected: Expected, token: str, longest: int) -> str:
    """The request an API gets, and the one that Fetch sends, if there is one."""
    if expected.kind != "url" or not expected.material:
        return f"{_arrives(token, longest)}\n\nNothing is fetched: the verifier holds the key material itself."
    if not host_of(expected.material):
        return f"{_arrives(token, longest)}\n\nNothing is fetched: this address names no host that could be asked."
    fetched = urlsplit(expected.material)
    path = f"{fetched.path or '/'}{'?' + fetched.query if fetched.query else ''}"
    return "\n\n".join([_arrives(token, longest), request(f"GET {path}", {"Host": fetched.netloc})])


def verify_http(api: Api, token: str, longest: int, issuer: str) -> str:
    """The request an API gets, and the one it sends for the keys."""
    arrives = _arrives(token, longest)
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


def _token(token: str, longest: int) -> str:
    if len(token) > longest:
        return f"# token: {len(token):,} characters, too many to show; put them into a variable of this name"
    return f"token = {literal(token)}"


def _arrives(token: str, longest: int) -> str:
    if len(token) > longest or not _BEARER.fullmatch(token):
        return "This text cannot travel in a header: it is empty, too long, or holds what no token may hold."
    return request("GET /orders", {"Host": "your-api.example", "Authorization": f"Bearer {token}"})


def _keys(expected: Expected) -> list[str]:
    if expected.kind == "url":
        return [f"keys = authkit.RemoteKeySet({literal(expected.material or '')}, clock=tenant.clock)"]
    asked = expected.material is None
    text = 'getpass("Key material: ")' if asked else literal(expected.material)
    made = {
        "jwks": f"from_jwks(json.loads({text}))",
        "jwk": f"from_jwk(json.loads({text}))",
        "pem": f"from_pem({text})",
        "secret": f"from_secret({text}.encode())",
        "base64url": f"from_secret_base64url({text})",
    }[expected.kind]
    imports = ["import json"] if "json." in made else []
    imports += ["from getpass import getpass"] if asked else []
    return [*imports, f"keys = authkit.KeySet.{made}"]
