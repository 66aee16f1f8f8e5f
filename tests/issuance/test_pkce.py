"""PKCE (RFC 7636): the challenge, and who may redeem a code."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit import Application, ConfigurationError, SteerableClock, Tenant, code_challenge
from authkit.ground.secret import Secret
from authkit.issuance.pkce import is_challenge, is_verifier

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
Ask = Callable[..., Any]


def test_the_vector_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    assert code_challenge(VERIFIER) == CHALLENGE


@pytest.mark.parametrize(
    ("text", "good"),
    [
        (CHALLENGE, True),
        (CHALLENGE[:-1], False),
        (CHALLENGE + "A", False),
        (CHALLENGE + "=", False),
        (CHALLENGE.replace("-", "+"), False),
        (CHALLENGE[:-1] + "N", False),  # a spelling whose unused bits are not zero
        ("", False),
        ("é" * 43, False),
    ],
)
def test_a_challenge_is_43_characters_of_base64url(text: str, good: bool) -> None:
    """Of 32 bytes, in the one spelling they have."""
    assert is_challenge(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [(VERIFIER, True), ("a" * 43, True), ("a" * 128, True), ("a" * 42, False), ("a" * 129, False), ("é" * 50, False),
     ("a" * 43 + "\n", False), (" " * 50, False), ("", False), ("\ud800" * 50, False)],
    ids=ascii,
)  # fmt: skip
def test_a_verifier_is_43_to_128_unreserved_characters(text: str, good: bool) -> None:
    """RFC 7636 §4.1."""
    assert is_verifier(Secret(text)) is good


@pytest.mark.parametrize(
    ("sent", "description"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "Missing required parameter: code_challenge"),
        ({"code_challenge_method": None}, "Only code_challenge_method S256 is supported"),
        ({"code_challenge_method": "plain"}, "Only code_challenge_method S256 is supported"),
        ({"code_challenge_method": "s256"}, "Only code_challenge_method S256 is supported"),
        ({"code_challenge": None}, "The code_challenge is not an S256 challenge"),
        ({"code_challenge": ""}, "The code_challenge is not an S256 challenge"),
        ({"code_challenge": VERIFIER + "="}, "The code_challenge is not an S256 challenge"),
    ],
    ids=str,
)
def test_a_public_application_needs_an_s256_challenge(
    tenant: Tenant[SteerableClock], asked: Ask, refusal: Ask, sent: dict[str, Any], description: str
) -> None:
    """400, told to the callback; plain is refused."""
    error = refusal(tenant.authorization, asked(**sent))
    assert (error.status, error.error, error.description) == (400, "invalid_request", description)
    assert error.trace.refusing.name == "code_challenge" and error.redirect_to


def test_an_application_with_a_secret_may_do_without(tenant: Tenant[SteerableClock], asked: Ask, log_in: Ask) -> None:
    """And if it sends a challenge, that is checked too."""
    web = tenant.applications.create(name="Web", app_type="regular_web", callbacks=["https://shop.example/callback"])
    assert log_in(web, code_challenge=None, code_challenge_method=None).code and log_in(web).code


@pytest.mark.parametrize(
    "verifier", [None, "", "a" * 43, VERIFIER[:-1], VERIFIER + "a", VERIFIER.lower(), CHALLENGE, "\ud800"], ids=ascii
)
def test_another_verifier_redeems_nothing(log_in: Ask, redeem: Ask, refusal: Ask, verifier: str | None) -> None:
    """403, and the code stays good for who has the right one."""
    code = log_in().code
    error = refusal(redeem, code, code_verifier=verifier)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "invalid_grant", "code_verifier")
    assert redeem(code).access_token


def test_a_verifier_without_a_challenge_is_refused(
    tenant: Tenant[SteerableClock], log_in: Ask, redeem: Ask, refusal: Ask
) -> None:
    """Somebody took the challenge out on the way (RFC 9700 §4.8.2)."""
    web: Application = tenant.applications.create(
        name="Web", app_type="regular_web", callbacks=["https://shop.example/callback"]
    )
    code = log_in(web, code_challenge=None, code_challenge_method=None).code
    error = refusal(redeem, code, web)
    assert (error.status, error.error, error.trace.refusing.name) == (403, "invalid_grant", "code_verifier")
    assert redeem(code, web, code_verifier=None).access_token


@pytest.mark.parametrize("verifier", [None, b"bytes", 5])
def test_a_verifier_that_is_no_text_is_one_clear_error(verifier: Any) -> None:
    """With how one is drawn."""
    with pytest.raises(ConfigurationError) as caught:
        code_challenge(verifier)
    assert caught.value.code == "pkce.not_text" and "token_urlsafe" in caught.value.remedy
