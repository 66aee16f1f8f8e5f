"""The tenant's signing keys in the store."""

import threading

import pytest

from authkit import Api, ConfigurationError, SteerableClock, Tenant

Training = Tenant[SteerableClock]


def places(tenant: Training) -> list[str]:
    return [entry.place for entry in tenant.keys.ring.keys]


def test_a_tenant_starts_with_a_current_and_a_next_key(tenant: Training) -> None:
    """Both published, the current one first."""
    assert places(tenant) == ["current", "next"]
    assert [jwk["kid"] for jwk in tenant.jwks["keys"]] == [entry.key.kid for entry in tenant.keys.ring.keys]


def test_rotation_gives_the_new_current_key(tenant: Training) -> None:
    """The one that was next."""
    following = tenant.keys.ring.at("next")
    assert following is not None and tenant.keys.rotate().kid == following.kid == tenant.keys.current.kid
    assert places(tenant) == ["previous", "current", "next"]


def test_rotation_is_dated_by_the_clock(tenant: Training) -> None:
    """The tenant's own."""
    tenant.clock.advance(hours=1)
    tenant.keys.rotate()
    first, second, _ = tenant.keys.ring.keys
    assert first.current_until == second.current_since == int(tenant.clock.now())


def test_a_revoked_key_leaves_the_jwks(tenant: Training) -> None:
    """And never returns."""
    old = tenant.keys.current.kid
    tenant.keys.rotate()
    tenant.keys.revoke(old)
    for _ in range(2):
        assert old not in [jwk["kid"] for jwk in tenant.jwks["keys"]]
        tenant.keys.rotate()
    with pytest.raises(ConfigurationError) as caught:
        tenant.keys.revoke(old)
    assert caught.value.code == "signing_key.not_previous"


def test_a_refused_revocation_changes_nothing(tenant: Training) -> None:
    """The current key is still needed."""
    before = repr(tenant.keys)
    with pytest.raises(ConfigurationError):
        tenant.keys.revoke(tenant.keys.current.kid)
    assert repr(tenant.keys) == before


def test_a_key_is_parsed_once(tenant: Training) -> None:
    """The same object signs, request after request, through every rotation."""
    current, following = tenant.keys.current, tenant.keys.ring.at("next")
    assert tenant.keys.current is current
    assert tenant.keys.rotate() is following and tenant.keys.ring.at("previous") is current


def test_the_private_halves_show_nowhere(tenant: Training) -> None:
    """Text and table name places and kids."""
    shown = repr(tenant.keys) + tenant.keys._repr_html_() + repr(tenant.keys.ring) + repr(tenant.keys.current)
    for entry in tenant.keys.ring.keys:
        assert entry.key.private_pem().reveal().splitlines()[1] not in shown
        assert entry.key.kid in tenant.keys._repr_html_()


def test_the_table_breaks_no_short_word(tenant: Training) -> None:
    """Beside long kids a narrow notebook would write the last letter of "previous" on a line of its own."""
    tenant.keys.rotate()
    for word in ("previous", "2026-01-05", "09:00:00"):
        assert f'<span style="white-space:nowrap">{word}</span>' in tenant.keys._repr_html_()


@pytest.mark.slow
def test_reading_and_rotating_at_once_never_stands_still(tenant: Training, api: Api) -> None:
    """Readers in other threads – a server's – and a rotation in this one wait for each other in one order."""
    stop = threading.Event()
    seen: set[str] = set()

    def read() -> None:
        while not stop.is_set():
            seen.add(tenant.keys.current.kid)
            assert len(tenant.jwks["keys"]) in (2, 3)

    def rotate() -> None:
        for _ in range(6):
            tenant.keys.rotate()

    readers = [threading.Thread(target=read, daemon=True) for _ in range(3)]
    rotating = threading.Thread(target=rotate, daemon=True)
    for thread in (*readers, rotating):
        thread.start()
    rotating.join(20)
    stop.set()
    for thread in readers:
        thread.join(5)
    assert not rotating.is_alive() and not any(thread.is_alive() for thread in readers)
    assert tenant.keys.current.kid == tenant.keys.ring.keys[-2].key.kid and seen
