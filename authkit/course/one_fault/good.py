"""Tokens to be let in, and good ones that may not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from authkit.course.one_fault.signing import AUDIENCE, NOW, OTHER, SCOPE, USERINFO, claims, signed


@cache
def good_tokens() -> Mapping[str, str]:
    """Tokens to be let in, by what is unusual about them."""
    return {
        "is under the other key of the set": signed(claims(), OTHER),
        "has a list as aud": signed(claims(aud=[AUDIENCE, USERINFO])),
        "has this API second in its aud": signed(claims(aud=["https://billing.example/", AUDIENCE])),
        "has claims that nobody asked for": signed(claims(permissions=[], jti="7", org={"id": 1}, nonce="n")),
        "has the scope last of three": signed(claims(scope=f"openid create:orders {SCOPE}")),
        "has the scope first of two": signed(claims(scope=f"{SCOPE} create:orders")),
        "lasts one second more": signed(claims(exp=NOW + 1)),
        "has a fraction in its exp": signed(claims(exp=NOW + 0.5)),
        "has an nbf that has come": signed(claims(nbf=NOW)),
        "says at+jwt as typ": signed(claims(), typ="at+jwt"),
        "was issued to a person": signed(claims(sub="auth0|ada", gty=None)),
    }


@cache
def without_scope() -> Mapping[str, str]:
    """Tokens to be answered 403, by what they have in place of the scope."""
    return {
        "no scope at all": signed(claims(scope=None)),
        "another scope": signed(claims(scope="create:orders")),
        "a longer word": signed(claims(scope=f"{SCOPE}:archive")),
        "the word with more before it": signed(claims(scope=f"not-{SCOPE} openid")),
        "capitals": signed(claims(scope=SCOPE.upper())),
        "null as scope": signed({**claims(), "scope": None}),
        "a JSON list as scope": signed({**claims(), "scope": [SCOPE]}),
    }
