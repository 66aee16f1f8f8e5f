"""A real JupyterLab and a real Chromium, both cut off from everything but this machine.

`lab` is started once for the whole run; Chromium once a file, because Playwright keeps an event loop running for as
long as it is open, under which other tests could start none of their own.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from authkit.cli.lessons import cleared

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox",  # in a container Chromium has no user namespace of its own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SETTINGS = {
    # asked by a dialog or a toast, these would cover the page
    "apputils-extension/notification": '{"fetchNews": "false", "checkForUpdates": false}',
    # every cell stays in the page, in view or not
    "notebook-extension/tracker": '{"windowingMode": "none"}',
}
PATIENCE = 60  # seconds; a cold start on a busy machine takes 15
ASKED = re.compile(r"\[(\d+|\*)\]:")
EXECUTED = re.compile(r"\[\d+\]:")


class Lab:
    """A running JupyterLab.

    Attributes:
        url: Its address, with a slash at the end.
        folder: What it shows: the lessons as learners get them, outputs cleared. Tests may add notebooks.
    """

    def __init__(self, url: str, folder: Path, settings: Path) -> None:
        self.url = url
        self.folder = folder
        self._settings = settings

    def use_theme(self, name: str) -> None:
        """Show the next page in the theme `JupyterLab Light` or `JupyterLab Dark`."""
        path = self._settings / "apputils-extension" / "themes.jupyterlab-settings"
        path.write_text(json.dumps({"theme": name}), encoding="utf-8")

    def write_notebook(self, name: str, *sources: str) -> None:
        """Put a notebook with these code cells into the folder."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), self.folder / name)

    def open_notebook(self, page: Page, name: str) -> None:
        """Open a notebook and wait until the page has its kernel, and that is idle."""
        page.goto(f"{self.url}lab/tree/{name}?reset")
        # A page that has no kernel yet looks idle too; asked to run, it asks back which kernel to take.
        until = time.monotonic() + PATIENCE
        while not self._has_kernel(name):
            assert time.monotonic() < until, f"{name} has no kernel after {PATIENCE} s"
            page.wait_for_timeout(100)  # time.sleep would hold up the page, whose requests pass through here
        self._idle(page)

    def _has_kernel(self, name: str) -> bool:
        with urllib.request.urlopen(f"{self.url}api/sessions", timeout=PATIENCE) as answer:
            sessions = json.load(answer)
        return any(one["path"] == name and one["kernel"]["connections"] for one in sessions)

    def run_all(self, page: Page) -> None:
        """Run all cells, as a learner does, and wait until every code cell has its number."""
        prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
        for _ in range(3):
            page.locator(".jp-Notebook .jp-Cell").first.click()
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
            try:
                expect(prompts).to_have_text([ASKED] * prompts.count(), timeout=5000)
                break
            except AssertionError:  # right after a cold start the menu may not know yet which notebook is meant, or all
                continue
        expect(prompts).to_have_text([EXECUTED] * prompts.count(), timeout=PATIENCE * 1000)
        self._idle(page)

    def _idle(self, page: Page) -> None:
        indicator = page.locator(".jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle", timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """A browser that is already on this machine; without one the test is skipped, or fails where one is required."""
    named = os.environ.get("AUTHKIT_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(CHROMIUM_NAMES)} is on the PATH, and AUTHKIT_CHROMIUM is not set"
        if os.environ.get("AUTHKIT_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def lab(browser_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab over a copy of the lessons, with settings, kernels and working files of its own."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "lessons"
    _copy_lessons(folder)
    settings = home / "settings"
    with _jupyterlab(home, folder, settings) as url:
        yield Lab(url, folder, settings / "@jupyterlab")


@pytest.fixture(scope="module")
def chromium(browser_path: str) -> Iterator[Browser]:
    """The browser, running; its pages come from the fixture `page`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def off_machine() -> list[str]:
    """Addresses off this machine that the page asked for; every one of them was refused."""
    return []


@pytest.fixture
def page(chromium: Browser, off_machine: list[str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page that reaches this machine alone; options of its context may be given as an indirect parameter."""
    with _page(chromium, off_machine, getattr(request, "param", {})) as page:
        yield page


@pytest.fixture(scope="module")
def one_page(chromium: Browser) -> Iterator[Page]:
    """A page like it for all tests of a file; that it asked for nothing off this machine is seen at the end."""
    off_machine: list[str] = []
    with _page(chromium, off_machine, {}) as page:
        yield page
    assert off_machine == []


@contextmanager
def _page(chromium: Browser, off_machine: list[str], options: dict[str, Any]) -> Iterator[Page]:
    settings = {"viewport": {"width": 1280, "height": 900}, **options}
    context = chromium.new_context(**settings, service_workers="block")  # whose requests could not be seen

    def only_loopback(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            off_machine.append(route.request.url)
            route.abort()

    context.route("**/*", only_loopback)
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000 / 2)
    yield page
    context.close()


def _copy_lessons(folder: Path) -> None:
    folder.mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (folder / path.name).write_bytes(cleared(path.read_bytes()))


@contextmanager
def _jupyterlab(home: Path, folder: Path, settings: Path) -> Iterator[str]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}/"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": False,
        "ServerApp.disable_check_xsrf": True,
        "IdentityProvider.token": "",
        "LabApp.news_url": "",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--allow-root",
        *(f"--{key}={value}" for key, value in options.items()),
    ]
    log = home / "lab.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=_environment(home, settings), cwd=folder, stdout=output, stderr=output)
        try:
            _wait(f"{url}api", process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(home: Path, settings: Path) -> dict[str, str]:
    """An environment in which nothing of this user's Jupyter is read or written."""
    own = {
        name: str(home / name.lower())
        for name in (
            "IPYTHONDIR", "JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR",
        )
    }  # fmt: skip
    own["JUPYTERLAB_SETTINGS_DIR"] = str(settings)
    for name, text in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {**os.environ, **own, "JUPYTER_PLATFORM_DIRS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
