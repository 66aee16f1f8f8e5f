"""The panel of all APIs as a view: it follows its state, escapes what it shows, and keeps secrets out of it."""

import json

import ipywidgets
import pytest
from ipywidgets.embed import embed_data

import authkit
from authkit import AuthKitError
from authkit.widgets.panels.api_scopes import MOST_ROWS
from authkit.widgets.states.apis import VIEWS

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"
MARKUP = "<script>alert('x')</script><img src=x onerror=alert(1)>&"


@pytest.fixture
def panel(tenant):
    return authkit.widgets.apis(tenant)


@pytest.fixture
def find(panel, inside):
    """A control by its label; of several, the one in the view that is named."""

    def control(description, view=""):
        box = next(widget for widget in inside(panel) if isinstance(widget, ipywidgets.Tab))
        root = box.children[VIEWS.index(view)] if view else panel
        return next(widget for widget in inside(root) if getattr(widget, "description", None) == description)

    return control


@pytest.fixture
def html(panel, inside):
    """All HTML of the panel."""
    return lambda: "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def test_the_list_follows_and_is_followed(tenant, panel, find):
    """Choosing there is choosing in the state, and the other way round."""
    chosen = find("This tenant’s APIs")
    stock = tenant.apis.get(STOCK)
    chosen.value = stock.id
    assert panel.state.api == stock and find("Name", "Settings").value == "Stock"
    panel.state.chosen = tenant.apis.get(ORDERS).id
    assert chosen.value == tenant.apis.get(ORDERS).id


def test_an_api_is_made_from_three_fields(tenant, panel, find, html):
    """And its Quick Start is open."""
    panel.state.view = VIEWS.index("Settings")
    find("Create API…").click()
    form = panel.state.new
    form.name = "Billing"
    form.identifier = "https://billing.example/"
    find("Signing algorithm").value = "HS256"
    find("Create").click()
    api = tenant.apis.get("https://billing.example/")
    assert (api.name, api.signing_alg) == ("Billing", "HS256")
    assert panel.state.view == 0 and "Created: Billing." in html() and "ORDERS_SIGNING_SECRET" in html()


def test_settings_are_saved_from_their_controls(tenant, find, html):
    """Every one of them."""
    find("Name", "Settings").value = "Sales"
    find("Token expiration (seconds)", "Settings").value = "60"
    find("Token dialect").value = "rfc9068_profile"
    for flag in ("Allow skipping user consent", "Allow offline access", "Enforce RBAC"):
        find(flag).value = True
    find("Save").click()
    api = tenant.apis.get(ORDERS)
    assert (api.name, api.token_lifetime, api.token_dialect) == ("Sales", 60, "rfc9068_profile")
    assert api.skip_consent_for_verifiable_first_party_clients and api.allow_offline_access and api.enforce_policies
    assert "Saved: name, token_lifetime" in html()


def test_what_cannot_be_changed_is_text(panel, inside, html):
    """With the reason; no control holds the identifier."""
    assert "These cannot be changed" in html()
    assert ORDERS not in [
        getattr(widget, "value", "") for widget in inside(panel) if not isinstance(widget, ipywidgets.HTML)
    ]


def test_the_system_api_is_locked(tenant, panel, find):
    """Its name, dialect and scopes; the rest is open."""
    panel.state.chosen = next(api.id for api in tenant.apis if api.is_system)
    for locked in ("Enforce RBAC", "Token dialect", "Delete API…"):
        assert find(locked).disabled
    assert find("Name", "Settings").disabled and not find("Token expiration (seconds)", "Settings").disabled
    panel.state.chosen = tenant.apis.get(ORDERS).id
    assert not find("Token dialect").disabled


def test_scopes_are_added_and_removed_from_their_controls(tenant, find, html):
    """The table follows."""
    find("New scope").value, find("Description").value = "write:orders", "Change orders"
    find("Add scope").click()
    assert "Change orders" in html() and find("New scope").value == ""
    find("Scope", "Scopes").value = "read:orders"
    find("Remove scope").click()
    assert tenant.apis.get(ORDERS).scope_values == ("write:orders",)


def test_a_long_list_of_scopes_is_folded(tenant, panel, html):
    """What is beyond eight."""
    tenant.apis.update(ORDERS, scopes={f"s{number}": "" for number in range(MOST_ROWS + 3)})
    panel.state.refresh()
    assert "and 3 more" in html()


def test_ticks_follow_the_grant_and_change_it(tenant, panel, find):
    """One box a scope, the others out of sight."""
    tenant.apis.update(ORDERS, scopes={"read:orders": "", "write:orders": ""})
    panel.state.refresh()
    assert find("read:orders").value and not find("write:orders").value
    find("write:orders").value = True
    find("Save scopes").click()
    assert next(iter(tenant.client_grants)).scope == ("read:orders", "write:orders")
    find("Withdraw").click()
    assert not find("read:orders").value and find("Authorise") and find("Withdraw").disabled


def test_an_application_is_created_where_there_is_none(tenant, panel, find, html):
    """From its name."""
    tenant.applications.delete(next(iter(tenant.applications)))
    panel.state.refresh()
    assert "No application yet" in html()
    find("New application").value = "Invoices"
    find("Create application").click()
    assert [one.name for one in tenant.applications] == ["Invoices"]


def test_the_refusing_rule_is_open_and_no_other(tenant, panel, find, html):
    """The sentence first, then the numbered rules."""
    find("Withdraw").click()
    panel.state.view = VIEWS.index("Test")
    find("Ask for a token").click()
    shown = html()
    assert "REFUSED: HTTP 403" in shown and shown.count("<details open=") == 1
    assert "4. " in shown.partition("<details open=")[2][:200]
    assert find("Application", "Test").options[0][0] == "Nightly report – not authorised"


def test_an_issued_token_is_shown_decoded(find, html):
    """Times readable, no rule open."""
    find("Ask for a token").click()
    assert "ISSUED: HTTP 200" in html() and "2026-01-06 09:00:00 UTC" in html() and "<details open=" not in html()


def test_deleting_asks_first(tenant, panel, find, html):
    """Inline, with what goes with it."""
    question = find("Yes, delete this API")
    question.click()
    assert tenant.apis.find(ORDERS) is not None
    find("Delete API…").click()
    assert "Delete Orders for good?" in html() and "1 client grant and 0 permissions" in html()
    find("Keep it").click()
    find("Delete API…").click()
    question.click()
    assert tenant.apis.find(ORDERS) is None and "Deleted: Orders" in html()


def test_nothing_that_was_typed_becomes_markup(tenant, panel, find, html):
    """Identifier, names, scopes and descriptions, before and after a click."""
    api = tenant.apis.create(identifier=MARKUP, scopes={"a": MARKUP})
    panel.state.chosen = api.id
    typed = {
        "Name": "Settings",
        "New scope": "Scopes",
        "Description": "Scopes",
        "New application": "Machine to Machine",
    }
    for label, view in {**typed, "Scope": "Test", "Token expiration (seconds)": "Settings"}.items():
        find(label, view).value = MARKUP
    for click in ("Save", "Add scope", "Create application", "Authorise", "Ask for a token", "Delete API…"):
        find(click).click()
        assert "<script" not in html() and "<img" not in html()
    assert "&lt;script" in html()


def test_no_secret_is_in_the_state_of_any_widget(tenant, panel, find, inside):
    """After every action that touches one: a new secret, a token of an HS256 API, its quick start."""
    panel.state.chosen = tenant.apis.get(STOCK).id
    old = tenant.apis.get(STOCK).signing_secret.reveal()
    find("Make a new secret").click()
    find("Ask for a token").click()
    secrets = [old, tenant.apis.get(STOCK).signing_secret.reveal(), "PRIVATE KEY"]
    secrets += [one.client_secret.reveal() for one in tenant.applications]
    exported = json.dumps(embed_data(views=[panel]))
    states = json.dumps([widget.get_state() for widget in inside(panel)], default=str)
    assert panel.state.test.issued and "Make a new secret" in exported
    for secret in secrets:
        assert secret not in exported and secret not in states


def test_every_control_is_plain_and_has_a_label(panel, inside):
    """None that a keyboard or a screen reader cannot use."""
    avoided = (ipywidgets.Accordion, ipywidgets.ToggleButtons, ipywidgets.Output)
    kinds = (ipywidgets.Text, ipywidgets.Textarea, ipywidgets.Dropdown, ipywidgets.Select, ipywidgets.RadioButtons)
    widgets = inside(panel)
    assert not [widget for widget in widgets if isinstance(widget, avoided)]
    assert all(widget.description for widget in widgets if isinstance(widget, kinds))


def test_it_describes_itself_in_one_line(panel):
    """No identifier of a widget, no address."""
    assert repr(panel) == "APIs panel of the tenant https://training.authkit.example/"


def test_it_can_start_with_an_api(tenant):
    """By identifier; one that is not there is one clear error."""
    assert authkit.widgets.apis(tenant, STOCK).state.api == tenant.apis.get(STOCK)
    with pytest.raises(AuthKitError) as refused:
        authkit.widgets.apis(tenant, "nope")
    assert refused.value.code == "id.unknown"
