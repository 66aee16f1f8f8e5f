"""Which scopes a token gets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any, Final, NamedTuple

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise

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
    def optional(self) -> frozenset[str]:
        """Those of them that might also not be."""
        return frozenset(self.limits) - {"requested", "defined"}

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
        others = [case.optional - {name} for case, _ in too_much[name]]
        if all(others):
            other = min(frozenset.intersection(*others), default="another limit")
            raise TryAgain(
                f"{name} counted in some logins, and not where {other} was in force as well: there the token got "
                "scopes beyond it. What becomes of the one limit when your code comes to the other?"
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
