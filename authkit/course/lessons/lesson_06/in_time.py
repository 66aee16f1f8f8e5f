"""Whether a token holds at a moment."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.course.one_fault import FAR, NOW
from authkit.course.plain import plain


def _in_time(answer: Answer) -> None:
    def good(payload: dict[str, Any], now: float = NOW, leeway: int = 0) -> bool:
        given = plain(answer({"sub": "ada", **payload}, now, leeway))
        if not isinstance(given, bool):
            raise TryAgain(f"It returned {shown(given)}. In its time, or not: which two values say that?")
        return given

    if not good({"exp": NOW + 3600}):
        if good({"exp": FAR}):
            raise TryAgain(
                "A token with an hour left was refused, and one good until 2100 passed. The now that was handed in is "
                "of January 2026. Whose clock was asked?"
            )
        if good({"exp": (NOW + 3600) * 1000}):
            raise TryAgain(
                "A token with an hour left was refused; with an exp of thirteen digits it passed. That is how some "
                "languages count. What does a NumericDate count?",
                "exp is in milliseconds",
            )
        raise TryAgain("A token that has an hour left was refused: an outage. Which side of exp is now on?")
    if good({"exp": NOW - 3600}):
        raise TryAgain(
            "A token that expired an hour ago passed. exp and now both count seconds since 1970. Did one of them "
            "change its unit on the way?",
            "exp is in milliseconds",
        )
    if good({"exp": NOW}):
        raise TryAgain(
            "In the second of its exp the token still passed. RFC 7519 §4.1.4: not accepted on or after it. Which "
            "comparison is that?"
        )
    if not good({"exp": NOW + 1}):
        raise TryAgain("In the last second before its exp the token was refused. What became of that last second?")
    if not good({"exp": NOW + 0.5}):
        raise TryAgain(
            "Half a second before its exp the token was refused: that exp has a fraction, as RFC 7519 §2 allows. What "
            "became of the half?"
        )
    if good({}) or good({"exp": None}):
        raise TryAgain(
            "A token without exp passed. It would pass next year as well, and nobody could take it back. What does "
            "your function make of nothing?",
            "a missing exp is harmless",
        )
    if good({"exp": NOW + 3600, "nbf": NOW + 60}):
        raise TryAgain("Its nbf is a minute ahead of now, and it passed. Which claim says from when on a token holds?")
    if not good({"exp": NOW + 3600, "nbf": NOW}):
        raise TryAgain("In the very second of its nbf it was refused. RFC 7519 §4.1.5: not before. Is now before it?")
    _with_leeway(good)
    for odd in (str(NOW + 3600), [NOW + 3600]):
        if good({"exp": odd}):
            raise TryAgain(f"An exp of {shown(odd)} passed. A NumericDate is a JSON number. What was it turned into?")


def _with_leeway(good: Any) -> None:
    if not good({"exp": NOW - 4}, leeway=5):
        raise TryAgain(
            "Four seconds after exp, with a leeway of five, it was refused. Leeway forgives clocks that differ. In "
            "which direction did it move exp?"
        )
    if good({"exp": NOW - 5}, leeway=5):
        raise TryAgain("With a leeway of five it still passed five seconds after exp. Did the boundary move along?")
    if good({"exp": NOW - 6}, leeway=5):
        raise TryAgain("Six seconds after exp, with a leeway of five, it passed. How many seconds were forgiven?")
    if not good({"exp": NOW + 60, "nbf": NOW + 5}, leeway=5):
        raise TryAgain(
            "Five seconds before nbf, with a leeway of five, it was refused. The tenant's clock may be ahead of yours. "
            "Where is leeway used for nbf?"
        )
    if good({"exp": NOW + 60, "nbf": NOW + 6}, leeway=5):
        raise TryAgain("Six seconds before nbf, with a leeway of five, it passed. How far did leeway move it?")


IN_TIME: Final = Exercise(
    id="q3",
    title="Write in_time(payload, now, leeway): whether exp and nbf allow the token at this moment",
    check=_in_time,
    hints=(
        "Draw a line with nbf, exp and now on it. Mark where the answer changes, and which side the mark itself is on.",
        "exp is the first second in which it no longer holds, nbf the first in which it does. Leeway moves exp later "
        "and nbf earlier. Look first whether exp is there, and a number.",
        'isinstance(exp, int | float), and then payload.get("nbf", now) - leeway <= now < exp + leeway',
    ),
    solution=(
        "def in_time(payload, now, leeway):\n"
        '    exp, nbf = payload.get("exp"), payload.get("nbf", now)\n'
        "    if not isinstance(exp, int | float) or not isinstance(nbf, int | float):\n"
        "        return False\n"
        "    return nbf - leeway <= now < exp + leeway"
    ),
    done="On or after exp it is over; no exp is a no; leeway forgives seconds, not minutes.",
    start="def in_time(payload, now, leeway):\n    return authkit.course.TODO",
)
