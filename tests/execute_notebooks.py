"""Execute notebooks and save them with their outputs, so that a second run gives the same bytes.

    python tests/execute_notebooks.py [--check] [NOTEBOOK ...]

Each runs from top to bottom in a fresh kernel of the interpreter that runs this program; without names, all of
notebooks/. Widget state is saved too, so that a notebook that is only opened shows its panels. With --check nothing is
written, and the exit status tells whether a file would change.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"

# Fixed, since a kernel reports its own version: every patch release of Python would change every notebook.
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
TRANSIENT = ("ExecuteTime", "collapsed", "execution", "scrolled")  # what a cell's metadata remembers of one sitting


class ThisInterpreter(KernelSpecManager):
    """Every kernel name means the running interpreter, whatever kernels the user has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())


def execute(source: str, folder: Path) -> str:
    """The text of a notebook after its execution in `folder`; `CellExecutionError` if a cell fails untagged.

    Its kernel finds nobody's progress, and leaves none.
    """
    raw: dict[str, Any] = json.loads(source)
    for number, cell in enumerate(raw["cells"]):
        cell.setdefault("id", f"cell-{number}")  # else nbformat draws one by chance
        for key in TRANSIENT:
            cell["metadata"].pop(key, None)
    raw["metadata"].pop("widgets", None)
    raw["metadata"].update(kernelspec=KERNELSPEC, language_info=LANGUAGE)
    notebook = nbformat.reads(json.dumps({**raw, "nbformat": 4, "nbformat_minor": 5}), as_version=4)
    client = NotebookClient(
        notebook,
        # without encryption the kernel warns, once a notebook
        km=AsyncKernelManager(kernel_spec_manager=ThisInterpreter(), transport_encryption="auto"),
        timeout=300,
        record_timing=False,
        coalesce_streams=True,  # how a kernel chops its output into messages is chance
        resources={"metadata": {"path": str(folder)}},
    )
    with tempfile.TemporaryDirectory() as home:
        client.execute(cleanup_kc=True, env={**os.environ, "AUTHKIT_HOME": home})
    notebook.metadata.update(language_info=LANGUAGE)  # the kernel has just reported its own
    return _text(_steady(notebook))


def _steady(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with its widgets' random ids replaced, wherever they stand, by numbers in the order of creation."""
    models = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    if not models:
        return notebook
    for model in models.values():
        if model["model_name"] == "LayoutModel":  # half the file, and all but a few are null, which is the default
            model["state"] = {key: value for key, value in model["state"].items() if value is not None}
    numbers = {model: f"{number:032x}" for number, model in enumerate(models, start=1)}
    anywhere = re.compile("|".join(map(re.escape, numbers)))
    text = anywhere.sub(lambda found: numbers[found[0]], json.dumps(notebook))
    steady: nbformat.NotebookNode = nbformat.reads(text, as_version=4)
    return steady


def _text(notebook: nbformat.NotebookNode) -> str:
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Execute notebooks and save them with their outputs.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="default: all of notebooks/")
    options = parser.parse_args()
    failed = changed = False
    for path in options.notebooks or sorted(NOTEBOOKS.glob("*.ipynb")):
        before = path.read_text(encoding="utf-8")
        start = time.perf_counter()
        try:
            after = execute(before, path.resolve().parent)
        except CellExecutionError as error:
            failed = True
            print(f"{path}: a cell failed, nothing saved\n{error}", file=sys.stderr)
            continue
        outcome = "unchanged" if after == before else "would change" if options.check else "saved"
        if outcome == "saved":
            path.write_text(after, encoding="utf-8", newline="\n")
        changed |= outcome == "would change"
        print(f"{path}: {outcome} ({time.perf_counter() - start:.1f} s)", flush=True)
    return int(failed or changed)


if __name__ == "__main__":
    sys.exit(main())
