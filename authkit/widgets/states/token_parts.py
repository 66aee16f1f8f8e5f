"""The three parts of whatever was pasted, each read as far as it can be. Nothing here is verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from authkit.jose.encoding import Malformed, decode_segment, parse_object

NAMES: Final = ("header", "payload", "signature")


@dataclass(frozen=True, kw_only=True)
class TokenPart:
    """One part of a token.

    Attributes:
        name: `header`, `payload` or `signature`.
        encoded: The part as it travels; None if the text has no such part.
        members: The JSON object in it, if it is one.
        size: How many bytes it decodes to, if it does.
        text: What it decodes to as text, where that is text but no JSON object.
        fault: Why it cannot be read, in one sentence; empty if it can.
    """

    name: str
    encoded: str | None = None
    members: dict[str, Any] | None = None
    size: int | None = None
    text: str = ""
    fault: str = ""


def read_parts(token: str, *, longest: int) -> tuple[TokenPart, ...]:
    """Header, payload and signature, each on its own: one broken part does not hide the others.

    Args:
        token: Any text.
        longest: Characters beyond which it is not read at all.
    """
    segments: list[str | None] = [*token.split(".", 3), None, None, None][:3] if token else [None] * 3
    if len(token) > longest:
        fault = "is not read: the token is too long"
        return tuple(TokenPart(name=n, encoded=s, fault=fault) for n, s in zip(NAMES, segments, strict=True))
    return tuple(_read(name, segment) for name, segment in zip(NAMES, segments, strict=True))


def _read(name: str, encoded: str | None) -> TokenPart:
    if encoded is None:
        return TokenPart(name=name, fault="is missing")
    try:
        raw = decode_segment(encoded)
    except Malformed as fault:
        return TokenPart(name=name, encoded=encoded, fault=str(fault))
    if name == "signature":
        return TokenPart(name=name, encoded=encoded, size=len(raw), fault="" if raw else "is empty")
    try:
        return TokenPart(name=name, encoded=encoded, size=len(raw), members=parse_object(raw))
    except Malformed as fault:
        return TokenPart(name=name, encoded=encoded, size=len(raw), text=_text(raw), fault=str(fault))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""
