"""The wheel carries what a learner needs and nothing else; the source archive also carries the tests."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRAINING_KEYS = "authkit/jose/training_keys.pem"
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}")
OUT_OF_PLACE = re.compile(
    r"(^|/)(tests?|conftest\.py|test_[^/]*|\.[^/]+)(/|$)"  # tests and dotfiles
    r"|\.(db(-\w+)?|env|key|log|p12|pfx|pyc|sqlite3?)$"
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive of this checkout."""
    folder = tmp_path_factory.mktemp("archives")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
    result = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(archives: Path) -> dict[str, bytes]:
    """The wheel's files: name to content."""
    with zipfile.ZipFile(next(archives.glob("*.whl"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(archives: Path) -> set[str]:
    """The names in the source archive, relative to its one folder."""
    with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
        return {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}


def lesson_files() -> list[Path]:
    """The notebooks of this checkout and their pictures."""
    notebooks = ROOT / "notebooks"
    return [*notebooks.glob("*.ipynb"), *(path for path in (notebooks / "images").rglob("*") if path.is_file())]


def test_the_wheel_carries_every_notebook_as_it_is(wheel):
    """`authkit lab` finds its notebooks and their images inside the package."""
    for path in lesson_files():
        assert wheel[f"authkit/_notebooks/{path.relative_to(ROOT / 'notebooks').as_posix()}"] == path.read_bytes()


def test_the_wheel_says_that_it_is_typed(wheel):
    """Type checkers read the annotations of an installed authkit."""
    assert "authkit/py.typed" in wheel


def test_the_wheel_carries_the_training_keys(wheel):
    """A training tenant signs with published keys, which travel with the package."""
    assert PRIVATE_KEY.search(wheel[TRAINING_KEYS])


def test_the_wheel_carries_no_other_private_key(wheel):
    """The training keys are the only key material in it."""
    assert [name for name, content in wheel.items() if PRIVATE_KEY.search(content)] == [TRAINING_KEYS]


def test_the_wheel_carries_nothing_out_of_place(wheel):
    """All is package or metadata: no tests, no dotfiles, no databases, no keys."""
    assert {name.split("/")[0].partition("-")[0] for name in wheel} == {"authkit"}
    assert not [name for name in wheel if OUT_OF_PLACE.search(name)]


def test_the_wheel_asks_for_no_test_tool_by_itself(wheel):
    """pytest comes with the extra `test` alone."""
    metadata = next(content for name, content in wheel.items() if name.endswith(".dist-info/METADATA")).decode()
    [pytest_line] = re.findall(r"^Requires-Dist: pytest>.*$", metadata, re.MULTILINE)
    assert "extra == 'test'" in pytest_line


def test_the_source_archive_carries_what_the_tests_need(sdist):
    """The tests can be run from it: they look at these."""
    assert {".ci/run", "CONTRIBUTING.md", "LICENSE", "README.md", "environment.yml", "pyproject.toml"} <= sdist
    assert {path.relative_to(ROOT).as_posix() for path in lesson_files()} <= sdist
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")} <= sdist
