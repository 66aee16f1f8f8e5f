"""What a learner has done: every check, hint and solution, in one file of their own; never an answer or a token.

The file is a SQLite database, so that a kernel that is killed loses nothing that was said, and two kernels may write at
once. It belongs to the learner and not to a tenant, and so does not come from `authkit.storage`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from authkit.ground.clock import Clock, SystemClock
from authkit.ground.errors import ConfigurationError

HOME_VARIABLE: Final = "AUTHKIT_HOME"
VERSION: Final = 1
EVENTS: Final = ("passed", "not attempted", "try again", "error", "hint", "solution", "reset", "answered")
_BUSY_SECONDS: Final = 5.0
_COLUMNS: Final = ("at", "lesson", "exercise", "content", "event", "belief")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, lesson TEXT NOT NULL, exercise TEXT NOT NULL,
    content TEXT NOT NULL, event TEXT NOT NULL, belief TEXT NOT NULL
) STRICT
"""


def home() -> Path:
    """The folder of a learner's own files: `AUTHKIT_HOME`, or where this platform keeps such things."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).expanduser() if named else user_data_path("authkit", appauthor=False)


@dataclass(frozen=True)
class Standing:
    """How far a learner is with one exercise.

    Attributes:
        passed: Whether it was passed since it was last reset.
        tried: How often it was checked, `TODO` not counted.
        hints: How many hints were read.
        solution_seen: Whether the solution was looked at.
        stale: Whether all that was for another version of the exercise.
        beliefs: The misconceptions met, in their order.
    """

    passed: bool = False
    tried: int = 0
    hints: int = 0
    solution_seen: bool = False
    stale: bool = False
    beliefs: tuple[str, ...] = ()


class Progress:
    """A learner's progress. What cannot be saved is no reason to stop learning: it is said, and the lesson goes on.

    Args:
        path: The file; by default `progress.sqlite3` in `home()`.
        clock: When something happened.

    Attributes:
        trouble: Why nothing is saved at the moment, or what was done about a damaged file; empty if all is well.
    """

    def __init__(self, path: Path | None = None, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self.trouble = ""

    @property
    def path(self) -> Path:
        """The file."""
        return self._path or home() / "progress.sqlite3"

    def note(self, lesson: str, exercise: str, content: str, event: str, belief: str = "") -> None:
        """Note what happened."""
        self.add([(self._clock.now(), lesson, exercise, content, event, belief)])

    def add(self, events: Iterable[tuple[float, str, str, str, str, str]]) -> int:
        """Note events that are not there yet; how many that were."""
        added = 0
        for connection in self._opened():
            connection.execute("BEGIN IMMEDIATE")
            for event in events:
                known = " AND ".join(f"{column} = ?" for column in _COLUMNS)
                found = connection.execute(f"SELECT 1 FROM events WHERE {known}", event).fetchone()
                if not found:
                    places = ", ".join("?" for _ in _COLUMNS)
                    connection.execute(f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({places})", event)
                    added += 1
            connection.execute("COMMIT")
        return added

    def standing(self, lesson: str, exercise: str, content: str) -> Standing:
        """How far the learner is with an exercise in its present version."""
        rows: list[tuple[str, str, str]] = []
        for connection in self._opened():
            rows = connection.execute(
                "SELECT content, event, belief FROM events WHERE lesson = ? AND exercise = ? ORDER BY at, number",
                (lesson, exercise),
            ).fetchall()
        resets = [number for number, (_, event, _) in enumerate(rows) if event == "reset"]
        rows = rows[resets[-1] + 1 :] if resets else rows
        now = [row for row in rows if row[0] == content]
        stale = bool(rows) and not now
        rows = now or rows
        events = [event for _, event, _ in rows]
        return Standing(
            passed="passed" in events,
            tried=sum(event in ("passed", "try again", "error") for event in events),
            hints=events.count("hint"),
            solution_seen="solution" in events,
            stale=stale,
            beliefs=tuple(dict.fromkeys(belief for _, _, belief in rows if belief)),
        )

    def answer(self, lesson: str, question: str, content: str) -> str:
        """What was answered last to a question in its present version: letters and numbers; empty if nothing was."""
        rows: list[tuple[str]] = []
        for connection in self._opened():
            rows = connection.execute(
                "SELECT belief FROM events WHERE lesson = ? AND exercise = ? AND content = ? AND event = 'answered' "
                "ORDER BY at DESC, number DESC LIMIT 1",
                (lesson, question, content),
            ).fetchall()
        return rows[0][0] if rows else ""

    def export(self) -> dict[str, Any]:
        """All events as JSON: what was done and when, no answers."""
        rows: list[tuple[Any, ...]] = []
        for connection in self._opened():
            rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM events ORDER BY at, number").fetchall()
        return {"authkit_progress": VERSION, "events": [dict(zip(_COLUMNS, row, strict=True)) for row in rows]}

    def import_(self, document: object) -> int:
        """Add the events of an export that are not there yet; how many that were.

        Raises:
            ConfigurationError: It is no such export. Nothing was added.
        """
        return self.add(_events(document))

    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The connection, once; nothing at all where the file cannot be used, and then `trouble` says why."""
        self.trouble = ""
        try:
            with self._connected() as connection:
                yield connection
        except (OSError, sqlite3.Error) as error:
            self.trouble = f"Progress is not saved: {self.path} cannot be used ({error})."

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            aside = self._set_aside()
            connection = self._connect()
            self.trouble = f"The file of your progress was damaged. It is kept as {aside.name}; a new one was begun."
        with closing(connection):
            yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise sqlite3.OperationalError(f"it was written by a newer authkit, as version {version}")
            connection.execute(_SCHEMA)
            connection.execute("SELECT * FROM events LIMIT 1").fetchall()
            connection.execute(f"PRAGMA user_version = {VERSION}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self) -> Path:
        number = 1
        while (aside := self.path.with_name(f"{self.path.stem}.damaged-{number}{self.path.suffix}")).exists():
            number += 1
        with suppress(FileNotFoundError):  # another kernel did it a moment ago
            self.path.replace(aside)
        for companion in ("-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + companion).unlink(missing_ok=True)
        return aside


def _events(document: object) -> list[tuple[float, str, str, str, str, str]]:
    fault = ConfigurationError(
        "progress.not_an_export",
        "This is no export of progress.",
        "Give a file that `authkit progress --export FILE` wrote.",
    )
    if not isinstance(document, dict) or document.get("authkit_progress") != VERSION:
        raise fault
    events = []
    for one in document.get("events") or ():
        if not isinstance(one, dict) or set(one) != set(_COLUMNS) or one["event"] not in EVENTS:
            raise fault
        at, *texts = (one[column] for column in _COLUMNS)
        if isinstance(at, bool) or not isinstance(at, int | float) or not all(isinstance(text, str) for text in texts):
            raise fault
        events.append((float(at), *texts))
    return events
