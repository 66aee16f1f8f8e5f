"""`authkit verify`: is this token one for this API, and which check decides?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from authkit.cli.printing import show, show_json
from authkit.cli.reading import file_from, shown, token_from, without_newline
from authkit.ground.clock import Clock, SteerableClock, SystemClock
from authkit.ground.display import TONES, shorten
from authkit.ground.errors import ConfigurationError, KeySetError
from authkit.jose.algorithms import ALGORITHMS
from authkit.jose.encoding import Malformed, parse_object
from authkit.jose.key_set import KeySet
from authkit.jose.policy import AUTH0_ACCESS_TOKEN, RFC9068, Policy
from authkit.jose.remote import RemoteKeySet
from authkit.jose.verdict import Verdict
from authkit.jose.verifier import Verifier

POLICIES: Final = {policy.name: policy for policy in (AUTH0_ACCESS_TOKEN, RFC9068)}
_EXIT: Final = {"accepted": 0, "refused": 1, "undecided": 2}
_TONE_OF_SIGN: Final = {sign: tone for tone, (sign, _) in TONES.items() if sign}
# Written out: programs rely on these names, whatever becomes of the class.
_FIELDS: Final = ("name", "question", "status", "code", "note", "seen", "expected", "remedy", "rule", "source")
_REMEDIES: Final = {  # where the key set's own repair speaks of Python, the option that does the same
    "key_set.not_a_jwks": "Give the whole document served at /.well-known/jwks.json; a PEM is given with --key.",
    "key_set.several_keys": "Leave one in the file, or give the issuer's JWK Set with --jwks.",
    "key_set.secret_public_key": "Give it with --key, and verify RS256.",
    "key_set.secret_not_base64url": "If the text of the file is itself the key, give it with --secret.",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the command line said; None where it said nothing.

    Attributes:
        token: The token; None or `-` reads it from stdin.
        jwks: The URL of a JWK Set, or the name of a file with one.
        ca_file: A file with certificates that the URL's https is also trusted by.
        key: A file with a public key or a certificate in PEM.
        secret: A file whose bytes are a shared secret.
        secret_base64url: A file whose text spells a shared secret.
        issuer, audience: The one issuer that is trusted, and the API's identifier.
        algorithms: Names of algorithms; none for the default of the key material.
        policy: Name of a policy.
        at: The moment to judge as of, in ISO 8601.
        as_json: Print one JSON object instead of text.
    """

    token: str | None
    jwks: str | None
    ca_file: str | None
    key: str | None
    secret: str | None
    secret_base64url: str | None
    issuer: str | None
    audience: str | None
    algorithms: Sequence[str]
    policy: str
    at: str | None
    as_json: bool


def verify_token(asked: Asked) -> int:
    """Verify a token and print every check.

    Returns:
        The exit code: 0 accepted, 1 refused, 2 undecided, as the issuer's keys are out of reach.

    Raises:
        ConfigurationError: An option is missing or contradicts another, a file cannot be read, or there is no token.
        KeySetError: A file does not hold the key material it is said to hold.
    """
    option, name, issuer, audience = _complete(asked)
    policy, clock = _policy(asked.policy), _clock(asked.at)
    named = tuple(map(_known, dict.fromkeys(asked.algorithms)))
    keys = _keys(option, name, asked.ca_file)
    verifier = Verifier(
        issuer=issuer,
        audience=audience,
        keys=keys,
        algorithms=_fitting(named, keys, option),
        policy=policy,
        clock=clock,
    )
    token = token_from(asked.token)
    with _fetching(keys):
        verdict = verifier.explain(token)
    if asked.as_json:
        show_json(as_object(verdict))
    else:
        show(_lines(verdict))
    return _EXIT[verdict.outcome]


def _fetching(keys: KeySet | RemoteKeySet) -> AbstractContextManager[Any]:
    """While keys are fetched, a terminal says so: a server that does not answer takes seconds."""
    if not isinstance(keys, RemoteKeySet) or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"Fetching the keys from {urlsplit(keys.jwks_uri).netloc} …")


def as_object(verdict: Verdict) -> dict[str, Any]:
    """The verdict as `--json` prints it; `code`, `check`, `message` and `remedy` are the decisive check's."""
    decisive = verdict.decisive
    return {
        "outcome": verdict.outcome,
        "code": decisive and decisive.code,
        "check": decisive and decisive.name,
        "message": decisive and decisive.note,
        "remedy": decisive and decisive.remedy,
        "claims": None if verdict.claims is None else dict(verdict.claims),
        "checks": [{field: getattr(check, field) for field in _FIELDS} for check in verdict.checks],
    }


def _lines(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """The verdict as a terminal shows it, each line with its tone; if accepted, the claims as well."""
    headline, *others = repr(verdict).split("\n")
    yield headline, verdict.outcome
    for line in others:
        yield line, _TONE_OF_SIGN.get(line[2:3], "plain")
    if verdict.claims is not None:
        for line in repr(verdict.claims).split("\n"):
            yield line, "plain"


def _complete(asked: Asked) -> tuple[str, str, str, str]:
    """The one option with key material, its value, the issuer and the audience; all that is missing in one error."""
    sources = {
        "--jwks": asked.jwks,
        "--key": asked.key,
        "--secret": asked.secret,
        "--secret-base64url": asked.secret_base64url,
    }
    given = [(option, name) for option, name in sources.items() if name is not None]
    if len(given) > 1:
        raise ConfigurationError(
            "verify.two_sources",
            f"A token is verified with one source of keys, not with {' and '.join(option for option, _ in given)}.",
            "Keep the one that the issuer of this API uses: two would let a token choose between them.",
        )
    missing = [option for option, value in (("--issuer", asked.issuer), ("--audience", asked.audience)) if not value]
    if not given:
        missing.append("one of --jwks, --key, --secret or --secret-base64url")
    if missing or not (asked.issuer and asked.audience):
        raise ConfigurationError(
            "verify.missing_option",
            f"authkit verify lacks {_listed(missing)}.",
            "Take the values from the issuer's documentation and your API's settings, never from the token itself: "
            "authkit verify --help",
        )
    return *given[0], asked.issuer, asked.audience


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _policy(name: str) -> Policy:
    if name in POLICIES:
        return POLICIES[name]
    raise ConfigurationError(
        "verify.policy", f"--policy {shorten(name)} is not known.", f"Known are {' and '.join(POLICIES)}."
    )


def _known(name: str) -> str:
    if name in ALGORITHMS:
        return name
    raise ConfigurationError(
        "verify.algorithm",
        f"--alg {shorten(name)} is not known.",
        f"Name what the API records: {', '.join(ALGORITHMS)}. For more than one, repeat the option.",
    )


def _clock(moment: str | None) -> Clock:
    if moment is None:
        return SystemClock()
    try:
        return SteerableClock(datetime.fromisoformat(moment))
    except (ValueError, OverflowError, ConfigurationError):
        raise ConfigurationError(
            "verify.moment",
            f"--at {shorten(moment)} is no moment from 1970 to 8999 with a time zone.",
            "Write it in ISO 8601, as in 2026-01-05T09:00:00Z or 2026-01-05T10:00:00+01:00.",
        ) from None


def _keys(option: str, name: str, ca_file: str | None) -> KeySet | RemoteKeySet:
    """The key material. What it is, the option says: nothing is guessed from what it looks like."""
    if option == "--jwks" and name.lower().startswith(("http://", "https://")):
        return RemoteKeySet(name, ca_file=ca_file)
    if ca_file is not None:
        raise ConfigurationError(
            "verify.ca_file",
            "--ca-file says whom to trust where keys are fetched, and nothing is fetched here.",
            "Leave it out, or give --jwks with a URL.",
        )
    raw = file_from(option, name)
    try:
        match option:
            case "--jwks":
                return KeySet.from_jwks(_json(raw))
            case "--key":
                return KeySet.from_pem(raw.decode("utf-8", "replace"))
            case "--secret":
                return KeySet.from_secret(without_newline(raw))
            case _:
                return KeySet.from_secret_base64url(without_newline(raw).decode("utf-8", "replace"))
    except KeySetError as error:
        remedy = _REMEDIES.get(error.code, error.remedy)
        raise KeySetError(error.code, f"{option} {shown(name)}: {error.message}", remedy) from None


def _json(raw: bytes) -> dict[str, Any]:
    try:
        return parse_object(raw)
    except Malformed as fault:
        raise KeySetError("key_set.not_a_jwks", f"A JWK Set is a JSON object; this file {fault}.") from None


def _fitting(named: tuple[str, ...], keys: KeySet | RemoteKeySet, option: str) -> tuple[str, ...]:
    """The algorithms to allow; by default the usual one for the kind of key, which is never the token's choice."""
    shared = isinstance(keys, KeySet) and any(key.kty == "oct" for key in keys.keys)
    kty, kind, usual = ("oct", "a shared secret", "HS256") if shared else ("RSA", "public keys", "RS256")
    if named and all(ALGORITHMS[name].kty != kty for name in named):
        raise ConfigurationError(
            "verify.algorithm_and_key",
            f"{option} gives {kind}, and --alg {' --alg '.join(named)} does not work with that: no token could pass.",
            f"Leave out --alg for {usual}, or give the kind of key that this API's tokens are signed with.",
        )
    return named or (usual,)
