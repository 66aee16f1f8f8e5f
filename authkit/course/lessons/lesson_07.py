"""Scopes, roles, consent: what a token may carry, what an API makes of it, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan

_SCOPES: Final = ("read:orders", "create:orders", "delete:orders")
_TWO: Final = frozenset(_SCOPES[:2])
_ONE: Final = frozenset(_SCOPES[:1])
_ALL: Final = frozenset(_SCOPES)
_LIMITS: Final = (None, _ALL, _TWO, _ONE, frozenset[str]())


class _Case(NamedTuple):
    """One login: what is asked for, and every limit; None where a limit is not in force."""

    requested: frozenset[str]
    defined: frozenset[str]
    client_grant: frozenset[str] | None
    held: frozenset[str] | None
    agreed: frozenset[str] | None

    @property
    def limits(self) -> dict[str, frozenset[str]]:
        """Those that are in force."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    @property
    def right(self) -> frozenset[str]:
        """What the token gets."""
        return frozenset.intersection(*self.limits.values())


def _logins() -> Iterator[_Case]:
    asked = [frozenset(some) for size in range(4) for some in combinations(_SCOPES, size)]
    for requested, defined, *limits in product(asked, (_ALL, _TWO), _LIMITS, _LIMITS, _LIMITS):
        yield _Case(requested, defined, *limits)


_TOO_MUCH: Final = {
    "held": (
        "RBAC is on, the user does not hold {scope}, and the token got it. "
        "A scope says what was asked for. Which argument says what the user may do?",
        "a scope is a permission",
    ),
    "requested": (
        "The token got {scope}, which the application did not ask for. "
        "A token that is stolen can do all that is in it. What is the most it should hold?",
        "",
    ),
    "defined": (
        "The token got {scope}, which the API does not define. "
        "With RBAC off nobody else would stop it. Who knows which words mean something?",
        "",
    ),
    "client_grant": (
        "The token got {scope}, beyond the client grant. "
        "Ada may do it herself, this application may not for her. Which limit is about the application?",
        "",
    ),
    "agreed": (
        "The token got {scope}, to which the user did not agree. The page asked, and was overruled. Whose no is lost?",
        "",
    ),
}
"""What is said of a scope too many, by the limit that should have stopped it, the most telling one first."""


def _effective(answer: Answer) -> None:
    too_much: dict[str, list[tuple[_Case, str]]] = {}
    too_little: list[tuple[_Case, str]] = []
    for case in _logins():
        got = _scopes(answer(*(None if limit is None else set(limit) for limit in case)))
        for scope in sorted(got - case.right):
            for name, limit in case.limits.items():
                if scope not in limit:
                    too_much.setdefault(name, []).append((case, scope))
        too_little += [(case, scope) for scope in sorted(case.right - got)]
    for name, (words, belief) in _TOO_MUCH.items():
        if name not in too_much:
            continue
        if not any(getattr(case, name) for case, _ in too_much[name]):
            raise TryAgain(
                f"{name} was the empty set, and it limited nothing. None means that nobody asks, "
                "empty that there is nothing. Does your code tell them apart?"
            )
        raise TryAgain(words.format(scope=too_much[name][0][1]), belief)
    if too_little:
        case, scope = too_little[0]
        off = next((name for name, limit in case._asdict().items() if limit is None), None)
        if off is not None and not any(None not in case for case, _ in too_little):
            raise TryAgain(
                f"{off} was None, which says that nobody asks, and {scope} was lost. "
                "Everyone is locked out as soon as a limit is switched off. What does None stand for?"
            )
        raise TryAgain(
            f"Nothing too much was granted, and {scope} was lost although every limit allows it. "
            "That is an outage. Which of your steps dropped it?"
        )


def _scopes(got: Any) -> frozenset[str]:
    scopes = list(got) if hasattr(got, "__iter__") and not isinstance(got, str | bytes) else [got]
    if isinstance(got, str) or not all(isinstance(one, str) for one in scopes):
        raise TryAgain(f"It returned {shown(got)}. Scopes are wanted as a set of texts. What does & give for two sets?")
    return frozenset(scopes)


EFFECTIVE: Final = Exercise(
    id="q1",
    title="Write effective_scopes(requested, defined, client_grant, held, agreed): the scopes that the token gets",
    check=_effective,
    hints=(
        "Take one scope and ask each limit in turn. How many of them may say no, and how many have to?",
        "The token gets the intersection. A limit that is None is not in force: leave it out of the intersection.",
        "Begin with requested & defined; then for each of the three others: if limit is not None, scopes = "
        "scopes & limit.",
    ),
    solution="def effective_scopes(requested, defined, client_grant, held, agreed):\n"
    "    scopes = requested & defined\n"
    "    for limit in (client_grant, held, agreed):\n"
    "        if limit is not None:\n"
    "            scopes = scopes & limit\n"
    "    return scopes",
    done="The intersection of all limits in force, in 2000 logins. Nobody can add to it, everybody can take away.",
    start="def effective_scopes(requested, defined, client_grant, held, agreed):\n    return authkit.course.TODO",
)


_NO: Final = (
    (
        "unread:orders",
        "read:orders",
        "a scope is part of a text",
        '"{needed}" was found within "{scope}", which is another scope. '
        "Python's in, on a text, looks for a part of it. What are the members of a scope claim?",
    ),
    (
        "read:orders-archive",
        "read:orders",
        "",
        'A token for "{scope}" alone was let into "{needed}". A longer name is another name. Where does one end?',
    ),
    (
        "read:orders",
        "read",
        "",
        'A token for "{scope}" was let into "{needed}". The colon means nothing to OAuth: both are plain names. '
        "Who said that one covers the other?",
    ),
    (
        "read",
        "read:orders",
        "",
        'A token for "{scope}" alone was let into "{needed}", which begins with it. Nothing makes one name a family of '
        "others. In which list would {needed} itself have to stand?",
    ),
    (
        "*",
        "read:orders",
        "",
        'A token for "{scope}" was let into "{needed}". OAuth has no wildcard: an asterisk is a name like any other. '
        "Who defined it as everything?",
    ),
    (
        "READ:ORDERS",
        "read:orders",
        "",
        '"{scope}" was taken for "{needed}". Scopes are case-sensitive (RFC 6749 §3.3). '
        "Why change the letters before comparing?",
    ),
    (
        "",
        "read:orders",
        "",
        "An empty scope claim was let into {needed}. Nothing was granted by it. What is an empty text split into?",
    ),
)
"""Scope, needed, belief and words of each token that must not be let in."""
_YES: Final = (
    ("read:orders", "read:orders"),
    ("read:orders delete:orders", "read:orders"),
    ("openid read:orders delete:orders", "delete:orders"),
    ("read:orders-archive read:orders", "read:orders"),
)


def _allows(answer: Answer) -> None:
    for scope, needed, belief, words in _NO:
        if _truth(answer({"sub": "auth0|ben", "scope": scope}, needed)):
            raise TryAgain(words.format(scope=scope, needed=needed), belief)
    if _truth(answer({"sub": "auth0|ben", "scope": "openid", "permissions": ["read:orders"]}, "read:orders")):
        raise TryAgain(
            "Ben holds read:orders in permissions, but no application asked for it in scope. It was let in all the "
            "same. What may this token do that its scope does not say?"
        )
    for scope, needed in _YES:
        if not _truth(answer({"sub": "auth0|ben", "scope": scope}, needed)):
            raise TryAgain(
                f'Everything false was refused, and so was "{needed}" in "{scope}". '
                "That is an outage. How is the claim cut into scopes?"
            )
    try:
        without = _truth(answer({"sub": "auth0|ben"}, "read:orders"))
    except BrokenAnswer as broken:
        if broken.endless:
            raise
        raise TryAgain(
            "A token without a scope claim made it raise: the API answers 500 where 403 belongs. "
            "What does a token allow that says nothing?"
        ) from None
    if without:
        raise TryAgain("A token without any scope claim was let in. What does a token allow that says nothing?")


def _truth(got: object) -> bool:
    if not isinstance(got, bool):
        raise TryAgain(f"It returned {shown(got)}. The question is answered by True or False. Which?")
    return got


ALLOWS: Final = Exercise(
    id="q2",
    title="Repair allows(claims, needed): True if the verified claims hold the scope needed",
    check=_allows,
    hints=(
        'Try it by hand: what is "read:orders" in "unread:orders"? And in ["unread:orders"]?',
        "The claim is a list that is spelt as a text, with a space between two scopes (RFC 8693 §4.2). "
        "Make it a list first. It may also be missing.",
        'needed in claims.get("scope", "") cut at its spaces with .split()',
    ),
    solution='def allows(claims, needed):\n    return needed in claims.get("scope", "").split()',
    done="Whole names, compared letter by letter. The same in on a list asks another question than on a text.",
    start='def allows(claims, needed):\n    # found in an API: return needed in claims["scope"]\n'
    "    return authkit.course.TODO",
)


_BENS: Final = {"id": 7, "customer": "auth0|ben"}
_BENS_NEXT: Final = {"id": 12, "customer": "auth0|ben"}
_ADAS: Final = {"id": 8, "customer": "auth0|ada"}
_SHOPS: Final = {"id": 9, "customer": "shop-client-id"}
_BENEDICTS: Final = {"id": 10, "customer": "auth0|benedict"}


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
    for sub, order in (("auth0|benedict", _BENS), ("auth0|ben", _BENEDICTS), ("auth0|ada", _BENS)):
        if _code(answer(_claims(sub), order)) == 200:
            raise TryAgain(
                f"{sub} was shown an order of {order['customer']}. These are two users, however alike their names "
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


_PAGE: Final = "https://shop.example/callback"
_ELSEWHERE: Final = {
    "https://localhost.shop.example/callback": "begins with the word",
    "https://127.shop.example/callback": "begins with the number",
    "https://notlocalhost/callback": "ends with the word",
    "https://notlocalhost.example/callback": "holds the word",
    "https://shop.example/localhost": "has the word in its path",
    "https://shop.example/127.0.0.1": "has the number in its path",
    "https://shop.example/callback?from=localhost": "has the word in its query",
}
"""Callbacks on other machines that look like the user's own, and what in them does."""


def _consent(answer: Answer) -> None:
    def shows(first_party: bool, skip: bool, callback: str) -> bool:
        return _truth(answer(first_party, skip, callback))

    if not shows(False, True, _PAGE):
        raise TryAgain(
            "A third party's application skipped consent because the API's flag is set. "
            "The flag speaks of first parties. What would any stranger's application get?"
        )
    if not shows(True, False, _PAGE):
        raise TryAgain(
            "Consent was skipped for a first party although the API's flag is not set. Who owns the API, and decides?"
        )
    if not shows(False, False, _PAGE):
        raise TryAgain("A third party skipped consent, with the flag unset. Who has agreed to anything here?")
    for callback in ("http://localhost/callback", "http://localhost:3000/callback"):
        if not shows(True, True, callback):
            with_port = ":3000" in callback
            raise TryAgain(
                f"Consent was skipped for {callback}, and not without the port. Which part of a URL is the host?"
                if with_port
                else f"Consent was skipped for {callback}. Any program on the machine can wait there. "
                "Can the tenant know that it is yours?",
                "" if with_port else "localhost is trusted",
            )
    for callback in ("http://127.0.0.1:9000/callback", "http://[::1]/callback", "http://[::1]:9000/callback"):
        if not shows(True, True, callback):
            raise TryAgain(
                f"Consent was skipped for {callback}, which is the same machine by its number. "
                "By which names can one reach it?",
            )
    if not shows(True, True, "https://localhost:8443/callback"):
        raise TryAgain(
            "Consent was skipped for https://localhost:8443/callback, and not with http. It is the same machine. "
            "Which part of the URL says where the browser goes?"
        )
    if shows(True, True, _PAGE):
        raise TryAgain(
            f"Consent was shown to a first party with the flag set, at {_PAGE}. "
            "Then the flag has no effect at all. Which case is left for it?"
        )
    for callback, how in _ELSEWHERE.items():
        if shows(True, True, callback):
            raise TryAgain(
                f"Consent was shown for {callback}, which {how} and leads elsewhere. "
                "What does a browser look up, to go there?"
            )


CONSENT: Final = Exercise(
    id="q4",
    title="Write consent_shown(first_party, skip_flag, callback): True if a user who was never asked sees the page",
    check=_consent,
    hints=(
        "Only one row of the table above says no. What do all its columns say?",
        "Skipped are first party and flag and not localhost, all three. A host name is a part of the URL: "
        "urllib.parse.urlsplit(callback).hostname gives it without port and brackets.",
        "local = urlsplit(callback).hostname in (the three hosts); return local or not first_party or not ...",
    ),
    solution="from urllib.parse import urlsplit\n\n\ndef consent_shown(first_party, skip_flag, callback):\n"
    '    local = urlsplit(callback).hostname in ("localhost", "127.0.0.1", "::1")\n'
    "    return local or not first_party or not skip_flag",
    done="Skipped only for a first party, with the flag, at a host that somebody can be held to.",
    start="def consent_shown(first_party, skip_flag, callback):\n    return authkit.course.TODO",
)


REMOVED: Final = choice(
    id="q5",
    title="Ben holds a token with delete:orders, good for 24 hours. Ada takes the role Manager from him. "
    "He sends the token to the API. What happens?",
    options={
        "A": "It is refused: when the role goes, the tenant ends the tokens that came of it.",
        "B": "It is accepted, but only for what Ben may still do: delete:orders no longer counts.",
        "C": "It is accepted, delete:orders included, until its exp.",
        "D": "It is refused: the signature no longer fits, as Ben's permissions have changed.",
    },
    right="C",
    reasons={
        "A": "The token is a text in Ben's hands, and the API verifies it alone. How would the tenant reach it?",
        "B": "The API reads the scope in the token, which was signed before. From whom would it learn of the change?",
        "D": "The signature was made over the bytes of the token, and none of them changed. What is not in those "
        "bytes?",
    },
    beliefs={
        "A": "removing a role ends live tokens",
        "B": "the API asks the tenant",
        "D": "the signature covers the tenant's settings",
    },
    hints=(
        "Which of the two, tenant or API, is asked when Ben sends the token?",
        "The verifier has the token, the tenant's public key and a clock. Nothing of it knows roles.",
        "The scope was written into the token when it was signed, and the token is good until exp.",
    ),
    done="A role decides when a token is issued, and never again. What is out stays good until its exp.",
)

PLAN: Final = Plan(number="07", title="Scopes, roles, consent", exercises=(EFFECTIVE, ALLOWS, RECORD, CONSENT, REMOVED))
