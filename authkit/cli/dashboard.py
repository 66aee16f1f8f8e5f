"""`authkit dashboard`: every panel in a page of its own, by Voilà."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from authkit.cli.child import run_until_stopped
from authkit.cli.stores import open_existing
from authkit.ground.display import literal
from authkit.ground.extras import need

# Voilà's page asks a server of others for a font of icons. Nothing of ours leaves the machine: the browser refuses.
_POLICY: Final = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: data:; "
    "frame-ancestors 'self'"
)
_GONE: Final = "Each page had a training tenant of its own, which is gone."
_TRAINING: Final = """\
import authkit

tenant = authkit.training_tenant()
orders = tenant.apis.create(name="Orders", identifier="https://orders.example/",
                            scopes={"read:orders": "Read orders", "write:orders": "Change orders"})
app = tenant.applications.create(name="Nightly report", app_type="non_interactive")
tenant.client_grants.create(app, orders, ["read:orders"])"""


def open_dashboard(*, store: Path | None, port: int, browser: bool) -> int:
    """Show the dashboard until it is stopped; the exit code.

    Args:
        store: A tenant's file; without one it is a training tenant, which is gone when the page is closed.
        port: The port on 127.0.0.1, or 0 for any free one.
        browser: Whether a browser is opened.

    Raises:
        ConfigurationError: Voilà is missing, there is no such file, or the server ended by itself.
        ServerError: The port is taken, or none.
        StorageError: The file is no tenant's.
    """
    from authkit.http.running import listen  # uvicorn and all that comes with it

    need("voila", extra="dashboard", feature="authkit dashboard")
    opened = _TRAINING
    if store is not None:
        open_existing(store).close()  # what is wrong with it is said here, not by a page without words
        opened = f"import authkit\n\ntenant = authkit.Tenant.open({literal(str(store.resolve()))})"
    with closing(listen(port)) as listening:  # Voilà would take another port, or end with a traceback
        port = listening.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="authkit-dashboard-", ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "authkit.ipynb"
        page.write_text(json.dumps(_notebook(f"{opened}\nauthkit.widgets.dashboard(tenant)")), encoding="utf-8")
        print(f"The dashboard is at http://127.0.0.1:{port}/ – Ctrl-C in this terminal stops it.", flush=True)
        command = [sys.executable, "-m", "voila", str(page), f"--port={port}"]
        command += ["--Voila.ip=127.0.0.1", "--Voila.port_retries=0"]
        command.append(f"--Voila.tornado_settings={{'headers': {{'Content-Security-Policy': {_POLICY!r}}}}}")
        command += [] if browser else ["--no-browser"]
        stopped = _GONE if store is None else "The tenant's file has all that was done."
        return run_until_stopped(command, dict(os.environ), name="The dashboard", stopped=stopped)


def _notebook(source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code", "id": "dashboard", "metadata": {}, "source": source, "outputs": [],
        "execution_count": None,
    }  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [cell]}
