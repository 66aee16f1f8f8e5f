"""Time, issuer, audience: what a good signature leaves open, and a guard that asks it with PyJWT alone."""

from __future__ import annotations

from typing import Any, Final

from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise, choice
from authkit.course.guard_trial import request, try_guard
from authkit.course.lesson import Plan
from authkit.course.one_fault import NOW

_API: Final = "https://orders.example/"
_BILLING: Final = "https://billing.example/"
_USERINFO: Final = "https://training.authkit.example/userinfo"


def _accepts(answer: Answer) -> None:
    def takes(aud: object, api: str = _API) -> bool:
        given = answer(aud, api)
        if not isinstance(given, bool):
            raise TryAgain(f"It returned {shown(given)}. Meant for this API, or not: which two values say that?")
        return given

    if not takes(_API):
        raise TryAgain(
            "A token for exactly this API was refused. Its aud and the name are the same text. What is asked?"
        )
    if not takes(_BILLING, _BILLING):
        raise TryAgain(
            "In front of another API, https://billing.example/, a token with just that name as aud was refused. Which "
            "name stands in the code itself?"
        )
    if takes(_BILLING):
        raise TryAgain(
            "A token for the billing API was taken by the orders API. Both are the same tenant's. Which name has to be "
            "in aud?",
            "the audience may be left out",
        )
    if takes(None):
        raise TryAgain(
            "The token said nothing of an audience, and was taken. It may have been meant for anybody. What does a "
            "missing claim prove?",
            "the audience may be left out",
        )
    if takes(f"https://evil.example/?next={_API}"):
        raise TryAgain(
            "https://evil.example/?next=https://orders.example/ was taken: your API's name is somewhere in it. What "
            "does in ask of two texts?"
        )
    if takes(f"{_API}v2"):
        raise TryAgain(
            "https://orders.example/v2 was taken for https://orders.example/. An audience is a name, never called. "
            "When are two names the same?",
            "a prefix makes it trusted",
        )
    if takes(_API[:-1]) or takes(_API, _API[:-1]):
        raise TryAgain(
            "With and without its last slash the name counted as one. They are two APIs, with two sets of scopes. What "
            "makes names equal?",
            "the slash does not matter",
        )
    if takes(_API.upper()):
        raise TryAgain(
            "Capitals were taken for small letters. RFC 7519 §4.1.3 says case-sensitive. What was done to aud?"
        )
    _lists(takes)
    for odd in (5, True, {}, {_API: True}, {"aud": _API}):
        if takes(odd):
            raise TryAgain(
                f"An aud of {shown(odd)} was taken. RFC 7519 §4.1.3 knows two kinds: a text, or a list of texts. What "
                "does in do with other kinds?"
            )


def _lists(takes: Any) -> None:
    for aud in ([_API], [_API, _USERINFO], [_BILLING, _API]):
        if not takes(aud):
            raise TryAgain(
                "No wrong name got in, and neither did a good token. Its aud is the list "
                f"{shown([name.split('/')[2] for name in aud])}, in short. That is an outage. Where in it did you look?"
            )
    almost = (f"{_API}v2", _API[:-1], _API.upper(), f"https://evil.example/?next={_API}")
    for without in ([], [_BILLING, _USERINFO], *([name] for name in almost), [[_API]], [5], [None]):
        if takes(without):
            raise TryAgain(
                f"A list without the API's name was taken: {shown(without)}. Which of its entries is equal to it?"
            )


ACCEPTS: Final = Exercise(
    id="q1",
    title="Write accepts(aud, api): whether a token with this aud is meant for the API of that name",
    check=_accepts,
    hints=(
        "Write down the kinds of value that aud may be, and what each of them should answer.",
        "Between two texts, in looks for a part; in a list it looks for an equal entry. First find out which you have.",
        "isinstance(aud, str): compare with ==. isinstance(aud, list): api in aud. Anything else: False.",
    ),
    solution=(
        "def accepts(aud, api):\n"
        "    if isinstance(aud, list):\n"
        "        return api in aud\n"
        "    return isinstance(aud, str) and aud == api"
    ),
    done="A name is equal or it is not; a list needs one equal entry; anything else is no audience.",
    start="def accepts(aud, api):\n    return authkit.course.TODO",
)

SEVERAL: Final = choice(
    id="q2",
    title=(
        "One RS256 token has aud [orders, billing], and the scopes of both. The orders API is broken into, and its log "
        "of received tokens is stolen. What can the thief do at the billing API?"
    ),
    options={
        "A": "Nothing: the thief has no private key, and RS256 prevents forging.",
        "B": "Send it the stolen tokens as they are, until they expire.",
        "C": "Make new tokens for it with the orders API's public key.",
        "D": "Nothing: billing sees that the token was first sent to orders.",
    },
    right="B",
    reasons={
        "A": "True, none can be forged. These tokens are genuine already. What does the thief have to change in them?",
        "C": "A public key verifies, and does not sign. Which key would the thief need for a token of their own?",
        "D": "The bytes are the same wherever they were before. Which claim says who has received a token?",
    },
    beliefs={
        "A": "RS256 prevents replay",
        "C": "the public key signs",
        "D": "a token knows where it was",
    },
    hints=(
        "Look for the step at which the billing API would notice something. Go through its checks one by one.",
        "Forging is making a new token; replaying is sending a genuine one again. Which of the two needs a key?",
        "Signature genuine, iss right, billing is in aud, not expired: every check passes.",
    ),
    done="RS256 prevents cross-forging, not cross-replay. Prefer one audience a token: a stolen one opens one door.",
)


def _in_time(answer: Answer) -> None:
    def good(payload: dict[str, Any], now: float = NOW, leeway: int = 0) -> bool:
        given = answer({"sub": "ada", **payload}, now, leeway)
        if not isinstance(given, bool):
            raise TryAgain(f"It returned {shown(given)}. In its time, or not: which two values say that?")
        return given

    if not good({"exp": NOW + 3600}):
        if good({"exp": (NOW + 3600) * 1000}):
            raise TryAgain(
                "A token with an hour left was refused; with an exp of thirteen digits it passed. That is how some "
                "languages count. What does a NumericDate count?",
                "exp is in milliseconds",
            )
        raise TryAgain("A token that has an hour left was refused: an outage. Which side of exp is now on?")
    if good({"exp": NOW - 3600}):
        raise TryAgain(
            "A token that expired an hour ago passed. exp and now both count seconds since 1970. Did one of them "
            "change its unit on the way?",
            "exp is in milliseconds",
        )
    if good({"exp": NOW}):
        raise TryAgain(
            "In the second of its exp the token still passed. RFC 7519 §4.1.4: not accepted on or after it. Which "
            "comparison is that?"
        )
    if not good({"exp": NOW + 1}):
        raise TryAgain("In the last second before its exp the token was refused. What became of that last second?")
    if not good({"exp": NOW + 0.5}):
        raise TryAgain(
            "Half a second before its exp the token was refused: that exp has a fraction, as RFC 7519 §2 allows. What "
            "became of the half?"
        )
    if good({}) or good({"exp": None}):
        raise TryAgain(
            "A token without exp passed. It would pass next year as well, and nobody could take it back. What does "
            "your function make of nothing?",
            "a missing exp is harmless",
        )
    if good({"exp": NOW + 3600, "nbf": NOW + 60}):
        raise TryAgain("Its nbf is a minute ahead, and it passed. Which claim says from when on a token holds?")
    if not good({"exp": NOW + 3600, "nbf": NOW}):
        raise TryAgain("In the very second of its nbf it was refused. RFC 7519 §4.1.5: not before. Is now before it?")
    _with_leeway(good)
    for odd in (str(NOW + 3600), [NOW + 3600]):
        if good({"exp": odd}):
            raise TryAgain(f"An exp of {shown(odd)} passed. A NumericDate is a JSON number. What was it turned into?")


def _with_leeway(good: Any) -> None:
    if not good({"exp": NOW - 4}, leeway=5):
        raise TryAgain(
            "Four seconds after exp, with a leeway of five, it was refused. Leeway forgives clocks that differ. In "
            "which direction did it move exp?"
        )
    if good({"exp": NOW - 5}, leeway=5):
        raise TryAgain("With a leeway of five it still passed five seconds after exp. Did the boundary move along?")
    if good({"exp": NOW - 6}, leeway=5):
        raise TryAgain("Six seconds after exp, with a leeway of five, it passed. How many seconds were forgiven?")
    if not good({"exp": NOW + 60, "nbf": NOW + 5}, leeway=5):
        raise TryAgain(
            "Five seconds before nbf, with a leeway of five, it was refused. The tenant's clock may be ahead of yours. "
            "Where is leeway used for nbf?"
        )
    if good({"exp": NOW + 60, "nbf": NOW + 6}, leeway=5):
        raise TryAgain("Six seconds before nbf, with a leeway of five, it passed. How far did leeway move it?")


IN_TIME: Final = Exercise(
    id="q3",
    title="Write in_time(payload, now, leeway): whether exp and nbf allow the token at this moment",
    check=_in_time,
    hints=(
        "Draw a line with nbf, exp and now on it. Mark where the answer changes, and which side the mark itself is on.",
        "exp is the first second in which it no longer holds, nbf the first in which it does. Leeway moves exp later "
        "and nbf earlier. Look first whether exp is there, and a number.",
        'isinstance(exp, int | float), and then payload.get("nbf", now) - leeway <= now < exp + leeway',
    ),
    solution=(
        "def in_time(payload, now, leeway):\n"
        '    exp, nbf = payload.get("exp"), payload.get("nbf", now)\n'
        "    if not isinstance(exp, int | float) or not isinstance(nbf, int | float):\n"
        "        return False\n"
        "    return nbf - leeway <= now < exp + leeway"
    ),
    done="On or after exp it is over; no exp is a no; leeway forgives seconds, not minutes.",
    start="def in_time(payload, now, leeway):\n    return authkit.course.TODO",
)

_SENT: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"


def _bearer_token(answer: Answer) -> None:
    if answer(request(f"Bearer {_SENT}")) != _SENT:
        found = answer(request(f"Bearer {_SENT}"))
        raise TryAgain(
            f"From a plain bearer header it took {shown(found)}. A verifier wants the token alone, as text. What "
            "stands around it?"
        )
    if answer(request(None)) is not None:
        raise TryAgain("There was no Authorization header, and it returned something. What is there to return?")
    for scheme in ("bearer", "BEARER"):
        if answer(request(f"{scheme} {_SENT}")) != _SENT:
            raise TryAgain(
                f"A request with the scheme {scheme!r} counted as one without a token. Schemes know no capitals (RFC "
                "9110 §11.1). What was compared?"
            )
    if answer(request("Basic YWRhOnRlYQ==")) is not None:
        raise TryAgain(
            "It took Basic credentials, a name and a password, for a token. Which word of the header says what follows?"
        )
    if answer(request(f"Bearers {_SENT}")) is not None or answer(request(f"Bearer{_SENT}")) is not None:
        raise TryAgain("A scheme that only begins with Bearer was taken for it. Where does the first word end?")
    if answer(request(_SENT)) is not None:
        raise TryAgain("A token without a scheme before it was taken. How would a reader know that it is one?")
    if answer(request("Bearer")) is not None or answer(request("Bearer ")) is not None:
        raise TryAgain(
            "After Bearer there was nothing, and it returned something. What should the verifier do with it?"
        )


BEARER: Final = Exercise(
    id="q4",
    title="Write bearer_token(request): the token of its Authorization header, or None",
    check=_bearer_token,
    hints=(
        'Print request.headers.get("Authorization") for each request in section 7, and for one without it.',
        "Two words with a space between them: first the scheme, in any capitals, then the token.",
        'scheme, _, token = request.headers.get("Authorization", "").partition(" "), then compare scheme.lower()',
    ),
    solution=(
        "def bearer_token(request):\n"
        '    scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        '    if scheme.lower() != "bearer":\n'
        "        return None\n"
        "    return token.strip() or None"
    ),
    done="One scheme, any capitals, and one place to look: a token in a URL ends up in logs.",
    start="def bearer_token(request):\n    return authkit.course.TODO",
)

GUARD: Final = Exercise(
    id="q5",
    title="Write guard(request, api, now) with PyJWT alone: 200, 401 or 403, and the challenge",
    check=try_guard,
    hints=(
        "Write the order down first: no token, a bad token, a token that may not, a good one. Each is one return.",
        "jwt.decode does signature, aud and iss if it is told them, and requires what it is told to require. The time "
        "you compare yourself, within the same try. PyJWT's errors are jwt.PyJWTError; an unknown kid is a KeyError.",
        'key = jwt.PyJWKSet.from_dict(api["jwks"])[kid]; claims = jwt.decode(token, key, algorithms=["RS256"], '
        'audience=..., issuer=..., options={"require": ["exp"], "verify_exp": False, ...}); then nbf and exp against '
        "now; then the scope: is it a text, and then split().",
    ),
    solution=(
        "import jwt\n"
        "\n"
        "\n"
        "def guard(request, api, now):\n"
        '    scheme, _, token = request.headers.get("Authorization", "").partition(" ")\n'
        '    if scheme.lower() != "bearer" or not token.strip():\n'
        "        return 401, 'Bearer realm=\"orders\"'\n"
        "    try:\n"
        '        claims = verified(token.strip(), api["jwks"], api["issuer"], api["audience"])\n'
        '        if not claims.get("nbf", now) <= now < claims["exp"]:  # a TypeError if one is no number\n'
        '            raise jwt.InvalidTokenError("not in its time")\n'
        "    except (jwt.PyJWTError, KeyError, TypeError):\n"
        "        return 401, 'Bearer error=\"invalid_token\"'\n"
        '    scope = claims.get("scope")\n'
        '    if not isinstance(scope, str) or api["scope"] not in scope.split():\n'
        '        return 403, f\'Bearer error="insufficient_scope", scope="{api["scope"]}"\'\n'
        "    return 200, None\n"
        "\n"
        "\n"
        "def verified(token, jwks, issuer, audience):\n"
        '    key = jwt.PyJWKSet.from_dict(jwks)[jwt.get_unverified_header(token)["kid"]]\n'
        '    options = {"require": ["exp", "iss", "aud"], "verify_iat": False}\n'
        '    options |= {"verify_exp": False, "verify_nbf": False}  # guard compares them with now\n'
        '    return jwt.decode(token, key, algorithms=["RS256"], issuer=issuer, audience=audience, options=options)'
    ),
    done="Every forgery refused, every good token let in, and each caller told what to do next. Take it to work.",
    start="def guard(request, api, now):\n    return authkit.course.TODO",
)

PLAN: Final = Plan(number="06", title="Time, issuer, audience", exercises=(ACCEPTS, SEVERAL, IN_TIME, BEARER, GUARD))
