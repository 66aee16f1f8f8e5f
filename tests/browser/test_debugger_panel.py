"""The debugger in a real JupyterLab: keys of every kind, a token taken over, and how quick it is."""

import statistics

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SET_UP = """\
import json
import authkit
tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes={"read:orders": "Read orders"})
app = tenant.applications.create(name="Nightly report")
grant = tenant.client_grants.create(app, orders, ["read:orders"])
server = authkit.serve(tenant)
token = tenant.request_token(authkit.ClientCredentials(app, audience=orders.identifier)).access_token"""
DEBUGGER = "authkit.widgets.debugger(tenant, orders, token)"
MATERIAL = "print(tenant.keys.current.certificate)"
ADDRESS = "print(server.jwks_uri)"
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SECRET = "correct horse battery staple, 32 bytes and more"
STROKES = 50

# From the key to the change in the page, both on the page's own clock: Playwright's adds what it takes to ask.
WATCH = """token => {
  window.strokes = [];
  let pressed = 0;
  token.addEventListener('keydown', () => { pressed = performance.now(); }, true);
  const verdict = token.closest('.authkit-debugger').querySelector('.authkit-verdict');
  new MutationObserver(() => {
    if (pressed) { window.strokes.push(performance.now() - pressed); pressed = 0; }
  }).observe(verdict, {childList: true, subtree: true, characterData: true});
}"""


@pytest.fixture
def notebook(lab, page, request):
    """A page with a debugger, and below it what can be pasted into it."""
    name = f"{request.node.name}.ipynb"
    lab.write_notebook(name, SET_UP, DEBUGGER, MATERIAL, ADDRESS)
    lab.open_notebook(page, name)
    lab.run_all(page)
    return page


def test_keys_of_every_kind(notebook, off_machine):
    """A certificate pasted, a secret that is not shown again, and a JWKS fetched from the host its button names."""
    panel = notebook.locator(".authkit-debugger")
    printed = notebook.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stdout'] pre")
    expect(panel).to_contain_text("ACCEPTED")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520

    panel.get_by_label("Keys").select_option("a public key or certificate in PEM, pasted")
    expect(panel).to_contain_text("No keys yet")
    expect(panel.get_by_label("Issuer")).to_have_value("https://training.authkit.example/")
    enter(panel, "Material", printed.first.inner_text().strip())
    expect(panel).to_contain_text("ACCEPTED")
    enter(panel, "Audience", "https://stock.example/")
    expect(panel).to_contain_text("REFUSED by the check 'aud'")

    panel.get_by_label("Keys").select_option("a shared secret, as text")
    enter(panel, "Shared secret", SECRET)
    expect(panel).to_contain_text(f"Held in the kernel: {len(SECRET)} characters, masked")
    expect(panel.get_by_label("Shared secret")).to_have_value("")
    expect(panel).to_contain_text("REFUSED by the check 'alg'")

    panel.get_by_role("button", name="Reset").click()
    panel.get_by_label("Keys").select_option("a JWKS URL, fetched on request")
    expect(panel.get_by_role("button", name="Fetch", exact=True)).to_be_disabled()
    enter(panel, "JWKS URL", "http://issuer.example/keys")
    expect(panel).to_contain_text("Keys are not fetched from 'http://issuer.example/keys'")
    address = printed.last.inner_text().strip()
    enter(panel, "JWKS URL", address)
    expect(panel).to_contain_text("Nothing leaves this machine unless you press Fetch")
    panel.get_by_role("button", name=f"Fetch from {address.split('/')[2]}").click()
    expect(panel).to_contain_text("ACCEPTED")

    for fold in ("every check", "the claims explained", "the code"):
        panel.get_by_role("button", name=f"Show {fold}").click()
    expect(panel).to_contain_text("expires in 24 h")
    accessible(notebook)
    assert off_machine == []


def test_a_token_is_written_by_keyboard_alone_and_taken_over(notebook, off_machine):
    """To the tab by an arrow key, a claim changed, signed; on the other side its verdict."""
    panel = notebook.locator(".authkit-debugger")
    panel.get_by_role("tab", name="Verify").focus()
    notebook.keyboard.press("ArrowRight")
    notebook.keyboard.press("Enter")
    expect(panel.get_by_label("Header")).to_be_visible()
    panel.get_by_label("Sign with").focus()
    notebook.keyboard.press("Tab")
    notebook.keyboard.press("Tab")
    expect(panel.get_by_label("Payload")).to_be_focused()
    notebook.keyboard.press("Control+A")
    notebook.keyboard.type('{"iss": "https://elsewhere.example/", "sub": "the-boss"}')
    notebook.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Sign", exact=True)).to_be_focused()
    notebook.keyboard.press("Space")
    expect(panel).to_contain_text("SIGNED with the tenant’s current key")
    size = panel.bounding_box()
    assert size["width"] <= 900 and size["height"] <= 520
    panel.get_by_role("button", name="Show the code").click()
    accessible(notebook)
    panel.get_by_role("button", name="Sign", exact=True).focus()
    notebook.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Take to Verify")).to_be_focused()
    notebook.keyboard.press("Space")
    expect(panel).to_contain_text("REFUSED by the check 'iss'")
    assert off_machine == []


def test_from_a_key_to_the_verdict(notebook):
    """Fifty strokes. The numbers are for the reader; the bound only notices what nobody could overlook."""
    panel = notebook.locator(".authkit-debugger")
    expect(panel).to_contain_text("ACCEPTED")
    text = panel.get_by_label("Token")
    text.press("Control+End")
    text.evaluate(WATCH)
    for number in range(STROKES):  # every stroke turns the verdict or its words
        text.press("Backspace" if number % 2 == 0 else "A")
        notebook.wait_for_function("count => window.strokes.length > count", arg=number, timeout=5000)
    taken = sorted(notebook.evaluate("window.strokes"))[:STROKES]
    median, slow = statistics.median(taken), taken[round(STROKES * 0.95) - 1]
    print(f"keystroke to verdict: median {median:.0f} ms, 95th percentile {slow:.0f} ms")
    assert slow < 1000


def enter(panel, label, text):
    """Fill a field and leave it."""
    panel.get_by_label(label).fill(text)
    panel.get_by_label(label).press("Tab")


def accessible(page):
    found = Axe().run(page, context=".authkit-debugger", options=ACCESSIBLE)
    assert found.response["passes"]
    assert not found.violations_count, found.generate_report()
