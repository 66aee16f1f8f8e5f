"""A tenant's file, as the commands open it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from authkit.cli.reading import shown
from authkit.ground.errors import ConfigurationError
from authkit.tenant import Tenant

SERVED_BY_DEFAULT: Final = "http://127.0.0.1:8400/"
"""Where `authkit serve` serves unless told otherwise."""


def is_there(store: Path) -> bool:
    """Whether the file holds something; an empty one is as good as none."""
    try:
        return store.stat().st_size > 0
    except (OSError, ValueError):
        return False


def open_existing(store: Path) -> Tenant[Any]:
    """The tenant in a file that is there.

    Raises:
        ConfigurationError: There is no such file (`store.missing`).
        StorageError: It is no tenant.
    """
    if not is_there(store):
        raise ConfigurationError(
            "store.missing",
            f"There is no tenant in {shown(str(store))}.",
            "Check the name; authkit serve --store FILE and authkit import make a new one.",
        )
    return Tenant.open(store)


def open_or_make(store: Path, *, issuer: str | None, otherwise: str) -> Tenant[Any]:
    """The tenant in a file; a new one gets the issuer that was asked for, or the other.

    Raises:
        ConfigurationError: The issuer is no URL, or the tenant that is there has another (`store.issuer`).
        StorageError: The file cannot be used.
    """
    tenant = Tenant.open(store, issuer=otherwise if issuer is None else issuer)
    if issuer is not None and tenant.issuer != issuer:
        kept = tenant.issuer
        tenant.close()
        raise ConfigurationError(
            "store.issuer",
            f"The tenant in {shown(str(store))} has the issuer {kept} and keeps it: its tokens and whoever verifies "
            f"them name it; asked for was {issuer}.",
            "Leave out --issuer. For another issuer, take the configuration into a new file: authkit export, then "
            "authkit import --issuer URL.",
        )
    return tenant
