"""Takes a picture of every notebook, run in a real JupyterLab, to be looked at.

    AUTHKIT_PICTURES=FOLDER python -m pytest tests/browser/notebook_pictures.py -k 05

Not part of the test run: its name begins with no `test_`. A notebook becomes several PNG files, from top to bottom.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

FOLDER = Path(os.environ.get("AUTHKIT_PICTURES", "pictures"))
NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
HEIGHT = 1800
WIDE = {"viewport": {"width": 1280, "height": HEIGHT}}


@pytest.mark.parametrize("page", [WIDE], indirect=True)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_pictures(lab, page, path):
    """All cells run; what stands in the page after that, a screen at a time."""
    lab.open_notebook(page, path.name)
    lab.run_all(page)
    expect(page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")).to_have_count(0)
    page.wait_for_timeout(1500)  # panels draw themselves after their cell is done
    FOLDER.mkdir(exist_ok=True, parents=True)
    scroller = page.locator(".jp-WindowedPanel-outer").first
    scroller.evaluate("element => element.scrollTop = 0")
    height, seen = scroller.evaluate("element => [element.scrollHeight, element.clientHeight]")
    for number in range(1 + (height - 1) // seen):
        scroller.evaluate("(element, top) => element.scrollTop = top", number * seen)
        page.wait_for_timeout(200)
        scroller.screenshot(path=FOLDER / f"{path.stem}-{number + 1:02}.png")
