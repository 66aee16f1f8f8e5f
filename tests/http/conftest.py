"""One served training tenant for many requests; what a test changes it makes for itself."""

from collections.abc import Iterator

import httpx
import pytest

from authkit import Api, Application, Server, SteerableClock, Tenant, serve, training_tenant

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
