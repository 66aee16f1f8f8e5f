"""Users: who can log in, and what they may do."""

from typing import Any

import pytest

from authkit import Api, RegistrationError, SteerableClock, Tenant, training_tenant
from authkit.registry import passwords
from authkit.registry.models import User
from authkit.registry.users import MAX_ROLES_OF_A_USER

Training = Tenant[SteerableClock]
PASSWORD = "correct horse battery"


@pytest.fixture
def ada(tenant: Training) -> User:
    return tenant.users.create(email="Ada@Example.com", password=PASSWORD, name="Ada")


def problem(action: Any, *arguments: Any, **settings: Any) -> RegistrationError:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments, **settings)
    assert caught.value.remedy
    return caught.value


def test_a_user_is_stored_with_a_small_letter_address(tenant: Training, ada: User) -> None:
    """One user an address, however it is written."""
    assert ada.email == "ada@example.com" and ada.user_id.startswith("auth0|") and len(ada.user_id) == 30
    assert tenant.users.get(ada.user_id) == ada == tenant.users.get("ADA@example.com")
    assert problem(tenant.users.create, email="ADA@EXAMPLE.COM", password=PASSWORD).code == "email.duplicate"
    assert len(tenant.users) == 1


@pytest.mark.parametrize(
    "email", ["", "ada", "@x", "a@", "a b@x", "a@b@c", "<a@b>", "a@b\n", "a\u202e@b", 5, None, "a" * 250 + "@b.example"]
)
def test_what_is_no_address_is_refused(tenant: Training, email: Any) -> None:
    """Nothing is stored."""
    assert problem(tenant.users.create, email=email, password=PASSWORD).field == "email" and len(tenant.users) == 0


@pytest.mark.parametrize("password", ["", "x" * 7, "x" * 257, None, 5, b"x" * 10, "\ud800" * 10, "xxxxxxxx\0"])
def test_what_is_no_password_is_refused_and_not_echoed(tenant: Training, password: Any) -> None:
    """Its length is said at most."""
    error = problem(tenant.users.create, email="a@b.example", password=password)
    assert error.code == "password.length" and len(tenant.users) == 0
    assert "xxx" not in f"{error} {error.value} {error._repr_html_()}"


def test_the_right_password_logs_in(tenant: Training, ada: User) -> None:
    """And no other; the address in any case."""
    assert tenant.users.authenticate("ADA@example.com", PASSWORD) == ada
    for email, password in (
        (ada.email, PASSWORD + "x"), (ada.email, ""), (ada.email, "\ud800" * 9), (ada.email, PASSWORD + "\0"),
        ("eve@example.com", PASSWORD), ("", PASSWORD), ("\ud800", PASSWORD), (ada.email, "x" * 10_000),
    ):  # fmt: skip
        assert tenant.users.authenticate(email, password) is None


def test_a_blocked_user_does_not_log_in(tenant: Training, ada: User) -> None:
    """Until unblocked."""
    tenant.users.update(ada, blocked=True)
    assert tenant.users.authenticate(ada.email, PASSWORD) is None
    tenant.users.update(ada, blocked=False)
    assert tenant.users.authenticate(ada.email, PASSWORD) == ada


def test_an_unknown_user_costs_as_much_as_a_known_one(
    tenant: Training, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the time of an answer would tell who has an account."""
    hashes: list[str] = []
    real = passwords.matches

    def counted(password: str, kept: str) -> bool:
        hashes.append(kept)
        return real(password, kept)

    monkeypatch.setattr(passwords, "matches", counted)
    tenant.users.authenticate(ada.email, "wrong password")
    tenant.users.authenticate("eve@example.com", "wrong password")
    assert [kept.split("$")[:4] for kept in hashes] == [["scrypt", "16384", "8", "5"]] * 2


def test_a_password_can_be_changed(tenant: Training, ada: User) -> None:
    """The old one ends at once."""
    tenant.users.set_password(ada, "another password")
    assert tenant.users.authenticate(ada.email, PASSWORD) is None
    assert tenant.users.authenticate(ada.email, "another password") == ada
    assert problem(tenant.users.set_password, ada, "short").code == "password.length"


def test_no_password_and_no_hash_shows(tenant: Training, ada: User) -> None:
    """In no text of the user or of the collection."""
    ((kept,),) = tenant.registry.database.rows("SELECT password_hash FROM users")
    shown = f"{ada!r}{ada._repr_html_()}{tenant.users!r}{tenant.users._repr_html_()}{ada.model_dump()}"
    assert PASSWORD not in shown and kept not in shown and kept.startswith("scrypt$")


def test_an_address_can_be_changed_and_stays_unique(tenant: Training, ada: User) -> None:
    """The column beside the document follows."""
    eve = tenant.users.create(email="eve@example.com", password=PASSWORD)
    assert problem(tenant.users.update, eve, email="ADA@example.com").code == "email.duplicate"
    tenant.users.update(ada, email="countess@example.com")
    assert tenant.users.find("ada@example.com") is None and tenant.users.get("countess@example.com").name == "Ada"
    tenant.users.update(eve, email="ada@example.com")
    assert problem(tenant.users.update, eve, user_id="auth0|x").code == "user_id.immutable"


def test_permissions_come_from_roles_and_directly(tenant: Training, api: Api, ada: User) -> None:
    """In the order in which the API defines them, each once."""
    reader, writer = (tenant.roles.create(name=name) for name in ("reader", "writer"))
    tenant.roles.add_permissions(writer, api, ["write:orders", "read:orders"])
    tenant.roles.add_permissions(reader, api, ["read:orders"])
    assert tenant.users.permissions_for(ada, api) == ()
    tenant.users.add_permissions(ada, api, ["write:orders"])
    assert tenant.users.permissions_for(ada, api) == ("write:orders",)
    tenant.users.add_roles(ada, writer, reader, writer)
    assert [role.name for role in tenant.users.roles(ada)] == ["writer", "reader"]
    assert tenant.users.in_role(reader) == (ada,)
    assert tenant.users.permissions_for(ada, api) == ("read:orders", "write:orders")
    tenant.apis.update(api, scopes={"read:orders": ""})
    assert tenant.users.permissions_for(ada, api) == ("read:orders",)
    tenant.users.remove_roles(ada, writer, reader)
    assert tenant.users.roles(ada) == () and tenant.users.permissions_for(ada, api) == ()


def test_a_user_has_at_most_50_roles(tenant: Training, ada: User) -> None:
    """Nothing of the surplus is stored."""
    roles = [tenant.roles.create(name=f"r{number}") for number in range(MAX_ROLES_OF_A_USER + 1)]
    assert problem(tenant.users.add_roles, ada, *roles).code == "roles.too_many" and tenant.users.roles(ada) == ()
    tenant.users.add_roles(ada, *roles[:-1])
    assert problem(tenant.users.add_roles, ada, "rol_unknown").code == "id.unknown"


def test_what_hangs_on_a_user_goes_with_it(tenant: Training, api: Api, ada: User) -> None:
    """Roles and direct permissions."""
    role = tenant.roles.create(name="r")
    tenant.users.add_roles(ada, role)
    tenant.users.add_permissions(ada, api, ["read:orders"])
    tenant.users.delete(ada)
    rows = tenant.registry.database.rows
    assert tenant.users.in_role(role) == () and rows("SELECT * FROM user_permissions") == []


def test_users_are_the_same_on_every_machine_and_change_no_other_identifier() -> None:
    """A lesson's tokens do not depend on how many users it made."""
    with training_tenant() as first, training_tenant() as second:
        made = first.users.create(email="a@b.example", password=PASSWORD)
        assert made == second.users.create(email="a@b.example", password=PASSWORD)
        first.users.create(email="c@d.example", password=PASSWORD)
        assert first.apis.create(identifier="x") == second.apis.create(identifier="x")
        assert first.applications.create(name="x") == second.applications.create(name="x")
