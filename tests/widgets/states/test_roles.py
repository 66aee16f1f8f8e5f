"""The roles panel's state: every tick, every setting, what a search leaves, and the token that comes of it."""

import pytest

from authkit import AuthorizationRequest, Secret, code_challenge
from authkit.widgets.states.matrix import Line, found
from authkit.widgets.states.roles import RolesState
from authkit.widgets.states.roles_code import LOGIN

ORDERS = "https://orders.example/"
SCOPES = {"read:orders": "Read orders", "write:orders": "Change orders"}


def furnish(tenant):
    tenant.apis.update(ORDERS, scopes=SCOPES, enforce_policies=True)
    tenant.applications.create(**LOGIN)
    clerk, manager = tenant.roles.create(name="Clerk"), tenant.roles.create(name="Manager")
    tenant.roles.add_permissions(clerk, ORDERS, ["read:orders"])
    tenant.roles.add_permissions(manager, ORDERS, list(SCOPES))
    ada = tenant.users.create(email="ada@example.com", password="correct horse battery")
    tenant.users.add_roles(ada, clerk)
    return ada, clerk, manager


@pytest.fixture
def people(tenant, twin):
    """Ada the clerk, on both tenants; the roles are of the first."""
    furnish(twin)
    return furnish(tenant)


@pytest.fixture
def state(tenant, people):
    return RolesState(tenant)


def claim(state, name):
    return next(one for one in state.token if one.name == name)


def test_it_shows_what_is_there(state, people):
    """The API of one's own, permissions by roles, users by roles."""
    ada, clerk, manager = people
    assert state.api.identifier == ORDERS and state.rbac and state.dialect == "access_token"
    assert state.permissions.columns == (Line(clerk.id, "Clerk"), Line(manager.id, "Manager")) == state.users.columns
    assert state.permissions.ticked == {
        ("read:orders", clerk.id),
        ("read:orders", manager.id),
        ("write:orders", manager.id),
    }
    assert state.users.ticked == {(ada.id, clerk.id)}


def test_a_permission_is_given_and_taken(tenant, twin, run, send, state, people):
    """The click, its Python and its request do the same, both ways."""
    _, clerk, _ = people
    for on in (True, False):
        state.tick_permission("write:orders", clerk.id, on)
        assert (("write:orders", clerk.id) in state.permissions.ticked) is on
        held = tenant.roles.permissions(clerk)
        assert state.done == f"Clerk {'may now' if on else 'no longer may'} write:orders."
        run(state.python, twin)
        assert twin.roles.permissions(clerk) == held
        run(state.python.replace("add_", "?").replace("remove_", "add_").replace("?", "remove_"), twin)
        assert send(state.http, twin)[0].status_code == (201 if on else 204)
        assert twin.roles.permissions(clerk) == held


def test_a_role_is_given_and_taken(tenant, twin, run, send, state, people):
    """The click, its Python and its request do the same, both ways."""
    ada, _, manager = people
    for on in (True, False):
        state.tick_user(ada.id, manager.id, on)
        has = tenant.users.roles(ada)
        assert ((ada.id, manager.id) in state.users.ticked) is on and (manager in has) is on
        run(state.python, twin)
        assert twin.users.roles(ada) == has
        run(state.python.replace("add_", "?").replace("remove_", "add_").replace("?", "remove_"), twin)
        assert send(state.http, twin)[0].status_code == 204
        assert twin.users.roles(ada) == has


@pytest.mark.parametrize(
    ("click", "setting", "value"),
    [
        (lambda state: state.set_rbac(False), "enforce_policies", False),
        (lambda state: state.set_dialect("rfc9068_profile_authz"), "token_dialect", "rfc9068_profile_authz"),
    ],
)
def test_a_setting_of_the_api(tenant, twin, run, send, state, click, setting, value):
    """Stored at once; Python and request do the same."""
    old = getattr(tenant.apis.get(ORDERS), setting)
    click(state)
    assert getattr(tenant.apis.get(ORDERS), setting) == value
    run(state.python, twin)
    assert getattr(twin.apis.get(ORDERS), setting) == value
    if old is not None:
        twin.apis.update(ORDERS, **{setting: old})
    assert send(state.http, twin)[0].status_code == 200
    assert getattr(twin.apis.get(ORDERS), setting) == value


def test_a_role_is_created(tenant, twin, run, send, state):
    """And stands in both tables; Python and request do the same."""
    state.new_role = "Auditor"
    state.create_role()
    made = tenant.roles.get("Auditor")
    assert state.new_role == "" and [one.name for one in state.users.columns] == ["Clerk", "Manager", "Auditor"]
    run(state.python, twin)
    assert twin.roles.get("Auditor") == made
    twin.roles.delete("Auditor")
    assert send(state.http, twin)[0].status_code == 200


def test_a_user_is_created_and_chosen(tenant, twin, run, send, state, monkeypatch):
    """The password works and stays nowhere in the state; Python asks for one, the request leaves it to the reader."""
    state.email = "Grace@example.com"
    state.create_user(Secret("correct horse battery"))
    made = tenant.users.get("grace@example.com")
    assert tenant.users.authenticate(made.email, "correct horse battery") == made
    assert (state.user_id, state.email) == (made.user_id, "")
    assert "correct horse" not in repr(state.trait_values())
    monkeypatch.setattr("getpass.getpass", lambda: "correct horse battery")
    run(state.python, twin)
    assert twin.users.authenticate(made.email, "correct horse battery") == made
    twin.users.delete(made)
    assert send(state.http, twin)[0].status_code == 201


def test_an_application_to_log_in_through(tenant, twin, run, send):
    """Without a user or an application there is no preview, and the panel says which is lacking."""
    state = RolesState(tenant)
    assert state.lacking == "user"
    for one in (tenant, twin):
        one.users.create(email="ada@example.com", password="correct horse battery")
    state.refresh()
    assert state.lacking == "application" and state.token == ()
    state.create_application()
    assert state.lacking == "" and state.granted == ("read:orders",)
    run(state.python, twin)
    made = next(one for one in twin.applications if one.name == "Shop")
    assert list(made.callbacks) == LOGIN["callbacks"]
    assert send(state.http, twin)[0].status_code == 201


def test_the_preview_is_the_token_that_a_login_brings(tenant, run, state, people):
    """Scope and all; its Python gives the same."""
    ada, *_ = people
    assert state.granted == ("read:orders",)
    assert state.left_out == "write:orders (RBAC is on and the user does not hold it)"
    assert dict(run(state.preview_python, tenant)["_"].before.claims)["scope"] == claim(state, "scope").now
    shop = next(one for one in tenant.applications if one.name == "Shop")
    request = AuthorizationRequest(
        shop, redirect_uri=shop.callbacks[0], audience=ORDERS, scope=list(SCOPES),
        code_challenge=code_challenge("x"), code_challenge_method="S256",
    )  # fmt: skip
    assert tenant.preview(request, user=ada).before.claims["scope"] == "read:orders"


def test_what_a_click_changes_is_marked(state, people):
    """With what a token issued before still says."""
    ada, clerk, manager = people
    state.tick_user(ada.id, manager.id, True)
    assert claim(state, "scope")[1:] == ("read:orders write:orders", "read:orders", "differs")
    state.set_dialect("access_token_authz")
    assert claim(state, "permissions").mark == "appears" and claim(state, "scope").mark == "same"
    state.tick_user(ada.id, manager.id, False)
    state.tick_user(ada.id, clerk.id, False)
    assert claim(state, "scope")[1:] == ("–", "read:orders", "falls away") and state.granted == ()
    assert claim(state, "permissions")[1:] == ("none", "read:orders", "differs")
    state.set_rbac(False)
    assert claim(state, "scope")[1:] == ("read:orders write:orders", "–", "appears")


def test_another_token_is_compared_with_none(tenant, state, people):
    """Of another user, of other scopes, after a reset."""
    ada, _, manager = people
    grace = tenant.users.create(email="grace@example.com", password="correct horse battery")
    for leave in (
        lambda: setattr(state, "scope", "write:orders"),
        lambda: setattr(state, "user_id", grace.id),
        state.reset,
    ):
        state.user_id = ada.id
        state.tick_user(ada.id, manager.id, (ada.id, manager.id) not in state.users.ticked)
        assert {one.mark for one in state.token} != {"same"}
        leave()
        assert {one.mark for one in state.token} == {"same"} and state.done == ""


def test_a_blocked_user_gets_none(tenant, state, people):
    """The refusing rule is said."""
    tenant.users.update(people[0], blocked=True)
    state.refresh()
    assert state.refusal.trace.refusing.setting == "user.blocked" and state.token == ()


@pytest.mark.parametrize(
    ("field", "typed", "click", "code"),
    [
        ("new_role", "", "create_role", "name.empty"),
        ("new_role", "a<b", "create_role", "name.forbidden_character"),
        ("email", "nobody", "create_user", "email.not_an_address"),
        ("email", "\ud800@x", "create_user", "email.not_text"),
    ],
)
def test_a_broken_rule_stands_under_its_field(tenant, state, field, typed, click, code):
    """Once it was touched; and nothing is created."""
    assert state.shown == {}
    setattr(state, field, typed)
    getattr(state, click)(*([Secret("correct horse battery")] if click == "create_user" else []))
    assert state.shown[field].code == code and state.failure is None
    assert (len(tenant.roles), len(tenant.users)) == (2, 1)


def test_what_the_tenant_refuses_is_a_failure(tenant, state, people):
    """Two of a name, a short password, a role that is gone; the ticks are counted anew."""
    state.new_role = "Clerk"
    state.create_role()
    assert state.failure.code == "name.duplicate" and state.new_role == "Clerk"
    state.email = "grace@example.com"
    state.create_user(Secret("short"))
    assert state.failure.code == "password.length"
    tenant.roles.delete("Manager")
    looks = state.looks
    state.tick_permission("write:orders", people[1].id, True)
    assert not state.failure and state.looks > looks
    state.tick_permission("read:orders", "rol_gone", True)
    assert state.failure.code == "id.unknown" and state.done == ""


def test_a_search_leaves_what_holds_the_text(tenant, state):
    """Six at most; what has no match stays whole, so that one word can look for a role alone."""
    for number in range(9):
        tenant.roles.create(name=f"Team {number}")
    state.refresh()
    assert state.large and state.counts == (2, 11, 1) and len(state.users.columns) == 6
    state.find = "TEAM 7"
    assert [one.name for one in state.users.columns] == ["Team 7"]
    assert [one.name for one in state.permissions.rows] == list(SCOPES)
    assert found([Line("a", "a"), Line("b", "b")], "z") == (Line("a", "a"), Line("b", "b"))


def test_another_panel_is_heard(tenant, state, people):
    """And an API that is deleted is left."""
    other = RolesState(tenant)
    other.tick_permission("write:orders", people[1].id, True)
    assert state.granted == ("read:orders", "write:orders")
    tenant.apis.delete(ORDERS)
    state.refresh()
    assert state.api.name == "Stock" and state.failure is None


def test_a_closed_tenant_is_reported_not_raised(tenant, state, people):
    """By every click."""
    _, clerk, _ = people
    tenant.close()
    state.new_role, state.email = "Auditor", "grace@example.com"
    for click in (
        state.refresh, state.create_role, lambda: state.create_user(Secret("correct horse battery")),
        state.create_application, state.reset, lambda: state.tick_permission("write:orders", clerk.id, True),
        lambda: state.tick_user(people[0].id, clerk.id, False), lambda: state.set_rbac(False),
        lambda: state.set_dialect("rfc9068_profile"),
    ):  # fmt: skip
        click()
        assert state.failure is not None and state.failure.code == "storage.closed"
