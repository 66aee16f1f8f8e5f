"""What an application sent, parameter by parameter, for the learner who opens the fold of a page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

_MEANINGS: Final = MappingProxyType(
    {
        "response_type": "a code comes back, never the token itself (RFC 6749 §4.1)",
        "client_id": "which application asks",
        "redirect_uri": "where your browser is sent back to: one of the callbacks that the application has registered",
        "audience": "the API that the access token is for",
        "scope": "what the application asks to do; it may get less",
        "state": "comes back unchanged: by it the application knows its own request (RFC 6749 §10.12)",
        "nonce": "will stand in the ID token, and ties it to this login",
        "code_challenge": "PKCE: the hash of a secret without which nobody can redeem the code (RFC 7636)",
        "code_challenge_method": "how that hash was made",
        "prompt": "which pages the application wants shown, or none",
        "max_age": "how many seconds ago you may have logged in",
        "login_hint": "who the application thinks you are",
        "id_token_hint": "an ID token of the user whom the application expects",
        "response_mode": "how the code comes back: in the address",
    }
)
_MISSED: Final = MappingProxyType(
    {
        "audience": "without it the access token is opaque, and good for /userinfo alone",
        "scope": "without it the application learns no more than that you agreed",
        "state": "without it the application cannot tell its own request from one that somebody slipped in",
        "code_challenge": "without it (PKCE) whoever gets hold of the code needs the client secret alone",
    }
)
"""What it means that a parameter was left out."""

_COUNTED: Final = frozenset({"state", "nonce", "code_challenge", "id_token_hint"})
"""Shown by their length alone: nothing that guards a login or names a user belongs on a projector."""

_LONGEST: Final = 200


class Sent(NamedTuple):
    """A parameter.

    Attributes:
        name: Its name.
        value: What was sent, or that it was not.
        meaning: In plain words.
    """

    name: str
    value: str
    meaning: str


def in_words(given: Mapping[str, str]) -> list[Sent]:
    """Each parameter that the tenant knows, and each other one by its name: a slip of the pen shows there."""
    known = [
        Sent(name, _shown(name, given[name]), meaning) if name in given else Sent(name, "not sent", _MISSED[name])
        for name, meaning in _MEANINGS.items()
        if name in given or name in _MISSED
    ]
    others = [Sent(_cut(name), "ignored", "this tenant knows no such parameter") for name in given.keys() - _MEANINGS]
    return [*known, *sorted(others)]


def _shown(name: str, value: str) -> str:
    return f"{len(value)} characters" if name in _COUNTED else _cut(value)


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
