"""What a page of another origin may read, and what not (Fetch, CORS protocol)."""

from typing import Any

import httpx
import pytest

ORIGIN = {"Origin": "https://page.example"}
DOCUMENTS = ["/", "/.well-known/jwks.json", "/pem"]
METADATA = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.mark.parametrize("path", [*DOCUMENTS, *METADATA, "/userinfo"])
def test_documents_may_be_read_by_any_page(client: httpx.Client, path: str) -> None:
    """Also where the answer is an error; without cookies, which a `*` forbids."""
    for method in ("GET", "HEAD"):
        answer = client.request(method, path, headers=ORIGIN)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "client_credentials"}, {"x": "y" * 20_000}], ids=["400", "401", "413"]
)
def test_the_token_endpoint_answers_any_page(client: httpx.Client, form: dict[str, str]) -> None:
    """An application that runs in a page has to read why it was refused."""
    answer = client.post("/oauth/token", data=form, headers=ORIGIN)
    assert answer.status_code >= 400 and answer.headers["Access-Control-Allow-Origin"] == "*"


def test_tokens_may_be_read_by_any_page(browser, redeem) -> None:
    """What one gets depends on what one sends, and never on a cookie."""
    answer = redeem(code=browser.code())
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "path, methods",
    [
        *((path, "GET, HEAD") for path in (*DOCUMENTS, *METADATA)),
        ("/oauth/token", "POST"),
        ("/userinfo", "GET, HEAD, POST"),
    ],
)
def test_a_browser_may_ask_beforehand(client: httpx.Client, path: str, methods: str) -> None:
    """The preflight says which methods and headers there are, and has no body."""
    answer = client.options(path, headers={**ORIGIN, **ASKED})
    told = {name: answer.headers[f"Access-Control-Allow-{name}"] for name in ("Origin", "Methods", "Headers")}
    assert told == {"Origin": "*", "Methods": methods, "Headers": "Authorization, Content-Type"}
    assert (answer.status_code, answer.content, answer.headers["Allow"]) == (204, b"", f"{methods}, OPTIONS")
    assert answer.headers["Access-Control-Max-Age"] == "600"


@pytest.mark.parametrize("path", ["/authorize", "/login", "/consent", "/v2/logout", "/oauth/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_pages_are_for_nobody_else(browser, path: str, method: str) -> None:
    """What depends on a cookie is not to be read by another site, whatever it asks beforehand."""
    asked: Any = {"params": browser.asked, "headers": {**ORIGIN, **ASKED}}
    answer = browser.http.request(method, path, **asked)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert method != "OPTIONS" or answer.status_code in (404, 405)


@pytest.mark.parametrize("path", [*DOCUMENTS, *METADATA])
def test_public_documents_may_be_kept_for_a_while(client: httpx.Client, path: str) -> None:
    """Five minutes, as the vendor advises for its JWKS; what is not here may be tomorrow."""
    answer = client.get(path)
    expected = "public, max-age=300" if answer.status_code == 200 else "no-store"
    assert answer.headers["Cache-Control"] == expected


@pytest.mark.parametrize("path", DOCUMENTS)
def test_head_is_get_without_its_body(client: httpx.Client, path: str) -> None:
    """RFC 9110 §9.3.2: the same headers."""
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize("path", [*DOCUMENTS, *METADATA])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_documents_are_read_only(client: httpx.Client, path: str, method: str) -> None:
    """405, with what there is."""
    answer = client.request(method, path)
    assert (answer.status_code, {*answer.headers["Allow"].split(", ")}) == (405, {"GET", "HEAD"})
