"""Strict base64url and strict JSON: one spelling for each token, and no parser that guesses."""

from __future__ import annotations

import base64
import binascii
import json
import re
import string
from collections import Counter
from collections.abc import Mapping
from math import isfinite
from typing import Any, NoReturn

from authkit.ground.display import kind_of

_ALPHABET = frozenset(string.ascii_letters + string.digits + "-_")
# The library knows base64 alone: '-' and '_' become what it calls them, and what is none of ours what it refuses.
_TO_BASE64 = bytes.maketrans(b"-_+/=", b"+/***")
_LAST = {0: _ALPHABET, 2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}
"""By a segment's length modulo 4, the characters that may end it: those whose unused bits are zero."""
_PADDING = (b"", b"", b"==", b"=")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")
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
    try:
        given = segment.encode("ascii").translate(_TO_BASE64)
        rest = len(given) % 4
        if not rest or segment[-1] in _LAST[rest]:
            return binascii.a2b_base64(given + _PADDING[rest], strict_mode=True)
    except (ValueError, KeyError):
        pass  # what is wrong with it is said below
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
    return _ENCODER.encode(value).encode()


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
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _is_too_deep(text):
        raise Malformed("too_deep", f"nests deeper than {MAX_DEPTH} levels")
    try:
        value = _read(text)
    except json.JSONDecodeError as error:
        raise Malformed("not_json", f"is not JSON ({error.msg} at character {error.pos})") from None
    if not isinstance(value, dict):
        raise Malformed("not_an_object", f"is JSON, but {kind_of(value)} where an object is needed")
    if "\\u" in text and _has_lone_surrogate(value):
        raise Malformed("lone_surrogate", "holds half of a surrogate pair, which is no text")
    return value


def _read(text: str) -> Any:
    try:
        value, end = _DECODER.raw_decode(text)
    except json.JSONDecodeError:
        value, end = None, -1
    if end == len(text):
        return value
    return _DECODER.decode(text)  # white space around it, or no JSON: slower, and it says what is wrong


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        # Counted in one go: comparing each name with each takes minutes for a hostile JWKS.
        twice = next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1)
        raise Malformed("duplicate_member", f"has the member {twice[:40]!r} twice, so that two readers may disagree")
    return members


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS and (number := len(digits.lstrip("-"))) > MAX_DIGITS:
        raise Malformed("number_too_large", f"has a number of {number} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise Malformed("number_too_large", "has a number too large for a float")
    return value


def _constant(name: str) -> NoReturn:
    raise Malformed("not_a_number", f"holds {name}, which JSON does not have")


def _is_too_deep(text: str) -> bool:
    """Whether objects and arrays nest deeper than `MAX_DEPTH`, text in quotes left out."""
    depth = 0
    for bracket in _BRACKET.findall(_QUOTED.sub("", text)):
        depth += 1 if bracket in "{[" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _has_lone_surrogate(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
