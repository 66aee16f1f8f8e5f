"""What every page of the login has: headers that lock it in, and nothing unescaped."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import httpx
import pytest

from authkit import SteerableClock, StorageError, Tenant, serve

Training = Tenant[SteerableClock]
CALLBACK = "https://app.example/callback"
PASSWORD = "correct horse battery"
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{77*77}}{% raw %}\u202e"


def pages(browser) -> dict[str, httpx.Response]:
    """One of each kind."""
    login = browser.open()
    return {
        "login": login,
        "failed login": browser.send(login, email="nobody@example.com", password="x"),
        "stale form": browser.send(login, form_token="x"),
        "error": browser.open(redirect_uri="https://evil.example/"),
        "consent": browser.log_in(),
        "logged out": browser.http.get("/v2/logout"),
    }


class Structure(HTMLParser):
    """The elements of a page, and what axe would not see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_every_page_is_locked_in(browser) -> None:
    """No script, no frame, no referrer, no store, nothing from elsewhere."""
    for name, page in pages(browser).items():
        policy = dict(rule.split(" ", 1) for rule in page.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'" and "script-src" not in policy, name
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", name
        assert page.headers["X-Frame-Options"] == "DENY" and page.headers["X-Content-Type-Options"] == "nosniff", name
        assert page.headers["Referrer-Policy"] == "no-referrer" and page.headers["Cache-Control"] == "no-store", name
        assert "Access-Control-Allow-Origin" not in page.headers, name
        assert not re.search(r"<script|<link|src=|url\(|@import|javascript:|style=|\son\w+=", page.text), name


def test_the_style_is_the_one_that_the_policy_names(browser) -> None:
    """By its hash."""
    page = browser.open()
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_the_application_may_send_its_user_on(browser) -> None:
    """Chromium holds every redirect after a form against `form-action`: from the callback to a front end, too."""
    for name, page in pages(browser).items():
        assert "form-action" not in page.headers["Content-Security-Policy"], name


def test_the_host_header_stands_in_no_page() -> None:
    """All addresses are relative, so that nobody is led to a host that a request made up."""
    with Tenant.open() as tenant, serve(tenant) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        app = tenant.applications.create(name="x", app_type="regular_web", callbacks=[CALLBACK])
        asked = {"client_id": app.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        for method, path in (("GET", "/authorize"), ("GET", "/login"), ("GET", "/v2/logout"), ("POST", "/login")):
            headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
            answer = client.request(method, path, params=asked, headers=headers)
            assert "evil" not in answer.text + str(answer.headers), path


def test_the_fold_tells_what_was_sent_and_no_secret(browser) -> None:
    """Each parameter in plain words; what guards the login by its length; a slip of the pen as ignored."""
    page = body(browser.open(state="guard-one", nonce="guard-two", scopes="typo", code_challenge=None))
    shown = re.sub(r'action="[^"]*"', "", page)
    assert "What Order desk sent" in shown and "guard-" not in shown
    assert "<code>state</code> <strong>9 characters</strong>" in shown
    assert "<code>redirect_uri</code> <strong>https://app.example/callback</strong>" in shown
    assert "<code>code_challenge</code> <strong>not sent</strong>" in shown
    assert "<code>scopes</code> <strong>ignored</strong>" in shown and "typo" not in shown


def test_the_fold_tells_which_step_this_is(browser) -> None:
    """And why a password is asked for."""
    login = browser.open()
    assert current(login) == "You log in with the tenant, so that Order desk never sees your password. " + (
        "Nobody is logged in with this browser."
    )
    assert current(browser.log_in()).startswith("You are asked whether you agree")
    assert current(browser.open(prompt="login")).endswith("wants you to log in again (prompt=login).")
    assert current(browser.open(max_age="0")).endswith("a login that is no older than 0 seconds (max_age).")


def test_a_redirect_tells_no_referrer_and_is_not_stored(browser) -> None:
    """A code stands in its address."""
    answer = browser.submit(browser.log_in(), decision="accept")
    assert "code=" in answer.headers["Location"] and answer.content == b""
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"


def test_every_page_is_built_to_be_read(browser) -> None:
    """Language, title, one heading; each field with its label; a fault tied to its fields."""
    titles = set()
    for name, page in pages(browser).items():
        structure = Structure(page.text)
        assert structure.all("html") == [{"lang": "en"}] and len(structure.all("h1")) == 1, name
        assert len(structure.all("title")) == len(structure.all("main")) == 1, name
        titles.add(page.text.partition("<title>")[2].partition("</title>")[0])
        fields = [field["id"] for field in structure.all("input") if field.get("type") != "hidden"]
        assert fields == [label["for"] for label in structure.all("label")], name
        for field in structure.all("input"):
            described = field.get("aria-describedby")
            assert (described == "error") == (name == "failed login" and field.get("type") != "hidden"), name
            assert described is None or f'id="{described}"' in page.text
    assert len(titles) == 6


def test_browsers_may_fill_in_what_they_keep(browser) -> None:
    """WCAG 1.3.5."""
    fields = {field["name"]: field.get("autocomplete") for field in Structure(browser.open().text).all("input")}
    assert (fields["email"], fields["password"]) == ("username", "current-password")


def test_a_training_tenant_says_so_on_every_page(browser) -> None:
    """Its keys are published."""
    for name, page in pages(browser).items():
        assert "Training tenant." in page.text, name


def test_a_real_tenant_does_not(browser) -> None:
    """Nor does its limit speak of a clock that can be advanced."""
    with Tenant.open() as tenant, serve(tenant) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        page = client.get("/authorize")
        assert page.status_code == 400 and "raining" not in body(page)


def test_nothing_hostile_becomes_markup(browser) -> None:
    """In parameters and in what was typed; what turns the line round is spelt out."""
    plain = set(tags(browser.open().text))
    for changes in (
        {"state": HOSTILE},
        {"nonce": HOSTILE},
        {"login_hint": HOSTILE},
        {"scope": HOSTILE},
        {HOSTILE: HOSTILE},
    ):
        page = browser.open(**changes)
        assert page.status_code == 200 and set(tags(page.text)) == plain, changes
        assert "<script" not in page.text and "\u202e" not in page.text
    page = browser.send(browser.open(), email=HOSTILE, password=HOSTILE)
    assert "<script" not in page.text and "\u202e" not in page.text
    for changes in ({"client_id": HOSTILE}, {"redirect_uri": HOSTILE}):
        page = browser.open(**changes)
        assert page.status_code == 400 and "<script" not in page.text and "<img" not in page.text


def test_hostile_names_and_descriptions_are_text(browser, tenant: Training) -> None:
    """An application's name, an API's identifier, a scope and its description."""
    name = "\"' {{77*77}} &lt;b&gt; \u202eevil"
    api = tenant.apis.create(identifier="urn:\"'<b>x</b>", scopes={"read:<b>&": HOSTILE})
    app = tenant.applications.create(name=name, app_type="regular_web", callbacks=[CALLBACK])
    page = browser.log_in(client_id=app.client_id, audience=api.identifier, scope="read:<b>&")
    assert page.status_code == 200 and tags(page.text).count("script") == tags(page.text).count("b") == 0
    assert "5929" not in re.sub(r'(value|action|href)="[^"]*"', "", body(page)) and "\u202e" not in page.text
    assert "read:&lt;b&gt;&amp;" in page.text and "{{77*77}}" in page.text and r"\u202eevil" in page.text
    answer = browser.submit(page, decision="accept")
    assert "code" in browser.returned(answer)


def body(page: httpx.Response) -> str:
    """What stands below the style sheet."""
    return page.text.partition("</style>")[2]


def current(page: httpx.Response) -> str:
    """The step that the fold marks."""
    [step] = re.findall(r'<li aria-current="step">(.*?) <strong>', body(page))
    return str(step)


def tags(page: str) -> list[str]:
    return [tag for tag, _ in Structure(page).tags]


def test_a_store_out_of_reach_is_a_page(monkeypatch: pytest.MonkeyPatch, browser, tenant: Training) -> None:
    """A page, as the user has a browser; without the file's name, which is for who runs the tenant."""
    page = browser.open()
    monkeypatch.setattr(tenant.users, "authenticated", _unreachable)
    answer = browser.send(page, email="ada@example.com", password="x")
    assert answer.status_code == 503 and answer.headers["Content-Type"].startswith("text/html")
    assert "out of reach" in answer.text and "/secret/place" not in answer.text


def _unreachable(*given: object) -> None:
    raise StorageError("storage.full", "The store /secret/place has no room.", "")
