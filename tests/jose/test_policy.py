"""Policies: frozen presets, and no field that would make a verifier lax by mistake."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from authkit import AUTH0_ACCESS_TOKEN, RFC9068, ConfigurationError, Policy


@pytest.mark.parametrize("policy", [AUTH0_ACCESS_TOKEN, RFC9068], ids=lambda policy: policy.name)
def test_a_preset_is_frozen_and_strict(policy: Policy) -> None:
    """No leeway; issuer, audience and expiry are relied on."""
    with pytest.raises(FrozenInstanceError):
        policy.leeway = 10  # type: ignore[misc]
    assert policy.leeway == 0 and {"iss", "aud", "exp", "sub"} <= {*policy.required} and None not in policy.types


def test_a_policy_of_ones_own_starts_from_a_preset() -> None:
    """The remedy of every refusal below."""
    assert replace(AUTH0_ACCESS_TOKEN, leeway=5).leeway == 5 and AUTH0_ACCESS_TOKEN.leeway == 0


def test_a_list_is_kept_as_a_tuple() -> None:
    """Whoever holds the list cannot change the policy later."""
    types: list[str | None] = ["JWT", None]
    policy = replace(AUTH0_ACCESS_TOKEN, types=types, required={"exp"})  # type: ignore[arg-type]
    types.append("any")
    assert policy.types == ("JWT", None) and policy.required == ("exp",)


def test_a_set_is_kept_in_one_order() -> None:
    """What a verdict prints is the same on every machine."""
    types: Any = {"b", "a", None, "c"}
    assert replace(AUTH0_ACCESS_TOKEN, types=types).types == (None, "a", "b", "c")


def test_a_changed_preset_says_so() -> None:
    """A verifier that takes tokens without exp must not show the name of one that does not."""
    assert AUTH0_ACCESS_TOKEN.label == "AUTH0_ACCESS_TOKEN" and replace(RFC9068, name="mine", leeway=5).label == "mine"
    assert replace(AUTH0_ACCESS_TOKEN, required=()).label == "AUTH0_ACCESS_TOKEN, changed"


NONSENSE: list[tuple[str, Any]] = [
    *(("name", value) for value in ("", None, 5)),
    *(("types", value) for value in ((), [], "JWT", None, 5, [1], {"JWT": 1}, b"JWT")),
    *(("required", value) for value in ("exp", None, 5, [None])),
    *(("leeway", value) for value in (-1, 86401, "5", None, True, float("nan"), float("inf"), 1.5)),
    *(("future_iat", value) for value in (-1, 86401, "60", None, True)),
    *(("max_size", value) for value in (0, -1, None, "16384", float("inf"), True)),
]


@pytest.mark.parametrize(("field", "value"), NONSENSE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_field_of_the_wrong_kind_is_refused(field: str, value: Any) -> None:
    """`types="JWT"` would be the three types J, W and T; a leeway of a year would accept what has long expired."""
    with pytest.raises(ConfigurationError) as caught:
        replace(AUTH0_ACCESS_TOKEN, **{field: value})
    assert caught.value.code == f"policy.{field}" and caught.value.remedy
