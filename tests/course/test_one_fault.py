"""The tokens on which a guard is tried are what they are said to be: authkit's own verifier is the judge."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from authkit import AUTH0_ACCESS_TOKEN, SteerableClock, Verifier
from authkit.course.one_fault import NOW, Faulty, api, claims, faulty_tokens, good_tokens, signed, without_scope

SETTINGS = api()
LENIENT = replace(AUTH0_ACCESS_TOKEN, name="either typ", types=("JWT", "at+jwt", None), required=("exp",))
VERIFIER = Verifier(
    issuer=SETTINGS["issuer"],
    audience=SETTINGS["audience"],
    keys=SETTINGS["jwks"],
    policy=LENIENT,
    clock=SteerableClock(datetime.fromtimestamp(NOW, UTC)),
)
NOT_ONE = ("the text abc", "three empty parts")


@pytest.mark.parametrize("what", [*good_tokens(), *without_scope()])
def test_a_good_token_is_good(what: str) -> None:
    """Those that lack the scope too: nothing else is wrong with them."""
    token = {**good_tokens(), **without_scope()}[what]
    assert str(VERIFIER.explain(token).headline).startswith("ACCEPTED")


@pytest.mark.parametrize("one", faulty_tokens(), ids=lambda one: one.name)
def test_a_faulty_token_has_one_fault(one: Faulty) -> None:
    """One check refuses it, and no other would."""
    failed = [check.name for check in VERIFIER.explain(one.token).checks if check.status == "failed"]
    assert len(failed) == 1 or one.name in NOT_ONE, failed
    assert failed


def test_the_plain_token_is_good() -> None:
    """The one that all others are made of."""
    assert VERIFIER.explain(signed(claims())).outcome == "accepted"
