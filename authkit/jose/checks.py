"""The checks of a token, in the order they run. `verify`, `explain`, `decode` and the documentation all read this.

A new check is one function here: say what it needs, what rule it stands on, and return None if the token passes.
`explain` runs it even where an earlier check has refused, so it must stand any JSON value in a claim.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Final

from authkit.ground.clock import readable
from authkit.ground.display import shorten
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.context import Check, Context
from authkit.jose.encoding import Malformed, decode_segment, parse_object
from authkit.jose.key_set import NoKey
from authkit.jose.rejection import Refusal, Rule

YEAR_9999: Final = 253402300799
UNSUPPORTED_HEADERS: Final[dict[str, tuple[Rule, str]]] = {
    "crit": ("RFC", "RFC 7515 §4.1.11"),
    "b64": ("RFC", "RFC 7797 §7"),
    "zip": ("our policy", "RFC 7516 §4.1.3 has it for encryption alone"),
    "cty": ("our policy", "RFC 7519 §5.2 has it for nested tokens"),
}
STRICTER_JSON: Final = {
    "duplicate_member": "RFC 7519 §4 lets the last one win",
    "lone_surrogate": "RFC 8259 §8.2 leaves it open",
    "number_too_large": "RFC 8259 §9 permits limits",
    "too_deep": "RFC 8259 §9 permits limits",
}
"""What RFC 8259 would let a parser read, and we do not."""

_TEXTS: Final = (("sub", "RFC 7519 §4.1.2"), ("jti", "RFC 7519 §4.1.7"), ("client_id", "RFC 8693 §4.3"))
"""Claims that are text wherever they stand."""

_declared: list[Check] = []
_Run = Callable[[Context], Refusal | None]


def _check(rule: Rule, source: str, *, needs: tuple[str, ...], reads: bool = False) -> Callable[[_Run], _Run]:
    """Declare the next check: its name is the function's, its question the docstring."""

    def declare(run: _Run) -> _Run:
        _declared.append(Check(run.__name__, run.__doc__ or "", rule, source, needs, reads, run))
        return run

    return declare


# Reading: what is this string at all?


@_check("our policy", "no RFC sets a limit", needs=(), reads=True)
def size(c: Context) -> Refusal | None:
    """Is it a text of a sane length?"""
    token = c.given
    if not issubclass(type(token), str):  # isinstance would believe what an object says of its class
        return Refusal(
            "not_text", f"A token is text; this is {type(token).__name__}.", type(token).__name__, "str",
            "Pass the token itself as text, as in issued.access_token.",
        )  # fmt: skip
    if type(token) is not str:
        token = str.__str__(token)  # a plain one: a subclass may split in one way here and in another there
    if len(token) > c.policy.max_size:
        return Refusal(
            "too_large", f"The token has {len(token):,} characters; more than {c.policy.max_size:,} are not read.",
            f"{len(token):,} characters", f"at most {c.policy.max_size:,}",
            "Have the issuer put less into it: a token travels with every request.",
        )  # fmt: skip
    c.token = token
    return None


@_check("RFC", "RFC 7515 §3.1, §7.1", needs=("token",), reads=True)
def form(c: Context) -> Refusal | None:
    """Has it three parts, joined by dots?"""
    assert c.token is not None
    if c.token[:7].lower() == "bearer ":
        return Refusal(
            "bearer", "The text begins with the word Bearer, which belongs to the HTTP header.", "Bearer …", "eyJ…",
            "Pass only what follows that word.", "RFC", "RFC 6750 §2.1",
        )  # fmt: skip
    segments = c.token.split(".")
    if len(segments) != 3:
        parts = f"{len(segments)} part{'s' if len(segments) != 1 else ''}"
        return Refusal(
            "segments", f"The token has {parts}; a signed JWT has three: header.payload.signature.", parts, "3 parts",
            "Copy the whole token. Five parts are an encrypted token (JWE), which authkit does not read.",
        )  # fmt: skip
    c.segments = segments
    return None


@_check("RFC", "RFC 7515 §2", needs=("segments",), reads=True)
def base64url(c: Context) -> Refusal | None:
    """Is each part canonical base64url?"""
    assert c.segments is not None
    raw = []
    for part, segment in zip(("header", "payload", "signature"), c.segments, strict=True):
        try:
            raw.append(decode_segment(segment))
        except Malformed as fault:
            return Refusal(
                fault.reason, f"The {part} {fault}.", shorten(segment, 40), "A–Z a–z 0–9 - _ without padding",
                "Copy the whole token again, to its last character, without spaces, quotes, line breaks or '='.",
                *(("our policy", "RFC 4648 §3.5 permits it") if fault.reason == "not_canonical" else ()),
            )  # fmt: skip
    c.raw = (raw[0], raw[1])
    c.signature = raw[2]
    return None


@_check("RFC", "RFC 7519 §7.2, RFC 8259", needs=("raw",), reads=True)
def json(c: Context) -> Refusal | None:
    """Are header and payload strict JSON objects?"""
    assert c.raw is not None
    refusal = None
    for part, raw in zip(("header", "payload"), c.raw, strict=True):
        try:
            setattr(c, part, parse_object(raw))
        except Malformed as fault:
            refusal = refusal or Refusal(
                fault.reason, f"The {part} {fault}.", shorten(raw[:60]), "one JSON object in UTF-8",
                "Have the issuer write plain JSON; a token that two parsers read differently protects nothing.",
                "our policy" if fault.reason in STRICTER_JSON else "RFC",
                STRICTER_JSON.get(fault.reason, ""),
            )  # fmt: skip
    return refusal


# The header: how does it ask to be judged? The attacker writes it, so it only ever chooses from what we allow.


@_check("RFC", "RFC 8725 §3.1", needs=("header",))
def alg(c: Context) -> Refusal | None:
    """Is its algorithm one this API records?"""
    assert c.header is not None
    named = c.header.get("alg")
    allowed = " or ".join(c.algorithms)
    if not isinstance(named, str):
        reason = "missing" if "alg" not in c.header else "not_text"
        return Refusal(
            reason, "The header names no algorithm in text.", shorten(named), allowed,
            "Every JWS names its algorithm; have the issuer write one.", "RFC", "RFC 7515 §4.1.1",
        )  # fmt: skip
    if named not in c.algorithms:
        reason = "none" if named.lower() == "none" else "not_allowed"
        return Refusal(
            reason, f"The token says alg {shorten(named)}; this API takes {allowed}.", shorten(named), allowed,
            "The API records its algorithm and never lets a token choose. Ask the issuer for a token of this API.",
        )  # fmt: skip
    c.alg = named
    return None


@_check("RFC", "RFC 7515 §4.1.11, RFC 7797 §7", needs=("header",))
def crit(c: Context) -> Refusal | None:
    """Does it ask for nothing we do not do?"""
    assert c.header is not None
    for name, (rule, source) in UNSUPPORTED_HEADERS.items():
        if name in c.header:
            if name == "b64" and c.header["b64"] is True:
                rule, source = "our policy", "RFC 7797 §7 forbids false alone"
            return Refusal(
                "unsupported", f"The header has {name!r}, which changes how a token is read.",
                f"{name}: {shorten(c.header[name])}", "none of " + ", ".join(UNSUPPORTED_HEADERS),
                "What changes how a token is read is refused, not ignored. Have the issuer leave it out.",
                rule, source,
            )  # fmt: skip
    return None


@_check("RFC", "RFC 8725 §3.11, RFC 7515 §4.1.9", needs=("header",))
def typ(c: Context) -> Refusal | None:
    """Is it this kind of token?"""
    assert c.header is not None
    named = c.header.get("typ")
    if isinstance(named, str) and named in c.policy.types:
        return None
    expected = " or ".join("no typ" if kind is None else kind for kind in c.policy.types)
    if named is None and "typ" not in c.header:
        if None in c.policy.types:
            return None
        return Refusal(
            "missing", "The header has no typ, so that it could be any kind of token.", "no typ", expected,
            "Have the issuer say what it issues, or use a policy that lists None.",
            "our policy", "RFC 7519 §5.1 leaves it to the issuer",
        )  # fmt: skip
    if not isinstance(named, str) or _media_type(named) not in map(_media_type, filter(None, c.policy.types)):
        return Refusal(
            "wrong", f"The token is of typ {shorten(named)}; {expected} is expected here.", shorten(named), expected,
            "An ID token, a logout token or a proof is no access token. Ask for an access token of this API.",
        )  # fmt: skip
    return None


def _media_type(typ: str) -> str:
    """A `typ` without a slash stands for one with `application/` before it; case makes no difference."""
    return typ.lower() if "/" in typ else f"application/{typ.lower()}"


# Key and signature: did the issuer write exactly these bytes?


@_check("RFC", "RFC 7515 §4.1.4, RFC 8725 §3.10", needs=("header", "alg"))
def key(c: Context) -> Refusal | None:
    """Is there one key for it?"""
    assert c.header is not None and c.alg is not None and c.keys is not None
    kid = c.header.get("kid")
    if "kid" in c.header and not isinstance(kid, str):
        return Refusal(
            "kid_not_text", "The header's kid is no text.", shorten(kid), "text",
            "A kid is a name and nothing else (RFC 7515 §4.1.4).",
        )  # fmt: skip
    found = c.keys.select(kid, c.alg)
    if isinstance(found, NoKey):
        return Refusal(
            found.reason,
            f"No key fits: {found.seen}.",
            found.seen,
            "a key of the issuer's for this token",
            found.remedy,
            *(("our policy", "RFC 7515 §4.1.4 makes kid optional") if found.reason == "ambiguous" else ()),
        )
    c.key = found
    return None


@_check("RFC", "RFC 7515 §5.2, RFC 8725 §3.3", needs=("key", "signature"))
def signature(c: Context) -> Refusal | None:
    """Was it signed with that key, and not changed since?"""
    assert c.token is not None and c.alg is not None and c.key is not None and c.signature is not None
    signing_input = c.token[: c.token.rindex(".")].encode("ascii")
    if ALGORITHMS[c.alg].engine.verify(signing_input, c.key.material, c.signature):
        return None
    size_seen = f"{len(c.signature)} bytes that do not match"
    return Refusal(
        "mismatch", "The signature does not belong to this header and payload under that key.", size_seen,
        "the issuer's signature over header.payload",
        "The token was changed after signing, or signed with another key. Get a fresh one; do not repair it by hand.",
    )  # fmt: skip


# The claims: is it for us, and is it now? Only a signature makes these worth anything.


@_check("RFC", "RFC 7519 §4.1.1, RFC 8725 §3.8", needs=("payload",))
def iss(c: Context) -> Refusal | None:
    """Did the issuer we trust write it?"""
    assert c.payload is not None
    found = c.payload.get("iss")
    if isinstance(found, str) and found == c.issuer:
        return None
    reason = "missing" if "iss" not in c.payload else "mismatch" if isinstance(found, str) else "not_text"
    seen = shorten(found) if "iss" in c.payload else "no iss"
    return Refusal(
        reason, f"The issuer is {seen}; this verifier trusts {shorten(c.issuer)} alone.", seen, shorten(c.issuer),
        "Compare letter by letter, the last slash included: issuers are names, not addresses.",
    )  # fmt: skip


@_check("RFC", "RFC 7519 §4.1.3, RFC 8725 §3.9", needs=("payload",))
def aud(c: Context) -> Refusal | None:
    """Is it meant for this API?"""
    assert c.payload is not None
    found = c.payload.get("aud")
    names = [found] if isinstance(found, str) else found
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        reason = "missing" if "aud" not in c.payload else "not_text"
        seen = "no aud" if "aud" not in c.payload else shorten(found)
        return Refusal(
            reason, f"The audience is {seen}; it must be text or a list of texts.", seen, shorten(c.audience),
            "Ask for the token with audience set to this API's identifier.",
        )  # fmt: skip
    if c.audience not in names:
        return Refusal(
            "mismatch", f"The token is for {shorten(found)}, and this API is {shorten(c.audience)}.", shorten(found),
            shorten(c.audience),
            "A token for another API is not for this one, even from the same issuer. Ask with this API's identifier; "
            "a slash at the end makes another name.",
        )  # fmt: skip
    return None


@_check("RFC", "RFC 7519 §4.1.4", needs=("payload",))
def exp(c: Context) -> Refusal | None:
    """Is it not yet expired?"""
    assert c.payload is not None
    if "exp" not in c.payload:
        return None
    moment = c.payload["exp"]
    fault = _not_a_date("exp", moment)
    if fault is None and not c.now < moment + c.policy.leeway:  # this way round a clock that is NaN refuses
        return Refusal(
            "expired", f"The token expired at {readable(moment)}; it is now {readable(c.now)}.", readable(moment),
            f"later than {readable(c.now)}{_tolerance(c.policy.leeway)}",
            "Ask for a new token. A token never becomes valid again.",
        )  # fmt: skip
    return fault


@_check("RFC", "RFC 7519 §4.1.5", needs=("payload",))
def nbf(c: Context) -> Refusal | None:
    """Has its time come?"""
    assert c.payload is not None
    if "nbf" not in c.payload:
        return None
    moment = c.payload["nbf"]
    fault = _not_a_date("nbf", moment)
    if fault is None and not c.now >= moment - c.policy.leeway:
        return Refusal(
            "too_early", f"The token counts from {readable(moment)}; it is now {readable(c.now)}.", readable(moment),
            f"not after {readable(c.now)}{_tolerance(c.policy.leeway)}",
            "Wait, or set the clocks of issuer and API to the same time.",
        )  # fmt: skip
    return fault


@_check("our policy", "RFC 7519 §4.1.6", needs=("payload",))
def iat(c: Context) -> Refusal | None:
    """Was it issued in the past?"""
    assert c.payload is not None
    if "iat" not in c.payload:
        return None
    moment = c.payload["iat"]
    fault = _not_a_date("iat", moment)
    if fault is None and not moment <= c.now + c.policy.future_iat:
        return Refusal(
            "in_the_future", f"The token says it was issued at {readable(moment)}; it is now {readable(c.now)}.",
            readable(moment), f"not after {readable(c.now)}{_tolerance(c.policy.future_iat)}",
            "Set the clocks of issuer and API to the same time.",
        )  # fmt: skip
    return fault


@_check("our policy", "RFC 9068 §2.2", needs=("payload",))
def required(c: Context) -> Refusal | None:
    """Does it hold every claim we rely on?"""
    assert c.payload is not None
    for name in c.policy.required:
        if c.payload.get(name) is not None:
            continue
        gone = name not in c.payload
        if name in ("iss", "aud") or (not gone and name in ("exp", "nbf", "iat")):
            continue  # refused by checks of their own
        fault = "missing" if gone else "null, which holds nothing"
        return Refusal(
            "missing", f"The claim {name!r} is {fault}; {c.policy.name} relies on it.",
            f"no {name}" if gone else f"{name}: null", ", ".join(c.policy.required),
            f"Have the issuer include {name!r}, or choose a policy without it.",
        )  # fmt: skip
    for name, source in _TEXTS:
        if name in c.payload and not isinstance(c.payload[name], str):
            return Refusal(
                "not_text", f"The claim {name!r} is no text.", shorten(c.payload[name]), "text",
                f"Have the issuer write {name!r} as text.", "RFC", source,
            )  # fmt: skip
    if c.payload.get("client_id") == "" and "client_id" in c.policy.required:
        return Refusal(
            "empty", f"The claim 'client_id' is empty, and names no application; {c.policy.name} relies on it.", "''",
            "an application's client_id", "Have the issuer write whom it issued the token to.",
            "our policy", "RFC 6749 §A.1 lets it be empty",
        )  # fmt: skip
    return None


def _tolerance(seconds: int) -> str:
    return f", give or take {seconds} s" if seconds else ""


def _not_a_date(name: str, moment: object) -> Refusal | None:
    """A NumericDate is a number of seconds (RFC 7519 §2); ours is not negative, and before the year 10000."""
    number = isinstance(moment, int | float) and not isinstance(moment, bool)
    if number and isfinite(moment) and 0 <= moment <= YEAR_9999:  # type: ignore[arg-type, operator]
        return None
    hint = " It looks like milliseconds." if number and isfinite(moment) and moment > YEAR_9999 else ""  # type: ignore[arg-type, operator]
    rule: tuple[Rule, str] = ("our policy", "RFC 7519 §2 sets no bounds") if number else ("RFC", "RFC 7519 §2")
    return Refusal(
        "not_a_date", f"The claim {name!r} is {shorten(moment)}, which is no date from 1970 to 9999.{hint}",
        shorten(moment), "seconds since 1970 as a number", "Have the issuer write seconds as a number.", *rule,
    )  # fmt: skip


CHECKS: Final = tuple(_declared)
"""Every check, in the order it runs."""
