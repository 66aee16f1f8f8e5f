"""`/logs`: what happened, newest first."""

from __future__ import annotations

from typing import Any, Final

from authkit.http.management.errors import inexistent
from authkit.http.management.operation import Call, operation
from authkit.http.management.paging import PAGED, counted, listed, span
from authkit.http.management.shapes import shape
from authkit.registry.log import CODES
from authkit.registry.vendor_json import log_json

_TEXT: Final = {"type": "string"}

LOG_ENTRY: Final = shape(
    "LogEntry",
    {
        "_id": _TEXT, "log_id": _TEXT, "date": {"type": "string", "format": "date-time"},
        "type": {"type": "string", "description": "; ".join(f"{code}: {words}" for code, words in CODES.items())},
        "description": _TEXT, "client_id": _TEXT, "user_id": _TEXT, "audience": _TEXT, "scope": _TEXT,
        "expires_in": {"type": "integer", "description": "Of the access token that came of it, in seconds."},
    },
    required=("_id", "log_id", "date", "type"),
)  # fmt: skip


def list_all(call: Call) -> Any:
    """List the log, newest first."""
    log = call.tenant.log
    start, limit = span(call)
    return counted(call, "logs", [log_json(entry) for entry in log.page(start, limit, newest_first=True)], len(log))


def show(call: Call) -> Any:
    """Get an entry of the log."""
    found = next((entry for entry in call.tenant.log if entry.log_id == call.id), None)
    if found is None:
        raise inexistent("log", "log entry")
    return log_json(found)


# Reading the log is not noted in it: each page of a list would push the others on by one.
OPERATIONS: Final = (
    operation("GET", "/logs", list_all, "read:logs", query=PAGED, gives=listed("logs", LOG_ENTRY), noted=False),
    operation("GET", "/logs/{id}", show, "read:logs", gives=LOG_ENTRY, noted=False),
)
