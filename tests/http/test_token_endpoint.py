"""The token endpoint over real HTTP (RFC 6749 §§2.3, 3.2, 5)."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit import Api, Application, SteerableClock, Tenant

Training = Tenant[SteerableClock]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def asked(api: Api) -> dict[str, str]:
    """What a client asks for, without saying who it is."""
    return {"grant_type": "client_credentials", "audience": api.identifier}


@pytest.fixture
def posted(asked: dict[str, str], app: Application) -> dict[str, str]:
    """The same, with client id and secret in the body."""
    return {**asked, "client_id": app.client_id, "client_secret": secret_of(app)}


def secret_of(app: Application) -> str:
    assert app.client_secret is not None
    return app.client_secret.reveal()


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def refused(answer: httpx.Response, status: int, error: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"} and answer.json()["error_description"]
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Content-Type"] == "application/json"


def granted(answer: httpx.Response, tenant: Training, api: Api) -> None:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Pragma"] == "no-cache"
    assert tenant.verifier(api).verify(answer.json()["access_token"])["aud"] == api.identifier


# Ways to ask


def test_a_form_with_the_secret_in_it(client: httpx.Client, posted: dict[str, str], tenant: Training, api: Api) -> None:
    """`client_secret_post`, form-encoded, as SDKs send it."""
    answer = client.post("/oauth/token", data=posted)
    granted(answer, tenant, api)
    assert {**answer.json(), "access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 86400,
        "scope": "read:orders write:orders",
    }


def test_json_is_taken_too(client: httpx.Client, posted: dict[str, str], tenant: Training, api: Api) -> None:
    """As the vendor does."""
    granted(client.post("/oauth/token", json=posted), tenant, api)
    answer = client.post("/oauth/token", content=json.dumps(posted), headers={"Content-Type": "Application/JSON; a=b"})
    granted(answer, tenant, api)


def test_basic_authentication(
    client: httpx.Client, asked: dict[str, str], app: Application, tenant: Training, api: Api
) -> None:
    """`client_secret_basic`; the scheme is written in any case, the client id may be said twice."""
    granted(client.post("/oauth/token", data=asked, auth=(app.client_id, secret_of(app))), tenant, api)
    headers = {"Authorization": basic(app.client_id, secret_of(app))["Authorization"].replace("Basic", "bAsIc")}
    granted(client.post("/oauth/token", data={**asked, "client_id": app.client_id}, headers=headers), tenant, api)


def test_basic_credentials_are_form_decoded(
    client: httpx.Client, asked: dict[str, str], app: Application, tenant: Training, api: Api
) -> None:
    """RFC 6749 §2.3.1: both halves are encoded before they are joined."""
    client_id, secret = ("".join(f"%{ord(letter):02X}" for letter in text) for text in (app.client_id, secret_of(app)))
    granted(client.post("/oauth/token", data=asked, headers=basic(client_id, secret)), tenant, api)


def test_scopes_are_narrowed(client: httpx.Client, posted: dict[str, str]) -> None:
    """Asked for one, given one."""
    assert client.post("/oauth/token", data={**posted, "scope": "read:orders"}).json()["scope"] == "read:orders"


def test_an_empty_parameter_counts_as_left_out(
    client: httpx.Client, posted: dict[str, str], tenant: Training, api: Api
) -> None:
    """RFC 6749 §3.2; unknown ones are ignored."""
    granted(client.post("/oauth/token", data={**posted, "scope": "", "x": "y"}), tenant, api)


def test_null_counts_as_left_out(client: httpx.Client, posted: dict[str, str], tenant: Training, api: Api) -> None:
    """The vendor's SDKs send it for what their caller did not give; twice is twice all the same."""
    granted(client.post("/oauth/token", json={**posted, "scope": None, "organization": None}), tenant, api)
    refused(client.post("/oauth/token", json={**posted, "grant_type": None}), 400, "invalid_request")
    twice = json.dumps(posted)[:-1] + ',"scope":null,"scope":null}'
    refused(client.post("/oauth/token", content=twice, headers=JSON), 400, "invalid_request")


# Who asks


@pytest.mark.parametrize("secret", ["wrong", "", "%ff", "é", "\ud800"], ids=ascii)
def test_a_wrong_secret_by_basic_is_401_with_a_challenge(
    client: httpx.Client, asked: dict[str, str], app: Application, secret: str
) -> None:
    """RFC 6749 §5.2."""
    given_secret = secret if secret.isascii() else quote_plus(secret, errors="surrogatepass")
    answer = client.post("/oauth/token", data=asked, headers=basic(app.client_id, given_secret))
    refused(answer, 401, "access_denied")
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("body", ["form", "json"])
def test_a_wrong_secret_in_the_body_is_401(client: httpx.Client, posted: dict[str, str], body: str) -> None:
    """Without a challenge: the client did not use the header."""
    wrong = {**posted, "client_secret": "wrong"}
    answer = client.post("/oauth/token", **{"data" if body == "form" else "json": wrong})  # type: ignore[arg-type]
    refused(answer, 401, "access_denied")
    assert "WWW-Authenticate" not in answer.headers


def test_an_unknown_client_gets_the_same_answer(client: httpx.Client, posted: dict[str, str]) -> None:
    """Nobody learns which client ids exist."""
    unknown = client.post("/oauth/token", data={**posted, "client_id": "nobody"})
    wrong = client.post("/oauth/token", data={**posted, "client_secret": "wrong"})
    assert (unknown.status_code, unknown.content) == (wrong.status_code, wrong.content)


def test_no_credentials_at_all_are_401(client: httpx.Client, asked: dict[str, str]) -> None:
    """A request from nobody."""
    refused(client.post("/oauth/token", data=asked), 401, "access_denied")


@pytest.mark.parametrize(
    "header",
    [
        b"Basic",
        b"Basic !!!",
        b"Basic \xff",
        b"Bearer x",
        b"",
        b"Digest a=b",
        b"Basic /zr/",
        b"Basic bm9jb2xvbg==",
        b"Basic Og==",
        b"Basic JWZmOiVmZg==",
        b"Basic eDp4 eDp4",
        b"Basic " + b"A" * 4000,
    ],
)
def test_a_header_that_is_no_basic_credentials_is_401(
    client: httpx.Client, asked: dict[str, str], header: bytes
) -> None:
    """Whatever it is."""
    headers: Any = {"Authorization": header}
    answer = client.post("/oauth/token", data=asked, headers=headers)
    refused(answer, 401, "access_denied")
    assert "WWW-Authenticate" in answer.headers


def test_two_ways_of_authentication_are_refused(client: httpx.Client, posted: dict[str, str], app: Application) -> None:
    """RFC 6749 §2.3: one a request, even where both are right."""
    answer = client.post("/oauth/token", data=posted, auth=(app.client_id, secret_of(app)))
    refused(answer, 400, "invalid_request")


def test_two_authorization_headers_are_refused(client: httpx.Client, asked: dict[str, str], app: Application) -> None:
    """Two readers could take different ones."""
    headers = [
        ("Authorization", basic(app.client_id, secret_of(app))["Authorization"]),
        ("Authorization", "Basic eDp4"),
    ]
    refused(client.post("/oauth/token", data=asked, headers=headers), 400, "invalid_request")


def test_two_different_client_ids_are_refused(client: httpx.Client, asked: dict[str, str], app: Application) -> None:
    """One in the header, one in the body."""
    answer = client.post("/oauth/token", data={**asked, "client_id": "x"}, auth=(app.client_id, secret_of(app)))
    refused(answer, 400, "invalid_request")


# What is asked


@pytest.mark.parametrize("name", ["grant_type", "audience", "client_id", "client_secret", "scope", "unknown"])
@pytest.mark.parametrize("kind", ["form", "json"])
def test_a_repeated_parameter_is_refused(client: httpx.Client, posted: dict[str, str], name: str, kind: str) -> None:
    """RFC 6749 §3.2, also where both values are the same."""
    value = posted.get(name, "x")
    if kind == "form":
        content, headers = urlencode([*posted.items(), (name, value), (name, value)]), FORM
    else:
        members = [
            f"{json.dumps(key)}:{json.dumps(text)}" for key, text in [*posted.items(), (name, value), (name, value)]
        ]
        content, headers = "{" + ",".join(members) + "}", JSON
    refused(client.post("/oauth/token", content=content, headers=headers), 400, "invalid_request")


@pytest.mark.parametrize("grant", ["password", "implicit", "CLIENT_CREDENTIALS", "x" * 5000, "\0"])
def test_another_grant_is_unsupported(client: httpx.Client, posted: dict[str, str], grant: str) -> None:
    """RFC 6749 §5.2; a long name is not repeated whole."""
    answer = client.post("/oauth/token", data={**posted, "grant_type": grant})
    refused(answer, 400, "unsupported_grant_type")
    assert len(answer.content) < 300


@pytest.mark.parametrize("missing", ["grant_type", "audience"])
def test_a_missing_parameter_is_named(client: httpx.Client, posted: dict[str, str], missing: str) -> None:
    """400 `invalid_request`."""
    answer = client.post("/oauth/token", data={**posted, missing: ""})
    refused(answer, 400, "invalid_request")
    assert missing in answer.json()["error_description"]


def test_rules_refuse_with_the_vendors_status(client: httpx.Client, posted: dict[str, str]) -> None:
    """403 where RFC 6749 says 400: unknown audience, scope not granted."""
    refused(client.post("/oauth/token", data={**posted, "audience": "x"}), 403, "access_denied")
    refused(client.post("/oauth/token", data={**posted, "scope": "admin"}), 403, "access_denied")


def test_rules_refuse_in_the_vendors_words(
    client: httpx.Client, posted: dict[str, str], tenant: Training, api: Api
) -> None:
    """Every row of the client credentials, with its status, error and description."""

    def told(status: int, error: str, **changes: str) -> str:
        answer = client.post("/oauth/token", data={**posted, **changes})
        refused(answer, status, error)
        return str(answer.json()["error_description"])

    assert told(401, "access_denied", client_secret="wrong") == "Unauthorized"
    assert told(403, "access_denied", audience="x") == "Service not enabled within domain: x"
    assert told(403, "access_denied", scope="admin") == "Client has not been granted scopes: admin"
    other = tenant.applications.create(name="Not granted", app_type="regular_web")
    identity = {"client_id": other.client_id, "client_secret": secret_of(other)}
    assert told(403, "access_denied", **identity).startswith(
        f'Client is not authorized to access "{api.identifier}". You need to create a "client-grant" associated to this'
    )
    tenant.applications.update(other, grant_types=["authorization_code"])
    words = "Grant type 'client_credentials' not allowed for the client."
    assert told(403, "unauthorized_client", **identity) == words


@pytest.mark.parametrize("value", [5, False, True, 1.5, {"a": 1}, ["x"], "\ud800"], ids=ascii)
@pytest.mark.parametrize("name", ["grant_type", "audience", "client_id", "client_secret", "scope", "unknown"])
def test_a_json_value_that_is_no_text_is_refused(
    client: httpx.Client, posted: dict[str, str], name: str, value: Any
) -> None:
    """400, and no crash on half a surrogate pair."""
    answer = client.post("/oauth/token", content=json.dumps({**posted, name: value}), headers=JSON)
    refused(answer, 400, "invalid_request")


BODIES = {
    "empty": b"",
    "no JSON": b"hello",
    "array": b"[]",
    "array of objects": b'[{"grant_type":"client_credentials"}]',
    "text": b'"x"',
    "null": b"null",
    "deep": b"[" * 8000 + b"]" * 8000,
    "deep object": b'{"a":' * 2700 + b"1" + b"}" * 2700,
    "huge number": b'{"a":' + b"1" * 10_000 + b"}",
    "NaN": b'{"a":NaN}',
    "BOM": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "Latin-1": '{"é":"x"}'.encode("latin-1"),
    "surrogate name": b'{"\\ud800":"x"}',
    "surrogate name twice": b'{"\\ud800":"x","\\ud800":"x"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_json_body_that_cannot_be_read_is_400(client: httpx.Client, body: bytes) -> None:
    """Whatever is in it."""
    refused(client.post("/oauth/token", content=body, headers=JSON), 400, "invalid_request")


@pytest.mark.parametrize("body", [b"", b"\xff", b"a=%ff", b"a=%ED%A0%80", b"&".join(b"a%d=1" % n for n in range(51))])
def test_a_form_that_cannot_be_read_is_400(client: httpx.Client, body: bytes) -> None:
    """No UTF-8, or too many fields."""
    refused(client.post("/oauth/token", content=body, headers=FORM), 400, "invalid_request")


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/jsonx", "\xff"])
def test_another_content_type_is_400(client: httpx.Client, kind: str) -> None:
    """The two kinds are named in the answer."""
    headers: Any = {"Content-Type": kind.encode("latin-1")}
    answer = client.post("/oauth/token", content=b"x=y", headers=headers)
    refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("headers", [FORM, JSON], ids=["form", "JSON"])
def test_too_large_a_body_is_413(client: httpx.Client, headers: dict[str, str]) -> None:
    """16 KiB, whether its length is announced or not."""
    refused(client.post("/oauth/token", content=b"a" * 16_385, headers=headers), 413, "invalid_request")
    chunks = (b"a" * 1000 for _ in range(20))
    refused(client.post("/oauth/token", content=chunks, headers=headers), 413, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_only_post_is_answered(client: httpx.Client, method: str) -> None:
    """RFC 6749 §3.2: a token is never asked for by GET."""
    assert client.request(method, "/oauth/token").status_code == 405


def test_parameters_in_the_address_are_not_read(client: httpx.Client, posted: dict[str, str]) -> None:
    """They would stand in logs."""
    refused(client.post("/oauth/token", params=posted, content=b"", headers=FORM), 400, "invalid_request")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=80)
    | st.dictionaries(st.text(max_size=5), st.text(max_size=5)).map(lambda d: json.dumps(d).encode()),
    kind=st.sampled_from([FORM, JSON]),
    header=st.none() | st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
)
def test_any_request_gets_an_oauth_error(
    client: httpx.Client, body: bytes, kind: dict[str, str], header: str | None
) -> None:
    """Never 500, and never a token."""
    headers = {**kind, "Authorization": f"Basic {header}"} if header else kind
    answer = client.post("/oauth/token", content=body, headers=headers)
    assert answer.status_code in (400, 401) and answer.json()["error"] in ("invalid_request", "access_denied")
