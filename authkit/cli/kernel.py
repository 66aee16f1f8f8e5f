"""A kernel as a notebook gets one, and what it answers."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from authkit.ground.extras import need

KERNEL: Final = "python3"
SECONDS: Final = 60.0


@contextmanager
def kernel_client() -> Iterator[Any]:
    """A client of a fresh kernel, which ends with it."""
    need("jupyter_client", extra="lab", feature="authkit doctor")
    import zmq
    from jupyter_client.manager import KernelManager

    # The same rule as in `authkit lab`: a kernel of this environment before one in the person's home.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    # Encrypted where that is possible, as `authkit lab` starts it too.
    manager = KernelManager(kernel_name=KERNEL, transport_encryption="auto" if zmq.has("curve") else "disabled")
    # Started away from a checkout, which would lend it its authkit.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as away, tempfile.TemporaryFile() as said:
        client = None
        try:
            manager.start_kernel(cwd=away, stdout=said, stderr=said)
            client = manager.blocking_client()
            client.start_channels()
            try:
                client.wait_for_ready(timeout=SECONDS)
            except RuntimeError as error:
                said.seek(0)
                last = said.read().decode(errors="replace").strip().splitlines()[-1:]
                raise RuntimeError(*last or error.args) from None
            yield client
        finally:
            if client is not None:
                client.stop_channels()
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
            manager.cleanup_resources()


def asked(client: Any, code: str) -> str:
    """What the code prints in the kernel; empty if it fails."""
    request = client.execute(code)
    printed = ""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        message = client.get_iopub_msg(timeout=SECONDS)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            printed += message["content"]["text"]
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    return printed.strip()
