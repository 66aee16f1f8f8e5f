"""The debugger, without a view: a token goes in, the verdict of the tenant's verifier comes out."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit import KeySet, Tenant, Verifier
from authkit.widgets.states.create_api import CreateApiState
from authkit.widgets.states.debugger import DebuggerState

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"

GARBAGE = [
    ("one.two", "form.segments"),
    ("a.b.c.d", "form.segments"),
    ("a" * 2_000_000, "size.too_large"),
    ("ü.ü.ü", "base64url.alphabet"),
    ("\ud800.a.b", "base64url.alphabet"),
    ("aGVsbG8.aGVsbG8.aGVsbG8", "json.not_json"),
    ("a=.!!!.AA", "base64url.padding"),
]


def test_a_good_token_is_accepted(tenant, token):
    """The verifier's own verdict, and what it expects."""
    state = DebuggerState(tenant, ORDERS, token)
    assert state.verdict is not None
    assert state.verdict.outcome == "accepted"
    assert (state.issuer, state.audience, state.algorithm) == (tenant.issuer, ORDERS, "RS256")


def test_one_character_less_is_refused(tenant, token):
    """At the moment it is typed."""
    state = DebuggerState(tenant, ORDERS, token)
    state.token = token[:-8] + "AAAAAAAA"
    assert state.verdict is not None
    assert state.verdict.decisive is not None
    assert state.verdict.decisive.name == "signature"


def test_without_a_token_there_is_no_verdict(tenant):
    """An empty panel refuses nothing."""
    state = DebuggerState(tenant, ORDERS, " \n")
    assert (state.verdict, state.failure) == (None, None)


@pytest.mark.parametrize(("token", "refusal"), GARBAGE, ids=lambda value: value[:20])
def test_garbage_gets_a_readable_answer(tenant, token, refusal):
    """A verdict with its code, never an exception."""
    state = DebuggerState(tenant, ORDERS, token)
    assert state.verdict is not None
    assert state.verdict.decisive is not None
    assert state.verdict.decisive.code == refusal


def test_spaces_and_line_breaks_around_a_token_are_left_out(tenant, token):
    """Copying catches them easily; they are no part of the token."""
    state = DebuggerState(tenant, ORDERS, f"\n {token} \n")
    assert state.verdict is not None
    assert state.verdict.outcome == "accepted"


def test_another_api_expects_another_audience(tenant, token):
    """The same token, judged anew."""
    state = DebuggerState(tenant, ORDERS, token)
    state.identifier = STOCK
    assert (state.audience, state.algorithm) == (STOCK, "HS256")
    assert state.verdict is not None
    assert state.verdict.outcome == "refused"


def test_without_a_choice_the_first_api_of_ones_own_is_taken(tenant):
    """Not the Management API, which comes first."""
    assert DebuggerState(tenant).identifier == ORDERS


def test_get_a_token_asks_by_an_authorised_application(tenant):
    """And its token is accepted, for either algorithm."""
    for identifier in (ORDERS, STOCK):
        state = DebuggerState(tenant, identifier)
        state.get_token()
        assert state.verdict is not None
        assert state.verdict.outcome == "accepted"
        assert "Nightly report" in state.note


def test_get_a_token_without_a_client_grant_says_what_to_create(tenant, run):
    """And the code it points to works as it stands."""
    tenant.apis.create(identifier="https://new.example/", scopes={"read:new": ""})
    state = DebuggerState(tenant, "https://new.example/")
    state.get_token()
    assert "client grant" in state.note
    assert state.token == ""
    issued = run(state.grant_python, tenant)["issued"]
    assert issued.scope == "read:new"


def test_get_a_token_shows_a_refusal(tenant):
    """An application whose grant type was taken away is passed over."""
    application = next(iter(tenant.applications))
    tenant.applications.update(application, grant_types=[])
    state = DebuggerState(tenant, ORDERS)
    state.get_token()
    assert state.token == ""
    assert "No application" in state.note


def test_check_again_sees_that_the_clock_moved(tenant, token):
    """The time is the tenant's, as of the last look."""
    state = DebuggerState(tenant, ORDERS, token)
    assert state.now == "2026-01-05 09:00:00 UTC"
    tenant.clock.advance(hours=25)
    state.refresh()
    assert state.now == "2026-01-06 10:00:00 UTC"
    assert state.verdict is not None
    assert state.verdict.decisive is not None
    assert state.verdict.decisive.code == "exp.expired"


def test_check_again_sees_rotated_keys(tenant, token):
    """A token of the previous key holds until that key is revoked."""
    state = DebuggerState(tenant, ORDERS, token)
    kid = tenant.keys.current.kid
    tenant.keys.rotate()
    tenant.keys.revoke(kid)
    state.refresh()
    assert state.verdict is not None
    assert state.verdict.outcome == "refused"


def test_an_api_created_in_the_form_can_be_chosen_at_once(tenant):
    """Panels on one tenant hear of each other."""
    state = DebuggerState(tenant, ORDERS)
    form = CreateApiState(tenant)
    form.identifier = "https://new.example/"
    form.submit()
    assert "https://new.example/" in state.known
    assert state.identifier == ORDERS


def test_an_api_that_was_deleted_is_no_choice_any_more(tenant):
    """Another takes its place."""
    state = DebuggerState(tenant, ORDERS)
    tenant.apis.delete(ORDERS)
    state.refresh()
    assert ORDERS not in state.known
    assert state.identifier == STOCK


def test_reset_brings_back_what_it_started_with(tenant, token):
    """Token and API."""
    state = DebuggerState(tenant, ORDERS, token)
    state.token, state.identifier = "x", STOCK
    state.reset()
    assert (state.token, state.identifier) == (token, ORDERS)


def test_a_store_that_fails_is_reported_not_raised(tenant, token):
    """A tenant that was closed is no fault of the token."""
    state = DebuggerState(tenant, ORDERS, token)
    tenant.close()
    state.token = "x"
    state.get_token()
    assert state.verdict is None
    assert state.failure is not None
    assert state.failure.code == "storage.closed"


@pytest.mark.parametrize("token", ["", "a.b", 'it\'s "quoted" \\n', "<script>.b.c", "a\nb"])
def test_the_code_gives_the_verdict_of_the_panel(tenant, run, token):
    """Run as it stands."""
    state = DebuggerState(tenant, ORDERS, f"{token}.")
    assert run(state.python, tenant)["_"] == state.verdict


def test_the_code_of_a_good_token_gives_its_claims(tenant, token, run):
    """Accepted by the click, accepted by the code."""
    verdict = run(DebuggerState(tenant, ORDERS, token).python, tenant)["_"]
    assert verdict.outcome == "accepted"
    assert verdict.claims["aud"] == ORDERS


def test_getting_a_token_by_code_gives_the_token_of_the_click(tenant, run):
    """Byte for byte, on a clock that stands still."""
    state = DebuggerState(tenant, ORDERS)
    state.get_token()
    assert run(state.grant_python, tenant)["token"] == state.token


def test_the_requests_are_for_the_api_and_for_the_keys(tenant, token):
    """The API gets the token; the keys come from the issuer."""
    state = DebuggerState(tenant, ORDERS, token)
    assert f"GET /orders\nHost: your-api.example\nAuthorization: Bearer {token}" in state.http
    assert "GET /.well-known/jwks.json\nHost: training.authkit.example" in state.http


@pytest.mark.parametrize("tampered", [False, True], ids=["good", "tampered"])
def test_what_the_requests_bring_gives_the_verdict_in_sight(tenant, send, token, tampered):
    """The token out of the first, the keys out of the second: an API that has only these comes to the same end."""
    state = DebuggerState(tenant, ORDERS, f"{token[:-8]}AAAAAAAA" if tampered else token)
    arrives, fetch = state.http.split("\n\n")
    [keys] = send(fetch, tenant)
    api = Verifier(issuer=tenant.issuer, audience=ORDERS, keys=KeySet.from_jwks(keys.json()), algorithms=["RS256"],
                   clock=tenant.clock)  # fmt: skip
    verdict = api.explain(arrives.rpartition(" ")[2])
    assert verdict.outcome == ("refused" if tampered else "accepted")
    assert state.verdict is not None
    assert (verdict.outcome, verdict.headline) == (state.verdict.outcome, state.verdict.headline)


def test_an_hs256_api_fetches_no_keys(tenant):
    """There is nothing to publish about a shared secret."""
    state = DebuggerState(tenant, STOCK)
    assert "jwks" not in state.http


def test_a_text_that_no_header_can_carry_is_not_written_as_one(tenant):
    """A line break would begin another header."""
    state = DebuggerState(tenant, ORDERS, "a\nX-Admin: yes")
    assert "X-Admin" not in state.http


def test_the_secret_is_left_for_the_reader_to_fill_in(tenant):
    """Neither in Python nor over HTTP is it written out."""
    state = DebuggerState(tenant, ORDERS)
    secret = next(iter(tenant.applications)).client_secret
    assert "client_secret=CLIENT_SECRET" in state.grant_http
    assert secret is not None
    assert secret.reveal() not in state.grant_http + state.grant_python


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_gets_the_verdict_of_the_verifier(tenant: Tenant[Any], text):
    """The panel adds nothing and hides nothing."""
    state = DebuggerState(tenant, ORDERS, text)
    assert state.failure is None
    expected = tenant.verifier(ORDERS).explain(text.strip()) if text.strip() else None
    assert state.verdict == expected


def test_the_request_for_a_token_does_the_same_as_the_click(tenant, twin, send):
    """Sent to the token endpoint of a tenant like it: the same token, byte for byte."""
    state = DebuggerState(tenant, ORDERS)
    state.get_token()
    [answer] = send(state.grant_http, twin)
    assert answer.status_code == 200 and answer.json()["access_token"] == state.token
