"""The debugger with keys that are not the tenant's: pasted, typed or fetched, and what is expected with them."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit import RemoteKeySet, Secret, serve
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.debugger import DebuggerState
from authkit.widgets.states.key_material import KINDS

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"


@pytest.fixture
def state(tenant, token):
    return DebuggerState(tenant, ORDERS, token)


@pytest.fixture
def stock(tenant):
    """A debugger on an HS256 API with a good token of it, and that API's secret."""
    state = DebuggerState(tenant, STOCK)
    state.get_token()
    state.kind = "secret"
    secret = tenant.apis.get(STOCK).signing_secret
    assert secret is not None
    return state, secret


def pasted(tenant):
    key = tenant.keys.current
    return [
        ("jwks", json.dumps(tenant.jwks)),
        ("jwk", json.dumps(key.public_jwk)),
        ("pem", key.public_pem),
        ("pem", key.certificate),
    ]


def decisive(state):
    assert state.verdict is not None and state.verdict.decisive is not None
    return state.verdict.decisive.code


def test_public_keys_may_be_pasted(tenant, state, run):
    """In each form; the code gives the same verdict."""
    for kind, text in pasted(tenant):
        state.kind = kind
        state.paste(text)
        assert state.verdict is not None and state.verdict.outcome == "accepted"
        assert state.pasted == text
        assert run(state.python, tenant)["_"] == state.verdict


def test_without_keys_it_says_what_is_missing(state):
    """And the token is read all the same."""
    for kind in ("jwks", "secret", "url"):
        state.kind = kind
        assert state.verdict is None and state.failure is None
        assert state.waiting
        assert state.parts[1].members["aud"] == ORDERS


def test_a_shared_secret_verifies_and_is_not_shown(tenant, stock, run, monkeypatch):
    """The code asks for it."""
    state, secret = stock
    assert state.expected_algorithms == "HS256"
    state.give_secret(secret)
    assert state.verdict is not None and state.verdict.outcome == "accepted"
    assert state.held.endswith("characters, masked")
    assert secret.reveal() not in repr(state.trait_values())
    monkeypatch.setattr("getpass.getpass", lambda prompt: secret.reveal())
    assert run(state.python, tenant)["_"] == state.verdict


def test_the_same_secret_is_another_one_as_base64url(stock):
    """What it is, is chosen."""
    state, _ = stock
    state.give_secret(Secret("correct-horse-battery-staple-of-32-bytes-xxA"))
    assert decisive(state) == "signature.mismatch"
    state.kind = "base64url"
    assert decisive(state) == "signature.mismatch"
    state.give_secret(Secret("not base64url, but long enough for text"))
    assert state.failure is not None and state.failure.code == "key_set.secret_not_base64url"


def test_a_public_key_is_refused_as_a_secret(tenant, state):
    """A PEM that was pasted, and then called a secret."""
    state.kind = "pem"
    state.paste(tenant.keys.current.public_pem)
    state.kind = "secret"
    assert state.failure is not None and state.failure.code == "key_set.secret_public_key"


def test_a_private_key_that_is_pasted_is_refused_and_not_shown(tenant, state):
    """It moves to the kernel; the control is emptied."""
    private = tenant.keys.current.private_pem().reveal()
    state.kind = "pem"
    state.paste(private)
    assert state.pasted == ""
    assert state.held
    assert state.failure is not None and state.failure.code == "key_set.private_key"
    assert "PRIVATE KEY-----" not in repr(state.trait_values())


def test_what_is_expected_is_that_of_the_api_until_it_is_changed(tenant, state):
    """Issuer, audience, algorithms and policy decide."""
    state.kind = "jwks"
    state.paste(json.dumps(tenant.jwks))
    assert (state.expected_issuer, state.expected_audience) == (tenant.issuer, ORDERS)
    for name, value, code in (
        ("expected_issuer", "https://other.example/", "iss.mismatch"),
        ("expected_audience", STOCK, "aud.mismatch"),
        ("expected_algorithms", "PS256, HS256", "alg.not_allowed"),
        ("policy", "RFC9068", "typ.wrong"),
    ):
        before = getattr(state, name)
        setattr(state, name, value)
        assert decisive(state).split(".")[0] == code.split(".")[0]
        setattr(state, name, before)
    assert state.verdict is not None and state.verdict.outcome == "accepted"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("expected_issuer", " ", "verifier.issuer"),
        ("expected_audience", "", "verifier.audience"),
        ("expected_algorithms", "none", "verifier.algorithms"),
        ("expected_algorithms", "", "verifier.algorithms"),
    ],
)
def test_an_expectation_that_verifies_nothing_is_refused(tenant, state, name, value, code):
    """Shown as what it is: no fault of the token."""
    state.kind = "jwks"
    state.paste(json.dumps(tenant.jwks))
    setattr(state, name, value)
    assert state.verdict is None
    assert state.failure is not None and state.failure.code == code


def test_an_unknown_algorithm_does_not_stop_decoding(tenant, token):
    """The parts are shown; the verdict is refused by alg."""
    state = DebuggerState(tenant, ORDERS, "eyJhbGciOiJYWVo5OTkifQ." + token.split(".", 1)[1])
    assert state.parts[0].members == {"alg": "XYZ999"}
    assert state.parts[1].members["aud"] == ORDERS
    assert decisive(state) == "alg.not_allowed"


def test_a_jwks_is_fetched_only_on_request(tenant, state, run):
    """Once; not by typing, not by an unknown kid, not when the clock moves on."""
    with serve(tenant) as server:
        state.kind = "url"
        state.url = server.jwks_uri
        assert state.host == server.jwks_uri.split("/")[2]
        assert state.verdict is None and f"Fetch from {state.host}" in state.waiting
        state.fetch()
        assert state.verdict is not None and state.verdict.outcome == "accepted"
        assert run(state.python, tenant)["_"] == state.verdict
    tenant.keys.rotate()
    tenant.keys.rotate()  # the server is gone: whatever asked it now would fail
    state.get_token()
    tenant.clock.advance(hours=2)
    state.refresh()
    assert decisive(state) == "key.unknown_kid"
    state.fetch()
    assert state.verdict is None
    assert state.failure is not None and state.failure.code == "jwks_unavailable"


def test_nothing_is_fetched_before_the_click(state, monkeypatch):
    """Whatever is typed."""
    monkeypatch.setattr(RemoteKeySet, "select", lambda *_: pytest.fail("fetched"))
    state.kind = "url"
    for url in ("https://issuer.example/jwks", "http://issuer.example/", "x", "https://a@b.example/"):
        state.url = url
        state.refresh()
        assert state.verdict is None


@pytest.mark.parametrize("url", ["http://issuer.example/jwks", "issuer.example", "ftp://127.0.0.1/", "https://a@b/"])
def test_an_address_that_keys_are_not_trusted_from_is_said_at_once(state, url):
    """Https, or loopback; no user name."""
    state.kind = "url"
    state.url = url
    assert state.failure is not None and state.failure.code == "jwks_uri.not_trusted"
    state.fetch()
    assert state.failure is not None and state.failure.code == "jwks_uri.not_trusted"


def test_fetched_keys_go_with_their_address(tenant, state):
    """Another address, no keys."""
    with serve(tenant) as server:
        state.kind, state.url = "url", server.jwks_uri
        state.fetch()
        assert state.fetched
        state.url = server.jwks_uri + "?"
    assert (state.verdict, state.fetched) == (None, "")


def test_reset_forgets_key_material(tenant, stock):
    """And is back at the tenant's."""
    state, secret = stock
    state.give_secret(secret)
    state.reset()
    assert (state.kind, state.held, state.pasted) == ("api", "", "")
    state.kind = "secret"
    assert state.verdict is None and state.waiting


def test_the_requests_are_those_that_are_made(tenant, state):
    """With an address the one for it; else none."""
    state.kind, state.url = "url", "https://issuer.example/keys?v=1"
    assert "GET /keys?v=1\nHost: issuer.example" in state.http
    state.kind = "pem"
    assert "Nothing is fetched" in state.http


MOVES = st.one_of(
    st.tuples(st.just("kind"), st.sampled_from([name for _, name in KINDS])),
    st.tuples(
        st.sampled_from(
            ["token", "url", "expected_issuer", "expected_audience", "expected_algorithms", "paste", "give"]
        ),
        st.one_of(st.text(max_size=40), st.sampled_from(["RS256", "https://a.example/", '{"keys": []}', "a.b.c"])),
    ),
    st.tuples(st.sampled_from(["reset", "get_token", "refresh"]), st.just("")),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(MOVES, min_size=40, max_size=40))
def test_no_walk_raises(tenant, walk):
    """Forty steps: there is a verdict, or a reason why there is none."""
    state = DebuggerState(tenant, ORDERS)
    for name, value in walk:
        if name == "paste":
            state.paste(value)
        elif name == "give":
            state.give_secret(Secret(value))
        elif name in ("reset", "get_token", "refresh"):
            getattr(state, name)()
        else:
            setattr(state, name, value)
        assert [state.verdict is not None, state.failure is not None, bool(state.waiting)].count(True) <= 1
        if state.token.strip():
            assert state.verdict is not None or state.failure is not None or state.waiting


@pytest.mark.parametrize(
    "address", ["https://[::1", "https://[x]/", "https://a\u2100b/", "orders.example/jwks", "http://"]
)
def test_an_address_without_a_host_is_no_fault_of_anybody_else(tenant, state, address):
    """It is said where it was typed; the snippet asks nobody, and other panels go on."""
    clock = ClockState(tenant)
    state.kind, state.url = "url", address
    assert "names no host" in state.http and state.host == ""
    clock.day_later()
    assert clock.failure is None
