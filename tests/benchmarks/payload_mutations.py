"""Mutations of what the payload says, and of the JSON it is written in; some signed by the issuer itself."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from authkit.jose.encoding import encode_segment
from tests.benchmarks.mutation import ALGORITHMS, CONFUSABLE, HOSTILE, Attempt, Kind, text_of, unsigned, with_mac
from tests.benchmarks.stock import NOW, PAYLOAD, Stock
from tests.benchmarks.workload import AUDIENCE, ISSUER

NAMES = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "permissions", "azp", "admin", "")
HEADER: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}

NO_TEXT: tuple[Any, ...] = (None, True, 0, 1.5, [], {}, [[]], {"a": "b"})
NO_DATE: tuple[Any, ...] = (
    None,
    True,
    "",
    "soon",
    str(NOW + 60),
    [],
    {},
    [NOW],
    -1,
    10**12,
    float("nan"),
    float("inf"),
    10**40,
)
NOT_THE_ISSUER: tuple[Any, ...] = (
    ISSUER[:-1], ISSUER.upper(), ISSUER + "/", ISSUER + " ", ISSUER + "\0", ISSUER.replace("https", "http"), "",
    "https://training.authkit.example@attacker.example/", ISSUER.replace("a", "\u0430"), [ISSUER],
    {"iss": ISSUER}, *NO_TEXT,
)  # fmt: skip
NOT_THE_AUDIENCE: tuple[Any, ...] = (
    AUDIENCE[:-1], AUDIENCE.upper(), AUDIENCE + "/", " " + AUDIENCE, "", "*", [], [AUDIENCE[:-1]], [AUDIENCE, None],
    [AUDIENCE, 5], [[AUDIENCE]], {"aud": AUDIENCE}, {AUDIENCE: 1}, f"{AUDIENCE} https://b/", None, True, 0, 1.5, {},
)  # fmt: skip

BLANKS = (" ", "\n", "\t", "\r\n")


def payload_kept_signature(stock: Stock, rng: Random) -> Attempt:
    """Other claims before the old signature."""
    alg = rng.choice(ALGORITHMS)
    header, _, signature = stock.tokens[alg].split(".")
    payload = dict(PAYLOAD)
    for _ in range(rng.randint(1, 3)):
        payload[rng.choice(NAMES)] = rng.choice(HOSTILE) if rng.random() < 0.5 else f"the-boss-{rng.randrange(10**6)}"
    segment = encode_segment(text_of(payload, bare=rng.random() < 0.2))
    return Attempt(alg, f"{header}.{segment}.{signature}")


def wrong_claims(stock: Stock, rng: Random) -> Attempt:
    """Signed by the issuer, and not for us: another audience, another time, a claim missing or of another type."""
    payload, header = dict(PAYLOAD), dict(HEADER)
    match rng.randrange(10):
        case 0:
            payload["iss"] = rng.choice(NOT_THE_ISSUER)
        case 1:
            payload["aud"] = rng.choice(NOT_THE_AUDIENCE)
        case 2:
            payload["exp"] = NOW - rng.choice((0, 0.5, 1, 59, 60, rng.randrange(10**9)))
        case 3:
            payload["nbf"] = NOW + rng.choice((0.5, 1, 60, rng.randrange(1, 10**9)))
        case 4:
            payload["iat"] = NOW + rng.choice((61, 60.5, rng.randrange(61, 10**9)))
        case 5:
            payload[rng.choice(("exp", "nbf", "iat"))] = rng.choice(NO_DATE)
        case 6:
            payload[rng.choice(("sub", "jti"))] = rng.choice(NO_TEXT)
        case 7:
            del payload[rng.choice(("iss", "sub", "aud", "exp", "iat"))]
        case 8:
            header["typ"] = rng.choice(("at+jwt", "JWS", "", "JWT ", "application/jose", None, 5, ["JWT"]))
        case _:
            header[rng.choice(("crit", "b64", "zip", "cty"))] = rng.choice(HOSTILE)
    payload["scope"] = f"read:orders-{rng.randrange(10**6)}"
    bare = rng.random() < 0.2
    return Attempt("HS256", with_mac(stock.secret, unsigned(text_of(header, bare=bare), text_of(payload, bare=bare))))


def bad_json(value: dict[str, Any], rng: Random) -> bytes:
    """This object in a text that no strict reader takes: not JSON, not one object, or read differently by two."""
    text = json.dumps(value)
    name, hostile = rng.choice([*value]), json.dumps(rng.choice(HOSTILE))
    number = rng.randrange(10**6)
    depth = rng.randint(17, 60)
    inside = rng.randrange(1, len(text) - 1)
    forms: tuple[Callable[[], str | bytes], ...] = (
        lambda: f'{{"{name}": {hostile}, {text[1:]}',
        lambda: f'{text[:-1]}, "{name}": {hostile}}}',
        lambda: f'{text[:-1]}, "\\u{ord(name[0]):04x}{name[1:]}": {hostile}}}',
        lambda: f'{text[:-1]}, "x": {{"a": 1, "a": {number}}}}}',
        lambda: (
            f'{text[:-1]}, "x": {rng.choice(("NaN", "Infinity", "-Infinity", "nan", "1e999", "-1e999", "9" * 20))}}}'
        ),
        lambda: (
            f'{text[:-1]}, "x": {rng.choice(("01", "+1", "0x1", ".5", "1.", "1_0", "True", "None", "undefined"))}}}'
        ),
        lambda: f'{text[:-1]}, "x": "\\ud8{rng.randrange(256):02x}"}}',
        lambda: f'{text[:-1]}, "x": {"[" * depth}{"]" * depth}}}',
        lambda: f'{text[:-1]}, "x": {"[" * rng.choice((1000, 5000))}}}',
        lambda: f'{text[:-1]}, "x": "{rng.choice(chr(0) + chr(9) + chr(10) + chr(31))}"}}',
        lambda: f"{text[:-1]},}}",
        lambda: text[:inside],
        lambda: text[inside:],
        lambda: text + text,
        lambda: text + rng.choice(("\0", "{}", "]", "//", "\ufeff", "x", "\u00a0", ",")),
        lambda: "\ufeff" + text,
        lambda: f"[{text}]",
        lambda: json.dumps(text),
        lambda: rng.choice(("", " ", "null", "true", "[]", '""', "0", "{", "}")),
        lambda: text.replace('"', "'"),
        lambda: f"/* {number} */{text}",
        lambda: text.encode("utf-16"),
        lambda: text.encode("utf-32-le"),
        lambda: (
            text.encode()[:inside]
            + rng.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x80"))
            + text.encode()[inside:]
        ),
    )
    form = rng.choice(forms)()  # only the chosen one is built
    return form if isinstance(form, bytes) else form.encode("utf-8", "surrogatepass")


def respelt_json(value: dict[str, Any], rng: Random) -> bytes:
    """This object in proper JSON, but not in the characters that were signed."""
    text = text_of(value).decode()
    match rng.randrange(4):
        case 0:
            place = rng.choice([number for number, letter in enumerate(text) if letter.isalpha()])
            return f"{text[:place]}\\u{ord(text[place]):04x}{text[place + 1 :]}".encode()
        case 1:
            return json.dumps(value, indent=rng.choice((None, 0, 1, 2, "\t"))).encode()
        case 2:
            return text_of(dict(rng.sample([*value.items()], len(value))))
        case _:
            return f"{rng.choice(BLANKS) * rng.randint(0, 9)}{text}{rng.choice(BLANKS) * rng.randint(0, 9)}".encode()


def _tricked(rng: Random, header: dict[str, Any]) -> str:
    """Header and payload, one of them or both in a text of these kinds."""
    parts = [text_of(header), text_of(PAYLOAD)]
    for place in rng.choice(((0,), (1,), (1,), (0, 1))):
        write = bad_json if rng.random() < 0.7 else respelt_json
        parts[place] = write((header, PAYLOAD)[place], rng)
    return unsigned(*parts)


def json_kept_signature(stock: Stock, rng: Random) -> Attempt:
    """Another text before the old signature."""
    alg = rng.choice(ALGORITHMS)
    header = {"alg": alg, "typ": "JWT", **({} if alg == "HS256" else {"kid": stock.kid})}
    return Attempt(alg, f"{_tricked(rng, header)}.{stock.tokens[alg].rpartition('.')[2]}")


def json_attackers_mac(stock: Stock, rng: Random) -> Attempt:
    """Another text with an HMAC under a secret that the attacker has."""
    return Attempt(rng.choice((*CONFUSABLE, "HS256")), with_mac(rng.choice(stock.wrong_secrets), _tricked(rng, HEADER)))


def json_issuers_mac(stock: Stock, rng: Random) -> Attempt:
    """Text that no strict reader takes, signed by the issuer itself."""
    if rng.random() < 0.5:
        return Attempt("HS256", with_mac(stock.secret, unsigned(bad_json(HEADER, rng), text_of(PAYLOAD))))
    return Attempt("HS256", with_mac(stock.secret, unsigned(text_of(HEADER), bad_json(PAYLOAD, rng))))


KINDS = (
    Kind("payload edited, signature kept", 10, payload_kept_signature),
    Kind("claims that are wrong, issuer's own HMAC", 8, wrong_claims),
    Kind("JSON tricks, signature kept", 8, json_kept_signature),
    Kind("JSON tricks, attacker's HMAC", 5, json_attackers_mac),
    Kind("JSON tricks, issuer's own HMAC", 6, json_issuers_mac),
)
