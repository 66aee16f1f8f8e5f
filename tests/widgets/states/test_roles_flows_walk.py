"""Roles and flows under random clicks on one tenant: nothing raises, and what is shown is what is stored."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from authkit import Secret, training_tenant
from authkit.widgets.states.flows import PLOTS, FlowsState
from authkit.widgets.states.roles import RolesState

ORDERS = "https://orders.example/"
TEXTS = st.sampled_from(["", "openid offline_access", "read:orders", "x \ud800 y", "<b>", "ada@example.com"])


class Wandering(RuleBasedStateMachine):
    """Clicks in any order, on two panels, and a tenant that changes meanwhile."""

    def __init__(self):
        super().__init__()
        self.tenant = training_tenant()
        self.tenant.apis.create(name="Orders", identifier=ORDERS, scopes={"read:orders": "", "write:orders": ""})
        self.flows, self.roles = FlowsState(self.tenant), RolesState(self.tenant)

    @rule(click=st.sampled_from(["next", "next", "next", "back", "accept", "decline", "restart", "create"]))
    def step(self, click):
        getattr(self.flows, click)()

    @rule(flow=st.sampled_from([*PLOTS]))
    def choose_a_flow(self, flow):
        self.flows.flow = flow

    @rule(trait=st.sampled_from(["client_id", "audience", "user_id"]), number=st.integers(0, 3))
    def choose(self, trait, number):
        choices = {"client_id": "applications", "audience": "apis", "user_id": "users"}[trait]
        values = [value for _, value in getattr(self.flows, choices)]
        if values:
            setattr(self.flows, trait, values[number % len(values)])

    @rule(trait=st.sampled_from(["scope", "find", "new_role", "email"]), text=TEXTS)
    def type(self, trait, text):
        setattr(self.roles, trait, text)
        self.flows.scope = text if trait == "scope" else self.flows.scope

    @rule(row=st.integers(0, 3), column=st.integers(0, 3), on=st.booleans(), of=st.sampled_from(["permission", "user"]))
    def tick(self, row, column, on, of):
        matrix = getattr(self.roles, f"{of}s")
        if matrix.rows and matrix.columns:
            place = matrix.rows[row % len(matrix.rows)].id, matrix.columns[column % len(matrix.columns)].id
            getattr(self.roles, f"tick_{of}")(*place, on)

    @rule(click=st.sampled_from(["create_role", "create_application", "reset"]))
    def click(self, click):
        getattr(self.roles, click)()

    @rule(password=st.sampled_from(["", "correct horse battery"]))
    def create_user(self, password):
        self.roles.create_user(Secret(password))

    @rule(on=st.booleans(), dialect=st.sampled_from(["access_token", "rfc9068_profile_authz"]))
    def set(self, on, dialect):
        self.roles.set_rbac(on)
        self.roles.set_dialect(dialect)

    @rule(offline=st.booleans(), seconds=st.sampled_from([0, 61, 90000]))
    def change(self, offline, seconds):
        self.tenant.apis.update(ORDERS, allow_offline_access=offline)
        self.tenant.clock.advance(seconds=seconds)

    @rule(of=st.sampled_from(["applications", "users", "roles"]))
    def delete_the_first(self, of):
        collection = getattr(self.tenant, of)
        for one in [*collection][:1]:
            collection.delete(one)
        self.flows.refresh()
        self.roles.refresh()

    @invariant()
    def the_stepper_stands_on_its_steps(self):
        state = self.flows
        assert -1 <= state.at < max(1, len(state.steps))
        assert state.step == (state.steps[state.at] if state.at >= 0 else None)
        assert not (state.asking and state.can_next)
        assert [step.place for step in state.steps] == list(range(len(state.steps)))

    @invariant()
    def the_ticks_are_what_is_stored(self):
        state, tenant = self.roles, self.tenant
        assert state.api is not None
        for role in tenant.roles:
            for one in tenant.roles.permissions(role):
                if one.resource_server_identifier == state.api.identifier and not state.find:
                    assert (one.permission_name, role.id) in state.permissions.ticked or state.large
            for user in tenant.users.in_role(role):
                assert (user.id, role.id) in state.users.ticked or state.large or state.find
        assert state.counts[1:] == (len(tenant.roles), len(tenant.users))

    def teardown(self):
        self.tenant.close()


TestWandering = Wandering.TestCase
TestWandering.settings = settings(
    max_examples=5, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
