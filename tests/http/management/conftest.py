"""A served tenant and clients of its Management API: one that may do all, and any that may do less."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from authkit import Application, ClientCredentials, Server, SteerableClock, Tenant, serve, training_tenant
from authkit.registry.management_scopes import MANAGEMENT_SCOPES

Training = Tenant[SteerableClock]
Manager = Callable[..., httpx.Client]


@pytest.fixture(scope="module")
def tenant() -> Iterator[Training]:
    """A training tenant that the tests of one file share."""
    with training_tenant() as tenant:
        yield tenant


@pytest.fixture(scope="module")
def operator(tenant: Training) -> Application:
    """An application that is granted every scope of the Management API."""
    operator = tenant.applications.create(name="Operator")
    tenant.client_grants.create(operator, f"{tenant.issuer}api/v2/", [*MANAGEMENT_SCOPES])
    return operator


@pytest.fixture(scope="module")
def server(tenant: Training) -> Iterator[Server]:
    """The tenant on a free port."""
    with serve(tenant) as server:
        yield server


@pytest.fixture(scope="module")
def manager(tenant: Training, operator: Application, server: Server) -> Iterator[Manager]:
    """Makes a client whose token has these scopes; all of them unless told."""
    made: list[httpx.Client] = []

    def make(*scopes: str) -> httpx.Client:
        asked = ClientCredentials(operator, audience=f"{tenant.issuer}api/v2/", scope=scopes)
        headers = {"Authorization": f"Bearer {tenant.request_token(asked).access_token}"}
        made.append(httpx.Client(base_url=f"{server.url}/api/v2", headers=headers, trust_env=False, timeout=20))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def api(manager: Manager) -> httpx.Client:
    """A client that may do all."""
    return manager()
