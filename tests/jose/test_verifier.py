"""The verifier: what it takes, what it gives, and that its two faces agree."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import jwt
import pytest

import authkit
from authkit import (
    Api,
    Claims,
    ConfigurationError,
    KeySet,
    KeySetError,
    Policy,
    RemoteKeySet,
    SteerableClock,
    SystemClock,
    Tenant,
    TokenRejected,
    Verifier,
)
from authkit.attacks import edit_payload
from authkit.jose import SigningKey, sign
from authkit.jose.checks import CHECKS
from authkit.jose.encoding import encode_segment

Training = Tenant[SteerableClock]
NOW = 1767603600


def good(key: SigningKey) -> dict[str, Any]:
    return {"issuer": "https://i/", "audience": "a", "keys": {"keys": [key.public_jwk]}, "clock": SteerableClock()}


def test_verify_gives_read_only_claims(tenant: Training, api: Api, token: str) -> None:
    """What comes out is a mapping that cannot be changed."""
    claims = tenant.verifier(api).verify(token)
    assert type(claims) is Claims and issubclass(Claims, Mapping)
    assert claims["aud"] == api.identifier and set(claims) >= {"iss", "sub", "aud", "iat", "exp"}
    with pytest.raises(TypeError):
        claims["sub"] = "boss"  # type: ignore[index]


def test_claims_show_times_and_meanings(tenant: Training, api: Api, token: str) -> None:
    """A number of seconds stands beside its date."""
    claims = tenant.verifier(api).verify(token)
    assert "2026-01-06 09:00:00 UTC" in repr(claims) and "RFC 7519" in claims._repr_html_()


def test_an_accepted_verdict_passed_every_check(tenant: Training, api: Api, token: str) -> None:
    """explain and verify give the same claims."""
    verdict = tenant.verifier(api).explain(token)
    assert {check.status for check in verdict.checks} == {"passed"}
    assert verdict.claims == tenant.verifier(api).verify(token) and verdict.decisive is None
    assert verdict.headline.startswith("ACCEPTED")


def test_after_a_failed_signature_no_claim_passes(tenant: Training, api: Api, token: str) -> None:
    """Of untrusted claims it is said what would match, and never that they passed or failed."""
    verdict = tenant.verifier(api).explain(edit_payload(token, aud="https://elsewhere.example/", exp=1))
    of_claims = [check.name for check in CHECKS if "payload" in check.needs]
    after = {check.name: check for check in verdict.checks if check.name in of_claims}
    assert [*after][:2] == ["iss", "aud"]
    assert {check.status for check in after.values()} == {"skipped"}
    assert all(check.note.startswith("not trusted; would") for check in after.values())
    assert "would match" in after["iss"].note and "aud.mismatch" in after["aud"].note
    assert "exp.expired" in after["exp"].note


def test_after_a_refused_algorithm_no_claim_passes(tenant: Training, api: Api, hs_token: str) -> None:
    """The same holds where the signature was never reached."""
    verdict = tenant.verifier(api).explain(hs_token)
    status = {check.name: check.status for check in verdict.checks}
    assert status["alg"] == "failed" and status["key"] == status["signature"] == "skipped"
    assert {status[name] for name in ("iss", "aud", "exp", "nbf", "iat", "required")} == {"skipped"}


@pytest.mark.parametrize(
    "token",
    [None, 0, 1.5, True, b"a.b.c", bytearray(b"a.b.c"), [], {}, (), set(), object(), object, len, "", ".", "..", "..."],
    ids=lambda junk: ascii(junk) if type(junk) is not object else "object",
)
def test_explain_never_raises(tenant: Training, api: Api, token: Any) -> None:
    """Whatever it is given, it answers; and verify raises nothing but TokenRejected."""
    verdict = tenant.verifier(api).explain(token)
    assert verdict.outcome == "refused" and repr(verdict) and verdict._repr_html_()
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(token)
    assert verdict.decisive is not None and caught.value.code == verdict.decisive.code


class Split(str):
    """Splits as another token would."""

    def split(self, *_: Any) -> Any:
        header, _payload, signature = str.split(self, ".")
        return [header, encode_segment(b'{"iss":"https://i/","aud":"a","sub":"boss"}'), signature]


class Hostile(str):
    """Answers nothing that a text answers."""

    def _refuse(self, *_: Any) -> Any:
        raise RuntimeError

    __len__ = __getitem__ = __str__ = __repr__ = __format__ = __eq__ = __contains__ = _refuse
    __hash__ = str.__hash__
    split = lower = rindex = encode = partition = _refuse  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [Split, Hostile])
def test_a_text_of_ones_own_class_is_read_as_plain_text(key: SigningKey, kind: type[str]) -> None:
    """What was signed is what is read, and what is measured."""
    claims = {"iss": "https://i/", "aud": "a", "sub": "ann"}
    verifier = Verifier(**good(key), policy=Policy(name="x", types=("JWT",), required=()))
    token = kind(sign(claims, key, alg="RS256"))
    assert verifier.verify(token) == authkit.decode(token).payload == claims
    assert verifier.explain(token).claims == Claims(claims)
    for text, code in (("x" * 20_000, "size.too_large"), ("a.b", "form.segments")):
        decisive = verifier.explain(kind(text)).decisive
        assert decisive is not None and decisive.code == code and repr(decisive)


def test_what_only_calls_itself_text_is_none(key: SigningKey) -> None:
    """As a mock with the methods of str does."""
    decisive = Verifier(**good(key)).explain(Mock(spec=str)).decisive
    assert decisive is not None and decisive.code == "size.not_text"


def test_a_rejection_says_check_rule_source_seen_and_expected(tenant: Training, api: Api, token: str) -> None:
    """A refusal is an explanation."""
    tenant.clock.advance(hours=25)
    with pytest.raises(TokenRejected) as caught:
        tenant.verifier(api).verify(token)
    error = caught.value
    assert (error.code, error.check, error.rule, error.source) == ("exp.expired", "exp", "RFC", "RFC 7519 §4.1.4")
    assert error.seen == "2026-01-06 09:00:00 UTC" and "2026-01-06 10:00:00 UTC" in error.expected and error.remedy


def test_the_clock_decides_about_expiry(tenant: Training, api: Api, token: str) -> None:
    """To the second: valid until exp, refused at exp."""
    verifier = tenant.verifier(api)
    tenant.clock.advance(seconds=86399)
    assert verifier.verify(token)
    tenant.clock.advance(seconds=1)
    assert verifier.explain(token).outcome == "refused"


class Telling:
    """A clock that tells what it was given."""

    def __init__(self, now: Any) -> None:
        self._now = now

    def now(self) -> Any:
        return self._now

    def monotonic(self) -> float:
        return 0.0


class Stopped(Telling):
    """A clock that cannot be read."""

    def now(self) -> Any:
        raise OSError("no battery")


@pytest.mark.parametrize(
    "clock",
    [SystemClock, SteerableClock, Stopped(0), *map(Telling, (None, "5", True, datetime.now(UTC), Decimal(5), 5j, [5]))],
    ids=lambda clock: clock.__name__ if isinstance(clock, type) else type(clock._now).__name__,
)
def test_a_clock_that_gives_no_number_makes_no_verifier(key: SigningKey, clock: Any) -> None:
    """A class in the place of a clock, or what is no number of seconds: told at once, and not by each token."""
    with pytest.raises(ConfigurationError) as caught:
        Verifier(**{**good(key), "clock": clock})
    assert caught.value.code == "verifier.clock" and "SystemClock()" in caught.value.remedy


@pytest.mark.parametrize("now", [0, 5.5, -1, 10**400, float("inf")], ids=["0", "5.5", "-1", "huge", "inf"])
def test_any_real_number_is_a_time(key: SigningKey, now: Any) -> None:
    """Whether it is one that lets a token pass, the checks say."""
    verifier = Verifier(**{**good(key), "clock": Telling(now)})
    assert verifier.explain(sign({"iss": "https://i/", "aud": "a", "exp": 1}, key, alg="RS256")).outcome == "refused"


@pytest.mark.parametrize(
    ("claim", "code"), [("exp", "exp.expired"), ("nbf", "nbf.too_early"), ("iat", "iat.in_the_future")]
)
def test_a_clock_that_tells_no_time_lets_nothing_pass(key: SigningKey, claim: str, code: str) -> None:
    """Comparisons with NaN are all false: each check is written so that false refuses."""
    policy = Policy(name="x", types=("JWT",), required=())
    verifier = Verifier(**{**good(key), "clock": Telling(float("nan"))}, policy=policy)
    token = sign({"iss": "https://i/", "aud": "a", claim: NOW}, key, alg="RS256")
    decisive = verifier.explain(token).decisive
    assert decisive is not None and decisive.code == code


def test_leeway_is_added_to_exp_and_nbf(key: SigningKey) -> None:
    """A policy may forgive a few seconds, and not one more."""
    lenient = Policy(name="lenient", types=(None, "JWT"), required=(), leeway=5)
    verifier = Verifier(**good(key), policy=lenient)
    for claims, outcome in (
        ({"exp": NOW - 4}, "accepted"),
        ({"exp": NOW - 5}, "refused"),
        ({"nbf": NOW + 5}, "accepted"),
        ({"nbf": NOW + 6}, "refused"),
    ):
        token = sign({"iss": "https://i/", "aud": "a", **claims}, key, alg="RS256")
        assert verifier.explain(token).outcome == outcome, claims


def test_a_policy_may_take_tokens_without_typ(key: SigningKey) -> None:
    """`None` in the list, and only then."""
    private = key.private_pem().reveal()
    token = jwt.encode({"iss": "https://i/", "aud": "a"}, private, "RS256", headers={"typ": None, "kid": key.kid})
    for types, outcome in (((None,), "accepted"), (("JWT",), "refused")):
        verifier = Verifier(**good(key), policy=Policy(name="x", types=types, required=()))
        assert verifier.explain(token).outcome == outcome


def test_a_policys_size_limit_counts(key: SigningKey) -> None:
    """Characters, the limit included."""
    token = sign({"iss": "https://i/", "aud": "a"}, key, alg="RS256")
    for size, outcome in ((len(token), "accepted"), (len(token) - 1, "refused")):
        verifier = Verifier(**good(key), policy=Policy(name="x", types=("JWT",), required=(), max_size=size))
        assert verifier.explain(token).outcome == outcome


NONSENSE: list[tuple[str, Any]] = [
    *(("issuer", value) for value in ("", None, 5, b"https://i/", ["https://i/"], 10**5000)),
    *(("audience", value) for value in ("", None, 5, ["a"], {"a"}, 10**5000)),
    *(("algorithms", v) for v in ((), [], "RS256", None, 5, ["none"], ["RS256", "none"], [["RS256"]], [5], b"RS256")),
    *(("policy", value) for value in (None, "RFC9068", object())),
    *(("clock", value) for value in (5, "now", object())),
]


@pytest.mark.parametrize(("argument", "value"), NONSENSE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_verifier_that_would_verify_nothing_is_not_made(key: SigningKey, argument: str, value: Any) -> None:
    """Each argument at fault has a code of its own."""
    with pytest.raises(ConfigurationError) as caught:
        Verifier(**{**good(key), argument: value})
    assert caught.value.code == f"verifier.{argument}"


@pytest.mark.parametrize(
    "keys",
    [None, 5, "x", [], {}, {"keys": {}}, object()],
    ids=lambda junk: ascii(junk) if type(junk) is not object else "object",
)
def test_keys_that_are_none_are_the_key_sets_error(key: SigningKey, keys: Any) -> None:
    """A mapping is read as a JWKS; nothing else is guessed."""
    with pytest.raises(KeySetError) as caught:
        Verifier(**{**good(key), "keys": keys})
    assert caught.value.code == "key_set.not_a_jwks"


def test_algorithms_may_come_as_any_collection(key: SigningKey) -> None:
    """A set, or something that can be walked once only."""
    for algorithms in ({"RS256"}, iter(["RS256"]), ("RS256",)):
        assert Verifier(**{**good(key), "algorithms": algorithms}).algorithms == ("RS256",)


def test_the_algorithm_is_rs256_unless_said() -> None:
    """The default is the safer one of the two."""
    keys = KeySet.from_secret(b"x" * 32)
    assert Verifier(issuer="https://i/", audience="a", keys=keys).algorithms == ("RS256",)


def test_keys_out_of_reach_leave_it_undecided(key: SigningKey, token: str) -> None:
    """It is no fault of the token: verify raises the key set's error, explain decides nothing."""
    keys = RemoteKeySet("http://127.0.0.1:1/jwks.json", clock=SteerableClock())
    verifier = Verifier(**{**good(key), "keys": keys})
    with pytest.raises(KeySetError) as caught:
        verifier.verify(token)
    assert caught.value.code == "jwks_unavailable"
    verdict = verifier.explain(token)
    assert verdict.outcome == "undecided" and verdict.claims is None
    assert verdict.decisive is not None and verdict.decisive.code == "jwks_unavailable"


def test_a_broken_token_is_refused_even_while_keys_are_out_of_reach(key: SigningKey) -> None:
    """What needs no key needs no endpoint."""
    keys = RemoteKeySet("http://127.0.0.1:1/jwks.json", clock=SteerableClock())
    verifier = Verifier(**{**good(key), "keys": keys})
    assert verifier.explain("a.b").outcome == "refused" and keys.fetches == 0


def test_verification_changes_no_argument(key: SigningKey) -> None:
    """The JWKS that was passed stays as it was."""
    jwks = {"keys": [dict(key.public_jwk)]}
    Verifier(**{**good(key), "keys": jwks}).explain(sign({"iss": "https://i/"}, key, alg="RS256"))
    assert jwks == {"keys": [key.public_jwk]}


def test_repr_says_what_it_expects(key: SigningKey) -> None:
    """Issuer, audience, algorithm and policy."""
    verifier = Verifier(**good(key))
    for shown in (repr(verifier), verifier._repr_html_()):
        assert "https://i/" in shown and "RS256" in shown and authkit.AUTH0_ACCESS_TOKEN.name in shown
