"""Tokens for another audience, or of another issuer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from authkit.course.near_names import near_names
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
    for near in near_names(AUDIENCE):
        yield Faulty(
            name=f"a token for {near.what}",
            token=signed(claims(aud=near.name)),
            accepted=f"A token for {near.name!r} got in at {AUDIENCE}. {near.why}",
            belief=near.belief,
        )
    yield Faulty(
        name="an ID token",
        token=signed(claims(aud=CLIENT, sub="auth0|ada", scope=None, nonce="n", name="Ada", email="ada@shop.example")),
        accepted=ID_TOKEN,
        belief="the ID token calls the API",
    )


def for_a_list_without_it() -> Iterator[Faulty]:
    """Tokens of the tenant's whose aud is no text, and does not name this API."""
    yield Faulty(
        name="a token for two other APIs",
        token=signed(claims(aud=["https://billing.example/", "https://stock.example/"])),
        accepted="Its aud is a list of two other APIs, and it got in. A list has to hold your API's name. What did "
        "the guard do with what is no text?",
        belief="the audience may be left out",
    )
    yield Faulty(
        name="a token with an empty list as aud",
        token=signed(claims(aud=[])),
        accepted="Its aud is an empty list, and it got in. It is meant for nobody. What does Python take an empty list "
        "for?",
        belief="the audience may be left out",
    )
    for near in near_names(AUDIENCE):
        yield Faulty(
            name=f"a token for a list of {near.what} alone",
            token=signed(claims(aud=[near.name])),
            accepted=f"In a list, {near.name!r} opened {AUDIENCE}. {near.why}",
            belief=near.belief,
        )
    yield Faulty(
        name="a token with an object as aud",
        token=signed(claims(aud={AUDIENCE: True})),
        accepted="Its aud is an object with your API's name as a member, and it got in. RFC 7519 §4.1.3 knows texts "
        "and lists. What does in look at in a dict?",
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
    for near in near_names(ISSUER):
        yield Faulty(
            name=f"a token whose issuer is {near.what}",
            token=signed(claims(iss=near.name)),
            accepted=f"A token of {near.name!r} got in, and the issuer is {ISSUER}. {near.why}",
            belief=near.belief,
        )
