"""Forgeries are refused by the strict verifier and taken by the weak one."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Api, ConfigurationError, SteerableClock, Tenant, TokenRejected, decode
from authkit.attacks import (
    DecodesOnly,
    edit_payload,
    sign_with_own_key,
    sign_with_public_key,
    sign_with_secret,
    sign_with_stolen_key,
)

Training = Tenant[SteerableClock]


def test_an_edited_payload_keeps_header_and_signature(token: str) -> None:
    """Only the middle changes, and in it only what was named."""
    forged = edit_payload(token, sub="boss", scope="admin")
    assert forged.split(".")[::2] == token.split(".")[::2]
    assert decode(forged).payload == {**decode(token).payload, "sub": "boss", "scope": "admin"}


def test_the_strict_verifier_refuses_it_by_its_signature(tenant: Training, api: Api, token: str) -> None:
    """RFC 8725 §3.3."""
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(edit_payload(token, sub="boss"))
    assert caught.value.code == "signature.mismatch"


def test_an_edit_that_changes_nothing_is_the_token(tenant: Training, api: Api, token: str) -> None:
    """The payload is written as it was."""
    assert edit_payload(token) == token


def test_claims_may_have_any_name(token: str) -> None:
    """Also that of the function's own parameter."""
    assert decode(edit_payload(token, **{"token": 1, "self": 2})).payload["token"] == 1


@pytest.mark.parametrize("junk", ["", "x", "a.b.c", "e30.e30", None, 5, b"e30.e30."], ids=repr)
def test_what_cannot_be_read_cannot_be_edited(junk: str) -> None:
    """The one error of a token that is none."""
    with pytest.raises(TokenRejected):
        edit_payload(junk, sub="boss")
    with pytest.raises(TokenRejected):
        DecodesOnly().verify(junk)


@pytest.mark.parametrize("value", ["\ud800", {1}, b"x", object(), float("nan"), {(): 1}], ids=type)
def test_what_json_cannot_hold_is_not_forged(tenant: Training, token: str, value: Any) -> None:
    """Nobody could read it: one error, as in signing."""
    key = tenant.keys.current
    forgeries: list[Callable[[], str]] = [
        lambda: edit_payload(token, sub=value),
        lambda: sign_with_own_key(token, sub=value),
        lambda: sign_with_public_key(token, key.public_pem, sub=value),
        lambda: sign_with_secret(token, b"secret", sub=value),
        lambda: sign_with_stolen_key(token, key, sub=value),
    ]
    for forge in forgeries:
        with pytest.raises(ConfigurationError) as caught:
            forge()
        assert caught.value.code == "payload.not_json"


def test_the_weak_verifier_believes_it(token: str) -> None:
    """That is its weakness, and it says so."""
    assert DecodesOnly().verify(edit_payload(token, sub="boss"))["sub"] == "boss"
    assert "weak on purpose" in repr(DecodesOnly())
