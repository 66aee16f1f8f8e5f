"""The stepper in a real JupyterLab: by keyboard to the token, consent asked and given, a thief found out."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()"""
FLOWS = "authkit.widgets.flows(tenant)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_flows_message_by_message(lab, page, off_machine):
    """What is lacking is created; every flow to its end; its size, and axe with everything unfolded."""
    lab.write_notebook("flows.ipynb", SET_UP, FLOWS)
    lab.open_notebook(page, "flows.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-flows")
    press = Presser(panel)
    press("Create what is lacking")
    expect(panel).to_contain_text("Created: the API Orders, the application Nightly report")

    panel.get_by_role("button", name="Next").focus()
    at = panel.get_by_role("button", name="Next").bounding_box()
    for title in ("1. Token request", "2. Token response", "3. API call", "4. Keys", "5. API’s answer"):
        page.keyboard.press("Space")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
        assert panel.get_by_role("button", name="Next").bounding_box() == at
    expect(panel.get_by_role("button", name="Next")).to_be_disabled()
    expect(panel).to_contain_text("Verified by the API itself")

    panel.get_by_label("Flow").select_option("Authorization code with PKCE")
    press("Create what is lacking")
    expect(panel).to_contain_text("the user ada@example.com")
    for title in ("1. App", "2. Authorization request"):
        press("Next")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520
    expect(panel.get_by_role("img", name="The message goes from browser to tenant.")).to_be_visible()
    for title in ("3. Login", "4. Consent"):
        press("Next")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
    expect(panel.get_by_role("button", name="Next")).to_be_disabled()
    panel.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Space")
    expect(panel.locator("[aria-current]")).to_contain_text("5. Back with a code")
    for title in ("6.", "7.", "8.", "9.", "10."):
        press("Next")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
    expect(panel).to_contain_text("the user who logged in")
    press("Back")
    expect(panel.locator("[aria-current]")).to_contain_text("9.")
    expect(panel).to_contain_text("✔ 10. Answer")

    panel.get_by_label("Flow").select_option("Refresh, and a thief")
    for title in ("1.", "2.", "3.", "4.", "5."):
        press("Next")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
    expect(panel).to_contain_text("✘ revoked: none of them works")
    expect(panel).to_contain_text("ferrt")
    for title in ("6.", "7.", "8."):
        size = panel.bounding_box()
        assert size["width"] <= 900 and size["height"] <= 520
        press("Next")
        expect(panel.locator("[aria-current]")).to_contain_text(title)
    expect(panel).to_contain_text("the API does not ask the tenant")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520

    for fold in ("the rules behind it", "the code"):
        press(f"Show {fold}")
    expect(panel).to_contain_text("grant_type=refresh_token")
    found = Axe().run(page, context=".authkit-flows", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
    press("Restart")
    expect(panel).to_contain_text("Not begun")
    assert off_machine == []


class Presser:
    """Presses buttons of a panel by their names."""

    def __init__(self, panel):
        self._panel = panel

    def __call__(self, name):
        self._panel.get_by_role("button", name=name, exact=not name.startswith("Show")).click()
