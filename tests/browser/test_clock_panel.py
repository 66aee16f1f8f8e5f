"""The clock strip in a real JupyterLab: a click moves the time of every panel on the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
app = tenant.applications.create(name="Nightly report")
grant = tenant.client_grants.create(app, orders, ["read:orders"])
token = tenant.request_token(authkit.ClientCredentials(app, audience=orders.identifier)).access_token"""
CLOCK = "authkit.widgets.clock(tenant)"
DEBUGGER = "authkit.widgets.debugger(tenant, orders, token)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_the_clock_strip(lab, page, off_machine):
    """Its size, its buttons, the debugger that follows, a refused number, the keyboard, and axe."""
    lab.write_notebook("clock.ipynb", SET_UP, CLOCK, DEBUGGER)
    lab.open_notebook(page, "clock.ipynb")
    lab.run_all(page)
    clock, debugger = page.locator(".authkit-clock"), page.locator(".authkit-debugger")
    expect(clock).to_contain_text("2026-01-05 09:00:00 UTC = NumericDate 1767603600")
    size = clock.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 80

    clock.get_by_role("button", name="Just before exp").click()
    expect(clock).to_contain_text("The newest token expires in 1 second.")
    expect(debugger).to_contain_text("ACCEPTED")
    clock.get_by_role("button", name="At exp").click()
    expect(clock).to_contain_text("2026-01-06 09:00:00 UTC")
    expect(debugger).to_contain_text("exp.expired")
    clock.get_by_role("button", name="Reset").click()
    expect(debugger).to_contain_text("ACCEPTED")

    seconds = clock.get_by_label("Seconds to advance")
    seconds.fill("-5")
    seconds.press("Tab")
    expect(clock).to_contain_text("A clock is advanced by a positive span of time")
    assert clock.bounding_box()["height"] <= 104  # one line more, where a problem needs two

    seconds.focus()
    seconds.fill("90000")
    page.keyboard.press("Tab")
    expect(clock.get_by_role("button", name="Advance")).to_be_focused()
    page.keyboard.press("Space")
    expect(clock).to_contain_text("2026-01-06 10:00:00 UTC")
    expect(debugger).to_contain_text("exp.expired")

    clock.get_by_role("button", name="Show the code").click()
    expect(clock).to_contain_text("tenant.clock.advance(seconds=90000)")
    found = Axe().run(page, context=".authkit-clock", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
    assert off_machine == []


def test_a_cell_that_is_run_again_has_one_panel(lab, page):
    """The one of the run before has ended in the kernel; the new one works."""
    cell = "made = globals().setdefault('made', [])\nmade.append(authkit.widgets.clock(tenant))\nmade[-1]"
    lab.write_notebook("again.ipynb", SET_UP, cell, "print([one.comm is not None for one in made])")
    lab.open_notebook(page, "again.ipynb")
    printed = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stdout'] pre")
    for lives in ("[True]", "[False, True]"):
        lab.run_all(page)
        expect(printed).to_have_text(lives)
    panel = page.locator(".authkit-clock")
    expect(panel).to_have_count(1)
    panel.get_by_role("button", name="A day later").click()
    expect(panel).to_contain_text("2026-01-06 09:00:00 UTC")
