"""Roles: names for sets of permissions."""

from typing import Any

import pytest

from authkit import Api, RegistrationError, SteerableClock, Tenant
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
