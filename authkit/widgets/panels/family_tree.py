"""A refresh token family as a tree: which token replaced which, which is the newest, and whether all are revoked."""

from __future__ import annotations

from typing import Final

from authkit.ground import display
from authkit.ground.clock import readable
from authkit.issuance.families import Family, FamilyToken

CSS: Final = """
.authkit-panel .authkit-family ul { list-style: none; margin: 0; padding-left: 14px; }
.authkit-panel .authkit-family > ul { padding-left: 0; }
.authkit-panel .authkit-family li > ul { border-left: 2px solid var(--jp-border-color1, #9e9e9e); margin-left: 4px; }
"""


def family_tree(family: Family) -> display.Html:
    """The family, its first token outermost, whatever replaced a token below it."""
    revoked = family.revoked_at is not None
    state = display.badge("refused", "revoked: none of them works") if revoked else display.badge("accepted", "works")
    caption = display.join(["Refresh token family ", display.name(family.id), " ", state])
    head = display.tag("div", caption, class_="authkit-caption")
    return display.tag("div", display.join([head, _children(family, None)]), class_="authkit-family")


def _children(family: Family, parent: int | None) -> display.Html:
    tokens = [one for one in reversed(family.tokens) if one.parent == parent]
    items = (display.tag("li", display.join([_token(family, one), _children(family, one.number)])) for one in tokens)
    return display.tag("ul", display.join(items)) if tokens else display.Html()


def _token(family: Family, token: FamilyToken) -> display.Html:
    came = "from the login" if token.parent is None else f"replaced token {token.parent}"
    now = f"used {readable(token.replaced_at)[11:19]}" if token.replaced_at is not None else "not replaced"
    newest = display.tag("strong", ", newest") if token.newest else ""
    gone = display.join([", ", display.badge("refused", "revoked")]) if family.revoked_at is not None else ""
    return display.join([f"token {token.number}: {came}, {now}", newest, gone])
