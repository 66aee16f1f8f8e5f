"""What mutations are made of: good tokens of three algorithms, keys of both sides, and the verifiers under attack."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from authkit import KeySet, Secret, SteerableClock, Verifier
from authkit.ground.clock import TRAINING_START
from authkit.jose import SigningKey, SigningSecret
from authkit.jose.encoding import encode_segment
from tests.benchmarks.workload import AUDIENCE, ISSUER, SECRET, pooled, write_token

NOW = int(TRAINING_START.timestamp())

PAYLOAD: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "K2nightlyReport@clients",
    "aud": AUDIENCE,
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 86400,
    "scope": "read:orders write:orders",
    "jti": "token-0001",
}
"""The claims of every good token."""

# A PS256 signature is never the same twice. This is one of training key 0 over the good header and payload, written
# down so that a seed's run is the same everywhere; `broken_stock` notices when it no longer fits.
PS256_SIGNATURE = (
    "BVwGUmHabY4ZuZ53HIGUf0RAGeqHz8SxJ8EakKfjJh7IwXmTTHEHYt2Mt-NGmX8SKmg9P_TmqjLVKib5ZDAr5JkIh9UPdUw1qRFJvkjEwOnSjY"
    "_Gu4DhlY3-gJDB8jFh9gkhWSiKVHq4Xe9JFFlU7XiMrWIStReiG1EvluPcJUBK7KsnCmCGLYV-"
    "onwB-L71UZh0JC3FHxcfudUuobozb6YjBc2DR45U-ndB3iJqRfQNhNHnk-iLKsnkJfRb3v_j5MjJlJKW3TEvXN5k38Nus-"
    "KcP57hUsNqj5r7oEGnQISlJG5Hu1LQIcmr5aMt1KZHY_nrsW5Ko7oZ0Ud6mpLPXg"
)


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Everything that mutations and their judges share.

    Attributes:
        tokens: The good token of each algorithm.
        genuine: These, and others that were signed as well, by a stranger or for someone else.
        verifiers: Who is attacked, by name.
        good: For each verifier the tokens that it has to accept.
        secret: The issuer's secret for HS256.
        wrong_secrets: What an attacker tries as one: what is public, and what is lazy.
        attacker: A key pair that no verifier trusts.
        kid, modulus: Of the issuer's key.
    """

    tokens: dict[str, str]
    genuine: tuple[str, ...]
    verifiers: dict[str, Verifier]
    good: dict[str, tuple[str, ...]]
    secret: bytes
    wrong_secrets: tuple[bytes, ...]
    attacker: SigningKey
    kid: str
    modulus: int


@cache
def stock() -> Stock:
    """The one stock of a process; another process makes the same."""
    (_, key), (_, following), (_, attacker) = pooled(0), pooled(1), pooled(7)
    secret = SigningSecret(Secret(SECRET))
    headers = {alg: {"alg": alg, "typ": "JWT", "kid": key.kid} for alg in ("RS256", "PS256")}
    headers["HS256"] = {"alg": "HS256", "typ": "JWT"}
    unsigned = ".".join(encode_segment(_compact(part)) for part in (headers["PS256"], PAYLOAD))
    tokens = {
        "RS256": write_token(key, headers["RS256"], PAYLOAD),
        "HS256": write_token(secret, headers["HS256"], PAYLOAD),
        "PS256": f"{unsigned}.{PS256_SIGNATURE}",
    }
    elsewhere = {**PAYLOAD, "aud": "https://stock.example/"}
    over = {**PAYLOAD, "iat": NOW - 90000, "nbf": NOW - 90000, "exp": NOW - 3600}
    others = (
        write_token(attacker, {**headers["RS256"], "kid": attacker.kid}, PAYLOAD),
        write_token(attacker, headers["RS256"], PAYLOAD),
        write_token(key, headers["RS256"], elsewhere),
        write_token(key, headers["RS256"], over),
        write_token(secret, headers["HS256"], elsewhere),
        write_token(secret, headers["HS256"], over),
        write_token(SigningSecret(Secret(SECRET[::-1])), headers["HS256"], PAYLOAD),
    )
    return Stock(
        tokens=tokens,
        genuine=(*tokens.values(), *others),
        verifiers=_verifiers(key, following),
        good={
            "RS256": (tokens["RS256"],),
            "HS256": (tokens["HS256"],),
            "PS256": (tokens["PS256"],),
            "all three, JWKS": (tokens["RS256"], tokens["PS256"]),
            "RS256 and HS256, PEM": (tokens["RS256"],),
        },
        secret=SECRET.encode(),
        wrong_secrets=(*_public_material(key), b"", b"\0", b"secret", b"password", b"null", SECRET[::-1].encode()),
        attacker=attacker,
        kid=key.kid,
        modulus=pooled(0)[0].public_key().public_numbers().n,
    )


def broken_stock() -> list[str]:
    """The verifiers that refuse a good token, so that an attack on them would prove nothing."""
    return [
        f"{name}: {verdict.headline}"
        for name, verifier in stock().verifiers.items()
        for token in stock().good[name]
        if (verdict := verifier.explain(token)).outcome != "accepted"
    ]


def _verifiers(key: SigningKey, following: SigningKey) -> dict[str, Verifier]:
    jwks = {"keys": [key.public_jwk, following.public_jwk]}
    any_alg = {"keys": [{**entry, "alg": None} for entry in jwks["keys"]]}
    chosen: dict[str, tuple[KeySet, list[str]]] = {
        "RS256": (KeySet.from_jwks(jwks), ["RS256"]),
        "HS256": (KeySet.from_secret(SECRET.encode()), ["HS256"]),
        "PS256": (KeySet.from_jwks(any_alg), ["PS256"]),
        # Two that allow too much: with them alone key confusion has a chance.
        "all three, JWKS": (KeySet.from_jwks(any_alg), ["RS256", "PS256", "HS256"]),
        "RS256 and HS256, PEM": (KeySet.from_pem(key.public_pem), ["RS256", "HS256"]),
    }
    return {
        name: Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, algorithms=algorithms, clock=SteerableClock())
        for name, (keys, algorithms) in chosen.items()
    }


def _public_material(key: SigningKey) -> list[bytes]:
    """The public key in every form in which a careless verifier might take it for a secret (RFC 8725 §2.1)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = pooled(0)[0].public_key()
    forms = [
        public.public_bytes(encoding, form)
        for encoding in (Encoding.PEM, Encoding.DER)
        for form in (PublicFormat.SubjectPublicKeyInfo, PublicFormat.PKCS1)
    ]
    jwk = key.public_jwk
    forms += [key.certificate.encode(), _compact(jwk), json.dumps(jwk).encode(), jwk["n"].encode(), key.kid.encode()]
    return [*forms, *(form.strip() for form in forms if form != form.strip())]


def _compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
