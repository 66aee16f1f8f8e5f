"""The log: every outcome, in batches, and nothing that a hostile text could do with it."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit import SteerableClock, StorageError, Tenant
from authkit.explore import table
from authkit.ground.chance import TrainingChance
from authkit.registry import log
from authkit.registry.log import BATCH, CODES, SHOWN, Log
from authkit.storage import Database

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


def test_the_oldest_entries_go(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenant that is served for weeks does not fill the disk with its log."""
    monkeypatch.setattr(log, "KEPT", 250)
    texts = fill(tenant, 3 * BATCH)
    assert descriptions(tenant) == texts[-250:] and len(tenant.log) == 250
    tenant.log.add("s", "one more")
    assert descriptions(tenant) == [*texts[-249:], "one more"]


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


def descriptions(tenant: Any) -> list[str]:
    return [entry.description for entry in tenant.log]


def fill(tenant: Any, number: int) -> list[str]:
    texts = [str(one) for one in range(number)]
    for text in texts:
        tenant.log.add("s", text)
    return texts


def test_an_entry_says_whom_it_concerned(tenant: Training) -> None:
    """As far as that is known; nothing else can be noted."""
    tenant.log.add("seacft", "exchanged", client_id="c", user_id="u", audience="a", scope="read write", expires_in=60)
    (entry,) = tenant.log
    assert entry[3:] == ("exchanged", "c", "u", "a", "read write", 60)
    with pytest.raises(TypeError):
        tenant.log.add("s", "login", colour="red")  # type: ignore[call-arg]
    assert len(tenant.log) == 1


def test_an_entry_carries_the_time_of_the_tenants_clock(tenant: Training) -> None:
    """When it happened, not when it was written."""
    tenant.log.add("s", "login")
    tenant.clock.advance(hours=1, seconds=0.25)
    tenant.log.add("s", "login")
    assert [entry.date for entry in tenant.log] == ["2026-01-05T09:00:00.000Z", "2026-01-05T10:00:00.250Z"]


def test_every_code_has_its_words() -> None:
    """The vendor's codes, which cannot be changed."""
    assert {"s", "fp", "fu", "seccft", "feccft", "ferrt"} <= CODES.keys() and all(CODES.values())
    with pytest.raises(TypeError):
        CODES["s"] = "x"  # type: ignore[index]


def test_the_order_is_kept_over_batches(tenant: Training) -> None:
    """Oldest first, however many."""
    assert fill(tenant, 2 * BATCH + 5) == descriptions(tenant) and len(tenant.log) == 205


def test_pages_together_are_the_whole(tenant: Training) -> None:
    """No entry twice and none left out, in both directions."""
    texts = fill(tenant, 25)
    for newest_first in (False, True):
        pages = [tenant.log.page(start, 10, newest_first=newest_first) for start in (0, 10, 20, 30)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        together = [entry.description for page in pages for entry in page]
        assert together == (texts[::-1] if newest_first else texts)
    assert tenant.log.page(0, 0) == [] and len(tenant.log.page(0, -1)) == 25


def test_adding_never_fails_for_want_of_a_store(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened has happened; when the disk has room again, everything is there in its order."""
    with monkeypatch.context() as patched:
        patched.setattr(tenant.registry.database, "execute", _full)
        texts = fill(tenant, 2 * BATCH + 5)
        with pytest.raises(StorageError):
            len(tenant.log)
        with pytest.raises(StorageError):
            repr(tenant.log)
    assert descriptions(tenant) == texts


def test_what_a_failed_batch_wrote_is_not_there_twice(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the middle of a batch."""
    texts = fill(tenant, 10)
    execute = tenant.registry.database.execute
    room = iter(range(4))

    def nearly_full(sql: str, values: Any = ()) -> int:
        return execute(sql, values) if next(room, None) is not None else _full()

    with monkeypatch.context() as patched:
        patched.setattr(tenant.registry.database, "execute", nearly_full)
        with pytest.raises(StorageError):
            tenant.log.flush()
    assert tenant.registry.database.rows("SELECT count(*) FROM log") == [(0,)]
    assert descriptions(tenant) == texts


def test_a_transaction_that_is_taken_back_takes_no_entry_with_it(tenant: Training) -> None:
    """A refusal is what a log is for: also one inside a change, also when a batch is full or somebody reads there."""
    with pytest.raises(ZeroDivisionError), tenant.registry.database.transaction():
        tenant.apis.create(identifier="a")
        texts = fill(tenant, BATCH + 5)
        assert len(tenant.log) == BATCH + 5
        raise ZeroDivisionError
    assert tenant.apis.find("a") is None and descriptions(tenant) == texts


def test_a_transaction_that_ends_well_writes_each_entry_once(tenant: Training) -> None:
    """Though it was written inside and asked for again afterwards."""
    with tenant.registry.database.transaction():
        texts = fill(tenant, BATCH + 5)
        assert descriptions(tenant) == texts
    assert descriptions(tenant) == texts and len(tenant.log) == BATCH + 5


def test_threads_that_note_inside_transactions_do_not_stop_each_other(tenant: Training) -> None:
    """Whoever holds the store never waits for one who waits for the store."""
    done = []

    def work() -> None:
        for _ in range(60):
            with tenant.registry.database.transaction():
                tenant.log.add("s", "inside")
            tenant.log.add("s", "outside")
            tenant.log.flush()
        done.append(True)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 6 and len(tenant.log) == 6 * 120


def test_each_threads_entries_stay_in_their_order(tenant: Training) -> None:
    """Whatever comes between them."""

    def work(name: str) -> None:
        for number in range(150):
            tenant.log.add("s", f"{name}{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = descriptions(tenant)
    for name in "abcd":
        assert [text for text in found if text[0] == name] == [f"{name}{number}" for number in range(150)]


KILLED = """
import os, sys
import authkit
tenant = authkit.Tenant.open(sys.argv[1])
for number in range(250):
    tenant.log.add("s", str(number))
os._exit(9)
"""


@pytest.mark.slow
def test_a_process_that_is_killed_loses_less_than_a_batch(tmp_path: Path) -> None:
    """The full batches are there, in their order."""
    path = tmp_path / "t.db"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (9, "")
    with Tenant.open(path) as tenant:
        assert descriptions(tenant) == [str(number) for number in range(2 * BATCH)]


def test_closing_with_nothing_to_write_and_after_closing_is_safe(tmp_path: Path) -> None:
    """Adding afterwards is no error, reading is one."""
    tenant = Tenant.open(tmp_path / "t.db")
    tenant.log.add("s", "kept")
    tenant.close()
    tenant.close()
    fill(tenant, BATCH + 1)
    with pytest.raises(StorageError):
        list(tenant.log)
    tenant.close()


def test_a_log_shows_its_newest_entries(tenant: Training) -> None:
    """And says how many there are: a screen is no place for thousands."""
    fill(tenant, SHOWN)
    assert repr(tenant.log).splitlines()[0] == f"Log: {SHOWN}" and len(repr(tenant.log).splitlines()) == SHOWN + 1
    tenant.log.add("s", "the last")
    title, *lines = repr(tenant.log).splitlines()
    assert title == f"Log: {SHOWN + 1}, the newest {SHOWN} of them shown" and len(lines) == SHOWN
    assert lines[0].endswith(" 1") and lines[-1].endswith("the last")
    assert tenant.log._repr_html_().count("<tr") == SHOWN + 1 and title in tenant.log._repr_html_()


HOSTILE = "x\n2026-01-05T09:00:00.000Z  s  login\r\x1b[2J\u202e\ud800\0</td><script>alert(1)</script>&amp;\"'"


@pytest.mark.parametrize("field", ["description", "client_id", "user_id", "audience", "scope"])
def test_a_hostile_text_in_any_field_misleads_nobody(tenant: Training, field: str) -> None:
    """One line in a terminal, text in a notebook, writable to any file."""
    told: dict[str, Any] = {"description": "refused", field: HOSTILE}
    tenant.log.add("feccft", **told)
    (entry,) = tenant.log
    assert all(str(value).isprintable() for value in entry) and "\\n" in getattr(entry, field)
    html = tenant.log._repr_html_()
    assert len(repr(tenant.log).splitlines()) == 2 and repr(entry).isprintable()
    assert html.isprintable() and "<script>" not in html and "</td><script" not in html
    assert html.encode() and table(tenant.log).to_csv().encode() and "<script>" not in table(tenant.log).to_html()


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=5))
def test_any_texts_make_as_many_lines(texts: list[str]) -> None:
    """And are told apart when they are read."""
    with closing(Database()) as database:
        log = Log(database, SteerableClock(), TrainingChance())
        for text in texts:
            log.add("feccft", text, client_id=text)
        assert len(log) == len(texts) and len(repr(log).splitlines()) == len(texts) + 1
        assert repr(log).encode() and log._repr_html_().encode()


def test_what_waits_for_a_store_has_a_limit(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that stays full does not fill the memory as well: the oldest are let go."""
    monkeypatch.setattr("authkit.registry.log.MOST_WAITING", 3)
    with monkeypatch.context() as patched:
        patched.setattr(tenant.registry.database, "execute", _full)
        for number in range(5):
            tenant.log.add("s", f"login {number}")
    assert [entry.description for entry in tenant.log] == ["login 2", "login 3", "login 4"]
