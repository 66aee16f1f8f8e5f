"""The settings of an API, without a view: every change, every refusal, its secret and its end."""

import pytest

from authkit.widgets.states.api_settings import counted
from authkit.widgets.states.apis import VIEWS, ApisState
from authkit.widgets.states.create_api import SKIP_CONSENT

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"

CHANGES = [
    ("name", "Sales", "Sales"),
    ("token_lifetime", "3600", 3600),
    (SKIP_CONSENT, True, True),
    ("allow_offline_access", True, True),
    ("enforce_policies", True, True),
    ("token_dialect", "rfc9068_profile", "rfc9068_profile"),
]
BAD = [
    ("name", "", "name.empty"),
    ("name", "a<b", "name.forbidden_character"),
    ("name", "n" * 201, "name.too_long"),
    ("name", "half \ud800", "name.not_text"),
    ("token_lifetime", "", "token_lifetime.not_a_whole_number"),
    ("token_lifetime", "soon", "token_lifetime.not_a_whole_number"),
    ("token_lifetime", "-1", "token_lifetime.too_small"),
    ("token_lifetime", "2592001", "token_lifetime.too_large"),
]


@pytest.fixture
def panel(tenant):
    panel = ApisState(tenant)
    panel.view = VIEWS.index("Settings")
    return panel


@pytest.fixture
def state(panel):
    return panel.settings


@pytest.fixture
def stock(panel, tenant):
    """The settings of an HS256 API."""
    panel.chosen = tenant.apis.get(STOCK).id
    return panel.settings


@pytest.mark.parametrize(("field", "typed", "stored"), CHANGES)
def test_a_change_is_saved_and_the_code_does_the_same(tenant, twin, run, state, field, typed, stored):
    """One field changed, the others left out of the code."""
    setattr(state, field, typed)
    assert state.ready
    state.save()
    assert getattr(tenant.apis.get(ORDERS), field) == stored
    assert field in state.done and state.failure is None and not state.ready
    run(state.python, twin)
    assert twin.apis.get(ORDERS) == tenant.apis.get(ORDERS)


def test_the_request_does_the_same_as_the_click(tenant, twin, send, state):
    """With every setting changed at once."""
    for field, typed, _ in CHANGES:
        setattr(state, field, typed)
    state.save()
    assert send(state.http, twin)[0].status_code == 200
    assert twin.apis.get(ORDERS) == tenant.apis.get(ORDERS)


@pytest.mark.parametrize(("field", "typed", "code"), BAD)
def test_a_bad_value_is_named_under_its_field(tenant, state, field, typed, code):
    """Nothing is stored."""
    before = tenant.apis.get(ORDERS)
    setattr(state, field, typed)
    assert {name: line.code for name, line in state.shown.items()} == {field: code}
    state.save()
    assert tenant.apis.get(ORDERS) == before and state.done == ""


def test_an_untouched_form_changes_nothing(tenant, run, send, state):
    """Its code is that of reading."""
    state.save()
    assert state.done == "Nothing to save: this is what is stored." and not state.ready
    assert run(state.python, tenant)["_"] == tenant.apis.get(ORDERS)
    assert send(state.http, tenant)[0].json()["identifier"] == ORDERS


def test_reset_brings_back_what_is_stored(state):
    """And says nothing more."""
    state.name, state.token_lifetime = "<", "60"
    state.reset()
    assert (state.name, state.token_lifetime, state.shown) == ("Orders", "86400", {})


def test_what_another_panel_changed_is_taken_over_beside_what_is_typed(tenant, state):
    """The reader's half-typed name stays."""
    other = ApisState(tenant).settings
    state.name = "Half"
    other.token_lifetime = "60"
    other.save()
    assert (state.name, state.token_lifetime) == ("Half", "60")


def test_an_rs256_api_has_no_secret_to_make_anew(tenant, state):
    """The click does nothing."""
    state.make_secret()
    assert not state.symmetric and state.done == "" and tenant.apis.get(ORDERS).signing_secret is None


def test_a_new_secret_replaces_the_old_one(tenant, twin, run, send, stock):
    """It says what to redeploy; no secret is in the code, and the code does the same."""
    old = tenant.apis.get(STOCK).signing_secret
    stock.make_secret()
    new = tenant.apis.get(STOCK).signing_secret
    assert new != old and "Redeploy" in stock.done
    assert new.reveal() not in stock.python + stock.http + stock.done
    run(stock.python, twin)
    made = twin.apis.get(STOCK).signing_secret
    assert made != old and len(made) == len(new)
    assert send(stock.http.replace("NEW_SIGNING_SECRET", "s" * 43), twin)[0].status_code == 200
    assert twin.apis.get(STOCK).signing_secret.matches("s" * 43)


def test_a_new_secret_is_the_same_on_every_machine(tenant, twin):
    """On a training tenant: drawn from its own chance."""
    for one in (tenant, twin):
        ApisState(one, one.apis.get(STOCK).id).settings.make_secret()
    assert tenant.apis.get(STOCK) == twin.apis.get(STOCK)


def test_an_api_goes_only_after_a_question(tenant, state):
    """Which says what goes with it; no is no."""
    role = tenant.roles.create(name="Clerk")
    tenant.roles.add_permissions(role, ORDERS, ["read:orders"])
    state.delete()
    state.ask_delete()
    assert state.confirming and state.goes_with == (1, 1)
    assert counted(1, 1) == "1 client grant and 1 permission of roles and users"
    state.keep()
    assert not state.confirming and tenant.apis.find(ORDERS)


def test_deleting_shows_another_api_and_what_was_done(tenant, twin, run, send, panel, state):
    """With the code of it."""
    state.ask_delete()
    state.delete()
    assert tenant.apis.find(ORDERS) is None and not len(
        list(one for one in tenant.client_grants if one.audience == ORDERS)
    )
    assert panel.note == "Deleted: Orders, with 1 client grant and 0 permissions of roles and users."
    assert panel.api == tenant.apis.get(STOCK)
    assert send(panel.http, twin)[0].status_code == 204 and twin.apis.find(ORDERS) is None
    twin.apis.create(identifier=ORDERS)
    run(panel.python, twin)
    assert twin.apis.find(ORDERS) is None


def test_of_the_system_api_little_can_be_changed(tenant, twin, send, panel, state):
    """What the Management API refuses is not offered either."""
    panel.chosen = next(api.id for api in tenant.apis if api.is_system)
    assert state.protected
    state.name, state.enforce_policies, state.token_lifetime = "Mine", True, "7200"
    state.save()
    system = tenant.apis.get(panel.chosen)
    assert (system.name, system.enforce_policies, system.token_lifetime) == ("Management API", None, 7200)
    assert send(state.http, twin)[0].status_code == 200
    state.ask_delete()
    assert not state.confirming


def test_more_goes_with_it_than_was_asked_about(tenant, panel, state):
    """Then it is asked again, with the numbers of now."""
    state.ask_delete()
    tenant.client_grants.create(tenant.applications.create(name="Another"), ORDERS, [])
    state.delete()
    assert tenant.apis.find(ORDERS) is not None and state.confirming and state.goes_with == (2, 0)
    state.delete()
    assert tenant.apis.find(ORDERS) is None and panel.note == f"Deleted: Orders, with {counted(2, 0)}."


def test_what_a_cell_stored_meanwhile_is_what_typing_is_held_against(tenant, state):
    """The number that stood here before is a change by now, and is saved as one."""
    tenant.apis.update(ORDERS, token_lifetime=600)
    state.token_lifetime = "7200"
    state.token_lifetime = "86400"
    state.save()
    assert tenant.apis.get(ORDERS).token_lifetime == 86400 and state.done.startswith("Saved: token_lifetime")


def test_an_api_that_was_deleted_elsewhere_is_left_with_a_word(tenant, panel, state):
    """At the next click: the panel moves on to another API and says why."""
    tenant.apis.delete(ORDERS)
    state.name = "Sales"
    assert state.failure.code == "api.gone" and "deleted elsewhere" in state.failure.message
    state.make_secret()
    panel.refresh()
    assert panel.api.identifier != ORDERS and panel.gone == "Orders was deleted elsewhere."
