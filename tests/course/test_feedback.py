"""What a check says it saw is what was there."""

from typing import Any

import jwt
import pytest

import authkit
from authkit.course import plan
from authkit.course.outcome import Outcome
from tests.course.solving import mutants


def token() -> str:
    """The token of lesson 00."""
    with authkit.training_tenant() as tenant:
        api = tenant.apis.create(identifier="https://orders.example/")
        app = tenant.applications.create(name="Shop", app_type="non_interactive")
        tenant.client_grants.create(app, api)
        return tenant.request_token(authkit.ClientCredentials(app, audience=api.identifier)).access_token


def said(number: str, exercise: str, code: str) -> Outcome:
    """What the check of an exercise says of the answer that this code makes."""
    (asked,) = (one for one in plan(number).exercises if one.id == exercise)
    module: dict[str, Any] = {"authkit": authkit, "jwt": jwt, "token": token()}
    exec(code, module)
    return asked.outcome(number, module[asked.start.removeprefix("def ").replace("(", " ").split()[0]])


def said_of_mutant(number: str, exercise: str, name: str) -> str:
    """The feedback to an answer that is written down."""
    (asked,) = (one for one in plan(number).exercises if one.id == exercise)
    return said(number, exercise, mutants(number, asked)[name].code).feedback


@pytest.mark.parametrize(
    ("number", "exercise", "mutant", "seen", "not_so"),
    [
        ("00", "q1", "a padded payload", "padded", "dots"),
        ("00", "q1", "a payload that is no JSON", "JSON", "dots"),
        ("00", "q1", "another application", "'me@clients'", "still"),
        ("06", "q3", "the machine's clock", "2100", "thirteen"),
        ("06", "q4", "all in small letters", "capital", "around"),
        ("06", "q5", "a code in single quotes", "single quotes", "answered 401 with"),
        ("06", "q5", "a scope in single quotes", "single quotes", "does not say"),
        ("06", "q5", "no comma", "from 'error=", ""),
        ("10", "q1", "revoked twice", "revoked already", "still signed"),
        ("10", "q1", "rotated until no key is left", "no key", "previous"),
        ("10", "q1", "revoked first", "still signed", "already"),
        ("10", "q2", "minutes", "60 days", "thousands"),
        ("10", "q2", "the machine's clock", "another rotated_at", "thousands"),
        ("10", "q4", "the last of the alphabet", "600 seconds", "0 from None"),
    ],
)
def test_it_says_what_was_there(number: str, exercise: str, mutant: str, seen: str, not_so: str) -> None:
    """And nothing that was not."""
    feedback = said_of_mutant(number, exercise, mutant)
    assert seen in feedback and (not not_so or not_so not in feedback), feedback


def test_a_long_answer_is_shown_shortened() -> None:
    """One line, whatever was handed in."""
    assert len(said_of_mutant("00", "q1", "a name without end")) < 200


@pytest.mark.parametrize(
    ("breaks_on", "shown"),
    [
        ("Basic YWRhOnRlYQ==", "'Basic YWRhOnRlYQ=='"),
        (None, "without Authorization"),
        ("Bearer", "'Bearer'"),
    ],
)
@pytest.mark.parametrize("exercise", ["q4", "q5"])
def test_a_request_that_broke_an_answer_shows_its_header(breaks_on: str | None, shown: str, exercise: str) -> None:
    """By its address nobody could tell which of a hundred it was."""
    (asked,) = (one for one in plan("06").exercises if one.id == exercise)
    breaks = f'missing if request.headers.get("Authorization") == {breaks_on!r} else '
    old = 'request.headers.get("Authorization", "").partition(" ")'
    assert asked.solution.count(old) == 1
    outcome = said("06", exercise, asked.solution.replace(old, f"({breaks}{old})"))
    assert outcome.kind == "error" and shown in outcome.feedback.partition(" raised ")[0], outcome.feedback


def test_a_long_header_is_shown_shortened() -> None:
    """A token has hundreds of letters; its beginning tells it from Basic, and none ends up on a projector."""
    outcome = said("06", "q4", "def bearer_token(request):\n    return missing")
    assert outcome.kind == "error" and "'Bearer eyJhbG" in outcome.feedback and "c2lnbmF0dXJl" not in outcome.feedback
