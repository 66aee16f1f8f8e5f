"""Roles: names for sets of permissions."""

from typing import Any

import pytest

from authkit import Api, RegistrationError, SteerableClock, Tenant, training_tenant
from authkit.explore import table
from authkit.registry import permissions, roles
from authkit.registry.models import Role

Training = Tenant[SteerableClock]


@pytest.fixture
def role(tenant: Training) -> Role:
    return tenant.roles.create(name="clerk", description="Handles orders")


def code(action: Any, *arguments: Any, **settings: Any) -> str:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments, **settings)
    return caught.value.code


def held(tenant: Training, role: Role) -> list[str]:
    return [permission.permission_name for permission in tenant.roles.permissions(role)]


def test_a_role_is_found_by_id_and_by_name(tenant: Training, role: Role) -> None:
    """Its id is the vendor's form."""
    assert role.id.startswith("rol_") and len(role.id) == 20
    assert tenant.roles.get(role.id) == tenant.roles.get("clerk") == role


@pytest.mark.parametrize("name", ["", "<b>", "x" * 201, None, 5, "\ud800"])
def test_a_bad_name_is_refused(tenant: Training, name: Any) -> None:
    """Nothing is stored."""
    assert code(tenant.roles.create, name=name).startswith("name.") and len(tenant.roles) == 0


def test_a_name_is_unique(tenant: Training, role: Role) -> None:
    """When it is made and when it is changed; another role's id is no name either."""
    assert code(tenant.roles.create, name="clerk") == "name.duplicate"
    assert code(tenant.roles.create, name=role.id) == "name.duplicate"
    other = tenant.roles.create(name="boss")
    assert code(tenant.roles.update, other, name="clerk") == "name.duplicate"
    assert tenant.roles.update(role, name="clerk", description="").description == ""


def test_permissions_are_given_and_taken(tenant: Training, api: Api, role: Role) -> None:
    """Twice given is held once; what is not held is no fault to take."""
    tenant.roles.add_permissions(role, api, ["write:orders", "read:orders"])
    tenant.roles.add_permissions(role, api.identifier, "read:orders")
    assert held(tenant, role) == ["write:orders", "read:orders"]
    tenant.roles.remove_permissions(role, api, ["write:orders", "unknown"])
    assert held(tenant, role) == ["read:orders"]


def test_only_scopes_of_an_api_are_permissions(tenant: Training, api: Api, role: Role) -> None:
    """All or nothing."""
    assert code(tenant.roles.add_permissions, role, api, ["read:orders", "fly"]) == "permission_name.unknown"
    assert code(tenant.roles.add_permissions, role, "https://nowhere/", ["fly"]) == "id.unknown"
    assert held(tenant, role) == []


def test_a_role_holds_a_limited_number(tenant: Training, api: Api, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 in truth; nothing of the surplus is stored."""
    assert permissions.MAX_PERMISSIONS == 1000
    monkeypatch.setattr(permissions, "MAX_PERMISSIONS", 1)
    assert code(tenant.roles.add_permissions, role, api, ["read:orders", "write:orders"]) == "permissions.too_many"
    assert held(tenant, role) == []


def test_a_tenant_has_a_limited_number(tenant: Training, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    """1000 in truth."""
    assert roles.MAX_ROLES == 1000
    monkeypatch.setattr(roles, "MAX_ROLES", 1)
    assert code(tenant.roles.create, name="another") == "name.too_many"


def test_permissions_go_with_their_api_and_with_their_role(tenant: Training, api: Api, role: Role) -> None:
    """Nothing is left that names what is gone."""
    tenant.roles.add_permissions(role, api, ["read:orders"])
    tenant.apis.delete(api)
    assert held(tenant, role) == []
    tenant.roles.delete(role)
    assert len(tenant.roles) == 0


def test_a_name_that_was_given_up_is_free(tenant: Training, role: Role) -> None:
    """The column beside the document follows."""
    renamed = tenant.roles.update(role, name="assistant")
    assert tenant.roles.find("clerk") is None and tenant.roles.get("assistant") == renamed
    assert tenant.roles.create(name="clerk").id != role.id


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "name empty": ({"name": ""}, "name.empty"),
    "name with <": ({"name": "a<b"}, "name.forbidden_character"),
    "name with >": ({"name": "a>b"}, "name.forbidden_character"),
    "name of 201 characters": ({"name": "x" * 201}, "name.too_long"),
    "name None": ({"name": None}, "name.not_text"),
    "name a number": ({"name": 5}, "name.not_text"),
    "name a huge number": ({"name": 10**5000}, "name.not_text"),
    "name a lone surrogate": ({"name": "\ud800"}, "name.not_text"),
    "name with a space before": ({"name": " clerk"}, "name.invisible_character"),
    "name a space": ({"name": " "}, "name.invisible_character"),
    "name with a line break": ({"name": "cl\nerk"}, "name.invisible_character"),
    "name with a NUL": ({"name": "clerk\0"}, "name.invisible_character"),
    "name with a zero width space": ({"name": "cl\u200berk"}, "name.invisible_character"),
    "name written backwards": ({"name": "cl\u202eerk"}, "name.invisible_character"),
    "description of 256 characters": ({"description": "x" * 256}, "description.too_long"),
    "description None": ({"description": None}, "description.not_text"),
    "description a lone surrogate": ({"description": "\ud800"}, "description.not_text"),
    "id": ({"id": "rol_x"}, "id.read_only"),
    "unknown field": ({"colour": "red"}, "colour.unknown_field"),
    "unknown field named like a parameter": ({"self": 1}, "self.unknown_field"),
}


@pytest.mark.parametrize(("settings", "expected"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_and_stores_nothing(tenant: Training, settings: dict[str, Any], expected: str) -> None:
    """One clear error, and the next role's id is what it would have been."""
    with pytest.raises(RegistrationError) as caught:
        tenant.roles.create(**{"name": "x", **settings})
    assert (caught.value.code, caught.value.field) == (expected, expected.partition(".")[0])
    assert caught.value.remedy and len(caught.value.message) < 500 and len(tenant.roles) == 0
    with training_tenant() as untouched:
        assert tenant.roles.create(name="x") == untouched.roles.create(name="x")


@pytest.mark.parametrize(("settings", "expected"), BAD.values(), ids=BAD)
def test_bad_changes_are_refused_and_store_nothing(
    tenant: Training, role: Role, settings: dict[str, Any], expected: str
) -> None:
    """The rules of creation."""
    assert code(tenant.roles.update, role, **settings) in (expected, "id.immutable")
    assert list(tenant.roles) == [role]


def test_the_training_role_ids_are_pinned(tenant: Training, role: Role) -> None:
    """What learner, instructor and CI see; a refused attempt changes none."""
    assert code(tenant.roles.create, name="clerk") == "name.duplicate"
    assert (role.id, tenant.roles.create(name="boss").id) == ("rol_mRJPVHv1AxClUYBx", "rol_9IldGMQI1rV46LPy")


@pytest.mark.parametrize("name", ["x", "x" * 200, "Tom & Jerry", "' OR 1=1", "主任", "a@b"])
def test_a_name_is_free_but_for_what_cannot_be_seen(tenant: Training, name: str) -> None:
    """1 to 200 characters."""
    made = tenant.roles.create(name=name, description="x" * 255)
    assert tenant.roles.get(name) == tenant.roles.get(made.id) == made


def test_names_in_other_letters_are_other_roles(tenant: Training, role: Role) -> None:
    """They are compared letter by letter."""
    other = tenant.roles.create(name="Clerk")
    assert tenant.roles.get("Clerk") == other != role == tenant.roles.get("clerk")


def test_a_role_can_be_changed_but_for_its_id(tenant: Training, role: Role) -> None:
    """The column beside the document follows its name."""
    changed = tenant.roles.update("clerk", name="officer", description="")
    assert (changed.id, changed.name, changed.description) == (role.id, "officer", "")
    assert tenant.roles.find("clerk") is None and tenant.roles.get("officer") == changed
    assert code(tenant.roles.update, role, id="rol_x", name="other") == "id.immutable"
    assert tenant.roles.get(role) == changed == tenant.roles.update(role, id=role.id)


@pytest.mark.parametrize(
    "name", ["", "x", None, 5, 10**5000, "\ud800", [], object()], ids=lambda value: type(value).__name__
)
def test_an_unknown_role_is_one_clear_error(tenant: Training, role: Role, name: Any) -> None:
    """Whatever it is called by."""
    for action in (tenant.roles.get, tenant.roles.delete, tenant.roles.update, tenant.roles.permissions):
        assert code(action, name) == "id.unknown"
    assert tenant.roles.find(name) is None and list(tenant.roles) == [role]


def test_the_thousandth_role_is_the_last(tenant: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one goes, another one may come; at the limit a change is still allowed."""
    monkeypatch.setattr(roles, "MAX_ROLES", 3)
    made = [tenant.roles.create(name=f"r{number}") for number in range(3)]
    assert code(tenant.roles.create, name="r3") == "name.too_many" and len(tenant.roles) == 3
    assert tenant.roles.update(made[0], description="changed").description == "changed"
    tenant.roles.delete(made[1])
    tenant.roles.create(name="r3")
    assert [role.name for role in tenant.roles] == ["r0", "r2", "r3"]


def test_a_role_shows_itself_on_one_line_and_escaped(tenant: Training) -> None:
    """What would move the cursor is spelt out, in terminal and notebook."""
    role = tenant.roles.create(name="Tom & Jerry", description="a\n\x1b[2J\u202e<b>")
    assert repr(role).isprintable() and len(repr(tenant.roles).splitlines()) == 2
    for html in (role._repr_html_(), tenant.roles._repr_html_()):
        assert "Tom &amp; Jerry" in html and "<b>" not in html and html.isprintable()
    assert role.description == "a\n\x1b[2J\u202e<b>"


def test_roles_are_a_table(tenant: Training, role: Role) -> None:
    """A row each."""
    assert table(tenant.roles).to_dict("records") == [dict(role)]
