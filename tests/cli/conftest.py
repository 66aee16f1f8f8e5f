"""The command line called within the test, as a user would type it."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TextIO

import pytest

from authkit.cli import main

AUTHKIT = [sys.executable, "-c", "import sys, authkit.cli; sys.exit(authkit.cli.main())"]
"""The command, as a process of its own."""


def start(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    """Run it to its end."""
    return subprocess.run([*AUTHKIT, *arguments], timeout=60, check=False, **options)


class Done(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    def assert_one_error(self, code: str) -> None:
        """It printed one error with this code and how to repair it, and nothing else."""
        assert self.code == 2 and self.out == "", self
        first, repair, *more = self.err.splitlines()
        assert first.endswith(f" [{code}]") and repair.startswith("Repair: ") and not more, self


Command = Callable[..., Done]


@pytest.fixture
def authkit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`authkit(*arguments)`, with the bytes of `stdin` piped in; `stdin` may also be a stream, or None where closed."""

    def run(*arguments: str, stdin: bytes | TextIO | None = b"") -> Done:
        piped = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8") if isinstance(stdin, bytes) else stdin
        monkeypatch.setattr(sys, "stdin", piped)
        code = main(arguments)
        done = Done(code, *capsys.readouterr())
        assert "Traceback" not in done.out + done.err
        return done

    return run


@pytest.fixture
def on_a_terminal() -> Callable[..., str]:
    """`on_a_terminal(*arguments)`: what the command prints where a terminal is its stdin, stdout and stderr."""
    if os.name == "nt":
        pytest.skip("Windows has no pseudo-terminals of this kind")

    def run(*arguments: str, columns: int = 60, **environment: str) -> str:
        import fcntl
        import pty
        import struct
        import termios

        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
        with subprocess.Popen(
            [sys.executable, "-c", "import sys, authkit.cli; sys.exit(authkit.cli.main())", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**inherited, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
        ) as process:
            os.close(theirs)
            read = b""
            try:
                while chunk := os.read(ours, 4096):
                    read += chunk
            except OSError:  # on Linux, the end of a terminal
                pass
            finally:
                os.close(ours)
            process.wait(60)
        return read.decode().replace("\r\n", "\n")

    return run
