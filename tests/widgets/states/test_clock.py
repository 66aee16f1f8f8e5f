"""The clock strip, without a view: numbers go in, the tenant's time moves, and other panels follow."""

import sqlite3
import time

import pytest

import authkit
from authkit.jose import sign
from authkit.storage.database import BUSY_SECONDS
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.debugger import DebuggerState

ORDERS = "https://orders.example/"
START = 1767603600
BAD_NUMBERS = ["-1", "-0.5", "", "soon", "1e3", "nan", "inf", "٣", "9" * 15, "9" * 4000, "0x10", "<b>", "\ud800"]


@pytest.fixture
def state(tenant, token):
    """A strip on a tenant that has issued a token of 24 hours."""
    return ClockState(tenant)


def test_it_starts_at_the_tenants_time(state):
    """Readable, and as NumericDate."""
    assert (state.now, state.numeric) == ("2026-01-05 09:00:00 UTC", str(START))
    assert state.steerable


@pytest.mark.parametrize(("typed", "moved"), [("60", 60), (" 3600 ", 3600), ("0", 0), ("0.5", 0.5), ("+7", 7)])
def test_advance_moves_the_clock_by_what_was_typed(tenant, state, typed, moved):
    """Whole seconds or a part of one."""
    state.seconds = typed
    state.advance()
    assert tenant.clock.now() == START + moved
    assert state.failure is None


@pytest.mark.parametrize("typed", BAD_NUMBERS, ids=lambda typed: ascii(typed[:8]))
def test_what_the_clock_would_refuse_is_said_before_and_moves_nothing(tenant, state, typed):
    """By the clock's own rule, asked of another clock."""
    state.seconds = typed
    assert state.shown["seconds"].code == "clock.step"
    state.advance()
    assert tenant.clock.now() == START
    state.seconds = "1"
    assert state.shown == {}


def test_the_last_second_and_the_first_without(tenant, token, state):
    """A token holds just before its exp, and no more at it (RFC 7519 §4.1.4)."""
    verifier = tenant.verifier(ORDERS)
    state.before_exp()
    assert verifier.explain(token).outcome == "accepted"
    assert state.about == "The newest token expires in 1 second."
    state.at_exp()
    assert verifier.explain(token).decisive.code == "exp.expired"
    assert "at this very second" in state.about
    state.before_exp()
    assert verifier.explain(token).outcome == "accepted"


def test_a_day_later_needs_no_token(tenant):
    """It is a day after the tenant's time."""
    state = ClockState(tenant)
    state.day_later()
    assert tenant.clock.now() == START + 86400
    assert state.python == "tenant.clock.advance(days=1)"


def test_without_a_token_the_presets_say_what_is_missing(tenant):
    """And move nothing."""
    state = ClockState(tenant)
    for preset in (state.before_exp, state.at_exp):
        preset()
        assert state.failure is not None and state.failure.code == "clock.no_exp"
    assert tenant.clock.now() == START
    assert state.about == "No token was issued yet."


def test_the_presets_follow_the_newest_token(tenant, state):
    """By its API's lifetime; one issued later expires later."""
    tenant.clock.advance(hours=1)
    application = next(iter(tenant.applications))
    tenant.apis.update(ORDERS, token_lifetime=600)
    tenant.request_token(authkit.ClientCredentials(application, audience=ORDERS))
    state.at_exp()
    assert tenant.clock.now() == START + 3600 + 600


def test_a_token_of_an_api_that_is_gone_is_passed_over(tenant, state):
    """The one before it counts, or none."""
    tenant.apis.delete(ORDERS)
    state.refresh()
    assert state.expires is None


def test_a_given_token_is_taken_instead(tenant, state):
    """Whoever issued it: only its exp is read."""
    token = sign({"exp": START + 10}, tenant.keys.current, alg="RS256")
    given = ClockState(tenant, token)
    assert given.about == "The token expires in 10 seconds."
    given.at_exp()
    assert tenant.clock.now() == START + 10


@pytest.mark.parametrize("exp", [None, "soon", -1, 10**15, 1e300, [], "absent"], ids=str)
def test_a_given_token_without_a_usable_exp_moves_nothing(tenant, exp):
    """No calendar has such a moment."""
    claims = {} if exp == "absent" else {"exp": exp}
    state = ClockState(tenant, sign(claims, tenant.keys.current, alg="RS256"))
    state.at_exp()
    assert state.failure is not None and state.failure.code == "clock.no_exp"
    assert tenant.clock.now() == START


def test_a_given_text_that_is_no_token_is_reported(tenant):
    """With the code of the check that cannot read it."""
    state = ClockState(tenant, "no.token")
    state.at_exp()
    assert state.failure is not None and state.failure.code == "form.segments"


def test_reset_puts_the_clock_back_where_it_stood(tenant, state):
    """Where it was when the panel was made, and the number as it was."""
    state.seconds = "5"
    state.advance()
    state.reset()
    assert tenant.clock.now() == START
    assert state.seconds == "3600"
    assert state.python == "tenant.clock.advance(seconds=3600)"


def test_other_panels_follow(tenant, token, state):
    """A debugger on the same tenant sees its token expire, without a click of its own."""
    debugger = DebuggerState(tenant, ORDERS, token)
    state.at_exp()
    assert debugger.verdict is not None and debugger.verdict.outcome == "refused"
    assert debugger.now == state.now


def test_look_again_sees_what_a_cell_has_moved(tenant, token, state):
    """And so does every other panel."""
    debugger = DebuggerState(tenant, ORDERS, token)
    tenant.clock.advance(hours=25)
    state.look()
    assert state.now == debugger.now == "2026-01-06 10:00:00 UTC"
    assert state.about == "The newest token expired 1 hour ago."


def test_a_system_clock_is_shown_and_not_moved():
    """No click changes anything, and the code only reads it."""
    with authkit.Tenant.open() as tenant:
        state = ClockState(tenant)
        state.seconds = "-1"
        for click in (state.advance, state.before_exp, state.at_exp, state.day_later, state.reset, state.look):
            click()
        assert not state.steerable
        assert (state.failure, state.shown) == (None, {})
        assert state.python == "tenant.clock.now()"


def test_the_code_does_the_same_as_the_click(tenant, twin, token, state, run):
    """On a tenant like it, click by click."""
    state.seconds = "12.5"
    for click in (state.advance, state.at_exp, state.before_exp, state.day_later):
        click()
        run(state.python, twin)
        assert twin.clock.now() == tenant.clock.now()


def test_there_is_no_request_that_moves_a_clock(state):
    """It is said, and no request is made up."""
    assert state.http.startswith("No request moves a clock")


def test_a_clock_at_the_end_of_time_is_reported(tenant, state):
    """The step would end after the year 8999."""
    for _ in range(2):
        state.seconds = str(110_000_000_000)
        state.advance()
        state.day_later()
    assert state.shown["seconds"].code == "clock.step"
    assert state.failure is None


def test_a_store_that_fails_is_reported_not_raised(tenant, state):
    """The time is still told."""
    tenant.close()
    state.look()
    state.at_exp()
    assert state.failure is not None and state.failure.code == "storage.closed"
    assert state.now == "2026-01-05 09:00:00 UTC"


def test_a_token_keeps_its_exp_when_the_api_gets_another_lifetime(tenant, state, token):
    """Tokens issued before stay as they are."""
    tenant.apis.update(ORDERS, token_lifetime=60)
    state.look()
    assert state.expires == authkit.decode(token).payload["exp"] == START + 86400


def test_a_store_that_another_program_has_locked_is_not_waited_for(tmp_path):
    """The newest token is known all the same: its entry waits for the store, here."""
    with authkit.Tenant.open(tmp_path / "tenant.db") as tenant:
        orders = tenant.apis.create(identifier=ORDERS)
        app = tenant.applications.create(name="Nightly report")
        tenant.client_grants.create(app, orders)
        other = sqlite3.connect(tmp_path / "tenant.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        before = time.monotonic()
        issued = tenant.request_token(authkit.ClientCredentials(app, audience=ORDERS))
        state = ClockState(tenant)
        assert time.monotonic() - before < BUSY_SECONDS / 2
        assert state.failure is None and state.expires == authkit.decode(issued.access_token).payload["exp"]
        other.close()
