"""The challenge in a WWW-Authenticate header, read as RFC 9110 §11.6.1 writes it."""

from __future__ import annotations

import re
from typing import Final

from authkit.course.answer import TryAgain, shown
from authkit.ground.display import shorten

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"((?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*)"'
_PARAMETER: Final = re.compile(rf"[ \t]*,[ \t]*({_TOKEN})[ \t]*=[ \t]*(?:{_QUOTED}|({_TOKEN}))[ \t]*")
_SINGLE: Final = re.compile(rf"[ \t]*,[ \t]*{_TOKEN}[ \t]*=[ \t]*'")


def parameters(challenge: object) -> dict[str, str]:
    """The parameters of a Bearer challenge, by their names in small letters.

    Raises:
        TryAgain: It is none, or it cannot be read.
    """
    if not isinstance(challenge, str):
        raise TryAgain(f"As WWW-Authenticate it gave {shown(challenge)}. A header is a text. What does it begin with?")
    scheme, _, rest = challenge.partition(" ")
    if scheme.lower() != "bearer":
        raise TryAgain(f"Its WWW-Authenticate was {shown(challenge)}. A caller reads its scheme first. Which is it?")
    found: dict[str, str] = {}
    left = f",{rest}" if rest.strip(" ") else ""  # so that a comma stands before each parameter
    while left:
        if _SINGLE.match(left):
            raise TryAgain(
                f"Its WWW-Authenticate was {shown(challenge)}. To HTTP single quotes are letters of the value (RFC "
                "9110 §5.6). Which sign stands around a text there?"
            )
        one = _PARAMETER.match(left)
        if one is None:
            raise TryAgain(
                f'Its WWW-Authenticate was {shown(challenge)}. RFC 9110 §11.6.1: name="text", and commas between. It '
                f"cannot be read from {shorten(left.lstrip(' ,') or left, 24)} on. What stands there?"
            )
        name, quoted, bare = one.groups()
        if name.lower() in found:
            raise TryAgain(
                f"Its WWW-Authenticate was {shown(challenge)}: {name} stands there twice. Which of the two is a caller "
                "to believe?"
            )
        found[name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if bare is None else bare
        left = left[one.end() :]
    return found
