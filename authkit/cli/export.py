"""`authkit export`: a tenant's configuration as JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from authkit.cli.printing import show_json
from authkit.cli.reading import shown
from authkit.cli.stores import open_existing
from authkit.ground.errors import ConfigurationError

_SQLITE: Final = b"SQLite format 3\0"


def export_store(store: Path, *, secrets: bool, out: Path | None) -> int:
    """Write the configuration of the tenant in a file, to stdout or to a file that its owner alone can read.

    Args:
        store: The tenant's file.
        secrets: Whether client secrets and signing secrets are in it.
        out: Where to; None for stdout.

    Raises:
        ConfigurationError: There is no tenant, no such place, or secrets would be shown on a terminal.
        StorageError: The file is no tenant.
    """
    if secrets and out is None and sys.stdout.isatty():
        raise ConfigurationError(
            "export.secrets_on_screen",
            "Secrets are not shown on a terminal, where others and its history keep them.",
            "Add --out FILE, which you alone can read, or leave out --with-secrets.",
        )
    if out is not None:
        _check_target(out)
    with open_existing(store) as tenant:
        document = tenant.export(secrets=secrets)
    if out is None:
        show_json(document)
    else:
        _write(out, json.dumps(document, indent=2, allow_nan=False) + "\n")
    return 0


def _check_target(out: Path) -> None:
    """A tenant is never written over, nor is a device replaced by a file."""
    try:
        if out.exists() and not out.is_file():
            raise _no_target(out, "it is no ordinary file")
        with suppress(FileNotFoundError), open(out, "rb") as opened:
            if opened.read(len(_SQLITE)) == _SQLITE:
                raise _no_target(out, "it is a database, such as a tenant's own")
    except (OSError, ValueError) as error:
        raise _no_target(out, _reason(error)) from None


def _write(out: Path, text: str) -> None:
    """All of it under another name first, so that a full disk leaves the file as it was."""
    fresh: str | None = None
    try:
        target = out.resolve()
        handle, fresh = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}-")  # readable by us alone
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        os.replace(fresh, target)
    except (OSError, ValueError) as error:
        if fresh is not None:
            with suppress(OSError):
                os.unlink(fresh)
        raise _no_target(out, _reason(error)) from None


def _no_target(out: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        "export.unwritable",
        f"--out {shown(str(out))} cannot be written: {why}.",
        "Name a file in a folder that you may write to, as in --out tenant.json, or leave it out for stdout.",
    )


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
