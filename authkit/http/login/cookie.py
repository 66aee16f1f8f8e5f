"""The one cookie of the login pages (RFC 6265)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_OURS = re.compile(r"[A-Za-z0-9_-]{43}")


class LoginCookie:
    """How the cookie is named, set and read.

    Browsers tell cookies apart by host and not by port, so the port stands in the name: two tenants on one machine
    would otherwise log each other's users out.

    Args:
        url: Where the server is reached. With https the cookie is `Secure`, and by its prefix `__Host-` no other
            server can have set it.
    """

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._secure = address.scheme == "https"
        self.name = f"{'__Host-' if self._secure else ''}authkit_login_{address.port or 0}"

    def of(self, request: Request) -> str | None:
        """The browser's cookie; None where there is none, or one that we cannot have made."""
        value = request.cookies.get(self.name, "")
        return value if _OURS.fullmatch(value) else None

    def give(self, answer: Response, value: str) -> None:
        """Set it for as long as the browser runs.

        `HttpOnly`: no script reads it. `SameSite=Lax`: it comes along when an application sends the user here, and
        not with a form of another site. Applications on other ports of this machine are the *same* site, so that the
        forms need a token besides.
        """
        answer.set_cookie(self.name, value, path="/", secure=self._secure, httponly=True, samesite="lax")

    def take(self, answer: Response) -> None:
        """Have the browser forget it."""
        answer.delete_cookie(self.name, path="/", secure=self._secure, httponly=True, samesite="lax")
