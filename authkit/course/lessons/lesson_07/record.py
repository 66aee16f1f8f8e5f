"""Whether a user gets this very record."""

from __future__ import annotations

from itertools import permutations
from typing import Final

from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.exercise import Exercise

_BENS: Final = {"id": 7, "customer": "auth0|ben"}
_BENS_NEXT: Final = {"id": 12, "customer": "auth0|ben"}
_ADAS: Final = {"id": 8, "customer": "auth0|ada"}
_SHOPS: Final = {"id": 9, "customer": "shop-client-id"}
_ALIKE: Final = ("auth0|ben", "auth0|benedict", "auth0|Ben", "google-oauth2|ben", "ben", "auth0|ada")
"""Users, each of whom is another one."""


def _claims(sub: str, scope: str | None = "openid read:orders") -> dict[str, object]:
    claims: dict[str, object] = {"iss": "https://training.authkit.example/", "sub": sub, "azp": "shop-client-id"}
    return claims if scope is None else {**claims, "scope": scope}


def _status(answer: Answer) -> None:
    mine = _code(answer(_claims("auth0|ben"), _BENS))
    others = _code(answer(_claims("auth0|ben"), _ADAS))
    if others == 200:
        raise TryAgain(
            "Ben got the order of auth0|ada: both may read orders, and his token is good. "
            "The scope allows the operation. What says whose record it is?",
            "a scope grants this record",
        )
    if _code(answer(_claims("auth0|ben"), _SHOPS)) == 200:
        raise TryAgain(
            "An order whose customer is the application was shown to Ben. azp says which application asked, "
            "and every user shares it. Which claim is the user?"
        )
    if mine != 200:
        raise TryAgain(
            f"Ben, with read:orders, was answered {mine} for his own order. "
            "Everything is safe, and nobody can work. Which condition is never met?"
        )
    _is_for_any_user(answer)
    _needs_the_scope(answer)
    if others != 404:
        raise TryAgain(
            f"Ben was answered {others} for the order of auth0|ada. He does not see it, and learns that it exists: "
            "the numbers could be counted. What would he be told if it did not?"
        )
    try:
        missing = _code(answer(_claims("auth0|ben"), None))
    except BrokenAnswer as broken:
        if broken.endless:
            raise
        raise TryAgain("An order that does not exist (None) made it raise: a 500. What is asked of it first?") from None
    if missing != 404:
        raise TryAgain(f"An order that does not exist (None) was answered {missing}. Which status says: not here?")
    for order, whose in ((None, "An order that does not exist"), (_ADAS, "An order of auth0|ada")):
        said = _code(answer(_claims("auth0|ben", "create:orders"), order))
        if said != 403:
            raise TryAgain(
                f"{whose} was answered {said} to a token that may read none at all. Two rows of the table fit this "
                "request. Which of them comes first?"
            )


def _is_for_any_user(answer: Answer) -> None:
    second = _code(answer(_claims("auth0|ben"), _BENS_NEXT))
    if second != 200:
        raise TryAgain(
            f"Ben got his order 7, and was answered {second} for order 12, which is his as well. "
            "A number says nothing about its owner. Which field does?"
        )
    hers = _code(answer(_claims("auth0|ada"), _ADAS))
    if hers != 200:
        raise TryAgain(
            f"Ben is served, and auth0|ada was answered {hers} for her own order. "
            "The same function runs for every user. What in the request says who is asking?"
        )
    for sub, customer in permutations(_ALIKE, 2):
        if _code(answer(_claims(sub), {"id": 10, "customer": customer})) == 200:
            raise TryAgain(
                f"{sub} was shown an order of {customer}. These are two users, however alike their names "
                "are. When do two names mean the same user?"
            )
    for scope in ("read:orders delete:orders", "read:orders create:orders delete:orders"):
        if _code(answer(_claims("auth0|ben", scope), _ADAS)) == 200:
            raise TryAgain(
                f'With scope "{scope}" Ben was shown the order of auth0|ada. More scopes allow more operations. '
                "Which of them says that her record is his?",
                "a scope grants this record",
            )


def _needs_the_scope(answer: Answer) -> None:
    for scope, words in (
        ("create:orders", "The token may create orders, and read one. It was Ben's own order, but the application was "
         "never allowed to read. Where is the scope asked about?"),
        ("read:orders-archive", "A token for read:orders-archive read an order. "
         "Exercise q2 had this door as well. Is the scope compared as a whole?"),
    ):  # fmt: skip
        said = _code(answer(_claims("auth0|ben", scope), _BENS))
        if said == 200:
            raise TryAgain(words)
        if said != 403:
            raise TryAgain(
                f"A token without read:orders was answered {said}. The application should learn that it needs "
                "another scope (RFC 6750 §3.1). Which status says insufficient_scope?"
            )
    try:
        without = _code(answer(_claims("auth0|ben", None), _BENS))
    except BrokenAnswer as broken:
        if broken.endless:
            raise
        raise TryAgain(
            "A token without a scope claim made it raise: a 500, where the table has a row for it. "
            "How does one ask a dict for what may be missing?"
        ) from None
    if without != 403:
        raise TryAgain(
            f"A token without any scope claim was answered {without}. It says nothing of orders. "
            "Which row of the table is that?"
        )


def _code(got: object) -> int:
    if isinstance(got, bool) or not isinstance(got, int) or got not in (200, 403, 404):
        raise TryAgain(f"It returned {shown(got)}. A status of HTTP is wanted: which of 200, 403 and 404?")
    return int(got)


RECORD: Final = Exercise(
    id="q3",
    title="Write status_for(claims, order): 403 without read:orders, 404 if this user has no such order, else 200",
    check=_status,
    hints=(
        "Two questions are asked of each request: may this token do such a thing, and to this order?",
        'The scope answers the first, whichever user it is. For the second compare order["customer"] with the user, '
        "who is in sub.",
        'if not allows(claims, "read:orders"): return 403; then: if order is None or its customer is not sub: 404; '
        "else 200",
    ),
    solution='def status_for(claims, order):\n    if "read:orders" not in claims.get("scope", "").split():\n'
    '        return 403\n    if order is None or order["customer"] != claims["sub"]:\n'
    "        return 404\n    return 200",
    done="The scope allows the operation, your own data decides about the record. 404 also hides that it exists.",
    start="def status_for(claims, order):\n    return authkit.course.TODO",
)
