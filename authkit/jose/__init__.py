"""JOSE: keys, JWK Sets, signing, decoding and verifying. Knows nothing of tenants or notebooks."""

from authkit.jose.claims import Claims
from authkit.jose.decode import DecodedToken, decode
from authkit.jose.key_set import KeySet
from authkit.jose.keys import SigningKey, SigningSecret
from authkit.jose.policy import AUTH0_ACCESS_TOKEN, RFC9068, Policy
from authkit.jose.rejection import TokenRejected
from authkit.jose.remote import RemoteKeySet
from authkit.jose.ring import KeyRing
from authkit.jose.sign import sign
from authkit.jose.verdict import CheckResult, Verdict
from authkit.jose.verifier import Verifier

__all__ = [
    "AUTH0_ACCESS_TOKEN", "RFC9068", "CheckResult", "Claims", "DecodedToken", "KeyRing", "KeySet", "Policy",
    "RemoteKeySet", "SigningKey", "SigningSecret", "TokenRejected", "Verdict", "Verifier", "decode", "sign",
]  # fmt: skip
