"""Rotate and respond: a rotation that nobody notices, a leaked key, and what ends a live token."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.course.rehearsal import (
    CACHE,
    LEAK,
    RENEW,
    REVOKE,
    ROTATE,
    ROTATION,
    WAIT_FOR_CACHES,
    Played,
    Rehearsal,
    rehearse_leak,
    rehearse_rotation,
    span,
)
from authkit.ground.errors import ConfigurationError

_START: Final = "my_order = authkit.course.TODO"


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


def _played(answer: Answer, known: tuple[str, ...]) -> Rehearsal:
    steps = _steps(answer, known)
    try:
        played = rehearse_rotation(steps) if known is ROTATION else rehearse_leak(steps)
    except ConfigurationError:
        raise TryAgain(
            f"The list has {len(steps)} steps: more than anyone rehearses. Which of them are needed?"
        ) from None
    if played.problem:
        raise TryAgain(
            f"'{steps[len(played.steps)]}' could not be done: the old key still signed, and only the previous key can "
            "be revoked. What makes it the previous one?"
        )
    return played


def _rotation(answer: Answer) -> None:
    played = _played(answer, ROTATION)
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
    start=_START,
)

_LIFETIMES: Final = {"https://orders.example/": 3600, "https://reports.example/": 86400, "https://pay.example/": 600}
_ROTATED: Final = 1_767_603_600


def _when(answer: Answer) -> None:
    said = answer(_ROTATED, _LIFETIMES)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TryAgain(f"It returned {shown(said)}. A moment is a NumericDate here, a number of seconds. From when on?")
    live = sorted(name for name, lifetime in _LIFETIMES.items() if said < _ROTATED + lifetime)
    if said <= max(_LIFETIMES.values()):
        raise TryAgain(
            f"It returned {said}: that is a span of seconds, or a moment in 1970. The tenant needs to know when. "
            "What is it counted from?"
        )
    if live == sorted(_LIFETIMES):
        raise TryAgain(
            "At that moment tokens of all three APIs were still in use. The old key signed its last one at the "
            "rotation. How long does that one live?",
            "old tokens end with the rotation",
        )
    if live:
        raise TryAgain(
            f"At that moment tokens for {live[0]} were still in use, and would all be refused. One key signs for every "
            "API of the tenant. Which of them decides?"
        )
    if said > _ROTATED + 30 * max(_LIFETIMES.values()):
        raise TryAgain(
            f"It returned {said:.0f}, thousands of years from now. NumericDates count as lifetimes do. In which unit?",
            "times in milliseconds",
        )
    if said != _ROTATED + max(_LIFETIMES.values()):
        late = span(int(said) - _ROTATED - max(_LIFETIMES.values()))
        raise TryAgain(f"That is safe, and {late} later than it need be. The lifetimes run side by side. From when on?")
    other = {"https://a.example/": 60, "https://b.example/": 30}
    if answer(1000, other) != 1060:
        raise TryAgain("With other lifetimes it is wrong: 60 and 30 seconds, rotated at 1000. What is fixed in it?")


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


def _leak(answer: Answer) -> None:
    played = _played(answer, LEAK)
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


def _last_refusal(answer: Answer) -> None:
    caches = {"orders": 600, "reports": 3600, "billing": 300}
    said = answer(caches)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise TryAgain(
            f"It returned {shown(said)}. With three caches the answer is a number of seconds. Which of them?"
        )
    if said == 0:
        raise TryAgain(
            "It says at once. The key is out of the JWKS; nobody has been told. When does an API look there next?",
            "revoking is immediate",
        )
    if said in (30, 3630):
        raise TryAgain(
            "That counts the cooldown, which is about names a cache does not know. This one it knows. "
            "What alone makes it ask again?",
            "a revoked kid is refetched",
        )
    if said in (10, 60):
        raise TryAgain(f"It returned {said}: right for another unit. In which unit do caches count here?")
    if said < 3600:
        raise TryAgain(
            f"After {said:g} seconds one of the three APIs may still go by a set it fetched just before the "
            "revocation. Which API is the forger going to call?"
        )
    if said > 3600:
        raise TryAgain(
            f"It says {said:g} seconds. All caches grow old at the same time. When has the slowest asked again?"
        )
    if answer({"orders": 600, "old-shop": None, "billing": 300}) is not None:
        raise TryAgain(
            "One API has the key pasted into its configuration, and you name a time. It asks nobody. "
            "What has to happen there, and who does it?",
            "a copied key renews itself",
        )
    if answer({"orders": 900}) != 900:
        raise TryAgain("With one API and a cache of 900 seconds it says something else. Which number is fixed in it?")
    for unkept, right in (({"orders": 0, "billing": 300}, 300), ({"orders": 0}, 0)):
        told = answer(unkept)
        if told is None or told != right:
            raise TryAgain(
                f"For {unkept} it returned {shown(told)}. An API with 0 keeps nothing and asks each time; "
                "one with None never asks. How does your function tell 0 from None?"
            )


LAST: Final = Exercise(
    id="q4",
    title="Write seconds_until_all_refuse(caches): how long a revoked key may still be trusted somewhere, at worst",
    check=_last_refusal,
    hints=(
        "At worst, an API fetched the JWKS a moment before the revocation. When does it fetch again?",
        "The APIs' caches grow old side by side; the slowest decides. Without a cache of the JWKS nothing grows old.",
        "If None is among caches.values(), return None; else the largest of them.",
    ),
    solution=(
        "def seconds_until_all_refuse(caches):\n"
        "    if None in caches.values():\n"
        "        return None\n"
        "    return max(caches.values())"
    ),
    done="The slowest cache is how long an incident lasts. Ask every team for theirs before you need it.",
    start="def seconds_until_all_refuse(caches):\n    return authkit.course.TODO",
)

ROLE: Final = choice(
    id="q5",
    title=(
        "Ada logged in when she had the role Clerk, and her token lives for a day. A minute later you remove the role. "
        "What is her token still good for?"
    ),
    options={
        "A": "Nothing: the API asks the tenant for her roles and finds none.",
        "B": "Nothing: the tenant takes back the tokens that the role had brought.",
        "C": "All it was good for before, until it expires.",
        "D": "All it was good for before, until the API fetches the JWKS again.",
    },
    right="C",
    reasons={
        "A": "Remember what a verifier was given: a name, a key set and the token. Which of them changed a minute ago?",
        "B": "The token is a text in Ada's browser, and its signature fits. What could the tenant take back, and how?",
        "D": "The JWKS holds public keys. Where in it would somebody's role stand?",
    },
    beliefs={
        "A": "removing a role ends live tokens",
        "B": "removing a role ends live tokens",
        "D": "the JWKS knows about users",
    },
    hints=(
        "Where do her permissions stand: at the tenant, or in the token?",
        "What the API reads was written, and signed, when the token was issued.",
        "Nothing that the verifier looks at has changed. Only time will.",
    ),
    done="What was signed stays signed. A removed role counts from her next token on.",
)

PLAN: Final = Plan(number="10", title="Rotate and respond", exercises=(ORDER, WHEN, ANSWER, LAST, ROLE))
