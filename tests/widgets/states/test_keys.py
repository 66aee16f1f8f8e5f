"""The keys panel, without a view: keys move along, and three kinds of client see it differently."""

import socket
import threading

import pytest

import authkit
from authkit.widgets.states.clock import ClockState
from authkit.widgets.states.key_times import timeline
from authkit.widgets.states.keys import KeysState

ORDERS = "https://orders.example/"
YES, NO = "accepted", "refused"


@pytest.fixture
def state(tenant):
    return KeysState(tenant)


def table(state):
    """For each token the number of its key, and the three outcomes."""
    return [
        (row.key, row.published.outcome, row.client.outcome if row.client else None, row.pasted.outcome)
        for row in state.rows
    ]


def click(state, *names):
    for name in names:
        getattr(state, name)()
        assert state.failure is None, state.failure


def places(state):
    return [lane.place for lane in state.times.lanes]


def test_it_starts_with_a_current_and_a_next_key(tenant, state):
    """As every tenant does; nothing was asked of it yet."""
    assert places(state) == ["current", "next"]
    assert (state.rows, state.fetches, state.can_revoke) == ((), 0, False)
    assert state.pasted == 1
    assert tenant.keys.current.kid in state.jwks


def test_rotate_moves_every_key_along(tenant, state):
    """The learner's own tenant, really."""
    before = tenant.keys.current.kid
    click(state, "rotate")
    assert places(state) == ["previous", "current", "next"]
    assert tenant.keys.current.kid != before
    assert state.can_revoke
    assert state.note.startswith("Key 2 signs now. Key 1 is previous")


def test_the_timeline_says_what_each_key_was(tenant, state):
    """Rotation by rotation; the previous key revoked by hand, or by the next rotation."""
    click(state, "rotate")
    tenant.clock.advance(days=1)
    click(state, "revoke_previous")
    assert state.times.lanes[0].spells == ("current", "previous, then revoked")
    tenant.clock.advance(days=1)
    click(state, "rotate", "rotate")
    first, second, third, fourth = (lane.spells for lane in timeline(tenant.keys.ring).lanes)
    assert [len(state.times.since), state.times.lanes[0].number] == [3, 2]
    assert first == ("current", "previous", "revoked")
    assert second == ("next", "current", "previous")
    assert third == ("", "next", "current")
    assert fourth == ("", "", "next")


def test_the_spells_begin_when_a_key_became_current(tenant, state):
    """The tenant's start, then each rotation."""
    tenant.clock.advance(days=1)
    click(state, "rotate")
    assert state.times.since == (1767603600, 1767690000)


def test_a_token_holds_until_its_key_is_revoked(state):
    """With the JWKS as published; after the rotation still, after the revocation no more."""
    click(state, "issue", "rotate")
    assert table(state) == [(1, YES, None, YES)]
    click(state, "revoke_previous")
    assert state.rows[0].published.decisive.code == "key.unknown_kid"
    assert state.rows[0].place == "revoked"


def test_a_pasted_pem_breaks_with_the_next_key_and_outlives_a_revocation(state):
    """Both are wrong: good tokens are refused, and a revoked key is still trusted."""
    click(state, "issue", "rotate", "issue", "revoke_previous")
    assert table(state) == [(1, NO, None, YES), (2, YES, None, NO)]
    assert state.rows[1].pasted.decisive.code == "signature.mismatch"
    click(state, "paste")
    assert table(state) == [(1, NO, None, NO), (2, YES, None, YES)]
    assert state.pasted == 2


def test_the_client_fetches_once_and_knows_the_next_key_already(state):
    """It was published before it signed anything."""
    click(state, "issue", "client_verifies")
    assert (state.fetches, state.hits, state.refused_refetches) == (1, 0, 0)
    click(state, "rotate", "issue", "client_verifies")
    assert (state.fetches, state.hits, state.refused_refetches) == (1, 2, 0)
    assert table(state) == [(1, YES, YES, YES), (2, YES, YES, NO)]


def test_the_client_goes_on_trusting_a_revoked_key_until_its_cache_is_old(tenant, state):
    """Ten minutes on the tenant's clock."""
    click(state, "issue", "client_verifies", "rotate", "revoke_previous", "client_verifies")
    assert table(state) == [(1, NO, YES, YES)]
    tenant.clock.advance(seconds=600)
    click(state, "client_verifies")
    assert table(state) == [(1, NO, NO, YES)]
    assert state.fetches == 2


def test_an_unknown_kid_waits_for_the_cooldown(tenant, state):
    """Two rotations at once are one too many for a cache; half a minute later it asks again."""
    click(state, "issue", "client_verifies", "rotate", "rotate", "issue", "client_verifies")
    assert table(state)[-1] == (3, YES, NO, NO)
    assert (state.fetches, state.refused_refetches) == (1, 1)
    assert "cooldown" in state.note
    tenant.clock.advance(seconds=30)
    click(state, "client_verifies")
    assert table(state)[-1] == (3, YES, YES, NO)
    assert state.fetches == 2


def test_a_new_token_has_not_been_seen_by_the_client(state):
    """Its verdict on the one before says nothing about it."""
    click(state, "issue", "client_verifies", "issue")
    assert table(state) == [(1, YES, None, YES)]


def test_no_server_is_left_behind(state):
    """It runs only while the client verifies: no thread stays, and the port is free again."""
    before = threading.active_count()
    click(state, "issue", "client_verifies", "client_verifies")
    assert threading.active_count() == before
    with socket.socket() as other:
        other.bind(("127.0.0.1", state._port))


def test_a_port_that_is_taken_is_reported(state):
    """Reset brings a client with another address."""
    click(state, "issue", "client_verifies")
    with socket.socket() as other:
        other.bind(("127.0.0.1", state._port))
        other.listen()
        state.client_verifies()
        assert state.failure is not None and state.failure.code == "port_in_use"
        state.reset()
        click(state, "issue", "client_verifies")
    assert state.fetches == 1


def test_revoking_without_a_previous_key_is_reported(state):
    """By the ring's own rule."""
    state.revoke_previous()
    assert state.failure is not None and state.failure.code == "signing_key.not_previous"
    assert state.note == ""


def test_the_last_published_training_key_is_reported(tenant, state):
    """A training tenant has eight; the clicks before it count."""
    click(state, *["rotate"] * 6)
    kid = tenant.keys.current.kid
    state.rotate()
    assert state.failure is not None and state.failure.code == "training_keys.exhausted"
    assert tenant.keys.current.kid == kid


def test_verifying_without_a_token_is_reported(state):
    """There is nothing to verify."""
    state.client_verifies()
    assert state.failure is not None and state.failure.code == "keys.no_token"


def test_issuing_without_anyone_authorised_is_reported():
    """And says what to create; an HS256 API does not count, nor the tenant's own."""
    with authkit.training_tenant() as tenant:
        stock = tenant.apis.create(identifier="https://stock.example/", signing_alg="HS256")
        application = tenant.applications.create(name="Nightly report")
        tenant.client_grants.create(application, stock)
        tenant.client_grants.create(application, f"{tenant.issuer}api/v2/", ["read:clients"])
        state = KeysState(tenant)
        for name in ("issue", "paste"):
            getattr(state, name)()
        assert state.failure is not None and state.failure.code == "keys.nobody_authorised"
        assert state.rows == ()


def test_a_token_of_an_api_that_is_gone_leaves_the_table(tenant, state):
    """Nothing can be verified for it any more."""
    click(state, "issue")
    tenant.apis.delete(ORDERS)
    click(state, "rotate")
    assert state.rows == ()


def test_a_token_of_an_api_of_another_dialect_is_verified_by_its_policy(tenant, state, run):
    """RFC 9068 says at+jwt, and so does the code."""
    tenant.apis.update(ORDERS, token_dialect="rfc9068_profile")
    click(state, "issue", "client_verifies")
    assert table(state) == [(1, YES, YES, YES)]
    assert [verdict.outcome for verdict in run(state.python, tenant)["verdicts"]] == [YES]


def test_it_follows_the_clock(tenant, state):
    """What has expired is refused with any keys."""
    click(state, "issue")
    clock = ClockState(tenant)
    clock.at_exp()
    assert state.rows[0].published.decisive.code == "exp.expired"


def test_reset_forgets_tokens_and_clients_but_not_the_keys(tenant, state):
    """What was rotated stays so; the PEM is that of the current key again."""
    click(state, "issue", "client_verifies", "rotate")
    state.reset()
    assert (state.rows, state.fetches, state.hits, state.note) == ((), 0, 0, "")
    assert places(state) == ["previous", "current", "next"]
    assert state.pasted == 2
    assert state.python == "tenant.keys.rotate()"


def test_the_code_of_every_click_does_the_same(tenant, twin, state, run):
    """Click by click on a tenant like it: the same keys, the same token, the same verdicts."""
    click(state, "issue")
    assert run(state.python, twin)["token"] == state._kept[tenant.keys.current.kid].token
    click(state, "rotate")
    run(state.python, twin)
    click(state, "issue", "client_verifies")
    made = run(state.python, twin)
    assert made["verdicts"] == [row.client for row in state.rows]
    assert made["_"].fetches == state.fetches
    click(state, "revoke_previous")
    run(state.python, twin)
    assert twin.jwks == tenant.jwks
    click(state, "paste")
    token = state._kept[tenant.keys.current.kid].token
    assert run(state.python, twin)["client"].explain(token) == state.rows[-1].pasted


def test_the_requests_do_the_same_as_the_clicks(tenant, twin, state, send):
    """Rotated, revoked and issued over HTTP; keys and certificate fetched."""
    click(state, "rotate")
    assert [answer.status_code for answer in send(state.http, twin)] == [201]
    click(state, "revoke_previous")
    assert [answer.status_code for answer in send(state.http, twin)] == [200]
    assert twin.jwks == tenant.jwks
    click(state, "issue")
    [answer] = send(state.http, twin)
    assert answer.json()["access_token"] == state._kept[tenant.keys.current.kid].token
    click(state, "client_verifies")
    [answer] = send(state.http, twin)
    assert answer.json() == tenant.jwks
    click(state, "paste")
    [answer] = send(state.http, twin)
    keys = authkit.KeySet.from_pem(answer.text)
    assert keys.keys[0].material == authkit.KeySet.from_pem(tenant.keys.current.public_pem).keys[0].material


def test_no_private_key_is_in_anything_it_shows(state):
    """Nor in the code of any click."""
    shown = ""
    for name in ("issue", "client_verifies", "rotate", "revoke_previous", "paste"):
        click(state, name)
        shown += repr(state.trait_values())
    assert "PRIVATE" not in shown and '"d":' not in shown


def test_a_store_that_fails_is_reported_not_raised(tenant, state):
    """Whatever is clicked."""
    tenant.close()
    for name in ("rotate", "revoke_previous", "issue", "paste", "client_verifies", "reset", "refresh"):
        getattr(state, name)()
    assert state.failure is None or state.failure.code == "storage.closed"


def test_a_pem_that_cannot_be_pasted_leaves_the_one_before(tenant, state):
    """All of the click or nothing of it."""
    click(state, "rotate")
    before = state.pasted
    for grant in list(tenant.client_grants):
        tenant.client_grants.delete(grant)
    state.paste()
    assert state.failure.code == "keys.nobody_authorised" and state.pasted == before
