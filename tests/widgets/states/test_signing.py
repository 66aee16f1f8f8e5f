"""HS256 and RS256 side by side, without a view: every party really tries, on copies of the tenant."""

import pytest

from authkit.jose.decode import decode
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.signing import SigningState
from authkit.widgets.states.signing_code import NEW_SECRET
from authkit.widgets.states.signing_parties import IDENTIFIERS

YES, NO = "accepted", "refused"
BAD_NUMBERS = ["0", "-1", "", "3.5", "many", "1001", "9" * 4000, "٣", "<b>"]


@pytest.fixture
def state(tenant):
    return SigningState(tenant)


def outcomes(column):
    """Party by party, whether it can sign and whether it can verify."""
    return {one.party: (one.signed.outcome, one.verified.outcome) for one in column.attempts}


def test_whoever_verifies_hs256_can_also_sign_it(state):
    """Tenant and API hold the same secret; application and attacker hold nothing."""
    assert outcomes(state.hs) == {
        "tenant": (YES, YES), "API": (YES, YES), "application": (NO, NO), "attacker": (NO, NO),
    }  # fmt: skip


def test_only_the_tenant_signs_rs256_and_everyone_verifies(state):
    """The public key is public."""
    assert outcomes(state.rs) == {
        "tenant": (YES, YES), "API": (NO, YES), "application": (NO, YES), "attacker": (NO, YES),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("side", "leak", "signs"),
    [("hs", "nothing", NO), ("hs", "secret", YES), ("rs", "public", NO), ("rs", "private", YES)],
)
def test_a_leak_lets_the_attacker_sign_or_not(state, side, leak, signs):
    """A leaked secret or private key does; a public key that leaks is what it was before."""
    setattr(state, f"{side}_leak", leak)
    column = getattr(state, side)
    assert column.attack.signed.outcome == signs
    assert [one.signed.outcome for one in column.attempts[1:3]] == ([YES, NO] if side == "hs" else [NO, NO])
    assert decode(column.attack.token).payload["sub"] == "forged by hand"


def test_a_new_secret_costs_every_deployment(state):
    """Each of them refuses a good new token until it has the new secret."""
    state.hs_leak, state.deployments = "secret", "7"
    state.repair_hs()
    repair = state.hs.repair
    assert (repair.deployments, repair.redeployed) == (7, 7)
    assert (repair.forged.outcome, repair.former.outcome) == (NO, NO)
    assert state.hs.attempts[-1].signed.outcome == NO


def test_rotating_and_revoking_costs_none(state):
    """Each deployment fetches the JWKS by itself."""
    state.rs_leak, state.deployments = "private", "7"
    state.repair_rs()
    repair = state.rs.repair
    assert (repair.deployments, repair.redeployed) == (7, 0)
    assert (repair.forged.outcome, repair.forged.decisive.code) == (NO, "key.unknown_kid")
    assert state.rs.attempts[-1].signed.outcome == NO


def test_another_leak_is_a_fresh_start(state):
    """What was repaired for one leak is not for the next."""
    state.rs_leak = "private"
    state.repair_rs()
    state.rs_leak = "public"
    assert state.rs.repair is None
    assert not state.rs_repaired


def test_one_column_leaves_the_other_alone(state):
    """Each has a copy of its own."""
    before = state.rs
    state.hs_leak = "secret"
    state.repair_hs()
    assert state.rs is before


@pytest.mark.parametrize("typed", BAD_NUMBERS, ids=lambda typed: ascii(typed[:8]))
def test_a_number_that_is_none_is_a_problem_and_repairs_nothing(state, typed):
    """Said by the field; the click waits for a number."""
    state.hs_leak = state.rs_leak = "nothing"
    state.deployments = typed
    assert state.shown["deployments"].code == "deployments.out_of_range"
    state.repair_hs()
    state.repair_rs()
    assert state.hs.repair is None and state.rs.repair is None
    assert state.failure is None


def test_a_number_that_becomes_wrong_takes_the_repair_away(state):
    """And brings it back with the next good one."""
    state.hs_leak = "secret"
    state.repair_hs()
    state.deployments = "x"
    assert state.hs.repair is None
    state.deployments = "1000"
    repair = state.hs.repair
    assert repair is not None and repair.redeployed == 1000


def test_reset_is_the_panel_as_it_was(state):
    """Nothing tried, nothing leaked."""
    at_first = (state.python, state.http, state.hs, state.rs)
    state.try_all()
    state.hs_leak, state.rs_leak, state.deployments = "secret", "private", "9"
    state.repair_hs()
    state.reset()
    assert (state.tried, state.hs_leak, state.rs_leak, state.deployments) == (False, "nothing", "nothing", "3")
    assert (state.python, state.http, state.hs, state.rs) == at_first


def test_the_learners_tenant_stays_as_it_is(tenant, state):
    """No key moved, no API made, nothing in its log."""
    before = (tenant.jwks, len(tenant.apis), len(tenant.applications), len(tenant.log))
    state.try_all()
    state.hs_leak, state.rs_leak = "secret", "private"
    state.repair_hs()
    state.repair_rs()
    assert (tenant.jwks, len(tenant.apis), len(tenant.applications), len(tenant.log)) == before


def test_it_follows_the_clock(tenant, state):
    """The forged tokens are of the tenant's time."""
    ClockState(tenant).day_later()
    assert decode(state.hs.attack.token).payload["iat"] == int(tenant.clock.now())
    assert decode(state.hs.attack.token).payload["iss"] == tenant.issuer


def test_no_secret_is_in_anything_it_shows(tenant, state, run):
    """Neither the copies' secrets nor a private key: not in code, nor in the reprs of what was tried."""
    state.try_all()
    state.hs_leak, state.rs_leak = "secret", "private"
    state.repair_hs()
    shown = repr([state.trait_values(), state.hs, state.rs])
    copied = run(state.python, tenant)
    for api in copied["copy"].apis:
        if api.signing_secret is not None:
            assert api.signing_secret.reveal() not in shown
    assert "PRIVATE KEY" not in shown


def test_the_code_of_the_try_gives_the_verdicts_of_the_panel(tenant, state, run):
    """With the secret, with the private key, without a key."""
    state.try_all()
    made = run(state.python, tenant)
    by_secret, by_key, altered = made["_"]
    assert by_secret == state.hs.attempts[1].signed
    assert by_key == state.rs.attempts[0].signed
    assert altered.decisive == state.rs.attack.signed.decisive


@pytest.mark.parametrize(("side", "leak"), [("hs", "secret"), ("rs", "private"), ("rs", "public")])
def test_the_code_of_a_leak_and_of_its_repair(tenant, state, run, side, leak):
    """The same verdict on the same forged token, before and after."""
    setattr(state, f"{side}_leak", leak)
    column = getattr(state, side)
    made = run(state.python, tenant)
    assert made["_"].outcome == column.attack.signed.outcome
    if leak != "public":
        assert made["by_secret" if side == "hs" else "by_key"] == column.attack.token
        getattr(state, f"repair_{side}")()
        repaired = getattr(state, side).repair
        assert run(state.python, tenant)["_"].decisive.code == repaired.forged.decisive.code


@pytest.mark.parametrize(("side", "leak"), [("hs", "secret"), ("rs", "private")])
def test_the_requests_repair_a_copy_as_the_click_does(tenant, state, run, send, side, leak):
    """Sent to a copy like the panel's: the forged token is refused afterwards, by the same check."""
    setattr(state, f"{side}_leak", leak)
    column = getattr(state, side)
    copy = run(state.python, tenant)["copy"]
    getattr(state, f"repair_{side}")()
    assert all(answer.is_success for answer in send(state.http, copy))
    verdict = copy.verifier(IDENTIFIERS["HS256" if side == "hs" else "RS256"]).explain(column.attack.token)
    assert verdict.decisive.code == getattr(state, side).repair.forged.decisive.code


def test_the_new_secret_is_left_to_the_reader(state):
    """What stands in the request says so itself."""
    state.hs_leak = "secret"
    state.repair_hs()
    assert f'"signing_secret": "{NEW_SECRET}"' in state.http
    assert "token_urlsafe(32)" in state.python


@pytest.mark.parametrize("side", ["hs", "rs"])
def test_a_forged_token_travels_like_any_other(state, side):
    """There is no request that signs; the token is in the request to the API."""
    setattr(state, f"{side}_leak", "secret" if side == "hs" else "private")
    assert f"Authorization: Bearer {getattr(state, side).attack.token}" in state.http


def test_a_tenant_that_was_closed_is_no_matter(tenant, state):
    """The copies need its issuer and its clock alone."""
    tenant.close()
    state.try_all()
    state.hs_leak = "secret"
    assert state.failure is None and state.hs.attack.signed.outcome == YES
