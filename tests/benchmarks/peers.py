"""The libraries, one small adapter each: prepare the keys once, then sign or verify as its documentation says.

A new library is one class here and one line in `PEERS`. Each gets what it likes best: parsed keys, its own key set,
claims to check. All have to do the same work; `fitness.py` proves it before anything is measured.
"""

import hmac
import warnings
from abc import ABC
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, ClassVar

from authkit.jose.encoding import decode_segment
from tests.benchmarks.workload import AUDIENCE, ISSUER, Workload

Sign = Callable[[], str | bytes]
Verify = Callable[[str], object]


class Peer(ABC):
    """One way to sign and to verify a token.

    Attributes:
        name: What the tables call it.
        package: The package it imports.
        distribution: What it is installed as, where that is another name.
        stands_for: `authkit`, `library` – what could be used in its place –, or `floor`: the signature alone.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    distribution: ClassVar[str] = ""
    stands_for: ClassVar[str] = "library"

    def signer(self, work: Workload) -> Sign | None:
        """A function that signs the payload, keys already prepared; None if the library cannot."""
        return None

    def verifier(self, work: Workload, jwks_uri: str) -> Verify | None:
        """A function that verifies a token and raises if it is not good; None if the library cannot."""
        return None


class Authkit(Peer):
    """This package, with the key set that `Verifier` prepares from a JWKS."""

    name = "authkit"
    package = "authkit"
    stands_for = "authkit"

    def signer(self, work: Workload) -> Sign:
        from authkit.jose import sign

        return lambda: sign(work.payload, work.key, alg=work.alg)

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        from authkit import Verifier

        return Verifier(issuer=ISSUER, audience=AUDIENCE, keys=work.jwks, algorithms=[work.alg]).verify


class AuthkitExplain(Peer):
    """The same checks, each of them explained."""

    name = "authkit explain"
    package = "authkit"
    stands_for = "authkit"

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        from authkit import Verifier

        explain = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=work.jwks, algorithms=[work.alg]).explain

        def verify(token: str) -> object:
            verdict = explain(token)
            if verdict.outcome != "accepted":
                raise ValueError(verdict.headline)
            return verdict.claims

        return verify


class Raw(Peer):
    """The signature and nothing else: no token can be verified for less."""

    name = "raw cryptography"
    package = "cryptography"
    stands_for = "floor"

    def signer(self, work: Workload) -> Sign:
        signing_input = work.token.rpartition(".")[0].encode()
        if work.alg == "HS256":
            return lambda: hmac.digest(work.secret, signing_input, "sha256")
        private_key, (padding, digest) = _private_key(work), _rsa_scheme(work.alg)
        return lambda: private_key.sign(signing_input, padding, digest)

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        # What is measured gets bytes; a token it has not seen is taken apart first, and only the check brings one.
        prepared: dict[str, tuple[bytes, bytes]] = {}
        for token in (work.token, *work.faults.values()):
            signing_input, _, signature = token.rpartition(".")
            prepared[token] = signing_input.encode(), decode_segment(signature)
        if work.alg == "HS256":

            def verify_mac(token: str) -> None:
                signing_input, signature = prepared[token]
                if not hmac.compare_digest(hmac.digest(work.secret, signing_input, "sha256"), signature):
                    raise ValueError

            return verify_mac
        public_key, (padding, digest) = work.public_key, _rsa_scheme(work.alg)

        def verify(token: str) -> None:
            signing_input, signature = prepared[token]
            public_key.verify(signature, signing_input, padding, digest)

        return verify


class PyJwt(Peer):
    """PyJWT with a key that is already an object."""

    name = "PyJWT, key object"
    package = "jwt"
    distribution = "pyjwt"

    def signer(self, work: Workload) -> Sign:
        import jwt

        key: Any = work.secret or _private_key(work)
        return lambda: jwt.encode(work.payload, key, algorithm=work.alg, headers=work.header)

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        import jwt

        key, algorithms = work.secret or work.public_key, [work.alg]
        return lambda token: jwt.decode(token, key, algorithms=algorithms, audience=AUDIENCE, issuer=ISSUER)


class PyJwkClient(Peer):
    """PyJWT with the client that fetches a JWKS, the set in its cache."""

    name = "PyJWT, PyJWKClient"
    package = "jwt"
    distribution = "pyjwt"

    def verifier(self, work: Workload, jwks_uri: str) -> Verify | None:
        import jwt

        if not jwks_uri:  # a shared secret is not published
            return None
        client, algorithms = jwt.PyJWKClient(jwks_uri), [work.alg]

        def verify(token: str) -> object:
            key = client.get_signing_key_from_jwt(token)
            return jwt.decode(token, key, algorithms=algorithms, audience=AUDIENCE, issuer=ISSUER)

        return verify


class Joserfc(Peer):
    """joserfc with a KeySet and a claims registry."""

    name = "joserfc"
    package = "joserfc"

    def signer(self, work: Workload) -> Sign:
        from joserfc import jwk, jwt

        key = jwk.import_key(work.private_pem, "RSA") if work.private_pem else jwk.import_key(work.secret, "oct")
        algorithms = [work.alg]
        return lambda: str(jwt.encode(work.header, work.payload, key, algorithms))

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        from joserfc import jwk, jwt

        keys = jwk.KeySet.import_key_set(work.jwks)
        claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )
        algorithms = [work.alg]

        def verify(token: str) -> object:
            found = jwt.decode(token, keys, algorithms)
            claims.validate(found.claims)
            return found.claims

        return verify


class Authlib(Peer):
    """Authlib with a KeySet and claims options."""

    name = "Authlib"
    package = "authlib"

    def signer(self, work: Workload) -> Sign:
        jose = _authlib_jose()
        kty = "RSA" if work.private_pem else "oct"
        key = jose.JsonWebKey.import_key(work.private_pem or work.secret, {"kty": kty})
        encode = jose.JsonWebToken([work.alg]).encode
        return lambda: str(encode(work.header, work.payload, key), "ascii")

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        jose = _authlib_jose()
        keys = jose.JsonWebKey.import_key_set(work.jwks)
        decode = jose.JsonWebToken([work.alg]).decode
        options = {
            "iss": {"essential": True, "value": ISSUER},
            "aud": {"essential": True, "value": AUDIENCE},
            "exp": {"essential": True},
        }

        def verify(token: str) -> object:
            claims = decode(token, keys, claims_options=options)
            claims.validate()
            return claims

        return verify


class Jwcrypto(Peer):
    """jwcrypto with a JWKSet and the claims to check."""

    name = "jwcrypto"
    package = "jwcrypto"

    def signer(self, work: Workload) -> Sign:
        from jwcrypto import jwk, jwt

        key = jwk.JWK.from_pem(work.private_pem.encode()) if work.private_pem else jwk.JWK(**work.jwks["keys"][0])

        def sign() -> str:
            token = jwt.JWT(header=work.header, claims=work.payload)
            token.make_signed_token(key)
            return str(token.serialize())

        return sign

    def verifier(self, work: Workload, jwks_uri: str) -> Verify:
        from jwcrypto import jwk, jwt

        keys = jwk.JWKSet()
        for entry in work.jwks["keys"]:
            keys.add(jwk.JWK(**entry))
        # None asks for the claim and compares the time; without this entry exp would not be looked at.
        expected = {"iss": ISSUER, "aud": AUDIENCE, "exp": None, "nbf": None}
        algorithms = [work.alg]
        return lambda token: jwt.JWT(jwt=token, key=keys, algs=algorithms, check_claims=expected)


class PythonJose(Peer):
    """python-jose with one prepared key: its key sets are searched by trying each."""

    name = "python-jose"
    package = "jose"
    distribution = "python-jose"

    def signer(self, work: Workload) -> Sign | None:
        from jose import jwk, jwt
        from jose.constants import ALGORITHMS

        if work.alg not in ALGORITHMS.SUPPORTED:
            return None
        key = jwk.construct(work.private_pem or work.secret, work.alg)
        return lambda: str(jwt.encode(work.payload, key, algorithm=work.alg, headers=work.header))

    def verifier(self, work: Workload, jwks_uri: str) -> Verify | None:
        from jose import jwk, jwt
        from jose.constants import ALGORITHMS

        if work.alg not in ALGORITHMS.SUPPORTED:
            return None
        key, algorithms = jwk.construct(work.jwks["keys"][0], work.alg), [work.alg]
        return lambda token: jwt.decode(token, key, algorithms=algorithms, audience=AUDIENCE, issuer=ISSUER)


PEERS: tuple[Peer, ...] = (
    Authkit(),
    AuthkitExplain(),
    Raw(),
    PyJwt(),
    PyJwkClient(),
    Joserfc(),
    Authlib(),
    Jwcrypto(),
    PythonJose(),
)
"""Every library that is compared."""


def installed(peer: Peer) -> bool:
    """Whether its package can be imported here."""
    return find_spec(peer.package) is not None


def _private_key(work: Workload) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pem = work.private_pem.encode()
    return load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)  # of our own pool


def _rsa_scheme(alg: str) -> tuple[Any, Any]:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    digest = SHA256()
    if alg == "PS256":
        return padding.PSS(mgf=padding.MGF1(digest), salt_length=padding.PSS.DIGEST_LENGTH), digest
    return padding.PKCS1v15(), digest


def _authlib_jose() -> Any:
    with warnings.catch_warnings(record=True):  # it says on import that its successor is joserfc
        from authlib import jose
    return jose
