"""The panels in a real JupyterLab: found by their labels, used by keyboard, and heard of at once."""

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
print(tenant.request_token(authkit.ClientCredentials(app, audience=orders.identifier)).access_token)"""
FORM = "authkit.widgets.create_api(tenant)"
SLOW_FORM = f"""\
import time
form = {FORM}
form.state.observe(lambda change: time.sleep(0.3))
form"""
DEBUGGER = "authkit.widgets.debugger(tenant, orders)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def notebook(lab, page, request):
    """A page with both panels on one tenant."""
    name = f"{request.node.name}.ipynb"  # a file of its own: JupyterLab asks about one that changed under it
    lab.write_notebook(name, SET_UP, FORM, DEBUGGER)
    lab.open_notebook(page, name)
    lab.run_all(page)
    return page


def test_form_and_debugger_from_the_first_key_to_the_verdict(notebook, off_machine):
    """A bad name and a good one, an API created; a token accepted, and refused with one character changed."""
    form = notebook.locator(".authkit-create-api")
    enter(form, "Name", "a<b")
    expect(form).to_contain_text("The name may not hold < or >.")
    enter(form, "Name", "Billing")
    expect(form).not_to_contain_text("may not hold")
    enter(form, "Identifier", "https://orders.example/")
    expect(form).to_contain_text("must be unique")
    enter(form, "Identifier", "https://orders.example")
    expect(form).to_contain_text("Ready to create")
    form.get_by_role("button", name="Show the code").click()
    expect(form).to_contain_text('identifier="https://orders.example"')
    form.get_by_role("button", name="Create API").click()
    expect(form).to_contain_text("CREATED: Billing")
    expect(form.get_by_label("Identifier")).to_have_value("")

    debugger = notebook.locator(".authkit-debugger")
    expect(debugger.get_by_label("Verify for")).to_contain_text("Billing – https://orders.example")
    debugger.get_by_label("Token").fill(notebook.locator(".jp-OutputArea-output pre").first.inner_text().strip())
    expect(debugger).to_contain_text("ACCEPTED")
    expect(debugger).to_contain_text("expected audience")
    debugger.get_by_label("Token").press("End")
    debugger.get_by_label("Token").press("ArrowLeft")
    debugger.get_by_label("Token").press("Backspace")
    expect(debugger).to_contain_text("REFUSED")
    debugger.get_by_role("button", name="Get a token").click()
    expect(debugger).to_contain_text("ACCEPTED")

    for panel in (form, debugger):
        for fold in ("settings", "every check", "the code"):
            for button in panel.get_by_role("button", name=f"Show {fold}").all():
                button.click()
    found = Axe().run(notebook, context=".authkit-panel", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
    assert off_machine == []


def test_an_api_is_created_by_keyboard_alone(notebook, off_machine):
    """From the first field to the button with Tab; the algorithm and the button with Space."""
    form = notebook.locator(".authkit-create-api")
    keys = notebook.keyboard
    form.get_by_label("Name").focus()
    keys.type("Stock")
    tab(keys)
    keys.type("https://stock.example/")
    tab(keys, 2)  # ipywidgets gives its radio buttons no common name: each is a stop of its own
    keys.press("Space")
    tab(keys, 2)
    keys.type("read:stock  Read stock")
    tab(keys, 2)
    expect(form.get_by_role("button", name="Create API")).to_be_focused()
    keys.press("Space")
    expect(form).to_contain_text("CREATED: Stock")
    expect(form).to_contain_text("HS256")
    assert off_machine == []


def test_a_click_does_not_overtake_what_was_typed(lab, page):
    """A kernel that is slower than the reader's fingers still creates what stands in the form."""
    lab.write_notebook("slow.ipynb", SET_UP, SLOW_FORM)
    lab.open_notebook(page, "slow.ipynb")
    lab.run_all(page)
    form = page.locator(".authkit-create-api")
    form.get_by_label("Name").press_sequentially("Stock")
    form.get_by_label("Identifier").press_sequentially("https://stock.example/")
    form.get_by_role("button", name="Create API").click()
    expect(form).to_contain_text("CREATED: Stock")
    expect(form).to_contain_text("identifierhttps://stock.example/")


def test_nothing_off_this_machine_is_reached(page, off_machine):
    """A control of the two tests above: a request off the machine is refused, and seen."""
    outcome = page.evaluate("fetch('http://192.0.2.1/').then(() => 'reached', () => 'refused')")
    assert outcome == "refused"
    assert off_machine == ["http://192.0.2.1/"]


def enter(form, label, text):
    """Fill a field and leave it."""
    form.get_by_label(label).fill(text)
    form.get_by_label(label).press("Tab")


def tab(keys, times=1):
    for _ in range(times):
        keys.press("Tab")
