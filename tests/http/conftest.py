"""One served training tenant for many requests; what a test changes it makes for itself."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from authkit import Api, Application, Server, SteerableClock, Tenant, serve, training_tenant
from authkit.registry.models import User

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
