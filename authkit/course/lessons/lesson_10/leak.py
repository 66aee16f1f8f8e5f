"""The answer to a leaked key."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_10.steps import play
from authkit.course.rehearsal import CACHE, LEAK, RENEW, REVOKE, ROTATE, WAIT_FOR_CACHES, Played, span


def _leak(answer: Answer) -> None:
    played = play(answer, LEAK)
    steps = [one.step for one in played.steps[:-1]]
    first = played.first_refused
    if first is not None:
        _refused_after_a_leak(first, steps)
    if played.fooled_until is None:
        raise TryAgain(
            "All good tokens were accepted, and the forgery too, to the end. A rotation changes who signs. "
            "What changes whom the APIs trust?",
            "rotating is revoking",
        )
    if played.steps[-2].fooled:
        raise TryAgain(
            f"When your list ends, {played.steps[-2].fooled} of 3 APIs still take the forgery, though its key is "
            "revoked. What do they go by, and for how long?",
            "revoking is immediate",
        )
    if played.fooled_until > 24 * 3600:
        raise TryAgain(
            f"No good token was refused, and the forger had {span(played.fooled_until)}. That is the order of a calm "
            "day. Which step could the applications spare you?",
            "a leak can wait for the tokens",
        )
    if played.fooled_until > CACHE + 100:
        raise TryAgain(
            f"No good token was refused, and the forger had {span(played.fooled_until)}. That can be shorter. "
            "Which wait comes before a step that needs none?"
        )
    rest = steps[steps.index(REVOKE) + 1 :] if REVOKE in steps else []
    if rest != [WAIT_FOR_CACHES]:
        raise TryAgain(
            f"The forgery was over at {span(played.fooled_until)}, and no good token was refused. Your list is longer "
            "than the incident. What is the rest of your list for?"
        )


def _refused_after_a_leak(first: Played, steps: list[str]) -> None:
    if set(first.under) - {"old"} or steps.count(ROTATE) > 1:
        raise TryAgain(
            "A second rotation pushed the leaked key out, and made a key sign that was published a moment before. Good "
            "tokens were refused. What else takes out the previous key?"
        )
    if RENEW not in steps:
        raise TryAgain(
            "The forgery ended, and so did good tokens under the same key. No API can tell them apart. "
            "What could the applications have held by then?",
            "good and forged can be told apart",
        )
    if steps.index(RENEW) < steps.index(ROTATE):
        raise TryAgain(
            "The applications asked for new tokens early, and those were refused like the old ones. Which key had "
            "signed them?"
        )
    raise TryAgain(
        f"In '{first.step}', {first.refused} of {first.asked} good requests were refused: the key was revoked, and not "
        "every application had its new token. Which of the two can come first?"
    )


ANSWER: Final = Exercise(
    id="q3",
    title="Order the answer to a leaked key: the forgery ends soon, and good tokens are accepted throughout",
    check=_leak,
    hints=(
        "Begin with the step that gives good tokens another key. Rehearse, and read both of the last columns.",
        "A token under the leaked key dies with it, good or forged. So the good ones have to be replaced before.",
        'Four steps: "rotate", then new tokens for the applications, then "revoke", then the wait that caches need.',
    ),
    solution='my_answer = ["rotate", "renew", "revoke", "wait for caches"]',
    done="The next key was known everywhere already, so nothing had to wait, except for the caches in the end.",
    start="my_answer = authkit.course.TODO",
)
