"""The panel of all APIs in a real JupyterLab: S1 to S10 of the source page in one notebook, and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import authkit
tenant = authkit.training_tenant()
app = tenant.applications.create(name="Nightly report")
other = tenant.applications.create(name="Shop window", app_type="regular_web")"""
PANEL = "authkit.widgets.apis(tenant)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTH, HEIGHT = 900, 520
"""Of a panel, at most."""


@pytest.fixture
def panel(lab, page, request):
    """The panel on a tenant with two applications."""
    name = f"{request.node.name}.ipynb"
    lab.write_notebook(name, SET_UP, PANEL)
    lab.open_notebook(page, name)
    lab.run_all(page)
    return page.locator(".authkit-apis")


def test_rows_1_to_10_of_the_source_page(panel, page, off_machine):
    """An API from its creation to a token for it, and each of its views accessible and in sight at once."""
    names = panel.locator(".authkit-left").first.get_by_role("radio")
    test = panel.locator(".authkit-test")
    outcome = test.locator(".authkit-outcome")

    # S5: one API is there from the start
    expect(names).to_have_count(1)
    expect(panel.get_by_role("radio", name="Management API (system)")).to_be_checked()
    turn(panel, "Settings")
    expect(panel).to_contain_text("The tenant’s own API")
    expect(panel.get_by_role("button", name="Delete API…")).to_be_disabled()

    # S1 to S4: three fields and their rules
    panel.get_by_role("button", name="Create API…").click()
    expect(panel.get_by_text("A new API")).to_be_visible()
    enter(panel, "Name", "a<b")
    expect(panel).to_contain_text("The name may not hold < or >.")
    enter(panel, "Name", "Orders")
    enter(panel, "Identifier", "https://training.authkit.example/api/v2/")
    expect(panel).to_contain_text("must be unique")
    enter(panel, "Identifier", "https://training.authkit.example/api/v2")  # without the slash it is another
    expect(panel).to_contain_text("Every rule is kept.")
    enter(panel, "Identifier", "https://orders.example/")
    expect(panel.get_by_role("radio", name="RS256")).to_be_checked()
    fits(panel, HEIGHT)
    accessible(page)
    panel.get_by_role("button", name="Create", exact=True).click()
    expect(panel).to_contain_text("Created: Orders.")
    expect(names).to_have_count(2)
    expect(panel.get_by_role("radio", name="Orders")).to_be_checked()

    # S6: its Quick Start is open
    expect(panel.get_by_role("tab", name="Quick Start")).to_have_attribute("aria-selected", "true")
    expect(panel.get_by_label("Quick start")).to_contain_text("jwt.decode")
    fits(panel, HEIGHT)
    library = panel.get_by_label("Code for")
    library.select_option("Express with express-oauth2-jwt-bearer")
    expect(panel.get_by_label("Quick start")).to_contain_text("tokenSigningAlg")
    fits(panel, HEIGHT)
    library.select_option("Plain Python with authkit")
    expect(panel.get_by_label("Quick start")).to_contain_text("make_server")
    fits(panel, HEIGHT)
    library.select_option("Flask with Authlib")
    expect(panel.get_by_label("Quick start")).to_contain_text("ResourceProtector")
    fits(panel, HEIGHT)
    accessible(page)

    # S7: settings
    turn(panel, "Settings")
    expect(panel).to_contain_text("These cannot be changed")
    enter(panel, "Token expiration (seconds)", "2592001")
    expect(panel).to_contain_text("must be at most 2592000 seconds (30 days)")
    enter(panel, "Token expiration (seconds)", "3600")
    panel.get_by_label("Allow skipping user consent").check()
    panel.get_by_label("Allow offline access").check()
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel).to_contain_text("Saved: token_lifetime, skip_consent")
    fits(panel, HEIGHT)
    accessible(page)

    # S8: scopes
    turn(panel, "Scopes")
    for value, description in {"read:orders": "Read orders", "write:orders": "Change orders"}.items():
        enter(panel, "New scope", value)
        enter(panel, "Description", description)
        panel.get_by_role("button", name="Add scope").click()
        expect(panel.get_by_role("cell", name=value)).to_be_visible()
    fits(panel, HEIGHT)
    accessible(page)

    # S9: an application, restricted to a subset
    turn(panel, "Machine to Machine")
    panel.get_by_label("read:orders").check()
    panel.get_by_role("button", name="Authorise").click()
    expect(panel.get_by_role("row", name="Nightly report")).to_contain_text("✔ authorised")
    expect(panel.get_by_role("button", name="Save scopes")).to_be_visible()
    fits(panel, HEIGHT)
    accessible(page)

    # S10: the exchange, and two refusals
    turn(panel, "Test")
    ask = panel.get_by_role("button", name="Ask for a token")
    ask.click()
    expect(outcome).to_contain_text("ISSUED: HTTP 200")
    expect(panel.get_by_label("Answer: HTTP 200")).to_contain_text('"scope": "read:orders"')
    expect(panel.get_by_label("Request")).to_contain_text("client_secret=CLIENT_SECRET")
    fits(panel, HEIGHT)
    enter(test, "Scope", "write:orders")
    ask.click()
    expect(outcome).to_contain_text("Refused by rule 5, scope")
    enter(test, "Scope", "")
    test.get_by_label("Application").select_option("Shop window – not authorised")
    ask.click()
    expect(outcome).to_contain_text("Refused by rule 4, client_grant")
    expect(panel.locator("details[open]")).to_contain_text("Is the application authorised for this API?")
    fits(panel, HEIGHT)
    panel.get_by_role("button", name="Show the code").click()
    expect(panel).to_contain_text("tenant.request_token")
    page.evaluate("document.querySelectorAll('.authkit-apis details').forEach(one => one.open = true)")
    accessible(page)
    assert off_machine == []


def test_an_api_comes_and_goes_by_keyboard_alone(panel, page, off_machine):
    """Created, its Quick Start turned, deleted after the question; each stop reached with Tab."""
    keys = page.keyboard
    panel.get_by_role("radio").first.focus()
    press(keys, "Tab", "Space")
    expect(panel.get_by_role("button", name="Create", exact=True)).to_be_visible()
    panel.get_by_role("button", name="Create API…").focus()
    press(keys, "Tab")
    keys.type("Stock")
    press(keys, "Tab")
    keys.type("https://stock.example/")
    press(keys, "Tab", "Tab", "Space", "Tab", "Space")  # past RS256 to HS256, and on to the button
    expect(panel).to_contain_text("Created: Stock.")
    expect(panel).to_contain_text("ORDERS_SIGNING_SECRET")

    panel.get_by_role("radio", name="Management API").focus()
    press(keys, "Space")
    expect(panel).to_contain_text("Management API · https://training.authkit.example/api/v2/")
    press(keys, "Tab", "Space")
    expect(panel).to_contain_text("Stock · https://stock.example/ · HS256")
    reach(keys, panel.get_by_label("Code for"))
    press(keys, "Space", "ArrowDown", "Enter")  # opened first: JupyterLab takes the arrow keys of a closed one
    expect(panel).to_contain_text("ResourceProtector")
    fits(panel, HEIGHT)
    panel.get_by_role("tab", name="Quick Start").focus()
    press(keys, "ArrowRight", "Enter")
    expect(panel.get_by_role("tab", name="Settings")).to_have_attribute("aria-selected", "true")
    secret = panel.get_by_role("button", name="Make a new secret")
    reach(keys, secret)
    press(keys, "Space")
    expect(panel).to_contain_text("Redeploy the API with it")
    reach(keys, panel.get_by_role("button", name="Delete API…"))
    press(keys, "Space")
    expect(panel).to_contain_text("Delete Stock for good?")
    accessible(page)
    reach(keys, panel.get_by_role("button", name="Yes, delete this API"))
    press(keys, "Space")
    expect(panel).to_contain_text("Deleted: Stock, with 0 client grants")
    assert off_machine == []


def turn(panel, name):
    """Open a view."""
    panel.get_by_role("tab", name=name, exact=True).click()
    expect(panel.get_by_role("tab", name=name, exact=True)).to_have_attribute("aria-selected", "true")


def enter(panel, label, text):
    """Fill the field that is in sight under this label, and leave it."""
    field = panel.get_by_label(label, exact=True).filter(visible=True)
    field.fill(text)
    field.press("Tab")


def press(keys, *names):
    for name in names:
        keys.press(name)


def reach(keys, control, most=20):
    """Press Tab until this control has the focus."""
    for _ in range(most):
        keys.press("Tab")
        if control.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{control} cannot be reached with Tab")


def fits(panel, height):
    """Whether the panel keeps to its room."""
    box = panel.bounding_box()
    assert box["width"] <= WIDTH and box["height"] <= height, box


def accessible(page):
    found = Axe().run(page, context=".authkit-panel", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
