"""When the previous key may be revoked."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.plain import plain
from authkit.course.rehearsal import span

_LIFETIMES: Final = {
    "https://orders.example/": 3600,
    "https://reports.example/": 86400,
    "https://stock.example/": 7200,
    "https://pay.example/": 600,
}
_ROTATED: Final = 1_767_603_600


def _when(answer: Answer) -> None:
    said = plain(answer(_ROTATED, _LIFETIMES))
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TryAgain(f"It returned {shown(said)}. A moment is a NumericDate here, a number of seconds. From when on?")
    longest = max(_LIFETIMES.values())
    if said <= longest:
        raise TryAgain(
            f"It returned {shown(said)}: that is a span of seconds, or a moment in 1970. The tenant needs to know "
            "when. What is it counted from?"
        )
    live = [name for name, lifetime in _LIFETIMES.items() if said < _ROTATED + lifetime]
    if len(live) == len(_LIFETIMES):
        raise TryAgain(
            f"At that moment tokens of all {len(live)} APIs were still in use. The old key signed its last one at the "
            "rotation. How long does that one live?",
            "old tokens end with the rotation",
        )
    if live:
        raise TryAgain(
            f"At that moment tokens for {', '.join(live)} were still in use, and would all be refused. One key "
            "signs for every API of the tenant. Which of them decides?"
        )
    _too_late(answer, said, said - _ROTATED - longest)
    other = {"https://a.example/": 60, "https://b.example/": 30}
    if answer(1000, other) != 1060:
        raise TryAgain("With other lifetimes it is wrong: 60 and 30 seconds, rotated at 1000. What is fixed in it?")


def _too_late(answer: Answer, said: float, late: float) -> None:
    """No token is lost at that moment; but it may be later than it need be."""
    if said > 500 * _ROTATED:
        raise TryAgain(
            f"It returned {shown(said)}, thousands of years from now. NumericDates count as lifetimes do. In which "
            "unit?",
            "times in milliseconds",
        )
    later = plain(answer(_ROTATED + 1000, _LIFETIMES))
    if isinstance(later, int | float) and later - said < 1:
        raise TryAgain(
            f"It returned {shown(said)}, and for another rotated_at, 1000 seconds later, the same moment. What in it "
            "counts from rotated_at?"
        )
    longest = max(_LIFETIMES.values())
    if late > 29 * longest:
        raise TryAgain(
            f"It returned a moment {(late + longest) / 86400:.0f} days after the rotation, and no lifetime is longer "
            "than one day. In which unit do lifetimes count?",
            "times in milliseconds" if late == 999 * longest else "",
        )
    if late:
        raise TryAgain(
            f"That is safe, and {span(int(late))} later than it need be. The lifetimes run side by side. From when on?"
        )


WHEN: Final = Exercise(
    id="q2",
    title="Write when_to_revoke(rotated_at, lifetimes): the first moment at which no good token is lost",
    check=_when,
    hints=(
        "When was the last token signed with the old key, and what is its exp?",
        "Every API of the tenant has tokens under the same key. The one that is in use longest decides.",
        "rotated_at plus the largest of lifetimes.values()",
    ),
    solution="def when_to_revoke(rotated_at, lifetimes):\n    return rotated_at + max(lifetimes.values())",
    done="The longest lifetime of all APIs is how long a rotation takes: one more reason for short ones.",
    start="def when_to_revoke(rotated_at, lifetimes):\n    return authkit.course.TODO",
)
