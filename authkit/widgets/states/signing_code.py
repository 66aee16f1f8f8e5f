"""What the HS256-and-RS256 panel does, as Python and as HTTP."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from authkit.ground.display import literal
from authkit.widgets.states.signing_parties import FORGED, IDENTIFIERS, LIFETIME, Algorithm, Column
from authkit.widgets.states.snippets import json_request, request

Clicked = Literal["try", "leak_hs", "leak_rs", "repair_hs", "repair_rs"]

NEW_SECRET: Final = "A_NEW_SECRET_OF_AT_LEAST_32_BYTES"
_AT_HOME: Final = "Signing needs no request: whoever holds a key signs at home. The API gets the token like any other."


def python(clicked: Clicked, issuer: str, now: int, rs_leak: str) -> str:
    """The click on a training copy of its own, so that it can be run again and spoils nothing."""
    hs = clicked.endswith("hs")
    algorithms: list[Algorithm] = ["HS256", "RS256"] if clicked == "try" else ["HS256" if hs else "RS256"]
    lines = [
        "from datetime import UTC, datetime",
        "from authkit.jose import SigningSecret, sign",
        f"copy = authkit.training_tenant(issuer={literal(issuer)})",
        f"copy.clock.set(datetime.fromtimestamp({now}, UTC))",
        *(line for algorithm in algorithms for line in _api(algorithm)),
        f'claims = {{"iss": copy.issuer, "sub": "{FORGED}", "iat": {now}, "exp": {now + LIFETIME}}}',
    ]
    if clicked == "try" or hs:
        lines.append(
            'by_secret = sign({**claims, "aud": hs.identifier}, SigningSecret(hs.signing_secret), alg="HS256")'
        )
    if clicked == "try" or not hs:
        lines.append('by_key = sign({**claims, "aud": rs.identifier}, copy.keys.current, alg="RS256")')
    return "\n".join([*lines, *_last(clicked, rs_leak)])


def http(clicked: Clicked, issuer: str, hs: Column, rs: Column) -> str:
    """The request that repairs it; for a forgery the one that carries it."""
    headers = {"Host": urlsplit(issuer).netloc, "Authorization": "Bearer MANAGEMENT_API_TOKEN"}
    if clicked == "repair_hs":
        body = {"signing_secret": NEW_SECRET}
        return json_request(f"PATCH /api/v2/resource-servers/{hs.api_id}", headers, body)
    if clicked == "repair_rs":
        kid = rs.repair.kid if rs.repair else "KID_OF_THE_LEAKED_KEY"
        moves = ("POST /api/v2/keys/signing/rotate", f"PUT /api/v2/keys/signing/{kid}/revoke")
        return "\n\n".join(request(move, headers) for move in moves)
    forged = (rs if clicked == "leak_rs" else hs).attack.token
    carried = request("GET /orders", {"Host": "your-api.example", "Authorization": f"Bearer {forged}"})
    return f"{_AT_HOME}\n\n{carried}"


def _api(algorithm: Algorithm) -> list[str]:
    name = algorithm[:2].lower()
    identifier = literal(IDENTIFIERS[algorithm])
    return [f"{name} = copy.apis.create(identifier={identifier}, signing_alg={literal(algorithm)})"]


def _last(clicked: Clicked, rs_leak: str) -> list[str]:
    if clicked == "try":
        return [
            'altered = authkit.attacks.edit_payload(by_key, sub="someone else")',
            "[",
            "    copy.verifier(hs).explain(by_secret),  # tenant and API hold the secret",
            "    copy.verifier(rs).explain(by_key),  # the tenant alone holds the private key",
            "    copy.verifier(rs).explain(altered),  # without a key",
            "]",
        ]
    if clicked == "leak_hs":
        return ["copy.verifier(hs).explain(by_secret)"]
    if clicked == "leak_rs" and rs_leak == "private":
        return ["copy.verifier(rs).explain(by_key)"]
    if clicked == "leak_rs":
        return [
            'altered = authkit.attacks.edit_payload(by_key, sub="someone else")',
            "copy.verifier(rs).explain(altered)",
        ]
    if clicked == "repair_hs":
        return [
            "import secrets",
            "copy.apis.update(hs, signing_secret=secrets.token_urlsafe(32))",
            "copy.verifier(hs).explain(by_secret)",
        ]
    return [
        "leaked = copy.keys.current.kid",
        "copy.keys.rotate()",
        "copy.keys.revoke(leaked)",
        "copy.verifier(rs).explain(by_key)",
    ]
