"""Tokens out of time, texts that are none, and one that lacks the scope as well."""

from __future__ import annotations

from collections.abc import Iterator

from authkit.course.one_fault.faulty import Faulty
from authkit.course.one_fault.signing import FAR, NOW, claims, signed


def out_of_time() -> Iterator[Faulty]:
    """Tokens that hold no longer, or not yet, or do not say when."""
    yield Faulty(
        name="a token that expired an hour ago",
        token=signed(claims(exp=NOW - 3600)),
        accepted="A token that expired an hour ago got in. Both exp and now count seconds. Which two numbers did "
        "you compare?",
        belief="exp is in milliseconds",
    )
    yield Faulty(
        name="a token in the second of its exp",
        token=signed(claims(exp=NOW)),
        accepted="Its exp is this very second, and it got in. RFC 7519 says: not on or after. Which comparison "
        "says that?",
    )
    yield Faulty(
        name="a token without exp",
        token=signed(claims(exp=None)),
        accepted="A token without exp got in, and would for ever: nobody could take it back. What did the guard "
        "make of the missing claim?",
        belief="a missing exp is harmless",
    )
    yield Faulty(
        name="a token whose exp is a text",
        token=signed(claims(exp=str(FAR))),
        accepted="Its exp is a text in quotes, no number, and it got in. What type has a NumericDate?",
    )
    yield Faulty(
        name="a token that begins in a minute",
        token=signed(claims(nbf=NOW + 60)),
        accepted="Its nbf is a minute ahead of the now that was handed in, and it got in. Who compared nbf, and "
        "with whose clock?",
    )
    yield Faulty(
        name="a token whose nbf is a text",
        token=signed(claims(nbf="soon")),
        accepted="Its nbf is the text 'soon', and it got in. A NumericDate is a number. From when on does this "
        "token hold?",
    )


def out_of_form() -> Iterator[Faulty]:
    """Texts that are no tokens."""
    yield Faulty(name="the text abc", token="abc", accepted="The text abc got in as a token. What read it?")
    yield Faulty(
        name="three empty parts",
        token="..",
        accepted="Two dots with nothing between them got in as a token. What read them?",
    )


def without_scope_too() -> Iterator[Faulty]:
    """A token that has a fault and lacks the scope: 401 comes before 403."""
    yield Faulty(
        name="a token that has expired and lacks the scope",
        token=signed(claims(exp=NOW - 3600, scope=None)),
        accepted="A token that had expired and had no scope got in. Which answer ended your guard?",
    )
