"""Mutations of a token as text and bytes: they need no key, and know nothing of what the token says."""

from random import Random
from typing import Any

from authkit.jose.encoding import decode_segment, encode_segment
from tests.benchmarks.mutation import Attempt, Kind, victim
from tests.benchmarks.stock import Stock

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STRANGE = "=.+/ \t\n\r\0\x7f\"'%&,:;{}éßΩ\uff0e\u2010\u00a0\u200b\u2028\ufeff\U0001d518\ud800\udfff"
ODD_SEGMENTS = ("", "e30", "bnVsbA", "W10", "eyJhbGciOiJub25lIn0", "A", "AA", "AAA", "AAAA", "=", " ", "é")
NOT_TEXT: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    b"",
    b"a.b.c",
    [],
    ["a", "b", "c"],
    {},
    {"token": "a.b.c"},
    object,
    ...,
)


def bits_in_bytes(stock: Stock, rng: Random) -> Attempt:
    """One to three bits flipped in the bytes of one segment, which stays proper base64url."""
    name, token = victim(stock, rng)
    segments = token.split(".")
    place = rng.randrange(3)
    raw = bytearray(decode_segment(segments[place]))
    for _ in range(rng.randint(1, 3)):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    segments[place] = encode_segment(bytes(raw))
    return Attempt(name, ".".join(segments))


def bits_in_text(stock: Stock, rng: Random) -> Attempt:
    """One to three bits flipped in the characters."""
    name, token = victim(stock, rng)
    characters = bytearray(token, "ascii")
    for _ in range(rng.randint(1, 3)):
        characters[rng.randrange(len(characters))] ^= 1 << rng.randrange(8)
    return Attempt(name, characters.decode("latin-1"))


def characters(stock: Stock, rng: Random) -> Attempt:
    """A few characters replaced, put in, taken out, or changed in case."""
    name, token = victim(stock, rng)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(token))
        new = rng.choice(STRANGE) if rng.random() < 0.3 else rng.choice(BASE64URL)
        token = rng.choice(
            (
                token[:place] + new + token[place + 1 :],
                token[:place] + new + token[place:],
                token[:place] + token[place + 1 :],
                token[:place] + token[place : place + 1].swapcase() + token[place + 1 :],
                token[:place] + token[place + 1 : place + 2] + token[place : place + 1] + token[place + 2 :],
            )
        )
    return Attempt(name, token)


def cut_or_grown(stock: Stock, rng: Random) -> Attempt:
    """An end missing, something before or after, or the token more than once."""
    name, token = victim(stock, rng)
    place = rng.randrange(len(token))
    odd = rng.choice(STRANGE) * rng.randint(1, 3)
    return Attempt(
        name,
        rng.choice(
            (
                token[:place], token[place:], token + odd, odd + token, token + "A" * rng.randint(1, 20_000),
                token + token, f"{token}.{token}", f"Bearer {token}", f'"{token}"', f"{token}.{token[place:]}",
            )
        ),
    )  # fmt: skip


def swapped(stock: Stock, rng: Random) -> Attempt:
    """Header, payload and signature of tokens that different keys signed, or for different APIs."""
    name, _ = victim(stock, rng)
    return Attempt(name, ".".join(rng.choice(stock.genuine).split(".")[place] for place in range(3)))


def dropped_or_doubled(stock: Stock, rng: Random) -> Attempt:
    """Any number of segments, in any order, odd ones among them."""
    name, token = victim(stock, rng)
    segments = [*token.split("."), *rng.choice(stock.genuine).split("."), *rng.sample(ODD_SEGMENTS, 3)]
    return Attempt(name, ".".join(rng.choices(segments, k=rng.choice((1, 2, 3, 3, 3, 4, 5, 6)))))


def base64url_tricks(stock: Stock, rng: Random) -> Attempt:
    """The same bytes spelt in another way: two spellings of one token would slip past a deny-list."""
    name, token = victim(stock, rng)
    segments = token.split(".")
    place = rng.randrange(3)
    segment = segments[place]
    inside = rng.randrange(len(segment) + 1)
    segments[place] = rng.choice(
        (
            segment + "=" * rng.randint(1, 3),
            segment.replace("-", "+").replace("_", "/"),
            segment[:-1] + rng.choice(BASE64URL),
            segment[:inside] + rng.choice((" ", "\n", "\r\n", "\t", "=", "\0", "%3D", "&#61;")) + segment[inside:],
            segment[:inside] + rng.choice("!*~,:") + segment[inside:],
            segment.replace(rng.choice(segment), rng.choice("\uff21\uff22\uff41\uff42\uff10\uff11"), 1),
            decode_segment(segment).hex(),
            segment + "A" * rng.randint(1, 4),
        )
    )
    return Attempt(name, ".".join(segments))


def signature_tricks(stock: Stock, rng: Random) -> Attempt:
    """Signatures that are none: empty, zero, cut, lengthened, of the other padding, or the modulus away."""
    name, token = victim(stock, rng)
    signing_input, _, segment = token.rpartition(".")
    raw = decode_segment(segment)
    modulus = stock.modulus
    other = rng.choice(stock.genuine).rpartition(".")[2]
    size = rng.choice((0, 1, 16, 31, 32, 33, 64, 255, 256, 257, 512))
    forged = rng.choice(
        (
            b"", bytes(size), b"\xff" * size, rng.randbytes(size), raw[: rng.randrange(len(raw))], raw[::-1],
            b"\0" + raw, raw + b"\0", raw.lstrip(b"\0")[1:], raw + raw, (1).to_bytes(256, "big"),
            (modulus - 1).to_bytes(256, "big"), modulus.to_bytes(256, "big"),
            (int.from_bytes(raw, "big") + modulus).to_bytes(600, "big").lstrip(b"\0"),
            (-int.from_bytes(raw, "big") % modulus).to_bytes(256, "big"), decode_segment(other),
        )
    )  # fmt: skip
    return Attempt(name, f"{signing_input}.{encode_segment(forged)}")


def no_token(stock: Stock, rng: Random) -> Attempt:
    """Random text, and things that are no text at all."""
    name = rng.choice([*stock.verifiers])
    if rng.random() < 0.2:
        return Attempt(name, rng.choice(NOT_TEXT))
    alphabet = rng.choice((BASE64URL, BASE64URL + ".", STRANGE, STRANGE + BASE64URL))
    parts = ("".join(rng.choices(alphabet, k=rng.randrange(60))) for _ in range(rng.choice((1, 3, 3, 5))))
    return Attempt(name, ".".join(parts))


KINDS = (
    Kind("bits flipped in the bytes", 10, bits_in_bytes),
    Kind("bits flipped in the text", 10, bits_in_text),
    Kind("characters edited", 10, characters),
    Kind("cut short, or grown", 5, cut_or_grown),
    Kind("segments swapped between tokens", 8, swapped),
    Kind("segments dropped or doubled", 6, dropped_or_doubled),
    Kind("base64url tricks", 8, base64url_tricks),
    Kind("signatures that are none", 6, signature_tricks),
    Kind("no token at all", 4, no_token),
)
