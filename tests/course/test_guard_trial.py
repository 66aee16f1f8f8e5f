"""Whether a guard had help from authkit is found out by what runs inside it, and by what it imports."""

import contextlib
import sys
from typing import Any

import jwt
import pytest

import authkit
from authkit.course import plan
from authkit.course.exercise import Exercise

GUARD: Exercise = plan("06").exercises[-1]


def right() -> Any:
    """The guard of the solution."""
    module: dict[str, Any] = {"jwt": jwt}
    exec(GUARD.solution, module)
    return module["guard"]


def said(guard: object) -> tuple[str, bool]:
    """The outcome, and whether it speaks of authkit."""
    outcome = GUARD.outcome("06", guard)
    return outcome.kind, "authkit" in outcome.feedback


def test_an_import_inside_is_help() -> None:
    """Even one that nothing is done with."""

    def guard(request: Any, api: Any, now: float) -> Any:
        import authkit.jose  # noqa: F401

        return right()(request, api, now)

    assert said(guard) == ("try again", True)


def test_a_helper_that_calls_it_is_help() -> None:
    """Wherever that was defined, and whatever becomes of its answer."""

    def helper(token: str) -> None:
        with contextlib.suppress(authkit.AuthKitError):
            authkit.decode(token)

    def guard(request: Any, api: Any, now: float) -> Any:
        helper("abc")
        return right()(request, api, now)

    assert said(guard) == ("try again", True)


def test_its_name_in_a_notebook_is_no_help() -> None:
    """Nor is what a guard prints, which the check itself catches."""

    def guard(request: Any, api: Any, now: float) -> Any:
        print(request, authkit.__version__)
        return right()(request, api, now)

    assert said(guard) == ("passed", False)


def test_a_name_in_the_code_is_found_out_in_lists_too() -> None:
    """In front of another API the check sends tokens whose aud is a list as well."""

    def guard(request: Any, api: Any, now: float) -> Any:
        status, challenge = right()(request, api, now)
        token = request.headers.get("Authorization", "").rpartition(" ")[2]
        if status == 401 and api["audience"] == "https://stock.example/" and "invalid_token" in challenge:
            aud = jwt.decode(token, options={"verify_signature": False})["aud"]
            return (200, None) if "https://orders.example/" in aud and isinstance(aud, list) else (401, challenge)
        return status, challenge

    assert said(guard)[0] == "try again"


def test_who_watched_before_watches_afterwards() -> None:
    """A profiler that a learner had switched on."""

    def profiler(*seen: object) -> None:
        return None

    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        assert said(right())[0] == "passed"
        assert sys.getprofile() is profiler
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("answer", [None, "guard", float("nan"), int, lambda: None, lambda *given: (200, object())])
def test_it_stands_any_answer(answer: object) -> None:
    """One of the four outcomes."""
    assert said(answer)[0] in ("try again", "error")
