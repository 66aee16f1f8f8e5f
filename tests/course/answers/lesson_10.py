"""What is handed in for the exercises of lesson 10."""

from tests.course.handed_in import HandedIn, Mutant


def _order(*steps: str, name: str = "my_order") -> str:
    return f"{name} = {list(steps)!r}"


def _answer(*steps: str) -> str:
    return _order(*steps, name="my_answer")


def _when(body: str) -> str:
    return f"def when_to_revoke(rotated_at, lifetimes):\n    return {body}"


def _until(body: str) -> str:
    return f"def seconds_until_all_refuse(caches):\n    return {body}"


ANSWERS = {
    "q1": HandedIn(
        mutants={
            "signs before it is published": Mutant(
                _order("rotate", "publish", "wait for caches", "wait for tokens", "revoke")
            ),
            "signs as soon as it is published": Mutant(
                _order("publish", "rotate", "wait for caches", "wait for tokens", "revoke"),
                "a published key is known at once",
            ),
            "the waits exchanged": Mutant(
                _order("publish", "wait for tokens", "rotate", "wait for caches", "revoke"),
                "old tokens end with the rotation",
            ),
            "revoked at once": Mutant(
                _order("publish", "wait for caches", "rotate", "revoke", "wait for tokens"),
                "old tokens end with the rotation",
            ),
            "revoked first": Mutant(_order("publish", "wait for caches", "revoke", "rotate", "wait for tokens")),
            "never revoked": Mutant(
                _order("publish", "wait for caches", "rotate", "wait for tokens"), "rotating is revoking"
            ),
            "never rotated": Mutant(_order("publish", "wait for caches")),
            "revoked twice": Mutant(
                _order("publish", "wait for caches", "rotate", "wait for tokens", "revoke", "revoke")
            ),
            "rotated until no key is left": Mutant(_order("publish", "wait for caches", *["rotate"] * 9)),
            "a step that is none": Mutant(_order("publish", "wait", "rotate", "wait", "revoke")),
            "one text": Mutant('my_order = "publish, rotate, revoke"'),
        },
        others=(
            'my_order = ("publish", "wait for caches", "rotate", "wait for tokens", "revoke")',
            _order("publish", "wait for caches", "rotate", "wait for tokens", "wait for caches", "revoke"),
        ),
    ),
    "q2": HandedIn(
        mutants={
            "the shortest": Mutant(_when("rotated_at + min(lifetimes.values())")),
            "the first": Mutant(_when("rotated_at + next(iter(lifetimes.values()))")),
            "at once": Mutant(_when("rotated_at"), "old tokens end with the rotation"),
            "one after the other": Mutant(_when("rotated_at + sum(lifetimes.values())")),
            "a span": Mutant(_when("max(lifetimes.values())")),
            "the last of the alphabet": Mutant(_when("rotated_at + lifetimes[max(lifetimes)]")),
            "minutes": Mutant(_when("rotated_at + max(lifetimes.values()) * 60")),
            "a span in milliseconds": Mutant(
                _when("rotated_at + max(lifetimes.values()) * 1000"), "times in milliseconds"
            ),
            "the machine's clock": Mutant(_when("__import__('time').time() + max(lifetimes.values())")),
            "milliseconds": Mutant(_when("(rotated_at + max(lifetimes.values())) * 1000"), "times in milliseconds"),
            "a day, always": Mutant(_when("rotated_at + 86400")),
            "its name": Mutant(_when("max(lifetimes)")),
        },
        others=(
            "def when_to_revoke(rotated_at, lifetimes):\n"
            "    return max(rotated_at + lifetime for lifetime in lifetimes.values())",
            "def when_to_revoke(rotated_at, lifetimes):\n"
            "    *_, longest = sorted(lifetimes.values())\n    return float(rotated_at + longest)",
            "def when_to_revoke(rotated_at, lifetimes):\n"
            "    import pandas\n\n    return rotated_at + pandas.Series(lifetimes).max()",
        ),
    ),
    "q3": HandedIn(
        mutants={
            "revoked first": Mutant(_answer("revoke", "rotate", "renew", "wait for caches")),
            "rotated alone": Mutant(_answer("rotate", "renew", "wait for caches"), "rotating is revoking"),
            "nobody renewed": Mutant(
                _answer("rotate", "revoke", "wait for caches"), "good and forged can be told apart"
            ),
            "renewed too early": Mutant(_answer("renew", "rotate", "revoke", "wait for caches")),
            "renewed after the revocation": Mutant(_answer("rotate", "revoke", "renew", "wait for caches")),
            "renewed too late": Mutant(_answer("rotate", "revoke", "wait for caches", "renew")),
            "as on a calm day": Mutant(
                _answer("rotate", "wait for tokens", "revoke", "wait for caches"), "a leak can wait for the tokens"
            ),
            "waited before": Mutant(_answer("wait for caches", "rotate", "renew", "revoke", "wait for caches")),
            "over too early": Mutant(_answer("rotate", "renew", "revoke"), "revoking is immediate"),
            "goes on when it is over": Mutant(
                _answer("rotate", "renew", "revoke", "wait for caches", "wait for tokens")
            ),
            "revoked twice": Mutant(_answer("rotate", "renew", "revoke", "revoke", "wait for caches")),
            "rotated until no key is left": Mutant(_answer(*["rotate"] * 9)),
            "rotated twice": Mutant(_answer("rotate", "renew", "rotate", "wait for caches")),
        },
        others=('my_answer = ("rotate", "renew", "revoke", "wait for caches")',),
    ),
    "q4": HandedIn(
        mutants={
            "the quickest": Mutant(_until("min(caches.values())")),
            "at once": Mutant(_until("0"), "revoking is immediate"),
            "the cooldown": Mutant(_until("30"), "a revoked kid is refetched"),
            "one after the other": Mutant(_until("sum(filter(None, caches.values()))")),
            "the pasted key forgotten": Mutant(
                _until("max(filter(None, caches.values()))"), "a copied key renews itself"
            ),
            "minutes": Mutant(_until("max(filter(None, caches.values())) // 60")),
            "the last of the alphabet": Mutant(_until("None if None in caches.values() else caches[max(caches)]")),
            "too large a unit": Mutant(_until("max(caches.values()) * 60")),
            "milliseconds": Mutant(_until("max(caches.values()) * 1000"), "times in milliseconds"),
            "a moment": Mutant(_until("__import__('time').time() + max(caches.values())")),
            "0 taken for None": Mutant(
                _until("max(caches.values()) if all(caches.values()) else None"),
            ),
            "0 lost in the end": Mutant(
                _until("None if None in caches.values() else max(caches.values()) or None"),
            ),
            "an hour, always": Mutant(_until("None if None in caches.values() else 3600")),
        },
        others=(
            "def seconds_until_all_refuse(caches):\n"
            "    longest = 0\n"
            "    for seconds in caches.values():\n"
            "        if seconds is None:\n            return None\n"
            "        longest = max(longest, seconds)\n"
            "    return longest",
            "def seconds_until_all_refuse(caches):\n"
            "    import numpy\n\n"
            "    return None if None in caches.values() else numpy.max([*caches.values()])",
        ),
    ),
}
