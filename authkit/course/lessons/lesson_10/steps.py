"""The steps that a learner orders, played."""

from __future__ import annotations

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.rehearsal import ROTATE, ROTATION, Rehearsal, rehearse_leak, rehearse_rotation
from authkit.ground.errors import ConfigurationError


def _steps(answer: Answer, known: tuple[str, ...]) -> list[str]:
    given = answer.value
    if not isinstance(given, list | tuple) or not given:
        raise TryAgain(
            f'The check was given {shown(given)}. It plays a list of steps, as in ["{ROTATE}"]. In what order?'
        )
    odd = next((step for step in given if step not in [*known]), None)
    if odd is not None:
        raise TryAgain(f"There is no step {shown(odd)} in this rehearsal. Which are there, letter by letter?")
    return list(given)


def play(answer: Answer, known: tuple[str, ...]) -> Rehearsal:
    """What came of the steps handed in.

    Raises:
        TryAgain: They are no list of steps, or one of them could not be done.
    """
    steps = _steps(answer, known)
    try:
        played = rehearse_rotation(steps) if known is ROTATION else rehearse_leak(steps)
    except ConfigurationError:
        raise TryAgain(
            f"The list has {len(steps)} steps: more than anyone rehearses. Which of them are needed?"
        ) from None
    if played.problem:
        raise _not_done(steps, played)
    return played


def _not_done(steps: list[str], played: Rehearsal) -> TryAgain:
    """What to say of the step at which a rehearsal came to its end."""
    step = steps[len(played.steps)]
    if step == ROTATE:
        return TryAgain(
            f"'{step}' could not be done: after {steps[: len(played.steps)].count(ROTATE)} rotations no key was left "
            "to come next. What is each of them for?"
        )
    if played.steps and played.steps[-1].signs != "old":
        return TryAgain(
            f"'{step}' could not be done: the old key was revoked already. Which key did you want to take out, and "
            "who still needs it?"
        )
    return TryAgain(
        f"'{step}' could not be done: the old key still signed, and only the previous key can be revoked. What makes "
        "it the previous one?"
    )
