"""The pages a user sees: rendered here, without scripts, and with headers that lock them in."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from authkit.ground.display import printable
from authkit.http.answers import NO_STORE

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_TEMPLATES: Final = Path(__file__).parent / "templates"
# Our own file, and the one thing in a page that is not escaped: in <style> nothing would undo the escaping.
_CSS: Final = Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8"))
_CSS_HASH: Final = base64.b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
_PLAIN_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?")

LOCKED_IN: Final = {
    **NO_STORE,
    # A code stands in the address of what comes next, and must not travel on from there (RFC 9700 §4.2).
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors (RFC 6749 §10.13)
}


class Pages:
    """Renders the pages of one tenant.

    Args:
        tenant: Whose issuer stands on each page; a training tenant says that it is one.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_readable,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["sentence"] = _sentence
        self._environment.globals.update(css=_CSS, issuer=tenant.issuer, training=tenant.training)

    def page(self, name: str, *, status: int = 200, sends_to: str = "", **shown: Any) -> Response:
        """A page.

        Args:
            name: Its template.
            status: The HTTP status.
            sends_to: Where the answer to its form may send the browser on: browsers hold the whole chain of
                redirects against `form-action`.
            **shown: What the template shows; all of it is escaped.
        """
        html = self._environment.get_template(f"{name}.html").render(shown)
        return HTMLResponse(html, status, headers={**LOCKED_IN, "Content-Security-Policy": _policy(sends_to)})


def _readable(value: object) -> object:
    """Texts from outside on one line: what turns the line round or hides could make one scope look like another."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _sentence(words: str) -> str:
    """Words that another place says in the middle of a line, as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "…")) else ".")


def _policy(sends_to: str) -> str:
    """No script, no frame, nothing from elsewhere; the one style by its hash (CSP level 3)."""
    action = " ".join(filter(None, ["'self'", _source(sends_to)]))
    rules = {
        "default-src": "'none'",
        "style-src": f"'sha256-{_CSS_HASH}'",
        "base-uri": "'none'",
        "form-action": action,
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _source(url: str) -> str:
    """A callback as a CSP source: its origin, or its scheme where an origin cannot be written, as with `[::1]`."""
    address = urlsplit(url)
    origin = f"{address.scheme}://{address.netloc}"
    if _PLAIN_ORIGIN.fullmatch(origin):
        return origin
    return f"{address.scheme}:" if address.scheme else ""
