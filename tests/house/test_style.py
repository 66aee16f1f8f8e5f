"""The house keeps its style and its floors: every tool that watches over them is content."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def assert_content(*arguments: str) -> None:
    result = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, f"{' '.join(arguments)}\n{result.stdout}{result.stderr}"


def test_ruff_finds_nothing():
    """Every file passes the lint rules of pyproject.toml."""
    assert_content("-m", "ruff", "check")


def test_every_file_is_formatted():
    """`ruff format` would change no file."""
    assert_content("-m", "ruff", "format", "--check")


@pytest.mark.slow
def test_types_are_strict():
    """mypy --strict finds nothing in the package, and nothing in the bodies of its tests."""
    assert_content("-m", "mypy")


def test_words_are_spelt_right():
    """codespell finds no misspelt word."""
    assert_content("-m", "codespell_lib")


def test_every_floor_imports_only_floors_below():
    """import-linter finds every contract of the house kept."""
    program = "from importlinter.cli import lint_imports_command as lint; lint()"
    # its cache knows a file by its time of change alone: one put back within the same second would count as unchanged
    assert_content("-c", program, "--no-logo", "--no-cache")
