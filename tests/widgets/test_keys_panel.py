"""The keys panel as a view: it follows its state, escapes what it shows, and holds no private key."""

import json
import re

import ipywidgets
import pytest
from ipywidgets.embed import embed_data

import authkit
from authkit import AuthKitError

MARKUP = "&<img src=x onerror=alert(1)>"


@pytest.fixture
def panel(tenant):
    return authkit.widgets.keys(tenant)


def control(panel, inside, description):
    return next(widget for widget in inside(panel) if getattr(widget, "description", None) == description)


def html(panel, inside):
    return "".join(widget.value for widget in inside(panel) if isinstance(widget, ipywidgets.HTML))


def press(panel, inside, *names):
    for name in names:
        control(panel, inside, name).click()


def row(panel, inside, head):
    """The words of a row, without markup."""
    [found] = re.findall(rf"<tr[^>]*>(?:(?!</tr>).)*?{head}.*?</tr>", html(panel, inside))
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


def test_the_timeline_is_a_table_that_can_be_read_aloud(tenant, panel, inside):
    """A row a key, a column a rotation, the place in words."""
    press(panel, inside, "Rotate")
    assert row(panel, inside, "key 1 ").endswith("current previous")
    assert row(panel, inside, "key 2 ").endswith("next current")
    press(panel, inside, "Revoke previous")
    assert row(panel, inside, "key 1 ").endswith("current previous, then revoked")
    press(panel, inside, "Rotate", "Rotate")
    assert row(panel, inside, "key 2 ").endswith("current previous ✘ revoked")


def test_a_revocation_needs_a_previous_key(panel, inside):
    """Until then its button waits."""
    revoke = control(panel, inside, "Revoke previous")
    assert revoke.disabled
    press(panel, inside, "Rotate")
    assert not revoke.disabled
    press(panel, inside, "Revoke previous")
    assert revoke.disabled


def test_tokens_by_keys(panel, inside):
    """Three clients, three outcomes, with the check that refused."""
    press(panel, inside, "Issue a token", "Rotate", "Issue a token", "Client verifies", "Revoke previous")
    assert row(panel, inside, "key 1, revoked") == "key 1, revoked ✘ refused by key ✔ accepted ✔ accepted"
    assert row(panel, inside, "key 2, current") == "key 2, current ✔ accepted ✔ accepted ✘ refused by signature"
    press(panel, inside, "Paste current PEM")
    assert row(panel, inside, "key 2, current") == "key 2, current ✔ accepted ✔ accepted ✔ accepted"


def test_the_counters_of_the_client_are_shown(panel, inside):
    """Fetches, look-ups that needed none, unknown keys."""
    press(panel, inside, "Issue a token", "Client verifies", "Client verifies")
    assert row(panel, inside, "fetches of the JWKS").endswith(" 1")
    assert row(panel, inside, "answered by the cache").endswith(" 1")
    assert row(panel, inside, "unknown kid, not fetched").endswith(" 0")


def test_what_cannot_be_done_is_said(panel, inside):
    """In the panel, with the repair."""
    press(panel, inside, "Client verifies")
    assert "NOT DONE" in html(panel, inside) and "keys.no_token" in html(panel, inside)
    press(panel, inside, "Issue a token")
    assert "NOT DONE" not in html(panel, inside)


def test_the_jwks_is_shown_as_served(tenant, panel, inside):
    """Byte for byte as JSON of the same value; a revoked key is gone from it."""
    kid = tenant.keys.current.kid
    block = next(w for w in inside(panel) if isinstance(w, ipywidgets.HTML) and "The JWKS as served" in w.value)
    assert kid in block.value
    press(panel, inside, "Rotate", "Revoke previous")
    assert kid not in block.value and tenant.keys.current.kid in block.value


def test_a_name_that_is_markup_is_text(tenant, panel, inside):
    """An API is called what its owner likes."""
    odd = tenant.apis.create(identifier=MARKUP)
    tenant.client_grants.delete(next(iter(tenant.client_grants)))
    tenant.client_grants.create(next(iter(tenant.applications)), odd)
    press(panel, inside, "Issue a token", "Client verifies")
    assert "&lt;img" in html(panel, inside) and "<img" not in html(panel, inside)


def test_no_private_key_is_in_the_state_of_any_widget(panel, inside):
    """After every click."""
    press(panel, inside, "Issue a token", "Client verifies", "Rotate", "Revoke previous", "Paste current PEM", "Reset")
    shown = json.dumps(embed_data(views=[panel]))
    shown += json.dumps([widget.get_state() for widget in inside(panel)], default=str)
    assert "Rotate" in shown
    assert "PRIVATE" not in shown and "&quot;d&quot;" not in shown


def test_two_panels_on_one_tenant_agree(tenant, panel, inside):
    """What one rotates, the other shows."""
    other = authkit.widgets.keys(tenant)
    press(panel, inside, "Rotate")
    assert other.state.times == panel.state.times
    assert row(other, inside, "key 2 ").endswith("next current")


def test_it_describes_itself_in_one_line(panel):
    """As text in a saved notebook."""
    assert repr(panel) == "Keys and JWKS panel of the tenant https://training.authkit.example/"


def test_a_wrong_argument_is_one_clear_error():
    """Said at once."""
    with pytest.raises(AuthKitError) as refused:
        authkit.widgets.keys("tenant")
    assert refused.value.code == "panel.no_tenant"
