"""When a user is asked for consent."""

from __future__ import annotations

from itertools import product
from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_07.truth import truth

_PAGE: Final = "https://shop.example/callback"
_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
_LOCAL: Final = {
    "http://localhost/callback": "Any program on the machine can wait there. Can the tenant know that it is yours?",
    "http://localhost:3000/callback": "Without the port it was shown. Which part of a URL is the host?",
    **dict.fromkeys(
        [f"http://{host}{rest}" for host in _HOSTS[1:] for rest in ("/callback", ":9000/callback")],
        "It is the same machine by its number. By which names can one reach it?",
    ),
    **dict.fromkeys(
        [f"https://{host}{rest}" for host in _HOSTS for rest in ("/callback", ":8443/callback")],
        "With http it was shown, and it is the same machine. Which part of the URL says where the browser goes?",
    ),
    **dict.fromkeys(
        [f"http://{host}{rest}" for host in _HOSTS for rest in ("", "?from=shop")],
        "With a path it was shown. After which characters is a host at its end?",
    ),
}
"""Callbacks at the user's own machine, and what is said where consent was skipped for one."""
_ASKED: Final = ((False, True), (True, False), (False, False))
"""First party and flag where the page is shown, whatever the callback is."""
_ELSEWHERE: Final = {
    "https://localhost.shop.example/callback": "begins with the word",
    "https://127.shop.example/callback": "begins with the number",
    "https://notlocalhost/callback": "ends with the word",
    "https://notlocalhost.example/callback": "holds the word",
    "https://local/callback": "names a part of the word",
    "https://27.0.0.1/callback": "names a part of the number",
    "https://shop.example/localhost": "has the word in its path",
    "https://shop.example/127.0.0.1": "has the number in its path",
    "https://shop.example/callback?from=localhost": "has the word in its query",
}
"""Callbacks on other machines that look like the user's own, and what in them does."""


def _consent(answer: Answer) -> None:
    def shows(first_party: bool, skip: bool, callback: str) -> bool:
        return truth(answer(first_party, skip, callback))

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
    for place, (callback, words) in enumerate(_LOCAL.items()):
        if not shows(True, True, callback):
            raise TryAgain(f"Consent was skipped for {callback}. {words}", "" if place else "localhost is trusted")
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
    for callback, (first_party, skip) in product((*_LOCAL, *_ELSEWHERE), _ASKED):
        if not shows(first_party, skip, callback):
            raise TryAgain(
                f"With first_party={first_party} and skip_flag={skip} consent was skipped for {callback}. "
                "Nobody has agreed to anything there. Which row of the table is it?"
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
