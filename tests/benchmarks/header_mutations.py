"""Mutations of what the header says, and who signs them: nobody, the attacker, or an HMAC with a public key."""

from random import Random
from typing import Any

from authkit.jose.encoding import encode_segment
from tests.benchmarks.mutation import (
    ALGORITHMS,
    CONFUSABLE,
    HOSTILE,
    Attempt,
    Kind,
    text_of,
    unsigned,
    with_mac,
)
from tests.benchmarks.stock import PAYLOAD, Stock

ALGS = (
    "none", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "ES256", "ES256K", "EdDSA",
    "hs256", "rs256", "Rs256", "RS256 ", " RS256", "RS256\0", "RS-256", "RSA256", "RSA-OAEP", "dir", "A256GCM", "",
)  # fmt: skip
MEMBERS = ("alg", "kid", "jwk", "jku", "x5u", "x5c", "x5t", "crit", "b64", "zip", "cty", "typ", "enc", "p2c", "nonce")
TYPES = ("JOSE", "JWS", "at+jwt", "application/jwt", "logout+jwt", "dpop+jwt", "jwt\0", "J.W.T")
URLS = (
    "https://attacker.example/jwks.json",
    "file:///etc/passwd",
    "http://127.0.0.1:1/",
    "//attacker.example",
    "data:,",
)
KIDS = ("../../../../dev/null", "' UNION SELECT 'secret' --", "| sleep 9", "${jndi:ldap://x}", "\0", "0", "a" * 999)


def edited_header(stock: Stock, rng: Random, alg: str) -> dict[str, Any]:
    """The good header of this algorithm with one to three members that ask for something else."""
    header: dict[str, Any] = {"alg": alg, "typ": "JWT"}
    if alg != "HS256":
        header["kid"] = stock.kid
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(MEMBERS)
        header[name] = _value(name, stock, rng) if rng.random() < 0.8 else rng.choice(HOSTILE)
    if rng.random() < 0.1:
        header.pop(rng.choice([*header]))
    return header


def _value(name: str, stock: Stock, rng: Random) -> Any:
    jwk = stock.attacker.public_jwk
    match name:
        case "alg":
            return rng.choice(ALGS)
        case "kid":
            return rng.choice((*KIDS, stock.attacker.kid, stock.kid.swapcase(), stock.kid[:-1], stock.kid + " "))
        case "jwk":
            return rng.choice(
                (
                    {name: jwk[name] for name in ("kty", "n", "e")},
                    {**jwk, "kid": stock.kid},
                    {"kty": "oct", "k": encode_segment(rng.choice(stock.wrong_secrets))},
                )
            )
        case "jku" | "x5u":
            return rng.choice(URLS)
        case "x5c":
            return rng.choice((jwk["x5c"], [], ["AA=="], jwk["x5c"][0]))
        case "crit":
            return rng.choice(([], ["b64"], ["exp"], ["alg", "crit"], "b64", ["http://example/UNDEFINED"]))
        case "b64":
            return rng.choice((False, True))
        case "typ":
            return rng.choice(TYPES)
        case _:
            return rng.choice(("DEF", "JWT", "application/jwt", 0, 10**9))


def alg_none(stock: Stock, rng: Random) -> Attempt:
    """`none` in every spelling, with no signature or the old one (RFC 8725 §2.1)."""
    name = rng.choice([*stock.verifiers])
    word = "".join(rng.choice((letter, letter.upper())) for letter in "none")
    word = rng.choice((word, word, word, f" {word}", f"{word} ", f"{word}\0", "n\u043ene", "", "null"))
    header = text_of({"alg": word, "typ": "JWT", **({"kid": stock.kid} if rng.random() < 0.5 else {})})
    payload = text_of({**PAYLOAD, "sub": f"the-boss-{rng.randrange(10**6)}"} if rng.random() < 0.7 else PAYLOAD)
    old = stock.tokens[rng.choice(ALGORITHMS)].rpartition(".")[2]
    signature = rng.choice((".", ".", f".{old}", ".AA", "", ".."))
    return Attempt(name, f"{unsigned(header, payload)}{signature}")


def key_confusion(stock: Stock, rng: Random) -> Attempt:
    """HS256 with the public key, in any of its forms, as the secret (RFC 8725 §2.1)."""
    header: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}
    if rng.random() < 0.7:
        header["kid"] = stock.kid
    payload = {**PAYLOAD, "scope": f"delete:orders-{rng.randrange(10**6)}"}
    signing_input = unsigned(text_of(header), text_of(payload))
    return Attempt(rng.choice(CONFUSABLE), with_mac(rng.choice(stock.wrong_secrets), signing_input))


def header_kept_signature(stock: Stock, rng: Random) -> Attempt:
    """Another header before the old payload and signature."""
    alg = rng.choice(ALGORITHMS)
    _, payload, signature = stock.tokens[alg].split(".")
    header = encode_segment(text_of(edited_header(stock, rng, alg), bare=rng.random() < 0.2))
    return Attempt(rng.choice(_verifiers_of(alg)), f"{header}.{payload}.{signature}")


def header_no_signature(stock: Stock, rng: Random) -> Attempt:
    """Another header, and no signature at all."""
    alg = rng.choice(ALGORITHMS)
    header = edited_header(stock, rng, alg)
    return Attempt(rng.choice(_verifiers_of(alg)), f"{unsigned(text_of(header), text_of(PAYLOAD))}.")


def header_attackers_mac(stock: Stock, rng: Random) -> Attempt:
    """Another header, with an HMAC under a secret that is public, lazy, or named in the header itself."""
    alg = rng.choice(("HS256", "HS256", "RS256"))
    header = {**edited_header(stock, rng, alg), "alg": "HS256"}
    secret = rng.choice(stock.wrong_secrets)
    if rng.random() < 0.2:
        header["jwk"] = {"kty": "oct", "alg": "HS256", "k": encode_segment(secret)}
    return Attempt(rng.choice([*stock.verifiers]), with_mac(secret, unsigned(text_of(header), text_of(PAYLOAD))))


def header_attackers_key(stock: Stock, rng: Random) -> Attempt:
    """Another header, signed well with the attacker's own key, which it offers in `jwk`, `jku` or `x5c`."""
    alg = rng.choice(("RS256", "RS256", "PS256"))
    header = edited_header(stock, rng, alg)
    offer = rng.choice(("jwk", "jku", "x5c", "kid", "x5u"))
    header |= {"alg": alg, "kid": stock.kid, offer: _value(offer, stock, rng)}
    signing_input = unsigned(text_of(header), text_of({**PAYLOAD, "sub": f"the-boss-{rng.randrange(10**6)}"}))
    signature = stock.attacker.sign_bytes(alg, signing_input.encode())
    return Attempt(rng.choice(_verifiers_of(alg)), f"{signing_input}.{encode_segment(signature)}")


def _verifiers_of(alg: str) -> tuple[str, ...]:
    return ("HS256",) if alg == "HS256" else (alg, "all three, JWKS")


KINDS = (
    Kind("alg none", 6, alg_none),
    Kind("key confusion", 8, key_confusion),
    Kind("header edited, signature kept", 10, header_kept_signature),
    Kind("header edited, no signature", 4, header_no_signature),
    Kind("header edited, attacker's HMAC", 8, header_attackers_mac),
    Kind("header edited, attacker's RSA key", 1, header_attackers_key),  # each costs a private-key operation
)
