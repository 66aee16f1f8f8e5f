"""The test of an API, without a view: the exchange, its answer and the rule that decided."""

import json

import pytest

from authkit import GrantRefused
from authkit.widgets.states.apis import VIEWS, ApisState
from authkit.widgets.states.clock import ClockState

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"


@pytest.fixture
def panel(tenant):
    panel = ApisState(tenant)
    panel.view = VIEWS.index("Test")
    return panel


@pytest.fixture
def state(panel):
    return panel.test


@pytest.mark.parametrize("identifier", [ORDERS, STOCK])
def test_an_authorised_application_gets_a_token(tenant, twin, run, send, panel, state, identifier):
    """The same by click, Python and request; no secret in any of it."""
    panel.chosen = tenant.apis.get(identifier).id
    state.ask()
    assert state.issued and state.status == "HTTP 200"
    assert state.trace.sentence == "Issued: all 5 rules passed."
    assert state.payload["aud"] == identifier
    assert run(state.python, twin)["_"].access_token == state.token
    [answer] = send(state.http, twin)
    assert answer.json()["access_token"] == state.token
    assert {**answer.json(), "access_token": ""} == {**json.loads(state.answer), "access_token": ""}
    assert state.token not in state.answer
    for secret in [one.client_secret.reveal() for one in tenant.applications]:
        assert secret not in state.sent + state.answer + state.python + state.http


def test_an_application_that_is_not_authorised_is_refused(tenant, twin, run, send, panel, state):
    """The rule that refused is named, with what would repair it; code and request are refused alike."""
    for one in (tenant, twin):
        other = one.applications.create(name="Other")
    panel.refresh()
    assert [label for label, _ in state.choices] == ["Nightly report – authorised", "Other – not authorised"]
    state.client_id = other.client_id
    state.ask()
    assert not state.issued and state.status == "HTTP 403" and state.token == ""
    assert state.trace.refusing.name == "client_grant" and "client_grants.create" in state.remedy
    with pytest.raises(GrantRefused):
        run(state.python, twin)
    [answer] = send(state.http, twin)
    assert (answer.status_code, answer.json()) == (403, json.loads(state.answer))


def test_a_scope_that_is_not_granted_is_refused(state):
    """By the last rule."""
    state.scope = "write:orders"
    state.ask()
    assert state.trace.refusing.name == "scope" and "write%3Aorders" in state.sent


def test_a_scope_can_be_asked_for(twin, run, send, state):
    """And is in the code and the request."""
    state.scope = "read:orders"
    state.ask()
    assert state.payload["scope"] == "read:orders"
    assert run(state.python, twin)["_"].access_token == state.token
    assert send(state.http, twin)[0].json()["scope"] == "read:orders"


def test_an_application_without_a_secret_is_refused(tenant, panel, state):
    """And its request holds none."""
    spa = tenant.applications.create(name="Map", app_type="spa")
    panel.refresh()
    state.client_id = spa.client_id
    state.ask()
    assert state.trace.refusing is not None and "client_secret" not in state.sent


def test_half_a_surrogate_pair_is_refused_not_raised(state):
    """It is no scope of anything."""
    state.scope = "half \ud800"
    state.ask()
    assert not state.issued and state.failure.code == "request.scope"
    (state.sent + state.answer + state.http).encode("utf-8")


def test_without_an_application_there_is_nothing_to_ask(tenant, run, panel, state):
    """The click does nothing, and the code says why."""
    tenant.applications.delete(next(iter(tenant.applications)))
    panel.refresh()
    state.ask()
    assert state.trace is None and "create one" in state.http


def test_an_outcome_goes_with_its_question(tenant, panel, state):
    """Another scope, another API, or Reset."""
    for change in (
        lambda: setattr(state, "scope", "x"),
        lambda: setattr(panel, "chosen", tenant.apis.get(STOCK).id),
        state.reset,
    ):
        state.ask()
        assert state.trace is not None
        change()
        assert (state.trace, state.token, state.answer, state.payload) == (None, "", "", {})


def test_a_change_elsewhere_leaves_the_answer_on_the_table(tenant, state):
    """It is what was answered then."""
    state.ask()
    token = state.token
    ApisState(tenant).grants.withdraw()
    assert state.token == token
    state.ask()
    assert not state.issued


def test_the_clock_hears_of_the_token(tenant, state):
    """It says when the newest one expires."""
    clock = ClockState(tenant)
    assert clock.expires is None
    state.ask()
    assert clock.expires == state.payload["exp"]
