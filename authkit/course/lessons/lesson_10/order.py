"""A rotation that nobody notices."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_10.steps import play
from authkit.course.rehearsal import ROTATION, Played


def _rotation(answer: Answer) -> None:
    played = play(answer, ROTATION)
    first = played.first_refused
    if first is not None:
        _refused_in_a_rotation(first)
    last = played.steps[-1]
    if last.signs == "old":
        raise TryAgain("No good token was refused, and the old key still signs every new one. What is a rotation?")
    if "old" in last.published:
        raise TryAgain(
            "No good token was refused, and the old key is trusted for ever: who has a copy can forge with it. "
            "What takes it out of the JWKS?",
            "rotating is revoking",
        )


def _refused_in_a_rotation(first: Played) -> None:
    seen = f"After '{first.step}', {first.refused} of {first.asked} good requests were refused"
    if "new" in first.under and "new" not in first.published:
        raise TryAgain(f"{seen}: the new key signed, and was in no JWKS. Where could an API have looked it up?")
    if "new" in first.under:
        raise TryAgain(
            f"{seen}: the new key was in the JWKS, and not every API had fetched that since. How long may a copy be in "
            "use?",
            "a published key is known at once",
        )
    raise TryAgain(
        f"{seen}: tokens that the old key had signed, with hours to live. How long after a rotation is the last of "
        "them in use?",
        "old tokens end with the rotation",
    )


ORDER: Final = Exercise(
    id="q1",
    title="Order the five steps of a rotation so that no good token is refused",
    check=_rotation,
    hints=(
        "Rehearse an order, find the first line with a refusal, and ask what the APIs did not know, or no longer knew.",
        "A key has to be known everywhere before it signs, and has to stay until nothing it signed is in use.",
        'Five steps, the waits between the others: "publish", a wait, "rotate", the other wait, "revoke".',
    ),
    solution='my_order = ["publish", "wait for caches", "rotate", "wait for tokens", "revoke"]',
    done="No request failed, and no API was deployed: published before it signed, kept until its tokens had expired.",
    start="my_order = authkit.course.TODO",
)
