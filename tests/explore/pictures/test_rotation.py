"""`rotation_timeline`: every place that a key has had."""

from authkit import SteerableClock, Tenant
from authkit.explore import Picture, rotation_timeline, table
from authkit.explore.pictures.rotation import MOST

Training = Tenant[SteerableClock]


def drawn(picture: Picture) -> list[str]:
    return [text.get_text() for text in picture.figure.axes[0].texts]


def test_a_new_tenant_has_a_current_and_a_next_key(tenant: Training) -> None:
    """Both are published from the start."""
    picture = rotation_timeline(tenant.keys, tenant.clock)
    assert [*picture.table["place"]] == ["current", "next"] and drawn(picture)[-1] == "2"
    assert picture.words.startswith("2 signing keys over time, oldest first. Now is 2026-01-05 09:00:00 UTC.")


def test_the_table_is_that_of_the_keys(tenant: Training) -> None:
    """The same columns as `explore.table(tenant.keys)`."""
    tenant.keys.rotate()
    assert rotation_timeline(tenant.keys).table.equals(table(tenant.keys))


def test_each_turn_has_its_column_and_its_number_of_published_keys(tenant: Training) -> None:
    """Start, rotate, rotate, revoke: two, three, three, two keys in the JWKS."""
    for _ in range(2):
        tenant.clock.advance(days=30)
        tenant.keys.rotate()
    tenant.clock.advance(days=1)
    tenant.keys.revoke(table(tenant.keys)["kid"][1])
    tenant.clock.advance(hours=5)
    texts = drawn(rotation_timeline(tenant.keys, tenant.clock))
    assert [text for text in texts if text in ("start", "rotate", "revoke")] == ["start", "rotate", "rotate", "revoke"]
    assert texts[-4:] == ["2", "3", "3", "2"] and "now, 5 h later" in texts and texts.count("✘ revoked") == 2


def test_turns_at_one_time_keep_their_order(tenant: Training) -> None:
    """A clock that stands still: the ring knows the order, and each turn has room."""
    tenant.keys.rotate()
    tenant.keys.revoke(table(tenant.keys)["kid"][0])
    tenant.keys.rotate()
    texts = drawn(rotation_timeline(tenant.keys))
    assert [text for text in texts if text in ("start", "rotate", "revoke")] == ["start", "rotate", "rotate"]
    assert texts[-3:] == ["2", "3", "3"]


def test_a_key_revoked_just_now_counts_as_revoked(tenant: Training) -> None:
    """By hand, with no rotation after it that would have done so."""
    tenant.keys.rotate()
    tenant.keys.revoke(table(tenant.keys)["kid"][0])
    picture = rotation_timeline(tenant.keys)
    assert drawn(picture)[-3:] == ["2", "3", "2"] and "now revoked" in picture.words


def test_of_many_keys_the_newest_are_drawn_and_the_others_counted(tenant: Training) -> None:
    """The table has them all."""
    for _ in range(MOST):
        tenant.clock.advance(days=1)
        tenant.keys.rotate()
    picture = rotation_timeline(tenant.keys, tenant.clock)
    assert len(picture.table) == MOST + 2 and "2 older revoked keys are left out" in picture.words
    assert sum(text.startswith("now ") and "," not in text for text in drawn(picture)) == MOST
