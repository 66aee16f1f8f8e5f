"""What a form must bring along to prove that this server wrote it for this browser (CSRF)."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final

from authkit.ground import chance
from authkit.ground.chance import Chance, SystemChance

FIELD: Final = "form_token"


class FormTokens:
    """Makes and checks the hidden field of a form.

    A token is an HMAC over the browser's cookie and over all that the form is about. Another site cannot read the
    cookie; another browser has a different one; and an answer to one consent page is no answer to another.

    Args:
        chance: Where the key comes from, which ends with the server.
    """

    def __init__(self, chance: Chance | None = None) -> None:
        self._key = (chance or SystemChance()).value("form_token_key")

    def make(self, cookie: str, *about: str) -> str:
        """The token of a form in the browser with this cookie.

        Args:
            cookie: The browser's.
            *about: The form's purpose, the request it belongs to, and what the user was shown.
        """
        said = json.dumps([cookie, *about]).encode()
        return chance.text(hmac.digest(self._key, said, hashlib.sha256))

    def matches(self, given: str, cookie: str | None, *about: str) -> bool:
        """Whether this token is the one, compared in constant time."""
        expected = self.make(cookie or "", *about)
        return cookie is not None and hmac.compare_digest(given.encode(), expected.encode())
