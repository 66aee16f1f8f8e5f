"""`authkit doctor`: does everything a lesson needs work on this machine?"""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import authkit
from authkit.cli.kernel import KERNEL, asked, kernel_client
from authkit.cli.printing import rich_console
from authkit.ground.display import TONES
from authkit.ground.errors import AuthKitError, ServerError
from authkit.ground.extras import need


class Finding(NamedTuple):
    """What one check saw.

    Attributes:
        name: What was looked at.
        good: Whether it works.
        saw: What was seen, in a few words.
        repair: The line that repairs it; empty if it works.
    """

    name: str
    good: bool
    saw: str
    repair: str = ""


def examine(*, offline: bool = False) -> int:
    """Run every check and print a line for each; 0 if all is well, else 1.

    Args:
        offline: Whether to try too what a training needs, with every other machine out of reach.
    """
    need("rich", extra="lab", feature="authkit doctor")
    console = rich_console(soft_wrap=True, highlight=False, markup=False)
    status = console.status("")
    checks: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("Python", python),
        ("packages", packages),
        ("kernel and widgets", kernel),
        ("JupyterLab", widgets_in_jupyterlab),
        ("port", port),
        ("folder", folder),
    )
    if offline:
        from authkit.cli import doctor_offline

        checks += doctor_offline.checks(lambda what: status.update(f"Looking at: {what} …"))
    faults = 0
    for name, check in checks:
        status.update(f"Looking at: {name} …")
        with status:
            findings = _findings(name, check)
        for finding in findings:
            sign = TONES["accepted" if finding.good else "refused"][0]
            console.print(f"{sign} {finding.name}: {finding.saw}")
            if not finding.good:
                faults += 1
                console.print(f"    Repair: {finding.repair}")
    console.print("Everything works." if not faults else f"{faults} fault{'s' * (faults > 1)} found.")
    return 1 if faults else 0


def _findings(name: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """What a check found; one that cannot be made is itself a fault, and the others go on."""
    try:
        return list(check())
    except AuthKitError as error:
        return [Finding(name, False, error.message, error.remedy)]
    except metadata.PackageNotFoundError as error:
        install = f'{sys.executable} -m pip install "authkit[lab]"'
        return [Finding(name, False, f"{error.name} is not installed in {sys.prefix}", install)]


def python(distribution: str = "authkit") -> Iterator[Finding]:
    """The interpreter, against the bound of the package."""
    need("packaging", extra="lab", feature="authkit doctor")
    from packaging.specifiers import SpecifierSet

    version = ".".join(map(str, sys.version_info[:3]))
    wanted = str(metadata.metadata(distribution)["Requires-Python"])
    good = SpecifierSet(wanted).contains(version)
    yield Finding("Python", good, f"{version} (needed: {wanted})", "Install a newer Python and make a new environment.")


def packages(distribution: str = "authkit") -> Iterator[Finding]:
    """Every package that authkit and its extra `lab` ask for, read from the installed metadata."""
    need("packaging", extra="lab", feature="authkit doctor")
    from packaging.requirements import Requirement

    for line in metadata.requires(distribution) or []:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": "lab"}):
            continue
        install = f'{sys.executable} -m pip install "{wanted.name}{wanted.specifier}"'
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield Finding(f"package {wanted.name}", False, f"not installed (needed: {wanted.specifier})", install)
            continue
        good = wanted.specifier.contains(version, prereleases=True)
        yield Finding(f"package {wanted.name}", good, f"{version} (needed: {wanted.specifier})", install)


def kernel() -> Iterator[Finding]:
    """The kernel that a notebook gets, and a widget's value on its way from the page to Python."""
    repair = f"{sys.executable} -m pip install --force-reinstall ipykernel ipywidgets"
    spec = f"{repair}; if that changes nothing, `jupyter kernelspec list` shows which {KERNEL} is in the way"
    try:
        with kernel_client() as client:
            here = asked(client, "import sys, authkit; print(sys.prefix, authkit.__file__, sep=' with ')")
            mine = f"{sys.prefix} with {authkit.__file__}"
            saw = f"the kernel {KERNEL} runs in {here or 'an environment without authkit'}"
            yield Finding("kernel", here == mine, saw, spec)
            comm = asked(client, "import ipywidgets; slider = ipywidgets.IntSlider(); print(slider.comm.comm_id)")
            update = {"comm_id": comm, "data": {"method": "update", "state": {"value": 42}, "buffer_paths": []}}
            client.shell_channel.send(client.session.msg("comm_msg", update))
            value = asked(client, "print(slider.value)")
            seen = f"a slider was moved to 42 and Python saw {value or 'nothing'}"
            yield Finding("widget round trip", value == "42", seen, repair)
    except Exception as error:  # whatever keeps a kernel from starting, the learner needs the one line
        yield Finding("kernel", False, f"the kernel {KERNEL} does not answer ({type(error).__name__}: {error})", spec)


def widgets_in_jupyterlab() -> Iterator[Finding]:
    """The extension without which JupyterLab writes a widget's name where the widget should be."""
    need("jupyter_core", extra="lab", feature="authkit doctor")
    from jupyter_core.paths import jupyter_path

    places = [Path(path, "@jupyter-widgets", "jupyterlab-manager") for path in jupyter_path("labextensions")]
    found = next((place for place in places if (place / "package.json").is_file()), None)
    saw = f"its widgets extension is in {found}" if found else "its widgets extension is not installed"
    repair = f"{sys.executable} -m pip install --force-reinstall jupyterlab_widgets"
    yield Finding("JupyterLab", found is not None, saw, repair)


def port(wanted: int = 0) -> Iterator[Finding]:
    """A free port on loopback, as lessons need for a real server; and it answers, which a firewall may prevent."""
    from authkit.http.running import listen

    try:
        with closing(listen(wanted)) as listening:
            number = listening.getsockname()[1]
            socket.create_connection(("127.0.0.1", number), timeout=5).close()
        yield Finding("port", True, f"127.0.0.1:{number} could be listened on and reached")
    except OSError as error:
        yield Finding("port", False, f"{error}", "Allow programs to connect to 127.0.0.1 in your firewall.")
    except ServerError as error:
        yield Finding("port", False, error.message, "Allow programs to listen on 127.0.0.1 in your firewall.")


def folder(home: Path | None = None) -> Iterator[Finding]:
    """A folder to write to, on a file system where SQLite's write-ahead log works."""
    place = nearest(home or Path(os.environ.get("AUTHKIT_HOME") or Path.home()))
    try:
        with tempfile.TemporaryDirectory(dir=place, prefix=".authkit-doctor-") as made:
            mode = _try_wal(Path(made, "tenant.db"))
        good, saw = mode == "wal", f"{place} can be written; SQLite's journal mode there is {mode}"
    except (OSError, sqlite3.Error) as error:
        good, saw = False, f"{place} cannot be used: {error}"
    yield Finding("folder", good, saw, "Set AUTHKIT_HOME to a folder on a local disk that you may write to.")


def nearest(place: Path) -> Path:
    """The folder, or the nearest around it that is there: it is made when it is needed, and what matters is where."""
    return next(one for one in (place, *place.parents) if one.exists())


def _try_wal(path: Path) -> str:
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path)) as other:
        mode = str(one.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        one.execute("CREATE TABLE seen (number INTEGER)")
        one.execute("INSERT INTO seen VALUES (1)")
        one.commit()
        if other.execute("SELECT number FROM seen").fetchone() != (1,):
            raise sqlite3.OperationalError("what one connection wrote, another did not see")
    return mode
