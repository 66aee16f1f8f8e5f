"""Clock, signing and keys panels on one tenant: wherever clicks and typing lead, they agree with it and never raise."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import authkit
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.keys import KeysState
from authkit.widgets.states.signing import SigningState

ORDERS = "https://orders.example/"
TYPED = ["", "0", "1", "60", "-1", "0.25", "soon", "9" * 30, "<b>", "\ud800", "600", "3", "1001"]
CLICKS = [
    ("clock", "advance"), ("clock", "before_exp"), ("clock", "at_exp"), ("clock", "day_later"), ("clock", "reset"),
    ("clock", "look"), ("signing", "try_all"), ("signing", "repair_hs"), ("signing", "repair_rs"),
    ("signing", "reset"), ("keys", "rotate"), ("keys", "revoke_previous"), ("keys", "issue"), ("keys", "paste"),
    ("keys", "reset"),
]  # fmt: skip
STEPS = st.one_of(
    st.sampled_from(CLICKS),
    st.tuples(st.just("clock.seconds"), st.sampled_from(TYPED)),
    st.tuples(st.just("signing.deployments"), st.sampled_from(TYPED)),
    st.tuples(st.just("signing.hs_leak"), st.sampled_from(["nothing", "secret"])),
    st.tuples(st.just("signing.rs_leak"), st.sampled_from(["nothing", "public", "private"])),
    st.just(("tenant", "deleted")),
)
SAID = {None, "clock.step", "clock.no_exp", "signing_key.not_previous", "training_keys.exhausted",
        "keys.nobody_authorised"}  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(walk=st.lists(STEPS, min_size=40, max_size=40))
def test_the_panels_agree_with_the_tenant_wherever_a_walk_leads(walk):
    """Forty steps, a deleted API among them."""
    with authkit.training_tenant() as tenant:
        orders = tenant.apis.create(identifier=ORDERS)
        tenant.client_grants.create(tenant.applications.create(name="Nightly report"), orders)
        kinds = {"clock": ClockState, "signing": SigningState, "keys": KeysState}
        states: dict[str, Any] = {name: kind(tenant) for name, kind in kinds.items()}
        for where, what in walk:
            panel, _, trait = where.partition(".")
            if trait:
                setattr(states[panel], trait, what)
            elif panel == "tenant":
                if tenant.apis.find(ORDERS) is not None:
                    tenant.apis.delete(ORDERS)
                states["clock"].look()
            else:
                getattr(states[panel], what)()
            agree(tenant, **states)


def agree(tenant, clock, signing, keys):
    """What is shown is what the tenant has."""
    assert {clock.failure and clock.failure.code, keys.failure and keys.failure.code} <= SAID
    assert signing.failure is None
    assert float(clock.numeric) == tenant.clock.now()
    ring = tenant.keys.ring
    assert [lane.kid for lane in keys.times.lanes] == [entry.key.kid for entry in ring.keys[-4:]]
    assert [lane.place for lane in keys.times.lanes] == [entry.place for entry in ring.keys[-4:]]
    for row in keys.rows:
        assert (row.published.outcome == "refused") or row.place != "revoked"
    assert (signing.hs.attack.signed.outcome == "accepted") == (signing.hs_leak == "secret")
    assert (signing.rs.attack.signed.outcome == "accepted") == (signing.rs_leak == "private")
