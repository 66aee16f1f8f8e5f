"""Bodies, paths and methods: what is read, strictly, and what is refused."""

import json
import socket

import httpx
import pytest

from authkit import Server

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"name": "a", "name": "b"}', "duplicate_member"),
        (b'{"name": NaN}', "not_a_number"),
        (b'{"name": 1e999}', "number_too_large"),
        (b'{"name": 99999999999999999999}', "number_too_large"),
        (b'{"name": "\xff"}', "not_utf8"),
        (b'\xef\xbb\xbf{"name": "a"}', "not_json"),
        (b'{"name": "\\ud800"}', "lone_surrogate"),
        (b'{"name": ' + b"[" * 20 + b"]" * 20 + b"}", "too_deep"),
        (b'{"name": "a"} {}', "not_json"),
    ],
)
def test_json_is_read_strictly(api: httpx.Client, body: bytes, reason: str) -> None:
    """400 invalid_body that says what is wrong with it; two readers must not disagree about what was asked."""
    answer = api.post("/roles", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalid_body")
    assert f"[{reason}]" in answer.json()["message"]


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_another_media_type_is_415(api: httpx.Client, kind: str) -> None:
    """A form that a page of another origin can send without asking is none of ours."""
    answer = api.post("/roles", content=b'{"name": "x"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["errorCode"]) == (415, "unsupported_media_type")


def test_a_charset_is_no_other_media_type(api: httpx.Client) -> None:
    """Some clients name one."""
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert api.post("/roles", content=b'{"name": "charset"}', headers=headers).status_code == 200


def test_the_largest_body(api: httpx.Client) -> None:
    """1 MiB is read, one byte more is 413, with a length and without one."""
    body = json.dumps({"name": "x", "description": "y" * 70}).encode()
    filled = body + b" " * (1024 * 1024 - len(body))
    assert api.post("/roles", content=filled, headers=JSON).status_code == 200
    assert api.post("/roles", content=filled + b" ", headers=JSON).status_code == 413

    def chunks():
        yield from [b" " * 16 * 1024] * 65

    answer = api.post("/roles", content=chunks(), headers=JSON)
    assert (answer.status_code, answer.json()["errorCode"]) == (413, "too_large")


def test_a_body_is_not_read_for_who_has_no_token(server: Server) -> None:
    """The answer comes while the body is still on its way."""
    head = (
        "POST /api/v2/roles HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert b" 401 " in connection.recv(200)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/clients", "GET, POST"),
        ("DELETE", "/clients", "GET, POST"),
        ("POST", "/clients/x", "DELETE, GET, PATCH"),
        ("OPTIONS", "/roles/x/permissions", "DELETE, GET, POST"),
        ("TRACE", "/logs", "GET"),
        ("HEAD", "/logs", "GET"),
    ],
)
def test_another_method_is_405_and_names_all_that_there_are(
    api: httpx.Client, method: str, path: str, allowed: str
) -> None:
    """RFC 9110 §15.5.6."""
    answer = api.request(method, path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/nothing", "/clients/", "/clients/x/y", "//clients", "/clients//rotate-secret"])
def test_another_path_is_404(api: httpx.Client, path: str) -> None:
    """In the vendor's form, and without a redirect to some other spelling."""
    answer = api.get(f"{api.base_url}".rstrip("/") + path)
    assert answer.status_code == 404 and answer.json()["statusCode"] == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["%FF", "%C3", "a%00b", "%0A", "%2F", "%2E%2E", "%25", "%C2%AD%0A", "x" * 5000])
def test_any_part_of_a_path_is_answered(api: httpx.Client, part: str) -> None:
    """404, or 400 where it is no UTF-8, in the vendor's form."""
    for kind in ("resource-servers", "clients", "client-grants", "users", "roles", "keys/signing", "logs"):
        answer = api.get(f"{api.base_url}{kind}/{part}")
        assert answer.status_code == (400 if part in ("%FF", "%C3") else 404)
        assert answer.json()["statusCode"] == answer.status_code


def test_nothing_is_open_to_other_origins(api: httpx.Client) -> None:
    """But the document that describes it."""
    origin = {"Origin": "https://attacker.example"}
    assert "Access-Control-Allow-Origin" not in api.get("/clients", headers=origin).headers
    assert api.get("/openapi.json", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
