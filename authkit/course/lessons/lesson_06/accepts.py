"""Whether a token is meant for an API."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.plain import plain

_API: Final = "https://orders.example/"
_BILLING: Final = "https://billing.example/"
_USERINFO: Final = "https://training.authkit.example/userinfo"


def _accepts(answer: Answer) -> None:
    def takes(aud: object, api: str = _API) -> bool:
        given = plain(answer(aud, api))
        if not isinstance(given, bool):
            raise TryAgain(f"It returned {shown(given)}. Meant for this API, or not: which two values say that?")
        return given

    if not takes(_API):
        raise TryAgain(
            "A token for exactly this API was refused. Its aud and the name are the same text. What is asked?"
        )
    if not takes(_BILLING, _BILLING):
        raise TryAgain(
            "In front of another API, https://billing.example/, a token with just that name as aud was refused. Which "
            "name stands in the code itself?"
        )
    if takes(_BILLING):
        raise TryAgain(
            "A token for the billing API was taken by the orders API. Both are the same tenant's. Which name has to be "
            "in aud?",
            "the audience may be left out",
        )
    if takes(None):
        raise TryAgain(
            "The token said nothing of an audience, and was taken. It may have been meant for anybody. What does a "
            "missing claim prove?",
            "the audience may be left out",
        )
    if takes(f"https://evil.example/?next={_API}"):
        raise TryAgain(
            "https://evil.example/?next=https://orders.example/ was taken: your API's name is somewhere in it. What "
            "does in ask of two texts?"
        )
    if takes(f"{_API}v2"):
        raise TryAgain(
            "https://orders.example/v2 was taken for https://orders.example/. An audience is a name, never called. "
            "When are two names the same?",
            "a prefix makes it trusted",
        )
    if takes(_API[:-1]) or takes(_API, _API[:-1]):
        raise TryAgain(
            "With and without its last slash the name counted as one. They are two APIs, with two sets of scopes. What "
            "makes names equal?",
            "the slash does not matter",
        )
    if takes(_API.upper()):
        raise TryAgain(
            "Capitals were taken for small letters. RFC 7519 §4.1.3 says case-sensitive. What was done to aud?"
        )
    _lists(takes)
    for odd in (5, True, {}, {_API: True}, {"aud": _API}):
        if takes(odd):
            raise TryAgain(
                f"An aud of {shown(odd)} was taken. RFC 7519 §4.1.3 knows two kinds: a text, or a list of texts. What "
                "does in do with other kinds?"
            )


def _lists(takes: Any) -> None:
    for aud in ([_API], [_API, _USERINFO], [_BILLING, _API]):
        if not takes(aud):
            raise TryAgain(
                "No wrong name got in, and neither did a good token. Its aud is the list "
                f"{shown([name.split('/')[2] for name in aud])}, in short. That is an outage. Where in it did you look?"
            )
    almost = (f"{_API}v2", _API[:-1], _API.upper(), f"https://evil.example/?next={_API}")
    for without in ([], [_BILLING, _USERINFO], *([name] for name in almost), [[_API]], [5], [None]):
        if takes(without):
            raise TryAgain(
                f"A list without the API's name was taken: {shown(without)}. Which of its entries is equal to it?"
            )


ACCEPTS: Final = Exercise(
    id="q1",
    title="Write accepts(aud, api): whether a token with this aud is meant for the API of that name",
    check=_accepts,
    hints=(
        "Write down the kinds of value that aud may be, and what each of them should answer.",
        "Between two texts, in looks for a part; in a list it looks for an equal entry. First find out which you have.",
        "isinstance(aud, str): compare with ==. isinstance(aud, list): api in aud. Anything else: False.",
    ),
    solution=(
        "def accepts(aud, api):\n"
        "    if isinstance(aud, list):\n"
        "        return api in aud\n"
        "    return isinstance(aud, str) and aud == api"
    ),
    done="A name is equal or it is not; a list needs one equal entry; anything else is no audience.",
    start="def accepts(aud, api):\n    return authkit.course.TODO",
)
