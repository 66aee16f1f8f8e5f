"""The log: every outcome, in batches, and nothing that a hostile text could do with it."""

import threading
from typing import Any

import pytest

from authkit import SteerableClock, StorageError, Tenant
from authkit.explore import table
from authkit.registry.log import BATCH, CODES

Training = Tenant[SteerableClock]


def test_an_entry_tells_when_what_and_whom(tenant: Training) -> None:
    """On the tenant's clock."""
    tenant.log.add("s", "login", user_id="auth0|1", client_id="c")
    (entry,) = tenant.log
    assert (entry.date, entry.type, entry.user_id, entry.client_id) == ("2026-01-05T09:00:00.000Z", "s", "auth0|1", "c")
    assert entry.type in CODES and entry.log_id and entry.audience == ""


def test_entries_are_written_in_batches_and_when_they_are_read(tenant: Training) -> None:
    """The disk is not waited for at each."""
    rows = tenant.registry.database.rows
    for number in range(BATCH - 1):
        tenant.log.add("s", str(number))
    assert rows("SELECT count(*) FROM log") == [(0,)]
    tenant.log.add("s", "the last")
    assert rows("SELECT count(*) FROM log") == [(BATCH,)]
    tenant.log.add("s", "one more")
    assert len(tenant.log) == BATCH + 1


def test_closing_writes_what_waits(tmp_path: Any) -> None:
    """And opening again reads it."""
    path = tmp_path / "t.db"
    with Tenant.open(path) as tenant:
        tenant.log.add("s", "login")
    with Tenant.open(path) as tenant:
        assert [entry.description for entry in tenant.log] == ["login"]


def test_pages_run_both_ways(tenant: Training) -> None:
    """A page past the end is empty."""
    for number in range(5):
        tenant.log.add("s", str(number))
    assert [entry.description for entry in tenant.log.page(1, 2)] == ["1", "2"]
    assert [entry.description for entry in tenant.log.page(0, 2, newest_first=True)] == ["4", "3"]
    assert tenant.log.page(5, 2) == []


def test_what_cannot_be_written_goes_on_waiting(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its order."""
    tenant.log.add("s", "first")
    with monkeypatch.context() as patched:
        patched.setattr(tenant.registry.database, "execute", _full)
        with pytest.raises(StorageError):
            tenant.log.flush()
    tenant.log.add("s", "second")
    assert [entry.description for entry in tenant.log] == ["first", "second"]


def _full(*_: object) -> int:
    raise StorageError("storage.unusable", "disk full")


def test_threads_lose_no_entry(tenant: Training) -> None:
    """However they add and flush at once."""

    def add() -> None:
        for _ in range(120):
            tenant.log.add("s", "login")
            len(tenant.log)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tenant.log) == 8 * 120 and len({entry.log_id for entry in tenant.log}) == 8 * 120


def test_a_hostile_description_stays_on_its_line(tenant: Training) -> None:
    """It is often what a stranger sent."""
    tenant.log.add("feccft", "x\n  2026 s login\x1b[2J<img>")
    assert len(repr(tenant.log).splitlines()) == 2 and "\x1b" not in repr(tenant.log)
    assert "<img>" not in tenant.log._repr_html_()


def test_the_log_is_a_table(tenant: Training) -> None:
    """For who wants to count."""
    tenant.log.add("s", "login")
    assert [*table(tenant.log)["type"]] == ["s"]
