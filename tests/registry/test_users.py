"""Users: who can log in, and what they may do."""

from typing import Any

import pytest
from cryptography.exceptions import InvalidKey

from authkit import Api, ClientCredentials, RegistrationError, Secret, SteerableClock, Tenant, training_tenant
from authkit.explore import table
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
    """Its length is said at most; what is no text is named as that, and not as too short."""
    error = problem(tenant.users.create, email="a@b.example", password=password)
    assert error.code == f"password.{'length' if isinstance(password, str) else 'not_text'}" and len(tenant.users) == 0
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
    hashes: list[tuple[int, ...]] = []

    class Counted:
        def __init__(self, salt: bytes, *cost: int) -> None:
            self.cost = cost

        def verify(self, password: bytes, key: bytes) -> None:
            hashes.append(self.cost)
            raise InvalidKey

    monkeypatch.setattr(passwords, "_scrypt", Counted)
    attempts = ("wrong password", PASSWORD, "", "\ud800" * 9, "x" * 10_000, "\0" * 9)
    for email in (ada.email, "eve@example.com", "", "\ud800"):
        for password in attempts:
            tenant.users.authenticate(email, password)
    tenant.users.update(ada, blocked=True)
    tenant.users.authenticate(ada.email, PASSWORD)
    assert hashes == [(16384, 8, 5)] * (4 * len(attempts) + 1)


def test_a_password_can_be_changed(tenant: Training, ada: User) -> None:
    """The old one ends at once."""
    tenant.users.set_password(ada, "another password")
    assert tenant.users.authenticate(ada.email, PASSWORD) is None
    assert tenant.users.authenticate(ada.email, "another password") == ada
    assert problem(tenant.users.set_password, ada, "short").code == "password.length"


def test_a_password_is_changed_together_with_other_fields_or_not_at_all(tenant: Training, quick_ada: User) -> None:
    """As the Management API does it."""
    ada = quick_ada
    assert problem(tenant.users.update, ada, name="Ada L.", password="short").code == "password.length"
    assert problem(tenant.users.update, ada, email="nobody", password="another password").code == "email.not_an_address"
    assert tenant.users.get(ada.id) == ada and tenant.users.authenticate(ada.email, PASSWORD) == ada
    changed = tenant.users.update(ada, name="Ada L.", password=Secret("another password"))
    assert changed.name == "Ada L." and tenant.users.authenticate(ada.email, "another password") == changed


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


def test_a_permission_counts_for_its_own_api_alone(tenant: Training, api: Api, ada: User) -> None:
    """Two APIs may define the same word."""
    stock = tenant.apis.create(identifier="https://stock.example/", scopes={"read:orders": ""})
    tenant.users.add_permissions(ada, stock, ["read:orders"])
    assert tenant.users.permissions_for(ada, api) == () and tenant.users.permissions_for(ada, stock) == ("read:orders",)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"email": ""}, "email.not_an_address"),
    "address without @": ({"email": "ada"}, "email.not_an_address"),
    "address a number": ({"email": 5}, "email.not_text"),
    "address a huge number": ({"email": 10**5000}, "email.not_text"),
    "address None": ({"email": None}, "email.not_text"),
    "address a lone surrogate": ({"email": "a\ud800@b.example"}, "email.not_text"),
    "address with a NUL": ({"email": "a\0@b.example"}, "email.not_an_address"),
    "address with a space before": ({"email": " a@b.example"}, "email.not_an_address"),
    "address with a zero width space": ({"email": "a\u200b@b.example"}, "email.not_an_address"),
    "address of 255 characters": ({"email": "a" * 245 + "@b.example"}, "email.too_long"),
    "address that grows in small letters": ({"email": "İ" * 200 + "@b.example"}, "email.too_long"),
    "name empty": ({"name": ""}, "name.empty"),
    "name with <": ({"name": "a<b"}, "name.forbidden_character"),
    "name with >": ({"name": "a>b"}, "name.forbidden_character"),
    "name of 201 characters": ({"name": "x" * 201}, "name.too_long"),
    "name a number": ({"name": 5}, "name.not_text"),
    "name a lone surrogate": ({"name": "\ud800"}, "name.not_text"),
    "blocked as text": ({"blocked": "yes"}, "blocked.not_yes_or_no"),
    "blocked as a number": ({"blocked": 1}, "blocked.not_yes_or_no"),
    "blocked None": ({"blocked": None}, "blocked.not_yes_or_no"),
    "verified as text": ({"email_verified": "true"}, "email_verified.not_yes_or_no"),
    "password too short": ({"password": "tell-no"}, "password.length"),
    "password too long": ({"password": "tell-nobody" * 24}, "password.length"),
    "password a list": ({"password": ["tell-nobody"]}, "password.not_text"),
    "password with a NUL": ({"password": "tell-nobody\0"}, "password.length"),
    "user id": ({"user_id": "auth0|x"}, "user_id.read_only"),
    "id": ({"id": "x"}, "id.unknown_field"),
    "hash": ({"password_hash": "tell-nobody"}, "password_hash.unknown_field"),
    "unknown field": ({"colour": "red"}, "colour.unknown_field"),
    "unknown field named like a parameter": ({"self": 1}, "self.unknown_field"),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_and_stores_nothing(
    tenant: Training, settings: dict[str, Any], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One clear error before anything is hashed, and the next user id is what it would have been."""
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "hashed", lambda *_: pytest.fail("hashed"))
        error = problem(tenant.users.create, **{"email": "a@b.example", "password": PASSWORD, **settings})
    assert error.code == code and error.field == code.partition(".")[0] and len(error.message) < 500
    assert "tell-no" not in f"{error!r}{error}{error.value}{error._repr_html_()}" and len(tenant.users) == 0
    monkeypatch.setattr(passwords, "COST", 2)
    with training_tenant() as untouched:
        mine, theirs = (t.users.create(email="a@b.example", password=PASSWORD) for t in (tenant, untouched))
    assert mine == theirs


@pytest.mark.parametrize(("settings", "code"), BAD.values(), ids=BAD)
def test_bad_changes_are_refused_and_store_nothing(
    tenant: Training, quick_ada: User, settings: dict[str, Any], code: str
) -> None:
    """The rules of creation; a password is no field."""
    error = problem(tenant.users.update, quick_ada, **settings)
    field = code.partition(".")[0]
    assert error.code in (code, f"{field}.immutable", f"{field}.unknown_field")
    assert "tell-no" not in f"{error!r}{error}{error.value}{error._repr_html_()}"
    assert list(tenant.users) == [quick_ada]


@pytest.fixture
def quick_ada(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(passwords, "COST", 2)
    return tenant.users.create(email="ada@example.com", password=PASSWORD, name="Ada")


def test_the_training_user_ids_are_pinned(tenant: Training, quick_ada: User) -> None:
    """What learner, instructor and CI see."""
    second = tenant.users.create(email="b@example.com", password=PASSWORD)
    assert (quick_ada.user_id, second.user_id) == ("auth0|c773f03e2ded91c67beb4f64", "auth0|022c4b85de4f2bf583da338c")


def test_a_user_starts_unverified_and_not_blocked(quick_ada: User) -> None:
    """And can be told from the others."""
    assert quick_ada.model_dump() == {
        "user_id": quick_ada.id, "email": "ada@example.com", "email_verified": False, "name": "Ada", "blocked": False,
    }  # fmt: skip


def test_users_stand_in_the_order_they_were_created(tenant: Training, quick_ada: User) -> None:
    """Also after a change."""
    eve = tenant.users.create(email="eve@example.com", password=PASSWORD)
    changed = tenant.users.update(quick_ada, name="Countess")
    assert list(tenant.users) == [changed, eve] and len(tenant.users) == 2


def test_what_a_user_is_cannot_be_changed(tenant: Training, quick_ada: User) -> None:
    """The user id; sending the same one back is no change."""
    assert problem(tenant.users.update, quick_ada, user_id="auth0|x").code == "user_id.immutable"
    assert tenant.users.update(quick_ada, user_id=quick_ada.user_id, email="ADA@example.com") == quick_ada


def test_a_longest_address_is_allowed(tenant: Training, quick_ada: User) -> None:
    """254 characters (RFC 5321 §4.5.3.1.3, erratum 1690), also of another script."""
    for email in ("a" * 244 + "@b.example", "ädä@beispiel.example", "İ@b.example"):
        made = tenant.users.create(email=email, password=PASSWORD)
        assert tenant.users.get(email) == tenant.users.get(made.email) == made


@pytest.mark.parametrize("password", ["x" * 8, "x" * 256, "pässwörd", "密码密码密码密码", " " * 8])
def test_shortest_longest_and_foreign_passwords_log_in(tenant: Training, quick_ada: User, password: str) -> None:
    """Counted in characters; as text or masked."""
    tenant.users.set_password(quick_ada, Secret(password))
    assert tenant.users.authenticate(quick_ada.email, password) == quick_ada
    assert tenant.users.authenticate(quick_ada.email, Secret(password)) == quick_ada
    assert tenant.users.authenticate(quick_ada.email, password + "x") is None


@pytest.mark.parametrize("value", [None, 5, b"x", [], {}, object()], ids=lambda value: type(value).__name__)
def test_what_is_no_text_logs_nobody_in(tenant: Training, quick_ada: User, value: Any) -> None:
    """And is no error either: who asks learns nothing."""
    assert tenant.users.authenticate(quick_ada.email, value) is None
    assert tenant.users.authenticate(value, PASSWORD) is None


def test_two_users_with_one_password_have_two_hashes(tenant: Training, quick_ada: User) -> None:
    """Each has a salt of its own, also after a change."""
    eve = tenant.users.create(email="eve@example.com", password=PASSWORD)
    tenant.users.set_password(eve, PASSWORD)
    rows = tenant.registry.database.rows("SELECT password_hash FROM users")
    salts = {kept.split("$")[4] for (kept,) in rows}
    assert len(salts) == 2


def test_a_user_of_before_the_cost_was_raised_logs_in(
    tenant: Training, quick_ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cost is kept with each hash; a new password is hashed with the new one."""
    monkeypatch.setattr(passwords, "COST", 4)
    assert tenant.users.authenticate(quick_ada.email, PASSWORD) == quick_ada
    tenant.users.set_password(quick_ada, "another password")
    ((kept,),) = tenant.registry.database.rows("SELECT password_hash FROM users")
    assert kept.startswith("scrypt$4$") and tenant.users.authenticate(quick_ada.email, "another password")


def test_a_refused_password_leaves_the_old_one(tenant: Training, quick_ada: User) -> None:
    """Whatever is wrong with it."""
    for password in ("", "short", "x" * 257, "\ud800" * 9, "xxxxxxxx\0"):
        error = problem(tenant.users.set_password, quick_ada, password)
        assert (error.code, error.field) == ("password.length", "password")
    assert problem(tenant.users.set_password, "nobody", PASSWORD).code == "id.unknown"
    assert tenant.users.authenticate(quick_ada.email, PASSWORD) == quick_ada


def test_the_store_is_free_while_a_password_is_hashed(
    tenant: Training, quick_ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0.2 s in which others may write; a login does not lock it at all."""
    locked = []
    real = passwords.hashed

    def watched(password: Secret, salt: bytes) -> Secret:
        locked.append(tenant.registry.database.in_transaction)
        return real(password, salt)

    monkeypatch.setattr(passwords, "hashed", watched)
    tenant.users.create(email="eve@example.com", password=PASSWORD)
    tenant.users.update(quick_ada, password="another password", blocked=True)
    assert locked == [False, False]


def test_of_two_who_take_an_address_at_once_one_gets_it(
    tenant: Training, quick_ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for again when the store is locked; the id is drawn after that."""
    real = passwords.hashed

    def overtaken(password: Secret, salt: bytes) -> Secret:
        monkeypatch.setattr(passwords, "hashed", real)
        tenant.users.create(email="eve@example.com", password=PASSWORD)
        return real(password, salt)

    monkeypatch.setattr(passwords, "hashed", overtaken)
    assert problem(tenant.users.create, email="EVE@example.com", password=PASSWORD).code == "email.duplicate"
    assert len(tenant.users) == 2


def test_a_password_for_who_is_deleted_meanwhile_is_refused(
    tenant: Training, quick_ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that it was changed."""
    real = passwords.hashed

    def overtaken(password: Secret, salt: bytes) -> Secret:
        tenant.users.delete(quick_ada)
        return real(password, salt)

    monkeypatch.setattr(passwords, "hashed", overtaken)
    assert problem(tenant.users.set_password, quick_ada, "another password").code == "id.unknown"


@pytest.mark.parametrize("name", ["", "x", "a@b", None, 5, 10**5000, "\ud800", "\ud800@b", [], object()],
                         ids=lambda value: type(value).__name__)  # fmt: skip
def test_an_unknown_user_is_one_clear_error(tenant: Training, quick_ada: User, api: Api, name: Any) -> None:
    """Whatever it is called by, whatever was meant to be done."""
    users = tenant.users
    for action in (users.get, users.delete, users.update, users.roles, users.permissions, users.add_roles):
        assert problem(action, name).code == "id.unknown"
    assert problem(users.permissions_for, name, api).code == problem(users.set_password, name, "x").code == "id.unknown"
    assert users.find(name) is None and list(users) == [quick_ada]


def test_roles_are_given_all_or_none(tenant: Training, quick_ada: User) -> None:
    """One unknown among them refuses them all, when they are given and when they are taken."""
    role = tenant.roles.create(name="r")
    assert problem(tenant.users.add_roles, quick_ada, role, "unknown").code == "id.unknown"
    assert problem(tenant.users.add_roles, quick_ada, [role]).code == "id.unknown"
    assert tenant.users.roles(quick_ada) == ()
    tenant.users.add_roles(quick_ada, role.name)
    assert problem(tenant.users.remove_roles, quick_ada, role, None).code == "id.unknown"
    assert tenant.users.roles(quick_ada) == (role,)


def test_roles_given_again_do_not_count_twice(tenant: Training, quick_ada: User) -> None:
    """With 50 roles, the same 50 are still allowed; one more is refused and the 50 stay."""
    roles = [tenant.roles.create(name=f"r{number}") for number in range(MAX_ROLES_OF_A_USER + 1)]
    assert MAX_ROLES_OF_A_USER == 50
    tenant.users.add_roles(quick_ada, *roles[:50])
    tenant.users.add_roles(quick_ada, *roles[:50])
    error = problem(tenant.users.add_roles, quick_ada, roles[50])
    assert (error.code, error.field) == ("roles.too_many", "roles")
    assert tenant.users.roles(quick_ada) == tuple(roles[:50])


def test_deleting_a_role_takes_it_from_its_users(tenant: Training, quick_ada: User, api: Api) -> None:
    """And with it what they could do by it."""
    role, other = tenant.roles.create(name="r"), tenant.roles.create(name="s")
    tenant.roles.add_permissions(role, api, ["read:orders"])
    tenant.users.add_roles(quick_ada, role, other)
    tenant.roles.delete(role)
    assert tenant.users.roles(quick_ada) == (other,) and tenant.users.permissions_for(quick_ada, api) == ()
    assert problem(tenant.users.in_role, role).code == "id.unknown"


def test_who_has_a_role_is_told_in_the_order_it_was_given(tenant: Training, quick_ada: User) -> None:
    """Not in the order of the users."""
    eve = tenant.users.create(email="eve@example.com", password=PASSWORD)
    role = tenant.roles.create(name="r")
    for user in (eve, quick_ada):
        tenant.users.add_roles(user, role)
    assert tenant.users.in_role(role) == (eve, quick_ada)


def test_permissions_for_an_api_are_those_of_that_api(tenant: Training, quick_ada: User, api: Api) -> None:
    """A scope of the same name elsewhere gives nothing here; another user's gives nothing at all."""
    other = tenant.apis.create(identifier="https://other.example/", scopes={"read:orders": "", "write:orders": ""})
    eve = tenant.users.create(email="eve@example.com", password=PASSWORD)
    role = tenant.roles.create(name="r")
    tenant.roles.add_permissions(role, other, ["read:orders"])
    tenant.users.add_permissions(quick_ada, other, ["write:orders"])
    tenant.users.add_roles(quick_ada, role)
    assert tenant.users.permissions_for(quick_ada, api) == () == tenant.users.permissions_for(eve, other)
    assert tenant.users.permissions_for(quick_ada, other.id) == ("read:orders", "write:orders")
    assert problem(tenant.users.permissions_for, quick_ada, "nowhere").code == "id.unknown"


def test_a_scope_that_comes_back_is_held_again(tenant: Training, quick_ada: User, api: Api) -> None:
    """While the API does not define it, it means nothing; what was given is not forgotten."""
    tenant.users.add_permissions(quick_ada, api, ["read:orders", "write:orders"])
    tenant.apis.update(api, scopes={"write:orders": ""})
    assert tenant.users.permissions_for(quick_ada, api) == ("write:orders",)
    assert len(tenant.users.permissions(quick_ada)) == 2
    tenant.apis.update(api, scopes={"write:orders": "", "read:orders": ""})
    assert tenant.users.permissions_for(quick_ada, api) == ("write:orders", "read:orders")


def test_users_roles_and_the_log_change_no_identifier_and_no_token() -> None:
    """Two tenants, one of them full of people: APIs, applications, grants, keys and tokens are the same."""
    tokens = []
    with training_tenant() as bare, training_tenant() as full:
        for tenant in (bare, full):
            if tenant is full:
                role = tenant.roles.create(name="r")
                user = tenant.users.create(email="a@b.example", password=PASSWORD)
                tenant.users.add_roles(user, role)
                tenant.users.set_password(user, "another password")
                tenant.log.add("s", "login")
            apis = [tenant.apis.create(identifier=alg, signing_alg=alg, scopes={"a": ""}) for alg in ("RS256", "HS256")]
            if tenant is full:
                tenant.roles.add_permissions(role, apis[0], ["a"])
                tenant.users.add_permissions(user, apis[1], ["a"])
                tenant.log.add("s", "login")
            app = tenant.applications.create(name="x")
            for api in apis:
                tenant.client_grants.create(app, api, ["a"])
                tokens.append(tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token)
        assert tokens[:2] == tokens[2:] and bare.jwks == full.jwks
        for name in ("apis", "applications", "client_grants"):
            assert list(getattr(bare, name)) == list(getattr(full, name))
        assert [api.signing_secret for api in bare.apis] == [api.signing_secret for api in full.apis]


def test_users_are_a_table_without_password_or_hash(tenant: Training, quick_ada: User) -> None:
    """A row each, on the screen and in files."""
    ((kept,),) = tenant.registry.database.rows("SELECT password_hash FROM users")
    frame = table(tenant.users)
    assert [*frame["email"]] == [quick_ada.email] and "password_hash" not in frame
    for written in (repr(frame), frame.to_html(), frame.to_csv(), frame.to_string(), frame.to_json()):
        assert PASSWORD not in written and kept not in written and kept.split("$")[-1] not in written
