"""How `authkit lab` sets up JupyterLab: quiet, on loopback, and with larger type for a room."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import json5
import nbformat
from jupyterlab.commands import get_app_dir, get_user_settings_dir  # type: ignore[import-untyped]
from jupyterlab_server.workspaces_handler import WorkspacesManager
from nbformat.sign import NotebookNotary

from authkit.cli.lessons import cleared

_QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
_LARGE = {"code-font-size": "20px", "content-font-size1": "22px", "ui-font-size1": "17px"}
_THEMES = Path("@jupyterlab", "apputils-extension", "themes.jupyterlab-settings")


def write_settings(folder: Path, *, lessons: Path, first: str, projector: bool, browser: bool, root: bool) -> None:
    """Write what JupyterLab reads at its start: `folder` is put first on JUPYTER_CONFIG_PATH.

    Args:
        folder: An empty folder that lives as long as JupyterLab runs.
        lessons: The folder to show.
        first: The notebook to open, or nothing.
        projector: Whether type is larger and side bars are hidden.
        browser: Whether to open a browser.
        root: Whether we run as root.
    """
    # A workspace of our own: the tabs of the learner's other work stay out, and are not disturbed.
    # JupyterLab takes letters, digits and hyphens only; with a dot in it the page is not found.
    workspace = "authkit-" + re.sub(r"[^A-Za-z0-9]+", "-", lessons.name)
    lab = {
        "default_url": f"/lab/workspaces/{workspace}" + (f"/tree/{quote(first)}" if first else ""),
        "app_settings_dir": str(_app_settings(folder / "app-settings")),
        "news_url": None,
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "extension_manager": "readonly",  # the other one asks a package index for a list
    }
    if projector:
        lab["user_settings_dir"] = str(_large_type(folder / "user-settings"))
        lab["workspaces_dir"] = str(_hidden_side_bars(folder / "workspaces", workspace))
    server = {
        "ip": "127.0.0.1",
        "root_dir": str(lessons),
        "open_browser": browser,
        "allow_root": root,
        "answer_yes": True,  # one Ctrl-C is enough
        "tornado_settings": {"ws_ping_timeout": 30000},  # what it falls back to anyway, after a warning
    }
    # Warnings only; under this name, so that a --debug on the command line still wins.
    configuration = {"Application": {"log_level": 30}, "ServerApp": server, "LabApp": lab, **_encryption()}
    (folder / "jupyter_server_config.json").write_text(json.dumps(configuration), encoding="utf-8")


def trust(published: Path, *, outputs: bool) -> None:
    """Mark our own notebooks as trusted, so that JupyterLab shows saved outputs in full and does not warn.

    A signature is one of the content: it holds for unchanged copies, and for nothing else in the learner's folder.
    """
    notary = NotebookNotary()  # type: ignore[no-untyped-call]
    for path in sorted(published.rglob("*.ipynb")):
        content = path.read_bytes() if outputs else cleared(path.read_bytes())
        notebook = nbformat.reads(content.decode(), as_version=4)  # type: ignore[no-untyped-call]
        notary.sign(notebook)  # type: ignore[no-untyped-call]


def _app_settings(folder: Path) -> Path:
    """The application's settings with ours beside them: defaults, which a learner's own settings override."""
    theirs = Path(get_app_dir(), "settings")
    if theirs.is_dir():
        shutil.copytree(theirs, folder, dirs_exist_ok=True)
    ours = folder / "overrides.d" / "authkit.json"
    ours.parent.mkdir(parents=True, exist_ok=True)
    ours.write_text(json.dumps(_QUIET), encoding="utf-8")
    return folder


def _large_type(folder: Path) -> Path:
    """The person's own settings, copied, with larger type.

    JupyterLab reads type sizes from a person's settings alone, never from the application's.
    """
    theirs = Path(get_user_settings_dir())
    if theirs.is_dir():
        shutil.copytree(theirs, folder, dirs_exist_ok=True)
    themes = folder / _THEMES
    themes.parent.mkdir(parents=True, exist_ok=True)
    settings: dict[str, Any] = {}
    if themes.is_file():
        try:
            settings = dict(json5.loads(themes.read_text(encoding="utf-8")))
        except ValueError:
            settings = {}  # not readable for JupyterLab either
    settings["overrides"] = {**settings.get("overrides", {}), **_LARGE}
    themes.write_text(json.dumps(settings), encoding="utf-8")
    return folder


def _hidden_side_bars(folder: Path, workspace: str) -> Path:
    """A workspace that starts with both side bars hidden; there is no setting for it."""
    hidden = {"collapsed": True, "visible": False, "widgets": []}
    layout = {"main": {"dock": None, "current": ""}, "left": hidden, "right": hidden}
    document = {"data": {"layout-restorer:data": layout}, "metadata": {"id": workspace}}
    WorkspacesManager(str(folder)).save(workspace, json.dumps(document))
    return folder


def _encryption() -> dict[str, Any]:
    """Encrypted channels to the kernel where the library can: else every kernel warns in the learner's terminal."""
    import zmq

    return {"KernelManager": {"transport_encryption": "auto"}} if zmq.has("curve") else {}
