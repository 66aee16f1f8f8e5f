"""Makes the README's pictures of the panels again, in notebooks/images/.

    python -m pytest tests/browser/screenshots.py

Not part of the test run: its name begins with no `test_`. Fonts differ from machine to machine, so the pictures are
looked at, not compared.
"""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

IMAGES = Path(__file__).resolve().parents[2] / "notebooks" / "images"

COLOURS = 128
SHARP = {"viewport": {"width": 1280, "height": 1800}, "device_scale_factor": 2}
SET_UP = """\
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/",
                            scopes={"read:orders": "Read orders", "write:orders": "Change orders"})
app = tenant.applications.create(name="Nightly report")
shop = tenant.apis.create(name="Shop", identifier="https://shop.example/", enforce_policies=True,
                          token_dialect="access_token_authz",
                          scopes={"read:items": "Read items", "write:items": "Change items", "sell": "Sell items"})
tenant.applications.create(name="Shop window", app_type="spa", callbacks=["https://shop.example/callback"])
clerk, manager = tenant.roles.create(name="Clerk"), tenant.roles.create(name="Manager")
tenant.roles.add_permissions(manager, shop, ["read:items", "write:items", "sell"])
tenant.roles.add_permissions(clerk, shop, ["read:items"])
for name in ("ada", "grace"):
    tenant.users.create(email=f"{name}@example.com", password="correct horse battery")
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


def quick_start(panel: Locator) -> None:
    """The code for one library."""
    panel.get_by_role("tab", name="Quick Start").click()
    panel.get_by_label("Code for").select_option("Plain Python with authkit")
    expect(panel.get_by_label("Quick start")).to_contain_text("wsgiref")


def clock(panel: Locator) -> None:
    """The newest token, out in a second."""
    panel.get_by_role("button", name="Just before exp").click()
    expect(panel).to_contain_text("expires in 1 second")


def roles(panel: Locator) -> None:
    """A role given: the claims that it changes are marked."""
    panel.get_by_label("ada@example.com has the role Clerk").check()
    expect(panel).to_contain_text("appears")


def dashboard(panel: Locator) -> None:
    """The clock, the tabs, and the keys below them."""
    panel.get_by_role("tab", name="Keys", exact=True).click()
    panel.get_by_role("button", name="Issue a token").click()
    expect(panel).to_contain_text("Does it verify now?")


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
    for title in ("1.", "2.", "3.", "4. Consent"):
        panel.get_by_role("button", name="Next").click()
        expect(panel.locator("[aria-current]")).to_contain_text(title)


# The clock last but one: it moves the time of all the others.
PANELS = {
    "create-api": ("authkit.widgets.create_api(tenant)", create_api),
    "debugger": ("authkit.widgets.debugger(tenant, orders, forged)", debugger),
    "apis": ("authkit.widgets.apis(tenant)", apis),
    "quick-start": ("authkit.widgets.apis(tenant)", quick_start),
    "signing": ("authkit.widgets.signing(tenant)", signing),
    "flows": ("authkit.widgets.flows(tenant)", flows),
    "keys": ("authkit.widgets.keys(tenant)", keys),
    "roles": ("authkit.widgets.roles(tenant, shop)", roles),
    "clock": ("authkit.widgets.clock(tenant)", clock),
    "dashboard": ("authkit.widgets.dashboard(tenant)", dashboard),
}
# Panels as a page has them; the cell of each is found by its place, as two of them have the same class.
KINDS = {"quick-start": "apis"}


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
        cell = page.locator(".jp-CodeCell").nth(1 + list(PANELS).index(title))
        panel = cell.locator(f".authkit-{KINDS.get(title, title)}").first
        prepare(panel)
        page.wait_for_timeout(500)
        page.locator(".jp-Notebook .jp-InputPrompt").first.click()  # takes the caret out of the panel
        small(panel.screenshot(), IMAGES / f"{title}-{theme.lower()}.png")


def small(png: bytes, path: Path) -> None:
    """Save it with a palette: a panel has few colours, and nobody sees the difference."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
