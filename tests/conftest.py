"""What many tests start from: a training tenant with an API, an application, and a grant between them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from authkit import Api, Application, ClientCredentials, SteerableClock, Tenant, training_tenant

Training = Tenant[SteerableClock]


@pytest.fixture
def tenant() -> Iterator[Training]:
    """A training tenant: the same keys, identifiers and time in every test."""
    with training_tenant() as tenant:
        yield tenant


@pytest.fixture
def api(tenant: Training) -> Api:
    """An RS256 API with two scopes."""
    scopes = {"read:orders": "Read orders", "write:orders": "Write orders"}
    return tenant.apis.create(name="Orders", identifier="https://orders.example/", scopes=scopes)


@pytest.fixture
def hs_api(tenant: Training) -> Api:
    """An HS256 API without scopes."""
    return tenant.apis.create(name="Stock", identifier="https://stock.example/", signing_alg="HS256")


@pytest.fixture
def app(tenant: Training) -> Application:
    """A machine-to-machine application."""
    return tenant.applications.create(name="Nightly report", app_type="non_interactive")


@pytest.fixture
def token(tenant: Training, api: Api, app: Application) -> str:
    """An RS256 access token of the application for the API."""
    tenant.client_grants.create(app, api, ["read:orders"])
    return tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token


@pytest.fixture
def hs_token(tenant: Training, hs_api: Api, app: Application) -> str:
    """An HS256 access token of the application for the HS256 API."""
    tenant.client_grants.create(app, hs_api)
    return tenant.request_token(ClientCredentials(app, audience=hs_api.identifier)).access_token


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A real IPython, as a notebook's kernel has one; it writes nothing into anyone's home."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell(config=config)
    yield shell
    shell.restore_sys_module_state()
