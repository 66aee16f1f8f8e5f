"""The pages a user sees: rendered here, without scripts, and with headers that lock them in."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

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

LOCKED_IN: Final = {
    **NO_STORE,
    # A code stands in the address of what comes next, and must not travel on from there (RFC 9700 §4.2).
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors (RFC 6749 §10.13)
}

# No script, no frame, nothing from elsewhere; the one style by its hash (CSP level 3). No `form-action`: Chromium holds
# every redirect after a form against it, and where an application sends its user on to from its callback is unknown.
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_CSS_HASH}'; base-uri 'none'; frame-ancestors 'none'"


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

    def page(self, name: str, *, status: int = 200, **shown: Any) -> Response:
        """A page.

        Args:
            name: Its template.
            status: The HTTP status.
            **shown: What the template shows; all of it is escaped.
        """
        html = self._environment.get_template(f"{name}.html").render(shown)
        return HTMLResponse(html, status, headers={**LOCKED_IN, "Content-Security-Policy": _POLICY})


def _readable(value: object) -> object:
    """Texts from outside on one line: what turns the line round or hides could make one scope look like another."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _sentence(words: str) -> str:
    """Words that another place says in the middle of a line, as a sentence of their own."""
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "…")) else ".")
