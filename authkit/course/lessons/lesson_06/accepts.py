"""Whether a token is meant for an API."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.near_names import near_names
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
    for near in near_names(_API):
        if takes(near.name) or takes(_API, near.name):
            raise TryAgain(f"{shown(near.name)} and {_API} counted as one. {near.why}", near.belief)
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
    for without in ([], [_BILLING, _USERINFO], [[_API]], [5], [None]):
        if takes(without):
            raise TryAgain(
                f"A list without the API's name was taken: {shown(without)}. Which of its entries is equal to it?"
            )
    for near in near_names(_API):
        if takes([near.name]):
            raise TryAgain(f"In a list, {shown(near.name)} counted as {_API}. {near.why}", near.belief)
    if not takes([_BILLING], _BILLING) or takes([_API], _BILLING):
        raise TryAgain(
            "In front of another API, https://billing.example/, a list was searched for another name than that. Which "
            "name stands in the code itself?"
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
