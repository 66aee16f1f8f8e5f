"""The dashboard outside JupyterLab: in Voilà, as `authkit dashboard` shows it, and in Notebook 7."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from authkit.widgets.panels.dashboard import PANELS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COMMAND = [sys.executable, "-c", "import sys; from authkit.cli import main; sys.exit(main(sys.argv[1:]))"]
DASHBOARD = "import authkit\nauthkit.widgets.dashboard(authkit.training_tenant())"


@pytest.fixture
def voila(browser_path: str, tmp_path: Path) -> Iterator[str]:
    """`authkit dashboard`, running, stopped as Ctrl-C does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "voila.log").open("wb") as log:
        command = [*COMMAND, "dashboard", "--no-browser", "--port", str(port)]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
        _wait(f"http://127.0.0.1:{port}/voila/static/none", process)
        yield f"http://127.0.0.1:{port}/"
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert b"The dashboard has stopped" in (tmp_path / "voila.log").read_bytes()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("Voilà did not start")


def through_every_tab(page: Page, *, keyboard: bool) -> None:
    """Each tab shows its panel, and axe finds nothing in it."""
    dashboard = page.locator(".authkit-dashboard")
    tabs = dashboard.locator("> .widget-tab > .widget-tab-bar").get_by_role("tab")
    expect(tabs).to_have_text([*PANELS], timeout=60_000)
    tabs.first.focus()
    for number, title in enumerate(PANELS):
        if number and keyboard:
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Enter")
        elif number:
            tabs.nth(number).click()
        expect(tabs.nth(number)).to_have_attribute("aria-selected", "true")
        panel = dashboard.locator("> .widget-tab > .widget-tab-contents .authkit-panel:visible").first
        expect(panel).to_be_visible()
        found = Axe().run(page, context=".authkit-dashboard", options=AXE)
        assert not found.violations_count, f"{title}: {found.generate_report()}"
        if keyboard:
            every_control_is_reached_and_seen(page, panel, title)
            tabs.nth(number).focus()


# What a key can act on. ipywidgets' radio buttons are no group to the browser: each is reached by itself.
CONTROLS = """panel => [...panel.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex="0"]')]
  .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}) && one.tabIndex >= 0)"""
LOOK = """one => { const style = getComputedStyle(one), around = getComputedStyle(one.closest('label') ?? one);
  return [style.outlineStyle === 'none' ? '' : style.outline, style.boxShadow, style.borderColor,
          style.backgroundColor, around.boxShadow].join('|'); }"""


def every_control_is_reached_and_seen(page: Page, panel: Locator, title: str) -> None:
    """Tab goes from the panel's first control to its last in the page's order, and each shows that it is meant."""
    handle = panel.element_handle()
    assert handle is not None
    controls = page.evaluate_handle(CONTROLS, handle)
    count = page.evaluate("controls => controls.length", controls)
    assert count > 1, title
    plain = page.evaluate(f"controls => controls.map({LOOK})", controls)
    page.evaluate("controls => controls[0].focus()", controls)
    for number in range(count):
        if number:
            page.keyboard.press("Tab")
        at = page.evaluate("controls => controls.indexOf(document.activeElement)", controls)
        assert at == number, f"{title}: Tab {number} came to control {at}, {page.evaluate(NAME)}"
        assert page.evaluate(f"({LOOK})(document.activeElement)") != plain[number], f"{title}: {page.evaluate(NAME)}"


NAME = "document.activeElement.outerHTML.slice(0, 200)"


def test_it_works_in_voila(voila: str, page: Page, off_machine: list[str]) -> None:
    """Every tab; nothing off this machine is asked for, not even the font of icons that Voilà itself wants."""
    page.goto(voila, timeout=90_000)
    through_every_tab(page, keyboard=True)
    assert off_machine == []


def test_it_works_in_notebook_7(lab, page: Page, off_machine: list[str]) -> None:
    """The same server shows it under another address."""
    lab.write_notebook("dashboard.ipynb", DASHBOARD)
    page.goto(f"{lab.url}notebooks/dashboard.ipynb")
    expect(page.locator(".jp-Notebook-ExecutionIndicator")).to_have_attribute("data-status", "idle", timeout=60_000)
    lab.run_all(page)
    through_every_tab(page, keyboard=False)
    assert off_machine == []
