"""Makes the README's pictures of the panels again, in notebooks/images/.

    python -m pytest tests/browser/screenshots.py

Not part of the test run: its name begins with no `test_`. Fonts differ from machine to machine, so the pictures are
looked at, not compared.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

IMAGES = Path(__file__).resolve().parents[2] / "notebooks" / "images"

SHARP = {"viewport": {"width": 1280, "height": 1400}, "device_scale_factor": 2}
SET_UP = """\
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
app = tenant.applications.create(name="Nightly report")
grant = tenant.client_grants.create(app, orders, ["read:orders"])
token = tenant.request_token(authkit.ClientCredentials(app, audience=orders.identifier)).access_token
forged = authkit.attacks.edit_payload(token, sub="the-boss", scope="read:orders delete:orders")"""
FORM = "authkit.widgets.create_api(tenant)"
DEBUGGER = "authkit.widgets.debugger(tenant, orders, forged)"


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 1280, "height": 1400}, "device_scale_factor": 2}], indirect=True
)
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_screenshots(lab, page, theme):
    """The form with two problems and the debugger with a forged token, cropped to the panel."""
    name = f"{theme}.ipynb"
    lab.use_theme(f"JupyterLab {theme}")
    lab.write_notebook(name, SET_UP, FORM, DEBUGGER)
    lab.open_notebook(page, name)
    lab.run_all(page)
    form, debugger = page.locator(".authkit-create-api"), page.locator(".authkit-debugger")
    form.get_by_label("Name").fill("Billing <v2>")
    form.get_by_label("Identifier").fill("https://billing.example/")
    form.get_by_label("Token expiration (seconds)").fill("soon")
    form.get_by_label("Scopes").fill("read:bills  Read bills\nwrite:bills  Write bills")
    expect(form).to_contain_text("2 problems to repair")
    expect(debugger).to_contain_text("REFUSED")
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()  # takes the caret out of the form
    IMAGES.mkdir(exist_ok=True)
    for panel, title in ((form, "create-api"), (debugger, "debugger")):
        panel.screenshot(path=IMAGES / f"{title}-{theme.lower()}.png")
