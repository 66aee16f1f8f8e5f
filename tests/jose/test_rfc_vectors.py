"""The RFCs' own examples: exactly their bytes pass our signature check, and what we do not support is refused by name.

The values in `vectors/` are those of the RFCs; the signatures prove them, since one wrong bit would make one fail.
"""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from authkit import AUTH0_ACCESS_TOKEN, KeySet, KeySetError, Policy, SteerableClock, TokenRejected, Verdict, Verifier
from authkit.jose import SigningKey
from authkit.jose.algorithms import ALGORITHMS

RFCS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("vectors").glob("*.json"))
}
EXAMPLES: dict[str, dict[str, Any]] = {
    f"{rfc} {section}": example
    for rfc, content in RFCS.items()
    for section, example in content.get("examples", {}).items()
}
EXPIRY = 1300819380  # of the JWT that RFC 7515 and RFC 7519 show
AS_IN_THE_RFCS = Policy(name="AS_IN_THE_RFCS", types=("JWT", None), required=("iss", "exp"))
PUBLIC_MEMBERS = ("kty", "kid", "use", "alg", "n", "e", "k")


def key_of(rfc: str, section: str) -> dict[str, Any]:
    """A key as the RFC prints it, an RSA key without its private half."""
    jwk: dict[str, Any] = RFCS[rfc]["keys"][section]
    return {name: value for name, value in jwk.items() if name in PUBLIC_MEMBERS}


def private(rfc: str, section: str) -> rsa.RSAPrivateKey:
    """The RFC's RSA key with its private half."""
    jwk: dict[str, str] = RFCS[rfc]["keys"][section]
    number = {name: int.from_bytes(plain(jwk[name])) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi")}
    return rsa.RSAPrivateNumbers(
        p=number["p"],
        q=number["q"],
        d=number["d"],
        dmp1=number["dp"],
        dmq1=number["dq"],
        iqmp=number["qi"],
        public_numbers=rsa.RSAPublicNumbers(number["e"], number["n"]),
    ).private_key()


def plain(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def joined(jws: dict[str, Any], number: int = 0) -> str:
    """One signature of a JSON serialisation in the compact one: its signing input is the same (RFC 7515 §5.1)."""
    signed = jws["signatures"][number] if "signatures" in jws else jws
    return f"{signed['protected']}.{jws['payload']}.{signed['signature']}"


class Signed(NamedTuple):
    """An example that we can check, its key, and the codes of what a verifier still misses in it, in order."""

    token: str
    alg: str
    jwk: dict[str, Any]
    missed: list[str]


OWN, SHARED = key_of("rfc7515", "A.1.1"), key_of("rfc7520", "3.5")
ANY_KEY, OTHER_KEY = key_of("rfc7515", "A.2.1"), key_of("rfc7520", "3.3")
NO_AUDIENCE, NO_JWT = ["aud.missing"], ["json.not_json"]
SIGNED = {
    "rfc7515 A.1": Signed(EXAMPLES["rfc7515 A.1"]["compact"], "HS256", OWN, NO_AUDIENCE),
    "rfc7515 A.2": Signed(EXAMPLES["rfc7515 A.2"]["compact"], "RS256", ANY_KEY, NO_AUDIENCE),
    "rfc7515 A.6, the first signature": Signed(
        joined(EXAMPLES["rfc7515 A.6"]["general"]), "RS256", ANY_KEY, NO_AUDIENCE
    ),
    "rfc7519 3.1": Signed(EXAMPLES["rfc7519 3.1"]["compact"], "HS256", OWN, NO_AUDIENCE),
    "rfc7520 4.1": Signed(EXAMPLES["rfc7520 4.1"]["compact"], "RS256", OTHER_KEY, NO_JWT),
    "rfc7520 4.4": Signed(EXAMPLES["rfc7520 4.4"]["compact"], "HS256", SHARED, NO_JWT),
    "rfc7520 4.6, its protected header alone": Signed(
        joined(EXAMPLES["rfc7520 4.6"]["flattened"]), "HS256", SHARED, NO_JWT
    ),
    "rfc7520 4.8, the first signature": Signed(joined(EXAMPLES["rfc7520 4.8"]["general"]), "RS256", OTHER_KEY, NO_JWT),
    "rfc7520 4.8, the third signature": Signed(joined(EXAMPLES["rfc7520 4.8"]["general"], 2), "HS256", SHARED, NO_JWT),
    "rfc7797 4.1": Signed(EXAMPLES["rfc7797 4.1"]["compact"], "HS256", key_of("rfc7797", "4"), NO_JWT),
}

REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "rfc7515 A.3": (ANY_KEY, ["alg.not_allowed"]),
    "rfc7515 A.4": (ANY_KEY, ["json.not_json", "alg.not_allowed"]),
    "rfc7515 A.5": (ANY_KEY, ["alg.none"]),
    "rfc7515 E": (ANY_KEY, ["json.not_json", "alg.none", "crit.unsupported"]),
    "rfc7516 A.1": (ANY_KEY, ["form.segments"]),
    "rfc7519 6.1": (ANY_KEY, ["alg.none"]),
    "rfc7519 A.1": (ANY_KEY, ["form.segments"]),
    "rfc7519 A.2": (ANY_KEY, ["form.segments"]),
    "rfc7520 4.2": (OTHER_KEY, ["json.not_json", "alg.not_allowed"]),
    "rfc7520 4.3": (ANY_KEY, ["json.not_json", "alg.not_allowed"]),
    "rfc7520 4.5": (SHARED, ["json.not_json", "signature.mismatch"]),
    "rfc7520 5.1": (ANY_KEY, ["form.segments"]),
    "rfc7797 4.2": (key_of("rfc7797", "4"), ["json.not_json", "crit.unsupported", "signature.mismatch"]),
    "rfc8037 A.4": (ANY_KEY, ["json.not_json", "alg.not_allowed"]),
}
"""Each compact example we do not support: a key to hand, and every code `explain` finds; `verify` gives the first."""

IN_JSON = {
    f"{name}, {form}": example[form]
    for name, example in EXAMPLES.items()
    for form in ("general", "flattened")
    if form in example
}

KEY_SETS: dict[str, tuple[list[dict[str, Any]], str]] = {
    **{
        f"rfc7520 {section}": ([RFCS["rfc7520"]["keys"][section]], outcome)
        for section, outcome in {
            "3.1": "key_set.no_usable_key",
            "3.2": "key_set.private_key",
            "3.3": "RSA",
            "3.4": "key_set.private_key",
            "3.5": "oct",
            "3.6": "key_set.no_usable_key",
        }.items()
    },
    "rfc7520 3.3 and 3.5": ([OTHER_KEY, SHARED], "key_set.mixed"),
    "rfc7515 A.3.1": ([RFCS["rfc7515"]["keys"]["A.3.1"]], "key_set.private_key"),
    "rfc7515 A.4.1": ([RFCS["rfc7515"]["keys"]["A.4.1"]], "key_set.private_key"),
    "rfc8037 A.1": ([RFCS["rfc8037"]["keys"]["A.1"]], "key_set.private_key"),
    "rfc8037 A.2": ([RFCS["rfc8037"]["keys"]["A.2"]], "key_set.no_usable_key"),
    "rfc7517 A.1": (RFCS["rfc7517"]["sets"]["A.1"]["keys"], "RSA, 1 skipped"),
    "rfc7517 A.2": (RFCS["rfc7517"]["sets"]["A.2"]["keys"], "key_set.private_key"),
    "rfc7517 A.3": (RFCS["rfc7517"]["sets"]["A.3"]["keys"], "oct, 1 skipped"),
    "rfc7517 B": (RFCS["rfc7517"]["sets"]["B"]["keys"], "RSA"),
}


def at(moment: int) -> SteerableClock:
    return SteerableClock(datetime.fromtimestamp(moment, UTC))


def verifier_of(jwk: dict[str, Any], *, now: int = EXPIRY - 1, policy: Policy = AS_IN_THE_RFCS) -> Verifier:
    """A verifier of the RFC's issuer that takes every algorithm we have."""
    keys = KeySet.from_jwks({"keys": [jwk]})
    return Verifier(issuer="joe", audience="anyone", keys=keys, algorithms=[*ALGORITHMS], policy=policy, clock=at(now))


def failed(verdict: Verdict) -> list[str]:
    return [check.code for check in verdict.checks if check.status == "failed"]


def status(verdict: Verdict, name: str) -> str:
    return next(check.status for check in verdict.checks if check.name == name)


def refusal(verifier: Verifier, token: Any) -> str:
    with pytest.raises(TokenRejected) as caught:
        verifier.verify(token)
    return caught.value.code


def with_one_bit_changed(raw: bytes) -> list[bytes]:
    """Every text that differs from this one in a single bit."""
    number = int.from_bytes(raw)
    return [(number ^ 1 << bit).to_bytes(len(raw)) for bit in range(8 * len(raw))]


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_the_signature_of_an_example_passes(example: Signed) -> None:
    """The RFC's JWK gives the key, the RFC's bytes pass, and only what the example never had is missed."""
    verifier = verifier_of(example.jwk)
    verdict = verifier.explain(example.token)
    assert status(verdict, "alg") == status(verdict, "key") == status(verdict, "signature") == "passed"
    assert failed(verdict) == example.missed and verdict.claims is None
    assert refusal(verifier, example.token) == example.missed[0]


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_the_key_of_an_example_may_come_without_a_set(example: Signed) -> None:
    """One JWK (RFC 7517 §4) does what a set of one does."""
    keys = KeySet.from_jwk(example.jwk)
    verifier = Verifier(issuer="joe", audience="anyone", keys=keys, algorithms=[example.alg], policy=AS_IN_THE_RFCS)
    assert status(verifier.explain(example.token), "signature") == "passed"


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_a_signature_with_one_bit_changed_fails(example: Signed) -> None:
    """Every bit of it counts."""
    signing_input, _, signature = example.token.rpartition(".")
    verifier = verifier_of(example.jwk)
    for other in with_one_bit_changed(plain(signature)):
        assert "signature.mismatch" in failed(verifier.explain(f"{signing_input}.{b64(other)}"))


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_a_payload_with_one_bit_changed_fails(example: Signed) -> None:
    """Every bit of what was signed counts."""
    header, payload, signature = example.token.split(".")
    verifier = verifier_of(example.jwk)
    for other in with_one_bit_changed(plain(payload)):
        assert "signature.mismatch" in failed(verifier.explain(f"{header}.{b64(other)}.{signature}"))


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_a_header_with_one_bit_changed_never_passes(example: Signed) -> None:
    """Most are no header any more, and none keeps its signature."""
    header, rest = example.token.split(".", 1)
    verifier = verifier_of(example.jwk)
    for other in with_one_bit_changed(plain(header)):
        assert status(verifier.explain(f"{b64(other)}.{rest}"), "signature") in ("failed", "skipped")


@pytest.mark.parametrize("example", SIGNED.values(), ids=SIGNED)
def test_a_signature_fails_under_the_key_of_another_rfc(example: Signed) -> None:
    """A good signature is good under one key."""
    member = "n" if example.alg == "RS256" else "k"
    mine = example.jwk[member]
    other = next(jwk[member] for jwk in (OWN, SHARED, ANY_KEY, OTHER_KEY) if jwk.get(member, mine) != mine)
    verdict = verifier_of({**example.jwk, member: other}).explain(example.token)
    assert failed(verdict) == [*(code for code in NO_JWT if code in example.missed), "signature.mismatch"]


@pytest.mark.parametrize(
    ("example", "section"),
    [
        (SIGNED["rfc7515 A.2"], ("rfc7515", "A.2.1")),
        (SIGNED["rfc7520 4.1"], ("rfc7520", "3.4")),
        (SIGNED["rfc7520 4.8, the first signature"], ("rfc7520", "3.4")),
    ],
    ids=["rfc7515 A.2", "rfc7520 4.1", "rfc7520 4.8"],
)
def test_rs256_signs_the_bytes_of_the_rfc(example: Signed, section: tuple[str, str]) -> None:
    """RSASSA-PKCS1-v1_5 is deterministic: our signature is the RFC's."""
    signing_input, _, signature = example.token.rpartition(".")
    key = SigningKey.certify(private(*section), subject="rfc.example", now=EXPIRY)
    assert key.sign_bytes("RS256", signing_input.encode()) == plain(signature)


@pytest.mark.parametrize("name", [name for name, example in SIGNED.items() if example.alg == "HS256"])
def test_hs256_signs_the_bytes_of_the_rfc(name: str) -> None:
    """A MAC is deterministic. The RFCs' secrets are bytes and no text, so that no `SigningSecret` can hold them."""
    signing_input, _, signature = SIGNED[name].token.rpartition(".")
    mac = ALGORITHMS["HS256"].engine.sign(signing_input.encode(), plain(SIGNED[name].jwk["k"]))
    assert mac == plain(signature)


@pytest.mark.parametrize("name", [name for name, example in SIGNED.items() if example.alg == "HS256"])
def test_a_secret_of_an_rfc_is_taken_without_its_jwk_too(name: str) -> None:
    """As bytes, or in base64url as the `k` spells it."""
    example = SIGNED[name]
    for keys in (KeySet.from_secret(plain(example.jwk["k"])), KeySet.from_secret_base64url(example.jwk["k"])):
        verifier = Verifier(issuer="joe", audience="anyone", keys=keys, algorithms=["HS256"], policy=AS_IN_THE_RFCS)
        assert status(verifier.explain(example.token), "signature") == "passed"


def ps256(salt_length: int, mgf: hashes.HashAlgorithm) -> str:
    """RFC 7520 §4.2 with PS256 for PS384, signed by `cryptography` with the key of §3.4."""
    header, payload, _ = EXAMPLES["rfc7520 4.2"]["compact"].split(".")
    header = b64(plain(header).replace(b"PS384", b"PS256"))
    scheme = padding.PSS(mgf=padding.MGF1(mgf), salt_length=salt_length)
    signature = private("rfc7520", "3.4").sign(f"{header}.{payload}".encode(), scheme, hashes.SHA256())
    return f"{header}.{payload}.{b64(signature)}"


def test_ps256_is_what_cryptography_signs_with_the_rfcs_key() -> None:
    """The RFCs show PS384 alone; so here is §4.2 with PS256, the salt as long as the hash (RFC 7518 §3.5)."""
    verifier = verifier_of(OTHER_KEY)
    token = ps256(32, hashes.SHA256())
    assert failed(verifier.explain(token)) == NO_JWT
    signing_input, _, signature = token.rpartition(".")
    for other in with_one_bit_changed(plain(signature)):
        assert "signature.mismatch" in failed(verifier.explain(f"{signing_input}.{b64(other)}"))


@pytest.mark.parametrize(
    ("salt_length", "mgf"), [(0, hashes.SHA256()), (20, hashes.SHA256()), (222, hashes.SHA256()), (32, hashes.SHA1())]
)
def test_ps256_with_other_parameters_fails(salt_length: int, mgf: hashes.HashAlgorithm) -> None:
    """RFC 7518 §3.5 fixes both the salt's length and the mask's hash."""
    verifier = verifier_of(OTHER_KEY)
    assert failed(verifier.explain(ps256(salt_length, mgf))) == [*NO_JWT, "signature.mismatch"]


def test_cryptography_verifies_the_ps256_that_we_sign_with_the_rfcs_key() -> None:
    """The other way round: our signature, checked without the package."""
    key = private("rfc7520", "3.4")
    signing_input = SIGNED["rfc7520 4.1"].token.rpartition(".")[0].encode()
    signature = SigningKey.certify(key, subject="rfc.example", now=EXPIRY).sign_bytes("PS256", signing_input)
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    key.public_key().verify(signature, signing_input, scheme, hashes.SHA256())


@pytest.mark.parametrize("name", ["rfc7515 A.1", "rfc7515 A.2"])
def test_the_jwt_of_the_rfc_lacks_only_its_audience_until_it_expires(name: str) -> None:
    """Issuer joe, and the last second is 1300819379; from the next one on it has expired too."""
    example = SIGNED[name]
    before = verifier_of(example.jwk, now=EXPIRY - 1).explain(example.token)
    assert {check.status for check in before.checks if check.name != "aud"} == {"passed"}
    for later in (0, 1, 10**9):
        after = verifier_of(example.jwk, now=EXPIRY + later)
        assert failed(after.explain(example.token)) == ["aud.missing", "exp.expired"]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("rfc7515 A.1", ["aud.missing", "required.missing"]),
        ("rfc7515 A.2", ["typ.missing", "aud.missing", "required.missing"]),
    ],
)
def test_the_jwt_of_the_rfc_is_no_access_token(name: str, codes: list[str]) -> None:
    """Our preset asks for more: a typ, which A.1 has and A.2 has not, and a subject."""
    verifier = verifier_of(SIGNED[name].jwk, policy=AUTH0_ACCESS_TOKEN)
    assert failed(verifier.explain(SIGNED[name].token)) == codes
    assert refusal(verifier, SIGNED[name].token) == codes[0]


@pytest.mark.parametrize("name", REFUSED)
def test_an_example_we_do_not_support_is_refused_by_name(name: str) -> None:
    """Other algorithms, none, crit, encrypted tokens and detached content: each by its own code."""
    jwk, codes = REFUSED[name]
    verifier, token = verifier_of(jwk), EXAMPLES[name]["compact"]
    assert failed(verifier.explain(token)) == codes
    assert refusal(verifier, token) == codes[0]


def test_detached_content_passes_once_it_is_put_back() -> None:
    """RFC 7520 §4.5 is §4.4 with the payload taken out."""
    header, _, signature = EXAMPLES["rfc7520 4.5"]["compact"].split(".")
    _, payload, _ = EXAMPLES["rfc7520 4.4"]["compact"].split(".")
    assert failed(verifier_of(SHARED).explain(f"{header}.{payload}.{signature}")) == NO_JWT


@pytest.mark.parametrize("jws", IN_JSON.values(), ids=IN_JSON)
def test_a_json_serialisation_is_no_token(jws: dict[str, Any]) -> None:
    """A JWT is compact (RFC 7519 §3): neither the text of the JSON nor the object itself is taken."""
    verifier = verifier_of(ANY_KEY)
    for text in (json.dumps(jws), json.dumps(jws, indent=2), json.dumps(jws, separators=(",", ":"))):
        assert refusal(verifier, text) == "form.segments"
    assert refusal(verifier, jws) == "size.not_text"


@pytest.mark.parametrize(("keys", "outcome"), KEY_SETS.values(), ids=KEY_SETS)
def test_a_key_set_of_an_rfc_is_taken_or_refused_by_name(keys: list[dict[str, Any]], outcome: str) -> None:
    """RSA keys and secrets for signatures are taken; private halves and mixtures are refused; the rest is skipped."""
    try:
        taken = KeySet.from_jwks({"keys": keys})
    except KeySetError as error:
        assert error.code == outcome
    else:
        [key] = taken.keys
        assert f"{key.kty}, {len(taken.notes)} skipped".removesuffix(", 0 skipped") == outcome


def test_the_tables_leave_no_example_out() -> None:
    """Every example of every file is shown somewhere above."""
    compact = {*SIGNED, *REFUSED}
    assert {name.partition(",")[0] for name in (*compact, *IN_JSON)} == set(EXAMPLES)
    assert {name for name, example in EXAMPLES.items() if "compact" in example} <= compact
