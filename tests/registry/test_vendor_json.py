"""The vendor's JSON of models: what is not set is left out, and a secret is there only when it is asked for."""

import json

from authkit import SteerableClock, Tenant
from authkit.registry.vendor_json import (
    api_json,
    application_json,
    client_grant_json,
    permission_json,
    role_json,
    user_json,
)

Training = Tenant[SteerableClock]


def test_a_bare_api_looks_as_a_real_tenant_answered(tenant: Training) -> None:
    """The recorded answer, but for the id."""
    document = api_json(tenant.apis.create(identifier="https://orders.example/"), secrets=False)
    assert len(document.pop("id")) == 24
    assert document == {
        "identifier": "https://orders.example/",
        "allow_offline_access": False,
        "skip_consent_for_verifiable_first_party_clients": False,
        "token_lifetime": 86400,
        "token_lifetime_for_web": 7200,
        "signing_alg": "RS256",
        "subject_type_authorization": {"client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}},
    }


def test_secrets_are_there_only_when_asked_for(tenant: Training) -> None:
    """Of an HS256 API and of an application."""
    api = tenant.apis.create(identifier="https://stock.example/", signing_alg="HS256")
    app = tenant.applications.create(name="x")
    assert api.signing_secret is not None and app.client_secret is not None
    assert "signing_secret" not in api_json(api, secrets=False)
    assert "client_secret" not in application_json(app, secrets=False)
    assert api_json(api, secrets=True)["signing_secret"] == api.signing_secret.reveal()
    assert application_json(app, secrets=True)["client_secret"] == app.client_secret.reveal()


def test_everything_is_json(tenant: Training) -> None:
    """And says what the vendor's documents say."""
    api = tenant.apis.create(identifier="x", scopes={"a": "b"}, enforce_policies=True, token_dialect="rfc9068_profile")
    spa = tenant.applications.create(name="x", app_type="spa", callbacks=["com.example.app://callback"])
    app = tenant.applications.create(name="y")
    role, user = tenant.roles.create(name="r"), tenant.users.create(email="a@b.example", password="correct horse")
    tenant.roles.add_permissions(role, api, ["a"])
    (permission,) = tenant.roles.permissions(role)
    document = [
        api_json(api, secrets=False), application_json(spa, secrets=True), role_json(role), user_json(user),
        client_grant_json(tenant.client_grants.create(app, api, ["a"])), permission_json(permission),
    ]  # fmt: skip
    read = json.loads(json.dumps(document))
    assert read[0]["scopes"] == [{"value": "a", "description": "b"}] and read[0]["enforce_policies"] is True
    assert read[1]["token_endpoint_auth_method"] == "none" and "client_secret" not in read[1]
    assert read[5] == {"resource_server_identifier": "x", "permission_name": "a"}
    assert api_json(next(iter(tenant.apis)), secrets=False)["is_system"] is True
