"""What a server's event loop does with the store: it reads, and never waits."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from authkit import StorageError
from authkit.storage import Database, WouldWait
from tests.storage.conftest import INSERT, count


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_reading_is_done_at_once(database: Database) -> None:
    """And what is inside knows that it is in a hurry."""
    database.execute(INSERT, ("a", "b"))
    with database.at_once():
        assert count(database) == 1 and database.hurried
    assert not database.hurried


def test_writing_is_not(database: Database) -> None:
    """It waits for a disk: nothing is written, and outside it goes on as ever."""
    with pytest.raises(WouldWait), database.at_once():
        database.execute(INSERT, ("a", "b"))
    assert count(database) == 0
    database.execute(INSERT, ("a", "b"))
    assert count(database) == 1


def test_another_thread_that_has_the_store_is_not_waited_for(database: Database) -> None:
    """Its transaction may take as long as it likes."""
    has_it, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with database.transaction():
            has_it.set()
            go_on.wait(10)

    thread = in_a_thread(change)
    assert has_it.wait(10)
    with pytest.raises(WouldWait), database.at_once():
        pytest.fail("it must not come this far")
    go_on.set()
    thread.join()
    with database.at_once():
        assert count(database) == 0


def test_other_threads_wait_until_it_is_done(database: Database) -> None:
    """They are not in a hurry, and write behind it."""
    with database.at_once():
        thread = in_a_thread(lambda: database.execute(INSERT, ("a", "b")))
        thread.join(0.1)
        assert thread.is_alive() and count(database) == 0
    thread.join(10)
    assert count(database) == 1


def test_the_state_differs_after_every_change(database: Database, path: Path) -> None:
    """Here, elsewhere, and back again by a change that was given up."""
    seen = [database.state()]
    database.execute(INSERT, ("a", "b"))
    seen.append(database.state())
    other = Database(path)
    other.execute("DELETE FROM apis")
    other.close()
    seen.append(database.state())
    with pytest.raises(ZeroDivisionError), database.transaction():
        database.execute(INSERT, ("a", "b"))
        seen.append(database.state())
        raise ZeroDivisionError
    seen.append(database.state())
    assert len(set(seen)) == len(seen)
    database.rows("SELECT 1 FROM apis")
    assert database.state() == seen[-1]


def test_at_once_is_one_moment(database: Database, path: Path) -> None:
    """What another process changes meanwhile makes another state afterwards."""
    other = Database(path)
    with database.at_once():
        before = database.state()
        other.execute(INSERT, ("a", "b"))
        assert database.state() == before
    assert database.state() != before
    other.close()


def test_what_is_undone_makes_another_state(database: Database) -> None:
    """Nothing of it is kept, also within another transaction, whose own change stays."""
    with database.transaction():
        database.execute(INSERT, ("a", "b"))
        with database.undone():
            database.execute(INSERT, ("c", "d"))
            inside = database.state()
            assert count(database) == 2
        assert database.state() != inside and count(database) == 1
    assert count(database) == 1


def test_the_impatient_do_not_wait_for_another_program(database: Database, path: Path) -> None:
    """And the next one who is patient still is."""
    other = Database(path)
    start = time.monotonic()
    with (
        other.transaction(),
        pytest.raises(StorageError) as caught,
        database.transaction(patient=False),
    ):
        pytest.fail("it must not come this far")
    assert caught.value.code == "storage.busy" and time.monotonic() - start < 5
    assert database.rows("PRAGMA busy_timeout") == [(10000,)]
    other.close()
