"""The list of APIs, without a view: which is chosen, a new one, and that panels and registry agree."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from authkit import training_tenant
from authkit.explore.quick_start import LIBRARIES
from authkit.widgets.states.api_code import NO_REQUEST
from authkit.widgets.states.apis import VIEWS, ApisState
from authkit.widgets.states.create_api import SKIP_CONSENT

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"


@pytest.fixture
def state(tenant):
    return ApisState(tenant)


def test_the_first_api_of_ones_own_is_chosen(tenant, state):
    """The system API is in the list, marked, and not the one to start with."""
    assert state.api == tenant.apis.get(ORDERS)
    assert [label for label, _ in state.choices] == ["Management API (system)", "Orders", "Stock"]


def test_it_can_start_with_another(tenant):
    """By its id."""
    stock = tenant.apis.get(STOCK)
    assert ApisState(tenant, stock.id).api == stock


def test_names_that_occur_twice_are_told_apart(tenant, state):
    """By the identifier; an API without a name is called by it."""
    tenant.apis.create(name="Orders", identifier="urn:b")
    tenant.apis.create(identifier="urn:c")
    state.refresh()
    labels = [label for label, _ in state.choices]
    assert labels[1] == "Orders – https://orders.example/" and labels[3:] == ["Orders – urn:b", "urn:c"]


def test_choosing_another_brings_all_views_to_it(tenant, state):
    """And what was typed for the first is gone."""
    state.settings.name = "half a name"
    state.scopes.value = "half:a:scope"
    state.chosen = tenant.apis.get(STOCK).id
    assert {view.api for view in state.views} == {tenant.apis.get(STOCK)}
    assert (state.settings.name, state.scopes.value) == ("Stock", "")


def test_three_fields_make_an_api_and_open_its_quick_start(tenant, twin, run, send, state):
    """The click, the Python and the request do the same."""
    state.view = VIEWS.index("Test")
    state.begin()
    state.new.name, state.new.identifier, state.new.signing_alg = "Billing", "https://billing.example/", "HS256"
    state.new.submit()
    made = tenant.apis.get("https://billing.example/")
    assert (state.api, state.creating, VIEWS[state.view]) == (made, False, "Quick Start")
    assert state.note == "Created: Billing."
    run(state.python, twin)
    assert twin.apis.get(made.identifier) == made
    twin.apis.delete(made.identifier)
    assert send(state.http, twin)[0].status_code == 201


def test_a_refused_api_leaves_the_form_open(tenant, state):
    """With the problem under its field, and nothing created."""
    state.begin()
    state.new.identifier = ORDERS
    state.new.submit()
    assert state.creating and state.new.shown["identifier"].code == "identifier.duplicate"
    state.cancel()
    assert not state.creating and state.new.identifier == "" and len(tenant.apis) == 3


def test_a_note_goes_once_the_reader_goes_on(tenant, state):
    """With the code of what it told about."""
    state.begin()
    state.new.identifier = "urn:new"
    state.new.submit()
    assert "tenant.apis.create" in state.python
    state.view = VIEWS.index("Scopes")
    assert state.note == "" and "tenant.apis.create" not in state.python


def test_an_api_deleted_elsewhere_is_left(tenant, state):
    """Another one is shown."""
    tenant.apis.delete(ORDERS)
    state.refresh()
    assert state.api == tenant.apis.get(STOCK)


def test_a_closed_tenant_is_reported_not_raised(tenant, state):
    """By every click of every view."""
    tenant.close()
    state.refresh()
    assert state.failure is not None and state.failure.code == "storage.unusable"
    state.settings.name = "Other"
    state.scopes.value = "a"
    state.quick_start.library = "curl"
    for click in (
        state.settings.save, state.settings.make_secret, state.settings.ask_delete, state.settings.delete,
        state.scopes.add, state.scopes.remove, state.grants.save, state.grants.withdraw,
        state.grants.create_application, state.test.ask, state.begin, state.new.submit, state.cancel,
    ):  # fmt: skip
        click()
    for view in (state.settings, state.scopes, state.grants, state.test, state.quick_start):
        assert view.failure is not None and view.failure.code == "storage.unusable"


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_quick_start_is_that_of_the_chosen_api(tenant, run, state, library):
    """The code names the API; the Python gives the same code; over HTTP there is nothing like it."""
    state.quick_start.library = library
    assert ORDERS in state.quick_start.code
    assert run(state.python, tenant)["_"].code == state.quick_start.code
    assert state.http == NO_REQUEST


def test_the_quick_start_of_an_hs256_api_names_where_its_secret_comes_from(tenant, state):
    """And holds none."""
    state.chosen = tenant.apis.get(STOCK).id
    secret = tenant.apis.get(STOCK).signing_secret
    assert state.quick_start.variable == "ORDERS_SIGNING_SECRET"
    assert secret.reveal() not in state.quick_start.code


TEXTS = st.sampled_from(
    ["", "a", "<", "read:a", "read:b", "https://a.example/", "0", "60", "soon", "half \ud800", "x" * 700, "{}'\""]
)


class Wandering(RuleBasedStateMachine):
    """Clicks and keys in any order, on two panels of one tenant."""

    def __init__(self):
        super().__init__()
        self.tenant = training_tenant()
        self.tenant.apis.create(name="Orders", identifier=ORDERS, scopes={"read:orders": ""})
        self.tenant.apis.create(identifier=STOCK, signing_alg="HS256")
        self.tenant.applications.create(name="Nightly report")
        self.state, self.other = ApisState(self.tenant), ApisState(self.tenant)

    @rule(number=st.integers(0, 9), view=st.integers(0, 4))
    def go(self, number, view):
        self.state.chosen = self.state.choices[number % len(self.state.choices)][1]
        self.state.view = view

    @rule(field=st.sampled_from(["name", "identifier"]), typed=TEXTS, hs256=st.booleans())
    def create(self, field, typed, hs256):
        self.state.begin()
        setattr(self.state.new, field, typed)
        self.state.new.signing_alg = "HS256" if hs256 else "RS256"
        self.state.new.submit()

    @rule(typed=TEXTS, field=st.sampled_from(["name", "token_lifetime"]), on=st.booleans())
    def settings(self, typed, field, on):
        setattr(self.state.settings, field, typed)
        setattr(self.state.settings, SKIP_CONSENT, on)
        self.state.settings.save()

    @rule(sure=st.booleans())
    def end(self, sure):
        self.state.settings.make_secret()
        self.state.settings.ask_delete()
        (self.state.settings.delete if sure else self.state.settings.keep)()

    @rule(value=TEXTS, description=TEXTS, remove=st.booleans())
    def scopes(self, value, description, remove):
        self.state.scopes.value, self.state.scopes.description = value, description
        self.state.scopes.add()
        if remove:
            self.state.scopes.remove()

    @rule(name=TEXTS, scope=st.integers(0, 3), on=st.booleans(), listed=TEXTS)
    def grants(self, name, scope, on, listed):
        self.state.grants.new_name, self.state.grants.listed = name, listed
        self.state.grants.create_application()
        if self.state.grants.scopes:
            self.state.grants.tick(self.state.grants.scopes[scope % len(self.state.grants.scopes)], on)
        self.state.grants.save()

    @rule()
    def withdraw(self):
        self.state.grants.withdraw()

    @rule(scope=TEXTS)
    def test(self, scope):
        self.state.test.scope = scope
        self.state.test.ask()

    @invariant()
    def panels_and_registry_agree(self):
        apis = list(self.tenant.apis)
        assert self.state.failure is None
        for state in (self.state, self.other):
            assert [value for _, value in state.choices] == [api.id for api in apis]
            assert state.api in apis and state.api.id == state.chosen
            for view in state.views:
                assert view.api == state.api
                assert view.python and view.http
            assert tuple(value for value, _ in state.scopes.rows) == state.api.scope_values
            grants = [one.client_id for one in self.tenant.client_grants if one.audience == state.api.identifier]
            assert state.grants.authorised == (state.grants.client_id in grants)
            assert state.test.issued == bool(state.test.token)

    def teardown(self):
        self.tenant.close()


TestWandering = Wandering.TestCase
TestWandering.settings = settings(
    max_examples=6, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
