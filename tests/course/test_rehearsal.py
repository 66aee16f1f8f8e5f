"""A rehearsal of a rotation, and of the answer to a leaked key: what each order of steps brings."""

from itertools import permutations

import pytest

from authkit import ConfigurationError
from authkit.course.rehearsal import LEAK, ROTATION, rehearse_leak, rehearse_rotation

PLANNED = ("publish", "wait for caches", "rotate", "wait for tokens", "revoke")
ANSWER = ("rotate", "renew", "revoke", "wait for caches")


def test_of_all_orders_one_refuses_no_good_token() -> None:
    """Publish early, wait, rotate, wait, revoke."""
    played = {order: rehearse_rotation(order) for order in permutations(ROTATION)}
    assert [order for order, one in played.items() if not one.refused and not one.problem] == [PLANNED]


def test_at_its_end_the_new_key_alone_is_trusted() -> None:
    """The old one is gone from the JWKS."""
    last = rehearse_rotation(PLANNED).steps[-1]
    assert (last.step, last.published, last.signs) == ("afterwards", ("new",), "new")


@pytest.mark.parametrize(
    ("steps", "step", "under"),
    [
        (("rotate", "publish"), "rotate", ("new",)),
        (("publish", "rotate"), "rotate", ("new",)),
        (("publish", "wait for caches", "rotate", "revoke"), "afterwards", ("old",)),
        (("publish", "wait for caches", "rotate", "wait for caches", "revoke"), "afterwards", ("old",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_the_first_refusal_says_where_and_whose(steps: tuple[str, ...], step: str, under: tuple[str, ...]) -> None:
    """The step, and the key of the tokens."""
    first = rehearse_rotation(steps).first_refused
    assert first is not None and (first.step, first.under) == (step, under)


def test_the_key_that_signs_cannot_be_revoked() -> None:
    """The ring says so, and the rehearsal ends there."""
    played = rehearse_rotation(("publish", "revoke", "rotate"))
    assert "Only the previous signing key" in played.problem and [one.step for one in played.steps] == ["publish"]


def test_the_answer_to_a_leak_refuses_the_forgery_and_no_good_token() -> None:
    """Within the age of a cache, and the time of the steps before it."""
    played = rehearse_leak(ANSWER)
    assert not played.refused and played.steps[-2].fooled == 0
    assert played.fooled_until is not None and 600 <= played.fooled_until < 700


@pytest.mark.parametrize(
    ("steps", "refused", "until"),
    [
        (("rotate",), False, None),
        (("rotate", "renew"), False, None),
        (("rotate", "revoke"), True, 600),
        (("renew", "rotate", "revoke"), True, 660),
        (("rotate", "revoke", "renew", "wait for caches"), True, 600),
        (("rotate", "rotate"), True, 600),
        (("rotate", "renew", "rotate"), True, 660),
        (("rotate", "wait for tokens", "revoke"), False, 87000),
        ((), False, None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else repr(value),
)
def test_any_other_answer_costs_something(steps: tuple[str, ...], refused: bool, until: int | None) -> None:
    """Good tokens, or time."""
    played = rehearse_leak(steps)
    assert bool(played.refused) is refused
    assert (played.fooled_until is None) is (until is None)
    assert until is None or abs((played.fooled_until or 0) - until) <= 90


def test_it_comes_out_the_same_each_time() -> None:
    """Its clock is its own."""
    assert repr(rehearse_leak(ANSWER)) == repr(rehearse_leak(list(ANSWER)))
    assert "0 of" in repr(rehearse_leak(ANSWER)) and "wait for caches" in rehearse_leak(ANSWER)._repr_html_()


def test_keys_run_out_as_on_any_training_tenant() -> None:
    """Eight are published with the package."""
    assert "8 published signing keys" in rehearse_leak(["rotate"] * 7).problem
    assert "IT ENDED HERE" in rehearse_leak(["rotate"] * 7)._repr_html_()


@pytest.mark.parametrize("steps", [None, "rotate", ["spin"], [1], [[]], ["publish"], ["rotate"] * 13], ids=repr)
def test_what_is_no_step_is_an_error(steps: object) -> None:
    """It names those that are."""
    with pytest.raises(ConfigurationError) as caught:
        rehearse_leak(steps)  # type: ignore[arg-type]  # that is the point
    assert caught.value.code in ("rehearsal.steps", "rehearsal.step")
    assert set(LEAK) & set(caught.value.remedy.replace("'", " ").split())
