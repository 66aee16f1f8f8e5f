"""One served training tenant for many requests; what a test changes it makes for itself."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest

from authkit import Api, Application, Server, SteerableClock, SystemClock, Tenant, serve, training_tenant
from authkit.http.running import listen
from authkit.registry.models import User
from authkit.tenant import live_training_tenant

Training = Tenant[SteerableClock]


@pytest.fixture(scope="module")
def tenant() -> Iterator[Training]:
    """A training tenant that the tests of one file share."""
    with training_tenant() as tenant:
        yield tenant


@pytest.fixture(scope="module")
def api(tenant: Training) -> Api:
    """An RS256 API with two scopes."""
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    return tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes=scopes)


@pytest.fixture(scope="module")
def app(tenant: Training, api: Api) -> Application:
    """An application that is granted both scopes of the API."""
    app = tenant.applications.create(name="Nightly report")
    tenant.client_grants.create(app, api, ["read:orders", "write:orders"])
    return app


@pytest.fixture(scope="module")
def server(tenant: Training) -> Iterator[Server]:
    """The tenant on a free port."""
    with serve(tenant) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    """A client of that server which asks no proxy."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


CALLBACK = "https://app.example/callback"
PASSWORD = "correct horse battery"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636 appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class Form(HTMLParser):
    """The one form of a page: where it goes, and what it brings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")


class Browser:
    """Someone's browser, by hand: cookies, forms as they stand in the page, redirects followed one by one."""

    def __init__(self, url: str, asked: dict[str, str], **options: Any) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, **options)
        self.asked = asked
        self._others: list[Browser] = []

    def open(self, **changes: str | None) -> httpx.Response:
        """`GET /authorize` with some parameters changed, or left out (None)."""
        asked = {name: value for name, value in {**self.asked, **changes}.items() if value is not None}
        return self.http.get("/authorize", params=asked)

    def another(self) -> Browser:
        """A browser of somebody else, about to make the same request."""
        self._others.append(Browser(str(self.http.base_url), self.asked))
        return self._others[-1]

    def close(self) -> None:
        """Close it, and the others."""
        for one in (self, *self._others):
            one.http.close()

    @staticmethod
    def form(page: httpx.Response) -> Form:
        """The one form of a page."""
        return Form(page.text)

    def send(self, page: httpx.Response, **typed: str | None) -> httpx.Response:
        """Send the form of a page with these fields changed, or left out (None)."""
        form = self.form(page)
        fields = {name: value for name, value in {**form.fields, **typed}.items() if value is not None}
        return self.http.post(page.url.join(form.action), data=fields)

    def submit(self, page: httpx.Response, **typed: str) -> httpx.Response:
        """Send the form of a page; a redirect within the server is followed."""
        answer = self.send(page, **typed)
        return self.http.get(page.url.join(answer.headers["Location"])) if self._inside(answer) else answer

    def log_in(self, email: str = "ada@example.com", **changes: str | None) -> httpx.Response:
        """From the request through the login page to what comes next."""
        page = self.open(**changes)
        assert page.status_code == 200, page.text
        return self.submit(page, email=email, password=PASSWORD)

    def code(self, **changes: str) -> str:
        """The code at the end of a login, consent included."""
        answer = self.log_in(**changes)
        if answer.status_code == 200:
            answer = self.submit(answer, decision="accept")
        return self.returned(answer)["code"]

    def callback(self, url: str) -> str:
        """Where a login ends that begins at this address of another maker's client: the callback with its code."""
        answer = self.submit(self.http.get(url), email="ada@example.com", password=PASSWORD)
        if answer.status_code == 200:
            answer = self.submit(answer, decision="accept")
        self.returned(answer)
        return answer.headers["Location"]

    @staticmethod
    def returned(answer: httpx.Response) -> dict[str, str]:
        """What the application gets in its callback: each parameter once, and nothing before or behind."""
        assert answer.status_code == 303, answer.text
        address, _, query = answer.headers["Location"].partition("?")
        assert address == CALLBACK, answer.headers["Location"]
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def _inside(self, answer: httpx.Response) -> bool:
        return answer.next_request is not None and answer.next_request.url.netloc == answer.url.netloc


@pytest.fixture(scope="module")
def user(tenant: Training) -> User:
    """Who logs in."""
    return tenant.users.create(email="ada@example.com", password=PASSWORD, name="Ada")


@pytest.fixture(scope="module")
def web(tenant: Training, api: Api) -> Application:
    """A web application of a third party, whose users are always asked for consent."""
    return tenant.applications.create(
        name="Order desk", app_type="regular_web", callbacks=[CALLBACK], is_first_party=False
    )


@pytest.fixture
def browser(tenant: Training, server: Server, web: Application, api: Api, user: User) -> Iterator[Browser]:
    """A fresh browser, and a request of the web application for the API."""
    asked = {
        "response_type": "code",
        "client_id": web.client_id,
        "redirect_uri": CALLBACK,
        "audience": api.identifier,
        "scope": "openid read:orders",
        "state": "s-1",
    }
    browser = Browser(server.url, asked)
    yield browser
    browser.close()


Ask = Callable[..., httpx.Response]


@pytest.fixture
def redeem(client: httpx.Client, web: Application) -> Ask:
    """Asks for tokens with a code; a parameter is changed, added, or left out (None)."""
    return _asking(client, web, grant_type="authorization_code", redirect_uri=CALLBACK)


@pytest.fixture
def refresh(client: httpx.Client, web: Application) -> Ask:
    """Asks for tokens with a refresh token, likewise."""
    return _asking(client, web, grant_type="refresh_token")


def _asking(client: httpx.Client, web: Application, **usual: str) -> Ask:
    assert web.client_secret is not None
    usual |= {"client_id": web.client_id, "client_secret": web.client_secret.reveal()}

    def ask(**changes: str | None) -> httpx.Response:
        form = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        return client.post("/oauth/token", data=form)

    return ask


class Live(NamedTuple):
    """What clients of other makers need: a tenant on the system's clock, served where its issuer says.

    `app` is granted `read:orders` of the API; the user Ada logs in to `web` with `browser`.
    """

    tenant: Tenant[SystemClock]
    server: Server
    api: Api
    app: Application
    web: Application
    browser: Browser


@contextmanager
def _living(*, tls: bool) -> Iterator[Live]:
    listening = listen()
    issuer = f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}/"
    with live_training_tenant(issuer) as tenant, serve(tenant, listening=listening, tls=tls) as server:
        scopes = {"read:orders": "Read orders"}
        api = tenant.apis.create(identifier="https://orders.example/", scopes=scopes, allow_offline_access=True)
        app = tenant.applications.create(name="Nightly report")
        tenant.client_grants.create(app, api, ["read:orders"])
        web = tenant.applications.create(name="Order desk", app_type="regular_web", callbacks=[CALLBACK])
        tenant.users.create(email="ada@example.com", password=PASSWORD, name="Ada")
        asked = {
            "response_type": "code",
            "client_id": web.client_id,
            "redirect_uri": CALLBACK,
            "audience": api.identifier,
            "scope": "openid profile email read:orders offline_access",
        }
        trusted = ssl.create_default_context(cafile=server.certificate) if tls else True
        browser = Browser(server.url, asked, verify=trusted)
        try:
            yield Live(tenant, server, api, app, web, browser)
        finally:
            browser.close()


@pytest.fixture
def live() -> Iterator[Live]:
    """Over http."""
    with _living(tls=False) as live:
        yield live


@pytest.fixture
def live_tls() -> Iterator[Live]:
    """Over https."""
    with _living(tls=True) as live:
        yield live
