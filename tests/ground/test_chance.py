"""Chance: repeatable for training, unpredictable otherwise."""

import re

import pytest

from authkit.ground import chance
from authkit.ground.chance import SystemChance, TrainingChance


def test_training_values_come_again() -> None:
    """Two training tenants draw the same values in the same order."""
    first, second = TrainingChance(), TrainingChance()
    assert [first.value("a") for _ in range(3)] == [second.value("a") for _ in range(3)]


def test_training_values_are_these() -> None:
    """The first client id of every training tenant, on every machine, is pinned."""
    assert chance.alphanumeric(TrainingChance().value("client_id"), 32) == "2PPw0Qne0RA0aELziEEycZDv7uxgJh1Q"


def test_kinds_are_independent() -> None:
    """One more draw of one kind changes no other."""
    plain, busy = TrainingChance(), TrainingChance()
    for _ in range(5):
        busy.value("other")
    assert plain.value("a") == busy.value("a")


def test_draws_of_one_kind_differ() -> None:
    """Counting makes each value new."""
    drawn = TrainingChance()
    assert len({drawn.value("a") for _ in range(100)}) == 100


def test_another_seed_gives_other_values() -> None:
    """The seed decides."""
    assert TrainingChance().value("a") != TrainingChance(b"another").value("a")


def test_system_chance_differs_each_time() -> None:
    """A real tenant's values are unpredictable."""
    drawn = SystemChance()
    assert len({drawn.value("a") for _ in range(100)}) == 100 and len(drawn.value("a")) == 32


@pytest.mark.parametrize("length", [16, 32])
def test_alphanumeric_text_has_letters_and_digits_alone(length: int) -> None:
    """Identifiers need no escaping anywhere."""
    assert re.fullmatch(f"[A-Za-z0-9]{{{length}}}", chance.alphanumeric(bytes(range(200, 232)), length))


def test_text_is_safe_in_a_url() -> None:
    """Secrets travel in forms and headers unchanged, and carry 32 bytes."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", chance.text(b"\xff\xfe\xfd" * 10 + b"\xff\xff"))
