"""What roles and users hold: scopes of APIs, all or nothing, gone with whatever they hang on."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authkit import Api, RegistrationError, SteerableClock, Tenant, training_tenant
from authkit.registry import passwords
from authkit.registry.models import Permission, Role, User
from authkit.registry.permissions import MAX_PERMISSIONS

Training = Tenant[SteerableClock]
Held = Callable[[], list[str]]


class Holder(NamedTuple):
    """A role or a user: whoever can hold permissions, under one name."""

    collection: Any
    one: Role | User
    api: Api

    def add(self, names: Any, api: Any = None) -> None:
        self.collection.add_permissions(self.one, self.api if api is None else api, names)

    def remove(self, names: Any, api: Any = None) -> None:
        self.collection.remove_permissions(self.one, self.api if api is None else api, names)

    @property
    def names(self) -> list[str]:
        return [held.permission_name for held in self.collection.permissions(self.one)]


def holder_in(tenant: Training, kind: str, api: Api) -> Holder:
    if kind == "role":
        return Holder(tenant.roles, tenant.roles.create(name="clerk"), api)
    return Holder(tenant.users, tenant.users.create(email="ada@example.com", password="correct horse"), api)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 2)


@pytest.fixture(params=["role", "user"])
def holder(request: pytest.FixtureRequest, tenant: Training, api: Api) -> Holder:
    return holder_in(tenant, request.param, api)


def problem(action: Any, *arguments: Any) -> RegistrationError:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments)
    assert caught.value.remedy and caught.value.field
    return caught.value


def test_a_permission_names_an_api_and_a_scope(holder: Holder) -> None:
    """In the vendor's words."""
    holder.add(["read:orders"])
    permission = Permission(resource_server_identifier=holder.api.identifier, permission_name="read:orders")
    assert holder.collection.permissions(holder.one) == (permission,)


@pytest.mark.parametrize(
    "names", ["read:orders", ["read:orders"], ("read:orders",), {"read:orders"}, iter(["read:orders"])],
    ids=lambda names: type(names).__name__,
)  # fmt: skip
def test_names_come_as_one_or_several(tenant: Training, api: Api, names: Any) -> None:
    """One text is one scope."""
    holder = holder_in(tenant, "role", api)
    holder.add(names)
    assert holder.names == ["read:orders"]


def test_none_at_all_is_no_fault(holder: Holder) -> None:
    """An empty list adds and removes nothing."""
    holder.add([])
    holder.remove([])
    assert holder.names == []


@pytest.mark.parametrize(
    "names",
    [None, 5, 1.5, True, pytest.param(object(), id="object"), b"read:orders", {"read:orders": ""}, Ellipsis],
    ids=repr,
)
def test_what_is_no_list_is_refused(holder: Holder, names: Any) -> None:
    """When it is given and when it is taken; nothing changes."""
    holder.add(["read:orders"])
    for action in (holder.add, holder.remove):
        assert problem(action, names).code == "permissions.not_a_list"
    assert holder.names == ["read:orders"]


@pytest.mark.parametrize(
    "name",
    ["", "fly", "READ:ORDERS", "read:orders ", "read:orders write:orders", "\ud800", "read:orders\0", 5, None,
     ["read:orders"], b"read:orders", 10**5000],
    ids=lambda name: type(name).__name__,
)  # fmt: skip
def test_one_unknown_name_refuses_them_all(holder: Holder, name: Any) -> None:
    """Letter by letter a scope that the API defines, or nothing is stored."""
    assert problem(holder.add, ["read:orders", name]).code == "permission_name.unknown" and holder.names == []


@pytest.mark.parametrize("name", ["", "fly", "\ud800", 5, None, ["read:orders"]], ids=lambda name: type(name).__name__)
def test_taking_what_is_not_held_is_no_fault(holder: Holder, name: Any) -> None:
    """Whatever it is."""
    holder.add(["read:orders"])
    holder.remove([name])
    assert holder.names == ["read:orders"]


@pytest.mark.parametrize("api", ["", "https://nowhere.example/", 5, "\ud800", []], ids=lambda api: type(api).__name__)
def test_an_unknown_api_is_refused(holder: Holder, api: Any) -> None:
    """When permissions are given and when they are taken."""
    for action in (holder.add, holder.remove):
        assert problem(action, ["read:orders"], api).code == "id.unknown"


def test_an_unknown_holder_is_refused(tenant: Training, holder: Holder) -> None:
    """Also one that was there a moment ago."""
    holder.collection.delete(holder.one)
    for action in (holder.add, holder.remove):
        assert problem(action, ["read:orders"]).code == "id.unknown"
    assert problem(holder.collection.permissions, holder.one).code == "id.unknown"


def test_holder_and_permission_are_written_in_one_transaction(
    tenant: Training, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody deletes the holder between looking it up and giving it something."""
    seen = []
    get = holder.collection.get

    def watched(one: Any) -> Any:
        seen.append(tenant.registry.database.in_transaction)
        return get(one)

    monkeypatch.setattr(holder.collection, "get", watched)
    holder.add(["read:orders"])
    holder.remove(["read:orders"])
    assert seen == [True, True]


def test_scopes_of_one_name_in_two_apis_are_two_permissions(tenant: Training, holder: Holder) -> None:
    """Taking one leaves the other."""
    other = tenant.apis.create(identifier="https://other.example/", scopes={"read:orders": ""})
    holder.add(["read:orders"])
    holder.add(["read:orders"], other)
    holder.remove(["read:orders"])
    (kept,) = holder.collection.permissions(holder.one)
    assert kept.resource_server_identifier == other.identifier


def test_a_1000_permissions_are_allowed_and_one_more_is_not(tenant: Training, holder: Holder) -> None:
    """Over all APIs; of the surplus nothing is stored, and what is held already does not count twice."""
    scopes = {f"s{number}": "" for number in range(MAX_PERMISSIONS)}
    many = tenant.apis.create(identifier="many", scopes=scopes)
    holder.add(scopes.keys(), many)
    assert len(holder.names) == MAX_PERMISSIONS == 1000
    error = problem(holder.add, ["read:orders"])
    assert (error.code, error.field) == ("permissions.too_many", "permissions")
    holder.add(["s1", "s999"], many)
    assert holder.names == list(scopes)


def test_what_an_api_no_longer_defines_takes_no_room(tenant: Training, holder: Holder) -> None:
    """It means nothing, and nobody sees it."""
    many = tenant.apis.create(identifier="many", scopes={f"s{number}": "" for number in range(MAX_PERMISSIONS)})
    holder.add(many.scope_values, many)
    tenant.apis.update(many, scopes={"another": ""})
    holder.add(["another"], many)
    holder.add(["read:orders"])
    assert {"another", "read:orders"} <= set(holder.names)


def test_of_many_scopes_an_error_names_the_first(tenant: Training, holder: Holder) -> None:
    """And says how many there are."""
    many = tenant.apis.create(identifier="many", scopes={f"s{number}": "" for number in range(MAX_PERMISSIONS)})
    error = problem(holder.add, ["unknown"], many)
    assert "s9 and 990 more" in error.remedy and "s10" not in error.remedy


def test_deleting_an_api_takes_its_permissions_alone(tenant: Training, holder: Holder) -> None:
    """From roles and users, and its client grants with them; those of other APIs stay."""
    other = tenant.apis.create(identifier="https://other.example/", scopes={"fly": ""})
    app = tenant.applications.create(name="x")
    tenant.client_grants.create(app, holder.api)
    kept = tenant.client_grants.create(app, other)
    holder.add(["read:orders", "write:orders"])
    holder.add(["fly"], other)
    tenant.apis.delete(holder.api)
    assert holder.names == ["fly"] and list(tenant.client_grants) == [kept]


def test_an_api_made_anew_under_the_same_name_is_held_by_nobody(tenant: Training, holder: Holder) -> None:
    """What was given for the old one is not given for the new one."""
    holder.add(["read:orders"])
    tenant.apis.delete(holder.api)
    tenant.apis.create(identifier=holder.api.identifier, scopes={"read:orders": ""})
    assert holder.names == []


def test_deleting_a_holder_leaves_nothing_behind(tenant: Training, holder: Holder) -> None:
    """No row that names what is gone."""
    holder.add(["read:orders"])
    holder.collection.delete(holder.one)
    rows = tenant.registry.database.rows
    assert rows("SELECT * FROM role_permissions") == rows("SELECT * FROM user_permissions") == []


def test_a_failure_inside_a_transaction_takes_back_permissions_too(tenant: Training, holder: Holder) -> None:
    """Several calls can be one change."""
    with pytest.raises(ZeroDivisionError), tenant.registry.database.transaction():
        holder.add(["read:orders"])
        raise ZeroDivisionError
    assert holder.names == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.just("read:orders")
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=8,
)  # fmt: skip


def test_any_value_is_a_list_of_scopes_or_one_clear_error() -> None:
    """Nothing but a RegistrationError comes out, and then nothing was stored."""
    with training_tenant() as tenant:
        api = tenant.apis.create(identifier="a", scopes={"read:orders": "", "write:orders": ""})
        holder = holder_in(tenant, "role", api)

        @settings(deadline=None)
        @given(ANYTHING)
        def run(names: Any) -> None:
            before = holder.names
            try:
                holder.add(names)
            except RegistrationError as error:
                assert error.remedy and holder.names == before
            else:
                assert set(holder.names) <= {"read:orders"}
                holder.remove(names)

        run()
