"""Mistakes that look alike to a check, and are none alike: each is told what happened to it."""

from typing import Any

import pytest

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


def test_a_forgotten_return() -> None:
    """05 q4: nothing was sought in the wrong place."""

    def keys_address(header: Any, payload: Any, trusted: Any) -> None:
        trusted.get(payload["iss"])

    feedback = said_of("05", "q4", keys_address).feedback
    assert "it returned None" in feedback and "wrong place" not in feedback


class KeepsTheLast:
    """A cache that fetches, and forgets all but one key."""

    def __init__(self, fetch: Any, now: Any) -> None:
        self.fetch = fetch

    def find(self, kid: str) -> Any:
        last = self.fetch()["keys"][-1]
        return last if last["kid"] == kid else None


class NeverAsks(KeepsTheLast):
    """A cache that begins empty, and stays so."""

    def find(self, kid: str) -> Any:
        return None


@pytest.mark.parametrize(("cache", "fetched"), [(KeepsTheLast, True), (NeverAsks, False)])
def test_a_cache_that_did_fetch_is_not_asked_when_it_does(cache: Any, fetched: bool) -> None:
    """05 q3: it is asked what became of the keys."""
    feedback = said_of("05", "q3", cache).feedback
    assert ("When does it fetch at all?" not in feedback) is fetched
