"""Makes the README's pictures of the panels again, in notebooks/images/.

    python -m pytest tests/browser/screenshots.py

Not part of the test run: its name begins with no `test_`. Fonts differ from machine to machine, so the pictures are
looked at, not compared.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

IMAGES = Path(__file__).resolve().parents[2] / "notebooks" / "images"

SHARP = {"viewport": {"width": 1280, "height": 1400}, "device_scale_factor": 2}
SET_UP = """\
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/",
                            scopes={"read:orders": "Read orders", "write:orders": "Change orders"})
app = tenant.applications.create(name="Nightly report")
grant = tenant.client_grants.create(app, orders, ["read:orders"])
token = tenant.request_token(authkit.ClientCredentials(app, audience=orders.identifier)).access_token
forged = authkit.attacks.edit_payload(token, sub="the-boss", scope="read:orders delete:orders")"""


def create_api(panel: Locator) -> None:
    """Two problems under their fields."""
    panel.get_by_label("Name").fill("Billing <v2>")
    panel.get_by_label("Identifier").fill("https://billing.example/")
    panel.get_by_label("Token expiration (seconds)").fill("soon")
    panel.get_by_label("Scopes").fill("read:bills  Read bills\nwrite:bills  Write bills")
    expect(panel).to_contain_text("2 problems to repair")


def debugger(panel: Locator) -> None:
    """A forged token, refused."""
    expect(panel).to_contain_text("REFUSED")


def apis(panel: Locator) -> None:
    """The test view after an exchange."""
    panel.get_by_role("tab", name="Test").click()
    panel.get_by_role("button", name="Ask for a token").click()
    expect(panel).to_contain_text("Issued")


def signing(panel: Locator) -> None:
    """Both have lost what signs."""
    panel.get_by_role("button", name="Let each party try").click()
    panel.get_by_label("the secret").check()
    panel.get_by_label("private key").check()
    expect(panel).to_contain_text("accepted")


def keys(panel: Locator) -> None:
    """Two rotations, and a PEM pasted before them."""
    for name in ("Issue a token", "Paste current PEM", "Rotate", "Issue a token", "Client verifies", "Rotate"):
        panel.get_by_role("button", name=name, exact=True).click()
        panel.page.wait_for_timeout(800)
    expect(panel).to_contain_text("Key 3 signs now")


def flows(panel: Locator) -> None:
    """The consent step of a login."""
    panel.get_by_label("Flow").select_option("Authorization code with PKCE")
    panel.get_by_role("button", name="Create what is lacking").click()
    for title in ("1.", "2.", "3.", "4. Consent"):
        panel.get_by_role("button", name="Next").click()
        expect(panel.locator("[aria-current]")).to_contain_text(title)


PANELS = {
    "create-api": ("authkit.widgets.create_api(tenant)", create_api),
    "debugger": ("authkit.widgets.debugger(tenant, orders, forged)", debugger),
    "apis": ("authkit.widgets.apis(tenant)", apis),
    "signing": ("authkit.widgets.signing(tenant)", signing),
    "flows": ("authkit.widgets.flows(tenant)", flows),
    "keys": ("authkit.widgets.keys(tenant)", keys),
}


@pytest.mark.parametrize("page", [SHARP], indirect=True)
@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_screenshots(lab, page, theme):
    """Each panel in a telling state, cropped."""
    lab.use_theme(f"JupyterLab {theme}")
    lab.write_notebook(f"{theme}.ipynb", SET_UP, *(source for source, _ in PANELS.values()))
    lab.open_notebook(page, f"{theme}.ipynb")
    lab.run_all(page)
    IMAGES.mkdir(exist_ok=True)
    for title, (_, prepare) in PANELS.items():
        panel = page.locator(f".authkit-{title}")
        prepare(panel)
        page.locator(".jp-Notebook .jp-InputPrompt").first.click()  # takes the caret out of the panel
        panel.screenshot(path=IMAGES / f"{title}-{theme.lower()}.png")
