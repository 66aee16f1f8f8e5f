"""Create an API: what a name, an identifier, an algorithm and a lifetime do, and what can never be changed."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.registry.models import MAX_LIFETIME, Api

NAME: Final = choice(
    id="q1",
    title='An API has the identifier "https://orders.example/". What does the tenant do with that address?',
    options={
        "A": "It calls the address to see whether the API is there.",
        "B": "It looks the host name up, so it must exist in DNS.",
        "C": "Nothing. It is a name, compared letter by letter with the aud of a token.",
        "D": "It sends the tokens there.",
    },
    right="C",
    reasons={
        "A": "No request left your machine when you registered it. What could a name be good for, if nobody calls it?",
        "B": "orders.example exists nowhere, and the tenant took it. Which rule would a host name have to pass?",
        "D": "The application got the token, in the answer to its own request. Who reads aud afterwards?",
    },
    beliefs={
        "A": "the identifier is called",
        "B": "the identifier is called",
        "D": "the tenant sends tokens to the API",
    },
    hints=(
        "Would it still work with the identifier urn:orders? Try it.",
        "Look for the identifier in a decoded token.",
        "The claim aud holds it; the API compares.",
    ),
    done="An identifier is a name. URLs are recommended because you own them, so nobody else's API has the same.",
)


def _two_by_a_slash(answer: Answer) -> None:
    pair = answer.value
    if not isinstance(pair, tuple | list) or len(pair) != 2 or not all(isinstance(one, Api) for one in pair):
        raise TryAgain(
            "The check needs two APIs of the tenant, as a pair: (first, second). What did tenant.apis.create return?"
        )
    first, second = (one.identifier for one in pair)
    if pair[0].id == pair[1].id and first != second:
        raise TryAgain(
            "Both have the same id, which a tenant gives once: they are APIs of two tenants, and each tenant has its "
            "own list of names. Which two of this tenant's differ by a slash?"
        )
    if first == second:
        raise TryAgain(
            "Both have the same identifier: that is one API, handed in twice. What would make it another name?",
            "the slash does not matter",
        )
    if f"{first}/" != second and first != f"{second}/":
        raise TryAgain(f"{first} and {second} differ in more than a slash. How small can a difference be?")


SLASH: Final = Exercise(
    id="q2",
    title="Register two APIs whose identifiers differ by a slash at the end, and by nothing else",
    check=_two_by_a_slash,
    hints=(
        "Print orders.identifier and bare.identifier, and look at their ends.",
        "Two names are the same if every character is. What section 2 created in two steps are two APIs.",
        "my_pair = (the API of section 1, the one that section 2 found or created)",
    ),
    solution="my_pair = (orders, bare)",
    done="Two names, two APIs. A token for one is refused by the other: aud is compared letter by letter.",
    start="my_pair = authkit.course.TODO",
)


_EARLIER: Final = 60
"""The lifetime that section 4 gives to `orders`."""


def _longest(answer: Answer) -> None:
    api = answer.value
    if not isinstance(api, Api):
        raise TryAgain(f"The check was given {shown(api)}. It needs the API. What did tenant.apis.update return?")
    seconds = api.token_lifetime
    if seconds == 86400:
        raise TryAgain("It still has the lifetime it was created with: 24 hours. Which method changes a setting?")
    if seconds == _EARLIER:
        raise TryAgain(
            f"It says {seconds} seconds, as section 4 had set it. What is handed to update stays as it is; the changed "
            "API is another object. What did update return?"
        )
    if seconds in (30, 30 * 24, 30 * 24 * 60):
        raise TryAgain(
            f"Its tokens live {seconds} seconds. The number is right for another unit. Which unit has exp?",
            "lifetimes in another unit",
        )
    if seconds < MAX_LIFETIME:
        raise TryAgain(f"Its tokens live {seconds} seconds. That is allowed, and not the most. Who says no, and when?")


LIFETIME: Final = Exercise(
    id="q4",
    title="Let the tokens of the orders API live as long as the rules allow, and hand in the changed API",
    check=_longest,
    hints=(
        "Ask for far too much. The error says where the limit is.",
        "A setting is changed by tenant.apis.update(api, token_lifetime=...), which returns the API as it is now.",
        "30 days, in seconds",
    ),
    solution="my_api = tenant.apis.update(orders, token_lifetime=30 * 24 * 3600)",
    done="2592000 seconds, 30 days. A stolen token would be good for as long: short lifetimes are the kinder setting.",
    start="my_api = authkit.course.TODO",
)

_FIXED: Final = {"id": True, "identifier": True, "signing_alg": True}
_CHANGEABLE: Final = ("name", "token_lifetime", "scopes", "allow_offline_access")


def _is_fixed(answer: Answer) -> None:
    said = {setting: answer(setting) for setting in (*_FIXED, *_CHANGEABLE)}
    odd = next((setting for setting, verdict in said.items() if not isinstance(verdict, bool)), None)
    if odd is not None:
        raise TryAgain(f"For {odd} it returned {shown(said[odd])}. The question is answered by True or False. Which?")
    if all(said.values()) or not any(said.values()):
        raise TryAgain(
            "It says the same of every setting. What does tenant.apis.update say to a new name, and what to a new id?"
        )
    if not said["identifier"]:
        raise TryAgain(
            "By your answer an identifier may change. Every API compares it with aud. Who would tell them all?",
            "the identifier can be renamed",
        )
    if not said["signing_alg"]:
        raise TryAgain(
            "By your answer the algorithm may change. Each deployed API records it. What happens to them that day?",
            "the algorithm can be switched",
        )
    wrong = next((setting for setting, verdict in said.items() if verdict is not _FIXED.get(setting, False)), None)
    if wrong is not None:
        raise TryAgain(f"About {wrong} the tenant says otherwise. What does tenant.apis.update answer when you try?")


FIXED: Final = Exercise(
    id="q3",
    title="Write is_fixed(setting): True if this setting of an API can never be changed",
    check=_is_fixed,
    hints=(
        "Try it: tenant.apis.update(orders, name=...), then with the others.",
        "What other parties have copied into their own configuration cannot change behind their backs.",
        'return setting in ("id", "identifier", ...)',
    ),
    solution='def is_fixed(setting):\n    return setting in ("id", "identifier", "signing_alg")',
    done="The id, the identifier and the algorithm are what others have written down. The rest is the tenant's own.",
    start="def is_fixed(setting):\n    return authkit.course.TODO",
)

PLAN: Final = Plan(number="01", title="Create an API", exercises=(NAME, SLASH, FIXED, LIFETIME))
