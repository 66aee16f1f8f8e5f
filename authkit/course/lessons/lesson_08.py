"""Flows and refresh: who is refused a token, PKCE, tokens for no API, and what happens to a stolen refresh token."""

from __future__ import annotations

import base64
import hashlib
from itertools import pairwise, takewhile
from typing import Any, Final

from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.lesson import Plan
from authkit.issuance import code_challenge

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
        "the report with the bot's secret",
        _request("report", "the bot's own"),
        (401, _DENIED),
        "The bot sent its own secret with the report's client id, and got the report's token. "
        "Whose secret was it compared with?",
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


_OF_THE_RFC: Final = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
_SIGNED: Final = (32, 161, 173, 318)  # their challenges begin with - or _; none can end so: 4 of its last 6 bits count
_VERIFIERS: Final = (
    _OF_THE_RFC,
    "a" * 43,
    "~-._" * 32,
    "Ab0~" * 11,
    *(f"{number:_>50}" for number in (*range(20), *_SIGNED)),
)


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _challenge(answer: Answer) -> None:
    got = [answer(one) for one in _VERIFIERS]
    for verifier, challenge in zip(_VERIFIERS, got, strict=True):
        if challenge != code_challenge(verifier):
            raise TryAgain(_wrong(verifier, challenge))


def _wrong(verifier: str, challenge: object) -> str:
    hashed = hashlib.sha256(verifier.encode())
    if isinstance(challenge, bytes):
        return f"It returned {shown(challenge)}: bytes, and a URL takes text. Which method of bytes makes text of them?"
    if not isinstance(challenge, str):
        return f"It returned {shown(challenge)}. A challenge is text that travels in a URL. What did you return?"
    if challenge.startswith(("b'", 'b"')):
        return (
            f"It returned {shown(challenge)}: a text that begins with b and a quote, as Python displays bytes. "
            "str() describes them. Which method reads them as letters?"
        )
    if challenge == verifier:
        return (
            "It returned the verifier itself. That is the method plain: whoever reads the request can redeem the code. "
            "What can be computed from the verifier, and not back?"
        )
    if challenge == _segment(verifier.encode()):
        return (
            "It is the verifier in base64url, which anyone decodes again. It should be safe to show. Where is the hash?"
        )
    if challenge.endswith("="):
        return (
            "It ends in =, the padding that RFC 7636 leaves out. The tenant compares letter by letter. "
            "Where does the padding go?"
        )
    if challenge == hashed.hexdigest():
        return (
            "It returned 64 hexadecimal digits: the right hash in another spelling. "
            "Which spelling of 32 bytes has 43 characters?"
        )
    if challenge == _segment(hashed.hexdigest().encode()):
        return (
            "Its 86 characters are the hexadecimal digits, encoded once more. The hash itself is 32 bytes. "
            "Which method gives bytes, not digits?"
        )
    if challenge.translate(str.maketrans("+/", "-_")) == code_challenge(verifier):
        return (
            "It holds + or /, which mean something else in a URL. base64url has two other characters in their place. "
            "Which function of base64 uses them?"
        )
    if challenge == code_challenge(_OF_THE_RFC):
        return "It is right for the verifier of RFC 7636, and the same for every other. What does it depend on?"
    return (
        f"For the verifier {shown(verifier)} it returned {shown(challenge)}, {len(challenge)} characters. "
        "The tenant would refuse the code. Which step is another one: the hash, its input, or its spelling?"
    )


CHALLENGE: Final = Exercise(
    id="q2",
    title="Write challenge_of(code_verifier) with hashlib and base64: the S256 code_challenge of RFC 7636",
    check=_challenge,
    hints=(
        "Three steps: text to bytes, bytes to hash, hash to text.",
        "The hash is SHA-256 over the verifier as it is spelt, its digest 32 bytes. The text is base64url without =.",
        'hashlib.sha256(code_verifier.encode()).digest(), then base64.urlsafe_b64encode(...).rstrip(b"=").decode()',
    ),
    solution="import base64\nimport hashlib\n\n\ndef challenge_of(code_verifier):\n"
    "    hashed = hashlib.sha256(code_verifier.encode()).digest()\n"
    '    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()',
    done="43 characters that anyone may see. From them nobody gets back to the verifier.",
    start="def challenge_of(code_verifier):\n    return authkit.course.TODO",
)


NO_AUDIENCE: Final = choice(
    id="q3",
    title="Ben logs in, and the request names no audience. Which access token does the application get?",
    options={
        "A": "A JWT like the others; its aud is empty.",
        "B": "A JWT that every API of the tenant accepts.",
        "C": "A text that is no JWT, and means something to the tenant alone.",
        "D": "None: the tenant refuses the request.",
    },
    right="C",
    reasons={
        "A": "A JWT is written for an API: its dialect, lifetime and algorithm are the API's settings. "
        "Whose settings would this one have?",
        "B": "Such a token would let each API call all the others with it. What is aud there to prevent?",
        "D": "The application may only want to know who logged in, and that needs no API. "
        "Who can answer that, besides an API?",
    },
    beliefs={
        "A": "a token without audience is a JWT",
        "B": "the audience may be left out",
        "D": "every login is for an API",
    },
    hints=(
        "What does the tenant know of this token's reader, if no API is named?",
        "A JWT is for a reader who does not want to ask. Here only the tenant itself is left as a reader.",
        "The tenant can look its own tokens up: it needs no claims inside them.",
    ),
    done="An opaque token: good for the tenant's userinfo endpoint, and for no API. 'jwt malformed' says an API of it.",
)


class _Store:
    """A learner's store: each call is made, and judged, as that of a function."""

    def __init__(self, made: Any) -> None:
        if not callable(getattr(made, "start", None)) or not callable(getattr(made, "use", None)):
            raise TryAgain(
                f"The check was given {shown(made)}, without start() and use(token). Pass the class itself. "
                "Which methods does it have?"
            )
        self._made = made

    def start(self) -> str:
        """The first token of a new family."""
        token = Answer(self._made.start)()
        if not isinstance(token, str) or not token:
            raise TryAgain(
                f"start() returned {shown(token)}. A refresh token is a text. What does the application get?"
            )
        return token

    def use(self, token: str) -> str | None:
        """The next token, or None."""
        following = Answer(self._made.use)(token)
        if following is not None and (not isinstance(following, str) or not following):
            raise TryAgain(
                f"use(token) returned {shown(following)}. The next token is a text, None means refused. Which is it?"
            )
        return following

    def line(self, uses: int) -> list[str]:
        """The tokens of a family that was used so often, by nobody but its owner."""
        tokens = [self.start()]
        for _ in range(uses):
            following = self.use(tokens[-1])
            if following is None:
                raise TryAgain(
                    f"A family of {len(tokens)} was refused its newest token, used by its owner, once. "
                    "That is an outage: users would have to log in again. What did you take it for?"
                )
            if following in tokens:
                raise TryAgain(
                    "use() returned a token that was there before. A thief who copied it once "
                    "can then refresh as long as the owner. What should be different after each use?"
                )
            tokens.append(following)
        return tokens


def _families(answer: Answer) -> None:
    store = _Store(answer())
    other, (first, newest) = store.start(), store.line(1)
    if other == first:
        raise TryAgain("Two logins got the same token, and so one family. What tells two logins apart?")
    if store.use(first) is not None:  # the thief
        raise TryAgain(
            "A thief used a token that had been used before, and got a new one. "
            "The owner had traded it in. How do you know a used token again?"
        )
    if store.use(newest) is not None:  # the owner; or the other way round
        raise TryAgain(
            "The replay was refused, and the newest token went on. Had the thief been first, "
            "the newest would be the thief's. Can you tell which of them holds it?",
            "refusing the replay is enough",
        )
    if store.use(other) is None:
        raise TryAgain(
            "After one family's replay another login was ended as well. A thief could log everybody out. "
            "Which tokens came of the same login?"
        )
    store = _Store(answer())
    tokens = store.line(4)
    if store.use(tokens[0]) is not None or store.use(tokens[-1]) is not None:
        raise TryAgain(
            "A token was replayed four uses later, and the family went on. "
            "A copy may lie in a backup for months. How far back does your store remember?"
        )
    if store.line(2)[0] in tokens:
        raise TryAgain("After a family was ended, a login got one of its tokens again. Where do new tokens come from?")
    _in_turn(_Store(answer()))
    _stranger(answer)
    _guessed(_Store(answer()))


def _in_turn(store: _Store) -> None:
    """Two logins that refresh by turns, and then a replay in the first."""
    ours, theirs = [store.start()], [store.start()]
    for tokens in (ours, theirs) * 3:
        following = store.use(tokens[-1])
        if following is None:
            raise TryAgain(
                "Two logins refreshed by turns, and one of them was refused its newest token. "
                "That is an outage. To which login does your store count a token that use() returned?"
            )
        tokens.append(following)
    if store.use(ours[0]) is not None or store.use(ours[-1]) is not None:
        raise TryAgain(
            "Two logins refreshed by turns, a token of the first was replayed, and its family went on. "
            "To which login did your store count that token?"
        )
    if store.use(theirs[-1]) is None:
        raise TryAgain(
            "Two logins refreshed by turns, a token of the first was replayed, and the second was refused its newest. "
            "To which login does your store count a token that use() returned?"
        )


_HASHES: Final = ("md5", "sha1", "sha256", "sha384", "sha512")
_SHORTEST: Final = 22  # characters: 128 bits in base64url
_OWN: Final = 16  # of them that are not shared; two random tokens share one or two by chance


def _guessed(store: _Store) -> None:
    """Whether a thief of one token can write down another. A prefix and 128 random bits, or digits, are no fault."""
    tokens = store.line(4)
    short = min(tokens, key=len)
    if len(short) < _SHORTEST:
        raise TryAgain(
            f"use() and start() gave {shown(short)}, {len(short)} characters. Whoever tries at random hits such a "
            f"token sooner or later; 128 bits take {_SHORTEST}. How long does secrets draw them?"
        )
    other = store.start()
    for former, token in (*pairwise(tokens), (tokens[0], other)):
        shared = _alike(former, token) + _alike(former[::-1], token[::-1])
        if len(token) - shared < _OWN:
            raise TryAgain(
                f"After {shown(former)} came {shown(token)}: nearly all of it is the same. A thief of the first "
                "writes down the second. Which part can nobody guess?",
                "a number is secret enough",
            )
        if any(one.startswith(token) for name in _HASHES for one in _spellings(name, former)):
            raise TryAgain(
                "The next token is a hash of the one before. Whoever copied that one computes it, and all that "
                "follow. What goes into a new token that no thief has?"
            )


def _alike(one: str, other: str) -> int:
    """How many characters they share from the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _spellings(name: str, token: str) -> tuple[str, ...]:
    hashed = hashlib.new(name, token.encode(errors="replace"), usedforsecurity=False)
    digest = hashed.digest()
    plain = base64.urlsafe_b64encode(digest).decode()
    return hashed.hexdigest(), plain, plain.rstrip("="), base64.b64encode(digest).decode(), str(int.from_bytes(digest))


def _stranger(answer: Answer) -> None:
    store, elsewhere = _Store(answer()), _Store(answer())
    (first, newest), foreign = store.line(1), elsewhere.start()
    if foreign == first:
        raise TryAgain(
            "A second store issued the very tokens of the first. Who has logged in once can write down "
            "those of the others. What can nobody guess?",
            "a number is secret enough",
        )
    try:
        got = store.use("never issued")
    except BrokenAnswer as broken:
        if broken.endless:
            raise
        raise TryAgain(
            "A token that was never issued made use() raise. Anyone can send such a text, and would see a 500. "
            "What is to be said to it?"
        ) from None
    if got is not None:
        raise TryAgain("A token that was never issued was taken. What do you know of a token that you issued?")
    if store.use(foreign) is not None:
        raise TryAgain(
            "One store took a token that another store had issued. What does a class share with all its objects?"
        )
    if store.use(newest) is None:
        raise TryAgain(
            "A token that was never issued ended a family that exists. Then anybody may log everybody out. "
            "To which family does an unknown token belong?"
        )


FAMILIES: Final = Exercise(
    id="q4",
    title="Write Families: start() gives a login's first refresh token, use(token) the next one, or None",
    check=_families,
    hints=(
        "Write down what a store must remember to answer two questions: which login is this token of, "
        "and is it that login's newest?",
        "Two dictionaries, made in __init__: from every token ever issued to its family, and from each family to its "
        "newest token. A family that was ended has no newest.",
        "In use: an unknown token gives None. If the newest of its family is another token, end the family and give "
        "None. Otherwise draw the next token, note it in both, return it.",
    ),
    solution="import secrets\n\n\nclass Families:\n"
    "    def __init__(self):\n        self.family_of, self.newest = {}, {}\n\n"
    "    def start(self):\n        return self._issue(family=object())\n\n"
    "    def use(self, token):\n        family = self.family_of.get(token)\n"
    "        if family is None:\n            return None\n"
    "        if self.newest[family] != token:  # a replay: from now on nobody gets on\n"
    "            self.newest[family] = None\n            return None\n        return self._issue(family)\n\n"
    "    def _issue(self, family):\n        token = secrets.token_urlsafe()\n"
    "        self.family_of[token], self.newest[family] = family, token\n        return token",
    done="After a replay neither thief nor owner gets on, and the owner logs in again. At work, store hashes.",
    start="class Families:\n    def start(self):\n        return authkit.course.TODO\n\n"
    "    def use(self, token):\n        return authkit.course.TODO",
)

PLAN: Final = Plan(number="08", title="Flows and refresh", exercises=(REFUSE, CHALLENGE, NO_AUDIENCE, FAMILIES))
