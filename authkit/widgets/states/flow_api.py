"""What an API makes of an access token: its keys, its verifier, its answer."""

from __future__ import annotations

from collections.abc import Iterator

from authkit.ground.display import printable
from authkit.issuance.trace import Trace
from authkit.jose.rejection import TokenRejected
from authkit.widgets.states.flow_steps import API, APPLICATION, TENANT, Cast, Step, Value, values


def keys(place: int, cast: Cast) -> Step:
    """How the API comes by the key."""
    api = cast.api
    if api is not None and api.signing_alg == "HS256":
        return Step(
            place=place, sender=API, receiver=API, line="Nothing is fetched",
            note="The API of an HS256 token holds the secret itself. Whoever verifies with it could sign with it.",
            values=values({"signing_secret": (f"masked, {len(api.signing_secret or '')} characters",
                                              "shared with the tenant when the API was made")}),
        )  # fmt: skip
    ring = cast.tenant.jwks["keys"]
    return Step(
        place=place, sender=API, receiver=TENANT, line="GET /.well-known/jwks.json",
        note="The API fetches the public keys, and keeps them: the next tokens need no request.",
        values=tuple(Value("kid", printable(key["kid"]), "a public key of the tenant") for key in ring),
    )  # fmt: skip


def verified(place: int, cast: Cast, access_token: str, trace: Trace, *, note: str = "", last: bool = True) -> Step:
    """What comes of verifying, for real."""
    assert cast.audience is not None
    try:
        claims = cast.tenant.verifier(cast.audience).verify(access_token)
    except TokenRejected as rejected:
        return Step(
            place=place, sender=API, receiver=APPLICATION, line="HTTP 401", outcome="refused", last=True,
            note=rejected.message, remedy=rejected.remedy, setting=f"check {rejected.check}",
            values=values({"WWW-Authenticate": ('Bearer error="invalid_token"', "RFC 6750 §3.1"),
                           "code": (rejected.code, "the check of the verifier that refused")}),
        )  # fmt: skip
    rows = tuple(_claims({one.claim: one.origin for one in trace.claims}, claims.items()))
    said = note or "Verified by the API itself: signature, issuer, audience, times. It did not ask the tenant."
    return Step(
        place=place, sender=API, receiver=APPLICATION, line="HTTP 200", outcome="accepted", last=last, note=said,
        values=rows,
    )  # fmt: skip


def _claims(origins: dict[str, str], claims: object) -> Iterator[Value]:
    for name, value in dict(claims).items():  # type: ignore[call-overload]
        shown = " ".join(map(str, value)) if isinstance(value, list | tuple) else value
        yield Value(name, printable(shown) or "(empty)", origins.get(name, ""))
