"""Login and consent clicked through in a real Chromium, from an application that redeems its codes for tokens."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect, sync_playwright

from authkit import Api, Application, Server, SteerableClock, Tenant, code_challenge, serve
from authkit.registry.models import User

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Training = Tenant[SteerableClock]

PASSWORD = "correct horse battery"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
FAR = "app.example"  # in this browser alone a name of this machine, and so no loopback callback for the tenant
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NARROW = {"viewport": {"width": 320, "height": 640}}
ZOOMED = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}  # what 200 % makes of 1280 × 900


class OrderDesk:
    """The application: a real server on loopback, which is sent a code and exchanges it.

    Attributes:
        application: Its registration with the tenant.
        callback: Where its users come back to.
        received: What each user brought to the callback.
        tokens: What the tenant answered to each code.
        pages: What it shows, by path, besides its callback.
    """

    def __init__(self, tenant: Training, server: Server, api: Api) -> None:
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                desk.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.tenant, self.server, self.api = tenant, server, api
        self.received: list[dict[str, str]] = []
        self.tokens: list[dict[str, Any]] = []
        self.pages: dict[str, str] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.application = self.register()

    def address(self, path: str, host: str = FAR) -> str:
        return f"http://{host}:{self._http.server_port}{path}"

    def register(self, host: str = FAR, path: str = "/callback", **settings: Any) -> Application:
        """Become an application with these settings, whose callback is on this host."""
        self.callback = self.address(path, host)
        self.application = self.tenant.applications.create(
            name="Order desk", app_type="spa", callbacks=[self.callback], **settings
        )
        return self.application

    def request(self, **changes: str | None) -> str:
        """Where it sends its users."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.application.client_id,
            "redirect_uri": self.callback,
            "audience": self.api.identifier,
            "scope": "openid read:orders",
            "state": "s-1",
            "code_challenge": code_challenge(VERIFIER),
            "code_challenge_method": "S256",
            **changes,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return f"{self.server.url}/authorize?{urlencode(given)}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Serve the callback, and pages that a test has written."""
        address = urlsplit(request.path)
        heading = self._arrival(dict(parse_qsl(address.query))) if address.path.startswith("/callback") else "Home"
        onward = address.path == "/callback-and-on"
        request.send_response(303 if onward else 200)
        if onward:  # to another origin, as where a back end serves a front end on another port
            request.send_header("Location", self.address("/home", "127.0.0.1"))
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.end_headers()
        body = self.pages.get(address.path) or f"<h1>{heading}</h1>"
        request.wfile.write(f"<!doctype html><html lang=en><title>Order desk</title>{body}".encode())

    def _arrival(self, brought: dict[str, str]) -> str:
        self.received.append(brought)
        if "code" not in brought:
            return "Refused"
        fields = {
            "grant_type": "authorization_code",
            "client_id": self.application.client_id,
            "code": brought["code"],
            "redirect_uri": self.callback,
            "code_verifier": VERIFIER,
        }
        self.tokens.append(httpx.post(self.server.token_endpoint, data=fields, trust_env=False).json())
        return "Token in hand" if "access_token" in self.tokens[-1] else "No token"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def user(tenant: Training) -> User:
    return tenant.users.create(email="ada@example.com", password=PASSWORD, name="Ada")


@pytest.fixture
def server(tenant: Training, user: User) -> Iterator[Server]:
    with serve(tenant) as server:
        yield server


@pytest.fixture
def desk(tenant: Training, server: Server, api: Api) -> Iterator[OrderDesk]:
    desk = OrderDesk(tenant, server, api)
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def chromium(browser_path: str) -> Iterator[Browser]:
    """A Chromium that finds the application's far host on this machine, and no other host.

    Playwright routes no redirects, so that a callback elsewhere could not be fulfilled by `page.route`.
    """
    rules = f"MAP {FAR} 127.0.0.1, MAP localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-features=HttpsUpgrades"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=[*flags, f"--host-resolver-rules={rules}"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(page: Page, off_machine: list[str]) -> Iterator[Page]:
    """The page; redirects, which no route sees, stay on this machine too."""
    hosts: set[str | None] = set()
    page.context.route(f"http://{FAR}:*/**", lambda route: route.continue_())
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.set_default_timeout(10_000)
    yield page
    assert off_machine == [] and hosts <= {"127.0.0.1", "localhost", FAR}


def log_in(page: Page, email: str = "ada@example.com", password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def answer(page: Page, decision: str = "Accept") -> None:
    page.get_by_role("button", name=decision).click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def kinds_of_pages(page: Page, desk: OrderDesk) -> Iterator[str]:
    """Each page once, its fold open; named, while the browser shows it."""

    def shown(name: str) -> str:
        for fold in page.locator("details").all():
            fold.locator("summary").click()
        return name

    page.goto(desk.request(scopes="typo"))
    yield shown("login")
    log_in(page, password="wrong")
    yield shown("failed login")
    log_in(page)
    yield shown("consent")
    page.goto(desk.request(redirect_uri="https://evil.example/"))
    yield shown("error")
    page.goto(desk.request(state="s-2"))
    page.context.clear_cookies()
    answer(page)
    heading(page, "Log in")
    page.context.clear_cookies()
    log_in(page)
    yield shown("stale form")
    page.goto(f"{desk.server.url}/v2/logout")
    yield shown("logged out")


# From the click to the token


def test_a_wrong_password_then_a_token_in_hand(page: Page, desk: OrderDesk, user: User) -> None:
    """One sentence, the cursor in the password, nothing lost but that; then consent, and a token that verifies."""
    page.goto(desk.request())
    expect(page).to_have_title("Log in – authkit")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    log_in(page, password="guessed")
    expect(page).to_have_title("Not logged in: log in – authkit")
    expect(page.get_by_role("alert")).to_have_text("The e-mail address or the password is wrong.")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("E-mail address")).to_have_value("ada@example.com")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "Allow access?")
    expect(page.get_by_role("main")).to_contain_text("Order desk asks for access to Orders")
    answer(page)
    heading(page, "Token in hand")
    assert desk.received[-1]["state"] == "s-1"
    claims = desk.tenant.verifier(desk.api).verify(desk.tokens[-1]["access_token"])
    assert (claims["sub"], claims["scope"]) == (user.user_id, "openid read:orders")
    assert "id_token" in desk.tokens[-1]


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_it_works_without_scripts(page: Page, desk: OrderDesk) -> None:
    """The fold opens as well."""
    page.goto(desk.request())
    page.get_by_text("What is happening here").click()
    expect(page.get_by_role("heading", name="What Order desk sent")).to_be_visible()
    log_in(page)
    answer(page)
    heading(page, "Token in hand")


def test_it_works_by_keyboard_alone(page: Page, desk: OrderDesk) -> None:
    """Tab, Enter and Space, in the order of reading."""
    page.goto(desk.request())
    expect(page.get_by_label("E-mail address")).to_be_focused()  # before that, letters go nowhere
    keys = page.keyboard
    keys.type("ada@example.com")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Tab")
    expect(page.get_by_role("button", name="Log in")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="What Order desk sent")).to_be_visible()
    keys.press("Shift+Tab")
    keys.press("Enter")
    heading(page, "Allow access?")
    stops = []
    for _ in range(4):
        keys.press("Tab")
        stops.append(page.evaluate("document.activeElement.innerText"))
    assert stops == ["Accept", "Decline", "Log in as somebody else", "What is happening here"]
    for _ in range(3):
        keys.press("Shift+Tab")
    keys.press("Space")
    heading(page, "Token in hand")


def test_an_application_may_send_its_user_on_to_another_origin(page: Page, desk: OrderDesk) -> None:
    """From its callback, as a back end does whose front end has a port of its own."""
    desk.register(path="/callback-and-on")
    page.goto(desk.request())
    log_in(page)
    answer(page)
    heading(page, "Home")
    assert "access_token" in desk.tokens[-1]


# The consent rules (S11)


@pytest.mark.parametrize(
    ("host", "first_party", "flag", "prompt", "shown"),
    [
        pytest.param(FAR, True, True, None, None, id="first-party-and-flag"),
        pytest.param(FAR, True, False, None, "api.skip_consent_for_verifiable_first_party_clients", id="no-flag"),
        pytest.param("localhost", True, True, None, "application.callbacks", id="localhost"),
        pytest.param("127.0.0.1", True, True, None, "application.callbacks", id="loopback-address"),
        pytest.param(FAR, False, True, None, "application.is_first_party", id="third-party"),
        pytest.param(FAR, True, True, "consent", "request.prompt", id="prompt"),
    ],
)
def test_s11_who_is_asked_for_consent(
    page: Page, desk: OrderDesk, host: str, first_party: bool, flag: bool, prompt: str | None, shown: str | None
) -> None:
    """Each row of the rules, with the setting that decides it on the page."""
    desk.tenant.apis.update(desk.api, skip_consent_for_verifiable_first_party_clients=flag)
    desk.register(host, is_first_party=first_party)
    page.goto(desk.request(prompt=prompt))
    log_in(page)
    if shown is not None:
        heading(page, "Allow access?")
        expect(page.get_by_text("Decided by")).to_contain_text(shown)
        answer(page)
    heading(page, "Token in hand")


@pytest.mark.parametrize(
    ("host", "first_party", "again"),
    [(FAR, True, False), (FAR, False, True), ("127.0.0.1", True, True)],
    ids=["first-party", "third-party", "loopback"],
)
def test_s11_who_is_asked_a_second_time(page: Page, desk: OrderDesk, host: str, first_party: bool, again: bool) -> None:
    """Consent is remembered for a first party with a callback elsewhere, and for nobody else."""
    desk.register(host, is_first_party=first_party)
    page.goto(desk.request())
    log_in(page)
    answer(page)
    heading(page, "Token in hand")
    page.goto(desk.request(state="s-2"))
    heading(page, "Allow access?" if again else "Token in hand")


def test_more_scopes_are_asked_for_again(page: Page, desk: OrderDesk) -> None:
    """And so is everything with prompt=consent."""
    page.goto(desk.request())
    log_in(page)
    answer(page)
    heading(page, "Token in hand")
    page.goto(desk.request(scope="read:orders write:orders"))
    expect(page.get_by_role("definition")).to_have_text(["read:orders", "write:orders"])
    answer(page)
    heading(page, "Token in hand")
    page.goto(desk.request(prompt="consent"))
    heading(page, "Allow access?")


def test_a_refusal_reaches_the_callback(page: Page, desk: OrderDesk) -> None:
    """`access_denied` with the state, and no code."""
    page.goto(desk.request())
    log_in(page)
    answer(page, "Decline")
    heading(page, "Refused")
    assert (desk.received[-1]["error"], desk.received[-1]["state"]) == ("access_denied", "s-1")
    assert desk.tokens == []


def test_somebody_else_may_log_in(page: Page, desk: OrderDesk) -> None:
    """From the consent page, which then names them."""
    bob = desk.tenant.users.create(email="bob@example.com", password=PASSWORD)
    page.goto(desk.request())
    log_in(page)
    page.get_by_role("link", name="Log in as somebody else").click()
    log_in(page, bob.email)
    expect(page.get_by_role("main")).to_contain_text("on behalf of bob@example.com")
    answer(page)
    heading(page, "Token in hand")
    assert desk.tenant.verifier(desk.api).verify(desk.tokens[-1]["access_token"])["sub"] == bob.user_id


# For everyone


@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=str)
def test_axe_finds_no_fault(page: Page, desk: OrderDesk) -> None:
    """On no page, in neither scheme; each has a title of its own, its language, and one heading."""
    titles = set()
    for name in kinds_of_pages(page, desk):
        found = Axe().run(page, options=ACCESSIBLE)
        assert found.response["passes"]
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        titles.add(page.title())
        expect(page.locator("html[lang=en]")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert len(titles) == 6


@pytest.mark.parametrize("page", [NARROW, ZOOMED], indirect=True, ids=["320px", "200%"])
def test_nothing_scrolls_sideways(page: Page, desk: OrderDesk) -> None:
    """WCAG 1.4.10, also where nobody put a space."""
    desk.api = desk.tenant.apis.create(
        name="N" * 200, identifier=f"https://{'i' * 500}.example/", scopes={"s" * 280: "d" * 300}
    )
    desk.register(path=f"/callback/{'p' * 300}")
    url = desk.request
    desk.request = lambda **changes: url(**{"scope": "s" * 280, **changes})  # type: ignore[method-assign]
    for name in kinds_of_pages(page, desk):
        root = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert root[0] == root[1], name


def test_password_managers_know_the_fields(page: Page, desk: OrderDesk) -> None:
    """By autocomplete (WCAG 1.3.5); the password is one that nobody reads over a shoulder."""
    page.goto(desk.request(login_hint="ada@example.com"))
    expect(page.get_by_label("E-mail address")).to_have_attribute("autocomplete", "username")
    expect(page.get_by_label("E-mail address")).to_have_value("ada@example.com")
    expect(page.get_by_label("Password")).to_have_attribute("autocomplete", "current-password")
    expect(page.get_by_label("Password")).to_have_attribute("type", "password")
    expect(page.get_by_label("Password")).to_be_focused()


# Back, twice, and side by side


def test_back_leads_to_no_dead_end(page: Page, desk: OrderDesk) -> None:
    """From consent and from the callback; who logged in is asked no password again."""
    desk.register(is_first_party=False)
    page.goto(desk.address("/"))
    page.goto(desk.request())
    log_in(page)
    heading(page, "Allow access?")
    page.go_back()
    heading(page, "Allow access?")
    answer(page)
    heading(page, "Token in hand")
    page.go_back()
    heading(page, "Allow access?")
    answer(page)
    heading(page, "Token in hand")
    assert desk.received[0]["code"] != desk.received[1]["code"]


def test_the_address_of_a_failed_login_can_be_opened_again(page: Page, desk: OrderDesk) -> None:
    """From the address bar, a bookmark, a restored session: by GET."""
    page.goto(desk.request())
    log_in(page, password="wrong")
    heading(page, "Log in")
    page.goto(page.url)
    log_in(page)
    heading(page, "Allow access?")


def test_a_double_click_does_no_harm(page: Page, desk: OrderDesk) -> None:
    """On either button: the browser answers the second."""
    page.goto(desk.request())
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").dblclick()
    heading(page, "Allow access?")
    page.get_by_role("button", name="Accept").dblclick()
    heading(page, "Token in hand")


def test_two_tabs_with_one_consent_are_both_answered(page: Page, desk: OrderDesk) -> None:
    """Each with a code of its own, also where the first answer was no."""
    page.goto(desk.request())
    log_in(page)
    other = page.context.new_page()
    other.goto(desk.request())
    answer(page, "Decline")
    heading(page, "Refused")
    answer(other)
    heading(other, "Token in hand")


def test_of_two_tabs_with_a_login_the_second_starts_again(page: Page, desk: OrderDesk) -> None:
    """Its form is from before the other's login; one click, and it goes on as the same user."""
    page.goto(desk.request())
    other = page.context.new_page()
    other.goto(desk.request(state="s-2"))
    log_in(page)
    heading(page, "Allow access?")
    log_in(other)
    heading(other, "This form cannot be used")
    other.get_by_role("link", name="Start again").click()
    answer(other)
    heading(other, "Token in hand")
    assert desk.received[-1]["state"] == "s-2"


def test_a_logout_asks_for_the_password_again(page: Page, desk: OrderDesk) -> None:
    """This browser is known no longer."""
    page.goto(desk.request())
    log_in(page)
    page.goto(f"{desk.server.url}/v2/logout")
    heading(page, "Logged out")
    assert page.context.cookies() == []
    page.goto(desk.request())
    heading(page, "Log in")


# Other sites


def test_the_cookie_is_kept_from_scripts_and_other_sites(page: Page, desk: OrderDesk) -> None:
    """As the browser has understood it."""
    page.goto(desk.request())
    log_in(page)
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", False)
    assert page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("page", [{"ignore_https_errors": True}], indirect=True)
def test_with_tls_the_cookie_is_secure(page: Page, tenant: Training, user: User, api: Api) -> None:
    """`__Host-` and all: Chromium would not have taken it otherwise."""
    with serve(tenant, tls=True) as server:
        desk = OrderDesk(tenant, server, api)
        page.goto(desk.request())
        log_in(page)
        heading(page, "Allow access?")
        desk.close()
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["secure"]) == (True, "Lax", True)
    assert cookie["name"].startswith("__Host-")


@pytest.mark.parametrize("host", [FAR, "127.0.0.1"], ids=["cross-site", "same-site"])
def test_a_form_of_another_site_changes_nothing(page: Page, desk: OrderDesk, host: str) -> None:
    """Not even with the token of this very browser, which that site could not have."""
    page.goto(desk.request())
    log_in(page)
    heading(page, "Allow access?")
    form = page.locator("form")
    action = f"{desk.server.url}/{form.get_attribute('action')}".replace("&", "&amp;")
    token = page.locator("input[name=form_token]").get_attribute("value")
    desk.pages["/evil"] = (
        f"<form method=post action='{action}'><input type=hidden name=form_token value='{token}'>"
        "<button name=decision value=accept>Win a prize</button></form>"
    )
    page.goto(desk.address("/evil", host))
    page.get_by_role("button").click()
    heading(page, "This request cannot be answered")
    expect(page.get_by_role("main")).to_contain_text("sent by a page of another site")
    assert desk.received == []


@pytest.mark.parametrize("host", [FAR, "127.0.0.1"], ids=["cross-site", "same-site"])
def test_no_page_can_be_framed(page: Page, desk: OrderDesk, host: str) -> None:
    """Clickjacking (RFC 6749 §10.13)."""
    desk.pages["/framed"] = f"<iframe title=x src='{desk.request().replace('&', '&amp;')}'></iframe>"
    page.goto(desk.address("/framed", host))
    page.frames[1].wait_for_url(re.compile("^chrome-error:"))


def test_hostile_names_stay_text(page: Page, desk: OrderDesk) -> None:
    """In the browser that would run them; the style is the one the policy names, and nothing is blocked."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    hostile = "'\"><img src=x onerror=alert(1)><script>alert(2)</script></title></style>"
    desk.api = desk.tenant.apis.create(identifier=f"urn:{hostile}", scopes={"read:<b>": hostile})
    page.goto(desk.request(scope="read:<b>", login_hint=hostile, state=hostile, **{hostile: hostile}))
    log_in(page)
    page.get_by_text("What is happening here").click()
    expect(page.get_by_role("main")).to_contain_text(hostile)
    assert page.locator("script, img").count() == 0 and said == []
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "512px"
    answer(page)
    heading(page, "Token in hand")
    assert desk.received[-1]["state"] == hostile
