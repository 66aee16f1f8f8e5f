"""What a token is signed with: an RSA key pair, or one shared secret."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any, NoReturn, cast

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from authkit.ground.errors import ConfigurationError
from authkit.ground.secret import Secret
from authkit.jose.algorithms import ALGORITHMS, MIN_RSA_BITS
from authkit.jose.certificates import certificate_members, issue_certificate
from authkit.jose.encoding import encode_json, encode_segment
from authkit.jose.shared_secret import fault_of


class SigningKey:
    """An RSA key pair with its certificate: who holds it can sign, and anyone can verify (RS256, RFC 7518 §3.3).

    Args:
        private_key: The private half, which never leaves the object but as a `Secret`.
        certificate: The signing certificate as PEM.
    """

    def __init__(self, private_key: rsa.RSAPrivateKey, certificate: str) -> None:
        self._private_key = private_key
        self.certificate = certificate
        public = cast("dict[str, str]", RSAAlgorithm.to_jwk(private_key.public_key(), as_dict=True))
        self._public = {"n": public["n"], "e": public["e"]}
        self.kid = thumbprint(self._public)

    @classmethod
    def certify(cls, private_key: rsa.RSAPrivateKey, *, subject: str, now: float) -> SigningKey:
        """A key pair with a certificate made for it.

        Args:
            private_key: The private half.
            subject: Common name of the certificate: the tenant's domain.
            now: NumericDate of the certificate's first day.

        Raises:
            ConfigurationError: The key has fewer than 2048 bits (RFC 7518 §3.3).
        """
        if private_key.key_size < MIN_RSA_BITS:
            raise ConfigurationError(
                "signing_key.too_small",
                f"An RSA key of {private_key.key_size} bits is too small to sign with.",
                f"Use a key of at least {MIN_RSA_BITS} bits (RFC 7518 §3.3).",
            )
        public = private_key.public_key().public_numbers()
        # From the modulus, so that one key has one serial number everywhere; at most 20 bytes (RFC 5280 §4.1.2.2).
        serial = int.from_bytes(hashlib.sha256(str(public.n).encode()).digest()[:19], "big") | 1
        return cls(private_key, issue_certificate(private_key, subject=subject, serial=serial, now=now))

    @classmethod
    def generate(cls, *, subject: str, now: float) -> SigningKey:
        """A fresh pair of 2048 bits from the operating system's randomness."""
        private_key = rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)
        return cls.certify(private_key, subject=subject, now=now)

    @classmethod
    def from_store(cls, private_pem: str, certificate: str) -> SigningKey:
        """A pair that authkit wrote itself; its numbers are not proved again, which saves 50 ms."""
        private_key = serialization.load_pem_private_key(
            private_pem.encode(), password=None, unsafe_skip_rsa_key_validation=True
        )
        return cls(cast("rsa.RSAPrivateKey", private_key), certificate)

    @cached_property
    def public_jwk(self) -> dict[str, Any]:
        """The public half as it stands in the tenant's JWKS (RFC 7517 §4, RFC 7518 §6.3.1)."""
        from cryptography import x509

        certificate = x509.load_pem_x509_certificate(self.certificate.encode())
        members = certificate_members(certificate)
        return {
            "alg": "RS256", "kty": "RSA", "use": "sig", "x5c": members["x5c"],
            **self._public, "kid": self.kid, "x5t": members["x5t"],
        }  # fmt: skip

    @property
    def public_pem(self) -> str:
        """The public half as PEM (SubjectPublicKeyInfo)."""
        encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        return self._private_key.public_key().public_bytes(encoding, form).decode("ascii")

    def private_pem(self) -> Secret:
        """The private half as PEM (PKCS #8), for the store alone."""
        pem = self._private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Secret(pem.decode("ascii"))

    def sign_bytes(self, alg: str, signing_input: bytes) -> bytes:
        """The signature over these bytes."""
        return cast("bytes", ALGORITHMS[alg].engine.sign(signing_input, self._private_key))

    def __repr__(self) -> str:
        return f"SigningKey(kid={self.kid!r}, RSA {self._private_key.key_size} bits, private half masked)"


class SigningSecret:
    """One secret that both signs and verifies (HS256, RFC 7518 §3.2): who can check a token can forge one.

    Args:
        secret: Text whose UTF-8 bytes are the key.

    Raises:
        ConfigurationError: No `Secret` of text, fewer than 32 bytes (RFC 7518 §3.2), blank, or a key, which is no
            secret.
    """

    kid = None

    def __init__(self, secret: Secret) -> None:
        given: object = secret
        text: object = given.reveal() if isinstance(given, Secret) else None
        if not isinstance(text, str):
            raise ConfigurationError(
                "signing_secret.wrong_kind",
                f"A SigningSecret is made of a Secret around text, not of {type(given).__name__}.",
                "Pass authkit.Secret(text): what is one shows itself nowhere.",
            )
        try:
            self._key = text.encode()
        except UnicodeEncodeError:
            raise ConfigurationError(
                "signing_secret.not_text",
                "This secret holds half of a surrogate pair, which is no text.",
                "Make a new one.",
            ) from None
        fault = fault_of(self._key)
        if fault is not None:
            raise ConfigurationError(f"signing_secret.{fault.reason}", fault.message, fault.remedy)

    def sign_bytes(self, alg: str, signing_input: bytes) -> bytes:
        """The signature (a MAC) over these bytes."""
        return cast("bytes", ALGORITHMS[alg].engine.sign(signing_input, self._key))

    def __reduce__(self) -> NoReturn:
        raise TypeError("A SigningSecret is not pickled: it would be written in clear.")

    def __repr__(self) -> str:
        return f"SigningSecret(masked, {len(self._key)} bytes)"


def thumbprint(public: dict[str, str]) -> str:
    """The SHA-256 thumbprint of an RSA public JWK (RFC 7638 §3): a `kid` that anyone can recompute."""
    required = {"e": public["e"], "kty": "RSA", "n": public["n"]}
    return encode_segment(hashlib.sha256(encode_json(required)).digest())
