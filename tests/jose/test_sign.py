"""Signing, held against PyJWT as an independent reader and writer."""

from collections import ChainMap, OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import jwt
import pytest

from authkit import Claims, ConfigurationError, KeySet, Secret, SteerableClock, Verifier
from authkit.jose import SigningKey, SigningSecret, sign

NOW = 1767603600
PAYLOAD = {"iss": "https://i/", "sub": "s", "aud": "a", "iat": NOW, "exp": NOW + 60}
SECRET = "a-shared-secret-of-a-good-length-for-tests!"
# PyJWT reads the wall clock: it checks everything here but the time.
NO_TIME: Any = {"verify_exp": False, "verify_iat": False}


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_pyjwt_verifies_what_we_sign_with_rsa(key: SigningKey, alg: str) -> None:
    """Header, claims and signature are as another library expects them."""
    token = sign(PAYLOAD, key, alg=alg)
    read = jwt.decode(token, key.public_pem, algorithms=[alg], audience="a", issuer="https://i/", options=NO_TIME)
    assert read == PAYLOAD
    assert jwt.get_unverified_header(token) == {"alg": alg, "typ": "JWT", "kid": key.kid}


def test_pyjwt_verifies_what_we_sign_with_a_secret(secret: SigningSecret) -> None:
    """A shared secret has no kid."""
    token = sign(PAYLOAD, secret, alg="HS256")
    assert jwt.decode(token, SECRET, algorithms=["HS256"], audience="a", options=NO_TIME) == PAYLOAD
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_we_verify_what_pyjwt_signs_with_rsa(key: SigningKey, alg: str) -> None:
    """The other way round."""
    token = jwt.encode(PAYLOAD, key.private_pem().reveal(), algorithm=alg, headers={"kid": key.kid})
    jwk = {**key.public_jwk, "alg": alg}
    verifier = Verifier(
        issuer="https://i/", audience="a", keys={"keys": [jwk]}, algorithms=[alg], clock=SteerableClock()
    )
    assert verifier.verify(token) == PAYLOAD


def test_we_verify_what_pyjwt_signs_with_a_secret() -> None:
    """The other way round, shared secret."""
    token = jwt.encode(PAYLOAD, SECRET, algorithm="HS256")
    keys = KeySet.from_secret(SECRET.encode())
    verifier = Verifier(issuer="https://i/", audience="a", keys=keys, algorithms=["HS256"], clock=SteerableClock())
    assert verifier.verify(token) == PAYLOAD


def test_the_type_is_said(key: SigningKey) -> None:
    """RFC 9068 tokens name their type."""
    assert jwt.get_unverified_header(sign(PAYLOAD, key, alg="RS256", typ="at+jwt"))["typ"] == "at+jwt"


def test_rs256_and_hs256_are_the_same_every_time(key: SigningKey, secret: SigningSecret) -> None:
    """Both algorithms are deterministic; PS256 is salted and is not."""
    assert sign(PAYLOAD, key, alg="RS256") == sign(PAYLOAD, key, alg="RS256")
    assert sign(PAYLOAD, secret, alg="HS256") == sign(PAYLOAD, secret, alg="HS256")
    assert sign(PAYLOAD, key, alg="PS256") != sign(PAYLOAD, key, alg="PS256")


def test_the_payload_is_left_alone(key: SigningKey) -> None:
    """Signing changes no argument."""
    payload = dict(PAYLOAD)
    sign(payload, key, alg="RS256")
    assert payload == PAYLOAD


@pytest.mark.parametrize("alg", ["none", "None", "", "RS512", "rs256", "ES256", None, 256, ["RS256"], {}, b"RS256"])
def test_an_unknown_algorithm_is_refused(key: SigningKey, alg: Any) -> None:
    """There is no `none`, in any spelling."""
    with pytest.raises(ConfigurationError) as caught:
        sign(PAYLOAD, key, alg=alg)
    assert caught.value.code == "algorithm.unknown"


def test_a_key_of_the_other_kind_is_refused(key: SigningKey, secret: SigningSecret) -> None:
    """An RSA key makes no MAC, and a secret no RSA signature."""
    for alg, wrong in (("HS256", key), ("RS256", secret), ("PS256", secret)):
        with pytest.raises(ConfigurationError) as caught:
            sign(PAYLOAD, wrong, alg=alg)
        assert caught.value.code == "signing_key.wrong_kind"


@pytest.mark.parametrize("alg", ["RS256", "PS256", "HS256"])
@pytest.mark.parametrize("wrong", [None, SECRET, SECRET.encode(), Secret(SECRET), {"kty": "oct"}, SigningKey], ids=type)
def test_what_is_no_signing_key_is_refused(alg: str, wrong: Any) -> None:
    """And never quoted: it may be the secret itself."""
    with pytest.raises(ConfigurationError) as caught:
        sign(PAYLOAD, wrong, alg=alg)
    assert caught.value.code == "signing_key.wrong_kind" and SECRET not in str(caught.value)


@pytest.mark.parametrize("payload", [[1], [], "x", "", 1, None, True, b"{}", [("iss", "x")], {1}, object()], ids=type)
def test_claims_are_an_object(key: SigningKey, payload: Any) -> None:
    """A JSON array is no JWT (RFC 7519 §7.1)."""
    with pytest.raises(ConfigurationError) as caught:
        sign(payload, key, alg="RS256")
    assert caught.value.code == "payload.not_an_object"


@pytest.mark.parametrize("kind", [Claims, MappingProxyType, OrderedDict, ChainMap])
def test_any_mapping_is_signed(key: SigningKey, kind: Callable[[dict[str, Any]], Mapping[str, object]]) -> None:
    """Verified claims among them."""
    assert sign(kind(PAYLOAD), key, alg="RS256") == sign(PAYLOAD, key, alg="RS256")


@pytest.mark.parametrize(
    "value", [object(), {1}, b"x", datetime.now(UTC), float("nan"), float("inf"), "\ud800", {(): 1}], ids=type
)
def test_claims_that_json_cannot_hold_are_refused(key: SigningKey, value: Any) -> None:
    """One sentence, before anything is signed."""
    with pytest.raises(ConfigurationError) as caught:
        sign({**PAYLOAD, "x": value}, key, alg="RS256")
    assert caught.value.code == "payload.not_json"


@pytest.mark.parametrize("typ", [1, True, None, ["JWT"], b"JWT", "\ud800"], ids=ascii)
def test_typ_is_text(typ: Any) -> None:
    """Whatever was signed before, under the same key."""
    with pytest.raises(ConfigurationError) as caught:
        sign({"a": 1}, SigningSecret(Secret("x" * 32)), alg="HS256", typ=typ)
    assert caught.value.code == "header.typ"
