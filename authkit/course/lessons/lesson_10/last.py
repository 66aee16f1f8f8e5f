"""How long a revoked key is trusted somewhere."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.plain import plain


def _last_refusal(answer: Answer) -> None:
    caches = {"stock": 600, "orders": 3600, "billing": 300}
    said = plain(answer(caches))
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
    if said > 365 * 86400:
        raise TryAgain(
            f"It says {said:.0f} seconds: years, or a moment that was counted from 1970. The question is how long "
            "after the revocation. What was added to the age of a cache?"
        )
    if said >= 30 * 3600:
        raise TryAgain(
            f"It says {said:.0f} seconds, {said / 3600:.0f} hours; the slowest cache keeps its set for one. In which "
            "unit do caches count?",
            "times in milliseconds" if said == 3600 * 1000 else "",
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
