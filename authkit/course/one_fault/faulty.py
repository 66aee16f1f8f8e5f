"""A token with one fault."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Faulty:
    """A token with one fault, to be answered 401 `invalid_token`.

    Attributes:
        name: What it is, in few words.
        token: It.
        accepted: What to say to who lets it in: what was seen, why, and a question.
        belief: The misconception behind that.
    """

    name: str
    token: str
    accepted: str
    belief: str = ""
