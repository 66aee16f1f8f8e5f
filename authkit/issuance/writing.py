"""From claims to a signed token, with the key that the API's algorithm asks for."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

from authkit.ground import chance
from authkit.ground.secret import Secret
from authkit.issuance.claims import header_typ
from authkit.issuance.trace import ClaimOrigin
from authkit.jose.keys import SigningSecret
from authkit.jose.sign import sign
from authkit.registry.models import Api
from authkit.registry.registry import Registry


def signed_for(registry: Registry, api: Api, claims: Iterable[ClaimOrigin]) -> str:
    """An access token of this API: HS256 with its secret, RS256 with the tenant's current key."""
    payload = {item.claim: item.value for item in claims}
    if api.signing_alg == "HS256":
        assert api.signing_secret is not None, "an HS256 API is created with its secret"
        return sign(payload, SigningSecret(api.signing_secret), alg="HS256", typ=header_typ(api))
    return sign(payload, registry.keys.current, alg=api.signing_alg, typ=header_typ(api))


def drawn(registry: Registry, kind: str) -> Secret:
    """A fresh code or opaque token, masked: 43 characters that nobody can guess."""
    return Secret(chance.text(registry.chance.value(kind)))


def next_second(registry: Registry) -> int:
    """The whole second from which a time that was promised counts: cut off, it would be short by up to one."""
    return math.ceil(registry.clock.now())


def fingerprint(token: Secret) -> str:
    """What the store keeps of a code or a token: its SHA-256. No salt, as 256 random bits are not guessed from it."""
    return hashlib.sha256(token.reveal().encode("utf-8", "surrogatepass")).hexdigest()
