"""Where the output of a command goes: a closed or full stdout, a reader that has had enough, a terminal for errors."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import AUTHKIT, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such devices nor such pipes")

PRINTS = [("--version",), ("--help",), ("progress",), ("notes", "05"), ("tour",), ("doctor",)]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", PRINTS, ids=" ".join)
def test_a_full_disk_is_one_error(arguments: tuple[str, ...]) -> None:
    """And exit code 2, which no result has."""
    with open("/dev/full", "wb") as full:
        done = start(*arguments, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2 and b"[cli.unwritable]" in done.stderr
    assert b"Traceback" not in done.stderr and b"Exception ignored" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("arguments", PRINTS, ids=" ".join)
def test_a_reader_that_has_gone_is_no_fault(arguments: tuple[str, ...]) -> None:
    """Nothing is said of it; and it is not the exit code of a refused token, or of a machine with faults."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = start(*arguments, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_closed_stdout_is_one_error(tmp_path: Path) -> None:
    """Said before anything is done: nothing comes in of an import."""
    export = tmp_path / "export.json"
    export.write_text(json.dumps({"clients": [{"name": "A", "app_type": "non_interactive"}]}))
    store = tmp_path / "tenant.db"
    closed = "import os, sys; os.close(1); os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", closed, *AUTHKIT, "import", str(export), "--store", str(store)]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2 and b"it is closed" in done.stderr and b"Traceback" not in done.stderr
    assert not store.exists()


def test_an_import_that_cannot_be_reported_has_come_in_all_the_same(tmp_path: Path) -> None:
    """Its exit code says what the store holds."""
    export = tmp_path / "export.json"
    export.write_text(json.dumps({"clients": [{"name": "A", "app_type": "non_interactive"}]}))
    with open("/dev/full", "wb") as full:
        done = start("import", str(export), "--store", str(tmp_path / "tenant.db"), stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 0 and done.stderr.startswith(b"All of it came in.")
    reading, writing = os.pipe()
    os.close(reading)
    done = start("import", str(export), "--store", str(tmp_path / "other.db"), stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_error_is_folded_between_words(on_a_terminal: Callable[..., str]) -> None:
    """As wide as the terminal; elsewhere it stays one line."""
    shown = on_a_terminal("verify", "--secret", "no-such-file", "--issuer", "x", "--audience", "y", "a.b.c")
    assert "cannot be read" in shown and 40 < max(map(len, shown.splitlines())) <= 60
