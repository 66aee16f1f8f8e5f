"""`authkit reset`: the original is back, and nothing that was there is lost."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from authkit import __version__
from authkit.cli.lessons import cleared, copy_lessons, source_folder
from authkit.course import lesson
from tests.cli.conftest import Command

NAME = "01_create_an_api.ipynb"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's copies."""
    monkeypatch.setenv("AUTHKIT_HOME", str(tmp_path / "home"))
    copy_lessons(source_folder(), tmp_path / "mine" / __version__)
    return tmp_path / "mine"


@pytest.fixture
def copy(folder: Path) -> Path:
    """The copy of lesson 01, with every cell written over."""
    path = folder / __version__ / NAME
    edit(path, lambda cell: cell.update(source=["mine"], outputs=[{"output_type": "stream"}]))
    return path


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(path.read_bytes())
    for cell in document["cells"]:
        change(cell)
    path.write_text(json.dumps(document), encoding="utf-8")


def original() -> bytes:
    return cleared((source_folder() / NAME).read_bytes())


def test_a_lesson_is_as_it_was_at_first(authkit: Command, folder: Path, copy: Path) -> None:
    """Byte for byte, outputs cleared; what was there stands beside it, under the name that was said."""
    mine = copy.read_bytes()
    done = authkit("reset", "01", "--folder", str(folder))
    assert done.code == 0 and "01_create_an_api.backup-1.ipynb" in done.out
    assert copy.read_bytes() == original()
    assert copy.with_name("01_create_an_api.backup-1.ipynb").read_bytes() == mine


def test_no_backup_replaces_another(authkit: Command, folder: Path, copy: Path) -> None:
    """Each has a name of its own."""
    mine = copy.read_bytes()
    for _ in range(3):
        authkit("reset", "01", "--folder", str(folder))
    backups = [copy.with_name(f"01_create_an_api.backup-{number}.ipynb") for number in (1, 2, 3)]
    assert [backup.read_bytes() for backup in backups] == [mine, original(), original()]


def test_one_exercise_leaves_the_rest(authkit: Command, folder: Path, copy: Path) -> None:
    """Its cell alone is as it was; and a backup is made all the same."""
    done = authkit("reset", "01", "--exercise", "q3", "--folder", str(folder))
    assert done.code == 0 and "backup-1" in done.out
    cells = json.loads(copy.read_bytes())["cells"]
    fresh = {cell["id"]: cell for cell in json.loads(original())["cells"]}
    changed = [cell for cell in cells if cell["source"] != ["mine"]]
    assert [cell["metadata"]["tags"] for cell in changed] == [["exercise:q3"]]
    assert changed[0] == fresh[changed[0]["id"]]


def test_progress_begins_again_with_it(authkit: Command, folder: Path, copy: Path) -> None:
    """Of the exercise that was reset, and then of the whole lesson."""
    opened = lesson("01")
    opened.q1.check("C")
    opened.q3.check(lambda setting: setting in ("id", "identifier", "signing_alg"))
    authkit("reset", "01", "--exercise", "q3", "--folder", str(folder))
    assert (opened.q1.standing.passed, opened.q3.standing.passed) == (True, False)
    authkit("reset", "01", "--folder", str(folder))
    assert not opened.q1.standing.passed


def test_all_of_them(authkit: Command, folder: Path, copy: Path) -> None:
    """Each lesson of which there is a copy; one that was thrown away stays away."""
    (folder / __version__ / "00_start_here.ipynb").unlink()
    done = authkit("reset", "--all", "--folder", str(folder))
    assert done.code == 0 and NAME in done.out and "00_start_here" not in done.out
    assert copy.read_bytes() == original()
    assert not (folder / __version__ / "00_start_here.ipynb").exists()


def test_a_file_that_is_no_notebook_any_more(authkit: Command, folder: Path, copy: Path) -> None:
    """One exercise of it cannot be found, and the whole can be had again."""
    copy.write_bytes(b'{"cells": [')
    authkit("reset", "01", "--exercise", "q2", "--folder", str(folder)).assert_one_error("reset.damaged")
    assert copy.read_bytes() == b'{"cells": [' and list(copy.parent.glob("*backup*")) == []
    assert authkit("reset", "01", "--folder", str(folder)).code == 0
    assert copy.read_bytes() == original()


@pytest.mark.parametrize("times", [0, 2])
def test_a_cell_that_is_not_there_once(authkit: Command, folder: Path, copy: Path, times: int) -> None:
    """Deleted or copied: which of them would be meant? Nothing is changed."""
    document = json.loads(copy.read_bytes())
    document["cells"] = [
        cell
        for cell in document["cells"]
        for _ in range(times if cell["metadata"].get("tags") == ["exercise:q2"] else 1)
    ]
    copy.write_text(json.dumps(document), encoding="utf-8")
    before = copy.read_bytes()
    authkit("reset", "01", "--exercise", "q2", "--folder", str(folder)).assert_one_error("reset.cell")
    assert copy.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "reset.which"),
        (("01", "--all"), "reset.which"),
        (("--all", "--exercise", "q1"), "reset.which"),
        (("99",), "reset.no_lesson"),
        (("play",), "reset.no_lesson"),
        (("../01",), "reset.no_lesson"),
        (("01", "--exercise", "q99"), "reset.no_exercise"),
    ],
)
def test_what_cannot_be_reset_is_one_error(
    authkit: Command, folder: Path, copy: Path, arguments: tuple[str, ...], code: str
) -> None:
    """And changes nothing."""
    before = copy.read_bytes()
    authkit("reset", *arguments, "--folder", str(folder)).assert_one_error(code)
    assert copy.read_bytes() == before and list(copy.parent.glob("*backup*")) == []


@pytest.mark.parametrize("arguments", [("01",), ("--all",)])
def test_without_a_copy_it_says_what_makes_one(authkit: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """`authkit lab`."""
    done = authkit("reset", *arguments, "--folder", str(tmp_path))
    done.assert_one_error("reset.no_copy")
    assert "authkit lab" in done.err
