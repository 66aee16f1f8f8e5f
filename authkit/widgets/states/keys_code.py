"""What the keys panel does, as Python and as HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from authkit.ground.display import literal
from authkit.widgets.states.snippets import request

ROTATE: Final = "tenant.keys.rotate()"


def rotate_http(issuer: str) -> str:
    """The rotation as a request to the Management API."""
    return request("POST /api/v2/keys/signing/rotate", _headers(issuer))


def revoke(kid: str) -> str:
    """Revoking the previous key, as Python."""
    return f"tenant.keys.revoke({literal(kid)})"


def revoke_http(issuer: str, kid: str) -> str:
    """The same as a request to the Management API."""
    return request(f"PUT /api/v2/keys/signing/{kid}/revoke", _headers(issuer))


def client(audience: str, tokens: Sequence[str], rfc9068: bool) -> str:
    """A client of its own that fetches the keys from the served tenant, as Python."""
    listed = ["tokens = [", *(f"    {literal(token)}," for token in tokens), "]"]
    return "\n".join(
        [
            *listed,
            "with authkit.serve(tenant) as server:",
            "    keys = authkit.RemoteKeySet(server.jwks_uri, clock=tenant.clock)",
            *(f"    {line}" for line in _verifier(audience, "keys", rfc9068)),
            "    verdicts = [client.explain(token) for token in tokens]",
            "keys",
        ]
    )


def client_http(issuer: str) -> str:
    """The one request of that client."""
    return request("GET /.well-known/jwks.json", {"Host": urlsplit(issuer).netloc})


def paste(audience: str, rfc9068: bool) -> str:
    """A client into which the current key was pasted, as Python."""
    made = ["keys = authkit.KeySet.from_pem(tenant.keys.current.public_pem)"]
    return "\n".join([*made, *_verifier(audience, "keys", rfc9068)])


def paste_http(issuer: str) -> str:
    """Where the current key is served as PEM."""
    return request("GET /pem", {"Host": urlsplit(issuer).netloc})


def _verifier(audience: str, keys: str, rfc9068: bool) -> list[str]:
    policy = "    policy=authkit.RFC9068," if rfc9068 else ""
    lines = [
        "client = authkit.Verifier(",
        "    issuer=tenant.issuer,",
        f"    audience={literal(audience)},",
        f"    keys={keys},",
        policy,
        "    clock=tenant.clock,",
        ")",
    ]
    return [line for line in lines if line]


def _headers(issuer: str) -> dict[str, str]:
    return {"Host": urlsplit(issuer).netloc, "Authorization": "Bearer MANAGEMENT_API_TOKEN"}
