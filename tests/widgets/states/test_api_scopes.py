"""The scopes of an API, without a view: one more, one less, the whole list sent each time."""

import pytest

from authkit import ClientCredentials
from authkit.widgets.states.apis import VIEWS, ApisState

ORDERS = "https://orders.example/"

BAD = [
    ("value", "", "scopes.empty"),
    ("value", "two words", "scopes.forbidden_character"),
    ("value", "openid", "scopes.reserved"),
    ("value", "read:orders", "scopes.duplicate"),
    ("value", "s" * 281, "scopes.too_long"),
    ("value", "half\ud800", "scopes.not_text"),
    ("description", "half \ud800", "scopes.not_text"),
]


@pytest.fixture
def panel(tenant):
    panel = ApisState(tenant)
    panel.view = VIEWS.index("Scopes")
    return panel


@pytest.fixture
def state(panel):
    return panel.scopes


def test_a_scope_is_added_and_the_whole_list_is_sent(tenant, twin, run, send, state):
    """Click, Python and request do the same; the fields are empty for the next."""
    state.value, state.description = "write:orders", "Change orders"
    state.add()
    assert tenant.apis.get(ORDERS).scope_values == ("read:orders", "write:orders")
    assert (state.value, state.description, state.shown) == ("", "", {})
    assert state.done.startswith("Added: write:orders")
    assert "read:orders" in state.python and "read:orders" in state.http
    run(state.python, twin)
    assert twin.apis.get(ORDERS) == tenant.apis.get(ORDERS)
    twin.apis.update(ORDERS, scopes=[])
    assert send(state.http, twin)[0].status_code == 200
    assert twin.apis.get(ORDERS) == tenant.apis.get(ORDERS)


@pytest.mark.parametrize(("field", "typed", "code"), BAD)
def test_a_bad_scope_is_named_under_its_field(tenant, state, field, typed, code):
    """Nothing is stored."""
    state.value = "write:orders"
    setattr(state, field, typed)
    state.add()
    assert {name: line.code for name, line in state.shown.items()} == {field: code}
    assert tenant.apis.get(ORDERS).scope_values == ("read:orders",)


def test_an_untouched_form_is_not_told_off(state):
    """The empty value is no fault yet."""
    assert state.shown == {} and not state.ready


def test_a_scope_is_removed_and_grants_that_name_it_are_counted(tenant, twin, run, send, state):
    """What they name has no effect any more."""
    state.remove()
    assert tenant.apis.get(ORDERS).scopes == ()
    assert "1 client grant still names it" in state.done
    app = next(iter(tenant.applications))
    assert tenant.request_token(ClientCredentials(app, audience=ORDERS)).scope == ""
    run(state.python, twin)
    assert twin.apis.get(ORDERS).scopes == ()
    twin.apis.update(ORDERS, scopes={"read:orders": "Read orders"})
    assert send(state.http, twin)[0].status_code == 200 and twin.apis.get(ORDERS).scopes == ()


def test_removing_from_an_empty_list_does_nothing(tenant, state):
    """There is nothing to choose."""
    tenant.apis.update(ORDERS, scopes=[])
    state.remove()
    assert tenant.apis.get(ORDERS).scopes == ()


def test_reset_empties_the_fields(state):
    """And takes back what was said."""
    state.value = "openid"
    state.reset()
    assert (state.value, state.shown, state.done) == ("", {}, "")


def test_the_system_api_keeps_its_scopes(tenant, panel, state):
    """Neither click does anything."""
    panel.chosen = next(api.id for api in tenant.apis if api.is_system)
    before = tenant.apis.get(panel.chosen)
    state.value = "mine"
    state.add()
    state.remove()
    assert state.protected and tenant.apis.get(panel.chosen) == before


def test_a_scope_that_was_made_in_a_cell_stays(tenant, state):
    """The list that is sent is made of what is stored at the click, and not of what stood here before."""
    tenant.apis.update(ORDERS, scopes={"read:orders": "Read orders", "write:orders": "made in a cell"})
    state.value = "delete:orders"
    state.add()
    assert tenant.apis.get(ORDERS).scope_values == ("read:orders", "write:orders", "delete:orders")
    tenant.apis.update(ORDERS, scopes={"read:orders": "", "list:orders": ""})
    state.selected = "read:orders"
    state.remove()
    assert tenant.apis.get(ORDERS).scope_values == ("list:orders",)
