"""The trial of a learner's guard: requests without a token, good ones, and ones with exactly one fault."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from functools import partial, wraps
from types import CodeType, FrameType
from typing import Any, Final

import httpx

from authkit.course import one_fault
from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.challenge import parameters
from authkit.course.one_fault import FAR, NOW, Faulty, api, claims, signed

_STOCK: Final = {"audience": "https://stock.example/", "issuer": "https://login.stock.example/", "scope": "count:stock"}
_SHOWN: Final = 30  # characters of a header
_OWN: Final = "authkit"
_CHECKING: Final = "authkit.course."  # what runs around an answer while it is checked, and no help to it


class _Request(httpx.Request):
    """A request that shows its Authorization header, the beginning of it at least: that is what an answer breaks on."""

    def __repr__(self) -> str:
        sent = self.headers.get("Authorization")
        if sent is None:
            return "<Request without Authorization>"
        return f"<Request Authorization={sent if len(sent) <= _SHOWN else sent[:_SHOWN] + '…'!r}>"


def request(authorization: str | None) -> httpx.Request:
    """A request with this Authorization header, or without one."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return _Request("GET", "https://orders.example/orders", headers=headers)


class Guard:
    """A learner's guard while it is tried: every answer is looked at, and whether code of authkit ran inside."""

    def __init__(self, answer: Answer) -> None:
        self._value = answer.value
        self._answer = Answer(self._watched(answer.value)) if callable(answer.value) else answer
        self._helped = False

    def _watched(self, value: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(value)
        def watched(*given: Any) -> Any:
            before = sys.getprofile()
            sys.setprofile(self._called)
            try:
                return value(*given)
            finally:
                sys.setprofile(before)

        return watched

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        name = str(frame.f_globals.get("__name__", ""))
        if event == "call" and name.partition(".")[0] == _OWN and not name.startswith(_CHECKING):
            self._helped = True

    def __call__(self, authorization: str | None, settings: dict[str, Any]) -> tuple[int, dict[str, str] | None]:
        """The status and the challenge's parameters, or None where there is no challenge.

        Raises:
            TryAgain: It is not of that form, or authkit helped.
            BrokenAnswer: It raised.
        """
        try:
            given = self._answer(request(authorization), settings, NOW)
        finally:
            if self._helped or any(_imports(self._value)):
                raise TryAgain(
                    "Code of authkit ran inside your guard. At work you will have PyJWT and the standard library. "
                    "Which of the steps did authkit do for you?"
                ) from None
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise TryAgain(f"It returned {shown(given)}. Two things go back. Which are status and WWW-Authenticate?")
        status, challenge = given
        if not isinstance(status, int) or isinstance(status, bool):
            raise TryAgain(f"Its status was {shown(status)}. HTTP sends a number. Which one?")
        return int(status), None if not challenge else parameters(challenge)


def _imports(value: object) -> Iterator[bool]:
    """For each import in a function and the functions in it: whether it is one of authkit."""
    code = getattr(value, "__code__", None)
    pending = [code] if isinstance(code, CodeType) else []
    while pending:
        one = pending.pop()
        pending += [constant for constant in one.co_consts if isinstance(constant, CodeType)]
        for step in dis.get_instructions(one):
            if step.opname == "IMPORT_NAME":
                yield str(step.argval).partition(".")[0] == _OWN


def try_guard(answer: Answer) -> None:
    """Try a guard on everything.

    Raises:
        TryAgain: An answer was not right.
        BrokenAnswer: It raised where a request was good.
    """
    guard = Guard(answer)
    settings = api()
    _without_token(guard, settings)
    _first(guard, settings)
    for one in one_fault.faulty_tokens():
        _refused(guard, settings, one)
    for what, token in one_fault.good_tokens().items():
        _let_in(partial(guard, f"Bearer {token}", settings), f"a good token that {what}")
    for scheme in ("bearer", "BEARER"):
        sent = f"{scheme} {signed(claims())}"
        _let_in(partial(guard, sent, settings), f"a good token after the word {scheme!r}")
    _no_bearer_token(guard, settings)
    for what, token in one_fault.without_scope().items():
        _forbidden(_answered(partial(guard, f"Bearer {token}", settings), what), what, settings["scope"])
    _elsewhere(guard)


def _without_token(guard: Guard, settings: dict[str, Any]) -> None:
    for sent, what in ((None, "A request without Authorization"), ("Basic YWRhOnRlYQ==", "A request with Basic")):
        status, challenge = guard(sent, settings)
        if status != 401 or challenge is None:
            said = "no WWW-Authenticate" if status == 401 else f"{status}"
            raise TryAgain(
                f"{what} brought no token, and was answered with {said}. How does its sender learn to log in?"
            )
        if "error" in challenge:
            raise TryAgain(
                f"{what} brought no token, and was told {challenge['error']}. Nothing was wrong with it yet. When does "
                "RFC 6750 §3.1 give a code?"
            )
        if not challenge:
            raise TryAgain(
                "Its challenge was the word Bearer alone. RFC 6750 §3 has at least one parameter follow. Which of "
                "them is no error?"
            )


def _first(guard: Guard, settings: dict[str, Any]) -> None:
    """A plain good token; if that is refused, why."""
    status, challenge = guard(f"Bearer {signed(claims())}", settings)
    if status == 200:
        if challenge is not None:
            raise TryAgain("It let a good token in and challenged it as well. What is left to ask for after a 200?")
        return
    if guard(f"Bearer {signed(claims(exp=FAR))}", settings)[0] == 200:
        raise TryAgain(
            "A token good until tomorrow was refused, and one good until 2100 let in. The now that was handed in is of "
            "January 2026. Whose clock was asked?"
        )
    if guard(f"Bearer {signed(claims(), 0)}", settings)[0] == 200:
        raise TryAgain(
            "It takes tokens under the first key of the set, and refuses good ones under the second. Which text says "
            "whose turn it is?",
            "the first key will do",
        )
    if guard(f"Bearer {signed(claims(exp=(NOW + 60) * 1000))}", settings)[0] == 200:
        raise TryAgain(
            "A token good until tomorrow was refused, and one whose exp has thirteen digits let in. What does a "
            "NumericDate count?",
            "exp is in milliseconds",
        )
    raise TryAgain(
        f"The plainest good token was answered {status}. Nothing is wrong with it, so that is an outage. Which of your "
        "steps refused it?"
    )


def _refused(guard: Guard, settings: dict[str, Any], one: Faulty) -> None:
    try:
        status, challenge = guard(f"Bearer {one.token}", settings)
    except BrokenAnswer as broken:
        raised = broken.__context__
        if broken.slip:  # a slip in the code, not in what it thinks of tokens
            raise
        raise TryAgain(
            f"For {one.name} your guard raised {type(raised).__name__}. A service would answer 500, as if the fault "
            "were its own. Where is that caught?"
        ) from None
    if status == 200:
        raise TryAgain(one.accepted, one.belief)
    if status == 403:
        if one.belief == "the ID token calls the API":
            raise TryAgain(one_fault.ID_TOKEN, one.belief)
        raise TryAgain(
            f"To {one.name} it answered 403: known, and not allowed. But nothing that token says can be believed. "
            "Which status asks for another one?"
        )
    if status != 401:
        raise TryAgain(f"To {one.name} it answered {status}. The fault is the caller's token. Which status says so?")
    if challenge is None or challenge.get("error") != "invalid_token":
        told = "no code" if challenge is None or "error" not in challenge else f"the code {challenge['error']}"
        raise TryAgain(
            f"To {one.name} it answered 401 with {told}. The caller did send a token. How does it learn that another "
            "one is needed?"
        )


def _no_bearer_token(guard: Guard, settings: dict[str, Any]) -> None:
    """Headers that are nearly those of a bearer token; with a code or without one, as nothing was or something was."""
    good = signed(claims())
    sent = {
        "Bearer": "the word Bearer alone",
        f"Bearers {good}": "a good token after the word Bearers",
        good: "a good token with no scheme before it",
    }
    for header, what in sent.items():
        status, challenge = _answered(partial(guard, header, settings), what)
        if status == 200:
            raise TryAgain(f"A request with {what} got in. RFC 6750 §2.1 has two words there. What makes them two?")
        if status != 401 or challenge is None:
            said = "no WWW-Authenticate" if status == 401 else f"{status}"
            raise TryAgain(f"A request with {what} was answered with {said}. It brought no bearer token. What then?")


def _answered(ask: partial[tuple[int, dict[str, str] | None]], what: str) -> tuple[int, dict[str, str] | None]:
    """What it answers.

    Raises:
        TryAgain: It raised.
    """
    try:
        return ask()
    except BrokenAnswer as broken:
        if broken.slip:
            raise
        kind = type(broken.__context__).__name__
        raise TryAgain(
            f"To a request with {what} your guard raised {kind}. A service would answer 500, as if the fault were its "
            "own. What did that step expect?"
        ) from None


def _let_in(ask: partial[tuple[int, dict[str, str] | None]], what: str) -> None:
    try:
        status, _ = ask()
    except BrokenAnswer as broken:
        if broken.slip:
            raise
        raise TryAgain(f"For {what} it raised {type(broken.__context__).__name__}. Which step expected less?") from None
    if status != 200:
        raise TryAgain(
            f"All forgeries were refused, and so was {what}: {status}. That is an outage. Which check refused it?"
        )


def _forbidden(given: tuple[int, dict[str, str] | None], what: str, scope: str) -> None:
    status, challenge = given
    if status == 200:
        raise TryAgain(
            f"The API asks for {scope}; a token with {what} got in. A scope claim is a list of words, written as one "
            "text. What was compared with what?",
            "a scope is part of a text" if "word" in what else "",
        )
    if status != 403:
        raise TryAgain(
            f"A valid token with {what} was answered {status}. A new token would say the same. Which status means: "
            "known, and not allowed?"
        )
    if challenge is None or challenge.get("error") != "insufficient_scope":
        raise TryAgain(
            "Its 403 does not say insufficient_scope. RFC 6750 §3.1 has a word for each case. Where does it go?"
        )
    if challenge.get("scope") != scope:
        raise TryAgain(
            f"Its 403 said {shown(challenge.get('scope'))} as scope. The caller has to know what to ask for. Which "
            "scope would have let it in?"
        )


def _elsewhere(guard: Guard) -> None:
    """The same guard in front of another API."""
    settings = api(**_STOCK)
    theirs = claims(iss=_STOCK["issuer"], aud=_STOCK["audience"], scope=_STOCK["scope"])
    ours = claims()
    at_home = [theirs, {**theirs, "aud": [theirs["aud"]]}]
    visiting = [ours, {**theirs, "aud": [ours["aud"]]}]
    told = [guard(f"Bearer {signed(one)}", settings)[0] == 200 for one in (*at_home, *visiting)]
    if told != [True, True, False, False]:
        raise TryAgain(
            "In front of another API, with another issuer, audience and scope in its configuration, it judged by the "
            "old ones. Which names stand in the code itself?"
        )
    lacking = signed({**theirs, "scope": "openid"})
    _forbidden(guard(f"Bearer {lacking}", settings), "another scope", _STOCK["scope"])
