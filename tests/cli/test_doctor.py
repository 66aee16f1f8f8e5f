"""`authkit doctor`: every check passes here, and every check fails where it should."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from authkit.cli import doctor, doctor_offline
from authkit.http.running import listen
from tests.cli.conftest import AUTHKIT

DOCTOR = [*AUTHKIT, "doctor"]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Installs the metadata of a package that asks for what its arguments say; its name."""

    def install(*requirements: str, python: str = ">=3.11") -> str:
        folder = tmp_path / "authkit_fake-1.0.dist-info"
        folder.mkdir()
        wanted = "".join(f"Requires-Dist: {line}\n" for line in requirements)
        head = f"Metadata-Version: 2.1\nName: authkit-fake\nVersion: 1.0\nRequires-Python: {python}\n"
        (folder / "METADATA").write_text(head + wanted)
        monkeypatch.syspath_prepend(tmp_path)
        return "authkit-fake"

    return install


@pytest.fixture
def kernelspec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a kernel `python3` before all others, as an old one in the home folder may be."""

    def install(*argv: str, **environment: str) -> None:
        folder = tmp_path / "kernels" / "python3"
        folder.mkdir(parents=True)
        document = {"argv": argv, "env": environment, "display_name": "Python 3", "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(document))
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    return install


@pytest.mark.slow
def test_a_healthy_machine_passes():
    """Every line has its sign, nothing else is printed, and the exit code is 0."""
    done = subprocess.run(DOCTOR, capture_output=True, text=True, timeout=60, encoding="utf-8")
    *lines, last = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "" and last == "Everything works."
    assert all(line.startswith("✔ ") for line in lines)
    for name in ("Python", "package jupyterlab", "kernel", "widget round trip", "JupyterLab", "port", "folder"):
        assert any(line.startswith(f"✔ {name}: ") for line in lines), name


@pytest.mark.slow
def test_a_fault_makes_the_exit_code_1_and_has_one_repair(tmp_path: Path):
    """A file where the folder should be: one fault, one line that repairs it."""
    (tmp_path / "file").write_text("")
    environment = {**os.environ, "AUTHKIT_HOME": str(tmp_path / "file")}
    done = subprocess.run(DOCTOR, capture_output=True, text=True, timeout=60, encoding="utf-8", env=environment)
    assert done.returncode == 1 and done.stderr == ""
    assert [line[:9] for line in done.stdout.splitlines() if not line.startswith("✔")] == [
        "✘ folder:", "    Repai", "1 fault f",
    ]  # fmt: skip


def test_an_old_python_is_a_fault(fake):
    """The bound is read from the package's own metadata."""
    (finding,) = doctor.python(fake(python=">=3.99"))
    assert not finding.good and ">=3.99" in finding.saw


def test_a_missing_and_an_old_package_are_faults(fake):
    """What the metadata asks for, with its extra, is looked up; what belongs to another extra is not."""
    name = fake("pytest", 'no-such-thing>=1; extra == "lab"', "pydantic>=999", 'other-thing; extra == "test"')
    findings = {finding.name: finding for finding in doctor.packages(name)}
    assert [finding.good for finding in findings.values()] == [True, False, False]
    assert findings["package no-such-thing"].saw.startswith("not installed")
    assert 'pip install "pydantic>=999"' in findings["package pydantic"].repair


def test_a_package_that_is_not_installed_itself_is_a_fault():
    """No metadata at all is a finding, not a traceback."""
    (finding,) = doctor._findings("packages", lambda: doctor.packages("authkit-nowhere"))
    assert not finding.good and "authkit[lab]" in finding.repair


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the other Python is made of links")
def test_the_kernel_of_another_environment_is_a_fault(tmp_path: Path, kernelspec):
    """It starts and even finds authkit, but it is not the environment whose packages were looked at."""
    venv.create(tmp_path / "other", symlinks=True)
    paths = os.pathsep.join(path for path in sys.path if path)
    root = str(Path(doctor.__file__).parents[2])
    kernelspec(
        str(tmp_path / "other" / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}",
        PYTHONPATH=os.pathsep.join([root, paths]),
    )  # fmt: skip
    finding = next(doctor.kernel())
    assert not finding.good and str(tmp_path / "other") in finding.saw


def test_a_kernel_that_does_not_start_is_a_fault(kernelspec):
    """Its own last words are in the finding."""
    kernelspec(sys.executable, "-c", "raise SystemExit('no kernel today')")
    (finding,) = doctor.kernel()
    assert not finding.good and "no kernel today" in finding.saw and "kernelspec" in finding.repair


@pytest.mark.slow
def test_widgets_that_do_not_answer_are_a_fault(tmp_path: Path, kernelspec):
    """A kernel whose ipywidgets is broken: the kernel is good, the round trip is not."""
    (tmp_path / "ipywidgets.py").write_text("raise ImportError('broken')")
    paths = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    kernelspec(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", PYTHONPATH=paths)
    found = {finding.name: finding.good for finding in doctor.kernel()}
    assert found == {"kernel": True, "widget round trip": False}


def test_a_jupyterlab_without_widgets_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where no path of Jupyter's holds the extension, the repair installs it."""
    script = "from authkit.cli import doctor; print(next(doctor.widgets_in_jupyterlab()).good)"
    environment = {**os.environ, "HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path)}
    nowhere = f"import sys; sys.prefix = {str(tmp_path)!r}; {script}"
    done = subprocess.run([sys.executable, "-c", nowhere], capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout.strip() == "False", done.stderr
    assert next(doctor.widgets_in_jupyterlab()).good


def test_a_used_port_is_a_fault():
    """A port that another program has cannot be listened on."""
    with listen() as taken:
        (finding,) = doctor.port(taken.getsockname()[1])
    assert not finding.good


def test_the_folder_is_left_as_it_was(tmp_path: Path):
    """A good folder is written to and read from, and nothing stays there; one to be made later is good too."""
    for place in (tmp_path, tmp_path / "later" / "deep"):
        (finding,) = doctor.folder(place)
        assert finding.good and re.search(r"\bwal\b", finding.saw)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_a_fault(tmp_path: Path):
    """Nothing can be kept there."""
    (tmp_path / "file").write_text("")
    (finding,) = doctor.folder(tmp_path / "file")
    assert not finding.good and "AUTHKIT_HOME" in finding.repair


@pytest.mark.slow
def test_the_day_before_a_training(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The lessons can be copied, progress can be kept, and the first lesson runs without asking another machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AUTHKIT_HOME", str(tmp_path / "own"))
    done = subprocess.run([*DOCTOR, "--offline"], capture_output=True, text=True, timeout=120, encoding="utf-8")
    *lines, last = done.stdout.splitlines()
    assert done.returncode == 0 and done.stderr == "" and last == "Everything works.", done.stdout
    for name in ("lessons", "progress", "first lesson offline"):
        assert any(line.startswith(f"✔ {name}: ") for line in lines), name
    assert not (tmp_path / "authkit-lessons").exists() and not (tmp_path / "own").exists()  # it only looked


def notebook(path: Path, *sources: str) -> Path:
    cells = [{"cell_type": "code", "source": [source]} for source in sources]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "saw"),
    [
        ("import urllib.request\ntry:\n    urllib.request.urlopen('http://example.com/')\nexcept OSError:\n    pass",
         "it asked other machines: example.com"),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80), 1)",
         "cell 2 of 2 of lesson.ipynb failed: OSError"),
        ("1 / 0", "cell 2 of 2 of lesson.ipynb failed: ZeroDivisionError: division by zero"),
    ],
    ids=["asks quietly", "asks", "fails"],
)  # fmt: skip
def test_a_lesson_that_needs_another_machine_is_a_fault(tmp_path: Path, source: str, saw: str):
    """Also where its own code passes over the error; and it is told which cell is running."""
    told: list[str] = []
    path = notebook(tmp_path / "lesson.ipynb", "import socket\nsocket.gethostbyname('localhost')", source)
    (finding,) = doctor_offline.first_lesson(told.append, path)
    assert not finding.good and saw in finding.saw and finding.repair
    assert told[-1].endswith("cell 2 of 2")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_fault_of_lessons_and_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each says where it tried."""
    tmp_path.chmod(0o500)
    monkeypatch.setenv("AUTHKIT_HOME", str(tmp_path / "own"))
    for finding in (*doctor_offline.lessons(tmp_path / "mine"), *doctor_offline.progress()):
        assert not finding.good and str(tmp_path) in finding.saw and finding.repair
