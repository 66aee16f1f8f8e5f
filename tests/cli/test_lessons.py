"""The learner's copies of the lessons."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from authkit.cli.lessons import checkout_folder, copy_lessons, source_folder
from authkit.ground.errors import ConfigurationError

EXECUTED: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Grüße\n"]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"execution": {"iopub.status.idle": "then"}, "tags": ["exercise:q1"]},
            "execution_count": 3,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["the answer\n"]}],
            "source": ["print(answer)"],
        },
    ],
    "metadata": {"kernelspec": {"name": "python3"}, "widgets": {"state": {"secret": 1}}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two files as they are published: an executed notebook and a picture, and what an editor leaves behind."""
    folder = tmp_path / "published"
    (folder / "images").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "00_start_here.ipynb").write_text(json.dumps(EXECUTED, ensure_ascii=False), encoding="utf-8")
    (folder / "images" / "form.png").write_bytes(b"\x89PNG\r\n")
    (folder / ".ipynb_checkpoints" / "old.ipynb").write_text("{}")
    return folder


def copied(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_copy_holds_no_results(source: Path, tmp_path: Path):
    """Outputs, counts, times and widget state are cleared; source, tags and kernel stay."""
    copy_lessons(source, tmp_path / "mine")
    notebook = json.loads((tmp_path / "mine" / "00_start_here.ipynb").read_text(encoding="utf-8"))
    assert notebook["cells"][1]["outputs"] == [] and notebook["cells"][1]["execution_count"] is None
    assert notebook["cells"][1]["metadata"] == {"tags": ["exercise:q1"]}
    assert notebook["metadata"] == {"kernelspec": {"name": "python3"}}
    assert [cell["source"] for cell in notebook["cells"]] == [cell["source"] for cell in EXECUTED["cells"]]


def test_pictures_come_along_and_leftovers_do_not(source: Path, tmp_path: Path):
    """Images are copied byte for byte; hidden folders are not, and no half file remains."""
    found = copy_lessons(source, tmp_path / "mine")
    assert copied(tmp_path / "mine") == ["00_start_here.ipynb", "images/form.png"]
    assert (tmp_path / "mine" / "images" / "form.png").read_bytes() == b"\x89PNG\r\n"
    assert (found.new, found.kept) == (2, 0)


def test_work_is_never_overwritten(source: Path, tmp_path: Path):
    """A file that is there stays as it is; one that is missing is put back."""
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    (mine / "00_start_here.ipynb").write_text("my work")
    (mine / "images" / "form.png").unlink()
    found = copy_lessons(source, mine)
    assert (mine / "00_start_here.ipynb").read_text() == "my work"
    assert (found.new, found.kept) == (1, 1)


def test_a_link_of_the_learners_is_left_alone(source: Path, tmp_path: Path):
    """A link that points nowhere is not written through."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "00_start_here.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    found = copy_lessons(source, mine)
    assert not (tmp_path / "elsewhere.ipynb").exists()
    assert (found.new, found.kept) == (1, 1)


def test_with_outputs_a_copy_is_the_original(source: Path, tmp_path: Path):
    """For a projector, the file is the published one byte for byte."""
    copy_lessons(source, tmp_path / "mine", outputs=True)
    name = "00_start_here.ipynb"
    assert (tmp_path / "mine" / name).read_bytes() == (source / name).read_bytes()


def test_an_unusable_folder_is_one_error(source: Path, tmp_path: Path):
    """Where a file stands in the way, the error names the folder and the option that chooses another."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError) as raised:
        copy_lessons(source, tmp_path / "file" / "lessons")
    assert raised.value.code == "lessons.not_writable" and "--folder" in raised.value.remedy


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_found_before_the_lesson_starts(source: Path, tmp_path: Path):
    """Even if every lesson is there already: work could not be saved."""
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    mine.chmod(0o500)
    with pytest.raises(ConfigurationError):
        copy_lessons(source, mine)


def test_an_installed_package_has_its_lessons_inside(tmp_path: Path):
    """The wheel's `_notebooks` comes first; without checkout there is nothing to open in place."""
    package = tmp_path / "site-packages" / "authkit"
    (package / "_notebooks").mkdir(parents=True)
    (tmp_path / "site-packages" / "notebooks").mkdir()  # somebody else's package of that name
    assert source_folder(package) == package / "_notebooks"
    with pytest.raises(ConfigurationError) as raised:
        checkout_folder(package)
    assert raised.value.code == "lessons.no_checkout"


def test_an_installation_without_lessons_says_so(tmp_path: Path):
    """Neither inside nor beside the package: the error says how to install it again."""
    with pytest.raises(ConfigurationError) as raised:
        source_folder(tmp_path / "authkit")
    assert raised.value.code == "lessons.missing"
