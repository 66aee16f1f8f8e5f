"""Who is refused a token, and with which answer."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise

_ORDERS: Final = "https://orders.example/"
_APPLICATIONS: Final = {
    "report": {"secret": "the report's own", "grant_types": ["client_credentials"]},
    "bot": {"secret": "the bot's own", "grant_types": ["client_credentials"]},
    "archive": {"secret": "the archive's own", "grant_types": ["client_credentials"]},
    "website": {"secret": "the website's own", "grant_types": ["authorization_code"]},
    "phone": {"secret": None, "grant_types": ["authorization_code", "client_credentials"]},
}
_APIS: Final = {_ORDERS: ["read:orders", "delete:orders"], "https://stock.example/": []}
_GRANTS: Final = {
    ("report", _ORDERS): ["read:orders"],
    ("report", "https://stock.example/"): [],
    ("archive", _ORDERS): ["read:orders", "delete:orders"],
    ("report", "https://closed.example/"): ["read:orders"],
    ("website", _ORDERS): ["read:orders"],
    ("phone", _ORDERS): ["read:orders"],
}
_DENIED: Final = "access_denied"


def _request(client_id: str, secret: str | None, audience: str = _ORDERS, scope: str = "") -> dict[str, str]:
    sent = {"client_id": client_id, "client_secret": secret, "audience": audience, "scope": scope}
    return {name: value for name, value in sent.items() if value}


_FAULTS: Final = (
    (
        "the bot, which has no client grant",
        _request("bot", "the bot's own"),
        (403, _DENIED),
        "The bot got a token of the orders API, and nobody authorised it. "
        "It proved who it is. Which of the registry's facts says what it may ask for?",
        "any application of the tenant may ask",
    ),
    (
        "the report with a wrong secret",
        _request("report", "a guess"),
        (401, _DENIED),
        "Whoever knows the client id of the report got its token: the secret was a guess. "
        "A client id stands in every request. What proves that it is the report?",
        "the client id is enough",
    ),
    (
        "the report with the beginning of its secret",
        _request("report", "the report's"),
        (401, _DENIED),
        "The report's token was given for the beginning of its secret. Whoever may send parts finds it letter by "
        "letter. How much of the two was compared?",
        "",
    ),
    (
        "the report with its secret and more",
        _request("report", "the report's own, and the bot's own"),
        (401, _DENIED),
        "The report's secret stood within what was sent, and that was enough. One may send a whole dictionary at once. "
        "Which of the two was looked for in the other?",
        "",
    ),
    (
        "the report with the bot's secret",
        _request("report", "the bot's own"),
        (401, _DENIED),
        "The bot sent its own secret with the report's client id, and got the report's token. "
        "Whose secret was it compared with?",
        "",
    ),
    (
        "the report without a secret",
        _request("report", None),
        (401, _DENIED),
        "A request without client_secret got the report's token. Whoever knows a client id may leave the rest out. "
        "What has such a request proved?",
        "the client id is enough",
    ),
    (
        "an application that nobody registered",
        _request("nobody", "a guess"),
        (401, _DENIED),
        "A client id that nobody registered got a token. What is known of it?",
        "",
    ),
    (
        "the phone, which has no secret and sent none",
        _request("phone", None),
        (401, _DENIED),
        "The phone has no secret, sent none, and got a token in its own name. "
        "None equals None. What has it proved by that?",
        "",
    ),
    (
        "the website, which may only send users to log in",
        _request("website", "the website's own"),
        (403, "unauthorized_client"),
        "The website is for users who log in, and got a token without one. Which setting of it was not asked?",
        "",
    ),
    (
        "the report, with an audience that lacks the slash",
        _request("report", "the report's own", "https://orders.example"),
        (403, _DENIED),
        "A token was given for https://orders.example, which is no API of this tenant: the slash is missing. "
        "When are two identifiers the same?",
        "the slash does not matter",
    ),
    (
        "the report, asking for delete:orders",
        _request("report", "the report's own", scope="read:orders delete:orders"),
        (403, _DENIED),
        "The report got delete:orders. The API defines it, and the client grant does not hold it. "
        "Whose list of scopes counts here?",
        "",
    ),
    (
        "a wrong secret, for an API that does not exist",
        _request("report", "a guess", "https://nowhere.example/"),
        (401, _DENIED),
        "A wrong secret got a token for an API that does not exist. What was looked at?",
        "",
    ),
    (
        "the archive, for the stock API",
        _request("archive", "the archive's own", "https://stock.example/"),
        (403, _DENIED),
        "The archive is authorised for the orders API alone, and got a token of the stock API. "
        "A client grant is between two. Which of them was not looked at?",
        "",
    ),
    (
        "the report, asking for delete:orders before read:orders",
        _request("report", "the report's own", scope="delete:orders read:orders"),
        (403, _DENIED),
        "The report asked for delete:orders read:orders, and got both; the client grant holds the second alone. "
        "How many of the scopes in a request have to be granted?",
        "",
    ),
    (
        "the report, asking for read",
        _request("report", "the report's own", scope="read"),
        (403, _DENIED),
        "The report asked for the scope read, and got it; granted is read:orders. "
        "To an API these are two names. When are two scopes the same?",
        "",
    ),
    (
        "the website with a wrong secret",
        _request("website", "a guess"),
        (401, _DENIED),
        "The website's secret was a guess, and it got a token. What proves who it is?",
        "",
    ),
    (
        "the website, for an API that does not exist",
        _request("website", "the website's own", "https://nowhere.example/"),
        (403, "unauthorized_client"),
        "The website got a token for an API that does not exist, and without a user. What was asked of it at all?",
        "",
    ),
    (
        "the report, for an API that is gone and whose grant is left",
        _request("report", "the report's own", "https://closed.example/"),
        (403, _DENIED),
        "A token was given for an API that is gone; only its client grant was left over. No API has this audience. "
        "Which argument knows the APIs?",
        "",
    ),
    (
        "the report, for an address below the orders API",
        _request("report", "the report's own", f"{_ORDERS}v2"),
        (403, _DENIED),
        f"A token was given for {_ORDERS}v2, which only begins with the name of an API. An audience is a name, and no "
        "address. When are two names the same?",
        "",
    ),
    (
        "the report, asking for delete:orders where its grant holds no scopes",
        _request("report", "the report's own", "https://stock.example/", "delete:orders"),
        (403, _DENIED),
        "The grant for the stock API is there and holds no scopes, and the report got delete:orders under it. "
        "What does an empty list allow?",
        "",
    ),
)
"""What is asked by whom, the answer, and what is said, with the belief behind it, where it got a token."""
_GOOD: Final = (
    ("the report, asking for read:orders", _request("report", "the report's own", scope="read:orders")),
    ("the report, without a scope", _request("report", "the report's own")),
    ("the archive, asking for both scopes of its grant",
     _request("archive", "the archive's own", scope="delete:orders read:orders")),
    ("the report, for the stock API, whose grant holds no scopes",
     _request("report", "the report's own", "https://stock.example/")),
)  # fmt: skip


def _answers(answer: Answer) -> None:
    said = [_pair(answer(request, _APPLICATIONS, _APIS, _GRANTS)) for _, request, *_ in _FAULTS]
    for (*_, words, belief), (status, _) in zip(_FAULTS, said, strict=True):
        if status == 200:
            raise TryAgain(words, belief)
    for name, request in _GOOD:
        got = _pair(answer(request, _APPLICATIONS, _APIS, _GRANTS))
        if got != (200, None):
            raise TryAgain(
                f"Everything wrong was refused, and so was {name}: {got}. That is an outage. Which rule refused it?"
            )
    for (name, _, right, *_), got in zip(_FAULTS, said, strict=True):
        if got != right:
            raise TryAgain(
                f"Refused was {name}, with {got}. A client finds the repair by this answer. "
                "Which row of the table is the first that fits?"
            )


def _pair(got: Any) -> tuple[int, str | None]:
    if not isinstance(got, tuple | list) or len(got) != 2 or not isinstance(got[0], int):
        raise TryAgain(
            f"It returned {shown(got)}. A pair of HTTP status and OAuth error is wanted, the error None with 200. "
            "What are the two here?"
        )
    return got[0], got[1]


REFUSE: Final = Exercise(
    id="q1",
    title="Write answer_to(request, applications, apis, grants): the status and the OAuth error of a token request",
    check=_answers,
    hints=(
        "The table is an order of questions. Ask them one by one, and return at the first that fails.",
        "Who is it (401), may it use this grant, is there such an API, is there a client grant for the two, "
        "does that grant hold every scope asked for (403)? A secret that is None proves nothing.",
        'app = applications.get(request["client_id"]); if app is None or app["secret"] is None or '
        'request.get("client_secret") != app["secret"]: return 401, "access_denied"; and so on',
    ),
    solution="def answer_to(request, applications, apis, grants):\n"
    '    app, audience = applications.get(request["client_id"]), request["audience"]\n'
    '    if not app or not app["secret"] or request.get("client_secret") != app["secret"]:\n'
    '        return 401, "access_denied"\n'
    '    if "client_credentials" not in app["grant_types"]:\n'
    '        return 403, "unauthorized_client"\n'
    '    granted = grants.get((request["client_id"], audience))\n'
    "    if audience not in apis or granted is None:\n"
    '        return 403, "access_denied"\n'
    '    if not set(request.get("scope", "").split()) <= set(granted):\n'
    '        return 403, "access_denied"\n'
    "    return 200, None",
    done="Who, how, for which API, authorised, for how much: in that order. At work, compare secrets in constant time.",
    start="def answer_to(request, applications, apis, grants):\n    return authkit.course.TODO",
)
