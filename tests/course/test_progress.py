"""Progress outlives kernels, kills, two writers and damaged files."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from authkit import ConfigurationError
from authkit.course.lesson import Lesson, Plan
from authkit.course.progress import Progress


def test_it_counts_what_was_done(lesson: Lesson) -> None:
    """Tries, hints, the solution, and the misconceptions met."""
    lesson.q1.check(lambda number: number + 2)
    lesson.q1.hint()
    lesson.q1.solution()
    lesson.q1.check(lambda number: number * 2)
    standing = lesson.q1.standing
    assert (standing.passed, standing.tried, standing.hints, standing.solution_seen) == (True, 2, 1, True)
    assert standing.beliefs == ("adds two",)
    assert lesson.progress().finish_line == "99: 1/2"
    assert "adds two" in repr(lesson.progress()) and "1 hint" in lesson.progress()._repr_html_()


def test_hints_go_from_a_nudge_to_nearly_the_code(lesson: Lesson) -> None:
    """And stay at the last."""
    said = [repr(lesson.q1.hint()) for _ in range(4)]
    assert [text.split(":")[0] for text in said] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    assert "number * 2" in said[-1]


def test_it_outlives_the_kernel(lesson: Lesson, progress: Progress) -> None:
    """Another process finds it."""
    lesson.q2.check("A")
    assert Lesson(lesson._plan, Progress(progress.path)).q2.standing.passed


def test_a_reset_begins_again(lesson: Lesson) -> None:
    """Nothing is erased, but it no longer counts; the cell as it was is shown."""
    lesson.q1.check(lambda number: number * 2)
    assert "return TODO" in repr(lesson.q1.reset())
    assert not lesson.q1.standing.passed and lesson.q1.standing.tried == 0


def test_progress_on_another_version_is_stale(lesson: Lesson, progress: Progress) -> None:
    """It is marked and not erased."""
    lesson.q1.check(lambda number: number * 2)
    edited = replace(lesson._plan.exercises[0], title="Double any number")
    report = Lesson(Plan(number="99", title="", exercises=(edited,)), progress).progress()
    assert report.done == 0 and "earlier version" in repr(report)
    assert lesson.progress().done == 1


def test_no_answer_is_kept(lesson: Lesson, progress: Progress) -> None:
    """Neither what was handed in, nor code, nor what it raised."""
    lesson.q1.check("a very private answer")
    lesson.q1.check(lambda number: int("another"))
    assert b"private" not in progress.path.read_bytes() and b"another" not in progress.path.read_bytes()


def test_it_goes_out_and_in(lesson: Lesson, progress: Progress, tmp_path: Path) -> None:
    """As JSON; what is there already is not added twice."""
    lesson.q1.check(lambda number: number * 2)
    lesson.q2.check("B")
    document = json.loads(json.dumps(progress.export()))
    other = Progress(tmp_path / "other.sqlite3")
    assert (other.import_(document), other.import_(document)) == (2, 0)
    assert other.export() == document


EVENT = {"at": 1, "lesson": "1", "exercise": "q", "content": "", "event": "hint", "belief": ""}


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"authkit_progress": 2, "events": []}]
    + [{"authkit_progress": 1, "events": [one]} for one in ({}, {**EVENT, "at": "now"}, {**EVENT, "event": "won"}, 1)],
)
def test_what_is_no_export_adds_nothing(progress: Progress, document: object) -> None:
    """And says which file would do."""
    with pytest.raises(ConfigurationError) as caught:
        progress.import_(document)
    assert caught.value.code == "progress.not_an_export" and progress.export()["events"] == []


def first_page(content: bytes) -> bytes:
    return b"this is no database" + content[19:]


def middle(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * 4096 + content[8192:]


def end(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("damage", [first_page, middle, end])
def test_a_damaged_file_is_kept_aside(lesson: Lesson, progress: Progress, damage: Callable[[bytes], bytes]) -> None:
    """Wherever the damage is; a new one is begun, it is said, and what happens next is kept."""
    progress.add((float(at), "01", "q1", "c", "try again", "a belief of some length") for at in range(500))
    damaged = damage(progress.path.read_bytes())
    progress.path.write_bytes(damaged)
    report = lesson.progress()
    assert progress.path.with_name("progress.damaged-1.sqlite3").read_bytes() == damaged
    assert "progress.damaged-1.sqlite3" in repr(report)
    assert lesson.q2.check("A").passed and lesson.q2.standing.passed
    assert Progress(progress.path).trouble == ""


def test_a_check_says_what_became_of_the_file(lesson: Lesson, progress: Progress) -> None:
    """Below its outcome, in text and in HTML; the outcome is the same."""
    lesson.q2.check("A")
    progress.path.write_bytes(b"no database" * 100)
    outcome = lesson.q2.check("A")
    assert outcome.passed and outcome.feedback == "The tenant holds the key."
    for shown in (repr(outcome), outcome._repr_html_()):
        assert "damaged" in shown and "progress.damaged-1.sqlite3" in shown


def test_each_damaged_file_has_a_name_of_its_own(lesson: Lesson, progress: Progress) -> None:
    """The second does not replace the first."""
    for content in (b"one" * 100, b"two" * 100):
        lesson.q2.check("A")
        progress.path.write_bytes(content)
        lesson.progress()
    names = sorted(path.name for path in progress.path.parent.glob("*damaged*"))
    assert names == ["progress.damaged-1.sqlite3", "progress.damaged-2.sqlite3"]


def test_a_file_of_a_newer_authkit_is_left_alone(lesson: Lesson, progress: Progress) -> None:
    """Nothing is saved, nothing is lost, and it is said."""
    lesson.q1.check(lambda number: number * 2)
    with sqlite3.connect(progress.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert lesson.q2.check("A").passed
    assert "newer authkit" in progress.trouble and progress.path.exists()


def test_a_folder_that_cannot_be_made_stops_no_lesson(tmp_path: Path, lesson: Lesson) -> None:
    """The outcome is given; that nothing is saved is said."""
    (tmp_path / "file").write_text("")
    stuck = Lesson(lesson._plan, Progress(tmp_path / "file" / "progress.sqlite3"))
    assert stuck.q2.check("A").passed
    assert "not saved" in repr(stuck.progress()) and "not saved" in repr(stuck.q2.check("A"))


WRITER = """
import sys
from pathlib import Path
from authkit.course.progress import Progress
progress = Progress(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    progress.note("01", sys.argv[2], "c", "try again", str(number))
    print(number, flush=True)
"""


def writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_two_kernels_write_at_once(progress: Progress) -> None:
    """Nothing of either is lost."""
    both = [writer(progress.path, name, 50) for name in ("q1", "q2")]
    for one in both:
        one.communicate(timeout=60)
    assert [len(progress.standing("01", name, "c").beliefs) for name in ("q1", "q2")] == [50, 50]


def test_what_another_kernel_has_begun_anew_is_left_alone(lesson: Lesson, progress: Progress) -> None:
    """Between meeting the damage and keeping it aside, another kernel did so, and noted something in its new file."""
    progress.path.parent.mkdir()
    progress.path.with_name("progress.damaged-1.sqlite3").write_bytes(b"no database")
    lesson.q2.check("A")
    assert progress._set_aside() == "progress.damaged-1.sqlite3"
    assert lesson.q2.standing.passed


@pytest.mark.slow
def test_two_kernels_meet_a_damaged_file_at_once(progress: Progress) -> None:
    """One of them keeps it aside; neither mistakes the other's new file for the damaged one."""
    for _ in range(3):
        progress.path.parent.mkdir(exist_ok=True)
        progress.path.write_bytes(b"no database" * 1000)
        both = [writer(progress.path, name, 10) for name in ("q1", "q2")]
        for one in both:
            one.communicate(timeout=60)
        assert [len(progress.standing("01", name, "c").beliefs) for name in ("q1", "q2")] == [10, 10]
    assert len(list(progress.path.parent.glob("*damaged*"))) == 3


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for POSIX")
def test_what_was_said_survives_a_kill(progress: Progress) -> None:
    """At any of twenty moments in the middle of notes: all that was noted is there, and the file is sound."""
    chance = random.Random(6)
    for kill in range(20):
        name = f"q{kill}"
        with writer(progress.path, name, 100000) as one:
            assert one.stdout is not None
            one.stdout.readline()
            time.sleep(chance.uniform(0, 0.02))
            os.kill(one.pid, signal.SIGKILL)
            said = [int(line) for line in one.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        found = {int(belief) for belief in progress.standing("01", name, "c").beliefs}
        assert {0, *said} <= found and progress.trouble == ""
    with closing(sqlite3.connect(progress.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_it_is_where_it_is_told_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`AUTHKIT_HOME`, else where the platform keeps such things."""
    monkeypatch.setenv("AUTHKIT_HOME", str(tmp_path))
    assert Progress().path == tmp_path / "progress.sqlite3"
    monkeypatch.delenv("AUTHKIT_HOME")
    assert "authkit" in str(Progress().path)
