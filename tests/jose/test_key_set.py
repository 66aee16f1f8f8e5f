"""Key sets: what is taken, what is skipped with a note, what is refused."""

import base64
import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from authkit import KeySet, KeySetError, Secret, Tenant, Verifier
from authkit.jose import SigningKey, sign
from authkit.jose.encoding import encode_segment
from authkit.jose.jwk import VerificationKey
from authkit.jose.key_set import NoKey

SECRET = b"a-shared-secret-of-a-good-length-for-tests!"
OCT = {"kty": "oct", "kid": "s", "k": encode_segment(SECRET)}


def refused(action: Any, *arguments: Any) -> str:
    with pytest.raises(KeySetError) as caught:
        action(*arguments)
    assert caught.value.remedy
    return caught.value.code


def chosen(keys: KeySet, kid: str | None, alg: str) -> str:
    """The kid of the key that is selected, or the reason why there is none."""
    found = keys.select(kid, alg)
    return found.reason if isinstance(found, NoKey) else f"key {found.kid}"


def public_pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def test_a_jwks_gives_its_keys(tenant: Tenant[Any]) -> None:
    """In order, without notes."""
    keys = KeySet.from_jwks(tenant.jwks)
    assert len(keys) == 2 and keys.notes == ()
    assert [key.kid for key in keys.keys] == [jwk["kid"] for jwk in tenant.jwks["keys"]]


def test_an_empty_jwks_is_a_set_without_keys() -> None:
    """`{"keys": []}` is a valid JWK Set; no token verifies."""
    assert len(KeySet.from_jwks({"keys": []})) == 0
    assert chosen(KeySet.from_jwks({"keys": []}), None, "RS256") == "no_key"
    assert chosen(KeySet.from_jwks({"keys": []}), "a", "RS256") == "unknown_kid"


@pytest.mark.parametrize(
    "junk",
    [
        {},
        [],
        (),
        "",
        "x",
        b"{}",
        None,
        5,
        1.5,
        True,
        object(),
        set(),
        {"keys": None},
        {"keys": {}},
        {"keys": "x"},
        {"keys": 5},
        {"keys": {"a": 1}},
        [{"kty": "RSA"}],
        {"key": []},
        '{"keys":[]}',
        {"keys": b"x"},
        {5: 5},
    ],
    ids=lambda junk: ascii(junk) if type(junk) is not object else "object",
)
def test_what_is_no_jwks_is_refused(junk: Any) -> None:
    """Wrong types, text, one JWK, a list of JWKs: one code."""
    assert refused(KeySet.from_jwks, junk) == "key_set.not_a_jwks"


def test_one_jwk_is_no_jwk_set(key: SigningKey) -> None:
    """The document is asked for, and never guessed."""
    assert refused(KeySet.from_jwks, key.public_jwk) == "key_set.not_a_jwks"


def test_an_error_never_quotes_what_may_be_a_secret() -> None:
    """Material handed to the wrong constructor stays out of the message."""
    text = "the-secret-itself-of-more-than-32-bytes"
    cases: list[tuple[Any, Any]] = [
        (KeySet.from_jwks, text),
        (KeySet.from_jwks, {"k": text}),
        (KeySet.from_pem, text),
        (KeySet.from_secret, text),
        (KeySet.from_secret_base64url, f"{text}="),
        (KeySet.from_secret, text[:20].encode()),
        (KeySet.from_jwks, {"keys": [{"kty": "oct", "k": f"{text}="}]}),
        (KeySet.from_jwks, {"keys": [text]}),
    ]
    for action, material in cases:
        with pytest.raises(KeySetError) as caught:
            action(material)
        assert text[:20] not in str(caught.value)


def numbers(n: int, e: int) -> dict[str, str]:
    """A JWK of these numbers, whether or not they make a key."""
    return {"kty": "RSA", **{name: encode_segment(value.to_bytes((value.bit_length() + 7) // 8, "big"))
                             for name, value in (("n", n), ("e", e))}}  # fmt: skip


BROKEN: dict[str, Any] = {
    "no object": 5,
    "null": None,
    "a text": "x",
    "a list": [],
    "no members": {},
    "kty missing": {"n": "AQAB", "e": "AQAB"},
    "kty unknown": {"kty": "XYZ"},
    "kty EC": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    "kty OKP": {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
    "kty unhashable": {"kty": ["RSA"]},
    "kty in small letters": {"kty": "rsa", "n": "AQAB", "e": "AQAB"},
    "n missing": {"kty": "RSA", "e": "AQAB"},
    "e missing": {"kty": "RSA", "n": "AQAB"},
    "n no base64url": {"kty": "RSA", "n": "!!!", "e": "AQAB"},
    "n a number": {"kty": "RSA", "n": 5, "e": "AQAB"},
    "n null": {"kty": "RSA", "n": None, "e": "AQAB"},
    "n empty": {"kty": "RSA", "n": "", "e": "AQAB"},
    "n surrogate": {"kty": "RSA", "n": "\ud800", "e": "AQAB"},
    "512 bits": {"kty": "RSA", "n": encode_segment((2**512 - 1).to_bytes(64, "big")), "e": "AQAB"},
    "2047 bits": {"kty": "RSA", "n": encode_segment((2**2047 - 1).to_bytes(256, "big")), "e": "AQAB"},
    "16,385 bits": numbers(2**16384 + 1, 65537),
    "n even": numbers(2**2048 - 2, 65537),
    "e of 65 bits beside an n of 3073": numbers(2**3072 + 1, 2**64 + 1),
}

BREAKS: dict[str, dict[str, Any]] = {
    "use enc": {"use": "enc"},
    "use unhashable": {"use": ["sig"]},
    "use null": {"use": None},
    "key_ops without verify": {"key_ops": ["sign"]},
    "key_ops text": {"key_ops": "verify"},
    "key_ops null": {"key_ops": None},
    "key_ops unhashable inside": {"key_ops": [[]]},
    "alg of another kind": {"alg": "HS256"},
    "alg unknown": {"alg": "RS512"},
    "alg none": {"alg": "none"},
    "alg unhashable": {"alg": ["RS256"]},
    "alg a number": {"alg": 256},
    "kid a number": {"kid": 5},
    "kid unhashable": {"kid": ["a"]},
    "e one": {"e": "AQ"},
    "e padded": {"e": "AQAB="},
    "e in the standard alphabet": {"e": "A+AB"},
    "e even": {"e": "Ag"},
    "e a number": {"e": 65537},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_an_unknown_or_broken_key_is_skipped_with_a_note(key: SigningKey, broken: Any) -> None:
    """Beside a good one it does no harm; alone it leaves nothing to verify with."""
    keys = KeySet.from_jwks({"keys": [broken, key.public_jwk]})
    assert len(keys) == 1 and len(keys.notes) == 1 and keys.notes[0].startswith("key 1 was skipped")
    assert refused(KeySet.from_jwks, {"keys": [broken]}) == "key_set.no_usable_key"


@pytest.mark.parametrize("members", BREAKS.values(), ids=BREAKS)
def test_a_member_can_make_a_key_unusable(key: SigningKey, other_key: SigningKey, members: dict[str, Any]) -> None:
    """`use`, `key_ops`, `alg` and `kid` count."""
    keys = KeySet.from_jwks({"keys": [{**key.public_jwk, **members}, other_key.public_jwk]})
    assert [found.kid for found in keys.keys] == [other_key.kid] and len(keys.notes) == 1


@pytest.mark.parametrize("kty", ["EC", "OKP"])
def test_private_halves_of_other_kinds_are_refused(key: SigningKey, kty: str) -> None:
    """We do not verify with them; whoever does has published a key that signs."""
    jwks = {"keys": [key.public_jwk, {"kty": kty, "crv": "x", "x": "AA", "d": "AA"}]}
    assert refused(KeySet.from_jwks, jwks) == "key_set.private_key"


@pytest.mark.parametrize("member", ["d", "p", "q", "dp", "dq", "qi", "oth"])
def test_private_members_are_refused(key: SigningKey, member: str) -> None:
    """One published private half spoils the whole set, whatever stands in it."""
    jwks = {"keys": [key.public_jwk, {"kty": "RSA", "kid": "leaked", member: None}]}
    assert refused(KeySet.from_jwks, jwks) == "key_set.private_key"


def test_a_secret_beside_a_public_key_is_refused(key: SigningKey) -> None:
    """A JWK Set is published, a shared secret never is."""
    assert refused(KeySet.from_jwks, {"keys": [key.public_jwk, OCT]}) == "key_set.mixed"


@pytest.mark.parametrize(
    "secret", [{**OCT, "alg": "HS512"}, {**OCT, "use": "enc"}, {"kty": "oct"}], ids=["HS512", "use enc", "without k"]
)
def test_a_secret_that_we_would_not_use_is_refused_beside_a_public_key_too(
    key: SigningKey, secret: dict[str, Any]
) -> None:
    """It is out, whoever uses it; and beside a public key that we would not use as well."""
    assert refused(KeySet.from_jwks, {"keys": [key.public_jwk, secret]}) == "key_set.mixed"
    assert refused(KeySet.from_jwks, {"keys": [{"kty": "EC"}, OCT]}) == "key_set.mixed"


def test_two_keys_of_one_kid_are_refused(key: SigningKey, other_key: SigningKey) -> None:
    """A name for two keys names neither."""
    jwks = {"keys": [key.public_jwk, {**other_key.public_jwk, "kid": key.kid}]}
    assert refused(KeySet.from_jwks, jwks) == "key_set.duplicate_kid"


def test_a_broken_key_of_the_same_kid_does_no_harm(key: SigningKey) -> None:
    """It is skipped before kids are compared."""
    assert len(KeySet.from_jwks({"keys": [{"kty": "EC", "kid": key.kid}, key.public_jwk]})) == 1


def test_a_secret_in_a_jwks_verifies_hs256_alone() -> None:
    """A set of one's own may hold it."""
    keys = KeySet.from_jwks({"keys": [OCT]})
    assert chosen(keys, "s", "HS256") == "key s" and chosen(keys, "s", "RS256") == "wrong_kind"


@pytest.mark.parametrize("k", ["", "AAAA", encode_segment(b"x" * 31)])
def test_a_short_secret_in_a_jwks_is_refused(k: str) -> None:
    """32 bytes, wherever it comes from."""
    assert refused(KeySet.from_jwks, {"keys": [{"kty": "oct", "k": k}]}) == "key_set.secret_too_short"


@pytest.mark.parametrize("k", [None, 5, "=", "a b", ["x"], "\ud800"])
def test_a_broken_secret_in_a_jwks_is_skipped(k: Any) -> None:
    """Alone it leaves nothing."""
    assert refused(KeySet.from_jwks, {"keys": [{"kty": "oct", "k": k}]}) == "key_set.no_usable_key"
    assert refused(KeySet.from_jwks, {"keys": [{**OCT, "alg": ["HS256"]}]}) == "key_set.no_usable_key"


# One JWK


def test_one_jwk_verifies(key: SigningKey) -> None:
    """With its kid, its algorithm, and what it is: a public key or a secret."""
    keys = KeySet.from_jwk(key.public_jwk)
    assert chosen(keys, key.kid, "RS256") == chosen(keys, None, "RS256") == f"key {key.kid}"
    assert chosen(keys, "another", "RS256") == "unknown_kid" and chosen(keys, None, "PS256") == "wrong_kind"
    assert chosen(KeySet.from_jwk(OCT), "s", "HS256") == "key s"


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_jwk_that_cannot_verify_is_refused(broken: Any) -> None:
    """Nothing is skipped where there is nothing beside it."""
    assert refused(KeySet.from_jwk, broken) == "key_set.not_usable"


def test_a_jwk_is_held_to_the_rules_of_a_set(key: SigningKey, tenant: Tenant[Any]) -> None:
    """No private half, no short secret, and no set."""
    assert refused(KeySet.from_jwk, {**key.public_jwk, "d": "AQAB"}) == "key_set.private_key"
    assert refused(KeySet.from_jwk, {"kty": "oct", "k": "AAAA"}) == "key_set.secret_too_short"
    assert refused(KeySet.from_jwk, tenant.jwks) == "key_set.not_usable"


# PEM


def test_a_public_key_in_pem_verifies(key: SigningKey) -> None:
    """Without a kid of its own it takes any."""
    keys = KeySet.from_pem(key.public_pem)
    assert chosen(keys, None, "RS256") == chosen(keys, "any", "RS256") == chosen(keys, "", "PS256") == "key None"
    assert chosen(keys, None, "HS256") == "wrong_kind"


def test_a_certificate_in_pem_verifies(key: SigningKey) -> None:
    """The public key is taken out of it; white space around does no harm."""
    assert len(KeySet.from_pem(f"\n  {key.certificate}\n\n")) == 1


def private_pems() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forms = {"PKCS8": PrivateFormat.PKCS8, "PKCS1": PrivateFormat.TraditionalOpenSSL}
    texts = {name: key.private_bytes(Encoding.PEM, form, NoEncryption()).decode() for name, form in forms.items()}
    elliptic = ec.generate_private_key(ec.SECP256R1())
    texts["EC"] = elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return texts


@pytest.mark.parametrize("text", private_pems().values(), ids=["PKCS8", "PKCS1", "EC"])
def test_a_private_key_in_pem_is_refused(text: str) -> None:
    """A verifier must not hold it, and the error does not quote it."""
    with pytest.raises(KeySetError) as caught:
        KeySet.from_pem(text)
    assert caught.value.code == "key_set.private_key" and text.splitlines()[1][:20] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        public_pem(ec.generate_private_key(ec.SECP256R1())),
        public_pem(ed25519.Ed25519PrivateKey.generate()),
        public_pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
    ],
    ids=["EC", "Ed25519", "RSA 1024"],
)
def test_a_key_that_is_no_rsa_of_2048_bits_is_refused(text: str) -> None:
    """RS256 needs one (RFC 7518 §3.3)."""
    assert refused(KeySet.from_pem, text) == "key_set.not_usable"


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "x",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "é",
        "�",
        None,
        5,
        b"-----BEGIN PUBLIC KEY-----",
        [],
        {},
        object(),
    ],
    ids=lambda junk: ascii(junk) if type(junk) is not object else "object",
)
def test_what_is_no_pem_is_refused(junk: Any) -> None:
    """Text that is not PEM, and things that are no text."""
    assert refused(KeySet.from_pem, junk) == "key_set.not_a_pem"


@pytest.mark.parametrize(
    ("n", "e", "limit"),
    [
        (2**16384 + 1, 65537, "16,384"),
        (2**2048 - 2, 65537, "even"),
        (2**3072 + 1, 2**64 + 1, "64"),
        (2**16383 + 1, 2**63 + 1, ""),
        (2**3071 + 1, 2**3070 + 1, ""),
    ],
    ids=["n too long", "n even", "e too long", "n and e at their limits", "e without a limit"],
)
def test_a_key_that_no_signature_could_fit_is_refused(n: int, e: int, limit: str) -> None:
    """OpenSSL finds every signature wrong under it; the token would be blamed. What it does take is taken."""
    pem = rsa.RSAPublicNumbers(e, n).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if not limit:
        assert len(KeySet.from_pem(pem.decode())) == len(KeySet.from_jwk(numbers(n, e))) == 1
        return
    cases: list[tuple[Any, Any]] = [(KeySet.from_pem, pem.decode()), (KeySet.from_jwk, numbers(n, e))]
    for constructor, material in cases:
        with pytest.raises(KeySetError) as caught:
            constructor(material)
        assert caught.value.code == "key_set.not_usable" and limit in caught.value.message


# Secrets


def test_a_secret_verifies_hs256_alone() -> None:
    """The one algorithm of a shared secret."""
    keys = KeySet.from_secret(SECRET)
    assert chosen(keys, None, "HS256") == "key None" and chosen(keys, None, "RS256") == "wrong_kind"


def test_base64url_of_a_secret_is_the_same_secret() -> None:
    """The spelling is said by the constructor's name."""
    assert KeySet.from_secret_base64url(encode_segment(SECRET)).keys == KeySet.from_secret(SECRET).keys


@pytest.mark.parametrize("junk", ["x" * 40, None, 5, bytearray(40), memoryview(SECRET), [1] * 40, object()])
def test_a_secret_that_is_no_bytes_is_refused(junk: Any) -> None:
    """Text could be the key, or spell it: guessing is key confusion."""
    assert refused(KeySet.from_secret, junk) == "key_set.secret_not_bytes"


@pytest.mark.parametrize("length", [0, 1, 16, 31])
def test_a_short_secret_is_refused(length: int) -> None:
    """HS256 asks for 32 bytes (RFC 7518 §3.2)."""
    assert refused(KeySet.from_secret, b"x" * length) == "key_set.secret_too_short"
    assert refused(KeySet.from_secret_base64url, encode_segment(b"x" * length)) == "key_set.secret_too_short"
    assert len(KeySet.from_secret(b"x" * 32)) == 1


@pytest.mark.parametrize("text", [b"", b"short", b"x" * 15])
def test_a_secret_filled_up_with_zero_bytes_is_refused(text: bytes) -> None:
    """HMAC does that by itself: the token of an empty or short secret would verify."""
    assert refused(KeySet.from_secret, text.ljust(64, b"\0")) == "key_set.secret_blank"
    assert len(KeySet.from_secret(b"x" * 16 + bytes(16))) == 1  # a random one may end in a few


@pytest.mark.parametrize("junk", ["x y", base64.b64encode(b"\xff" * 32).decode(), "é", "A" * 41, None, 5, b"AAAA", []])
def test_a_secret_that_is_no_base64url_is_refused(junk: Any) -> None:
    """Standard base64 with padding is another spelling."""
    assert refused(KeySet.from_secret_base64url, junk) == "key_set.secret_not_base64url"


def test_pem_is_no_secret(key: SigningKey) -> None:
    """With the public key as a secret, everyone could sign (CVE-2016-10555)."""
    for pem in (key.public_pem, key.certificate, f"\n{key.public_pem}"):
        assert refused(KeySet.from_secret, pem.encode()) == "key_set.secret_public_key"
        assert refused(KeySet.from_secret_base64url, encode_segment(pem.encode())) == "key_set.secret_public_key"
        jwks = {"keys": [{"kty": "oct", "k": encode_segment(pem.encode())}]}
        assert refused(KeySet.from_jwks, jwks) == "key_set.secret_public_key"


def spellings() -> dict[str, bytes]:
    """Keys, public and private, as they are found in files, headers and clipboards."""
    key, elliptic = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ec.generate_private_key(ec.SECP256R1()),
    )
    public = key.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pkcs1 = public.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    ssh = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    certificate = base64.b64decode(SigningKey.certify(key, subject="x", now=0).public_jwk["x5c"][0])
    private = {
        f"private {name}": one.private_bytes(Encoding.DER, form, hidden)
        for one, kind in ((key, "RSA"), (elliptic, "EC"))
        for name, form, hidden in (
            (f"{kind} PKCS8", PrivateFormat.PKCS8, NoEncryption()),
            (f"{kind} traditional", PrivateFormat.TraditionalOpenSSL, NoEncryption()),
            (f"{kind} encrypted", PrivateFormat.PKCS8, BestAvailableEncryption(b"x")),
        )
    }
    return {
        "DER": der, "PKCS1": pkcs1, "certificate": certificate, "OpenSSH": ssh, **private,
        "base64": base64.b64encode(der), "base64 in lines": base64.encodebytes(der),
        "an x5c entry": base64.b64encode(certificate),
        "base64url": encode_segment(der).encode(), "base64 of PKCS1": base64.b64encode(pkcs1),
        "base64 of a private key": base64.b64encode(private["private RSA PKCS8"]),
        "EC, base64": base64.b64encode(
            elliptic.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        "OpenSSH, a space before": b" " + ssh, "OpenSSH, after options": b'from="10.0.0.1" ' + ssh,
        "OpenSSH, base64 alone": ssh.split()[1],
        "UTF-16": pem.decode().encode("utf-16"), "UTF-16, big end first": pem.decode().encode("utf-16-be"),
    }  # fmt: skip


@pytest.mark.parametrize("material", spellings().values(), ids=spellings())
def test_a_key_is_no_secret_however_it_is_spelt(material: bytes) -> None:
    """RFC 8725 §2.1: whoever has the public key could sign with it; and a private key signs RS256, not HS256."""
    assert refused(KeySet.from_secret, material) == "key_set.secret_public_key"
    assert refused(KeySet.from_secret_base64url, encode_segment(material)) == "key_set.secret_public_key"
    assert refused(KeySet.from_jwk, {"kty": "oct", "k": encode_segment(material)}) == "key_set.secret_public_key"


@given(
    st.binary(min_size=32, max_size=64).filter(lambda raw: any(raw[16:])),
    st.sampled_from([b"", b"\x30", b"0\x82\1\x22"]),
)
def test_random_bytes_are_no_key(raw: bytes, before: bytes) -> None:
    """Nor are they in base64, whatever they begin with."""
    for secret in (before + raw, base64.b64encode(before + raw), base64.urlsafe_b64encode(before + raw).rstrip(b"=")):
        assert len(KeySet.from_secret(secret)) == 1


# The repair of a refusal leads to the right place


HINTS: dict[str, tuple[Any, Any, str]] = {
    "a JWKS as text": (KeySet.from_jwks, '{"keys":[]}', "json.loads"),
    "an address": (KeySet.from_jwks, "https://issuer.example/jwks.json", "RemoteKeySet"),
    "one JWK": (KeySet.from_jwks, {"kty": "RSA"}, "from_jwk("),
    "a list of JWKs": (KeySet.from_jwks, [{"kty": "RSA"}], '{"keys":'),
    "a Secret": (KeySet.from_secret, Secret("x" * 40), ".reveal()"),
    "base64url with padding": (KeySet.from_secret_base64url, "YWJj" * 20 + "YQ==", "'='"),
    "base64": (KeySet.from_secret_base64url, "+/+/" * 20, "replace +"),
    "bytes for base64url": (KeySet.from_secret_base64url, b"x" * 40, "from_secret"),
    "PEM as bytes": (KeySet.from_pem, b"-----BEGIN", "Decode"),
}


@pytest.mark.parametrize(("constructor", "material", "hint"), HINTS.values(), ids=HINTS)
def test_a_refusal_names_the_way_that_fits_the_material(constructor: Any, material: Any, hint: str) -> None:
    """What it is instead decides what would repair it."""
    with pytest.raises(KeySetError) as caught:
        constructor(material)
    assert hint in caught.value.remedy


def test_pem_as_text_is_told_to_be_no_secret_at_once(key: SigningKey) -> None:
    """Not first that it should be bytes, and then that those are no secret."""
    assert refused(KeySet.from_secret, key.public_pem) == "key_set.secret_public_key"


def test_where_keys_have_no_names_a_kid_names_none(key: SigningKey, other_key: SigningKey) -> None:
    """Told as the set's fault: the token does name its key."""
    nameless = [{name: one.public_jwk[name] for name in ("kty", "n", "e")} for one in (key, other_key)]
    found = KeySet.from_jwks({"keys": nameless}).select("a", "RS256")
    assert isinstance(found, NoKey) and found.reason == "ambiguous" and "publish" in found.remedy


@pytest.mark.parametrize("skipped", [{"use": "enc"}, {"kty": "EC"}, {"n": "AQAB"}, {"alg": "RS512"}], ids=str)
def test_a_skipped_key_keeps_its_name(key: SigningKey, other_key: SigningKey, skipped: dict[str, str]) -> None:
    """Its tokens are not tried with a key that has no name; nor is any other kid where keys do have names."""
    nameless = {name: key.public_jwk[name] for name in ("kty", "n", "e")}
    crowd = [{"kty": f"X{number}", "kid": f"x{number}"} for number in range(5)]
    keys = KeySet.from_jwks({"keys": [nameless, *crowd, {**other_key.public_jwk, "kid": "b", **skipped}]})
    found = keys.select("b", "RS256")
    assert isinstance(found, NoKey) and found.reason == "unknown_kid" and "key 7 was skipped" in found.seen
    assert chosen(keys, "c", "RS256") == "unknown_kid" and chosen(keys, None, "RS256") == "key None"


def test_a_skipped_key_without_a_name_names_nothing(key: SigningKey) -> None:
    """Where no key has a name, any kid is still taken for the one that fits."""
    nameless = {name: key.public_jwk[name] for name in ("kty", "n", "e")}
    for skipped in ({"kty": "EC"}, {"kty": "EC", "kid": None}, {"kty": "EC", "kid": 5}, "x"):
        assert chosen(KeySet.from_jwks({"keys": [nameless, skipped]}), "b", "RS256") == "key None"


# Selection


def test_without_kid_one_fitting_key_is_taken(key: SigningKey) -> None:
    """Exactly one must fit."""
    assert chosen(KeySet.from_jwks({"keys": [key.public_jwk]}), None, "RS256") == f"key {key.kid}"


def test_without_kid_several_fitting_keys_are_ambiguous(key: SigningKey, other_key: SigningKey) -> None:
    """Trying keys in turn would let a token choose."""
    keys = KeySet.from_jwks({"keys": [key.public_jwk, other_key.public_jwk]})
    assert chosen(keys, None, "RS256") == "ambiguous"


def test_a_keys_alg_narrows_what_fits(key: SigningKey, other_key: SigningKey) -> None:
    """A key for PS256 is not tried for RS256."""
    keys = KeySet.from_jwks({"keys": [key.public_jwk, {**other_key.public_jwk, "alg": "PS256"}]})
    assert chosen(keys, None, "RS256") == f"key {key.kid}"
    assert chosen(keys, other_key.kid, "RS256") == "wrong_kind"


def test_an_unknown_kid_is_told_what_was_skipped(key: SigningKey) -> None:
    """The key may be there, and be none that verifies; of thousands only the first are named."""
    skipped = {**key.public_jwk, "kid": "enc", "use": "enc"}
    found = KeySet.from_jwks({"keys": [key.public_jwk, skipped]}).select("enc", "RS256")
    assert isinstance(found, NoKey) and "key 2 was skipped: it is not for signatures" in found.seen
    with pytest.raises(KeySetError) as caught:
        KeySet.from_jwks({"keys": [skipped] * 5000})
    assert "key 3 was skipped" in str(caught.value) and "4,997 more" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_an_unknown_kid_is_never_answered_by_another_key(key: SigningKey) -> None:
    """Not even where it is the only one."""
    jwks = {"keys": [key.public_jwk, {name: key.public_jwk[name] for name in ("kty", "n", "e")}]}
    for keys in (KeySet.from_jwks({"keys": [key.public_jwk]}), KeySet.from_jwks(jwks)):
        assert chosen(keys, "unknown", "RS256") == "unknown_kid"


# Showing, and anything at all


def test_repr_shows_kids_and_no_material() -> None:
    """A secret's bytes are in no text."""
    keys = KeySet.from_jwks({"keys": [OCT]})
    assert repr(keys) == "KeySet(oct s)"
    assert SECRET.decode() not in repr(keys.keys) + str(keys.keys[0]) + f"{keys.keys[0]}"


def test_repr_prints_a_kid_on_one_line(key: SigningKey) -> None:
    """A kid comes from a network: it does not move the cursor."""
    keys = KeySet.from_jwks({"keys": [{**key.public_jwk, "kid": "a\x1b[2J\nKeySet(empty)\u202e"}]})
    assert repr(keys) == r"KeySet(RSA a\x1b[2J\nKeySet(empty)\u202e)"


def test_html_shows_each_key_and_what_was_skipped(key: SigningKey) -> None:
    """Escaped, on one line each, and without material."""
    evil = "<img src=x>\u202e"
    keys = KeySet.from_jwks({"keys": [{**key.public_jwk, "kid": evil}, {"kty": evil}]})
    shown = keys._repr_html_()
    assert "&lt;img src=x&gt;\\u202e" in shown and "key 2 was skipped" in shown and "<img" not in shown
    assert SECRET.decode() not in KeySet.from_secret(SECRET)._repr_html_()


def test_a_secret_is_not_pickled() -> None:
    """A pickle would hold it in clear; a copy stays in this process."""
    keys = KeySet.from_secret(SECRET)
    with pytest.raises(TypeError, match="shared secret"):
        pickle.dumps(keys)
    assert copy.deepcopy(keys).keys == copy.copy(keys).keys == keys.keys


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_public_keys_are_copied_and_pickled(key: SigningKey, again: Callable[[Any], Any]) -> None:
    """With the verifier that holds them; nothing about them is secret."""
    keys = KeySet.from_jwks({"keys": [key.public_jwk, {"kty": "EC", "kid": "b"}]})
    verifier = again(Verifier(issuer="https://i/", audience="a", keys=keys))
    copied = verifier.keys
    assert copied.keys == keys.keys and copied.notes == keys.notes
    assert chosen(copied, key.kid, "RS256") == f"key {key.kid}" and chosen(copied, "b", "RS256") == "unknown_kid"
    token = sign({"iss": "https://i/", "aud": "a"}, key, alg="RS256")
    assert {check.name: check.status for check in verifier.explain(token).checks}["signature"] == "passed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["kty", "n", "e", "kid", "alg", "use", "key_ops", "k", "d", "x5c", "x"])
MEMBERS = JSON | st.sampled_from(["RSA", "oct", "RS256", "HS256", "sig", "AQAB", "a" * 43])


@given(JSON | st.fixed_dictionaries({"keys": st.lists(st.dictionaries(NAMES, MEMBERS, max_size=6) | JSON, max_size=3)}))
def test_any_json_is_a_key_set_or_one_error(document: Any) -> None:
    """Nothing but KeySetError comes out, and what does come out is kept by the rules."""
    before = json.dumps(document)
    try:
        keys = KeySet.from_jwks(document)
    except KeySetError as error:
        assert error.code.startswith("key_set.")
    else:
        assert all(isinstance(key, VerificationKey) for key in keys.keys) and repr(keys)
        assert len({key.kty for key in keys.keys}) <= 1
    assert json.dumps(document) == before


@given(st.text(max_size=40) | st.binary(max_size=40) | JSON)
def test_any_value_is_material_or_one_error(value: Any) -> None:
    """The other constructors keep to KeySetError too."""
    for constructor in (KeySet.from_jwk, KeySet.from_pem, KeySet.from_secret, KeySet.from_secret_base64url):
        try:
            constructor(value)
        except KeySetError as error:
            assert error.code.startswith("key_set.")
