"""One fault at a time: each token is a good one broken in exactly one way, refused by the check the fault belongs to.

`verify` and `explain` share the table and must agree. Tokens are built here from bytes, without the package.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from authkit import AUTH0_ACCESS_TOKEN, RFC9068, KeySet, SteerableClock, TokenRejected, Verifier
from authkit.jose.checks import CHECKS
from authkit.jose.keys import SigningKey
from authkit.jose.training_keys import training_key

NOW = 1767603600
ISSUER = "https://issuer.example/"
AUDIENCE = "https://orders.example/"
SECRET = b"a-shared-secret-of-a-good-length-for-tests!"

PAYLOAD = {"iss": ISSUER, "sub": "app@clients", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 3600}


class Pair(NamedTuple):
    """A key pair of the training pool."""

    private: RSAPrivateKey
    public_pem: bytes
    jwk: dict[str, Any]


@cache
def pair(number: int) -> Pair:
    private = load_pem_private_key(training_key(number).encode(), password=None)
    assert isinstance(private, RSAPrivateKey)
    pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Pair(private, pem, SigningKey.certify(private, subject="issuer.example", now=NOW).public_jwk)


def header(**members: Any) -> dict[str, Any]:
    return {"alg": "RS256", "typ": "JWT", "kid": pair(0).jwk["kid"], **members}


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def written(part: dict[str, Any] | bytes) -> bytes:
    return part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()


def rs256(signing_input: bytes, number: int = 0) -> bytes:
    return pair(number).private.sign(signing_input, padding.PKCS1v15(), hashes.SHA256())


def ps256(signing_input: bytes) -> bytes:
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    return pair(0).private.sign(signing_input, scheme, hashes.SHA256())


def hs256(signing_input: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.digest(secret, signing_input, hashlib.sha256)


def sealed(
    head: dict[str, Any] | bytes, payload: dict[str, Any] | bytes, signer: Callable[[bytes], bytes] = rs256
) -> str:
    signing_input = f"{b64(written(head))}.{b64(written(payload))}"
    return f"{signing_input}.{b64(signer(signing_input.encode()))}"


def with_header(**members: Any) -> str:
    return sealed(header(**members), PAYLOAD)


def with_payload(**claims: Any) -> str:
    return sealed(header(), {**PAYLOAD, **claims})


@cache
def good() -> str:
    return sealed(header(), PAYLOAD)


def signature() -> bytes:
    return base64.urlsafe_b64decode(good().rpartition(".")[2] + "==")


def swapped(number: int, segment: str) -> str:
    """The good token with one segment replaced and the other two kept."""
    segments = good().split(".")
    segments[number] = segment
    return ".".join(segments)


def respelt(token: str) -> str:
    """The same signature bytes with the unused bits of the last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


def flipped(token: str) -> str:
    head, body, last = token.split(".")
    return f"{head}.{body}.{'B' if last[0] == 'A' else 'A'}{last[1:]}"


def attacker(**members: Any) -> str:
    """A token signed with a key of the attacker's, which the header offers."""
    return sealed(header(**members), PAYLOAD, lambda signing_input: rs256(signing_input, 3))


JSON_FAULTS: list[tuple[str, bytes, str]] = [
    ("empty", b"", "not_json"),
    ("not JSON", b"hello", "not_json"),
    ("single quotes", b"{'alg':'RS256'}", "not_json"),
    ("trailing comma", b'{"a":1,}', "not_json"),
    ("trailing bytes", b"{} {}", "not_json"),
    ("comment", b"{/**/}", "not_json"),
    ("leading zero", b'{"a":01}', "not_json"),
    ("raw control character", b'{"a":"\n"}', "not_json"),
    ("BOM", b"\xef\xbb\xbf{}", "not_json"),
    ("NUL after", b"{}\x00", "not_json"),
    ("no quotes", b"{a:1}", "not_json"),
    ("hex number", b'{"a":0x10}', "not_json"),
    ("UTF-16", '{"é":1}'.encode("utf-16"), "not_utf8"),
    ("Latin-1", '{"é":1}'.encode("latin-1"), "not_utf8"),
    ("raw surrogate", b'{"a":"\xed\xa0\x80"}', "not_utf8"),
    ("overlong UTF-8", b'{"a":"\xc0\xaf"}', "not_utf8"),
    ("lone surrogate", b'{"a":"\\ud800"}', "lone_surrogate"),
    ("lone surrogate in a name", b'{"\\udfff":1}', "lone_surrogate"),
    ("lone surrogate, nested", b'{"a":[{"b":"x\\ud800y"}]}', "lone_surrogate"),
    ("member twice", b'{"a":1,"a":1}', "duplicate_member"),
    ("member twice, one escaped", b'{"a":1,"\\u0061":2}', "duplicate_member"),
    ("member twice, nested", b'{"a":{"b":1,"b":2}}', "duplicate_member"),
    ("NaN", b'{"a":NaN}', "not_a_number"),
    ("Infinity", b'{"a":Infinity}', "not_a_number"),
    ("-Infinity", b'{"a":-Infinity}', "not_a_number"),
    ("20 digits", b'{"a":12345678901234567890}', "number_too_large"),
    ("5000 digits", b'{"a":' + b"9" * 5000 + b"}", "number_too_large"),
    ("float without end", b'{"a":1e999}', "number_too_large"),
    ("negative float without end", b'{"a":-1e999}', "number_too_large"),
    ("array", b"[]", "not_an_object"),
    ("text", b'"x"', "not_an_object"),
    ("number", b"1", "not_an_object"),
    ("null", b"null", "not_an_object"),
    ("true", b"true", "not_an_object"),
    ("17 levels of objects", b'{"a":' * 16 + b"{}" + b"}" * 16, "too_deep"),
    ("arrays without end", b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}", "too_deep"),
    ("brackets never closed", b"[" * 5000, "too_deep"),
]

FAULTS: dict[str, tuple[object, str]] = {
    # size
    "bytes": (good().encode(), "size.not_text"),
    "None": (None, "size.not_text"),
    "a number": (7, "size.not_text"),
    "a list": ([good()], "size.not_text"),
    "an object": (object(), "size.not_text"),
    "too large": (sealed(header(), {**PAYLOAD, "x": "y" * 16_000}), "size.too_large"),
    "two megabytes": ("a" * 2_000_000, "size.too_large"),
    # form
    "empty": ("", "form.segments"),
    "one part": (good().partition(".")[0], "form.segments"),
    "two parts": (good().rpartition(".")[0], "form.segments"),
    "four parts": (f"{good()}.x", "form.segments"),
    "a dot behind": (f"{good()}.", "form.segments"),
    "five parts, a JWE": ("a.b.c.d.e", "form.segments"),
    "JSON serialisation": (json.dumps(dict(zip("abc", good().split("."), strict=True))), "form.segments"),
    "list of tokens": (f"{good()},{good()}", "form.segments"),
    # base64url
    "padded header": (swapped(0, b64(written(header())) + "="), "base64url.padding"),
    "padded payload": (swapped(1, b64(written(PAYLOAD)) + "=="), "base64url.padding"),
    "padded signature": (f"{good()}==", "base64url.padding"),
    "one padding character of two": (f"{good()}=", "base64url.padding"),
    "unused bits set": (respelt(good()), "base64url.not_canonical"),
    "unused bits set in the payload": (swapped(1, "e31"), "base64url.not_canonical"),
    "standard alphabet": (swapped(1, "e30+"), "base64url.alphabet"),
    "standard alphabet, slash": (swapped(1, "e30/"), "base64url.alphabet"),
    "a space before": (f" {good()}", "base64url.alphabet"),
    "a line break behind": (f"{good()}\n", "base64url.alphabet"),
    "four line breaks behind": (good() + "\n" * 4, "base64url.alphabet"),
    "a line break inside": (good().replace(".", "\n.", 1), "base64url.alphabet"),
    "the word Bearer": (f"Bearer {good()}", "form.bearer"),
    "a NUL behind": (f"{good()}\0", "base64url.alphabet"),
    "other script": (swapped(1, "é" * 8), "base64url.alphabet"),
    "full-width letters": (swapped(1, "\uff41" * 8), "base64url.alphabet"),
    "a lone surrogate": (swapped(2, "\ud800"), "base64url.alphabet"),
    "a length no base64url has": (swapped(2, "AAAAA"), "base64url.length"),
    "only padding": (swapped(2, "===="), "base64url.padding"),
    # json; more of it below
    "two dots alone": ("..", "json.not_json"),
    # alg
    "alg missing": (sealed(without(header(), "alg"), PAYLOAD), "alg.missing"),
    "alg null": (with_header(alg=None), "alg.not_text"),
    "alg number": (with_header(alg=256), "alg.not_text"),
    "alg list": (with_header(alg=["RS256"]), "alg.not_text"),
    "alg object": (with_header(alg={"RS256": True}), "alg.not_text"),
    "alg none": (sealed(header(alg="none"), PAYLOAD, lambda _: b""), "alg.none"),
    "alg None": (sealed(header(alg="None"), PAYLOAD, lambda _: b""), "alg.none"),
    "alg nOnE": (sealed(header(alg="nOnE"), PAYLOAD, lambda _: b""), "alg.none"),
    "alg NONE, signed": (with_header(alg="NONE"), "alg.none"),
    "alg with a space": (with_header(alg="RS256 "), "alg.not_allowed"),
    "alg in small letters": (with_header(alg="rs256"), "alg.not_allowed"),
    "alg empty": (with_header(alg=""), "alg.not_allowed"),
    "alg RS512": (with_header(alg="RS512"), "alg.not_allowed"),
    "alg ES256": (with_header(alg="ES256"), "alg.not_allowed"),
    "alg PS256, not recorded": (sealed(header(alg="PS256"), PAYLOAD, ps256), "alg.not_allowed"),
    "alg HS256 with the public PEM as secret": (
        sealed(header(alg="HS256"), PAYLOAD, lambda m: hs256(m, pair(0).public_pem)), "alg.not_allowed"),
    "alg HS256 with the modulus as secret": (
        sealed(header(alg="HS256"), PAYLOAD, lambda m: hs256(m, pair(0).jwk["n"].encode())), "alg.not_allowed"),
    "alg HS256 with an empty secret": (
        sealed(header(alg="HS256"), PAYLOAD, lambda m: hs256(m, b"")), "alg.not_allowed"),
    # crit
    "crit": (with_header(crit=["exp"]), "crit.unsupported"),
    "crit unknown": (with_header(crit=["x"], x=1), "crit.unsupported"),
    "crit empty": (with_header(crit=[]), "crit.unsupported"),
    "crit null": (with_header(crit=None), "crit.unsupported"),
    "b64 false": (with_header(b64=False), "crit.unsupported"),
    "b64 true": (with_header(b64=True), "crit.unsupported"),
    "zip": (with_header(zip="DEF"), "crit.unsupported"),
    "cty": (with_header(cty="JWT"), "crit.unsupported"),
    # typ
    "typ missing": (sealed(without(header(), "typ"), PAYLOAD), "typ.missing"),
    "typ null": (with_header(typ=None), "typ.wrong"),
    "typ number": (with_header(typ=1), "typ.wrong"),
    "typ list": (with_header(typ=["JWT"]), "typ.wrong"),
    "typ empty": (with_header(typ=""), "typ.wrong"),
    "typ at+jwt": (with_header(typ="at+jwt"), "typ.wrong"),
    "typ dpop+jwt": (with_header(typ="dpop+jwt"), "typ.wrong"),
    "typ logout+jwt": (with_header(typ="logout+jwt"), "typ.wrong"),
    "typ JWS": (with_header(typ="JWS"), "typ.wrong"),
    "typ with a space": (with_header(typ="JWT "), "typ.wrong"),
    # key
    "kid unknown": (with_header(kid="another"), "key.unknown_kid"),
    "kid empty": (with_header(kid=""), "key.unknown_kid"),
    "kid a path": (with_header(kid="../../../../dev/null"), "key.unknown_kid"),
    "kid a query": (with_header(kid="' UNION SELECT 'x' --"), "key.unknown_kid"),
    "kid with a NUL": (with_header(kid=pair(0).jwk["kid"] + "\0"), "key.unknown_kid"),
    "kid a number": (with_header(kid=1), "key.kid_not_text"),
    "kid a list": (with_header(kid=[pair(0).jwk["kid"]]), "key.kid_not_text"),
    "kid an object": (with_header(kid={}), "key.kid_not_text"),
    "kid null": (with_header(kid=None), "key.kid_not_text"),
    "kid false": (with_header(kid=False), "key.kid_not_text"),
    "kid missing among several keys": (sealed(without(header(), "kid"), PAYLOAD), "key.ambiguous"),
    # signature
    "signature changed": (flipped(good()), "signature.mismatch"),
    "signature empty": (swapped(2, ""), "signature.mismatch"),
    "signature of zeros": (swapped(2, b64(bytes(256))), "signature.mismatch"),
    "signature cut": (swapped(2, b64(signature()[:-1])), "signature.mismatch"),
    "signature doubled": (swapped(2, b64(signature() * 2)), "signature.mismatch"),
    "signature with a zero before": (swapped(2, b64(b"\0" + signature())), "signature.mismatch"),
    "signature with a zero behind": (swapped(2, b64(signature() + b"\0")), "signature.mismatch"),
    "signature of another token": (swapped(2, with_payload(sub="x").rpartition(".")[2]), "signature.mismatch"),
    "signature by another key of the set": (
        sealed(header(), PAYLOAD, lambda m: rs256(m, 1)), "signature.mismatch"),
    "signature by PS256": (sealed(header(), PAYLOAD, ps256), "signature.mismatch"),
    "signature a MAC": (sealed(header(), PAYLOAD, hs256), "signature.mismatch"),
    "payload edited": (swapped(1, b64(written({**PAYLOAD, "sub": "boss"}))), "signature.mismatch"),
    "payload with a space more": (swapped(1, b64(written(PAYLOAD) + b" ")), "signature.mismatch"),
    "header edited": (swapped(0, b64(written(header(x=1)))), "signature.mismatch"),
    "jwk header": (attacker(jwk=pair(3).jwk), "signature.mismatch"),
    "jku header": (attacker(jku="https://attacker.example/jwks.json"), "signature.mismatch"),
    "x5u header": (attacker(x5u="https://attacker.example/cert.pem"), "signature.mismatch"),
    "x5c header": (attacker(x5c=pair(3).jwk["x5c"]), "signature.mismatch"),
    "jwk header with its own kid": (attacker(jwk=pair(3).jwk, kid=pair(3).jwk["kid"]), "key.unknown_kid"),
    # iss
    "iss missing": (sealed(header(), without(PAYLOAD, "iss")), "iss.missing"),
    "iss null": (with_payload(iss=None), "iss.not_text"),
    "iss number": (with_payload(iss=1), "iss.not_text"),
    "iss list": (with_payload(iss=[ISSUER]), "iss.not_text"),
    "iss without its slash": (with_payload(iss=ISSUER.rstrip("/")), "iss.mismatch"),
    "iss in capitals": (with_payload(iss=ISSUER.upper()), "iss.mismatch"),
    "iss with a longer path": (with_payload(iss=f"{ISSUER}x/"), "iss.mismatch"),
    "iss by http": (with_payload(iss=ISSUER.replace("https", "http")), "iss.mismatch"),
    "iss empty": (with_payload(iss=""), "iss.mismatch"),
    # aud
    "aud missing": (sealed(header(), without(PAYLOAD, "aud")), "aud.missing"),
    "aud null": (with_payload(aud=None), "aud.not_text"),
    "aud number": (with_payload(aud=1), "aud.not_text"),
    "aud true": (with_payload(aud=True), "aud.not_text"),
    "aud object": (with_payload(aud={AUDIENCE: 1}), "aud.not_text"),
    "aud list with a number": (with_payload(aud=[AUDIENCE, 1]), "aud.not_text"),
    "aud list in a list": (with_payload(aud=[[AUDIENCE]]), "aud.not_text"),
    "aud another": (with_payload(aud="https://stock.example/"), "aud.mismatch"),
    "aud without its slash": (with_payload(aud=AUDIENCE.rstrip("/")), "aud.mismatch"),
    "aud a prefix": (with_payload(aud=AUDIENCE[:8]), "aud.mismatch"),
    "aud longer": (with_payload(aud=f"{AUDIENCE}v2"), "aud.mismatch"),
    "aud in capitals": (with_payload(aud=AUDIENCE.upper()), "aud.mismatch"),
    "aud empty list": (with_payload(aud=[]), "aud.mismatch"),
    "aud list of others": (with_payload(aud=["a", "b"]), "aud.mismatch"),
    "aud several in one text": (with_payload(aud=f"{AUDIENCE} https://stock.example/"), "aud.mismatch"),
    # exp
    "exp now": (with_payload(exp=NOW), "exp.expired"),
    "exp a second ago": (with_payload(exp=NOW - 1), "exp.expired"),
    "exp a fraction ago": (with_payload(exp=NOW - 0.001), "exp.expired"),
    "exp zero": (with_payload(exp=0), "exp.expired"),
    "exp in milliseconds": (with_payload(exp=(NOW + 3600) * 1000), "exp.not_a_date"),
    "exp text": (with_payload(exp=str(NOW + 3600)), "exp.not_a_date"),
    "exp true": (with_payload(exp=True), "exp.not_a_date"),
    "exp null": (with_payload(exp=None), "exp.not_a_date"),
    "exp list": (with_payload(exp=[NOW + 3600]), "exp.not_a_date"),
    "exp negative": (with_payload(exp=-1), "exp.not_a_date"),
    "exp 1e300": (sealed(header(), written(PAYLOAD).replace(str(NOW + 3600).encode(), b"1e300")), "exp.not_a_date"),
    "exp NaN": (sealed(header(), written(PAYLOAD).replace(str(NOW + 3600).encode(), b"NaN")), "json.not_a_number"),
    "exp NaN in text": (with_payload(exp="NaN"), "exp.not_a_date"),
    "exp missing": (sealed(header(), without(PAYLOAD, "exp")), "required.missing"),
    # nbf
    "nbf in a second": (with_payload(nbf=NOW + 1), "nbf.too_early"),
    "nbf text": (with_payload(nbf=str(NOW)), "nbf.not_a_date"),
    "nbf false": (with_payload(nbf=False), "nbf.not_a_date"),
    "nbf null": (with_payload(nbf=None), "nbf.not_a_date"),
    "nbf in milliseconds": (with_payload(nbf=NOW * 1000), "nbf.not_a_date"),
    # iat
    "iat 61 seconds ahead": (with_payload(iat=NOW + 61), "iat.in_the_future"),
    "iat text": (with_payload(iat=str(NOW)), "iat.not_a_date"),
    "iat true": (with_payload(iat=True), "iat.not_a_date"),
    "iat null": (with_payload(iat=None), "iat.not_a_date"),
    "iat missing": (sealed(header(), without(PAYLOAD, "iat")), "required.missing"),
    # required
    "sub missing": (sealed(header(), without(PAYLOAD, "sub")), "required.missing"),
    "sub null": (with_payload(sub=None), "required.missing"),
    "sub number": (with_payload(sub=7), "required.not_text"),
    "sub list": (with_payload(sub=["app@clients"]), "required.not_text"),
    "jti number": (with_payload(jti=7), "required.not_text"),
    "jti null": (with_payload(jti=None), "required.not_text"),
    "client_id number": (with_payload(client_id=7), "required.not_text"),
    "client_id null": (with_payload(client_id=None), "required.not_text"),
    # json, in header and in payload
    **{f"header: {name}": (sealed(raw, PAYLOAD), f"json.{reason}") for name, raw, reason in JSON_FAULTS},
    **{f"payload: {name}": (sealed(header(), raw), f"json.{reason}") for name, raw, reason in JSON_FAULTS},
}  # fmt: skip

NO_FAULTS = {
    "the good token": good(),
    "typ in small letters": with_header(typ="jwt"),
    "typ as a whole media type": with_header(typ="application/JWT"),
    "aud in a list": with_payload(aud=["https://stock.example/", AUDIENCE]),
    "aud alone in a list": with_payload(aud=[AUDIENCE]),
    "exp in a second": with_payload(exp=NOW + 1),
    "exp in a fraction": with_payload(exp=NOW + 0.001),
    "exp as a float": sealed(header(), written(PAYLOAD).replace(str(NOW + 3600).encode(), b"1.7676072e9")),
    "nbf now": with_payload(nbf=NOW),
    "iat 60 seconds ahead": with_payload(iat=NOW + 60),
    "jti text": with_payload(jti="x"),
    "an unknown header member": with_header(x=[1]),
    "an unknown claim": with_payload(x={"y": [None]}),
    "white space in the JSON": sealed(json.dumps(header(), indent=2).encode(), json.dumps(PAYLOAD, indent=1).encode()),
    "16 levels": sealed(header(), {**PAYLOAD, "x": json.loads("[" * 15 + "]" * 15)}),
    "many brackets in a text": with_payload(x="[{" * 50 + '\\"'),
    "a surrogate pair": sealed(header(), written(PAYLOAD)[:-1] + b',"x":"\\ud83d\\ude00"}'),
    "an escaped backslash before u": sealed(header(), written(PAYLOAD)[:-1] + b',"x":"\\\\ud800"}'),
    "signed by the next key": sealed(header(kid=pair(1).jwk["kid"]), PAYLOAD, lambda m: rs256(m, 1)),
    "jwk header, signed by the issuer": with_header(jwk=pair(3).jwk),
    "jku header, signed by the issuer": with_header(jku="https://attacker.example/"),
}


@cache
def strict() -> Verifier:
    keys = {"keys": [pair(0).jwk, pair(1).jwk]}
    return Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, clock=SteerableClock())


def code_of(verifier: Verifier, token: object) -> str:
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(token)  # type: ignore[arg-type]
    assert caught.value.check == caught.value.code.partition(".")[0]
    return caught.value.code


@pytest.mark.parametrize(("token", "code"), FAULTS.values(), ids=FAULTS)
def test_verify_refuses_each_fault_by_its_check(token: object, code: str) -> None:
    """One fault, one code."""
    assert code_of(strict(), token) == code


@pytest.mark.parametrize(("token", "code"), FAULTS.values(), ids=FAULTS)
def test_explain_finds_the_one_fault_and_no_other(token: object, code: str) -> None:
    """The decisive check is the one `verify` names; no second check fails, and no claims come out."""
    verdict = strict().explain(token)  # type: ignore[arg-type]
    assert verdict.outcome == "refused" and verdict.claims is None
    failed = [check.code for check in verdict.checks if check.status == "failed"]
    assert failed == [code]
    assert verdict.decisive is not None and verdict.decisive.code == code and verdict.decisive.remedy
    assert repr(verdict) and verdict._repr_html_()


@pytest.mark.parametrize("token", NO_FAULTS.values(), ids=NO_FAULTS)
def test_what_is_no_fault_is_accepted(token: str) -> None:
    """Strictness refuses nothing that the RFCs allow and our policy does not name."""
    assert strict().verify(token)["iss"] == ISSUER
    verdict = strict().explain(token)
    assert verdict.outcome == "accepted" and verdict.claims == strict().verify(token)


def test_every_check_refuses_something() -> None:
    """The table leaves no check out."""
    assert {code.partition(".")[0] for _, code in FAULTS.values()} == {check.name for check in CHECKS}


def test_the_order_of_the_checks_is_the_designs() -> None:
    """What is cheap and what needs no key comes first, claims after the signature; a new check may stand between."""
    names = "size form base64url json alg crit typ key signature iss aud exp nbf iat required"
    assert " ".join(check.name for check in CHECKS if check.name in names.split()) == names


HS_HEADER = {"alg": "HS256", "typ": "JWT"}

HS_FAULTS: dict[str, tuple[str, str]] = {
    "another secret": (sealed(HS_HEADER, PAYLOAD, lambda m: hs256(m, b"x" * 32)), "signature.mismatch"),
    "an empty secret": (sealed(HS_HEADER, PAYLOAD, lambda m: hs256(m, b"")), "signature.mismatch"),
    "a secret with a NUL behind": (sealed(HS_HEADER, PAYLOAD, lambda m: hs256(m, SECRET + b"\0x")),
                                   "signature.mismatch"),
    "half a MAC": (sealed(HS_HEADER, PAYLOAD, lambda m: hs256(m)[:16]), "signature.mismatch"),
    "no MAC": (sealed(HS_HEADER, PAYLOAD, lambda _: b""), "signature.mismatch"),
    "SHA-512": (sealed(HS_HEADER, PAYLOAD, lambda m: hmac.digest(SECRET, m, hashlib.sha512)), "signature.mismatch"),
    "HS512 in the header": (sealed({**HS_HEADER, "alg": "HS512"}, PAYLOAD, hs256), "alg.not_allowed"),
    "an RS256 token": (good(), "alg.not_allowed"),
    "none": (sealed({**HS_HEADER, "alg": "none"}, PAYLOAD, lambda _: b""), "alg.none"),
}  # fmt: skip


@pytest.mark.parametrize(("token", "code"), HS_FAULTS.values(), ids=HS_FAULTS)
def test_hs256_faults(token: str, code: str) -> None:
    """A shared secret refuses what was signed with anything else."""
    keys = KeySet.from_secret(SECRET)
    verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, algorithms=["HS256"], clock=SteerableClock())
    assert code_of(verifier, token) == code
    decisive = verifier.explain(token).decisive
    assert decisive is not None and decisive.code == code
    assert verifier.verify(sealed(HS_HEADER, PAYLOAD, hs256))["sub"] == "app@clients"


AT_HEADER = {"typ": "at+jwt"}
AT_PAYLOAD = {**PAYLOAD, "client_id": "app", "jti": "1"}

_NO_TEXTS: dict[str, object] = {"number": 5, "true": True, "empty list": [], "list": ["app"], "object": {}}
AT_FAULTS: dict[str, tuple[str, str]] = {
    "typ JWT": (sealed(header(), AT_PAYLOAD), "typ.wrong"),
    "typ id+jwt": (sealed(header(typ="id+jwt"), AT_PAYLOAD), "typ.wrong"),
    "typ missing": (sealed(without(header(), "typ"), AT_PAYLOAD), "typ.missing"),
    **{f"{name} missing": (sealed(header(**AT_HEADER), without(AT_PAYLOAD, name)), "required.missing")
       for name in ("client_id", "jti", "sub", "exp", "iat")},
    "jti number": (sealed(header(**AT_HEADER), {**AT_PAYLOAD, "jti": 1}), "required.not_text"),
    **{f"{name} null": (sealed(header(**AT_HEADER), {**AT_PAYLOAD, name: None}), "required.missing")
       for name in ("client_id", "jti", "sub")},
    **{f"{name} null": (sealed(header(**AT_HEADER), {**AT_PAYLOAD, name: None}), f"{name}.not_a_date")
       for name in ("exp", "iat")},
    **{f"client_id {kind}": (sealed(header(**AT_HEADER), {**AT_PAYLOAD, "client_id": value}), "required.not_text")
       for kind, value in _NO_TEXTS.items()},
    "client_id empty": (sealed(header(**AT_HEADER), {**AT_PAYLOAD, "client_id": ""}), "required.empty"),
}  # fmt: skip


@pytest.mark.parametrize(("token", "code"), AT_FAULTS.values(), ids=AT_FAULTS)
def test_rfc9068_faults(token: str, code: str) -> None:
    """The profile for access tokens has a type and claims of its own."""
    keys = {"keys": [pair(0).jwk]}
    verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, policy=RFC9068, clock=SteerableClock())
    assert code_of(verifier, token) == code
    failed = [check for check in verifier.explain(token).checks if check.status == "failed"]
    assert [check.code for check in failed] == [code]
    ours = code.startswith(tuple(OURS))
    assert (failed[0].rule, "RFC" in failed[0].source) == ("our policy" if ours else "RFC", True)
    for typ in ("at+jwt", "AT+JWT", "application/at+jwt"):
        assert verifier.verify(sealed(header(typ=typ), AT_PAYLOAD))["jti"] == "1"


@pytest.mark.parametrize("value", ["", "read:orders", 0, False, [], {}], ids=repr)
def test_a_required_claim_of_any_kind_holds_something_unless_it_is_null(value: object) -> None:
    """What a claim of the issuer's own has to be, only the issuer knows; null is what is not there."""
    policy = replace(AUTH0_ACCESS_TOKEN, name="mine", required=("scope",))
    keys = {"keys": [pair(0).jwk]}
    verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, policy=policy, clock=SteerableClock())
    assert verifier.verify(with_payload(scope=value))["scope"] == value
    assert code_of(verifier, good()) == code_of(verifier, with_payload(scope=None)) == "required.missing"
    assert verifier.verify(with_payload(scope="read", client_id=""))["client_id"] == ""


def test_key_confusion_fails_even_where_both_algorithms_are_allowed() -> None:
    """An RSA key never verifies HS256, whatever the list of algorithms says (RFC 8725 §3.1)."""
    forged = sealed(header(alg="HS256"), PAYLOAD, lambda m: hs256(m, pair(0).public_pem))
    both = ["RS256", "HS256"]
    for keys in (KeySet.from_jwks({"keys": [pair(0).jwk]}), KeySet.from_pem(pair(0).public_pem.decode())):
        verifier = Verifier(issuer=ISSUER, audience=AUDIENCE, keys=keys, algorithms=both, clock=SteerableClock())
        assert code_of(verifier, forged) == "key.wrong_kind"


OURS = [
    "size.", "base64url.not_canonical", "typ.missing",
    "json.duplicate_member", "json.lone_surrogate", "json.number_too_large", "json.too_deep",
    "key.ambiguous", "iat.in_the_future", "required.missing", "required.empty",
]  # fmt: skip


@pytest.mark.parametrize(("token", "code"), FAULTS.values(), ids=FAULTS)
def test_each_refusal_says_whose_rule_it_is(token: object, code: str) -> None:
    """An RFC's with its section; ours where no RFC asks for it; both faces say the same."""
    with pytest.raises(TokenRejected) as caught:
        strict().verify(token)  # type: ignore[arg-type]
    error, decisive = caught.value, strict().explain(token).decisive  # type: ignore[arg-type]
    ours = code.startswith(tuple(OURS)) or error.seen.startswith(("zip", "cty", "b64: True"))
    ours = ours or (code.endswith(".not_a_date") and error.seen[0] in "-0123456789")  # a number out of our bounds
    said = f"the refusal says it is {error.rule}; what is our policy stands in OURS"
    assert (error.rule, "RFC" in error.source) == ("our policy" if ours else "RFC", True), said
    assert decisive is not None and (decisive.rule, decisive.source) == (error.rule, error.source)
    assert (decisive.seen, decisive.expected, decisive.remedy) == (error.seen, error.expected, error.remedy)
