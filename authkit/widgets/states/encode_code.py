"""Writing and signing a token, as Python and as HTTP."""

from __future__ import annotations

from typing import Any, Final

from authkit.ground.display import literal
from authkit.widgets.states.snippets import request

_AT_HOME: Final = (
    "Signing needs no request: whoever holds the key signs at home. The API gets the token like any other."
)


def python(header: dict[str, Any], payload: dict[str, Any], signer: str, current: bool) -> str:
    """The token, from its parts; a typed secret is asked for when this is run.

    Args:
        header: The JOSE header.
        payload: The claims.
        signer: What signs, as in `EncodeState.signer`.
        current: Whether that is the tenant's current key.
    """
    kind, _, name = signer.partition(":")
    imports = ["from authkit.jose.encoding import encode_json, encode_segment"]
    if kind == "key":
        ring = f"next(one.key for one in tenant.keys.ring.keys if one.key.kid == {literal(name)})"
        key = "tenant.keys.current" if current else ring
    else:
        imports.append("from authkit.jose import SigningSecret")
        imports += ["from getpass import getpass"] if kind != "api" else []
        typed = 'authkit.Secret(getpass("Signing secret: "))'
        key = f"SigningSecret({f'tenant.apis.get({literal(name)}).signing_secret' if kind == 'api' else typed})"
    lines = [
        *imports,
        f"header = {literal(header)}",
        f"payload = {literal(payload)}",
        f"key = {key}",
        'signing_input = f"{encode_segment(encode_json(header))}.{encode_segment(encode_json(payload))}"',
        'signature = key.sign_bytes(header["alg"], signing_input.encode())',
        'token = f"{signing_input}.{encode_segment(signature)}"',
    ]
    return "\n".join(lines)


def http(token: str) -> str:
    """The request that carries the token."""
    if not token:
        return _AT_HOME
    carried = request("GET /orders", {"Host": "your-api.example", "Authorization": f"Bearer {token}"})
    return f"{_AT_HOME}\n\n{carried}"
