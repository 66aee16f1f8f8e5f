"""What developers believe about tokens, and where the course catches it."""

import pytest

from authkit.course import plan
from authkit.course.exercise import Choice
from tests.course.solving import handed_in

CAUGHT = {
    "decoded is verified": ["02"],
    "the payload is secret": ["02"],
    "the signature proves the sender": ["02"],
    "any secret will do": ["03"],
    "base64 text is its bytes": ["03"],
    "the header chooses the algorithm": ["04"],
    "client_secret signs": ["04"],
    "the public key must be hidden": ["04"],
    "RS256 encrypts": ["04"],
    "the first key will do": ["05"],
    "the token may bring its key": ["05"],
    "an unknown kid always fetches": ["05"],
    "the audience may be left out": ["06"],
    "the slash does not matter": ["01", "06"],
    "exp is in milliseconds": ["06"],
    "a missing exp is harmless": ["06"],
    "the ID token calls the API": ["06"],
    "a scope is a permission": ["07"],
    "a scope is part of a text": ["07"],
    "a scope grants this record": ["07"],
    "removing a role ends live tokens": ["07", "10"],
    "a token without audience is a JWT": ["08"],
}
"""Each misconception by its stable name, and the lessons in which an answer of a learner's points to it."""


@pytest.mark.parametrize(
    ("belief", "number"), [(belief, number) for belief, numbers in CAUGHT.items() for number in numbers]
)
def test_the_lesson_catches_it(belief: str, number: str) -> None:
    """One of its wrong answers is told so, which `test_solving` sees happen."""
    exercises = plan(number).exercises
    chosen = {held for one in exercises if isinstance(one, Choice) for held in one.beliefs.values()}
    written = {mutant.belief for answers in handed_in(number).values() for mutant in answers.mutants.values()}
    assert belief in chosen | written
