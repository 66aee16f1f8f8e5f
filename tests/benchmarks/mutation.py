"""What a mutation is: one kind of damage or forgery, and how to draw one of it."""

import hmac
import json
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from authkit.jose.encoding import encode_segment
from tests.benchmarks.stock import Stock


class Attempt(NamedTuple):
    """A token and the verifier it is shown to, by name."""

    verifier: str
    token: Any


class Kind(NamedTuple):
    """One kind of mutation.

    Attributes:
        name: What the report calls it.
        weight: Its share of all tokens, relative to the others.
        make: Draws one. It must never be a token the verifier may accept, unless it is the good one unchanged.
    """

    name: str
    weight: float
    make: Callable[[Stock, Random], Attempt]


ALGORITHMS = ("RS256", "HS256", "PS256")
CONFUSABLE = ("RS256", "all three, JWKS", "RS256 and HS256, PEM")
"""The verifiers that hold an RSA key and may be shown an HMAC."""

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**64, 10**30, float("nan"), float("inf"), "", " ", "none", "\0", "\ud800",
    "\U0001d518", "RS256", "HS256", "JWT", [], {}, [None], ["a"], {"a": 1}, [[[[]]]], "a" * 300, "../dev/null",
    "' OR 1=1",
)  # fmt: skip
"""Values that nobody expects."""

_to_json = json.JSONEncoder(separators=(",", ":")).encode
_to_bare_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def text_of(value: Any, *, bare: bool = False) -> bytes:
    """JSON as an attacker writes it: NaN and lone surrogates included, characters bare or escaped."""
    return _to_bare_json(value).encode("utf-8", "surrogatepass") if bare else _to_json(value).encode()


def unsigned(header: bytes, payload: bytes) -> str:
    """The first two segments."""
    return f"{encode_segment(header)}.{encode_segment(payload)}"


def with_mac(secret: bytes, signing_input: str) -> str:
    """The token with an HMAC under this secret."""
    return f"{signing_input}.{encode_segment(hmac.digest(secret, signing_input.encode(), 'sha256'))}"


def victim(stock: Stock, rng: Random) -> Attempt:
    """A good token and a verifier that accepts it."""
    name = rng.choice([*stock.verifiers])
    return Attempt(name, rng.choice(stock.good[name]))
