"""`authkit lab`: the lessons in JupyterLab, without a question asked or a request sent off the machine."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from authkit import __version__
from authkit.cli.child import run_until_stopped
from authkit.cli.lessons import FIRST_LESSON, checkout_folder, copy_lessons, lessons_home, source_folder
from authkit.ground.errors import ConfigurationError
from authkit.ground.extras import need


def open_lab(
    *,
    folder: Path | None,
    with_outputs: bool,
    projector: bool,
    in_place: bool,
    browser: bool,
    arguments: Sequence[str],
) -> int:
    """Put the lessons in place and run JupyterLab on them until it is stopped.

    Args:
        folder: Where the learner's lessons are kept, one folder a version; None for the usual place.
        with_outputs: Whether results stay in the copies.
        projector: Whether type is larger and side bars are hidden.
        in_place: Whether to open the checkout's own notebooks.
        browser: Whether JupyterLab opens a browser.
        arguments: More options for JupyterLab, which win over ours.

    Returns:
        The exit code.

    Raises:
        ConfigurationError: The options contradict each other, JupyterLab is missing, or the folder is unusable.
    """
    if in_place and (folder is not None or with_outputs):
        raise ConfigurationError(
            "lab.contradiction",
            "--in-place opens the checkout's notebooks as they are; --folder and --with-outputs are for copies.",
            "Leave out --in-place, or leave out the other two.",
        )
    need("jupyterlab", extra="lab", feature="authkit lab")
    from authkit.cli.lab_settings import write_settings

    lessons = checkout_folder() if in_place else _copies(folder, with_outputs)
    print(f"Your lessons are in {lessons}" if not in_place else f"The notebooks of this checkout: {lessons}")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        print("You are root, as in a container, so JupyterLab is started with --allow-root.")
    print("JupyterLab is starting. Ctrl-C in this terminal stops it.", flush=True)
    with tempfile.TemporaryDirectory(prefix="authkit-lab-", ignore_cleanup_errors=True) as own:
        write_settings(
            Path(own),
            lessons=lessons,
            first=FIRST_LESSON if (lessons / FIRST_LESSON).is_file() else "",
            projector=projector,
            browser=browser,
            root=root,
        )
        return run_until_stopped(
            [sys.executable, "-m", "jupyterlab", *arguments],
            _environment(own),
            name="JupyterLab",
            stopped="What you saved is in your lessons folder.",
        )


def _copies(folder: Path | None, with_outputs: bool) -> Path:
    from authkit.cli.lab_settings import trust

    name = f"{__version__}-with-outputs" if with_outputs else __version__
    lessons = lessons_home(folder) / name
    source = source_folder()
    copied = copy_lessons(source, lessons, outputs=with_outputs)
    trust(source, outputs=with_outputs)
    if copied.kept:
        print(f"{copied.kept} files were there and are as you left them; {copied.new} are new.")
    return lessons


def _environment(settings: str) -> dict[str, str]:
    """The environment for JupyterLab: ours are the first settings it finds; its command line wins over them."""
    paths = [settings, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {
        # A kernel of this Python, where the learner's home has one of another Python under the same name.
        "JUPYTER_PREFER_ENV_PATH": "1",
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(paths),
    }
