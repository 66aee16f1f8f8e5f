"""The rows S1–S21 of the page "Set Up an API", clicked through: one dashboard, one notebook, one test a row.

In Python and over HTTP they are in tests/test_source_page.py. Every test leaves the dashboard so that the next can go
on with it, and needs none of those before it.
"""

import base64
import hashlib
import hmac
import json
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_der_x509_certificate
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEDGER_SECRET = "of the ledger alone, and no secret of anyone"
SET_UP = f"""\
import authkit
tenant = authkit.training_tenant()
ledger = tenant.apis.create(name="Ledger", identifier="https://ledger.example/", signing_alg="HS256",
                            signing_secret="{LEDGER_SECRET}", scopes={{"read:ledger": "Read the ledger"}})
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/",
                            scopes={{"read:orders": "Read orders", "write:orders": "Change orders"}})
report = tenant.applications.create(name="Nightly report")
tenant.client_grants.create(report, orders, ["read:orders"])
tenant.client_grants.create(report, ledger)
rotating = {{"rotation_type": "rotating"}}
tenant.applications.create(name="Shop", app_type="spa", callbacks=["https://shop.example/back"], refresh_token=rotating)
tenant.applications.create(name="Local shop", app_type="spa", callbacks=["http://localhost/back"])
ada = tenant.users.create(email="ada@example.com", password="correct horse battery")"""
DASHBOARD = "authkit.widgets.dashboard(tenant)"
ORDERS, ISSUER = "https://orders.example/", "https://training.authkit.example/"
ACCEPTED, REFUSED = re.compile("ACCEPTED"), re.compile("REFUSED")


class Dashboard:
    """The dashboard as a reader has it: tabs by their titles, controls by their labels.

    Args:
        page: The page it is on.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._all = page.locator(".authkit-dashboard")

    def turn(self, title: str) -> None:
        """Bring a tab to the front, of the dashboard or of a panel in it."""
        tab = self._all.get_by_role("tab", name=title, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")

    def panel(self, title: str, name: str) -> "Shown":
        """Turn to a panel."""
        self.turn(title)
        panel = self._all.locator(f".authkit-{name}")
        expect(panel).to_be_visible()
        return Shown(panel)

    def apis(self, view: str = "", api: str = "") -> "Shown":
        """Turn to the APIs: to one of them, and to one of its views."""
        shown = self.panel("APIs", "apis")
        if shown.find("button", "Cancel").count():
            cancel(shown)
        if api:
            shown.find("radio", api).check()
            name = api.removesuffix(" (system)")
            expect(shown.within.get_by_role("strong").filter(has_text=name).first).to_be_visible()
        if view:
            self.turn(view)
        return shown

    def settle(self) -> None:
        """Wait until the kernel has answered."""
        expect(self.page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle")


class Shown:
    """What is in sight of a panel.

    Args:
        within: The panel, or a part of it.
    """

    def __init__(self, within: Locator) -> None:
        self.within = within

    def find(self, role: str, name: str, *, exact: bool = True) -> Locator:
        return self.within.get_by_role(role, name=name, exact=exact).filter(visible=True)  # type: ignore[arg-type]

    def press(self, name: str) -> None:
        """Press a button by keyboard."""
        button = self.find("button", name)
        expect(button).to_be_enabled()
        button.press("Space")

    def label(self, name: str) -> Locator:
        return self.within.get_by_label(name, exact=True).filter(visible=True)

    def enter(self, name: str, text: str) -> None:
        """Fill a field, and leave it."""
        self.label(name).fill(text)
        self.label(name).press("Tab")

    def pick(self, name: str, option: str) -> None:
        """Choose from a list."""
        self.label(name).select_option(option)
        expect(self.label(name)).to_have_value(option)

    def says(self, words: str | re.Pattern[str], timeout: float | None = None) -> None:
        """These words are in sight."""
        found = self.within.get_by_text(words).filter(visible=True).first
        expect(found).to_be_visible(timeout=timeout)

    def says_not(self, words: str | re.Pattern[str]) -> None:
        expect(self.within.get_by_text(words).filter(visible=True)).to_have_count(0)

    def row(self, name: str | re.Pattern[str]) -> Locator:
        return self.within.get_by_role("row", name=name).filter(visible=True)

    def unfold(self, name: str) -> None:
        """Open what a fold hides, unless it is open."""
        button = self.within.get_by_role("button", name=re.compile(f"(Show|Hide) {re.escape(name)}"))
        if "Show" in button.inner_text():
            button.click()
        expect(self.find("button", f"▾ Hide {name}")).to_be_visible()


@pytest.fixture(scope="module")
def dashboard(lab, one_page):
    """A dashboard on a tenant with one API of each algorithm, applications and a user."""
    lab.write_notebook("source_page.ipynb", SET_UP, DASHBOARD)
    lab.open_notebook(one_page, "source_page.ipynb")
    lab.run_all(one_page)
    return Dashboard(one_page)


def new_api(dashboard: Dashboard) -> Shown:
    """Open the form for a new API, in place of the views."""
    apis = dashboard.apis()
    apis.press("Create API…")
    apis.says("A new API")
    expect(apis.find("tab", "Settings")).to_have_count(0)
    return apis


def create(dashboard: Dashboard, name: str, identifier: str, algorithm: str = "RS256") -> Shown:
    """Create an API in its form, by keyboard."""
    apis = new_api(dashboard)
    apis.label("Name").fill(name)
    apis.label("Name").press("Tab")
    apis.label("Identifier").fill(identifier)
    apis.label("Identifier").press("Tab")
    apis.within.get_by_role("radio", name=re.compile(algorithm)).filter(visible=True).press("Space")
    apis.says("Every rule is kept.")
    apis.press("Create")
    apis.says(f"Created: {name}.")
    expect(apis.find("button", "Cancel")).to_have_count(0)
    return apis


def cancel(apis: Shown) -> None:
    """Close the form, and wait until the views are back."""
    apis.press("Cancel")
    expect(apis.find("button", "Cancel")).to_have_count(0)


def save(apis: Shown) -> None:
    """Save the settings that are in sight."""
    apis.press("Save")
    apis.says(re.compile("Saved: "))


def test_s01_an_api_is_created_from_name_identifier_and_algorithm(dashboard):
    """It stands in the list, and its Quick Start is in sight."""
    apis = create(dashboard, "Stock", "https://stock.example/")
    expect(apis.find("radio", "Stock")).to_be_checked()
    apis.says(re.compile("Stock · https://stock.example/ · RS256"))
    expect(apis.find("tab", "Quick Start")).to_have_attribute("aria-selected", "true")


def test_s02_an_identifier_is_exact_and_cannot_be_changed(dashboard):
    """The same one again is refused, a slash less makes another; later it is text, and no field."""
    apis = new_api(dashboard)
    apis.says("It is never called and cannot be changed")
    apis.enter("Identifier", ORDERS)
    apis.says("must be unique")
    apis.enter("Identifier", "not a URL, and never called")
    apis.says("Every rule is kept.")
    cancel(apis)
    create(dashboard, "Orders without a slash", "https://orders.example")
    dashboard.turn("Settings")
    apis.says("These cannot be changed")
    expect(apis.row("Identifier")).to_contain_text("https://orders.example")
    expect(apis.label("Identifier")).to_have_count(0)
    dashboard.apis("Settings", "Orders")
    expect(apis.row("Identifier")).to_contain_text(ORDERS)


def test_s03_a_name_is_friendly_and_holds_no_markup(dashboard):
    """Both brackets are refused; another name leaves the identifier as it is."""
    apis = new_api(dashboard)
    for name in ("a<b", "a>b"):
        apis.enter("Name", name)
        apis.says("The name may not hold < or >.")
        apis.enter("Name", "ab")
        apis.says_not("may not hold")
    create(dashboard, "Parts & more", "https://parts.example/")
    dashboard.turn("Settings")
    apis.enter("Name", "Spare parts")
    save(apis)
    apis.says("Spare parts · https://parts.example/ · RS256")
    expect(apis.find("radio", "Spare parts")).to_be_checked()
    expect(apis.find("radio", "Parts & more")).to_have_count(0)


@pytest.mark.parametrize(("api", "algorithm", "signed"), [
    ("Orders", "RS256", "signed with the tenant’s private key"),
    ("Ledger", "HS256", "signed with this API’s own secret"),
])  # fmt: skip
def test_s04_the_algorithm_is_chosen_at_creation_for_good(dashboard, api, algorithm, signed):
    """The form offers both, with what they mean; afterwards it is text, and the tokens have it."""
    apis = new_api(dashboard)
    apis.within.get_by_role("radio", name=re.compile(algorithm)).filter(visible=True).check()
    apis.says("Cannot be changed.")
    cancel(apis)
    dashboard.apis("Settings", api)
    expect(apis.row("Signing algorithm")).to_contain_text(f"{algorithm}, {signed}")
    expect(apis.find("radio", algorithm, exact=False)).to_have_count(0)
    dashboard.turn("Test")
    apis.press("Ask for a token")
    apis.says("ISSUED: HTTP 200")
    apis.within.get_by_text("The token, decoded (not verified)").click()
    expect(apis.row("header alg")).to_contain_text(algorithm)
    expect(apis.row("header kid")).to_have_count(1 if algorithm == "RS256" else 0)


def test_s05_the_management_api_is_there_from_the_start(dashboard):
    """It comes first, says what it is, and cannot be deleted."""
    apis = dashboard.apis("Settings", "Management API (system)")
    expect(apis.within.get_by_role("radio").filter(visible=True).first).to_be_checked()
    expect(apis.row("Identifier")).to_contain_text(f"{ISSUER}api/v2/")
    apis.says("The tenant’s own API")
    expect(apis.find("button", "Delete API…")).to_be_disabled()


def test_s06_a_quick_start_is_code_for_this_api(dashboard):
    """Each library of the list: its code names this API."""
    apis = dashboard.apis("Quick Start", "Orders")
    options = apis.label("Code for").get_by_role("option").all_inner_texts()
    libraries = [text.replace("\N{NO-BREAK SPACE}", " ") for text in options]
    assert len(libraries) > 3
    for library in libraries:
        apis.pick("Code for", library)
        expect(apis.label("Quick start")).to_contain_text(ORDERS)
    apis.pick("Code for", libraries[0])
    expect(apis.label("Quick start")).to_contain_text("jwt.decode")
    expect(apis.label("Quick start")).to_contain_text(f"{ISSUER}.well-known/jwks.json")
    dashboard.apis("Quick Start", "Ledger")
    expect(apis.label("Quick start")).to_contain_text("https://ledger.example/")
    apis.says("ORDERS_SIGNING_SECRET")


def test_s07_settings_have_defaults_and_limits(dashboard):
    """The id is text; a day is the default, thirty are the most; both flags are off until they are set."""
    apis = create(dashboard, "Returns", "https://returns.example/")
    dashboard.turn("Settings")
    expect(apis.row(re.compile("^Id [0-9a-f]{24}$"))).to_be_visible()
    expect(apis.label("Token expiration (seconds)")).to_have_value("86400")
    for flag in ("Allow skipping user consent", "Allow offline access"):
        expect(apis.label(flag)).not_to_be_checked()
        apis.label(flag).press("Space")
    apis.enter("Token expiration (seconds)", "2592001")
    apis.says("must be at most 2592000 seconds (30 days)")
    apis.enter("Token expiration (seconds)", "2592000")
    save(apis)
    apis.says(re.compile("token_lifetime, skip_consent.*, allow_offline_access"))
    expect(apis.label("Token expiration (seconds)")).to_have_value("2592000")
    dashboard.turn("Machine to Machine")
    apis.press("Authorise")
    apis.says("✔ authorised")
    dashboard.turn("Test")
    apis.press("Ask for a token")
    expect(apis.label("Answer: HTTP 200")).to_contain_text('"expires_in": 2592000')


def test_s08_a_scope_has_a_value_and_a_description(dashboard):
    """Added, in the table with what it allows, and removed again."""
    apis = dashboard.apis("Scopes", "Orders")
    expect(apis.row("read:orders Read orders")).to_be_visible()
    apis.enter("New scope", "delete:orders")
    apis.enter("Description", "Delete orders")
    apis.press("Add scope")
    apis.says("Added: delete:orders.")
    expect(apis.row("delete:orders Delete orders")).to_be_visible()
    apis.pick("Scope", "delete:orders")
    apis.press("Remove scope")
    apis.says("Removed: delete:orders.")
    expect(apis.row("delete:orders Delete orders")).to_have_count(0)


def test_s09_an_application_is_authorised_for_a_subset_of_scopes(dashboard):
    """Without a grant it is refused, with one it gets what is ticked, and nothing else."""
    apis = dashboard.apis("Machine to Machine", "Orders")
    expect(apis.row("Shop")).to_have_count(0)  # users log in through it: it has not the grant
    apis.enter("New application", "Stocktaker")
    apis.press("Create application")
    apis.says("Created: Stocktaker. It is not authorised yet.")
    ask_as(dashboard, "Stocktaker – not authorised")
    apis.says("Refused by rule 4, client_grant")
    dashboard.turn("Machine to Machine")
    expect(apis.label("Application")).to_have_value("Stocktaker – not authorised")
    apis.label("read:orders").press("Space")
    expect(apis.label("read:orders")).to_be_checked()
    apis.press("Authorise")
    expect(apis.row("Stocktaker")).to_contain_text("✔ authorised")
    ask_as(dashboard, "Stocktaker – authorised")
    expect(apis.label("Answer: HTTP 200")).to_contain_text('"scope": "read:orders"')
    apis.enter("Scope", "write:orders")
    apis.press("Ask for a token")
    apis.says("Refused by rule 5, scope")


def test_s10_a_sample_client_credentials_flow_runs(dashboard):
    """Request and answer as they travel, every rule, and the token."""
    dashboard.apis("Test", "Orders")
    apis = ask_as(dashboard, "Nightly report – authorised")
    apis.says("ISSUED: HTTP 200")
    expect(apis.label("Request")).to_contain_text("grant_type=client_credentials")
    expect(apis.label("Request")).to_contain_text("client_secret=CLIENT_SECRET")
    expect(apis.label("Answer: HTTP 200")).to_contain_text('"token_type": "Bearer"')
    apis.says("Rules, in this order")
    ask_as(dashboard, "Shop – not authorised")
    apis.says(re.compile("REFUSED: HTTP 4"))


def ask_as(dashboard: Dashboard, application: str) -> Shown:
    """Have an application ask for a token of the API in sight."""
    dashboard.turn("Test")
    dashboard.settle()
    apis = Shown(dashboard.page.locator(".authkit-apis"))
    apis.enter("Scope", "")
    apis.pick("Application", application)
    apis.press("Ask for a token")
    return apis


def test_s11_consent_is_skipped_only_for_verifiable_first_parties(dashboard):
    """The setting leaves the page out; a callback on localhost brings it back."""
    flag = "Allow skipping user consent"
    allow(dashboard, "Orders", flag, True)
    flows = to_consent(dashboard, "Shop (spa)")
    flows.says("It is left out. The API lets first-party applications skip consent")
    expect(flows.find("button", "Accept")).to_have_count(0)
    flows = to_consent(dashboard, "Local shop (spa)")
    flows.says("The callback is on localhost")
    flows.press("Decline")
    flows.says(re.compile("5. Back with a code, refused"))
    allow(dashboard, "Orders", flag, False)
    flows = to_consent(dashboard, "Shop (spa)")
    flows.says("The API does not let first-party applications skip consent, and")
    expect(flows.find("button", "Next")).to_be_disabled()
    flows.press("Accept")
    flows.says("✔ 5. Back with a code")


def allow(dashboard: Dashboard, api: str, flag: str, on: bool) -> None:
    """Set a flag of an API, and save it where that changes anything."""
    apis = dashboard.apis("Settings", api)
    if apis.label(flag).is_checked() is not on:
        apis.label(flag).press("Space")
        expect(apis.label(flag)).to_be_checked(checked=on)
        save(apis)


def to_flow(dashboard: Dashboard, flow: str, first: str, application: str, api: str) -> Shown:
    """Begin a flow with this application and this API."""
    flows = dashboard.panel("Flows", "flows")
    flows.press("Restart")
    flows.pick("Flow", flow)
    flows.says(f"· 1. {first}")
    dashboard.settle()
    flows.pick("Application", application)
    flows.pick("API", api)
    flows.says("Not begun")
    return flows


def to_consent(dashboard: Dashboard, application: str, api: str = "Orders") -> Shown:
    """Run the code flow as far as the step of consent."""
    flow = "Authorization code with PKCE"
    flows = to_flow(dashboard, flow, "Application draws its secrets", application, api)
    for title in ("1. Application draws", "2. Authorization", "3. Login", "4. Consent"):
        step(flows, title)
    return flows


def step(flows: Shown, title: str) -> None:
    """Let the next message happen."""
    flows.press("Next")
    current = flows.within.get_by_role("listitem").and_(flows.within.locator("[aria-current=step]"))
    expect(current).to_contain_text(title)


def test_s12_a_refresh_token_comes_where_offline_access_is_allowed(dashboard):
    """Forbidden, there is none and the setting is named; allowed, it brings a new access token."""
    allow(dashboard, "Orders", "Allow offline access", False)
    flows = to_refresh(dashboard)
    flows.says("no refresh token came: the API does not allow offline access")
    flows.says("api.allow_offline_access")
    allow(dashboard, "Orders", "Allow offline access", True)
    flows = to_refresh(dashboard)
    for title in ("2.", "3."):
        step(flows, title)
    flows.says("A new access token, and a new refresh token")


def to_refresh(dashboard: Dashboard) -> Shown:
    """The first step of the refresh flow: the login that brings a refresh token, or none."""
    flows = to_flow(dashboard, "Refresh, and a thief", "Tokens of a login", "Shop (spa)", "Orders")
    step(flows, "1.")
    return flows


def test_s13_the_signature_is_made_of_header_payload_secret_and_algorithm(dashboard):
    """A token made by hand from the four is accepted; with any of them another, it is refused."""
    debugger = dashboard.panel("Debugger", "debugger")
    header, payload, signature = got(debugger).split(".")
    assert signature == signed(header, payload, LEDGER_SECRET)
    elsewhere = encoded({**decoded(payload), "scope": "all"})
    for by_hand, verdict in (
        (f"{header}.{elsewhere}.{signed(header, elsewhere, LEDGER_SECRET)}", ACCEPTED),
        (f"{header}.{elsewhere}.{signature}", REFUSED),
        (f"{header}.{payload}.{signed(header, payload, LEDGER_SECRET)}", ACCEPTED),
        (f"{header}.{payload}.{signed(header, payload, LEDGER_SECRET.upper())}", REFUSED),
        (f"{header}.{payload}.{signature}", ACCEPTED),
        (f"{encoded({**decoded(header), 'alg': 'RS256'})}.{payload}.{signature}", REFUSED),
    ):
        debugger.find("textbox", "Token").fill(by_hand)
        debugger.says(verdict)


def got(debugger: "Shown") -> str:
    """The token that the debugger's button brings; it comes to the page after its verdict."""
    field = debugger.find("textbox", "Token")
    field.fill("")
    debugger.press("Get a token")
    debugger.says(ACCEPTED)
    expect(field).not_to_have_value("")
    return field.input_value()


def signed(header: str, payload: str, secret: str) -> str:
    """The HS256 signature of both."""
    raw = hmac.digest(secret.encode(), f"{header}.{payload}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def encoded(members: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_s14_a_leaked_shared_secret_signs_and_is_replaced(dashboard):
    """The attacker signs with it; a new secret ends that, and every deployment needs it."""
    signing = dashboard.panel("HS256 and RS256", "signing")
    signing.press("Reset")
    shared = Shown(signing.within.locator(".authkit-left"))
    signing.press("Let each party try")
    expect(shared.row("sign")).to_contain_text("✔ yes✔ yes✘ no✘ no")
    shared.label("the secret").press("Space")
    shared.says("BROKEN: the attacker can sign")
    signing.enter("Deployments", "5")
    shared.press("Repair: new secret")
    shared.says(re.compile("REPAIRED"))
    shared.says("costs 5 deployments")
    apis = dashboard.apis("Settings", "Ledger")
    expect(apis.find("button", "Make a new secret")).to_be_visible()


def test_s15_only_the_private_key_signs_and_anyone_verifies(dashboard):
    """With the public key everyone verifies, and an attacker signs nothing; with the private one it does."""
    signing = dashboard.panel("HS256 and RS256", "signing")
    signing.press("Reset")
    pair = Shown(signing.within.locator(".authkit-right"))
    signing.press("Let each party try")
    expect(pair.row("sign")).to_contain_text("✔ yes✘ no✘ no✘ no")
    expect(pair.row("verify")).to_contain_text("✔ yes✔ yes✔ yes✔ yes")
    pair.label("public key").press("Space")
    pair.says(re.compile("SAFE"))
    pair.label("private key").press("Space")
    pair.says("BROKEN: the attacker can sign")
    pair.press("Repair: rotate and revoke")
    pair.says("costs 0 deployments")


def test_s16_an_rs256_token_is_valid_for_several_audiences(dashboard):
    """With openid it is for the API and for userinfo; one under a shared secret stays the API's alone."""
    flows = to_the_answer(dashboard, "Orders")
    expect(flows.row(re.compile("^aud"))).to_contain_text(f"{ORDERS} {ISSUER}userinfo")
    flows = to_the_answer(dashboard, "Ledger")
    expect(flows.row(re.compile("^aud"))).to_contain_text("https://ledger.example/")
    expect(flows.row(re.compile("^aud"))).not_to_contain_text(f"{ISSUER}userinfo ")
    expect(flows.row(re.compile("^aud"))).to_contain_text("could forge tokens for userinfo")


def to_the_answer(dashboard: Dashboard, api: str) -> Shown:
    """Run the code flow to its end; who is asked for consent agrees."""
    flows = to_consent(dashboard, "Shop (spa)", api)
    flows.says(re.compile("The page is shown|It is left out"))
    if flows.within.get_by_text("The page is shown").count():
        flows.press("Accept")
        flows.says("✔ 5. Back with a code")
    else:
        step(flows, "5.")
    for title in ("6.", "7.", "8.", "9.", "10."):
        step(flows, title)
    return flows


def test_s17_keys_rotate_without_re_deploying_the_api(dashboard):
    """The client goes on with tokens of both keys; revoked, the old one is refused."""
    keys = to_keys(dashboard)
    client_verifies(keys)
    keys.press("Rotate")
    keys.says(re.compile(r"Key \d signs now\."))
    keys.press("Issue a token")
    keys.says(re.compile("has a token for Orders"))
    client_verifies(keys)
    for place in ("previous", "current"):
        expect(cell(keys, place, "client’s cache")).to_contain_text("accepted")
    keys.press("Revoke previous")
    keys.says("is out of the JWKS for good")
    expect(cell(keys, "revoked", "published JWKS")).to_contain_text("refused by key")
    expect(cell(keys, "current", "published JWKS")).to_contain_text("accepted")


def test_s18_the_public_key_is_in_the_signing_certificate(dashboard):
    """The certificate in the JWKS holds the key beside it; it is served as PEM, too."""
    keys = to_keys(dashboard)
    keys.unfold("the JWKS as served")
    published = json.loads(keys.label("The JWKS as served").inner_text())["keys"]
    assert published
    for key in published:
        certified = load_der_x509_certificate(base64.b64decode(key["x5c"][0])).public_key()
        modulus = base64.urlsafe_b64decode(key["n"] + "=" * (-len(key["n"]) % 4))
        assert isinstance(certified, RSAPublicKey)
        assert certified.public_numbers().n == int.from_bytes(modulus, "big")
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)
    keys.press("Paste current PEM")
    keys.says(re.compile(r"Key \d is pasted\."))
    keys.unfold("the code")
    keys.says("GET /pem")


def test_s19_a_pasted_public_key_verifies(dashboard):
    """In the debugger, and by a client with a pasted key: until the keys rotate."""
    forget_ledger(dashboard)
    debugger = dashboard.panel("Debugger", "debugger")
    token = got(debugger)
    assert decoded(token.split(".")[0])["alg"] == "RS256"
    debugger.find("textbox", "Token").fill(token[:-8] + "AAAAAAAA")
    debugger.says(REFUSED)
    debugger.find("textbox", "Token").fill(token)
    debugger.says(ACCEPTED)
    keys = to_keys(dashboard)
    keys.press("Paste current PEM")
    keys.says(re.compile(r"Key \d is pasted\."))
    expect(cell(keys, "current", "pasted PEM")).to_contain_text("accepted")
    keys.press("Rotate")
    keys.says(re.compile(r"Key \d signs now\."))
    keys.press("Issue a token")
    expect(cell(keys, "current", "pasted PEM")).to_contain_text("refused by signature")  # why S20 is better


def forget_ledger(dashboard: Dashboard) -> None:
    """Delete the API that the debugger stands on: then it is the one for Orders."""
    apis = dashboard.apis()
    if apis.find("radio", "Ledger").count():
        apis = dashboard.apis("Settings", "Ledger")
        apis.press("Delete API…")
        apis.press("Yes, delete this API")
        apis.says("Deleted: Ledger")


def test_s20_the_jwks_brings_the_keys_by_itself(dashboard):
    """Rotated twice, the client that fetches the JWKS goes on; the one with the pasted key does not."""
    keys = to_keys(dashboard)
    client_verifies(keys)
    for _ in range(2):
        keys.press("Rotate")
        keys.says(re.compile(r"Key \d signs now\."))
        clock = Shown(dashboard.page.locator(".authkit-clock"))
        clock.enter("Seconds to advance", "660")
        clock.press("Advance")
        keys.press("Issue a token")
        expect(cell(keys, "current", "client’s cache")).to_contain_text("not asked")
        client_verifies(keys)
        expect(cell(keys, "current", "client’s cache")).to_contain_text("accepted")
        expect(cell(keys, "current", "pasted PEM")).to_contain_text("refused by signature")
    expect(keys.row("fetches of the JWKS")).to_contain_text("3")


def to_keys(dashboard: Dashboard) -> Shown:
    """The keys panel with fresh clients and one token, under the current key."""
    keys = dashboard.panel("Keys", "keys")
    keys.press("Reset")
    keys.says("No token yet")
    keys.press("Issue a token")
    keys.says(re.compile("has a token for Orders"))
    return keys


def client_verifies(keys: Shown) -> None:
    """Have the client verify; the first time of all, the web framework has to be loaded."""
    keys.press("Client verifies")
    keys.says(re.compile("The client (fetched|verified)"), timeout=30_000)


def cell(keys: Shown, place: str, column: str) -> Locator:
    """What one verifier made of the token whose key is in this place."""
    head = keys.within.get_by_role("columnheader").filter(visible=True)
    heads = [text for text in head.all_inner_texts() if not text.startswith(("key", "since"))]
    number = next(number for number, text in enumerate(heads) if text.startswith(column))
    row = keys.row(re.compile(rf"^key \d, {place}"))
    return row.get_by_role("cell").nth(number)


def test_s21_permissions_are_added_to_roles(dashboard):
    """A role with a permission, given to a user, decides what her token holds."""
    roles = dashboard.panel("Roles", "roles")
    roles.pick("API", "Orders")
    roles.says("2 permissions")
    roles.label("RBAC").check()
    roles.says("On: users get what roles give.")
    roles.pick("Dialect", "access_token_authz")
    roles.enter("New role", "Clerk")
    roles.press("Create role")
    roles.says("Created: the role Clerk.")
    roles.says("Gets no permission")
    roles.label("Clerk may read:orders").press("Space")
    roles.says("Clerk may now read:orders.")
    roles.says("Gets no permission")
    roles.label("ada@example.com has the role Clerk").press("Space")
    roles.says("Gets: read:orders")
    expect(roles.row(re.compile("^permissions"))).to_contain_text("read:orders")
    roles.says("write:orders (RBAC is on and the user does not hold it)")
