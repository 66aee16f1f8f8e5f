"""A learner runs a cell again without thinking; no lesson may break by it."""

import copy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_may_be_run_twice(path: Path):
    """Each code cell, run twice in a row in one kernel, raises nothing."""
    notebook = nbformat.read(path, as_version=4)
    twice = []
    for cell in notebook.cells:
        twice.append(cell)
        if cell.cell_type == "code":
            again = copy.deepcopy(cell)
            again.id = f"{cell.id}-2"
            twice.append(again)
    notebook.cells = twice
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
