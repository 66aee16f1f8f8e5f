"""The keys panel in a real JupyterLab: rotated, verified by a client over real HTTP, revoked."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
app = tenant.applications.create(name="Nightly report")
grant = tenant.client_grants.create(app, orders, ["read:orders"])"""
KEYS = "authkit.widgets.keys(tenant)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_keys_and_jwks(lab, page, off_machine):
    """By keyboard first, then by mouse to the revoked key; its size, and axe with everything unfolded."""
    lab.write_notebook("keys.ipynb", SET_UP, KEYS)
    lab.open_notebook(page, "keys.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-keys")
    expect(panel.get_by_role("button", name="Revoke previous")).to_be_disabled()

    panel.get_by_role("button", name="Rotate").focus()
    page.keyboard.press("Tab")  # over the button that waits
    expect(panel.get_by_role("button", name="Issue a token")).to_be_focused()
    page.keyboard.press("Space")
    expect(row(panel, "key 1, current")).to_contain_text("not asked")
    expect(panel.get_by_role("button", name="Client verifies")).to_be_enabled()
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Client verifies")).to_be_focused()
    page.keyboard.press("Space")
    # the first time the web framework has to be loaded
    expect(panel).to_contain_text("The client fetched the JWKS once.", timeout=30_000)
    expect(row(panel, "key 1, current")).not_to_contain_text("not asked")
    panel.get_by_role("button", name="Rotate").focus()
    page.keyboard.press("Space")
    expect(panel).to_contain_text("Key 2 signs now.")

    panel.get_by_role("button", name="Issue a token").click()
    expect(row(panel, "key 2, current")).to_contain_text("refused by signature")
    panel.get_by_role("button", name="Client verifies").click()
    expect(panel).to_contain_text("its cache was enough")
    panel.get_by_role("button", name="Revoke previous").click()
    expect(row(panel, "key 1, revoked")).to_contain_text("refused by key")
    expect(row(panel, "key 1 _")).to_contain_text("previous, then revoked")
    panel.get_by_role("button", name="Rotate").click()
    expect(panel).to_contain_text("Key 3 signs now.")
    size, times = panel.bounding_box(), panel.locator(".authkit-times").bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520
    assert times["height"] <= 125

    panel.get_by_role("button", name="Paste current PEM").click()
    expect(panel).to_contain_text("pasted PEM: key 3")
    for fold in ("the JWKS as served", "the code"):
        panel.get_by_role("button", name=f"Show {fold}").click()
    expect(panel).to_contain_text("GET /pem")
    found = Axe().run(page, context=".authkit-keys", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()

    panel.get_by_role("button", name="Reset").click()
    expect(panel).to_contain_text("No token yet")
    assert off_machine == []


def row(panel, name):
    """The row whose cells begin like this."""
    return panel.get_by_role("row", name=name)
