"""What SQLite and the system say when a store fails, as one error of ours that names the repair."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from authkit.ground.errors import StorageError

_FULL: Final = (
    "storage.full",
    "has no room left",
    "Free some space on its disk, and do it again: the store goes on as soon as there is room.",
)
_READ_ONLY: Final = (
    "storage.read_only",
    "cannot be written",
    "Make the file, its folder and what lies beside it (-wal, -shm) writable for you, or copy the file to a "
    "folder of yours and open that.",
)
_BUSY: Final = (
    "storage.busy",
    "is kept locked by another program",
    "Let that program finish its change, or close it, and do it again.",
)
_FAULTS: Final[Mapping[tuple[bool, int | None], tuple[str, str, str]]] = MappingProxyType(
    {
        (False, sqlite3.SQLITE_FULL): _FULL,
        (True, errno.ENOSPC): _FULL,
        (True, errno.EDQUOT): _FULL,
        (False, sqlite3.SQLITE_READONLY): _READ_ONLY,
        (True, errno.EACCES): _READ_ONLY,
        (True, errno.EPERM): _READ_ONLY,
        (True, errno.EROFS): _READ_ONLY,
        (False, sqlite3.SQLITE_BUSY): _BUSY,
        (False, sqlite3.SQLITE_LOCKED): _BUSY,
    }
)
"""Faults with a repair of their own: whether the system says so (else SQLite), and the number it says."""


def storage_error(path: str, error: sqlite3.Error | OSError) -> StorageError:
    """What happened to the store, as far as SQLite or the system says, and what repairs exactly that."""
    said = str(error).rstrip(".")
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in said:
        return StorageError(
            "storage.closed",
            "This tenant was closed.",
            "Make or open it again, and then whatever was made on it, such as a panel.",
        )
    number = error.errno if isinstance(error, OSError) else getattr(error, "sqlite_errorcode", 0) & 0xFF
    # Two families of numbers, so the kind of error is part of the key.
    fault = _FAULTS.get((isinstance(error, OSError), number))
    if fault is None:
        return StorageError(
            "storage.unusable",
            f"The store {path} cannot be used: {said}.",
            "Check that the folder exists, that you may write there, that the disk is not full, "
            "and that the file is a tenant's.",
        )
    code, what, remedy = fault
    return StorageError(code, f"The store {path} {what}: {said}. Nothing was changed.", remedy)
