"""What many tests start from: a training tenant with an API, an application, and a grant between them.

And what every run ends with: how long its slow tests took.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from authkit import Api, Application, ClientCredentials, SteerableClock, Tenant, training_tenant

Training = Tenant[SteerableClock]

# Whatever runs lessons here touches nobody's progress.
os.environ["AUTHKIT_HOME"] = tempfile.mkdtemp(prefix="authkit-home-")

NAMED = 1.0
"""Seconds from which on a slow test is named by itself."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The times of the tests that are marked slow, file by file, the longest first; setting up and tearing down too."""
    files: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and "slow" in report.keywords:
                file, _, test = report.nodeid.partition("::")
                files[file][test] += report.duration
    if not files:
        return
    totals = {file: sum(tests.values()) for file, tests in files.items()}
    terminalreporter.section(f"slow tests: {sum(totals.values()):.0f} s; without them: -m 'not slow'")
    for file in sorted(files, key=totals.__getitem__, reverse=True):
        terminalreporter.line(f"{totals[file]:7.1f} s  {file}: {len(files[file])}")
        for test, seconds in sorted(files[file].items(), key=lambda item: item[1], reverse=True):
            if seconds >= NAMED:
                terminalreporter.line(f"{'':11}{seconds:7.1f} s  {test}")


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
