"""Every notebook is executed, saved with its outputs, short in its cells, and compared strictly."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

REFUSAL = "raises-exception"  # the one tag a test may need: it shows a refusal as Python shows it
MOST_REFUSALS = 2  # to a notebook: `explain` shows refusals better
LONGEST_CELL = 8
LONGEST_LINE = 92  # what JupyterLab shows on a screen 1280 wide without a scroll bar
EXCUSE = re.compile(r"nbval[-_]|skip-execution|PYTEST_VALIDATE", re.IGNORECASE)  # as a tag or as a comment
ANSI = re.compile(r"\x1b\[[0-9;]*m")
OF_ONE_MACHINE = re.compile(
    r"(?<![\w./+-])/(?:etc|home|mnt|opt|private|root|srv|tmp|usr|Users|var)/"  # an absolute path, but no URL's
    r"|\bFile \"?/|\b[A-Z]:\\\\?\w"  # as tracebacks show files; as Windows does
    r"|(?:127\.0\.0\.1|localhost|\[::1\]):\d"  # a served port is another one each time
    r"|\bat 0x[0-9a-f]{6,}"  # a default repr
)

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def code_cells(path: Path) -> list[dict[str, Any]]:
    """The code cells that are not empty."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]


def strings(value: object) -> Iterator[str]:
    """Every string within a JSON value, but none of an image."""
    if isinstance(value, str):
        yield ANSI.sub("", value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not str(key).startswith("image/"):
                yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_there_are_notebooks():
    """Else the tests below would pass on nothing."""
    assert {"00_start_here.ipynb", "playground.ipynb"} <= {path.name for path in NOTEBOOKS}


@every_notebook
def test_it_was_executed_from_top_to_bottom(path: Path):
    """The cells are numbered 1, 2, 3...: one fresh kernel, nothing left out, nothing run twice."""
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@every_notebook
def test_it_names_its_kernel(path: Path):
    """Without this JupyterLab asks for a kernel before it shows the first cell."""
    assert nbformat.read(path, as_version=4).metadata["kernelspec"]["name"] == "python3"


@every_notebook
def test_no_cell_is_excused_from_comparison(path: Path):
    """No tag and no comment tells nbval to skip a cell or to ignore what it prints."""
    cells = code_cells(path)
    assert not [tag for cell in cells for tag in cell["metadata"].get("tags", []) if EXCUSE.search(tag)]
    comments = [line for cell in cells for line in cell["source"].splitlines() if line.lstrip().startswith("#")]
    assert not [line for line in comments if EXCUSE.search(line)]


@every_notebook
def test_an_error_is_shown_only_where_it_is_the_point(path: Path):
    """A cell ends in an error exactly when it is tagged so, and few are."""
    tagged = [cell["id"] for cell in code_cells(path) if REFUSAL in cell["metadata"].get("tags", [])]
    failed = [
        cell["id"] for cell in code_cells(path) if any(output["output_type"] == "error" for output in cell["outputs"])
    ]
    assert failed == tagged
    assert len(tagged) <= MOST_REFUSALS


@every_notebook
def test_cells_are_short(path: Path):
    """At most eight lines that are neither blank nor comment, none cut off: logic lives in the package."""
    for cell in code_cells(path):
        lines = [line for line in cell["source"].splitlines() if line.strip() and not line.lstrip().startswith("#")]
        assert len(lines) <= LONGEST_CELL, cell["source"]
        assert max(map(len, lines)) <= LONGEST_LINE, cell["source"]


@every_notebook
def test_what_it_shows_belongs_to_no_machine(path: Path):
    """Neither outputs nor saved widgets hold an absolute path, a port of loopback or a memory address."""
    notebook = nbformat.read(path, as_version=4)
    shown = [[cell["outputs"] for cell in code_cells(path)], notebook.metadata.get("widgets", {})]
    found = [text for text in strings(shown) if OF_ONE_MACHINE.search(text)]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "File /home/ada/authkit/jose/verifier.py:12",
        "C:\\Users\\ada",
        "http://127.0.0.1:40117/",
        "<Api at 0x7f3a2c51d0>",
    ],
)
def test_what_belongs_to_one_machine_is_recognised(text: str):
    """A control of the test above: paths, ports and addresses."""
    assert OF_ONE_MACHINE.search(text)


@pytest.mark.parametrize(
    "text", ["https://orders.example/home/1", "/oauth/token", "Zm9v/opt/YmFy", "http://127.0.0.1/"]
)
def test_what_belongs_to_no_machine_is_left_alone(text: str):
    """A control in the other direction: URLs and key material."""
    assert not OF_ONE_MACHINE.search(text)


def small_notebook(path: Path, *, stored: str) -> Path:
    """A notebook that shows 'issued', with `stored` as its saved output."""
    output = nbformat.v4.new_output("execute_result", {"text/plain": stored}, execution_count=1)
    cell = nbformat.v4.new_code_cell("'issued'", execution_count=1, outputs=[output])
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps(nbformat.v4.new_notebook(cells=[cell], metadata=kernel)), encoding="utf-8")
    return path


def pytest_on(notebook: Path) -> subprocess.CompletedProcess[str]:
    """Plain pytest with the project's own settings: what is strict here is strict in every run."""
    own = ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-m", "pytest", *own, str(notebook)]
    return subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.slow
def test_a_stored_output_that_is_true_passes(tmp_path):
    """The control's own control: the notebook is sound until it is edited."""
    result = pytest_on(small_notebook(tmp_path / "sound.ipynb", stored="'issued'"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout


@pytest.mark.slow
def test_a_stored_output_that_was_edited_fails(tmp_path):
    """The negative control: nbval compares, and strictly."""
    result = pytest_on(small_notebook(tmp_path / "edited.ipynb", stored="'refused'"))
    assert result.returncode == 1, result.stdout + result.stderr
    assert "1 failed" in result.stdout
