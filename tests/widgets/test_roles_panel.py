"""The roles panel as a view: ticks follow the tenant, names are text, a password stays nowhere."""

import json

import ipywidgets
import pytest

import authkit
from authkit import Secret
from authkit.widgets.states.roles_code import LOGIN

MARKUP = "&<img src=x onerror=alert(1)>"
ORDERS = "https://orders.example/"


@pytest.fixture
def panel(tenant):
    tenant.apis.update(ORDERS, enforce_policies=True)
    tenant.applications.create(**LOGIN)
    tenant.users.create(email="ada@example.com", password="correct horse battery")
    tenant.roles.create(name="Clerk")
    return authkit.widgets.roles(tenant)


def control(panel, inside, description):
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def html(panel, inside):
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def test_a_tick_is_named_by_a_sentence_and_changes_the_token(tenant, panel, inside):
    """Two ticks and the user has the permission; the change is marked by word and sign."""
    assert "Gets no permission" in html(panel, inside)
    control(panel, inside, "Clerk may read:orders").value = True
    control(panel, inside, "ada@example.com has the role Clerk").value = True
    assert tenant.users.permissions_for("ada@example.com", ORDERS) == ("read:orders",)
    assert "Gets: read:orders" in html(panel, inside) and "+ appears" in html(panel, inside)
    control(panel, inside, "ada@example.com has the role Clerk").value = False
    shown = html(panel, inside)
    assert "– falls away" in shown and "before: read:orders" in shown
    assert "still says what it said" in shown and "24 hours" in shown


def test_a_tick_that_was_refused_is_put_back(tenant, panel, inside):
    """The box shows what is stored, and the panel says why."""
    box = control(panel, inside, "Clerk may read:orders")
    tenant.close()
    box.value = True
    assert "storage.closed" in html(panel, inside) and not box.value


def test_a_setting_is_a_click(tenant, panel, inside):
    """RBAC and dialect, with their effect in words."""
    control(panel, inside, "RBAC").value = False
    control(panel, inside, "Dialect").value = "rfc9068_profile_authz"
    api = tenant.apis.get(ORDERS)
    assert (api.enforce_policies, api.token_dialect) == (False, "rfc9068_profile_authz")
    assert "all that is asked for" in html(panel, inside) and "As RFC 9068 has it" in html(panel, inside)
    tenant.apis.update(ORDERS, enforce_policies=True)
    panel.state.refresh()
    assert control(panel, inside, "RBAC").value


def test_a_password_goes_to_the_tenant_and_stays_nowhere(tenant, panel, inside):
    """Emptied at the click, also where the tenant refuses."""
    password = control(panel, inside, "Password")
    for email in ("nobody", "grace@example.com"):
        control(panel, inside, "New user").value = email
        password.value = "a secret of mine"
        control(panel, inside, "Create user").click()
        assert password.value == ""
        assert "a secret of mine" not in json.dumps(ipywidgets.Widget.get_manager_state(), default=str)
    assert tenant.users.authenticate("grace@example.com", "a secret of mine") is not None


def test_the_search_is_there_when_it_is_needed(tenant, panel, inside):
    """Beyond six; a cell that is shown again is the same one."""
    find = control(panel, inside, "Find")
    field = next(box for box in inside(panel) if isinstance(box, ipywidgets.VBox) and find in box.children)
    assert field.layout.display == "none"
    for number in range(8):
        tenant.roles.create(name=f"Team {number}")
    panel.state.refresh()
    assert field.layout.display is None and "9 roles" in html(panel, inside)
    before = control(panel, inside, "Clerk may read:orders")
    find.value = "team 6"
    assert control(panel, inside, "Team 6 may read:orders") is before
    find.value = ""
    assert before.description == "Clerk may read:orders"


def test_names_are_text(tenant, panel, inside):
    """Of permissions, of users, and what is typed."""
    tenant.apis.update(ORDERS, scopes={MARKUP.replace(" ", "/"): MARKUP})
    tenant.apis.create(identifier=MARKUP)
    tenant.roles.create(name="&amp;")
    panel.state.refresh()
    for name in ("New role", "New user", "Scopes", "Find"):
        control(panel, inside, name).value = MARKUP
    control(panel, inside, "Create role").click()
    control(panel, inside, "Create user").click()
    panel.state.api_id = tenant.apis.get(MARKUP).id
    assert "<img" not in html(panel, inside)
    assert "&amp;amp;" in html(panel, inside)


def test_half_a_surrogate_pair_can_be_sent_back(panel, inside):
    """Whatever a browser sends, the panel goes on."""
    for name in ("New role", "New user", "Scopes", "Find"):
        control(panel, inside, name).value = "half \ud800"
    control(panel, inside, "Create role").click()
    html(panel, inside).encode()


def test_every_control_has_a_label_and_no_secret(tenant, panel, inside):
    """Native ones; and nothing that a keyboard cannot use."""
    kinds = (ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.Checkbox)
    controls = [widget for widget in inside(panel) if isinstance(widget, kinds)]
    assert len(controls) == 11 and all(widget.description for widget in controls)
    panel.state.create_user(Secret("correct horse battery"))
    exported = json.dumps([widget.get_state() for widget in inside(panel)], default=str)
    secrets = [one.client_secret.reveal() for one in tenant.applications if one.client_secret]
    assert secrets and not any(secret in exported for secret in secrets)


def test_it_describes_itself(tenant, panel):
    """In one line; and it can start with a named API."""
    assert repr(panel) == "Roles panel of the tenant https://training.authkit.example/"
    assert authkit.widgets.roles(tenant, "https://stock.example/").state.api.name == "Stock"
