"""The work that every library does: the same keys, the same tokens, and tokens that each of them has to refuse."""

import itertools
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from authkit import Secret
from authkit.ground.clock import TRAINING_START
from authkit.jose import SigningKey, SigningSecret
from authkit.jose.encoding import decode_segment, encode_json, encode_segment
from authkit.jose.training_keys import training_key

LENGTH = 793
"""Characters of a token: what an issuer's access token with a few scopes has."""

ISSUER = "https://training.authkit.example/"
AUDIENCE = "https://orders.example/"
SECRET = "a-shared-secret-of-a-good-length-for-benchmarks"
HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Workload:
    """One algorithm's keys and tokens.

    Attributes:
        alg: The signature algorithm.
        key: What authkit signs with.
        private_pem, public_key: The RSA key pair, as PEM and parsed; empty for HS256.
        secret: The shared secret; empty for RSA.
        jwks: The keys to verify with: current and next, as issuers publish them. For HS256 the one secret.
        header, payload: What is signed.
        token: The good token.
        faults: Tokens that are not good, each with one fault, by what is wrong with them.
    """

    alg: str
    key: SigningKey | SigningSecret
    private_pem: str = ""
    public_key: Any = None
    secret: bytes = b""
    jwks: dict[str, list[dict[str, Any]]]
    header: dict[str, Any]
    payload: dict[str, Any]
    token: str
    faults: dict[str, str]


@cache
def pooled(number: int) -> tuple[RSAPrivateKey, SigningKey]:
    """A key pair of the training pool, so that none has to be generated."""
    pem = training_key(number).encode()
    private_key = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private_key, RSAPrivateKey)
    return private_key, SigningKey.certify(
        private_key, subject="training.authkit.example", now=TRAINING_START.timestamp()
    )


def write_token(key: SigningKey | SigningSecret, header: dict[str, Any], payload: dict[str, Any]) -> str:
    """A token with exactly this header, which `authkit.jose.sign` would choose itself."""
    signing_input = f"{encode_segment(encode_json(header))}.{encode_segment(encode_json(payload))}"
    return f"{signing_input}.{encode_segment(key.sign_bytes(header['alg'], signing_input.encode()))}"


def workload(alg: str) -> Workload:
    """Keys and tokens for RS256, PS256 or HS256; they count from now, since most libraries know no other time."""
    if alg == "HS256":
        key: SigningKey | SigningSecret = SigningSecret(Secret(SECRET))
        entry = {"kty": "oct", "use": "sig", "alg": alg, "k": encode_segment(SECRET.encode())}
        material: dict[str, Any] = {"secret": SECRET.encode(), "jwks": {"keys": [entry]}}
        header = {"alg": alg, "typ": "JWT"}
    else:
        private_key, key = pooled(0)
        _, following = pooled(1)
        material = {
            "private_pem": training_key(0),
            "public_key": private_key.public_key(),
            "jwks": {"keys": [{**each.public_jwk, "alg": alg} for each in (key, following)]},
        }
        header = {"alg": alg, "typ": "JWT", "kid": key.kid}
    payload = _payload(len(encode_segment(encode_json(header))) + 2 + (43 if alg == "HS256" else 342))
    token = write_token(key, header, payload)
    late = {"iat": payload["iat"] - 2 * HOUR, "nbf": payload["nbf"] - 2 * HOUR, "exp": payload["iat"] - HOUR}
    faults = {
        "a changed signature": _with_changed_signature(token),
        "another issuer": write_token(key, header, {**payload, "iss": "https://another.example/"}),
        "another audience": write_token(key, header, {**payload, "aud": "https://another.example/"}),
        "an expiry that has passed": write_token(key, header, {**payload, **late}),
    }
    return Workload(alg=alg, key=key, header=header, payload=payload, token=token, faults=faults, **material)


def _payload(others: int) -> dict[str, Any]:
    """Claims of an access token, with as many scopes as fill the token up to its length."""
    now = int(time.time())
    payload: dict[str, Any] = {
        "iss": ISSUER,
        "sub": "K2nightlyReport@clients",
        "aud": AUDIENCE,
        "iat": now,
        "nbf": now,
        "exp": now + 24 * HOUR,
        "scope": "",
        "azp": "K2nightlyReport",
    }
    room = (LENGTH - others) * 3 // 4 - len(encode_json(payload))
    scopes = itertools.cycle(f"{action}:{thing} " for thing in ("orders", "stock", "bills") for action in "rw")
    text = "".join(itertools.islice(scopes, room))
    return {**payload, "scope": text[:room]}


def _with_changed_signature(token: str) -> str:
    signing_input, _, signature = token.rpartition(".")
    raw = bytearray(decode_segment(signature))
    raw[len(raw) // 2] ^= 1
    return f"{signing_input}.{encode_segment(bytes(raw))}"
