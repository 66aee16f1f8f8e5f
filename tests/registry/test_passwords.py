"""Passwords: what is kept of them, and that it goes on serving when the cost is raised."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit import Secret
from authkit.registry import passwords

PASSWORD = Secret("correct horse battery")
SALT = bytes(range(16))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 2)


def test_a_hash_is_that_of_rfc_7914() -> None:
    """A vector of its §12, 32 of the 64 bytes: what any other implementation would make of it."""
    kept = passwords.hashed(Secret("pleaseletmein"), b"SodiumChloride").reveal()
    assert kept.startswith("scrypt$16384$8$5$")
    vector = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    single = passwords._scrypt(b"SodiumChloride", 2**14, 8, 1).derive(b"pleaseletmein")
    assert single == vector


def test_the_cost_is_what_owasp_asks_for() -> None:
    """16 MiB, five times over; lowering it is a decision, not a slip."""
    assert (passwords.COST, passwords.BLOCK, passwords.PARALLEL) == (2**14, 8, 5)


def test_a_hash_is_kept_with_cost_and_salt() -> None:
    """Everything that is needed to check it, and not the password."""
    kept = passwords.hashed(PASSWORD, SALT)
    name, cost, block, parallel, salt, key = kept.reveal().split("$")
    assert (name, cost, block, parallel) == ("scrypt", "16384", "8", "5")
    assert base64.b64decode(salt) == SALT and len(base64.b64decode(key)) == 32
    assert PASSWORD.reveal() not in kept.reveal() and kept.reveal() not in repr(kept)


def test_another_salt_makes_another_hash(quick: None) -> None:
    """Two users with one password do not show it."""
    assert passwords.hashed(PASSWORD, SALT) != passwords.hashed(PASSWORD, SALT[::-1])
    assert passwords.hashed(PASSWORD, SALT) == passwords.hashed(PASSWORD, SALT)


def test_a_hash_of_another_cost_goes_on_serving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raising the cost, the block or the lanes locks nobody out."""
    old = []
    for cost, block, parallel in ((2, 8, 1), (4, 1, 2), (16, 2, 1)):
        for name, value in (("COST", cost), ("BLOCK", block), ("PARALLEL", parallel)):
            monkeypatch.setattr(passwords, name, value)
        old.append(passwords.hashed(PASSWORD, SALT))
    monkeypatch.undo()
    assert len(set(old)) == 3
    for kept in old:
        assert passwords.matches(PASSWORD, kept) and not passwords.matches(Secret("wrong password"), kept)


@pytest.mark.parametrize("wrong", ["", "Correct horse battery", "correct horse battery ", "\ud800" * 9, "é" * 9])
def test_another_password_does_not_match(quick: None, wrong: str) -> None:
    """Nor what is no text at all."""
    assert not passwords.matches(Secret(wrong), passwords.hashed(PASSWORD, SALT))


@pytest.mark.parametrize("password", ["pässwörd", "كلمة السر", "密码密码密码密码", "🔑" * 8, " " * 8])
def test_any_script_is_a_password(quick: None, password: str) -> None:
    """As UTF-8, letter by letter."""
    kept = passwords.hashed(Secret(password), SALT)
    assert passwords.matches(Secret(password), kept) and not passwords.matches(Secret(password + "x"), kept)


def test_a_zero_byte_behind_a_password_makes_another_one(quick: None) -> None:
    """HMAC would fill up with them (RFC 2104 §2)."""
    kept = passwords.hashed(PASSWORD, SALT)
    assert not passwords.matches(Secret(PASSWORD.reveal() + "\0"), kept)


def test_nobodys_hash_costs_what_a_users_does() -> None:
    """And matches nothing."""
    assert passwords.NOBODYS.reveal().split("$")[:4] == passwords.hashed(PASSWORD, SALT).reveal().split("$")[:4]
    assert len(passwords.NOBODYS) == len(passwords.hashed(PASSWORD, SALT))
    for password in ("", "\0" * 32, "password"):
        assert not passwords.matches(Secret(password), passwords.NOBODYS)


KEPT = Secret(
    "$".join(["scrypt", "2", "8", "1", base64.b64encode(SALT).decode(), base64.b64encode(bytes(32)).decode()])
)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_checking_is_safe_with_any_text(password: str) -> None:
    """Whatever a stranger types, the answer is no, and no error."""
    assert passwords.matches(Secret(password), KEPT) is False
