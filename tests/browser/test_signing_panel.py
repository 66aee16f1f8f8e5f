"""HS256 and RS256 side by side in a real JupyterLab: predicted, tried, leaked, repaired."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()"""
SIGNING = "authkit.widgets.signing(tenant)"
# Who hears of it, and in which order, as a line of its own below the panel.
HEARD = f"""\
import threading
import ipywidgets
heard = ipywidgets.Label().add_class("heard")
panel = {SIGNING}
def hear(change):
    heard.value += f"{{threading.current_thread().name}} {{change['name']}}; "
panel.state.observe(hear, ["rs_leak", "deployments", "rs_repaired"])
ipywidgets.VBox([panel, heard])"""
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def test_hs256_and_rs256(lab, page, off_machine):
    """Its size, every click, the keyboard alone, and axe with everything unfolded."""
    lab.write_notebook("signing.ipynb", SET_UP, SIGNING)
    lab.open_notebook(page, "signing.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-signing")
    hs, rs = panel.locator(".authkit-left"), panel.locator(".authkit-right")
    expect(hs.get_by_role("row", name="sign")).to_contain_text("?")
    panel.get_by_role("button", name="Let each party try").click()
    expect(hs.get_by_role("row", name="sign")).to_contain_text("✔ yes✔ yes✘ no✘ no")
    expect(rs.get_by_role("row", name="sign")).to_contain_text("✔ yes✘ no✘ no✘ no")
    expect(rs.get_by_role("row", name="verify")).to_contain_text("✔ yes✔ yes✔ yes✔ yes")

    hs.get_by_label("the secret").check()
    expect(hs).to_contain_text("BROKEN")
    rs.get_by_label("public key").check()
    expect(rs).to_contain_text("The attacker has the public key")
    expect(rs).to_contain_text("SAFE")
    expect(rs.get_by_role("button", name="Repair: rotate and revoke")).to_be_disabled()
    rs.get_by_label("private key").check()
    expect(rs).to_contain_text("BROKEN")

    # Once the problem is gone, the kernel has the number.
    for number, fault in (("0", True), ("12", False)):
        panel.get_by_label("Deployments").fill(number)
        panel.get_by_label("Deployments").press("Tab")
        said = expect(panel)
        (said.to_contain_text if fault else said.not_to_contain_text)("is a whole number from 1 to")
    hs.get_by_role("button", name="Repair: new secret").click()
    expect(hs).to_contain_text("costs 12 deployments")
    rs.get_by_role("button", name="Repair: rotate and revoke").click()
    expect(rs).to_contain_text("costs 0 deployments")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520
    assert abs(hs.bounding_box()["width"] - rs.bounding_box()["width"]) < 2

    for fold in ("every attempt", "the code"):
        panel.get_by_role("button", name=f"Show {fold}").click()
    expect(panel).to_contain_text("POST /api/v2/keys/signing/rotate")
    found = Axe().run(page, context=".authkit-signing", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()

    panel.get_by_role("button", name="Reset").click()
    expect(panel).not_to_contain_text("REPAIRED")
    by_keyboard(page, panel, hs)
    assert off_machine == []


def test_one_thread_hears_of_all_that_is_done_and_in_its_order(lab, page):
    """With subshells, a click went to another thread than the number it is about, and could overtake it."""
    lab.write_notebook("heard.ipynb", SET_UP, HEARD)
    lab.open_notebook(page, "heard.ipynb")
    lab.run_all(page)
    panel = page.locator(".authkit-signing")
    rs = panel.locator(".authkit-right")
    panel.get_by_role("button", name="Let each party try").click()
    rs.get_by_label("public key").check()
    expect(rs).to_contain_text("The attacker has the public key")
    rs.get_by_label("private key").check()
    expect(rs).to_contain_text("BROKEN")
    panel.get_by_label("Deployments").fill("12")
    rs.get_by_role("button", name="Repair: rotate and revoke").click()
    expect(rs).to_contain_text("of 12 deployments")
    in_order = ("rs_leak", "rs_leak", "deployments", "rs_repaired")
    expect(page.locator(".heard")).to_have_text("".join(f"MainThread {name}; " for name in in_order).strip())


def by_keyboard(page, panel, hs):
    """Tried, leaked and repaired with Tab, arrows and Space."""
    panel.get_by_role("button", name="Let each party try").focus()
    page.keyboard.press("Space")
    expect(hs.get_by_role("row", name="sign")).to_contain_text("yes")
    for _ in range(3):  # deployments, Reset, the choice that is made
        page.keyboard.press("Tab")
    expect(hs.get_by_label("nothing")).to_be_focused()
    page.keyboard.press("Tab")  # ipywidgets gives its radio buttons no common name: each is a stop of its own
    page.keyboard.press("Space")
    expect(hs).to_contain_text("BROKEN")
    expect(hs.get_by_role("button", name="Repair: new secret")).to_be_enabled()  # which comes a moment after the word
    page.keyboard.press("Tab")
    expect(hs.get_by_role("button", name="Repair: new secret")).to_be_focused()
    page.keyboard.press("Space")
    expect(hs).to_contain_text("REPAIRED")
