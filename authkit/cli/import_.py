"""`authkit import`: a configuration, of this package or of a real tenant, into a tenant's file."""

from __future__ import annotations

import sys
from pathlib import Path

from authkit.cli.printing import ReaderGone, show
from authkit.cli.reading import shown
from authkit.cli.stores import SERVED_BY_DEFAULT, is_there, open_or_make
from authkit.ground.errors import ConfigurationError
from authkit.registry.exchange import MAX_BYTES, read_export
from authkit.tenant import training_tenant


def import_file(file: Path, store: Path, *, issuer: str | None) -> int:
    """Take a configuration into a tenant's file: all of it, or nothing; then say what came in and what is risky.

    Args:
        file: The configuration; `-` for stdin.
        store: The tenant's file; made if it is not there.
        issuer: The issuer of a new tenant; by default where `authkit serve` will serve it.

    Raises:
        ConfigurationError: The file is none, or the issuer is not the tenant's.
        RegistrationError: An entry is against a rule, or in the tenant already.
        StorageError: The store cannot be used.
    """
    document = read_export(_read(file))
    if not is_there(store):
        # Tried first where it leaves nothing behind: what is refused makes no file.
        with training_tenant(issuer=SERVED_BY_DEFAULT if issuer is None else issuer) as rehearsal:
            rehearsal.import_(document)
    with open_or_make(store, issuer=issuer, otherwise=SERVED_BY_DEFAULT) as tenant:
        imported = tenant.import_(document)
    try:
        show(imported.lines())
    except ReaderGone:  # all of it is in the store: that is what counts
        pass
    except ConfigurationError as error:
        print(f"All of it came in. {error.message}", file=sys.stderr)
    return 0


def _read(file: Path) -> bytes:
    """The bytes of the file, never without bound: one more than an export may have says that there are too many."""
    try:
        if str(file) == "-":
            if sys.stdin is None or sys.stdin.isatty():
                raise OSError(None, "nothing is piped in")
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(file, "rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise ConfigurationError(
            "import.unreadable",
            f"{shown(str(file))} cannot be read ({why}).",
            "Name a file that authkit export wrote, or - for stdin.",
        ) from None
