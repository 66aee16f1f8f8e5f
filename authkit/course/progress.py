"""What a learner has done: every check, hint and solution, in one file of their own; never an answer or a token.

The file is a SQLite database, so that a kernel that is killed loses nothing that was said, and two kernels may write at
once. It belongs to the learner and not to a tenant, and so does not come from `authkit.storage`.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from platformdirs import user_data_path

from authkit.ground.clock import Clock, SystemClock
from authkit.ground.errors import ConfigurationError

HOME_VARIABLE: Final = "AUTHKIT_HOME"
VERSION: Final = 1
EVENTS: Final = ("passed", "not attempted", "try again", "error", "hint", "solution", "reset", "answered")
ANSWERED: Final = "answered"
"""An answer to one of the paired questions: a letter and a number stand where other events have a belief."""
_BUSY_SECONDS: Final = 5.0
_ANSWER: Final = re.compile("[A-C][1-4]")
_COLUMNS: Final = ("at", "lesson", "exercise", "content", "event", "belief")
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, lesson TEXT NOT NULL, exercise TEXT NOT NULL,
    content TEXT NOT NULL, event TEXT NOT NULL, belief TEXT NOT NULL
) STRICT
"""

_Result = TypeVar("_Result")


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
    """

    def __init__(self, path: Path | None = None, clock: Clock | None = None) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._damage = ""
        self._unsaved = ""

    @property
    def trouble(self) -> str:
        """Why nothing is saved at the moment, or what was done about a damaged file; empty if all is well."""
        return self._unsaved or self._damage

    @property
    def path(self) -> Path:
        """The file."""
        return self._path or home() / "progress.sqlite3"

    def note(self, lesson: str, exercise: str, content: str, event: str, belief: str = "") -> None:
        """Note what happened."""
        self.add([(self._clock.now(), lesson, exercise, content, event, belief)])

    def add(self, events: Iterable[tuple[float, str, str, str, str, str]]) -> int:
        """Note events that are not there yet; how many that were."""
        given = list(events)

        def added(connection: sqlite3.Connection) -> int:
            connection.execute("BEGIN IMMEDIATE")
            before = connection.total_changes
            for event in given:
                known = " AND ".join(f"{column} = ?" for column in _COLUMNS)
                if not connection.execute(f"SELECT 1 FROM events WHERE {known}", event).fetchone():
                    places = ", ".join("?" for _ in _COLUMNS)
                    connection.execute(f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({places})", event)
            connection.execute("COMMIT")
            return connection.total_changes - before

        return self._on_file(added, otherwise=0)

    def standing(self, lesson: str, exercise: str, content: str) -> Standing:
        """How far the learner is with an exercise in its present version."""
        rows = self.events(lesson, exercise)
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

    def events(self, lesson: str, exercise: str) -> list[tuple[str, str, str]]:
        """What happened with one exercise, in its order: the exercise's version, the event, the belief."""

        def found(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
            asked = "SELECT content, event, belief FROM events WHERE lesson = ? AND exercise = ? ORDER BY at, number"
            return connection.execute(asked, (lesson, exercise)).fetchall()

        return self._on_file(found, otherwise=[])

    def answer(self, lesson: str, question: str, content: str) -> str:
        """What was answered last to a question in its present version: letters and numbers; empty if nothing was."""
        events = self.events(lesson, question)
        return next((said for of, event, said in reversed(events) if (of, event) == (content, ANSWERED)), "")

    def export(self) -> dict[str, Any]:
        """All events as JSON: what was done and when, no answers."""

        def found(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM events ORDER BY at, number").fetchall()

        rows: list[tuple[Any, ...]] = self._on_file(found, otherwise=[])
        return {"authkit_progress": VERSION, "events": [dict(zip(_COLUMNS, row, strict=True)) for row in rows]}

    def import_(self, document: object) -> int:
        """Add the events of an export that are not there yet; how many that were.

        Raises:
            ConfigurationError: It is no such export. Nothing was added.
        """
        return self.add(_events(document))

    def _on_file(self, action: Callable[[sqlite3.Connection], _Result], *, otherwise: _Result) -> _Result:
        """What the action gives; `otherwise` where the file cannot be used, and then `trouble` says why."""
        self._unsaved = ""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._connected(action)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
            aside = self._set_aside()
            self._damage = f"The file of your progress was damaged. It is kept as {aside}; a new one was begun."
            return self._connected(action)
        except (OSError, sqlite3.Error) as error:
            self._unsaved = f"Progress is not saved: {self.path} cannot be used ({error})."
            return otherwise

    def _connected(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result:
        with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise sqlite3.OperationalError(f"it was written by a newer authkit, as version {version}")
            if version < VERSION:
                connection.execute(_SCHEMA)
                connection.execute(f"PRAGMA user_version = {VERSION}")
            return action(connection)

    def _set_aside(self) -> str:
        """Keep the damaged file under another name; that name.

        Of two kernels that met the damage, the second must not put the first one's new file aside. The lock is a
        database of its own: unlike a lock file, it is free again when its holder was killed.
        """
        with closing(sqlite3.connect(self.path.with_suffix(".lock"), timeout=_BUSY_SECONDS)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            number = 1
            while (aside := self.path.with_name(f"{self.path.stem}.damaged-{number}{self.path.suffix}")).exists():
                number += 1
            if self._is_damaged():
                self.path.replace(aside)
                for companion in ("-journal", "-wal", "-shm"):
                    with suppress(FileNotFoundError):
                        self.path.with_name(self.path.name + companion).replace(f"{aside}{companion}")
                return aside.name
            return self.path.with_name(f"{self.path.stem}.damaged-{max(1, number - 1)}{self.path.suffix}").name

    def _is_damaged(self) -> bool:
        try:
            said: str = self._connected(lambda connection: connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return _is_damage(error)
        return said != "ok"


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether it says that the content is at fault, and not the place, the moment or a newer version."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


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
        if one["event"] == ANSWERED and not _ANSWER.fullmatch(str(one["belief"])):
            raise fault
        if isinstance(at, bool) or not isinstance(at, int | float) or not all(isinstance(text, str) for text in texts):
            raise fault
        events.append((float(at), *texts))
    return events
