"""Tokens for another audience, or of another issuer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authkit.course.one_fault.faulty import Faulty
from authkit.course.one_fault.signing import AUDIENCE, CLIENT, ISSUER, claims, signed

ID_TOKEN: Final = (
    "An ID token got past the verification. It tells an application who logged in, and its aud is that application. "
    "Which names may stand in aud here?"
)


def for_another_audience() -> Iterator[Faulty]:
    """Tokens of the tenant's that are not for this API."""
    yield Faulty(
        name="another API's token",
        token=signed(claims(aud="https://billing.example/")),
        accepted="A genuine token of the billing API got in. Any API that receives tokens could use them here. "
        "Which claim says whom a token is for?",
        belief="the audience may be left out",
    )
    yield Faulty(
        name="a token without aud",
        token=signed(claims(aud=None)),
        accepted="A token that says nothing of an audience got in. It could have been meant for anybody. What is "
        "missing: is it a yes?",
        belief="the audience may be left out",
    )
    yield Faulty(
        name="a token for the name without its slash",
        token=signed(claims(aud=AUDIENCE.rstrip("/"))),
        accepted="https://orders.example got in at https://orders.example/, which is another API's name. When are "
        "two names the same?",
        belief="the slash does not matter",
    )
    yield Faulty(
        name="a token for a longer name",
        token=signed(claims(aud=f"{AUDIENCE}v2")),
        accepted="A token for https://orders.example/v2 got in at https://orders.example/. How much of the two "
        "names was compared?",
    )
    yield Faulty(
        name="a token for the name in capitals",
        token=signed(claims(aud=AUDIENCE.upper())),
        accepted="A token for HTTPS://ORDERS.EXAMPLE/ got in. RFC 7519 §4.1.3 says case-sensitive. What was done "
        "to aud before it was compared?",
    )
    yield Faulty(
        name="an ID token",
        token=signed(claims(aud=CLIENT, sub="auth0|ada", scope=None, nonce="n", name="Ada", email="ada@shop.example")),
        accepted=ID_TOKEN,
        belief="the ID token calls the API",
    )


def of_another_issuer() -> Iterator[Faulty]:
    """Tokens in the name of another issuer, or of none."""
    yield Faulty(
        name="another issuer's token",
        token=signed(claims(iss="https://login.other.example/")),
        accepted="It let in a token of another issuer. PyJWT compares iss with nothing unless it is told a name. "
        "What was it told?",
    )
    yield Faulty(
        name="a token without iss",
        token=signed(claims(iss=None)),
        accepted="A token that names no issuer got in. Was iss compared, or only if it was there?",
    )
    yield Faulty(
        name="an issuer without its slash",
        token=signed(claims(iss=ISSUER.rstrip("/"))),
        accepted="The issuer's name lacked its slash, and the token got in. An iss is compared letter by letter. "
        "What did you do to it first?",
        belief="the slash does not matter",
    )
    yield Faulty(
        name="an issuer with a longer name",
        token=signed(claims(iss=f"{ISSUER}evil/")),
        accepted="A token of https://login.example/evil/ got in: it only begins like your issuer. How much of iss "
        "was compared?",
    )
    yield Faulty(
        name="an issuer in capitals",
        token=signed(claims(iss=ISSUER.upper())),
        accepted="A token of HTTPS://LOGIN.EXAMPLE/ got in, which is another name (RFC 7519 §2). What was done to "
        "iss before it was compared?",
    )
