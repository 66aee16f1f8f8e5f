"""The vendor's own Python client against a served tenant, unmodified: over TLS it takes the tenant for its own."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from authkit import serve
from authkit.http.running import listen
from authkit.registry.management_scopes import MANAGEMENT_SCOPES
from authkit.tenant import live_training_tenant

management = pytest.importorskip("auth0.management", reason="needs auth0-python, which comes with the extra test")
pytestmark = pytest.mark.slow

CONNECTION = "Username-Password-Authentication"


@pytest.fixture(scope="module")
def sdk() -> Iterator[Any]:
    """A client that knows a domain, a client id and a client secret, and asks for its tokens itself."""
    listening = listen()
    domain = f"127.0.0.1:{listening.getsockname()[1]}"
    with live_training_tenant(f"https://{domain}/") as tenant, serve(tenant, listening=listening, tls=True) as server:
        operator = tenant.applications.create(name="Operator")
        tenant.client_grants.create(operator, f"{tenant.issuer}api/v2/", [*MANAGEMENT_SCOPES])
        assert operator.client_secret is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(server.certificate))  # all it needs: to trust the certificate
            with httpx.Client(follow_redirects=True) as connections:  # its own are never closed
                yield management.ManagementClient(
                    domain=domain,
                    client_id=operator.client_id,
                    client_secret=operator.client_secret.reveal(),
                    httpx_client=connections,
                )


def test_resource_servers(sdk: Any) -> None:
    """By identifier too, whose slashes it encodes."""
    scopes = [{"value": "read:orders", "description": "Read orders"}]
    made = sdk.resource_servers.create(identifier="https://orders.example/", name="Orders", scopes=scopes)
    assert sdk.resource_servers.get("https://orders.example/").id == made.id
    assert sdk.resource_servers.update(made.id, token_lifetime=60).token_lifetime == 60
    assert made.id in [one.id for one in sdk.resource_servers.list(per_page=1)]
    other = sdk.resource_servers.create(identifier="https://stock.example/", signing_alg="HS256")
    sdk.resource_servers.delete(other.id)
    with pytest.raises(management.NotFoundError):
        sdk.resource_servers.get(other.id)


def test_clients_and_client_grants(sdk: Any) -> None:
    """Its pagers come to an end, those by number and those by checkpoint."""
    sdk.resource_servers.create(identifier="https://grants.example/", scopes=[{"value": "read:x", "description": "x"}])
    apps = [sdk.clients.create(name=f"app {number}", app_type="non_interactive") for number in range(3)]
    assert {app.client_id for app in apps} <= {app.client_id for app in sdk.clients.list(per_page=2)}
    assert sdk.clients.rotate_secret(apps[0].client_id).client_secret != apps[0].client_secret
    assert sdk.clients.update(apps[0].client_id, callbacks=["http://127.0.0.1:9/"]).callbacks
    grants = [
        sdk.client_grants.create(client_id=app.client_id, audience="https://grants.example/", scope=["read:x"])
        for app in apps
    ]
    listed = sdk.client_grants.list(audience="https://grants.example/", take=2)
    assert [grant.id for grant in listed] == [grant.id for grant in grants]
    assert sdk.client_grants.update(grants[0].id, scope=[]).scope == []
    sdk.client_grants.delete(grants[0].id)
    sdk.clients.delete(apps[0].client_id)


def test_users_and_roles(sdk: Any) -> None:
    """With permissions on either."""
    sdk.resource_servers.create(identifier="https://roles.example/", scopes=[{"value": "read:x", "description": "x"}])
    permissions = [{"resource_server_identifier": "https://roles.example/", "permission_name": "read:x"}]
    role = sdk.roles.create(name="Clerk", description="Looks after orders")
    sdk.roles.permissions.add(role.id, permissions=permissions)
    assert [one.permission_name for one in sdk.roles.permissions.list(role.id)] == ["read:x"]
    user = sdk.users.create(connection=CONNECTION, email="ada@example.com", password="correct horse")
    assert sdk.users.update(user.user_id, name="Ada").name == "Ada"
    assert [one.user_id for one in sdk.users.list_users_by_email(email="ada@example.com")] == [user.user_id]
    sdk.users.roles.assign(user.user_id, roles=[role.id])
    assert [one.id for one in sdk.users.roles.list(user.user_id)] == [role.id]
    assert [one.user_id for one in sdk.roles.users.list(role.id)] == [user.user_id]
    assert [one.permission_name for one in sdk.users.permissions.list(user.user_id)] == ["read:x"]
    sdk.users.roles.delete(user.user_id, roles=[role.id])
    sdk.roles.permissions.delete(role.id, permissions=permissions)
    sdk.users.delete(user.user_id)
    sdk.roles.delete(role.id)
    assert not [*sdk.roles.list()]


def test_signing_keys_and_logs(sdk: Any) -> None:
    """A rotation leaves its token good, since the previous key stays until it is revoked."""
    first, second = sdk.keys.signing.list()
    assert first.current and second.next
    sdk.keys.signing.rotate()
    assert sdk.keys.signing.get(second.kid).current
    newest = next(iter(sdk.logs.list(per_page=5)))
    assert newest.type == "sapi" and sdk.logs.get(newest.log_id).description == newest.description
