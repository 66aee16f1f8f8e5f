"""All panels on one tenant, used at random: nothing typed or clicked raises, all agree with it, no secret is shown."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from authkit import IssuedToken, Secret, training_tenant
from authkit.ground.display import pretty_json
from authkit.registry.models import Api, Application
from authkit.widgets.states.apis import ApisState
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.create_api import CreateApiState
from authkit.widgets.states.debugger import DebuggerState
from authkit.widgets.states.encode import EncodeState
from authkit.widgets.states.flows import FlowsState
from authkit.widgets.states.keys import KeysState
from authkit.widgets.states.roles import RolesState
from authkit.widgets.states.signing import SigningState

pytestmark = pytest.mark.slow

KINDS = {
    "create": CreateApiState, "apis": ApisState, "debugger": DebuggerState, "signing": SigningState, "keys": KeysState,
    "flows": FlowsState, "roles": RolesState, "clock": ClockState, "encode": EncodeState, "second": ApisState,
}  # fmt: skip
FIELDS = (
    "create.name", "create.identifier", "create.token_lifetime", "create.scopes", "apis.new.name",
    "apis.new.identifier", "apis.settings.name", "apis.settings.token_lifetime", "apis.scopes.value",
    "apis.scopes.description", "apis.grants.listed", "apis.grants.new_name", "apis.test.scope", "debugger.token",
    "debugger.expected_issuer", "debugger.expected_audience", "debugger.expected_algorithms", "debugger.url",
    "encode.header", "encode.payload", "signing.deployments", "flows.scope", "roles.scope", "roles.find",
    "roles.new_role", "roles.email", "clock.seconds",
)  # fmt: skip
FLAGS = (
    "create.allow_offline_access", "create.skip_consent_for_verifiable_first_party_clients", "apis.creating",
    "apis.settings.allow_offline_access", "apis.settings.enforce_policies",
    "apis.settings.skip_consent_for_verifiable_first_party_clients",
)  # fmt: skip
CHOICES = {
    "apis.chosen": "choices", "apis.quick_start.library": "choices", "apis.scopes.selected": "choices",
    "apis.grants.client_id": "choices", "apis.test.client_id": "choices", "debugger.identifier": "choices",
    "flows.client_id": "applications", "flows.audience": "apis", "flows.user_id": "users", "roles.api_id": "choices",
    "roles.user_id": "user_choices", "encode.signer": "signers", "second.chosen": "choices",
}  # fmt: skip
ENUMS = ("create.signing_alg", "apis.new.signing_alg", "debugger.kind", "debugger.policy", "signing.hs_leak",
         "signing.rs_leak", "flows.flow")  # fmt: skip
CLICKS = (
    "create.submit", "create.reset", "apis.begin", "apis.cancel", "apis.new.submit", "apis.settings.save",
    "apis.settings.reset", "apis.settings.make_secret", "apis.settings.ask_delete", "apis.settings.keep",
    "apis.settings.delete", "apis.scopes.add", "apis.scopes.remove", "apis.scopes.reset", "apis.grants.save",
    "apis.grants.withdraw", "apis.grants.create_application", "apis.grants.reset", "apis.test.ask", "apis.test.reset",
    "debugger.get_token", "debugger.reset", "signing.try_all", "signing.repair_hs", "signing.repair_rs",
    "signing.reset", "keys.rotate", "keys.revoke_previous", "keys.issue", "keys.client_verifies", "keys.paste",
    "keys.reset", "flows.next", "flows.next", "flows.next", "flows.back", "flows.accept", "flows.decline",
    "flows.restart", "flows.create", "roles.create_role", "roles.create_application", "roles.reset", "clock.advance",
    "clock.before_exp", "clock.at_exp", "clock.day_later", "clock.reset", "clock.look",
    "encode.sign", "encode.reset",
)  # fmt: skip
DELETED = ("apis", "applications", "users", "roles", "client_grants")
ORDERS = "https://orders.example/"
CALLBACK = "https://shop.example/callback"
PASSWORD = "correct horse battery"
TYPED = st.one_of(
    st.sampled_from([
        "", " ", "\n\n", "0", "60", "3", "-1", "1e309", "nan", "9" * 5000, "<script>alert(1)</script>", "a'b\"c\\",
        "{}${x}%s", "\0", "half \ud800", "\udfff\ud800", "😀 é \u202e", "read:orders", "write:orders  read:orders",
        "openid offline_access", "none", "RS256, HS256", "x" * 700, "x" * 20_000, ORDERS, ORDERS[:-1],
        "https://training.authkit.example/api/v2/", "Ada@EXAMPLE.com", "grace@example.com", "a.b.c",
        "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJIUzI1NiJ9.bnVsbA.AA",
    ]),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.integers().map(str),
)  # fmt: skip
ACTIONS: dict[str, tuple[st.SearchStrategy[Any], ...]] = {
    "click": (st.integers(0, len(CLICKS) - 1), st.integers(1, 2)),
    "type_anything": (st.sampled_from(FIELDS), TYPED),
    "type_and_click": (st.sampled_from(FIELDS), TYPED),
    "tick": (st.sampled_from(FLAGS), st.booleans()),
    "choose": (st.sampled_from([*CHOICES]), st.integers(0, 20)),
    "choose_one_of": (st.sampled_from(ENUMS), st.integers(0, 9)),
    "turn": (st.integers(0, 4),),
    "tick_a_scope_of_a_grant": (st.integers(0, 9), st.booleans()),
    "tick_a_cell": (st.sampled_from(["permission", "user"]), st.integers(0, 9), st.integers(0, 9), st.booleans()),
    "set_up_roles": (st.booleans(), st.sampled_from(["access_token", "access_token_authz", "rfc9068_profile_authz"])),
    "create_a_user": (st.sampled_from(["", "short", "half \ud800 of a pair", PASSWORD]),),
    "give_a_secret": (TYPED,),
    "paste_keys": (TYPED,),
    "run_a_flow": (st.sampled_from(["refresh", "code", "client_credentials"]), st.integers(1, 11)),
    "delete_in_a_cell": (st.sampled_from(DELETED), st.integers(0, 3)),
}
CLICK, OTHERS = (
    st.one_of(*(st.tuples(st.just(name), *ACTIONS[name]) for name in names))
    for names in (["click"], [name for name in ACTIONS if name != "click"])
)
SUBMITS = {
    "create": "submit", "apis.new": "submit", "apis.settings": "save", "apis.scopes": "add", "apis.grants": "save",
    "apis.test": "ask", "debugger": "get_token", "signing": "repair_hs", "flows": "next", "roles": "create_role",
    "clock": "advance", "encode": "sign",
}  # fmt: skip


class Wandering(RuleBasedStateMachine):
    """A reader who goes from panel to panel, types anything, and clicks whatever there is."""

    def __init__(self) -> None:
        super().__init__()
        self.tenant = tenant = training_tenant()
        orders = tenant.apis.create(name="Orders", identifier=ORDERS, scopes={"read:orders": "", "write:orders": ""})
        tenant.apis.create(identifier="https://stock.example/", signing_alg="HS256", allow_offline_access=True)
        tenant.client_grants.create(tenant.applications.create(name="Nightly report"), orders, ["read:orders"])
        rotating = {"rotation_type": "rotating"}
        tenant.applications.create(name="Shop", app_type="spa", callbacks=[CALLBACK], refresh_token=rotating)
        tenant.users.add_roles(
            tenant.users.create(email="ada@example.com", password=PASSWORD), tenant.roles.create(name="Clerk")
        )
        self.secret: set[str] = {PASSWORD}
        self._overhear(tenant)
        self.states: dict[str, Any] = {name: kind(tenant) for name, kind in KINDS.items()}
        self.clicks = 0

    def _overhear(self, tenant: Any) -> None:
        """Learn every refresh token that is issued."""
        request_token = tenant.request_token

        def overheard(*given: Any, **named: Any) -> IssuedToken:
            issued: IssuedToken = request_token(*given, **named)
            if issued.refresh_token is not None:
                self.secret.add(issued.refresh_token.reveal())
            return issued

        tenant.request_token = overheard

    @rule(action=st.one_of(CLICK, OTHERS))
    def act(self, action: tuple[Any, ...]) -> None:
        """One rule for all: of several, Hypothesis leaves some out of each walk."""
        name, *given = action
        getattr(self, name)(*given)

    def type_anything(self, field: str, typed: str) -> None:
        self._set(field, typed)

    def type_and_click(self, field: str, typed: str) -> None:
        self._set(field, typed)
        where = field.rpartition(".")[0]
        getattr(self._state(where), SUBMITS[where])()

    def click(self, number: int, times: int) -> None:
        """Another button each time, so that even the plainest walk presses them all."""
        where, _, method = CLICKS[(self.clicks + number) % len(CLICKS)].rpartition(".")
        self.clicks += 1
        for _ in range(times):
            getattr(self._state(where), method)()

    def run_a_flow(self, flow: str, messages: int) -> None:
        """As far as that many messages; what is lacking is created, and whoever is asked agrees."""
        flows = self.states["flows"]
        flows.flow = flow
        flows.create()
        for _ in range(messages):
            flows.next()
            flows.accept()

    def tick(self, flag: str, on: bool) -> None:
        self._set(flag, on)

    def choose(self, choice: str, number: int) -> None:
        options = getattr(self._state(choice.rpartition(".")[0]), CHOICES[choice])
        if options:
            self._set(choice, options[number % len(options)][1])

    def choose_one_of(self, enum: str, number: int) -> None:
        where, _, trait = enum.rpartition(".")
        values = list(self._state(where).traits()[trait].values)
        self._set(enum, values[number % len(values)])

    def turn(self, view: int) -> None:
        self._set("apis.view", view)

    def tick_a_scope_of_a_grant(self, number: int, on: bool) -> None:
        grants = self._state("apis.grants")
        if grants.scopes:
            grants.tick(grants.scopes[number % len(grants.scopes)], on)

    def tick_a_cell(self, of: str, row: int, column: int, on: bool) -> None:
        roles = self.states["roles"]
        matrix = getattr(roles, f"{of}s")
        if matrix.rows and matrix.columns:
            place = matrix.rows[row % len(matrix.rows)].id, matrix.columns[column % len(matrix.columns)].id
            getattr(roles, f"tick_{of}")(*place, on)

    def set_up_roles(self, on: bool, dialect: str) -> None:
        self.states["roles"].set_rbac(on)
        self.states["roles"].set_dialect(dialect)

    def create_a_user(self, password: str) -> None:
        self.states["roles"].create_user(Secret(password))

    def give_a_secret(self, typed: str) -> None:
        for name in ("debugger", "encode"):
            self.states[name].give_secret(Secret(typed))

    def paste_keys(self, typed: str) -> None:
        self.states["debugger"].paste(typed)

    def delete_in_a_cell(self, of: str, sure: int) -> None:
        """A cell deletes the first, and no panel hears of it until it looks again."""
        collection = getattr(self.tenant, of)
        for one in [one for one in collection if not getattr(one, "is_system", False)][: sure == 3]:
            collection.delete(one)

    @invariant()
    def every_panel_agrees_with_the_registry(self) -> None:
        for state in self.states.values():
            state.refresh()
        tenant, states = self.tenant, self.states
        apis = [*tenant.apis]
        ids, identifiers = [api.id for api in apis], [api.identifier for api in apis]
        applications = {one.client_id for one in tenant.applications}
        users = {user.id for user in tenant.users}
        assert [*states["create"].known] == identifiers
        for name in ("apis", "second"):
            self._agrees(states[name], apis, applications)
        assert [*states["debugger"].known] == identifiers
        flows, roles = states["flows"], states["roles"]
        assert {value for _, value in flows.applications} == applications
        assert {value for _, value in flows.apis if not value.startswith(" ")} == {*identifiers}
        assert {value for _, value in flows.users} in ({user.user_id for user in tenant.users}, set())
        assert [value for _, value in roles.choices] == ids and roles.api in apis
        assert {value for _, value in roles.user_choices} == users
        assert roles.counts == (len(roles.api.scopes), len(tenant.roles), len(users))
        self._ticks_agree(roles)
        ring = tenant.keys.ring
        assert [(lane.kid, lane.place) for lane in states["keys"].times.lanes] == [
            (entry.key.kid, entry.place) for entry in ring.keys[-4:]
        ]
        assert all(row.published.outcome == "refused" for row in states["keys"].rows if row.place == "revoked")
        assert states["keys"].jwks == pretty_json(tenant.jwks)
        assert float(states["clock"].numeric) == tenant.clock.now()
        signing = states["signing"]
        assert signing.failure is None
        assert (signing.hs.attack.signed.outcome == "accepted") == (signing.hs_leak == "secret")
        assert (signing.rs.attack.signed.outcome == "accepted") == (signing.rs_leak == "private")

    @invariant()
    def the_stepper_stands_on_one_of_its_steps(self) -> None:
        flows = self.states["flows"]
        assert -1 <= flows.at < max(1, len(flows.steps))
        assert flows.step == (flows.steps[flows.at] if flows.at >= 0 else None)
        assert not (flows.asking and flows.can_next)
        assert [step.place for step in flows.steps] == [*range(len(flows.steps))]

    def _agrees(self, state: ApisState, apis: list[Api], applications: set[str]) -> None:
        ids = [api.id for api in apis]
        assert [value for _, value in state.choices] == ids
        assert state.api in apis and state.api.id == state.chosen
        assert all(view.api == state.api and view.python and view.http for view in state.views)
        assert tuple(value for value, _ in state.scopes.rows) == state.api.scope_values
        granted = {one.client_id for one in self.tenant.client_grants if one.audience == state.api.identifier}
        assert state.grants.authorised == (state.grants.client_id in granted)
        assert sum(authorised for _, authorised, _ in state.grants.rows) == len(granted & _machines(self.tenant))
        assert {value for _, value in state.test.choices} == applications
        assert state.test.issued == bool(state.test.token)

    def _ticks_agree(self, roles: RolesState) -> None:
        if roles.large or roles.find.strip():
            return
        tenant, api = self.tenant, roles.api
        assert api is not None
        held = {(one.permission_name, role.id) for role in tenant.roles for one in tenant.roles.permissions(role)
                if one.resource_server_identifier == api.identifier}  # fmt: skip
        assert held >= set(roles.permissions.ticked) >= {cell for cell in held if cell[0] in api.scope_values}
        assert set(roles.users.ticked) == {
            (user.id, role.id) for user in tenant.users for role in tenant.users.roles(user)
        }

    @invariant()
    def no_secret_is_in_any_trait(self) -> None:
        for application in self.tenant.applications:
            self._learn(application.client_secret)
        for api in self.tenant.apis:
            self._learn(api.signing_secret)
        shown = "\n".join(_texts(self._all_states()))
        assert "PRIVATE KEY" not in shown
        assert not [secret for secret in self.secret if secret in shown]

    def _learn(self, secret: Secret | None) -> None:
        if secret is not None:
            self.secret.add(secret.reveal())

    def _all_states(self) -> Iterator[Mapping[str, Any]]:
        apis = self.states["apis"]
        for state in (*self.states.values(), apis.new, *apis.views):
            yield state.trait_values()

    def _state(self, path: str) -> Any:
        name, *inner = path.split(".")
        state = self.states[name]
        for part in inner:
            state = getattr(state, part)
        return state

    def _set(self, path: str, value: object) -> None:
        where, _, trait = path.rpartition(".")
        setattr(self._state(where), trait, value)

    def teardown(self) -> None:
        self.tenant.close()


def _machines(tenant: Any) -> set[str]:
    machines: list[Application] = [one for one in tenant.applications if "client_credentials" in one.grant_types]
    return {one.client_id for one in machines}


def _texts(values: Iterable[object]) -> list[str]:
    """Every text in these, however deep; what a Secret masks is not in it."""
    found: list[str] = []
    left, seen = [*values], set()
    while left:
        value = left.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, bytes):
            found.append(value.decode("latin-1"))
        elif value is not None and not isinstance(value, int | float | Secret) and id(value) not in seen:
            seen.add(id(value))
            if isinstance(value, tuple | list | set | frozenset):
                left += value
            elif isinstance(value, Mapping):
                left += [*value, *value.values()]
            else:
                left += [*value.args] if isinstance(value, BaseException) else []
                left += getattr(value, "__dict__", {}).values()
                slots = chain.from_iterable(getattr(kind, "__slots__", ()) for kind in type(value).__mro__)
                left += [getattr(value, name, None) for name in slots]
    return found


TestWandering = Wandering.TestCase
TestWandering.settings = settings(
    max_examples=4, stateful_step_count=200, derandomize=True, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
