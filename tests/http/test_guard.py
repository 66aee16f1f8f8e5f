"""A served training tenant answers this machine alone."""

import socket

import httpx
import pytest

from authkit import Server, Tenant, serve

PATHS = ["/.well-known/jwks.json", "/oauth/token", "/unknown"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "attacker.example:8400",
        "127.0.0.1.attacker.example",
        "localhost.attacker.example",
        "",
        "127.0.0.1.",
        "localhost@attacker.example",
        "127.0.0.1:80:80",
        "localhost:x",
        "10.0.0.1",
        "0.0.0.0",
        "[::2]",
    ],
)
def test_another_host_is_421(client: httpx.Client, host: str, path: str) -> None:
    """A page that rebinds its name to 127.0.0.1 gets nothing, on any path."""
    for method in ("GET", "POST"):
        assert client.request(method, path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9", "localhost", "LOCALHOST:9", "[::1]", "[::1]:9"])
def test_every_name_of_loopback_is_taken(client: httpx.Client, host: str) -> None:
    """With any port: a forwarded port of a container is this machine too."""
    assert client.get("/.well-known/jwks.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: attacker.example",
        b"GET /.well-known/jwks.json HTTP/1.1\r\nHost: attacker.example\r\nHost: 127.0.0.1",
        b"GET /.well-known/jwks.json HTTP/1.1",
        b"GET /.well-known/jwks.json HTTP/1.0",
        b"GET http://127.0.0.1/.well-known/jwks.json HTTP/1.1\r\nHost: attacker.example",
    ],
    ids=["two hosts", "two hosts, ours last", "no host", "no host, HTTP/1.0", "a host in the target"],
)
def test_a_host_that_is_not_one_is_turned_away(server: Server, head: bytes) -> None:
    """By the guard, or by the HTTP server before it; the keys are in no answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(head + b"\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.split()[1] in (b"400", b"421") and b"kid" not in answer


@pytest.mark.parametrize(
    "header",
    [
        "Forwarded",
        "Via",
        "X-Real-IP",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "x-forwarded-server",
        "X-FORWARDED-PREFIX",
    ],
)
def test_a_forwarded_request_is_403(client: httpx.Client, header: str) -> None:
    """A proxy that makes the port public would hand out tokens that look real."""
    assert client.get("/.well-known/jwks.json", headers={header: "x"}).status_code == 403


def test_a_real_tenant_may_be_reached_by_other_names() -> None:
    """Its keys are its own; the guard is for published ones."""
    with Tenant.open() as tenant, serve(tenant) as server, httpx.Client(trust_env=False) as client:
        headers = {"Host": "login.example", "X-Forwarded-For": "192.0.2.1"}
        assert client.get(server.jwks_uri, headers=headers).status_code == 200
