"""Running another server – JupyterLab, Voilà – until it ends or Ctrl-C stops it."""

from __future__ import annotations

import signal
import subprocess
from types import FrameType

from authkit.ground.errors import ConfigurationError


def run_until_stopped(command: list[str], environment: dict[str, str], *, name: str, stopped: str) -> int:
    """Run a server until it ends or we are told to stop; the exit code.

    Args:
        command: The server.
        environment: Its environment.
        name: What it is called.
        stopped: What to say when it was stopped.

    Raises:
        ConfigurationError: It ended by itself (`lab.ended`).
    """
    before = {number: signal.signal(number, _interrupt) for number in _stop_signals()}
    child: subprocess.Popen[bytes] | None = None
    try:
        child = subprocess.Popen(command, env=environment)
        code = child.wait()
    except KeyboardInterrupt:
        for number in before:
            signal.signal(number, signal.SIG_IGN)  # it is stopping already
        if child is not None:
            _stop(child)
        print(f"{name} has stopped. {stopped}", flush=True)
        return 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if code == 0:
        return 0
    raise ConfigurationError(
        "lab.ended",
        f"{name} ended by itself with exit code {code}; what it said stands above.",
        "Run authkit doctor, which looks for the usual faults.",
    )


def _stop_signals() -> list[signal.Signals]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(child: subprocess.Popen[bytes]) -> None:
    """Let it end by itself: at a terminal it has had the same Ctrl-C. Else ask, and in the end insist."""
    for seconds, then in ((1, child.terminate), (10, child.kill)):
        try:
            child.wait(seconds)
            return
        except subprocess.TimeoutExpired:
            then()
    child.wait()
