"""The first lesson in a real JupyterLab: run to its end, then its form and its debugger used as a learner would."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def lesson(lab, page: Page) -> Page:
    """The first lesson, every cell of it run."""
    lab.open_notebook(page, "00_start_here.ipynb")
    lab.run_all(page)
    return page


def panel(page: Page, name: str) -> Locator:
    return page.locator(f".authkit-{name}")


def test_the_lesson_runs_to_its_end_and_its_panels_answer(lesson: Page, off_machine: list[str]):
    """No cell fails; the form names a bad name and creates a good API; the debugger's verdict follows the token."""
    expect(lesson.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)

    form = panel(lesson, "create-api")
    form.get_by_label("Name").fill("a<b")
    form.get_by_label("Name").press("Tab")
    expect(form).to_contain_text("may not hold < or >")
    form.get_by_label("Name").fill("Reports")
    form.get_by_label("Identifier").fill("https://reports.example/")
    form.get_by_role("button", name="Create API").click()
    expect(form).to_contain_text("Created")

    debugger = panel(lesson, "debugger")
    expect(debugger).to_contain_text("signature.mismatch")
    token = debugger.get_by_label("Token")
    forged = token.input_value()
    debugger.get_by_role("button", name="Get a token").click()
    expect(debugger).to_contain_text("ACCEPTED")
    expect(token).not_to_have_value(forged)  # it comes to the page after its verdict
    token.press("Control+Home")
    token.press("Delete")
    expect(debugger).to_contain_text("REFUSED")
    assert off_machine == []
