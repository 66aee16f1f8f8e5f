"""The one SQLite connection of a tenant: transactions and numbered migrations."""

from authkit.storage.database import Database, WouldWait

__all__ = ["Database", "WouldWait"]
