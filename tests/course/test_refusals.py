"""What is a refusal of a bad token, and what is none: a crash, the end of the program, a value that is returned."""

from collections.abc import Callable
from typing import Any

import pytest

from authkit.course import plan
from authkit.course.answer import Answer, BrokenAnswer, shown
from authkit.course.outcome import Outcome
from tests.course.solving import handed_in

LONGEST_FEEDBACK = 40  # words
SETUP = "import base64, json, string, sys, authkit\nLETTERS = {*string.ascii_letters, *string.digits, *'-_'}\n"

CRASHES = {
    "02": {
        "load for loads": ("json.load(base64.urlsafe_b64decode(part + '=='))", "AttributeError"),
        "bytes on a text": ('json.loads(base64.urlsafe_b64decode(part + b"="))', "TypeError"),
        "a key of its own": ('{"alg": 1}["kid"]', "KeyError"),
        "itself": ("decode_part(part)", "RecursionError"),
        "a name that is not there": ("jsn.loads(part)", "NameError"),
        "the end of the program": ("sys.exit(1)", "SystemExit"),
    },
    "04": {
        "an attribute of a dict": ("authkit.decode(token).header.alg", "AttributeError"),
        "a misspelt attribute": ("authkit.decode(token).playload", "AttributeError"),
        "an argument too few": ('authkit.attacks.signature_fits(token, "RS256")', "TypeError"),
        "itself": ("verify(token, pem)", "RecursionError"),
        "a module that is not there": ("__import__('jwt_of_mine')", "ModuleNotFoundError"),
        "the end of the program": ("sys.exit(1)", "SystemExit"),
    },
}
"""Expressions that fail whatever part or token is handed in."""

HEADS = {"02": ("q2", "decode_part", "decode_part(part)"), "04": ("q3", "verify", "verify(token, pem)")}

REFUSING = {
    "02": "def decode_part(part):\n    if set(part) - LETTERS: {how}\n"
    '    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))',
    "04": "def verify(token, pem):\n    read = authkit.decode(token)\n"
    '    if not authkit.attacks.signature_fits(token, pem, "RS256"): {how}\n    return dict(read.payload)',
}
"""Functions that are right, if this is how to refuse."""

each_crash = pytest.mark.parametrize(
    ("number", "name"),
    [pytest.param(number, name, id=f"{number}-{name}") for number in CRASHES for name in CRASHES[number]],
)
each_exercise = pytest.mark.parametrize("number", HEADS)


def written(code: str, name: str, **names: object) -> Any:
    """A function as a cell defines it, which may use these names."""
    made: dict[str, Any] = {**names}
    exec(compile(SETUP + code, "<cell>", "exec"), made)
    return made[name]


def said(number: str, answer: object) -> Outcome:
    """What the exercise of this lesson says of an answer."""
    (exercise,) = (one for one in plan(number).exercises if one.id == HEADS[number][0])
    outcome = exercise.outcome(number, answer)
    assert len(outcome.feedback.split()) <= LONGEST_FEEDBACK
    return outcome


@each_crash
def test_a_crash_is_an_error_and_no_verdict(number: str, name: str) -> None:
    """With its kind and its line."""
    expression, kind = CRASHES[number][name]
    _, function, head = HEADS[number]
    outcome = said(number, written(f"def {head}:\n    return {expression}", function))
    assert outcome.kind == "error" and f"raised {kind}" in outcome.feedback and "in line 4" in outcome.feedback


@each_exercise
def test_a_function_of_other_parameters_is_an_error(number: str) -> None:
    """It was never entered."""
    outcome = said(number, lambda: {})
    assert outcome.kind == "error" and "TypeError" in outcome.feedback


@each_exercise
@pytest.mark.parametrize("how", ["raise ValueEror('no')", "raise 'no'", "sys.exit(1)", "exit(1)"])
def test_a_slip_where_it_refuses_is_an_error(number: str, how: str) -> None:
    """All that is good is let in, and what is bad meets an accident."""
    outcome = said(number, written(REFUSING[number].format(how=how), HEADS[number][1]))
    assert outcome.kind == "error" and "in line" in outcome.feedback


@each_exercise
@pytest.mark.parametrize("kind", [ValueError, AssertionError, PermissionError, KeyError, RuntimeError])
def test_a_refusal_of_what_is_good_says_what_was_raised(number: str, kind: type[Exception]) -> None:
    """Whatever it was."""

    def refuses(*given: object) -> None:
        raise kind("not today")

    outcome = said(number, refuses)
    assert kind.__name__ in outcome.feedback and "not today" in outcome.feedback


@each_exercise
@pytest.mark.parametrize("given", [None, False, "", "no base64url", ValueError("no base64url"), (False, {"sub": "x"})])
def test_what_is_returned_lets_nothing_in(number: str, given: object) -> None:
    """It is told as what it is, and points to no belief."""
    outcome = said(number, written(REFUSING[number].format(how="return given"), HEADS[number][1], given=given))
    assert (outcome.kind, outcome.belief) == ("try again", "")
    assert "raised nothing" in outcome.feedback and shown(given) in outcome.feedback


@pytest.mark.parametrize(
    ("name", "asked"),
    [("padding is always two", "'='"), ("plain base64", "'-'"), ("ASCII alone", "encoding"), ("Latin-1", "encoding")],
)
def test_a_sound_part_that_is_not_read_asks_for_its_cause(name: str, asked: str) -> None:
    """The padding, the alphabet or the encoding: each by a part that has nothing else to fail at."""
    code = handed_in("02")["q2"].mutants[name].code
    feedback = said("02", written(code, "decode_part")).feedback
    assert [one for one in ("'='", "'-'", "encoding") if one in feedback] == [asked]


@pytest.mark.parametrize("kind", [ValueError, AssertionError, PermissionError, KeyError, IndexError, RuntimeError])
def test_any_other_error_refuses(kind: type[Exception]) -> None:
    """As a task says that asks for an error of any kind."""

    def refuses(token: str) -> None:
        raise kind

    assert Answer(refuses).reaction("a token").refusal is not None


def misspelt(token: str) -> None:
    raise NameError("name 'verify_it' is not defined")


def leaves(token: str) -> None:
    raise SystemExit(1)


@pytest.mark.parametrize("answer", [misspelt, leaves, lambda token: token.alg, lambda: 1])
def test_an_accident_refuses_nothing(answer: Callable[..., Any]) -> None:
    """A slip of the pen in a verifier is an error to be shown, and no refusal of a bad token."""
    with pytest.raises(BrokenAnswer):
        Answer(answer).reaction("a token")
