"""`validity_timeline`: before, in and after a token's time, and the odd things that tokens say of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from authkit import ConfigurationError, SteerableClock, Tenant, TokenRejected
from authkit.explore import validity_timeline
from authkit.explore.pictures.validity import MOST
from authkit.jose import sign

Training = Tenant[SteerableClock]
NOW = 1767603600


def of(tenant: Training, **claims: Any) -> Any:
    """The one row of a token with these claims."""
    token = sign(claims, tenant.keys.current, alg="RS256")
    picture = validity_timeline(token, tenant.clock)
    assert picture.png()
    return picture.table.iloc[0]


@pytest.mark.parametrize(
    ("claims", "state", "detail"),
    [
        ({"iat": NOW - 60, "exp": NOW + 3600}, "in its time", "expires in 1 h"),
        ({"exp": NOW + 1}, "in its time", "expires in 1 s"),
        ({"exp": NOW}, "expired", "just now"),
        ({"iat": NOW - 90000, "exp": NOW - 3600}, "expired", "1 h ago"),
        ({"nbf": NOW, "exp": NOW + 60}, "in its time", "expires in 1 min"),
        ({"nbf": NOW + 1, "exp": NOW + 60}, "not yet", "begins in 1 s"),
        ({"nbf": NOW + 90000}, "not yet", "begins in 1 day 1 h"),
        ({"nbf": NOW + 60, "exp": NOW + 60}, "never", "exp is not after nbf"),
        ({"iat": NOW}, "in its time", "no exp: for ever"),
        ({}, "in its time", "no exp: for ever"),
        ({"exp": NOW * 1000}, "in its time", "exp in milliseconds?"),
        ({"nbf": NOW * 1000}, "not yet", "nbf in milliseconds?"),
        ({"exp": 9e9}, "in its time", "expires in over ten years"),
        ({"exp": 0}, "expired", "long ago"),
        ({"exp": 1e300, "iat": -1e300}, "in its time", "expires in over ten years"),
        ({"exp": "tomorrow", "nbf": None, "iat": True}, "in its time", "no exp: for ever"),
    ],
)
def test_the_state_is_that_of_now(tenant: Training, claims: dict[str, Any], state: str, detail: str) -> None:
    """The boundaries are the verifier's: from `nbf` on, and no longer from `exp` on."""
    row = of(tenant, **claims)
    assert (row["state"], row["detail"]) == (state, detail)


def test_the_state_moves_with_the_clock(tenant: Training, token: str) -> None:
    """The same token, a day later."""
    assert [*validity_timeline(token, tenant.clock).table["state"]] == ["in its time"]
    tenant.clock.advance(hours=24)
    picture = validity_timeline(token, tenant.clock)
    assert [*picture.table["state"]] == ["expired"] and "now is 2026-01-06 09:00:00 UTC" in picture.words


@pytest.mark.parametrize("year", [1970, 8999])
def test_the_ends_of_the_clock_are_drawn(tenant: Training, year: int) -> None:
    """With times before 1970 and after the clock's last year."""
    tenant.clock.set(datetime(year, 1, 1, tzinfo=UTC))
    now = int(tenant.clock.now())
    row = of(tenant, iat=now - 86400 * 3000, exp=now + 86400 * 3000)
    assert (row["state"], row["detail"]) == ("in its time", "expires in 3,000 days")


def test_times_stand_as_numbers_and_as_dates(tenant: Training) -> None:
    """Whole numbers stay whole beside a claim that is missing."""
    row = of(tenant, iat=NOW, exp=NOW + 60)
    assert (row["iat"], row["iat_date"], row["nbf"], row["nbf_date"]) == (str(NOW), "2026-01-05 09:00:00 UTC", "", "")


def test_several_tokens_have_names(tenant: Training, token: str) -> None:
    """Their own or a number, in words and table."""
    picture = validity_timeline({"mine": token, "yours": token}, tenant.clock)
    assert [*picture.table["token"]] == ["mine", "yours"] and "yours: in its time" in picture.words
    assert [*validity_timeline([token, token], tenant.clock).table["token"]] == ["token 1", "token 2"]
    assert "not verified" in picture.words


@pytest.mark.parametrize("tokens", [{}, [], 5, None])
def test_without_tokens_there_is_no_timeline(tenant: Training, tokens: Any) -> None:
    """One clear error."""
    with pytest.raises(ConfigurationError) as caught:
        validity_timeline(tokens, tenant.clock)
    assert caught.value.code == "picture.tokens"


def test_too_many_tokens_are_one_clear_error(tenant: Training, token: str) -> None:
    """Nobody reads a picture of a hundred lines."""
    assert len(validity_timeline([token] * MOST, tenant.clock).table) == MOST
    with pytest.raises(ConfigurationError) as caught:
        validity_timeline([token] * (MOST + 1), tenant.clock)
    assert caught.value.code == "picture.tokens" and "21" in caught.value.message


def test_a_token_that_cannot_be_read_is_refused_as_by_decode(tenant: Training) -> None:
    """With the decoder's code."""
    with pytest.raises(TokenRejected) as caught:
        validity_timeline("opaque", tenant.clock)
    assert caught.value.code == "form.segments"
