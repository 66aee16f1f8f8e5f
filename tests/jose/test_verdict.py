"""How a verdict shows itself."""

import pytest

from authkit import Api, SteerableClock, Tenant, Verdict
from authkit.attacks import edit_payload
from authkit.jose.checks import CHECKS
from authkit.jose.encoding import encode_json, encode_segment

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def verdicts(tenant: Tenant[SteerableClock], api: Api, token: str) -> list[Verdict]:
    """Hostile text in every place that a verdict quotes."""
    verifier = tenant.verifier(api)
    _, payload, signature = token.split(".")
    good = {"alg": "RS256", "typ": "JWT", "kid": tenant.keys.current.kid}
    headers = [{**good, name: EVIL} for name in ("alg", "typ", "kid", "crit")]
    tokens = [f"{encode_segment(encode_json(header))}.{payload}.{signature}" for header in headers]
    tokens += [edit_payload(token, **{name: EVIL}) for name in ("iss", "aud", "exp", "nbf", "iat", "sub")]
    tokens += [f"{encode_segment(b'{' + EVIL.encode())}.{payload}.{signature}", EVIL, f"{EVIL}.{EVIL}.{EVIL}"]
    return [verifier.explain(hostile) for hostile in tokens]


def test_html_is_escaped(verdicts: list[Verdict]) -> None:
    """Nothing of a token becomes markup."""
    assert all("<img" not in verdict._repr_html_() for verdict in verdicts)
    assert any("&lt;img" in verdict._repr_html_() for verdict in verdicts)


def test_the_headline_names_outcome_and_check(verdicts: list[Verdict]) -> None:
    """In words first."""
    assert verdicts[0].headline == "REFUSED by the check 'alg'"


def test_text_shows_every_check_with_a_sign(tenant: Tenant[SteerableClock], api: Api, token: str) -> None:
    """One line a check, in words and with a sign."""
    lines = repr(tenant.verifier(api).explain(token)).splitlines()
    assert lines[0] == f"ACCEPTED: all {len(CHECKS)} checks passed" and len(lines) == 1 + len(CHECKS)
    assert all(line.startswith("  ✔ ") and line.endswith(" passed") for line in lines[1:])


def test_text_shows_the_deciding_check_with_its_repair(verdicts: list[Verdict]) -> None:
    """The fault, its code and what would repair it, above the list."""
    lines = repr(verdicts[1]).splitlines()
    assert "[typ.wrong]" in lines[1] and lines[2].startswith("  Repair: ")


def test_every_check_says_whose_rule_it_is(verdicts: list[Verdict]) -> None:
    """An RFC's, or our policy's, with the source."""
    assert {check.rule for check in verdicts[0].checks} == {"RFC", "our policy"}
    assert all(check.source and check.question.endswith("?") for check in verdicts[0].checks)
