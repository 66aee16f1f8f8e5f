"""The debugger's side that signs: header and payload as typed, a key, a token – and never a verdict."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authkit import Secret, decode
from authkit.jose.encoding import decode_segment
from authkit.widgets.states.debugger import DebuggerState
from authkit.widgets.states.encode import TYPED, EncodeState

ORDERS = "https://orders.example/"
STOCK = "https://stock.example/"
SECRET = "correct horse battery staple, 32 bytes and more"


@pytest.fixture
def state(tenant):
    return EncodeState(tenant)


def test_what_is_suggested_is_a_good_token(tenant, state):
    """Signed as it stands, the tenant's own verifier accepts it."""
    state.sign()
    assert tenant.verifier(ORDERS).explain(state.token).outcome == "accepted"
    assert "current key" in state.signed_with


def test_the_suggestion_for_an_api_of_rfc_9068_is_good_too(tenant, state):
    """Its typ, and the claims that its dialect asks for."""
    tenant.apis.update(ORDERS, token_dialect="rfc9068_profile")
    state.reset()
    state.sign()
    assert tenant.verifier(ORDERS).explain(state.token).outcome == "accepted"


def test_the_secret_of_an_api_signs(tenant, state):
    """Chosen, header and payload follow."""
    state.sign()
    state.signer = f"api:{STOCK}"
    assert state.token == ""
    state.sign()
    assert tenant.verifier(STOCK).explain(state.token).outcome == "accepted"


def test_every_signing_key_of_the_ring_signs(tenant, state):
    """The next one is published already; a revoked one is not any more."""
    first = tenant.keys.current.kid
    tenant.keys.rotate()
    tenant.keys.revoke(first)
    state.refresh()
    outcomes = {}
    for label, name in state.signers:
        if name.startswith("key:"):
            state.signer = name
            state.sign()
            outcomes[label.split()[2]] = tenant.verifier(ORDERS).explain(state.token).outcome
    assert outcomes == {"current": "accepted", "next": "accepted", "revoked": "refused"}


def test_a_typed_secret_signs_and_is_not_shown(state):
    """Only its length is."""
    state.signer = TYPED
    state.sign()
    assert state.failure is not None and state.failure.code == "signing_secret.missing"
    state.give_secret(Secret(SECRET))
    state.sign()
    assert decode(state.token).header == {"alg": "HS256", "typ": "JWT"}
    assert state.held == f"{len(SECRET)} characters, masked"
    assert SECRET not in repr(state.trait_values())


@pytest.mark.parametrize(
    ("secret", "code"),
    [("short", "signing_secret.too_short"), ("\ud800" * 40, "signing_secret.not_text")],
    ids=["short", "surrogate"],
)
def test_a_secret_that_protects_nothing_does_not_sign(state, secret, code):
    """Shown, not raised."""
    state.signer = TYPED
    state.give_secret(Secret(secret))
    state.sign()
    assert state.failure is not None and state.failure.code == code
    assert state.token == ""


def test_header_and_payload_are_signed_as_they_are_typed(state):
    """Any member, in the order it stands in."""
    state.header = '{"kid": "mine", "alg": "RS256", "x": [1, null]}'
    state.payload = '{"b": 1, "a": {"é": 2.5}}'
    state.sign()
    header, payload, _ = state.token.split(".")
    assert decode_segment(header).decode() == '{"kid":"mine","alg":"RS256","x":[1,null]}'
    assert decode_segment(payload).decode() == '{"b":1,"a":{"é":2.5}}'


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ('{"alg": "none"}', "algorithm.unknown"),
        ('{"alg": ["RS256"]}', "algorithm.unknown"),
        ("{}", "algorithm.unknown"),
        ('{"alg": "HS256"}', "signing_key.wrong_kind"),
    ],
)
def test_an_algorithm_that_cannot_sign_is_said(state, header, code):
    """None, no text, none at all, and one for another kind of key."""
    state.header = header
    state.sign()
    assert state.failure is not None and state.failure.code == code
    assert state.token == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "json.not_json"),
        ("[1]", "json.not_an_object"),
        ('{"a": 1, "a": 2}', "json.duplicate_member"),
        ('{"a": "' + "x" * 20_000 + '"}', "json.too_large"),
        ("\ud800", "json.not_utf8"),
        ("{" * 50, "json.too_deep"),
    ],
    ids=lambda value: value[:12],
)
def test_what_is_no_json_is_said_at_its_field(state, typed, code):
    """And nothing is signed."""
    state.payload = typed
    state.sign()
    assert {name: found.code for name, found in state.shown.items()} == {"payload": code}
    assert state.token == ""


def test_a_token_is_gone_once_anything_is_changed(state):
    """It would not be what stands beside it."""
    state.sign()
    assert state.token
    state.payload = '{"sub": "you"}'
    assert (state.token, state.signed_with) == ("", "")


def test_what_was_signed_stays_when_the_clock_moves(tenant, state):
    """What was not, follows the tenant's time."""
    tenant.clock.advance(hours=1)
    state.refresh()
    assert json.loads(state.payload)["iat"] == 1767607200
    state.sign()
    token = state.token
    tenant.clock.advance(hours=1)
    state.refresh()
    assert state.token == token
    assert json.loads(state.payload)["iat"] == 1767607200


def test_reset_forgets_what_was_typed(state):
    """The secret, too."""
    header, payload, signer = state.header, state.payload, state.signer
    state.signer, state.header, state.payload = TYPED, "x", "y"
    state.give_secret(Secret(SECRET))
    state.reset()
    assert (state.header, state.payload, state.signer, state.held) == (header, payload, signer, "")


def test_a_signer_that_is_gone_makes_room_for_the_current_key(tenant, state):
    """An API that was deleted has no secret any more."""
    state.signer = f"api:{STOCK}"
    tenant.apis.delete(STOCK)
    state.refresh()
    assert state.signer == f"key:{tenant.keys.current.kid}"


def test_a_store_that_fails_is_reported_not_raised(tenant, state):
    """A tenant that was closed."""
    tenant.close()
    state.sign()
    assert state.failure is not None and state.failure.code == "storage.closed"


def test_a_secret_edited_here_verifies_nothing_there(tenant, state):
    """The Verify side keeps its own keys: the token alone goes over."""
    verify = DebuggerState(tenant, STOCK)
    state.signer = TYPED
    state.give_secret(Secret(SECRET))
    state.payload = json.dumps({**json.loads(state.payload), "aud": STOCK})
    state.sign()
    verify.take(state.token)
    assert headline(verify) == "REFUSED by the check 'signature'"
    state.give_secret(Secret(SECRET.upper()))
    assert headline(verify) == "REFUSED by the check 'signature'"
    verify.kind = "secret"
    assert (headline(verify), verify.held) == ("", "")
    verify.give_secret(Secret(SECRET))
    assert headline(verify).startswith("ACCEPTED")


def headline(verify: DebuggerState) -> str:
    return verify.verdict.headline if verify.verdict is not None else ""


@pytest.mark.parametrize("signer", ["key", "next", "api", "typed"])
def test_the_code_gives_the_token_of_the_click(tenant, state, run, monkeypatch, signer):
    """Run as it stands; a typed secret is asked for."""
    monkeypatch.setattr("getpass.getpass", lambda prompt: SECRET)
    following = next(name for label, name in state.signers if "next" in label)
    names = {"key": state.signer, "next": following, "api": f"api:{STOCK}", "typed": TYPED}
    state.signer = names[signer]
    state.give_secret(Secret(SECRET))
    state.sign()
    assert run(state.python, tenant)["token"] == state.token != ""
    assert SECRET not in state.python


def test_signing_needs_no_request(state):
    """Said in a line; what is sent is the token."""
    assert "GET" not in state.http
    state.sign()
    assert f"Bearer {state.token}" in state.http


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=st.text(max_size=30), payload=st.text(max_size=30))
def test_no_text_raises(state, header, payload):
    """Whatever is typed."""
    state.header, state.payload = header, payload
    state.sign()
    assert state.token == "" or (not state.shown and state.failure is None)
