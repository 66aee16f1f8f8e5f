"""Families of refresh tokens, which end at a replay."""

from __future__ import annotations

import base64
import hashlib
from functools import partial
from itertools import pairwise, takewhile
from typing import Any, Final

from authkit.course.answer import Answer, BrokenAnswer, TryAgain, shown
from authkit.course.chance import held_still, repeats
from authkit.course.exercise import Exercise


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
    if any(store.use(token) is not None for token in (newest, first, first)):
        raise TryAgain(
            "After a replay both tokens of a family were refused, and one of them went on when it was sent again. "
            "Whoever is refused tries once more. What is its newest token, once a family has ended?"
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
    _repeated(answer)
    _guessed(_Store(answer()))
    _computed(answer)


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
_DRAWN: Final = 64.0  # bits at least, from the new store to its second token
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


def _repeated(answer: Answer) -> None:
    for method, uses in (("start()", 0), ("use()", 1)):
        if repeats(partial(_last, answer, uses)):
            raise TryAgain(
                f"Python's random was put back to where it had been, and {method} gave the same token again: random is "
                "made to be repeatable. Which module is made for secrets?",
                "any chance will do",
            )


def _last(answer: Answer, uses: int) -> str:
    return _Store(answer()).line(uses)[-1]


def _computed(answer: Answer) -> None:
    """Whether all of it can be computed: no chance is drawn for the store, and none for its tokens."""
    store = held_still(answer, 1)
    first = held_still(Answer(store.made.start), 2)
    second = held_still(Answer(store.made.use), 3, first.made)
    if store.bits + first.bits + second.bits < _DRAWN:
        raise TryAgain(
            "From the new store to its second token no chance was drawn. The time and a count are known to others "
            "too, and a hash hides neither. What can nobody guess?",
            "a number is secret enough",
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
