"""What a verifier insists on beyond issuer, audience and algorithm, as named and frozen presets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The strictness of a verifier.

    Attributes:
        name: What to call it in a verdict.
        types: Values of the `typ` header that are accepted, compared without case (RFC 8725 §3.11). `None` in the
            list accepts a token without `typ`.
        required: Claims that must be there.
        leeway: Seconds by which `exp` and `nbf` may be missed (RFC 7519 §4.1.4).
        future_iat: Seconds by which `iat` may lie ahead: two machines' clocks never quite agree.
        max_size: Characters a token may have.
    """

    name: str
    types: tuple[str | None, ...]
    required: tuple[str, ...]
    leeway: int = 0
    future_iat: int = 60
    max_size: int = 16 * 1024


AUTH0_ACCESS_TOKEN = Policy(name="AUTH0_ACCESS_TOKEN", types=("JWT",), required=("iss", "sub", "aud", "exp", "iat"))
"""Access tokens in the default dialect."""

RFC9068 = Policy(
    name="RFC9068",
    types=("at+jwt", "application/at+jwt"),
    required=("iss", "exp", "aud", "sub", "client_id", "iat", "jti"),
)
"""Access tokens after RFC 9068 §2, which have a `typ` of their own."""
