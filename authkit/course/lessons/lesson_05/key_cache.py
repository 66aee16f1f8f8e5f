"""When to fetch the set again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_05.jwk import Jwk


class _Endpoint:
    """A tenant's JWKS that counts how often it is fetched, and a clock beside it."""

    def __init__(self, seconds: float) -> None:
        self.kids = ["key-1", "key-2"]
        self.fetches = 0
        self.seconds = seconds

    def functions(self) -> tuple[Callable[[], Jwk], Callable[[], float]]:
        """`fetch` and `now` as plain functions: what is handed to an answer is copied, and these stay what they are."""

        def fetch() -> Jwk:
            self.fetches += 1
            return {"keys": [{"kty": "RSA", "use": "sig", "kid": kid} for kid in self.kids]}

        def now() -> float:
            return self.seconds

        return fetch, now


class _Asked:
    """A learner's cache, asked for keys, with the fetches that each question caused."""

    def __init__(self, answer: Answer, seconds: float = 1000.0) -> None:
        self.endpoint = _Endpoint(seconds)
        cache_made = answer(*self.endpoint.functions())
        find = getattr(cache_made, "find", None)
        if not callable(find):
            raise TryAgain("KeyCache(fetch, now) made something without find(kid). Is the method still in the class?")
        self._find = Answer(find)

    def fetches_for(self, *kids: str) -> int:
        """How many fetches it took to look these up."""
        before = self.endpoint.fetches
        for kid in kids:
            self._find(kid)
        return self.endpoint.fetches - before

    def finds(self, kid: str) -> bool:
        """Whether it comes up with the key of that name."""
        found = self._find(kid)
        if found is not None and not (isinstance(found, dict) and found.get("kid") == kid):
            raise TryAgain(f"Asked for {kid!r}, find returned {shown(found)}. The key itself is wanted. What was kept?")
        return found is not None


_MADE_UP: Final = tuple(f"made-up-{number}" for number in range(100))


def _key_cache(answer: Answer) -> None:
    asked = _Asked(answer)
    endpoint = asked.endpoint
    for kid in ("key-1", "key-2"):
        if asked.finds(kid):
            continue
        if endpoint.fetches:
            raise TryAgain(
                f"The set was fetched, {kid} was in it, and find came back without that key: good tokens refused. "
                "What is left of a set of two keys, once it has been read?"
            )
        raise TryAgain("The very first look-up found nothing. The cache begins empty. When does it fetch at all?")
    endpoint.seconds += 5
    again = asked.fetches_for(*["key-1", "key-2"] * 20)
    if again:
        raise TryAgain(
            f"40 tokens under keys it had just fetched caused {again} fetches more. Each request would wait for the "
            "tenant. What is a cache for?"
        )
    flood = asked.fetches_for(*_MADE_UP)
    if flood > 1:
        raise TryAgain(
            f"100 tokens with made-up kids, sent within a second, caused {flood} fetches. Anyone can make up names. "
            "How long ago was the last fetch?",
            "an unknown kid always fetches",
        )
    endpoint.kids = ["key-2", "key-3"]  # key-1 is revoked, key-3 is new
    endpoint.seconds += 120
    if not asked.finds("key-3"):
        raise TryAgain(
            "Two minutes after its last fetch it did not find a key that the tenant had published since: good tokens "
            "refused, an outage. When may it ask again?"
        )
    endpoint.seconds += 5
    if asked.fetches_for(*_MADE_UP):
        raise TryAgain(
            "After a second fetch the flood came through: made-up kids caused fetches again. From which fetch does the "
            "cooldown count?",
            "an unknown kid always fetches",
        )
    if asked.finds("key-1"):
        raise TryAgain(
            "The tenant has revoked key-1, the set was fetched since, and the key is still found. New keys were added. "
            "What became of the old ones?"
        )
    endpoint.kids = ["key-3"]
    endpoint.seconds += 700
    if asked.finds("key-2"):
        raise TryAgain(
            "Over ten minutes after its last fetch it still served a key that was revoked. A known kid is no news. "
            "What else tells a cache to ask?"
        )
    _floods(answer)
    _keeps_to_the_table(answer)
    _counts_from_any_fetch(answer)
    _begins_at_zero(answer)


def _floods(answer: Answer) -> None:
    """Made-up names before anything else, and again when the cooldown is over."""
    single = _Asked(answer).fetches_for("made-up")
    if single > 1:
        raise TryAgain(
            f"One made-up kid, the first question of all, caused {single} fetches. The second brings what the first "
            "has brought. What does the code know after the first?"
        )
    asked = _Asked(answer)
    first = asked.fetches_for(*_MADE_UP)
    if first > 1:
        raise TryAgain(
            f"The first traffic after a start was 100 made-up kids, and they caused {first} fetches. None of them was "
            "found. What is noted of a fetch that did not bring the key?",
            "an unknown kid always fetches",
        )
    asked.endpoint.seconds += 40
    later = asked.fetches_for(*_MADE_UP)
    if later > 1:
        raise TryAgain(
            f"40 seconds after a fetch 100 made-up kids came at once, and caused {later} fetches. One may be due, "
            "and none after it. From when does the cooldown count?",
            "an unknown kid always fetches",
        )
    asked = _Asked(answer)
    asked.fetches_for("key-1", "key-3")
    asked.endpoint.kids.append("key-3")
    asked.endpoint.seconds += 40
    if not asked.finds("key-3"):
        raise TryAgain(
            "key-3 was asked for before the tenant published it, and 40 seconds later it was still not found. It had "
            "been published since. What did the cache remember of it?"
        )


def _keeps_to_the_table(answer: Answer) -> None:
    """The limits themselves, to the second."""
    for age, kid, due in (
        (31, "key-1", 0),
        (599, "key-1", 0),
        (29, "made-up", 0),
        (30, "made-up", 1),
        (600, "made-up", 1),
        (600, "key-1", 1),
    ):
        asked = _Asked(answer)
        asked.fetches_for("key-1")
        asked.endpoint.seconds += age
        fetches = asked.fetches_for(kid)
        if fetches == due:
            continue
        if fetches > 1:
            raise TryAgain(
                f"A single question, {age} s after the last fetch, caused {fetches} fetches. The second brings what "
                "the first has brought. Which lines fetch?"
            )
        if due:
            raise TryAgain(
                f"Exactly {age} s after the last fetch, {kid} caused none. The table says from when on it is time. "
                f"Does {age} itself count?"
            )
        if kid == "key-1":
            raise TryAgain(
                f"A known kid, {age} s after the last fetch, caused a fetch. Each such fetch makes a good token wait. "
                "Which row and column of the table is this?"
            )
        raise TryAgain(
            f"An unknown kid, {age} s after the last fetch, caused another one. The cooldown was not over. "
            "How long is it by the table?"
        )


def _counts_from_any_fetch(answer: Answer) -> None:
    """Whatever a fetch was for, age and cooldown count from it."""
    asked = _Asked(answer)
    asked.fetches_for("key-1")
    asked.endpoint.seconds += 600
    asked.fetches_for("key-1")
    asked.endpoint.seconds += 5
    flood = asked.fetches_for(*_MADE_UP)
    if flood:
        raise TryAgain(
            f"Five seconds after a fetch that age had caused, 100 made-up kids caused {flood} more. What was fetched "
            "is as new, whatever the reason. Which fetches does the cooldown know of?",
            "an unknown kid always fetches",
        )
    asked.endpoint.seconds += 295
    asked.fetches_for("made-up")
    asked.endpoint.seconds += 301
    if asked.fetches_for("key-1"):
        raise TryAgain(
            "301 s after a fetch that an unknown kid had caused, a known one caused the next: the set was half as "
            "old as it may be. Which fetches does the age know of?"
        )


def _begins_at_zero(answer: Answer) -> None:
    """A clock that counts from 0, as those that count seconds since a start do."""
    asked = _Asked(answer, seconds=0.0)
    if not asked.finds("key-1"):
        raise TryAgain(
            "On a clock that stood at 0, the very first look-up found nothing, without a fetch. "
            "How does your code tell *never fetched* from *fetched at 0*?"
        )
    more = asked.fetches_for(*["key-1", "key-2"] * 20)
    if more:
        raise TryAgain(
            f"The first fetch was at 0 on the clock, and 40 known kids caused {more} more. To Python, 0 is false as "
            "None is. What are you asking about fetched_at?"
        )


KEY_CACHE: Final = Exercise(
    id="q3",
    title="Write KeyCache.find(kid): the key of that name, with few fetches and none too few",
    check=_key_cache,
    hints=(
        "First make it right and slow: fetch each time. Then find out, line by line of the table, when not to.",
        "Two facts decide: how old the last fetch is, and whether the kid is among the keys. Note both at each fetch.",
        "age = now - fetched_at. Fetch if there was none, or age >= 600, or the kid is unknown and age >= 30. A fetch "
        "replaces self.keys as a whole. Then return self.keys.get(kid).",
    ),
    solution=(
        "class KeyCache:\n"
        "    def __init__(self, fetch, now):\n"
        "        self.fetch, self.now = fetch, now\n"
        "        self.keys, self.fetched_at = {}, None\n"
        "\n"
        "    def find(self, kid):\n"
        "        age = None if self.fetched_at is None else self.now() - self.fetched_at\n"
        "        if age is None or age >= 600 or (kid not in self.keys and age >= 30):\n"
        '            self.keys = {key["kid"]: key for key in self.fetch()["keys"]}\n'
        "            self.fetched_at = self.now()\n"
        "        return self.keys.get(kid)"
    ),
    done="One fetch for a new key, none for a flood, and a revoked key gone in ten minutes.",
    start=(
        "class KeyCache:\n"
        "    def __init__(self, fetch, now):\n"
        "        self.fetch, self.now = fetch, now\n"
        "        self.keys, self.fetched_at = {}, None\n"
        "\n"
        "    def find(self, kid):\n"
        "        return authkit.course.TODO"
    ),
)
