"""The eight questions: nothing is told before, everything after, and only letters and numbers are kept."""

import json
from pathlib import Path

import pytest

from authkit import ConfigurationError
from authkit.course import TODO
from authkit.course.paired import Comparison, Questions
from authkit.course.paired_questions import PAIRS
from authkit.course.progress import Progress

RIGHT = {time: {name: getattr(pair, time).right for name, pair in PAIRS.items()} for time in ("before", "after")}


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "progress.sqlite3")


def compared(progress: Progress, **answers: str) -> Comparison:
    said = Questions("after", progress).answer(**answers)
    assert isinstance(said, Comparison)
    return said


def test_there_are_eight_with_two_clothings_each() -> None:
    """Other words, and not always the same letter."""
    assert list(PAIRS) == list("abcdefgh")
    assert all(pair.before.title != pair.after.title for pair in PAIRS.values())
    for time in ("before", "after"):
        assert set(RIGHT[time].values()) == {"A", "B", "C"}
    assert any(RIGHT["before"][name] != RIGHT["after"][name] for name in PAIRS)


def test_before_nothing_is_told(progress: Progress) -> None:
    """Right and wrong answers get the same words."""
    questions = Questions("before", progress)
    right = repr(questions.answer(**{name: f"{letter}4" for name, letter in RIGHT["before"].items()}))
    wrong = repr(questions.answer(**{name: "ABC".replace(RIGHT["before"][name], "")[0] + "4" for name in PAIRS}))
    assert right == wrong and "8 of 8" in right


def test_after_it_says_what_has_changed(progress: Progress) -> None:
    """How many were right, before and after."""
    Questions("before", progress).answer(a=f"{RIGHT['before']['a']}1", b="A2", c="A1")
    said = compared(progress, **{name: f"{letter}3" for name, letter in RIGHT["after"].items()})
    assert said.right == (1, 8)
    assert "1 of 3 right before, 8 of 8 right after." in repr(said) and "8 of 8 right after." in said._repr_html_()


def test_sure_and_wrong_is_where_to_read_again(progress: Progress) -> None:
    """A guess is not counted among them."""
    wrong = {name: "ABC".replace(RIGHT["after"][name], "")[0] for name in PAIRS}
    said = compared(progress, a=f"{wrong['a']}2", d=f"{wrong['d']}4", e=f"{RIGHT['after']['e']}4")
    assert said.sure_and_wrong == ("d",)
    assert "You were sure of d, and wrong: read lesson 04 again first." in repr(said)


def test_the_last_answer_counts(progress: Progress) -> None:
    """Somebody may think again."""
    wrong = "ABC".replace(RIGHT["after"]["a"], "")[0]
    compared(progress, a=f"{wrong}4")
    assert compared(progress, a=f"{RIGHT['after']['a']}1").right == (0, 1)


def test_they_go_out_and_in_with_the_progress(progress: Progress, tmp_path: Path) -> None:
    """And nothing but a letter and a number is kept of an answer."""
    Questions("before", progress).answer(a=" b 3 ", b="c1")
    document = json.loads(json.dumps(progress.export()))
    assert [event["belief"] for event in document["events"]] == ["B3", "C1"]
    other = Progress(tmp_path / "other.sqlite3")
    other.import_(document)
    Questions("after", other).answer(a="A1")
    assert compared(other, a="A1")._before.keys() == {"a", "b"}


def test_a_cell_that_is_run_again_notes_nothing_new(progress: Progress) -> None:
    """One event an answer, however often."""
    for _ in range(3):
        Questions("before", progress).answer(a="B3", b="C1")
    assert len(progress.export()["events"]) == 2


def test_answers_that_cannot_be_saved_are_compared_all_the_same(tmp_path: Path) -> None:
    """And it is said that they are not saved."""
    (tmp_path / "file").write_text("")
    stuck = Progress(tmp_path / "file" / "progress.sqlite3")
    assert "not saved" in repr(Questions("before", stuck).answer(a="B3"))
    said = compared(stuck, a=f"{RIGHT['after']['a']}3")
    assert said.right == (0, 1) and "not saved" in repr(said) and "not saved" in said._repr_html_()


def test_no_free_text_comes_in_as_an_answer(progress: Progress) -> None:
    """An export that somebody edited is none."""
    Questions("before", progress).answer(a="B3")
    document = progress.export()
    document["events"][0]["belief"] = "my own words"
    with pytest.raises(ConfigurationError) as caught:
        progress.import_(document)
    assert caught.value.code == "progress.not_an_export"


def test_no_answers_are_no_attempt(progress: Progress) -> None:
    """It says how to answer, and notes nothing."""
    said = repr(Questions("after", progress).answer(a=TODO, **dict.fromkeys("bcdefgh", "")))
    assert said.startswith("No answers yet") and progress.export()["events"] == []


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"i": "B3"}, "questions.unknown"),
        ({"a": "B3", "b": "D1"}, "questions.no_answer"),
        ({"a": "B"}, "questions.no_answer"),
        ({"a": "B5"}, "questions.no_answer"),
        ({"a": 3}, "questions.no_answer"),
        ({"a": None}, "questions.no_answer"),
    ],
)
def test_what_is_no_answer_is_one_error(progress: Progress, answers: dict[str, str], code: str) -> None:
    """And nothing of the others is noted."""
    with pytest.raises(ConfigurationError) as caught:
        Questions("before", progress).answer(**answers)
    assert caught.value.code == code and caught.value.remedy and progress.export()["events"] == []


def test_there_is_a_before_and_an_after() -> None:
    """And nothing else."""
    with pytest.raises(ConfigurationError) as caught:
        Questions("meanwhile", Progress())
    assert caught.value.code == "questions.no_time"


@pytest.mark.parametrize("time", ["before", "after"])
def test_every_question_shows_its_answers(progress: Progress, time: str) -> None:
    """In a terminal and in a notebook, and how to answer."""
    questions = Questions(time, progress)
    for shown in (repr(questions), questions._repr_html_().replace("&#x27;", "'").replace("&quot;", '"')):
        for pair in PAIRS.values():
            wording = getattr(pair, time)
            assert wording.title in shown and all(text in shown for text in wording.options.values())
        assert 'questions.answer(a="B1"' in shown
