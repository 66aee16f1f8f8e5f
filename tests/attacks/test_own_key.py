"""A token that brings its own key: taken by who trusts the header, refused by the strict verifier."""

import pytest

from authkit import Api, KeySetError, SteerableClock, Tenant, TokenRejected, decode
from authkit.attacks import TrustsHeaderKey, edit_payload, sign_with_own_key

Training = Tenant[SteerableClock]


def test_it_is_signed_with_the_key_it_brings(tenant: Training, api: Api, token: str) -> None:
    """The weak verifier finds nothing wrong, and says of itself that it is weak."""
    weak = TrustsHeaderKey(tenant.verifier(api))
    forged = sign_with_own_key(token, sub="boss")
    assert weak.verify(forged)["sub"] == "boss"
    assert weak.explain(forged).outcome == "accepted"
    assert "weak on purpose" in repr(weak)


def test_the_strict_verifier_ignores_the_key_it_brings(tenant: Training, api: Api, token: str) -> None:
    """It looks the kid up among the issuer's keys (RFC 8725 §3.8)."""
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(sign_with_own_key(token))
    assert caught.value.code == "signature.mismatch"


def test_only_the_header_and_what_was_named_changes(token: str) -> None:
    """The kid stays the issuer's."""
    forged, genuine = decode(sign_with_own_key(token, sub="boss")), decode(token)
    assert forged.payload == {**genuine.payload, "sub": "boss"}
    assert {**forged.header, "jwk": None} == {**genuine.header, "jwk": None}


def test_what_it_brings_is_public_alone(token: str) -> None:
    """No private member travels."""
    assert set(decode(sign_with_own_key(token)).header["jwk"]) == {"kty", "n", "e"}


def test_it_is_the_same_on_every_machine(token: str) -> None:
    """As every token of a training tenant."""
    assert sign_with_own_key(token, sub="boss") == sign_with_own_key(token, sub="boss")


def test_genuine_tokens_pass_and_edited_ones_do_not(tenant: Training, api: Api, token: str) -> None:
    """Apart from its one mistake it is as strict as the other."""
    weak = TrustsHeaderKey(tenant.verifier(api))
    assert weak.verify(token) == tenant.verifier(api).verify(token)
    with pytest.raises(TokenRejected):
        weak.verify(edit_payload(token, sub="boss"))


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", None, 5], ids=repr)
def test_what_cannot_be_read_is_refused(tenant: Training, api: Api, junk: str) -> None:
    """The one error of a token that is none."""
    with pytest.raises(TokenRejected):
        sign_with_own_key(junk)
    with pytest.raises(TokenRejected):
        TrustsHeaderKey(tenant.verifier(api)).verify(junk)


def test_a_key_that_is_none_is_an_error_of_its_own(tenant: Training, api: Api, token: str) -> None:
    """Whatever stands in `jwk`."""
    from authkit.jose.encoding import encode_json, encode_segment

    header = encode_segment(encode_json({**decode(token).header, "jwk": "mine"}))
    with pytest.raises(KeySetError):
        TrustsHeaderKey(tenant.verifier(api)).verify(".".join([header, *token.split(".")[1:]]))
