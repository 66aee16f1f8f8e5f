"""A store in a file of its own, and one row to put into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from authkit.storage import Database

INSERT = "INSERT INTO apis (id, identifier, document) VALUES (?, ?, '{}')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tenant.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    yield database
    database.close()


def count(database: Database) -> int:
    return len(database.rows("SELECT 1 FROM apis"))
