"""Client grants: which application may ask for which scopes of which API (S9)."""

from typing import Any

import pytest

from authkit import Api, Application, RegistrationError, SteerableClock, Tenant, training_tenant

Training = Tenant[SteerableClock]


def problem(action: Any, *arguments: Any, **settings: Any) -> RegistrationError:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments, **settings)
    assert caught.value.remedy and caught.value.field
    return caught.value


def test_a_grant_joins_an_application_and_an_api(tenant: Training, api: Api, app: Application) -> None:
    """Restricted to a subset of the scopes."""
    grant = tenant.client_grants.create(app, api, ["read:orders"])
    assert (grant.client_id, grant.audience, grant.scope) == (app.client_id, api.identifier, ("read:orders",))
    assert grant.id.startswith("cgr_") and tenant.client_grants.between(app.client_id, api.identifier) == grant


@pytest.mark.parametrize("named", ["id", "identifier"])
def test_both_may_be_named(tenant: Training, api: Api, app: Application, named: str) -> None:
    """By client id, and by the API's id or identifier."""
    assert tenant.client_grants.create(app.client_id, getattr(api, named)).audience == api.identifier


@pytest.mark.parametrize("scopes", ["read:orders", ["read:orders"], ("read:orders",), {"read:orders"}], ids=str)
def test_scopes_come_as_one_or_several(tenant: Training, api: Api, app: Application, scopes: Any) -> None:
    """One text is one scope."""
    assert tenant.client_grants.create(app, api, scopes).scope == ("read:orders",)


def test_a_grant_may_hold_no_scope(tenant: Training, api: Api, app: Application) -> None:
    """The application may then ask for a token without any."""
    assert tenant.client_grants.create(app, api).scope == ()


@pytest.mark.parametrize(
    ("scopes", "code"),
    [
        (["delete:orders"], "scope.unknown"),
        (["read:orders", "READ:ORDERS"], "scope.unknown"),
        ("read:orders write:orders", "scope.unknown"),
        ([""], "scope.unknown"),
        (["read:orders", "read:orders"], "scope.duplicate"),
        ([5], "scope.not_text"),
        ([None], "scope.not_text"),
        ([["read:orders"]], "scope.not_text"),
        (["\ud800"], "scope.unknown"),
        (5, "scope.not_a_list"),
        (None, "scope.not_a_list"),
        pytest.param([f"x{number}" for number in range(1001)], "scope.too_long", id="1001 scopes"),
        ({"read:orders": ""}, "scope.not_a_list"),
    ],
    ids=ascii,
)
def test_bad_scopes_are_refused(tenant: Training, api: Api, app: Application, scopes: Any, code: str) -> None:
    """Only what the API defines, each once; nothing is stored, and the next id is what it would have been."""
    assert problem(tenant.client_grants.create, app, api, scopes).code == code
    assert len(tenant.client_grants) == 0
    with training_tenant() as untouched:
        other = untouched.client_grants.create(
            untouched.applications.create(name="x"), untouched.apis.create(identifier="a")
        )
    assert tenant.client_grants.create(app, api).id == other.id


def test_a_second_grant_for_the_same_pair_is_refused(tenant: Training, api: Api, app: Application) -> None:
    """Its scopes are changed instead."""
    grant = tenant.client_grants.create(app, api)
    assert problem(tenant.client_grants.create, app, api, ["read:orders"]).code == "audience.duplicate"
    assert list(tenant.client_grants) == [grant]


def test_unknown_partners_are_refused(tenant: Training, api: Api, app: Application) -> None:
    """Both must exist."""
    for arguments in (("nobody", api), (app, "nothing"), (api, app), (None, None), (5, 10**5000), ("\ud800", api)):
        assert problem(tenant.client_grants.create, *arguments).code == "id.unknown"
    assert len(tenant.client_grants) == 0


def test_scopes_can_be_changed(tenant: Training, api: Api, app: Application) -> None:
    """Under the rules of creation."""
    grant = tenant.client_grants.create(app, api, ["read:orders"])
    assert tenant.client_grants.update(grant, scope=["write:orders"]).scope == ("write:orders",)
    assert problem(tenant.client_grants.update, grant, scope=["x"]).code == "scope.unknown"
    assert tenant.client_grants.get(grant).scope == ("write:orders",)


@pytest.mark.parametrize("field", ["id", "client_id", "audience"])
def test_what_a_grant_joins_cannot_be_changed(tenant: Training, api: Api, app: Application, field: str) -> None:
    """Make another one."""
    grant = tenant.client_grants.create(app, api)
    assert problem(tenant.client_grants.update, grant, **{field: "x"}).code == f"{field}.immutable"


def test_a_grant_can_be_deleted(tenant: Training, api: Api, app: Application) -> None:
    """Application and API stay."""
    grant = tenant.client_grants.create(app, api)
    tenant.client_grants.delete(grant)
    assert len(tenant.client_grants) == 0 and tenant.apis.get(api) == api and tenant.applications.get(app) == app
    assert problem(tenant.client_grants.delete, grant).code == "id.unknown"


@pytest.mark.parametrize("name", [None, 5, 10**5000, "\ud800", "", []], ids=lambda value: type(value).__name__)
def test_no_grant_is_between_nonsense(tenant: Training, name: Any) -> None:
    """Looking up is safe with anything."""
    assert tenant.client_grants.between(name, name) is None
