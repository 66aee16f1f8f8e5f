"""`authkit lab` as a process: a real JupyterLab on a learner's own folder."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import json5
import pytest

import authkit
from authkit.cli.lessons import source_folder
from authkit.http.running import listen
from tests.cli.conftest import AUTHKIT

THEMES = "@jupyterlab/apputils-extension:themes"
NOTIFICATION = "@jupyterlab/apputils-extension:notification"


def own_environment(home: Path) -> dict[str, str]:
    """An empty home: nobody's settings, and no folder of ours left behind unseen."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "XDG"))}
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "TMPDIR": str(home / "tmp")}


class Lab(NamedTuple):
    """A running `authkit lab`: its address with the token, and how to ask it."""

    address: str
    process: "subprocess.Popen[bytes]"

    def get(self, path: str) -> Any:
        parts = urlsplit(self.address)
        url = f"{parts.scheme}://{parts.netloc}{path}?{parts.query}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            body = answer.read().decode()
        return json.loads(body) if answer.headers.get_content_type() == "application/json" else body

    def setting(self, name: str) -> Any:
        return self.get(f"/lab/api/settings/{quote(name)}")


def _answering(process: "subprocess.Popen[bytes]", said: Path) -> str:
    """The address, once it answers: Jupyter prints it a moment before it listens."""
    deadline = time.monotonic() + 50
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"http://\S+token=\w+", said.read_text(encoding="utf-8")):
            parts = urlsplit(found[0])
            try:
                socket.create_connection(("127.0.0.1", parts.port or 0), timeout=2).close()
                return found[0]
            except OSError:
                pass
        time.sleep(0.05)
    raise AssertionError(said.read_text(encoding="utf-8"))


@contextmanager
def lab(
    home: Path, *arguments: str, jupyter: tuple[str, ...] = (), environment: dict[str, str] | None = None
) -> Iterator[Lab]:
    """Start it on a free port and, at the end, press Ctrl-C once: it must end with 0 and without a traceback."""
    with listen() as free:
        port = free.getsockname()[1]
    command = [*AUTHKIT, "lab", "--no-browser", *arguments, "--", "--port", str(port), *jupyter]
    said = home / "said.txt"  # a file, since a pipe that nobody empties would stop it
    options = {**own_environment(home), **(environment or {})}
    with (
        said.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command, stdout=output, stderr=output, env=options, cwd=home, start_new_session=True
        ) as process,
    ):
        try:
            yield Lab(_answering(process, said), process)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the command and its JupyterLab get it
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.terminate()  # not killed: it takes its JupyterLab with it
                raise
    text = said.read_text(encoding="utf-8")
    assert process.returncode == 0
    for unwanted in ("Traceback", "not trusted"):
        assert unwanted not in text, unwanted
    assert list((home / "tmp").iterdir()) == [], "the settings of this run are gone with it"


class Plain(NamedTuple):
    """One `authkit lab` without options, the home it runs in, and the proxy its requests off the machine go to."""

    lab: Lab
    home: Path
    proxy: socket.socket


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    """Started once for the tests that only look."""
    home = tmp_path_factory.mktemp("home")
    with listen() as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        proxies = {name: address for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
        with lab(home, environment=proxies) as running:
            yield Plain(running, home, proxy)


@pytest.mark.slow
def test_it_shows_the_first_lesson_of_ones_own_copies(plain: Plain):
    """The address opens 00_start_here in a folder of this version, in the home folder, outputs cleared."""
    running, home = plain.lab, plain.home
    assert "/tree/00_start_here.ipynb" in running.address
    listed = running.get("/api/contents/00_start_here.ipynb")
    copy = home / "authkit-lessons" / authkit.__version__ / "00_start_here.ipynb"
    assert listed["content"]["cells"] and copy.is_file()
    said = (home / "said.txt").read_text(encoding="utf-8")
    assert "not trusted" not in said and "[I " not in said, "the terminal stays quiet"
    assert all(not cell.get("outputs") for cell in json.loads(copy.read_text(encoding="utf-8"))["cells"])


@pytest.mark.slow
def test_the_address_is_one_that_jupyterlab_routes(plain: Plain):
    """JupyterLab knows no workspace with a dot in its name: it would say Path Not Found over the first lesson."""
    running = plain.lab
    assert re.fullmatch(r"/lab/workspaces/[\w-]+/tree/00_start_here\.ipynb", urlsplit(running.address).path)
    assert "jupyter-config-data" in running.get(urlsplit(running.address).path)


@pytest.mark.slow
def test_it_listens_on_this_machine_alone_and_wants_its_token(plain: Plain):
    """127.0.0.1, and without the token no file is listed."""
    running = plain.lab
    parts = urlsplit(running.address)
    assert parts.hostname == "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 0, timeout=10)
    connection.request("GET", "/api/contents")
    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.slow
def test_nothing_is_asked_and_nothing_is_fetched(plain: Plain):
    """News are refused before the question comes up, and a look for extensions goes nowhere."""
    running = plain.lab
    defaults = running.setting(NOTIFICATION)["schema"]["properties"]
    assert defaults["fetchNews"]["default"] == "false" and defaults["checkForUpdates"]["default"] is False
    assert running.get("/lab/api/extensions") is not None
    plain.proxy.setblocking(False)
    with pytest.raises(BlockingIOError):  # nobody is waiting there
        plain.proxy.accept()


@pytest.mark.slow
def test_a_projector_has_large_type_and_no_side_bars(tmp_path: Path):
    """Larger type is added to the person's own settings, whose theme stays; the workspace hides both bars."""
    own = tmp_path / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    own.mkdir(parents=True)
    mine = '{"theme": "JupyterLab Dark", "overrides": {"code-font-size": "9px"}} // mine'
    (own / "themes.jupyterlab-settings").write_text(mine)
    with lab(tmp_path, "--projector", "--with-outputs") as running:
        settings = json5.loads(running.setting(THEMES)["raw"])
        (workspace,) = running.get("/lab/api/workspaces")["workspaces"]["values"]
    assert settings["theme"] == "JupyterLab Dark"
    for name in ("code-font-size", "content-font-size1", "ui-font-size1"):
        assert int(settings["overrides"][name].removesuffix("px")) > 15
    layout = workspace["data"]["layout-restorer:data"]
    assert not layout["left"]["visible"] and not layout["right"]["visible"]
    assert (own / "themes.jupyterlab-settings").read_text() == mine
    kept = tmp_path / "authkit-lessons" / f"{authkit.__version__}-with-outputs" / "00_start_here.ipynb"
    assert kept.read_bytes() == (source_folder() / "00_start_here.ipynb").read_bytes()


@pytest.mark.slow
def test_jupyters_own_options_win(tmp_path: Path):
    """What follows -- reaches JupyterLab and is stronger than our settings."""
    options = ("--ServerApp.base_url=/mine/", "--debug")
    with lab(tmp_path, "--folder", str(tmp_path / "here"), jupyter=options) as running:
        assert urlsplit(running.address).path.startswith("/mine/lab/")
        assert "[D " in (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert (tmp_path / "here" / authkit.__version__ / "00_start_here.ipynb").is_file()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_a_terminated_command_leaves_no_jupyterlab_behind(tmp_path: Path):
    """SIGTERM to the command ends JupyterLab as well."""
    with lab(tmp_path) as running:
        running.process.terminate()
        running.process.wait(30)
        parts = urlsplit(running.address)
        deadline = time.monotonic() + 5
        with pytest.raises(OSError):
            while time.monotonic() < deadline:
                socket.create_connection(("127.0.0.1", parts.port or 0), timeout=2).close()


def run(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    options = {**own_environment(home), **environment}
    return subprocess.run(
        [*AUTHKIT, "lab", *arguments], env=options, cwd=home, capture_output=True, text=True, timeout=60
    )


@pytest.mark.slow
def test_jupyterlab_is_told_to_look_for_no_news_and_no_updates(tmp_path: Path):
    """These two requests ignore proxies, so this asks JupyterLab which settings it has read."""
    done = run(tmp_path, "--no-browser", "--", "--show-config-json")
    read = json.loads(done.stdout[done.stdout.index("{") :])["LabApp"]
    assert done.returncode == 0 and "news_url" in read and read["news_url"] is None
    assert read["check_for_updates_class"] == "jupyterlab.NeverCheckForUpdate"


def test_an_unusable_folder_ends_with_one_error(tmp_path: Path):
    """Exit code 2, the fault and its repair, no traceback."""
    (tmp_path / "file").write_text("")
    done = run(tmp_path, "--folder", str(tmp_path / "file"))
    assert done.returncode == 2 and "Repair:" in done.stderr and "Traceback" not in done.stderr


def test_in_place_is_for_the_checkout_as_it_is(tmp_path: Path):
    """It contradicts the options for copies, and needs a checkout."""
    done = run(tmp_path, "--in-place", "--with-outputs")
    assert done.returncode == 2 and "lab.contradiction" in done.stderr
    installed = tmp_path / "site" / "authkit"
    shutil.copytree(Path(authkit.__file__).parent, installed, ignore=shutil.ignore_patterns("__pycache__"))
    done = run(tmp_path, "--in-place", PYTHONPATH=str(installed.parent))
    assert done.returncode == 2 and "lessons.no_checkout" in done.stderr


def test_a_missing_jupyterlab_is_one_error(tmp_path: Path):
    """The extra is named, and no lessons are copied for nothing."""
    script = "import sys; sys.modules['jupyterlab'] = None; import authkit.cli; sys.exit(authkit.cli.main())"
    done = subprocess.run(
        [sys.executable, "-c", script, "lab"], env=own_environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2 and "authkit[lab]" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "authkit-lessons").exists()
