"""Machine to machine, without a view: authorise, restrict, withdraw, create an application."""

import pytest

from authkit.widgets.states.api_grants import MOST_BOXES
from authkit.widgets.states.apis import VIEWS, ApisState

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"


@pytest.fixture
def panel(tenant):
    panel = ApisState(tenant)
    panel.view = VIEWS.index("Machine to Machine")
    return panel


@pytest.fixture
def state(panel):
    return panel.grants


@pytest.fixture
def app(tenant):
    return next(iter(tenant.applications))


def test_only_applications_with_the_grant_type_are_listed(tenant, panel, state):
    """One in a browser, which keeps no secret, is not."""
    tenant.applications.create(name="Map", app_type="spa")
    tenant.applications.create(name="Shop", app_type="regular_web")
    panel.refresh()
    assert state.rows == (("Nightly report", True, "read:orders"), ("Shop", False, ""))


def test_an_application_is_restricted_to_a_subset(tenant, twin, run, send, panel, state, app):
    """Click, Python and request do the same."""
    for one in (tenant, twin):
        one.apis.update(ORDERS, scopes={"read:orders": "", "write:orders": ""})
    panel.refresh()
    state.tick("write:orders", True)
    state.tick("read:orders", False)
    assert state.action == "Save scopes"
    state.save()
    grant = tenant.client_grants.between(app.client_id, ORDERS)
    assert grant.scope == ("write:orders",) and "write:orders" in state.done
    run(state.python, twin)
    assert twin.client_grants.between(app.client_id, ORDERS) == grant
    twin.client_grants.update(grant, scope=[])
    assert send(state.http, twin)[0].status_code == 200
    assert twin.client_grants.between(app.client_id, ORDERS) == grant


def test_an_application_is_withdrawn_and_authorised_again(tenant, twin, run, send, state, app):
    """Each as click, Python and request."""
    state.withdraw()
    assert tenant.client_grants.between(app.client_id, ORDERS) is None
    assert not state.authorised and state.action == "Authorise" and state.ticked == ()
    assert "until they expire" in state.done
    run(state.python, twin)
    assert twin.client_grants.between(app.client_id, ORDERS) is None
    state.tick("read:orders", True)
    state.save()
    made = tenant.client_grants.between(app.client_id, ORDERS)
    assert made.scope == ("read:orders",) and state.authorised
    assert send(state.http, twin)[0].status_code == 201
    assert twin.client_grants.between(app.client_id, ORDERS) == made


def test_the_request_withdraws(twin, send, state, app):
    """204, and the grant is gone."""
    state.withdraw()
    assert send(state.http, twin)[0].status_code == 204
    assert twin.client_grants.between(app.client_id, ORDERS) is None


def test_a_second_withdrawal_does_nothing(state):
    """There is no grant to end."""
    state.withdraw()
    said = state.done
    state.withdraw()
    assert state.done == said


def test_many_scopes_are_a_list_of_text(tenant, panel, state, app):
    """Each must be one of the API's."""
    tenant.apis.update(ORDERS, scopes={f"s{number}": "" for number in range(MOST_BOXES + 1)})
    panel.refresh()
    assert state.as_text
    state.listed = "s1 nope"
    state.save()
    assert state.shown["listed"].code == "scope.unknown"
    state.listed = " s8\ns1 s1"
    state.save()
    assert tenant.client_grants.between(app.client_id, ORDERS).scope == ("s8", "s1")


def test_without_an_application_one_is_created(tenant, twin, run, send, panel, state, app):
    """And chosen, not yet authorised."""
    tenant.applications.delete(app)
    panel.refresh()
    assert (state.client_id, state.rows) == ("", ())
    state.save()
    state.withdraw()
    state.new_name = "Invoices"
    state.create_application()
    made = tenant.applications.get(state.client_id)
    assert (made.name, made.app_type, state.authorised, state.new_name) == ("Invoices", "non_interactive", False, "")
    run(state.python, twin)
    assert "Invoices" in [one.name for one in twin.applications]
    assert send(state.http, twin)[0].status_code == 201


@pytest.mark.parametrize("typed", ["", "a<b", "n" * 201, "half \ud800"])
def test_a_bad_name_is_named_under_its_field(tenant, state, typed):
    """Nothing is created."""
    assert state.shown == {}
    state.new_name = typed
    state.create_application()
    assert "new_name" in state.shown and len(tenant.applications) == 1


def test_choosing_another_application_shows_its_grant(tenant, panel, state, app):
    """What was ticked for the first is not carried over."""
    other = tenant.applications.create(name="Other")
    panel.refresh()
    state.tick("read:orders", False)
    state.client_id = other.client_id
    assert not state.authorised
    state.client_id = app.client_id
    assert state.ticked == ("read:orders",)


def test_reset_brings_back_what_is_granted(state):
    """Ticks and name."""
    state.tick("read:orders", False)
    state.new_name = "<"
    state.reset()
    assert (state.ticked, state.new_name, state.shown) == (("read:orders",), "", {})


def test_another_panel_is_heard_of(tenant, state, app):
    """Its grant is shown here."""
    other = ApisState(tenant).grants
    other.withdraw()
    assert not state.authorised and state.ticked == ()
