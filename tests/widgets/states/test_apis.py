"""The list of APIs, without a view: which is chosen, a new one, and that panels and registry agree."""

import pytest

from authkit.explore.quick_start import LIBRARIES
from authkit.widgets.states.api_code import NO_REQUEST
from authkit.widgets.states.apis import VIEWS, ApisState

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
    assert state.failure is not None and state.failure.code == "storage.closed"
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
        assert view.failure is not None and view.failure.code == "storage.closed"


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
