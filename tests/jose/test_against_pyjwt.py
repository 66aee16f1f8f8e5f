"""Where PyJWT, called as carefully as it can be, lets something pass that authkit refuses: run against the real one.

PyJWT does authkit's cryptography; these are the reasons why it does not do its parsing, its claims or its key sets.
"""

import base64
import hmac
import inspect
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import jwt
import jwt.api_jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidJTIError, InvalidSubjectError
from jwt.warnings import InsecureKeyLengthWarning

import authkit
from authkit import AuthKitError, Claims, KeySet, RemoteKeySet, SteerableClock, Verifier
from authkit.jose.encoding import parse_object
from authkit.jose.key_set import NoKey
from authkit.jose.training_keys import training_key

NOW = 1767603600  # where a SteerableClock starts
ISSUED, EXPIRES = 1577836800, 4102444800  # 2020 and 2100: PyJWT has the machine's clock and no other
ISSUER, AUDIENCE = "https://issuer.example/", "https://orders.example/"
PAYLOAD = {"iss": ISSUER, "sub": "app@clients", "aud": AUDIENCE, "iat": ISSUED, "exp": EXPIRES}
HEADER = {"alg": "RS256", "typ": "JWT", "kid": "a"}
SECRET = b"a-shared-secret-of-a-good-length-for-tests!"
FORGED = "https://attacker.example/"


@cache
def private(number: int) -> rsa.RSAPrivateKey:
    key = load_pem_private_key(training_key(number).encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@cache
def small_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


def jwk_of(key: rsa.RSAPrivateKey, **members: Any) -> dict[str, Any]:
    public = key.public_key().public_numbers()
    n, e = number(public.n), number(public.e)
    return {"kty": "RSA", "kid": "a", "use": "sig", "alg": "RS256", "n": n, "e": e, **members}


def private_jwk() -> dict[str, Any]:
    numbers = private(0).private_numbers()
    halves = {"p": numbers.p, "q": numbers.q, "dp": numbers.dmp1, "dq": numbers.dmq1, "qi": numbers.iqmp}
    return jwk_of(private(0), d=number(numbers.d), **{name: number(value) for name, value in halves.items()})


def rs256(signing_input: bytes, key: int = 0) -> bytes:
    return private(key).sign(signing_input, padding.PKCS1v15(), hashes.SHA256())


def hs256(signing_input: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.digest(secret, signing_input, "sha256")


def written(part: dict[str, Any] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()


def signed(signing_input: str, signer: Callable[[bytes], bytes] = rs256) -> str:
    return f"{signing_input}.{b64(signer(signing_input.encode()))}"


def sealed(
    header: dict[str, Any] | bytes, payload: dict[str, Any] | bytes, signer: Callable[[bytes], bytes] = rs256
) -> str:
    return signed(f"{b64(written(header))}.{b64(written(payload))}", signer)


def with_header(**members: Any) -> str:
    return sealed({**HEADER, **members}, PAYLOAD)


def with_payload(**claims: Any) -> str:
    return sealed(HEADER, {**PAYLOAD, **claims})


def without(*names: str) -> str:
    return sealed(HEADER, {name: value for name, value in PAYLOAD.items() if name not in names})


def with_member(text: bytes) -> str:
    """The payload with one more member, written by hand."""
    return sealed(HEADER, written(PAYLOAD)[:-1] + b"," + text + b"}")


def with_expiry(text: bytes) -> str:
    return sealed(HEADER, written(PAYLOAD).replace(str(EXPIRES).encode(), text))


def padded(part: str) -> str:
    return part + "=" * (-len(part) % 4)


@cache
def good() -> str:
    return sealed(HEADER, PAYLOAD)


HEAD, BODY = b64(written(HEADER)), b64(written({**PAYLOAD, "x": "12"}))
assert padded(HEAD) != HEAD and padded(BODY) != BODY
PUBLIC = private(0).public_key()
PEM = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
JWK = jwk_of(private(0))
OCT = {"kty": "oct", "kid": "s", "k": b64(SECRET)}


def pyjwt(token: Any, key: Any = PUBLIC, **loosely: Any) -> dict[str, Any]:
    """PyJWT with all it can be told: one key, one algorithm, issuer and audience."""
    arguments = {"algorithms": ["RS256"], "issuer": ISSUER, "audience": AUDIENCE, **loosely}
    claims: dict[str, Any] = jwt.decode(token, key, **arguments)
    return claims


def ours(token: Any, keys: Any = None, **arguments: Any) -> Claims:
    """authkit with the same."""
    keys = {"keys": [JWK]} if keys is None else keys
    arguments = {"issuer": ISSUER, "audience": AUDIENCE, "clock": SteerableClock(), **arguments}
    return Verifier(keys=keys, **arguments).verify(token)


def fault(call: Callable[[], object]) -> Exception | None:
    """What the call raises; PyJWT's warning about short keys is none, since it lets them pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)
        try:
            call()
        except Exception as error:
            return error
    return None


def code(call: Callable[[], object]) -> str:
    """The code of our refusal; empty if there is none."""
    try:
        call()
    except AuthKitError as error:
        return error.code
    return ""


def version() -> str:
    return f"PyJWT {jwt.__version__}"


class Row(NamedTuple):
    """The same attempt made with PyJWT and with authkit, and the code of authkit's refusal."""

    pyjwt: Callable[[], object]
    authkit: Callable[[], object]
    code: str


def row(token: Any, code: str, **loosely: Any) -> Row:
    return Row(partial(pyjwt, token, **loosely), partial(ours, token), code)


def unnamed(**arguments: Any) -> Callable[[], object]:
    """A verifier that is told to take anyone."""
    return partial(ours, good(), **arguments)


ACCEPTS: dict[str, Row] = {
    # numbers that are none
    "exp as text": row(with_payload(exp=str(EXPIRES)), "exp.not_a_date"),
    "exp as text with spaces": row(with_payload(exp=f" {EXPIRES}\n"), "exp.not_a_date"),
    "exp as text with underscores": row(with_payload(exp="4_102_444_800"), "exp.not_a_date"),
    "exp as text with a sign": row(with_payload(exp=f"+{EXPIRES}"), "exp.not_a_date"),
    "exp as text in Arabic digits": row(with_payload(exp="٤١٠٢٤٤٤٨٠٠"), "exp.not_a_date"),
    "nbf as text": row(with_payload(nbf=str(ISSUED)), "nbf.not_a_date"),
    "iat as text": row(with_payload(iat=str(ISSUED)), "iat.not_a_date"),
    "nbf true": row(with_payload(nbf=True), "nbf.not_a_date"),
    "nbf false": row(with_payload(nbf=False), "nbf.not_a_date"),
    "iat true": row(with_payload(iat=True), "iat.not_a_date"),
    "iat negative": row(with_payload(iat=-1), "iat.not_a_date"),
    "nbf negative": row(with_payload(nbf=-1), "nbf.not_a_date"),
    "exp in milliseconds": row(with_payload(exp=EXPIRES * 1000), "exp.not_a_date"),
    "exp of 20 digits": row(with_expiry(b"9" * 20), "json.number_too_large"),
    "exp of 400 digits": row(with_expiry(b"9" * 400), "json.number_too_large"),
    "exp 1e300": row(with_expiry(b"1e300"), "exp.not_a_date"),
    "NaN in a claim": row(with_member(b'"x":NaN'), "json.not_a_number"),
    "Infinity in a claim": row(with_member(b'"x":-Infinity'), "json.not_a_number"),
    "NaN in the header": row(sealed(written(HEADER)[:-1] + b',"x":NaN}', PAYLOAD), "json.not_a_number"),
    "a float without end": row(with_member(b'"x":1e999'), "json.number_too_large"),
    # JSON that two readers read differently
    "a claim twice": row(with_member(b'"sub":"admin"'), "json.duplicate_member"),
    "a claim twice, nested": row(with_member(b'"x":{"a":1,"a":2}'), "json.duplicate_member"),
    "alg twice": row(sealed(b'{"alg":"none",' + written(HEADER)[1:], PAYLOAD), "json.duplicate_member"),
    "kid twice": row(sealed(b'{"kid":"b",' + written(HEADER)[1:], PAYLOAD), "json.duplicate_member"),
    "a BOM before the payload": row(sealed(HEADER, b"\xef\xbb\xbf" + written(PAYLOAD)), "json.not_json"),
    "a BOM before the header": row(sealed(b"\xef\xbb\xbf" + written(HEADER), PAYLOAD), "json.not_json"),
    "UTF-16": row(sealed(HEADER, written(PAYLOAD).decode().encode("utf-16")), "json.not_utf8"),
    "UTF-16 without a BOM": row(sealed(HEADER, written(PAYLOAD).decode().encode("utf-16-le")), "json.not_json"),
    "UTF-32": row(sealed(written(HEADER).decode().encode("utf-32"), PAYLOAD), "json.not_utf8"),
    "half a surrogate pair, raw": row(with_member(b'"x":"\xed\xa0\x80"'), "json.not_utf8"),
    "half a surrogate pair, escaped": row(with_member(b'"x":"\\ud800"'), "json.lone_surrogate"),
    # one token, several spellings
    "a padded header": row(signed(f"{padded(HEAD)}.{BODY}"), "base64url.padding"),
    "a padded payload": row(signed(f"{HEAD}.{padded(BODY)}"), "base64url.padding"),
    "a padded signature, under the old signature": row(f"{good()}==", "base64url.padding"),
    "bytes": row(good().encode(), "size.not_text"),
    # no limit
    "a megabyte": row(with_payload(x="y" * 1_000_000), "size.too_large"),
    "17 levels deep": row(with_member(b'"x":' + b"[" * 16 + b"]" * 16), "json.too_deep"),
    "400 levels deep": row(with_member(b'"x":' + b"[" * 400 + b"]" * 400), "json.too_deep"),
    # any kind of token
    "typ missing": row(sealed({"alg": "RS256", "kid": "a"}, PAYLOAD), "typ.missing"),
    "typ of another kind of token": row(with_header(typ="dpop+jwt"), "typ.wrong"),
    "typ of a logout token": row(with_header(typ="logout+jwt"), "typ.wrong"),
    "typ a number": row(with_header(typ=7), "typ.wrong"),
    "typ a list": row(with_header(typ=["JWT"]), "typ.wrong"),
    # headers that change how a token is read
    "cty": row(with_header(cty="JWT"), "crit.unsupported"),
    "zip": row(with_header(zip="DEF"), "crit.unsupported"),
    "b64 true": row(with_header(b64=True), "crit.unsupported"),
    "b64 as text": row(with_header(b64="false"), "crit.unsupported"),
    "b64 zero": row(with_header(b64=0), "crit.unsupported"),
    "crit with b64 true": row(with_header(crit=["b64"], b64=True), "crit.unsupported"),
    "crit with a name twice": row(with_header(crit=["b64", "b64"], b64=True), "crit.unsupported"),
    # claims that nobody asked for
    "exp missing": row(without("exp"), "required.missing"),
    "iat missing": row(without("iat"), "required.missing"),
    "sub missing": row(without("sub"), "required.missing"),
    "iss of anyone, if no issuer is given": row(with_payload(iss=FORGED), "iss.mismatch", issuer=None),
    "iss a number, if no issuer is given": row(with_payload(iss=7), "iss.not_text", issuer=None),
    "iss missing, if no issuer is given": row(without("iss"), "iss.missing", issuer=None),
    "aud missing, if no audience is given": row(without("aud"), "aud.missing", audience=None),
    "aud an empty list, if no audience is given": row(with_payload(aud=[]), "aud.mismatch", audience=None),
    "aud false, if no audience is given": row(with_payload(aud=False), "aud.not_text", audience=None),
    "aud of another API, if the check is off": row(
        with_payload(aud=FORGED), "aud.mismatch", options={"verify_aud": False}
    ),
    "an issuer that is empty": Row(
        partial(pyjwt, with_payload(iss=""), issuer=""), unnamed(issuer=""), "verifier.issuer"
    ),
    "an audience that is empty": Row(
        partial(pyjwt, with_payload(aud=[""]), audience=""), unnamed(audience=""), "verifier.audience"
    ),
    "algorithms in one text": Row(
        partial(pyjwt, good(), algorithms="HS256 RS256"), unnamed(algorithms="HS256 RS256"), "verifier.algorithms"
    ),
    # keys
    "a kid that no key has": row(with_header(kid="another"), "key.unknown_kid"),
    "a kid that is not this key's": row(with_header(kid="another"), "key.unknown_kid", key=jwt.PyJWK(JWK)),
    "a key for encryption": Row(
        partial(pyjwt, good(), jwt.PyJWK({**JWK, "use": "enc"})),
        partial(ours, good(), {"keys": [{**JWK, "use": "enc"}]}),
        "key_set.no_usable_key",
    ),
    "a key whose operations are others": Row(
        partial(pyjwt, good(), jwt.PyJWK({**JWK, "key_ops": ["encrypt"]})),
        partial(ours, good(), {"keys": [{**JWK, "key_ops": ["encrypt"]}]}),
        "key_set.no_usable_key",
    ),
    "an RSA key of 1024 bits": Row(
        lambda: jwt.decode(
            sealed(HEADER, PAYLOAD, lambda m: small_key().sign(m, padding.PKCS1v15(), hashes.SHA256())),
            small_key().public_key(), algorithms=["RS256"], issuer=ISSUER, audience=AUDIENCE),
        lambda: KeySet.from_jwks({"keys": [jwk_of(small_key())]}),
        "key_set.no_usable_key",
    ),
    "a secret of one byte": Row(
        partial(pyjwt, sealed({"alg": "HS256"}, PAYLOAD, partial(hs256, secret=b"x")), b"x", algorithms=["HS256"]),
        partial(KeySet.from_secret, b"x"),
        "key_set.secret_too_short",
    ),
    "a kid twice in a set": Row(
        lambda: pyjwt(good(), jwt.PyJWKSet([JWK, jwk_of(private(1))])["a"]),
        lambda: KeySet.from_jwks({"keys": [JWK, jwk_of(private(1))]}),
        "key_set.duplicate_kid",
    ),
    "a shared secret beside a public key": Row(
        lambda: pyjwt(sealed({"alg": "HS256", "kid": "s"}, PAYLOAD, hs256), jwt.PyJWKSet([JWK, OCT])["s"],
                      algorithms=["RS256", "HS256"]),
        lambda: KeySet.from_jwks({"keys": [JWK, OCT]}),
        "key_set.mixed",
    ),
    "a private key in a set": Row(
        lambda: jwt.PyJWKSet([private_jwk()]), lambda: KeySet.from_jwks({"keys": [private_jwk()]}),
        "key_set.private_key",
    ),
    # where keys are fetched from, and for how long they are kept
    **{
        f"keys from {uri}": Row(partial(jwt.PyJWKClient, uri), partial(RemoteKeySet, uri), "jwks_uri.not_trusted")
        for uri in ("http://issuer.example/jwks.json", "http://10.0.0.1/", "https://user:password@issuer.example/",
                    "https://")
    },
    **{
        f"keys kept for {seconds} seconds": Row(
            partial(jwt.PyJWKClient, "https://issuer.example/", lifespan=seconds),
            partial(RemoteKeySet, "https://issuer.example/", lifetime=seconds),
            "jwks.lifetime",
        )
        for seconds in (float("inf"), float("nan"), 10**9)
    },
}  # fmt: skip
"""What PyJWT lets pass and authkit refuses."""


class Refused(NamedTuple):
    """What both refuse: PyJWT's error, authkit's code."""

    token: Any
    error: type[Exception]
    code: str


def respelt(token: str) -> str:
    """The same signature bytes, with the unused bits of the last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


Decode = jwt.DecodeError
BOTH_REFUSE: dict[str, Refused] = {
    "unused bits set": Refused(respelt(good()), Decode, "base64url.not_canonical"),
    "half the padding": Refused(f"{good()}=", Decode, "base64url.padding"),
    "a line break behind": Refused(f"{good()}\n", Decode, "base64url.alphabet"),
    "a space before": Refused(f" {good()}", Decode, "base64url.alphabet"),
    "a line break inside": Refused(good().replace(".", "\n.", 1), Decode, "base64url.alphabet"),
    "a fourth part": Refused(f"{good()}.x", Decode, "form.segments"),
    "bytes after the JSON": Refused(sealed(HEADER, written(PAYLOAD) + b"{}"), Decode, "json.not_json"),
    "an array": Refused(sealed(HEADER, b"[]"), Decode, "json.not_an_object"),
    "Latin-1": Refused(with_member(b'"x":"\xe9"'), Decode, "json.not_utf8"),
    "nesting that exhausts the stack": Refused(with_member(b'"x":' + b"[" * 5000), Decode, "json.too_deep"),
    "5000 digits": Refused(with_expiry(b"9" * 5000), Decode, "json.number_too_large"),
    "exp NaN": Refused(with_expiry(b"NaN"), Decode, "json.not_a_number"),
    "exp Infinity": Refused(with_expiry(b"Infinity"), Decode, "json.not_a_number"),
    "exp 1e999": Refused(with_expiry(b"1e999"), Decode, "json.number_too_large"),
    "exp true": Refused(with_payload(exp=True), jwt.ExpiredSignatureError, "exp.not_a_date"),
    "exp null": Refused(with_payload(exp=None), Decode, "exp.not_a_date"),
    "exp a fraction as text": Refused(with_payload(exp=f"{EXPIRES}.5"), Decode, "exp.not_a_date"),
    "iat null": Refused(with_payload(iat=None), jwt.InvalidIssuedAtError, "iat.not_a_date"),
    "alg none": Refused(sealed({"alg": "none"}, PAYLOAD, lambda _: b""), jwt.InvalidAlgorithmError, "alg.none"),
    "alg a list": Refused(with_header(alg=["RS256"]), jwt.InvalidAlgorithmError, "alg.not_text"),
    "alg missing": Refused(sealed({"typ": "JWT"}, PAYLOAD), jwt.InvalidAlgorithmError, "alg.missing"),
    "the public key as secret": Refused(
        sealed({"alg": "HS256"}, PAYLOAD, partial(hs256, secret=PEM)), jwt.InvalidAlgorithmError, "alg.not_allowed"),
    "a key in the header": Refused(
        sealed({**HEADER, "jwk": jwk_of(private(3))}, PAYLOAD, partial(rs256, key=3)), jwt.InvalidSignatureError,
        "signature.mismatch"),
    "no signature": Refused(good().rpartition(".")[0] + ".", jwt.InvalidSignatureError, "signature.mismatch"),
    "crit with a name unknown": Refused(with_header(crit=["x"], x=1), jwt.InvalidTokenError, "crit.unsupported"),
    "crit empty": Refused(with_header(crit=[]), jwt.InvalidTokenError, "crit.unsupported"),
    "b64 false": Refused(with_header(crit=["b64"], b64=False), Decode, "crit.unsupported"),
    "kid a number": Refused(with_header(kid=7), jwt.InvalidTokenError, "key.kid_not_text"),
    "kid null": Refused(with_header(kid=None), jwt.InvalidTokenError, "key.kid_not_text"),
    "iss in a list": Refused(with_payload(iss=[ISSUER]), jwt.InvalidIssuerError, "iss.not_text"),
    "iss a part of the name": Refused(with_payload(iss=ISSUER[:8]), jwt.InvalidIssuerError, "iss.mismatch"),
    "iss without its slash": Refused(with_payload(iss=ISSUER[:-1]), jwt.InvalidIssuerError, "iss.mismatch"),
    "aud another": Refused(with_payload(aud=FORGED), jwt.InvalidAudienceError, "aud.mismatch"),
    "aud an empty list": Refused(with_payload(aud=[]), jwt.MissingRequiredClaimError, "aud.mismatch"),
    "aud with a number": Refused(with_payload(aud=[AUDIENCE, 1]), jwt.InvalidAudienceError, "aud.not_text"),
    "aud an object": Refused(with_payload(aud={AUDIENCE: 1}), jwt.InvalidAudienceError, "aud.not_text"),
    "sub a number": Refused(with_payload(sub=7), InvalidSubjectError, "required.not_text"),
    "jti a number": Refused(with_payload(jti=7), InvalidJTIError, "required.not_text"),
}  # fmt: skip
"""Faults one might suspect, or that older versions of PyJWT let pass."""

BOTH = ["RS256", "HS256"]
CRASHES: dict[str, tuple[Row, type[Exception]]] = {
    "a token with half a surrogate pair": (row(good()[:-2] + "\ud800", "base64url.alphabet"), UnicodeEncodeError),
    "HS256 against a key object": (
        Row(
            partial(pyjwt, sealed({**HEADER, "alg": "HS256"}, PAYLOAD, partial(hs256, secret=PEM)), algorithms=BOTH),
            partial(ours, sealed({**HEADER, "alg": "HS256"}, PAYLOAD, partial(hs256, secret=PEM)), algorithms=BOTH),
            "key.wrong_kind",
        ),
        TypeError,
    ),
    "alg a list against a set of algorithms": (
        row(with_header(alg=["RS256"]), "alg.not_text", algorithms={"RS256"}), TypeError),
    "a private key to verify with": (
        Row(lambda: pyjwt(good(), jwt.PyJWK(private_jwk())), lambda: ours(good(), {"keys": [private_jwk()]}),
            "key_set.private_key"),
        AttributeError,
    ),
    "a shared secret without its k": (
        Row(lambda: jwt.PyJWKSet([JWK, {"kty": "oct", "kid": "b"}]),
            lambda: KeySet.from_jwks({"keys": [JWK, {"kty": "oct", "kid": "b"}]}), "key_set.mixed"),
        KeyError,
    ),
    "an address with half an IPv6 host": (
        Row(lambda: jwt.PyJWKClient("https://[::1"), lambda: RemoteKeySet("https://[::1"), "jwks_uri.not_trusted"),
        ValueError,
    ),
}  # fmt: skip
"""Where PyJWT raises what a caller that catches PyJWTError does not catch."""

BROKEN_KEYS: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "alg a list": ({**JWK, "kid": "b", "alg": ["RS256"]}, TypeError),
    "alg none": ({**JWK, "kid": "b", "alg": "none"}, NotImplementedError),
}
"""Keys that authkit leaves out of a set, with a note, and what PyJWT raises for the whole set."""


@pytest.mark.parametrize("name", ACCEPTS)
def test_pyjwt_accepts_it_and_authkit_refuses_it(name: str) -> None:
    """Side by side, with the same key, issuer, audience and algorithm."""
    error = fault(ACCEPTS[name].pyjwt)
    assert error is None, f"{version()} now refuses {name!r} ({error!r}): move this row to BOTH_REFUSE"
    assert code(ACCEPTS[name].authkit) == ACCEPTS[name].code


@pytest.mark.parametrize("name", BOTH_REFUSE)
def test_both_refuse_it(name: str) -> None:
    """What PyJWT does refuse is not held against it."""
    expected = BOTH_REFUSE[name]
    error = fault(partial(pyjwt, expected.token))
    assert error is not None, f"{version()} accepts {name!r}: move this row to ACCEPTS"
    assert type(error) is expected.error
    assert code(partial(ours, expected.token)) == expected.code


@pytest.mark.parametrize("name", CRASHES)
def test_pyjwt_raises_outside_its_own_errors_and_authkit_refuses(name: str) -> None:
    """An attacker's input becomes a server error there, and a refusal here."""
    attempt, expected = CRASHES[name]
    error = fault(attempt.pyjwt)
    assert not isinstance(error, jwt.PyJWTError), f"{version()} now refuses {name!r}: move this row to BOTH_REFUSE"
    assert type(error) is expected
    assert code(attempt.authkit) == attempt.code


@pytest.mark.parametrize("name", BROKEN_KEYS)
def test_one_broken_key_takes_pyjwts_whole_set_down_and_is_skipped_by_authkit(name: str) -> None:
    """The good key beside it still serves; a note says what was left out."""
    broken, expected = BROKEN_KEYS[name]
    error = fault(partial(jwt.PyJWKSet, [JWK, broken]))
    assert type(error) is expected, f"{version()} now skips the key with {name!r}: remove this row"
    keys = KeySet.from_jwks({"keys": [JWK, broken]})
    assert len(keys.notes) == 1 and ours(good(), keys) == PAYLOAD


def test_both_accept_the_token_that_all_others_are_made_from() -> None:
    """Otherwise every refusal here would prove nothing."""
    assert pyjwt(good()) == ours(good()) == PAYLOAD


def test_pyjwt_only_warns_of_a_short_secret() -> None:
    """The warning is the whole of its protection."""
    token = sealed({"alg": "HS256"}, PAYLOAD, partial(hs256, secret=b"x"))
    with pytest.warns(InsecureKeyLengthWarning):
        assert pyjwt(token, b"x", algorithms=["HS256"]) == PAYLOAD


def test_pyjwt_verifies_a_jwt_whose_payload_is_not_in_it() -> None:
    """RFC 7797 §7 forbids b64 false in a JWT; PyJWT takes one with the payload handed in, authkit takes none."""
    head = b64(written({**HEADER, "b64": False, "crit": ["b64"]}))
    token = f"{head}..{b64(rs256(f'{head}.'.encode() + written(PAYLOAD)))}"
    assert pyjwt(token, detached_payload=written(PAYLOAD)) == PAYLOAD
    verdict = Verifier(issuer=ISSUER, audience=AUDIENCE, keys={"keys": [JWK]}, clock=SteerableClock()).explain(token)
    failed = [check.code for check in verdict.checks if check.status == "failed"]
    assert failed == ["json.not_json", "crit.unsupported", "signature.mismatch"]


def test_pyjwt_has_no_clock_to_inject() -> None:
    """A token of the year 2000 cannot be verified as of then; for authkit time is a parameter."""
    token = with_payload(iat=946684800, exp=978307200)
    assert not {"clock", "now", "current_time"} & inspect.signature(jwt.decode).parameters.keys()
    assert type(fault(partial(pyjwt, token))) is jwt.ExpiredSignatureError
    assert ours(token, clock=SteerableClock(datetime(2000, 6, 1, tzinfo=UTC)))["exp"] == 978307200


class FrozenDatetime(datetime):
    """What PyJWT takes for the time."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "FrozenDatetime":
        return cls.fromtimestamp(NOW, tz)


@pytest.mark.parametrize(
    ("claims", "error", "refusal"),
    [
        ({"exp": NOW + 1}, type(None), ""),
        ({"exp": NOW}, jwt.ExpiredSignatureError, "exp.expired"),
        ({"exp": NOW + 0.5}, jwt.ExpiredSignatureError, ""),
        ({"nbf": NOW}, type(None), ""),
        ({"nbf": NOW + 1}, jwt.ImmatureSignatureError, "nbf.too_early"),
        ({"nbf": NOW + 0.5}, type(None), "nbf.too_early"),
        ({"iat": NOW + 30}, jwt.ImmatureSignatureError, ""),
        ({"iat": NOW + 61}, jwt.ImmatureSignatureError, "iat.in_the_future"),
    ],
    ids=str,
)
def test_where_the_two_draw_the_line(
    claims: dict[str, float], error: type, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """exp and nbf alike, but PyJWT cuts fractions off, and allows the issuer's clock not one second ahead."""
    monkeypatch.setattr(jwt.api_jwt, "datetime", FrozenDatetime)
    token = with_payload(**claims)
    found = type(fault(partial(pyjwt, token)))
    assert found is error, f"{version()} now draws the line elsewhere: {found.__name__}"
    assert code(partial(ours, token)) == refusal


def test_unverified_claims_look_like_verified_ones_in_pyjwt() -> None:
    """Both are a dict there; authkit's decode gives no Claims, and says so."""
    forged = sealed(HEADER, {**PAYLOAD, "sub": "admin", "exp": 0}, partial(rs256, key=3))
    unverified = jwt.decode(forged, options={"verify_signature": False})
    assert type(unverified) is type(pyjwt(good())) and unverified["sub"] == "admin"
    decoded = authkit.decode(forged)
    assert not isinstance(decoded, Claims) and not isinstance(decoded.payload, Claims)
    assert "NOT verified" in repr(decoded)


class Endpoint:
    """A JWKS endpoint on loopback whose answer can be changed, and which counts the requests."""

    def __init__(self) -> None:
        self.status, self.body, self.headers, self.requests = 200, b"", {"X-Plain": "yes"}, 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint.requests += 1
                self.send_response(endpoint.status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
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
        self.body = jwks(*keys)

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)  # PyJWT would ask a proxy for loopback too
    endpoint = Endpoint()
    endpoint.serve(JWK)
    yield endpoint
    endpoint.stop()


SETS_ACCEPTED: dict[str, tuple[bytes, int, str]] = {
    "a shared secret": (jwks({**OCT, "kid": "a"}), 200, "key_set.secret_from_url"),
    "a shared secret beside a public key": (jwks(JWK, OCT), 200, "key_set.mixed"),
    "a private key": (jwks(private_jwk()), 200, "key_set.private_key"),
    "a kid twice": (jwks(jwk_of(private(1)), JWK), 200, "key_set.duplicate_kid"),
    "a key of 1024 bits": (jwks(jwk_of(small_key())), 200, "key_set.no_usable_key"),
    "keys twice": (b'{"keys":[],' + jwks(JWK)[1:], 200, "jwks_unavailable"),
    "NaN beside the keys": (b'{"x":NaN,' + jwks(JWK)[1:], 200, "jwks_unavailable"),
    "a BOM": (b"\xef\xbb\xbf" + jwks(JWK), 200, "jwks_unavailable"),
    "UTF-16": (jwks(JWK).decode().encode("utf-16"), 200, "jwks_unavailable"),
    "a megabyte": (jwks(JWK) + b" " * 1_000_000, 200, "jwks_unavailable"),
    "201 Created": (jwks(JWK), 201, "jwks_unavailable"),
    "206 Partial Content": (jwks(JWK), 206, "jwks_unavailable"),
}
SETS_THAT_CRASH: dict[str, tuple[bytes, type[Exception]]] = {
    "nothing": (b"", json.JSONDecodeError),
    "a page of HTML": (b"<html>", json.JSONDecodeError),
    "bytes that are no text": (b"\xff", UnicodeDecodeError),
    "brackets without end": (b"[" * 100_000, RecursionError),
}
SETS_BOTH_REFUSE: dict[str, tuple[bytes, int, str]] = {
    "a redirect": (b"", 302, "jwks_unavailable"),
    "a lasting redirect": (b"", 308, "jwks_unavailable"),
    "404 Not Found": (jwks(JWK), 404, "jwks_unavailable"),
    "an array": (b"[]", 200, "jwks_unavailable"),
    "null": (b"null", 200, "jwks_unavailable"),
    "keys that are no list": (b'{"keys":{}}', 200, "key_set.not_a_jwks"),
}


def their_key(endpoint: Endpoint) -> jwt.PyJWK:
    return jwt.PyJWKClient(endpoint.url).get_signing_key("a")


def our_key(endpoint: Endpoint) -> object:
    return RemoteKeySet(endpoint.url, clock=SteerableClock()).select("a", "RS256")


@pytest.mark.parametrize("name", SETS_ACCEPTED)
def test_pyjwt_takes_the_set_and_authkit_refuses_it(name: str, endpoint: Endpoint) -> None:
    """Fetched from the same address."""
    endpoint.body, endpoint.status, refusal = SETS_ACCEPTED[name]
    error = fault(partial(their_key, endpoint))
    assert error is None, f"{version()} now refuses {name!r} ({error!r}): move this row to SETS_BOTH_REFUSE"
    assert code(partial(our_key, endpoint)) == refusal


@pytest.mark.parametrize("name", SETS_THAT_CRASH)
def test_an_answer_that_is_no_json_crashes_pyjwt_and_is_authkits_key_set_error(name: str, endpoint: Endpoint) -> None:
    """A broken endpoint is no reason for an error nobody catches."""
    endpoint.body, expected = SETS_THAT_CRASH[name]
    error = fault(partial(their_key, endpoint))
    assert not isinstance(error, jwt.PyJWTError), f"{version()} now refuses {name!r}: move it to SETS_BOTH_REFUSE"
    assert type(error) is expected
    assert code(partial(our_key, endpoint)) == "jwks_unavailable"


@pytest.mark.parametrize("name", SETS_BOTH_REFUSE)
def test_both_refuse_the_set(name: str, endpoint: Endpoint) -> None:
    """Redirects among them, which older versions of PyJWT followed."""
    endpoint.body, endpoint.status, refusal = SETS_BOTH_REFUSE[name]
    endpoint.headers = {"Location": f"{endpoint.url}?moved"}
    error = fault(partial(their_key, endpoint))
    assert isinstance(error, jwt.PyJWTError), f"{version()} accepts {name!r}: move this row to SETS_ACCEPTED"
    assert code(partial(our_key, endpoint)) == refusal
    assert endpoint.requests == 2  # one each: neither followed


@pytest.mark.parametrize("uri", ["file:///jwks.json", "ftp://issuer.example/", "data:application/json,{}", "jwks.json"])
def test_both_fetch_keys_by_http_alone(uri: str) -> None:
    """No other scheme of urllib's is a way in any more."""
    error = fault(partial(jwt.PyJWKClient, uri))
    assert isinstance(error, jwt.PyJWKClientError), f"{version()} takes {uri}: move it to ACCEPTS"
    assert code(partial(RemoteKeySet, uri)) == "jwks_uri.not_trusted"


def test_a_shared_secret_from_a_url_verifies_tokens_in_pyjwt(endpoint: Endpoint) -> None:
    """Whoever can read the address can sign, even where only RS256 was meant: the key brings its own algorithm."""
    endpoint.serve(OCT)
    token = sealed({"alg": "HS256", "typ": "JWT", "kid": "s"}, PAYLOAD, hs256)
    key = jwt.PyJWKClient(endpoint.url).get_signing_key_from_jwt(token)
    assert pyjwt(token, key, algorithms=None) == PAYLOAD, f"{version()} is mended: remove this test"
    keys = RemoteKeySet(endpoint.url, clock=SteerableClock())
    assert code(partial(ours, token, keys, algorithms=["HS256"])) == "key_set.secret_from_url"


def test_a_revoked_key_stays_in_pyjwts_cache_of_keys_for_ever(endpoint: Endpoint) -> None:
    """With cache_keys it has no lifetime: not even a fetch that shows the key gone ends it; with authkit one does."""
    client = jwt.PyJWKClient(endpoint.url, cache_keys=True, lifespan=0.001, cooldown_duration=0)
    clock = SteerableClock()
    keys = RemoteKeySet(endpoint.url, clock=clock)
    assert client.get_signing_key("a").key_id == "a" and ours(good(), keys, clock=clock) == PAYLOAD
    endpoint.serve(jwk_of(private(1), kid="b"))
    time.sleep(0.01)
    clock.advance(seconds=600)
    assert [key.key_id for key in client.get_jwk_set(refresh=True)] == ["b"]
    assert fault(partial(client.get_signing_key, "a")) is None, f"{version()} is mended: remove this test"
    assert code(partial(ours, good(), keys, clock=clock)) == "key.unknown_kid"


def test_pyjwt_decodes_a_token_twice_to_find_its_key(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for the kid and once to verify; authkit's checks share one context, so that the header is parsed once."""
    decoded: list[Any] = []
    load = PyJWS._load

    def counted_load(self: PyJWS, token: str | bytes) -> Any:
        decoded.append(token)
        return load(self, token)

    monkeypatch.setattr(PyJWS, "_load", counted_load)
    assert pyjwt(good(), jwt.PyJWKClient(endpoint.url).get_signing_key_from_jwt(good())) == PAYLOAD
    assert len(decoded) == 2, f"{version()} now decodes {len(decoded)} times: say so here and in the name"

    parsed: list[bytes] = []

    def counted_parse(raw: bytes) -> dict[str, Any]:
        parsed.append(raw)
        return parse_object(raw)

    monkeypatch.setattr("authkit.jose.checks.parse_object", counted_parse)
    assert ours(good(), RemoteKeySet(endpoint.url, clock=SteerableClock())) == PAYLOAD
    assert parsed.count(written(PAYLOAD)) == 1 and parsed.count(written(HEADER)) <= 1


def test_both_wait_before_an_unknown_kid_causes_another_fetch(endpoint: Endpoint) -> None:
    """Made-up kids do not hammer the issuer with either; PyJWT's cool-down runs on the machine's clock."""
    client, clock = jwt.PyJWKClient(endpoint.url), SteerableClock()
    for made_up in range(20):
        assert isinstance(fault(partial(client.get_signing_key, f"made-up-{made_up}")), jwt.PyJWKClientError)
    assert endpoint.requests == 1, f"{version()} fetches for every unknown kid again"
    keys = RemoteKeySet(endpoint.url, clock=clock)
    found = [keys.select(f"made-up-{made_up}", "RS256") for made_up in range(20)]
    assert {key.reason for key in found if isinstance(key, NoKey)} == {"unknown_kid"} and endpoint.requests == 2
    clock.advance(seconds=30)
    keys.select("made-up", "RS256")
    assert endpoint.requests == 3


def test_without_its_cache_pyjwt_fetches_twice_for_each_unknown_kid(endpoint: Endpoint) -> None:
    """There is no cool-down then, and one token is worth two requests; authkit cannot be made without its cache."""
    client = jwt.PyJWKClient(endpoint.url, cache_jwk_set=False)
    for made_up in range(5):
        assert isinstance(fault(partial(client.get_signing_key, f"made-up-{made_up}")), jwt.PyJWKClientError)
    assert endpoint.requests == 10, f"{version()} is mended: remove this test"
    keys = RemoteKeySet(endpoint.url, clock=SteerableClock(), lifetime=0, cooldown=0)
    for made_up in range(5):
        keys.select(f"made-up-{made_up}", "RS256")
    assert endpoint.requests == 15


def test_while_the_endpoint_is_down_only_authkit_goes_on_with_the_keys_it_has(endpoint: Endpoint) -> None:
    """PyJWT lets its set lapse and asks for every token; authkit serves what it knew and asks after its cooldown."""
    client, clock = jwt.PyJWKClient(endpoint.url, lifespan=0.001), SteerableClock()
    keys = RemoteKeySet(endpoint.url, clock=clock)
    assert client.get_signing_key("a").key_id == "a" and ours(good(), keys, clock=clock) == PAYLOAD
    endpoint.status, endpoint.requests = 500, 0
    time.sleep(0.01)
    clock.advance(seconds=600)
    for _ in range(5):
        error = fault(partial(client.get_signing_key, "a"))
        assert type(error) is jwt.PyJWKClientConnectionError, f"{version()} is mended: remove this test"
    assert endpoint.requests == 5
    for _ in range(5):
        assert ours(good(), keys, clock=clock) == PAYLOAD
    assert endpoint.requests == 6
