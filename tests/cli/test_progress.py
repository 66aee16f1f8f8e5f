"""`authkit progress`, as a learner types it."""

import json
from pathlib import Path

import pytest

from authkit.cli import main
from authkit.course import lesson


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTHKIT_HOME", str(tmp_path / "home"))
    return tmp_path


def run(*arguments: str) -> int:
    return main(["progress", *arguments])


def test_it_shows_every_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    """Its finish line, and how each exercise stands."""
    lesson("00").q2.check("B")
    assert run() == 0
    shown = capsys.readouterr().out
    assert "00: 1/3 [#..]" in shown and "✔ q2" in shown and "– q1" in shown


def test_it_goes_to_another_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Out here, in there, and once only."""
    lesson("00").q2.check("A")
    assert run("--export", str(home / "mine.json")) == 0
    assert len(json.loads((home / "mine.json").read_text())["events"]) == 1
    monkeypatch.setenv("AUTHKIT_HOME", str(home / "other"))
    for count in (1, 0):
        capsys.readouterr()
        assert run("--import", str(home / "mine.json")) == 0
        assert f"{count} entries came in" in capsys.readouterr().out
    assert "the payload is secret" in repr(lesson("00").progress())


@pytest.mark.parametrize("text", [None, "{", "[]", '{"authkit_progress": 1, "events": [1]}'])
def test_what_is_no_progress_is_refused(home: Path, capsys: pytest.CaptureFixture[str], text: str | None) -> None:
    """In a sentence, with exit code 2."""
    if text is not None:
        (home / "x.json").write_text(text)
    assert run("--import", str(home / "x.json")) == 2
    assert "Repair:" in capsys.readouterr().err
