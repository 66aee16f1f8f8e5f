"""Mistakes that look alike to a check, and are none alike: each is told what happened to it."""

import authkit
from authkit.course import plan
from authkit.course.outcome import Outcome


def said_of(number: str, id: str, value: object) -> Outcome:
    """What a check says of an answer."""
    (exercise,) = (one for one in plan(number).exercises if one.id == id)
    return exercise.outcome(number, value)


def test_an_api_that_was_changed_and_handed_in_as_it_was() -> None:
    """01 q4: `update` returns the changed one, and nobody said no."""
    with authkit.training_tenant() as tenant:
        orders = tenant.apis.create(identifier="https://orders.example/", token_lifetime=60)
        tenant.apis.update(orders, token_lifetime=2592000)
        assert "What did update return?" in said_of("01", "q4", orders).feedback
