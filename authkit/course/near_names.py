"""Names that some comparison takes for an API's or an issuer's, and that are others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class NearName:
    """A name that is nearly another one.

    Attributes:
        what: What it is, in few words, after "a token for".
        name: It.
        why: What to say to who takes the two for one, after what was seen: why they are two, and a question.
        belief: The misconception behind that.
    """

    what: str
    name: str
    why: str
    belief: str = ""


_NOTHING_DONE: Final = "RFC 7519 §2 compares letter by letter."


def near_names(name: str) -> tuple[NearName, ...]:
    """Near to this one, an https address with a path of `/`; those first that say most about a comparison."""
    host = name.removeprefix("https://").rstrip("/")
    return (
        NearName(
            what="the name at the end of another",
            name=f"https://evil.example/?next={name}",
            why="The one is somewhere in the other. What do in and endswith ask of two texts?",
        ),
        NearName(
            what="a longer name",
            name=f"{name}v2",
            why="They only begin alike. A name is never called. When are two names the same?",
            belief="a prefix makes it trusted",
        ),
        NearName(
            what="the name without its slash",
            name=name.rstrip("/"),
            why="With and without the last slash they are two names. What makes names equal?",
            belief="the slash does not matter",
        ),
        NearName(
            what="the name in capitals",
            name=name.upper(),
            why=f"{_NOTHING_DONE} Capitals are other letters. What was done to them first?",
        ),
        NearName(
            what="the name with a query",
            name=f"{name}?v=2",
            why="The query is a part of the name. What was taken apart before it was compared?",
        ),
        NearName(
            what="the name with a fragment",
            name=f"{name}#v2",
            why="What follows the # is a part of the name. What was taken off before it was compared?",
        ),
        NearName(
            what="the name with http",
            name=f"http://{host}/",
            why=f"{_NOTHING_DONE} http is not https. What became of the first letters?",
        ),
        NearName(
            what="the name with a port",
            name=f"https://{host}:443/",
            why="They are one address, and two names: nobody calls them. What was compared?",
        ),
        NearName(
            what="two names with a comma between",
            name=f"https://stock.example/,{name}",
            why="A text is one name; several stand in a list. What was split at the comma?",
        ),
        NearName(
            what="two names with a blank between",
            name=f"https://stock.example/ {name}",
            why="A text is one name; several stand in a list. What was split at the blank?",
        ),
        NearName(
            what="the name after a blank",
            name=f" {name}",
            why="A blank is a letter like any other. What was cut off first?",
        ),
        NearName(
            what="the name with a line's end",
            name=f"{name}\n",
            why="The end of a line is a letter too. What did the comparison leave out?",
        ),
        NearName(
            what="the name with an escaped dot",
            name=name.replace(".", "%2E", 1),
            why=f"{_NOTHING_DONE} %2E is three of them. What was decoded first?",
        ),
        NearName(
            what="the name with another sign for its dot",
            name=name.replace(".", "-", 1),
            why="A dot stands for any sign only in a pattern. What was the name taken for?",
        ),
    )
