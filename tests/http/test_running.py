"""Servers start, stop, and leave nothing behind."""

import gc
import socket
import subprocess
import sys
import threading
import time
from typing import Any

import httpx
import pytest

from authkit import (
    ClientCredentials,
    ConfigurationError,
    Server,
    ServerError,
    SteerableClock,
    Tenant,
    serve,
    serve_orders_api,
    training_tenant,
)
from authkit.attacks import DecodesOnly
from authkit.http.running import RunningApp, listen

Training = Tenant[SteerableClock]


def answers(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def names() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_it_listens_on_loopback_alone(server: Server) -> None:
    """Other machines cannot reach it."""
    assert server.url == f"http://127.0.0.1:{server.port}" and answers(server.port)


def test_a_port_in_use_is_one_clear_error(tenant: Training, server: Server) -> None:
    """With what to do about it; the server that has it goes on."""
    for action in (lambda: serve(tenant, port=server.port), lambda: serve_orders_api(DecodesOnly(), port=server.port)):
        with pytest.raises(ServerError) as caught:
            action()
        assert caught.value.code == "port_in_use" and str(server.port) in caught.value.message and caught.value.remedy
    assert answers(server.port)


@pytest.mark.parametrize("port", [-1, 65536, 10**30, "8400", None, 1.5, "http"], ids=str)
def test_what_is_no_port_is_one_clear_error(tenant: Training, port: Any) -> None:
    """Numbers from 0 to 65535."""
    with pytest.raises(ServerError) as caught:
        serve(tenant, port=port)
    assert caught.value.code == "port_invalid"


@pytest.mark.parametrize("tls", [False, True, "yes"])
@pytest.mark.parametrize("tenant", ["junk", None, object()], ids=["text", "nothing", "object"])
def test_what_is_no_tenant_leaves_no_port_behind(tenant: Any, tls: Any) -> None:
    """One clear error, and the socket is closed: one that was handed in as well."""
    listening = listen()
    port = listening.getsockname()[1]
    with pytest.raises(ConfigurationError) as caught:
        serve(tenant, listening=listening, tls=tls)
    assert caught.value.code == "serve.no_tenant" and caught.value.remedy
    assert listening.fileno() == -1 and not answers(port)


@pytest.mark.parametrize("step", ["authkit.http.server.tenant_app", "uvicorn.Config", "threading.Thread.start"])
def test_a_server_that_cannot_be_made_leaves_no_port_behind(
    tenant: Training, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever goes wrong between the port and the first answer."""
    listening = listen()

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(step, broken)
    with pytest.raises(ZeroDivisionError):
        serve(tenant, listening=listening)
    assert listening.fileno() == -1


def test_closing_gives_the_port_back(tenant: Training) -> None:
    """At once, and its thread ends; closing twice is safe."""
    server = serve(tenant)
    assert server.running and "running" in repr(server)
    server.close()
    server.close()
    assert not server.running and "stopped" in repr(server) and not answers(server.port)
    assert f"authkit-{server.port}" not in names()
    with serve(tenant, port=server.port) as again:
        assert again.port == server.port and answers(server.port)


def test_closing_does_not_wait_for_an_idle_client(tenant: Training) -> None:
    """A connection that is kept open is no reason to hang."""
    server = serve(tenant)
    with httpx.Client(trust_env=False) as client:
        client.get(server.jwks_uri)
        before = time.monotonic()
        server.close()
    assert time.monotonic() - before < 4 and not answers(server.port)


def test_a_forgotten_server_stops(tenant: Training) -> None:
    """Running a cell again leaves no server behind."""
    for make in (lambda: serve(tenant), lambda: serve_orders_api(DecodesOnly())):
        server = make()
        port = server.port
        del server
        gc.collect()
        assert not answers(port) and f"authkit-{port}" not in names()


def test_a_context_closes_it_when_something_goes_wrong(tenant: Training) -> None:
    """The error comes through, the port comes back."""
    with pytest.raises(ZeroDivisionError), serve(tenant) as server:
        raise ZeroDivisionError
    assert not answers(server.port)


def test_two_servers_of_one_tenant_stand_side_by_side(tenant: Training, server: Server) -> None:
    """On ports of their own."""
    with serve(tenant) as other:
        assert other.port != server.port and answers(other.port) and answers(server.port)


def test_a_socket_can_be_had_before_the_tenant() -> None:
    """So that the issuer can be the address."""
    listening = listen()
    port = listening.getsockname()[1]
    with training_tenant(issuer=f"http://127.0.0.1:{port}/") as tenant, serve(tenant, listening=listening) as server:
        assert server.port == port and tenant.issuer == f"{server.url}/"


def test_a_program_ends_though_its_server_runs() -> None:
    """No thread keeps a process alive."""
    program = "import authkit; server = authkit.serve(authkit.training_tenant()); print(server.running)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_many_clients_are_answered_at_once(server: Server, tenant: Training) -> None:
    """Sixteen threads, two hundred requests, one answer."""
    seen: list[Any] = []

    def ask() -> None:
        with httpx.Client(trust_env=False) as client:
            seen.extend(client.get(server.jwks_uri).json() for _ in range(12))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 192 and all(answer == tenant.jwks for answer in seen)


def test_a_header_does_not_say_where_a_request_came_from() -> None:
    """Whoever guesses passwords could otherwise come from another address each time, and no limit would end it."""

    async def echo(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": f"{scope['client'][0]} {scope['scheme']}".encode()})

    forged = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "Forwarded": "for=198.51.100.7"}
    with RunningApp(echo, listen()) as server, httpx.Client(trust_env=False) as client:
        assert client.get(server.url, headers=forged).text == "127.0.0.1 http"


def test_a_fault_of_the_app_is_a_500_with_its_trace_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    """The client is not told what broke; whoever runs the server is."""

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("the app is broken")

    with RunningApp(broken, listen()) as server, httpx.Client(trust_env=False) as client:
        answer = client.get(server.url)
    assert answer.status_code == 500 and "broken" not in answer.text
    assert "RuntimeError: the app is broken" in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/oauth/token", "/authorize", "/login", "/consent", "/userinfo", "/api/v2/users"])
def test_a_request_that_is_broken_off_says_nothing_on_stderr(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Anybody could fill a notebook with traces."""
    with training_tenant() as tenant, serve(tenant) as server:
        app = tenant.applications.create(name="x")
        tenant.client_grants.create(app, f"{tenant.issuer}api/v2/", ["create:users"])
        token = tenant.request_token(ClientCredentials(app, audience=f"{tenant.issuer}api/v2/")).access_token
        kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\n"
        sent = f"{head}Authorization: Bearer {token}\r\nContent-Length: 500\r\n\r\nx"
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(sent.encode())
            time.sleep(0.1)  # until it waits for the rest
        with httpx.Client(trust_env=False) as client:  # and goes on
            assert client.get(server.jwks_uri).status_code == 200
    assert capfd.readouterr().err == ""
