"""`verdict_matrix`: who accepts what, and the code of what refused."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest

from authkit import Api, ConfigurationError, KeySetError, SteerableClock, Tenant, Verifier
from authkit.attacks import DecodesOnly, edit_payload
from authkit.explore import verdict_matrix

Training = Tenant[SteerableClock]


class Mine:
    """A learner's own verifier."""

    def __init__(self, verify: Callable[[str], object]) -> None:
        self.verify = verify


def test_each_cell_is_accepted_or_the_code_of_the_refusing_check(
    tenant: Training, api: Api, hs_api: Api, token: str, hs_token: str
) -> None:
    """A row a token, a column a verifier."""
    verifiers = {"orders": tenant.verifier(api), "stock": tenant.verifier(hs_api)}
    frame = verdict_matrix(verifiers, {"for orders": token, "for stock": hs_token, "edited": edit_payload(token, x=1)})
    assert frame.to_dict("index") == {
        "for orders": {"orders": "accepted", "stock": "alg.not_allowed"},
        "for stock": {"orders": "alg.not_allowed", "stock": "accepted"},
        "edited": {"orders": "signature.mismatch", "stock": "alg.not_allowed"},
    }
    assert frame.index.name == "token"


def test_a_verifier_that_is_weak_on_purpose_has_its_column_too(tenant: Training, api: Api, token: str) -> None:
    """What it falls for stands beside what a good one refuses."""
    forged = edit_payload(token, scope="write:orders")
    frame = verdict_matrix({"weak": DecodesOnly(), "good": tenant.verifier(api)}, {"forged": forged, "junk": "x"})
    assert [*frame["weak"]] == ["accepted", "form.segments"] and "accepted" not in set(frame["good"])


def test_another_librarys_refusal_is_shown_by_its_name(token: str) -> None:
    """A learner's own verifier need not know authkit's errors."""
    mine = Mine(lambda token: jwt.decode(token, "x" * 32, algorithms=["HS256"]))
    assert verdict_matrix({"mine": mine}, {"a": token})["mine"]["a"] == "InvalidAlgorithmError"


def test_keys_out_of_reach_are_no_refusal(tenant: Training, api: Api, token: str) -> None:
    """The cell says so, for a verifier that explains and for one that raises."""

    def unreachable(token: str) -> object:
        raise KeySetError("jwks_unavailable", "x", "y")

    from authkit import RemoteKeySet

    far = RemoteKeySet("http://127.0.0.1:9/jwks.json", clock=tenant.clock)
    verifier = Verifier(issuer=tenant.issuer, audience=api.identifier, keys=far, clock=tenant.clock)
    frame = verdict_matrix({"explains": verifier, "raises": Mine(unreachable)}, {"a": token})
    assert [*frame.loc["a"]] == ["jwks_unavailable", "jwks_unavailable"]


def test_an_api_stands_for_its_verifier(tenant: Training, api: Api, token: str) -> None:
    """With the tenant that knows its keys; the tenant alone stands for all its APIs."""
    assert verdict_matrix({"orders": api}, {"a": token}, tenant=tenant)["orders"]["a"] == "accepted"
    frame = verdict_matrix(tenant, {"a": token})
    assert [*frame.columns] == [one.identifier for one in tenant.apis] and frame.loc["a", api.identifier] == "accepted"


@pytest.mark.parametrize(
    ("verifiers", "tokens", "code"),
    [
        ({}, {"a": "x"}, "matrix.verifiers"),
        ([DecodesOnly()], {"a": "x"}, "matrix.verifiers"),
        ({"v": DecodesOnly()}, "x", "matrix.tokens"),
        ({"v": DecodesOnly()}, {}, "matrix.tokens"),
        ({"v": object()}, {"a": "x"}, "matrix.no_verifier"),
    ],
)
def test_what_is_no_matrix_is_one_clear_error(verifiers: Any, tokens: Any, code: str) -> None:
    """And no half of a table."""
    with pytest.raises(ConfigurationError) as caught:
        verdict_matrix(verifiers, tokens)
    assert caught.value.code == code


def test_an_api_without_its_tenant_is_one_clear_error(api: Api) -> None:
    """It does not know the keys."""
    with pytest.raises(ConfigurationError) as caught:
        verdict_matrix({"orders": api}, {"a": "x"})
    assert caught.value.code == "matrix.no_verifier" and "tenant=" in caught.value.remedy
