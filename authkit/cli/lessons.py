"""The lessons as files: where they come from, and the learner's own copies of them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import authkit
from authkit.ground.errors import ConfigurationError

FIRST_LESSON = "00_start_here.ipynb"
_PACKAGE = Path(authkit.__file__).resolve().parent


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What copying the lessons did: how many files are new, and how many were there and were left alone."""

    new: int
    kept: int


def lessons_home(folder: Path | None = None) -> Path:
    """The folder that holds the lessons of every version.

    Raises:
        ConfigurationError: The home folder is unknown.
    """
    try:
        return (folder or Path("~/authkit-lessons")).expanduser().absolute()
    except RuntimeError:
        raise ConfigurationError(
            "lessons.no_home",
            "Your home folder is unknown on this machine.",
            "Say where the lessons go: authkit lab --folder FOLDER",
        ) from None


def checkout_folder(package: Path = _PACKAGE) -> Path:
    """The notebooks folder of the repository that this package runs from.

    Raises:
        ConfigurationError: authkit is installed, not run from a checkout.
    """
    folder = package.parent / "notebooks"
    if not (package.parent / "pyproject.toml").is_file() or not folder.is_dir():
        raise ConfigurationError(
            "lessons.no_checkout",
            "This authkit is an installed package: there is no checkout whose notebooks could be opened in place.",
            'Leave out --in-place, or in a clone of the repository run: python -m pip install -e ".[lab]"',
        )
    return folder


def source_folder(package: Path = _PACKAGE) -> Path:
    """Where the notebooks are: inside an installed package, beside it in a checkout.

    Raises:
        ConfigurationError: They are in neither place.
    """
    installed = package / "_notebooks"
    if installed.is_dir():
        return installed
    try:
        return checkout_folder(package)
    except ConfigurationError:
        raise ConfigurationError(
            "lessons.missing",
            "This installation of authkit has no lessons in it.",
            'Install it again: python -m pip install --force-reinstall "authkit[lab]"',
        ) from None


def copy_lessons(source: Path, folder: Path, *, outputs: bool = False) -> Copied:
    """Copy every lesson and picture that is not there yet; a file that is there is never touched.

    Args:
        source: The notebooks as they were published, executed.
        folder: The learner's folder; made if it is not there.
        outputs: Whether results stay in the copies. Without, one predicts before one sees.

    Raises:
        ConfigurationError: The folder cannot be made or written (`lessons.not_writable`).
    """
    new = kept = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass  # a folder with all lessons in it must still be one that work can be saved in
        for path in _files(source):
            target = folder / path.relative_to(source)
            if os.path.lexists(target):
                kept += 1
                continue
            content = path.read_bytes()
            if path.suffix == ".ipynb" and not outputs:
                content = cleared(content)
            target.parent.mkdir(parents=True, exist_ok=True)
            new += _put(content, target)
    except OSError as error:
        raise ConfigurationError(
            "lessons.not_writable",
            f"The lessons cannot be kept in {folder}: {error.strerror or error}.",
            "Choose a folder that you can write to: authkit lab --folder FOLDER",
        ) from None
    return Copied(new=new, kept=kept)


def cleared(notebook: bytes) -> bytes:
    """A notebook without outputs, execution counts, times and widget state."""
    document: dict[str, Any] = json.loads(notebook)
    document["metadata"].pop("widgets", None)
    for cell in document["cells"]:
        cell["metadata"].pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _files(source: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        hidden = any(part.startswith((".", "__")) for part in path.relative_to(source).parts)
        if path.is_file() and not hidden and path.suffix != ".py":  # in a checkout, what its tests need
            yield path


def _put(content: bytes, target: Path) -> bool:
    """Write a file whole or not at all; False if somebody else put one there meanwhile."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        try:
            os.link(part, target)  # unlike a rename, it never replaces what is there
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if target.exists():
                return False
            part.replace(target)
        return True
    finally:
        part.unlink(missing_ok=True)
