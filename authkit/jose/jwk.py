"""One JWK: read strictly into a key to verify with, prepared once (RFC 7517 §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authkit.ground.display import shorten
from authkit.ground.errors import KeySetError
from authkit.jose.algorithms import ALGORITHMS, MIN_RSA_BITS
from authkit.jose.encoding import Malformed, decode_segment
from authkit.jose.shared_secret import fault_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MAX_RSA_BITS: Final = 16384
"""OpenSSL's own limit (OPENSSL_RSA_MAX_MODULUS_BITS), as are the next two: beyond, it finds every signature wrong."""
_SMALL_RSA_BITS: Final = 3072
_MAX_EXPONENT_BITS: Final = 64
_PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})


@dataclass(frozen=True, slots=True, repr=False)  # no tuple: whatever walks one would show the material
class VerificationKey:
    """A key to verify with, already parsed.

    Attributes:
        kid: Its name in the `kid` header, if it has one.
        kty: `RSA` or `oct`.
        algorithms: The algorithms it may be used with.
        material: What PyJWT's algorithm object takes: a public key object, or the bytes of a secret.
    """

    kid: str | None
    kty: str
    algorithms: frozenset[str]
    material: Any

    def __copy__(self) -> VerificationKey:
        return self

    def __deepcopy__(self, memo: object) -> VerificationKey:
        return self  # it never changes

    def __reduce__(self) -> tuple[object, ...]:
        if self.kty == "oct":
            raise TypeError("A shared secret is not pickled: it would be written in clear.")
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        der = self.material.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return _public_again, (self.kid, self.algorithms, der)

    def __repr__(self) -> str:
        return f"VerificationKey(kid={self.kid!r}, kty={self.kty!r}, algorithms={sorted(self.algorithms)})"


def _public_again(kid: str | None, algorithms: frozenset[str], der: bytes) -> VerificationKey:
    """A public key out of its pickle."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    return VerificationKey(kid, "RSA", algorithms, load_der_public_key(der))


class Unusable(Exception):
    """A JWK that cannot verify here, and why. Not the set's fault: unknown keys are to be ignored (RFC 7517 §5)."""


def read_jwk(jwk: object) -> VerificationKey:
    """The key in a JWK.

    Raises:
        Unusable: Of an unknown kind, broken, too small, or not for signatures.
        KeySetError: A private half, or a secret that protects nothing: no set that holds it is used.
    """
    from jwt.algorithms import RSAAlgorithm

    if not isinstance(jwk, Mapping):
        raise Unusable("it is no JSON object")
    kty, kid, alg = jwk.get("kty"), jwk.get("kid"), jwk.get("alg")
    if kty in ("RSA", "EC", "OKP") and _PRIVATE_MEMBERS & jwk.keys():
        raise KeySetError(
            "key_set.private_key",
            f"This is a private key{'' if kid is None else f', kid {shorten(kid)}'}. Whoever sees it can sign tokens.",
            "Publish only its public members (RFC 7518 §6.2.1, §6.3.1), and rotate: that key has leaked.",
        )
    if kid is not None and not isinstance(kid, str):
        raise Unusable("its kid is no text")
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or not isinstance(operations, list) or "verify" not in operations:
        raise Unusable("it is not for signatures")
    if kty == "oct":
        if alg not in (None, "HS256"):
            raise Unusable(f"its alg is {shorten(alg)}")
        return VerificationKey(kid, "oct", frozenset({"HS256"}), _secret_member(jwk))
    if kty != "RSA":
        raise Unusable(f"its kty is {shorten(kty)}")
    algorithms = rsa_algorithms(alg)
    try:
        n, e = jwk["n"], jwk["e"]
        decode_segment(n), decode_segment(e)  # PyJWT would read other spellings too
        material = RSAAlgorithm.from_jwk({"kty": "RSA", "n": n, "e": e})
    except Exception:  # whatever the library says of such numbers, the key is unusable
        raise Unusable("its n or e is no RSA public key in base64url") from None
    return VerificationKey(kid, "RSA", algorithms, usable_rsa(material))


def usable_rsa(key: object) -> RSAPublicKey:
    """The same key, if any signature could ever fit it.

    Raises:
        Unusable: No RSA key, too small, or beyond what OpenSSL verifies with: the token would be blamed for it.
    """
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if not isinstance(key, RSAPublicKey):
        raise Unusable("it is no RSA key")
    bits = key.key_size
    if bits < MIN_RSA_BITS:
        raise Unusable(f"it has {bits} bits, fewer than {MIN_RSA_BITS} (RFC 7518 §3.3)")
    if bits > MAX_RSA_BITS:
        raise Unusable(f"it has {bits:,} bits, more than the {MAX_RSA_BITS:,} that OpenSSL verifies with")
    numbers = key.public_numbers()
    if numbers.n % 2 == 0:
        raise Unusable("its n is even, which no product of two large primes is")
    if bits > _SMALL_RSA_BITS and numbers.e.bit_length() > _MAX_EXPONENT_BITS:
        raise Unusable(
            f"its e has {numbers.e.bit_length():,} bits, more than the {_MAX_EXPONENT_BITS} that OpenSSL takes "
            f"where n has more than {_SMALL_RSA_BITS:,}"
        )
    return key


def rsa_algorithms(alg: object = None) -> frozenset[str]:
    """What an RSA key may be used with: the algorithm its `alg` member names, or each for RSA if it has none."""
    usable = frozenset(name for name, algorithm in ALGORITHMS.items() if algorithm.kty == "RSA")
    if alg is None:
        return usable
    if not isinstance(alg, str) or alg not in usable:
        raise Unusable(f"its alg is {shorten(alg)}")
    return frozenset({alg})


def _secret_member(jwk: Mapping[str, Any]) -> bytes:
    try:
        return checked_secret(decode_segment(jwk["k"]))
    except (KeyError, Malformed, AttributeError):
        raise Unusable("its k is no base64url") from None


def checked_secret(secret: bytes) -> bytes:
    """The same secret, if it protects anything.

    Raises:
        KeySetError: Fewer than 32 bytes (RFC 7518 §3.2), blank, or a key, which is no secret.
    """
    fault = fault_of(secret)
    if fault is not None:
        raise KeySetError(f"key_set.secret_{fault.reason}", fault.message, fault.remedy)
    return secret
