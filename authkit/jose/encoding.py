"""Strict base64url and strict JSON: one spelling for each token, and no parser that guesses."""

from __future__ import annotations

import base64
import binascii
import json
import string
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from typing import Any, NoReturn

_ALPHABET = frozenset(string.ascii_letters + string.digits + "-_")
MAX_DEPTH = 16
MAX_DIGITS = 19


class Malformed(ValueError):
    """Bytes that are not what they should be.

    Attributes:
        reason: Stable name of the fault, the second half of a refusal's code.
    """

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def encode_segment(raw: bytes) -> str:
    """Bytes as base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode_segment(segment: str) -> bytes:
    """Bytes of canonical, unpadded base64url (RFC 7515 §2).

    Raises:
        Malformed: Any other spelling; two spellings of one token would slip past a deny-list.
    """
    with suppress(UnicodeEncodeError, binascii.Error):
        given = segment.encode("ascii")
        raw = base64.urlsafe_b64decode(given + b"=" * (-len(given) % 4))
        # The library skips what it does not know; only the canonical spelling survives a second encoding.
        if base64.urlsafe_b64encode(raw).rstrip(b"=") == given:
            return raw
    strange = set(segment) - _ALPHABET
    if strange == {"="}:
        raise Malformed("padding", "is padded with '=', which base64url in a token is not")
    if strange:
        raise Malformed("alphabet", f"holds {min(strange)!r}, which is no character of base64url")
    if len(segment) % 4 == 1:
        raise Malformed("length", "has a length that no base64url has")
    raise Malformed("not_canonical", "is not the one canonical base64url spelling of its bytes")


def encode_json(value: Mapping[str, object]) -> bytes:
    """A JSON object in the compact form that is signed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def parse_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in these bytes, strictly (RFC 8259; refusing duplicate members is our policy).

    Raises:
        Malformed: Not UTF-8, not JSON, not an object, a member twice, NaN or Infinity, a number out of bounds,
            a lone surrogate, or nesting deeper than `MAX_DEPTH`.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not_utf8", "is not UTF-8") from None
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise Malformed("too_deep", f"nests deeper than {MAX_DEPTH} levels")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Malformed("not_json", f"is not JSON ({error.msg} at character {error.pos})") from None
    if not isinstance(value, dict):
        raise Malformed("not_an_object", f"is JSON, but a {type(value).__name__} where an object is needed")
    if "\\u" in text and _has_lone_surrogate(value):
        raise Malformed("lone_surrogate", "holds half of a surrogate pair, which is no text")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Malformed("duplicate_member", f"has the member {twice[:40]!r} twice, so that two readers may disagree")
    return members


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Malformed("number_too_large", f"has a number of {len(digits)} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise Malformed("number_too_large", "has a number too large for a float")
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed("not_a_number", f"holds {name}, which JSON does not have")


def _depth(text: str) -> int:
    """How deep objects and arrays nest, text in quotes left out."""
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "}]":
            depth -= 1
    return deepest


def _has_lone_surrogate(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
