"""tests/execute_notebooks.py executes notebooks and saves them so that a second run gives the same bytes."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

PROGRAM = Path(__file__).resolve().parents[1] / "execute_notebooks.py"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

pytestmark = pytest.mark.slow


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True, encoding="utf-8")


def write(path: Path, *sources: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with two widgets, one in the other, executed and saved once."""
    path = write(
        tmp_path_factory.mktemp("saved") / "panel.ipynb",
        "import ipywidgets\nlabel = ipywidgets.Label(value='at first')\nipywidgets.VBox([label])",
        "label.value = 'at last'",
    )
    result = run(path)
    assert result.returncode == 0, result.stderr
    return path


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_a_second_run_gives_the_same_bytes(saved):
    """Neither a kernel's chance nor its clock reaches the file."""
    before = saved.read_bytes()
    result = run(saved)
    assert result.returncode == 0, result.stderr
    assert saved.read_bytes() == before
    assert "unchanged" in result.stdout


def test_a_saved_view_finds_its_model(saved):
    """Opened without a kernel, a notebook shows its panels: every id has its state, as it was at the end."""
    notebook = read(saved)
    models = notebook["metadata"]["widgets"][WIDGET_STATE]["state"]
    [output] = notebook["cells"][0]["outputs"]
    mentioned = set(re.findall(r"IPY_MODEL_(\w+)", json.dumps(models))) | {output["data"][WIDGET_VIEW]["model_id"]}
    assert mentioned <= set(models)
    assert "at last" in [model["state"].get("value") for model in models.values()]


def test_models_are_numbered_in_the_order_of_their_creation(saved):
    """Ids are 1, 2, 3..., not drawn by chance."""
    models = read(saved)["metadata"]["widgets"][WIDGET_STATE]["state"]
    assert [int(model, 16) for model in models] == list(range(1, len(models) + 1))


def test_the_file_does_not_tell_which_python_ran_it(saved):
    """A patch release of Python changes no notebook."""
    metadata = read(saved)["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert "version" not in metadata["language_info"]


def test_the_kernel_is_the_running_interpreter(tmp_path):
    """Whatever kernels are installed elsewhere."""
    path = write(tmp_path / "which.ipynb", "import sys; print(sys.executable)")
    assert run(path).returncode == 0
    assert read(path)["cells"][0]["outputs"][0]["text"] == [f"{sys.executable}\n"]


def test_check_reports_a_change_and_writes_nothing(tmp_path):
    """--check leaves a stale file as it is and exits with 1."""
    path = write(tmp_path / "stale.ipynb", "print(1)")
    before = path.read_bytes()
    result = run("--check", path)
    assert result.returncode == 1
    assert "would change" in result.stdout
    assert path.read_bytes() == before


def test_check_is_content_with_a_fresh_file(saved):
    """--check exits with 0 where nothing would change."""
    assert run("--check", saved).returncode == 0


def test_a_failing_cell_saves_nothing(tmp_path):
    """The file stays, the error is shown, and the exit status is 1."""
    path = write(tmp_path / "broken.ipynb", "raise RuntimeError('on purpose')")
    before = path.read_bytes()
    result = run(path)
    assert result.returncode == 1
    assert "on purpose" in result.stderr
    assert path.read_bytes() == before
