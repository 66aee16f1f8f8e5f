"""`authkit doctor --offline`: what a training room needs, tried with every other machine out of reach."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from authkit.cli.doctor import Finding, nearest
from authkit.cli.kernel import asked, kernel_client
from authkit.cli.lessons import FIRST_LESSON, copy_lessons, lessons_home, source_folder

Tell = Callable[[str], None]

_INSTALL: Final = 'Install authkit again: python -m pip install --force-reinstall "authkit[lab]"'

# Runs in the lesson's kernel before its first cell. A name that is looked up counts as well: it leaves the machine too.
_CUT_OFF: Final = """
import ipaddress, os, socket
os.environ["AUTHKIT_HOME"] = {home!r}
asked_for = []

def _is_here(host):
    try:
        return host in ("", None, "localhost", b"localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

def _only_here(original, host_of):
    def checked(*arguments, **named):
        host = host_of(*arguments)
        if not _is_here(host):
            asked_for.append(str(host))
            raise OSError(f"cut off by authkit doctor: {{host}}")
        return original(*arguments, **named)
    return checked

def _peer(connection, address, *more):
    return address[0] if isinstance(address, tuple) else ""

socket.socket.connect = _only_here(socket.socket.connect, _peer)
socket.socket.connect_ex = _only_here(socket.socket.connect_ex, _peer)
socket.getaddrinfo = _only_here(socket.getaddrinfo, lambda host, *more: host)
"""


def lessons(folder: Path | None = None) -> Iterator[Finding]:
    """The lessons, copied as `authkit lab` does it, to the place where it puts them."""
    home = lessons_home(folder)
    there = nearest(home)
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=".authkit-doctor-") as made:
            number = copy_lessons(source_folder(), Path(made)).new
        yield Finding("lessons", number > 0, f"{number} files can be put into {home}", _INSTALL)
    except OSError as error:
        repair = "Choose a folder that you can write to: authkit lab --folder FOLDER"
        yield Finding("lessons", False, f"{there} cannot be written: {error.strerror or error}", repair)


def progress() -> Iterator[Finding]:
    """A check's outcome, noted where the learner's progress is kept and read again; then it is taken away."""
    from authkit.course.progress import Progress, home

    place = nearest(home())
    repair = "Set AUTHKIT_HOME to a folder on a local disk that you may write to."
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix=".authkit-doctor-") as made:
            tried = Progress(Path(made, "progress.sqlite3"))
            tried.note("00", "q1", "doctor", "passed")
            kept = tried.standing("00", "q1", "doctor").passed
        yield Finding("progress", kept, tried.trouble or f"what is done is kept in {home()}", repair)
    except OSError as error:
        yield Finding("progress", False, f"{place} cannot be written: {error.strerror or error}", repair)


def first_lesson(tell: Tell, source: Path | None = None) -> Iterator[Finding]:
    """Every cell of the first lesson, in a kernel that reaches this machine alone.

    Args:
        tell: Is told which cell is running.
        source: The notebook; by default the first lesson.
    """
    path = source or source_folder() / FIRST_LESSON
    cells = _code(path)
    try:
        with tempfile.TemporaryDirectory(prefix="authkit-doctor-") as home, kernel_client() as client:
            asked(client, _CUT_OFF.format(home=home))
            for number, code in enumerate(cells, start=1):
                tell(f"the first lesson, cut off from other machines: cell {number} of {len(cells)}")
                fault = _run(client, code)
                if fault:
                    saw = f"cell {number} of {len(cells)} of {path.name} failed: {fault}"
                    yield Finding("first lesson offline", False, saw, _INSTALL)
                    return
            others = json.loads(asked(client, "import json; print(json.dumps(asked_for))") or "null")
    except Exception as error:  # whatever keeps a kernel from working, the instructor needs the one line
        yield Finding("first lesson offline", False, f"it did not run ({type(error).__name__}: {error})", _INSTALL)
        return
    saw = f"all {len(cells)} cells ran, and asked no other machine for anything"
    if others:
        saw = f"it asked other machines: {', '.join(sorted(set(others)))}"
    yield Finding("first lesson offline", others == [], saw, _INSTALL)


def _code(path: Path) -> list[str]:
    document: dict[str, Any] = json.loads(path.read_bytes())
    sources = ("".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code")
    return [source for source in sources if source.strip()]


def _run(client: Any, code: str) -> str:
    """Run a cell to its end; its error in a line, empty if there was none."""
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda message: None)["content"]
    return "" if reply["status"] == "ok" else f"{reply.get('ename')}: {reply.get('evalue')}"


def checks(tell: Tell) -> tuple[tuple[str, Callable[[], Iterator[Finding]]], ...]:
    """What is looked at beside the rest."""
    return (
        ("lessons", lessons),
        ("progress", progress),
        ("the first lesson, cut off from other machines", lambda: first_lesson(tell)),
    )
