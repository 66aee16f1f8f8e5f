"""When a user is asked for consent."""

from __future__ import annotations

from typing import Final

from authkit.course.answer import Answer, TryAgain
from authkit.course.exercise import Exercise
from authkit.course.lessons.lesson_07.truth import truth

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
