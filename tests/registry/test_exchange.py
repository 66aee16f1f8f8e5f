"""A configuration goes out and comes in: the same, all of it or nothing, and every fault by its place."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from authkit import (
    Api,
    Application,
    ClientCredentials,
    ConfigurationError,
    GrantRefused,
    RegistrationError,
    SteerableClock,
    Tenant,
    training_tenant,
)
from authkit.registry.exchange import MAX_BYTES, MAX_ENTRIES, read_export
from authkit.registry.imported import NOUNS, Imported

Training = Tenant[SteerableClock]
SECRET = "abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.fixture
def full(tenant: Training, api: Api, hs_api: Api, app: Application) -> Training:
    """A tenant with something of every kind."""
    shop = tenant.applications.create(name="Shop", app_type="spa", callbacks=["https://shop.example/cb"])
    tenant.client_grants.create(app, api, ["read:orders"])
    tenant.client_grants.create(app, hs_api)
    clerk = tenant.roles.create(name="Clerk", description="Handles orders")
    tenant.roles.add_permissions(clerk, api, ["write:orders", "read:orders"])
    ada = tenant.users.create(email="ada@example.com", password="correct horse", name="Ada")
    tenant.users.add_roles(ada, clerk)
    tenant.users.add_permissions(ada, api, ["read:orders"])
    assert shop.client_secret is None
    return tenant


@pytest.fixture
def empty() -> Iterator[Tenant[Any]]:
    """A tenant that knows nothing yet, with keys of its own."""
    with Tenant.open() as tenant:
        yield tenant


def refused(tenant: Tenant[Any], document: Any) -> RegistrationError:
    before = tenant.export(secrets=True)
    with pytest.raises(RegistrationError) as caught:
        tenant.import_(document)
    assert tenant.export(secrets=True) == before, "nothing was stored"
    assert "Nothing was imported." in caught.value.message and caught.value.remedy
    return caught.value


def an_api(**settings: Any) -> dict[str, Any]:
    return {"identifier": "https://orders.example/", "enforce_policies": True, **settings}


def a_client(**settings: Any) -> dict[str, Any]:
    return {"client_id": "c1", "name": "Nightly report", "app_type": "non_interactive", **settings}


def risks_of(imported: Imported) -> str:
    return "\n".join(risk.what for risk in imported.risks)


# ---- out


def test_an_export_is_json_of_the_management_api(full: Training) -> None:
    """Under the vendor's names, each entry as its Management API answers it."""
    document = full.export()
    assert list(document) == list(NOUNS)
    assert json.loads(json.dumps(document)) == document
    assert [api["identifier"] for api in document["resource_servers"]] == [
        "https://orders.example/",
        "https://stock.example/",
    ]
    assert document["roles"][0]["permissions"] == [
        {"resource_server_identifier": "https://orders.example/", "permission_name": name}
        for name in ("read:orders", "write:orders")
    ]
    assert document["users"][0]["roles"] == ["Clerk"]


def test_secrets_stay_unless_they_are_asked_for(full: Training, app: Application, hs_api: Api) -> None:
    """Nor is there any trace of a password or a private key, in either case."""
    assert app.client_secret and hs_api.signing_secret
    secrets = [app.client_secret.reveal(), hs_api.signing_secret.reveal()]
    plain, clear = json.dumps(full.export()), json.dumps(full.export(secrets=True))
    assert not [secret for secret in secrets if secret in plain] and "secret" not in plain.replace("client_secret_", "")
    assert all(secret in clear for secret in secrets)
    for text in (plain, clear):
        assert "scrypt" not in text and "PRIVATE KEY" not in text and "password_hash" not in text


def test_the_management_api_is_not_exported(full: Training, app: Application) -> None:
    """Nor what is granted for it: power over one tenant is none over another."""
    system = next(api for api in full.apis if api.is_system)
    system = full.apis.update(system, scopes={"read:clients": ""})
    full.client_grants.create(app, system, ["read:clients"])
    full.roles.add_permissions("Clerk", system, ["read:clients"])
    assert system.identifier not in json.dumps(full.export())


def test_what_an_api_no_longer_defines_is_not_exported(full: Training, api: Api, empty: Tenant[Any]) -> None:
    """It means nothing any more, and would be refused."""
    full.apis.update(api, scopes={"write:orders": ""})
    document = full.export()
    assert "read:orders" not in json.dumps(document)
    empty.import_(document)
    assert empty.export() == document


def test_the_order_depends_on_the_content_alone() -> None:
    """Two tenants with the same things export the same text, in whatever order these were made."""
    texts = []
    for names in (["b", "a", "c"], ["c", "b", "a"]):
        with Tenant.open() as tenant:
            tenant.import_({"resource_servers": [an_api(identifier=name, id=name * 24) for name in names]})
            tenant.import_({"roles": [{"name": name, "id": f"rol_{name}"} for name in names]})
            texts.append(json.dumps(tenant.export()))
    assert texts[0] == texts[1]


# ---- in, and out again


@pytest.mark.parametrize("secrets", [False, True])
def test_out_in_and_out_again_is_the_same(full: Training, empty: Tenant[Any], secrets: bool) -> None:
    """Byte for byte, identifiers included; through JSON."""
    text = json.dumps(full.export(secrets=secrets))
    imported = empty.import_(read_export(text.encode()))
    assert json.dumps(empty.export(secrets=secrets)) == text
    assert imported.counts == {"resource_servers": 2, "clients": 2, "client_grants": 2, "roles": 1, "users": 1}


def test_an_imported_application_goes_on_working(
    full: Training, empty: Tenant[Any], api: Api, app: Application
) -> None:
    """With its client id and secret it gets a token of the new tenant."""
    empty.import_(full.export(secrets=True))
    found = empty.applications.get(app.client_id)
    assert found.client_secret == app.client_secret
    token = empty.request_token(ClientCredentials(found, audience=api.identifier)).access_token
    assert empty.verifier(api.identifier).verify(token)["azp"] == app.client_id


def test_issuer_and_keys_stay_the_tenants_own(full: Training, empty: Tenant[Any]) -> None:
    """A configuration names neither."""
    before = (empty.issuer, empty.jwks)
    empty.import_(full.export(secrets=True))
    assert (empty.issuer, empty.jwks) == before


def test_a_secret_that_is_missing_is_made(full: Training, empty: Tenant[Any], app: Application, hs_api: Api) -> None:
    """Another one, and a note says so."""
    imported = empty.import_(full.export())
    one, other = empty.applications.get(app.client_id).client_secret, empty.apis.get(hs_api.identifier).signing_secret
    assert one and one != app.client_secret and other and other != hs_api.signing_secret
    assert sum("a new one was made" in note for note in imported.notes) == 2


def test_an_imported_user_has_no_password_until_one_is_set(full: Training, empty: Tenant[Any]) -> None:
    """None lets it in; user id, roles and permissions are there."""
    imported = empty.import_(full.export())
    assert empty.users.authenticate("ada@example.com", "correct horse") is None
    assert empty.users.authenticate("ada@example.com", "") is None
    ada = empty.users.get("ada@example.com")
    assert ada.user_id == full.users.get("ada@example.com").user_id
    assert empty.users.permissions_for(ada, "https://orders.example/") == ("read:orders", "write:orders")
    assert any("set_password" in note for note in imported.notes)
    empty.users.set_password(ada, "another horse")
    assert empty.users.authenticate("ada@example.com", "another horse") == ada


def test_a_filled_tenant_takes_in_what_is_new(full: Training) -> None:
    """What it has stays, and what comes in may refer to it."""
    document = {
        "clients": [a_client()],
        "client_grants": [{"client_id": "c1", "audience": "https://orders.example/", "scope": ["write:orders"]}],
        "users": [{"email": "bob@example.com", "roles": ["Clerk"]}],
    }
    full.import_(document)
    grant = full.client_grants.between("c1", "https://orders.example/")
    assert grant is not None and grant.scope == ("write:orders",)
    assert [role.name for role in full.users.roles("bob@example.com")] == ["Clerk"]


def test_a_training_tenant_goes_on_after_an_import(full: Training) -> None:
    """What it would draw next came in already: it draws once more."""
    with training_tenant() as other:
        other.import_(full.export())
        other.apis.create(identifier="new")
        application = other.applications.create(name="new")
        other.client_grants.create(application, "https://orders.example/")
        other.roles.create(name="new")
        other.users.create(email="new@example.com", password="correct horse")
        assert len(other.applications) == 3 and len(other.users) == 2


def test_a_refused_import_changes_no_later_identifier() -> None:
    """Of a training tenant, whose chance is counted."""
    with training_tenant() as one, training_tenant() as other:
        with pytest.raises(RegistrationError):
            one.import_(
                {"clients": [{"name": "new", "app_type": "spa"}, {"name": "<"}], "resource_servers": [an_api()]}
            )
        assert one.applications.create(name="x") == other.applications.create(name="x")
        assert one.apis.create(identifier="x") == other.apis.create(identifier="x")


# ---- refused


CONFLICTS = {
    "resource_servers[0].identifier": {"resource_servers": [an_api()]},
    "resource_servers[1].identifier": {"resource_servers": [an_api(identifier="n"), an_api(identifier="n")]},
    "resource_servers[0].id": {"resource_servers": [an_api(identifier="n", id="API")]},
    "clients[0].client_id": {"clients": [a_client(client_id="APP")]},
    "client_grants[0].audience": {"client_grants": [{"client_id": "APP", "audience": "https://orders.example/"}]},
    "roles[0].name": {"roles": [{"name": "Clerk"}]},
    "users[0].email": {"users": [{"email": "ADA@example.com"}]},
}


@pytest.mark.parametrize("place", CONFLICTS)
def test_a_conflict_names_its_entry(full: Training, api: Api, app: Application, place: str) -> None:
    """Whatever was here, or came twice."""
    text = json.dumps(CONFLICTS[place]).replace("API", api.id).replace("APP", app.client_id)
    error = refused(full, json.loads(text))
    assert error.field == place and error.code.endswith(".duplicate") and error.message.startswith(place)
    assert ("empty tenant" in error.remedy) == ("[0]" in place)


TWINS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "resource_servers[1].identifier": (an_api(), an_api(name="Orders")),
    "resource_servers[1].id": (an_api(id="a" * 24), an_api(id="a" * 24, identifier="n")),
    "clients[1].client_id": (a_client(), a_client()),
    "client_grants[1].audience": ({"client_id": "c1", "audience": "n"}, {"client_id": "c1", "audience": "n"}),
    "roles[1].name": ({"name": "Clerk"}, {"name": "Clerk"}),
    "users[1].email": (
        {"user_id": "auth0|1", "email": "a@b.c"},
        {"user_id": "google-oauth2|2", "email": "A@b.c"},
    ),
}


@pytest.mark.parametrize("place", TWINS)
def test_a_conflict_within_the_export_names_both(empty: Tenant[Any], place: str) -> None:
    """An empty tenant would not help: it is one."""
    part = place.partition("[")[0]
    others = {"resource_servers": [an_api(identifier="n")], "clients": [a_client()]} if part == "client_grants" else {}
    error = refused(empty, {**others, part: TWINS[place]})
    assert error.field == place and error.code.endswith(".duplicate")
    assert error.remedy.startswith(f"{part}[0] ") and "empty tenant" not in error.remedy


def test_an_entry_that_was_left_out_has_nothing(full: Training, app: Application) -> None:
    """What the tenant has is named as its own."""
    grant = {"client_id": app.client_id, "audience": "https://orders.example/"}
    error = refused(full, {"client_grants": [{**grant, "subject_type": "user"}, grant]})
    assert error.field == "client_grants[1].audience" and "empty tenant" in error.remedy


def test_a_list_with_the_same_twice_is_no_conflict(empty: Tenant[Any]) -> None:
    """Its repair is the list's own, not another tenant."""
    error = refused(empty, {"clients": [a_client(callbacks=["https://shop.example/"] * 2)]})
    assert error.code == "callbacks.duplicate" and "tenant" not in error.remedy


FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "resource_servers[1].token_lifetime": (
        "token_lifetime.too_large",
        {"resource_servers": [an_api(identifier="a"), an_api(token_lifetime=2592001)]},
    ),
    "resource_servers[0].identifier": ("identifier.missing", {"resource_servers": [{"name": "Orders"}]}),
    "resource_servers[0].scopes.value": (
        "scopes.forbidden_character",
        {"resource_servers": [an_api(scopes=[{"value": "read orders"}])]},
    ),
    "resource_servers[0].signing_alg": ("signing_alg.unknown", {"resource_servers": [an_api(signing_alg="none")]}),
    "resource_servers[0].signing_secret": (
        "signing_secret.too_short",
        {"resource_servers": [an_api(signing_alg="HS256", signing_secret="short")]},
    ),
    "resource_servers[0]": ("import.not_an_object", {"resource_servers": ["https://orders.example/"]}),
    "clients[0].app_type": ("app_type.unknown", {"clients": [a_client(app_type="rms")]}),
    "clients[0].client_secret": ("client_secret.not_text", {"clients": [a_client(client_secret="\ud800" + SECRET)]}),
    "clients[0].client_id": ("client_id.invalid", {"clients": [a_client(client_id="a b")]}),
    "clients[0].callbacks": ("callbacks.not_a_url", {"clients": [a_client(callbacks=["https://*.example/"])]}),
    "clients[0].grant_types": (
        "grant_types.needs_secret",
        {"clients": [a_client(app_type="spa", grant_types=["client_credentials"])]},
    ),
    "client_grants[0].client_id": (
        "client_id.unknown",
        {"resource_servers": [an_api()], "client_grants": [{"client_id": "x", "audience": "https://orders.example/"}]},
    ),
    "client_grants[0].audience": (
        "audience.unknown",
        {"clients": [a_client()], "client_grants": [{"client_id": "c1", "audience": "x"}]},
    ),
    "client_grants[0].scope": (
        "scope.unknown",
        {
            "resource_servers": [an_api()],
            "clients": [a_client()],
            "client_grants": [{"client_id": "c1", "audience": "https://orders.example/", "scope": ["read"]}],
        },
    ),
    "roles[0].permissions.resource_server_identifier": (
        "permissions.unknown",
        {"roles": [{"name": "a", "permissions": [{"resource_server_identifier": "x", "permission_name": "y"}]}]},
    ),
    "roles[0].permissions": ("permissions.not_an_object", {"roles": [{"name": "a", "permissions": ["read"]}]}),
    "users[0].roles": ("roles.unknown", {"users": [{"email": "a@b", "roles": ["Nobody"]}]}),
    "users[0].email": ("email.not_an_address", {"users": [{"email": "ada"}]}),
}


@pytest.mark.parametrize("place", FAULTS)
def test_a_value_against_a_rule_names_its_place(empty: Tenant[Any], place: str) -> None:
    """With the code that the rule has everywhere."""
    code, document = FAULTS[place]
    error = refused(empty, document)
    assert (error.field, error.code) == (place, code)


@pytest.mark.parametrize("kind", [["spa"], {"spa": True}, 1, ""], ids=["list", "object", "number", "empty"])
def test_a_kind_of_application_that_is_no_text_is_a_fault(empty: Tenant[Any], kind: object) -> None:
    """As any other that is unknown."""
    error = refused(empty, {"clients": [a_client(app_type=kind)]})
    assert (error.field, error.code) == ("clients[0].app_type", "app_type.unknown")


def test_all_faults_are_told_at_once(empty: Tenant[Any]) -> None:
    """The first in full, the others by place; what only refers to a fault is none."""
    document = {
        "resource_servers": [an_api(token_lifetime=-1)],
        "clients": [a_client(), a_client(client_id="c2", app_type="rms"), a_client(client_id="c3", name="<b>")],
        "client_grants": [{"client_id": "c1", "audience": "https://orders.example/"}],
        "users": [{"email": f"{number}"} for number in range(9)],
    }
    error = refused(empty, document)
    assert error.code == "token_lifetime.too_small"
    assert "clients[1].app_type [app_type.unknown]" in error.message and "clients[2].name" in error.message
    assert "and 6 more" in error.message and "client_grants" not in error.message


def test_no_error_shows_a_secret(empty: Tenant[Any]) -> None:
    """However wrong it is, and wherever it stands."""
    wrong = "not-so-secret"
    for document in (
        {"resource_servers": [an_api(signing_alg="HS256", signing_secret=wrong)]},
        {"clients": [{"client_secret": wrong, "name": ""}]},
        {"clients": [a_client(client_secret=wrong + "\ud800")]},
        {"users": [{"email": "", "password": wrong}]},
    ):
        assert wrong not in str(refused(empty, document))
    with pytest.raises(ConfigurationError) as caught:
        empty.import_({"client": [{"client_secret": wrong}]})
    assert wrong not in str(caught.value)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (None, "import.not_an_export"),
        ([], "import.not_an_export"),
        ({}, "import.not_an_export"),
        ({"apis": []}, "import.not_an_export"),
        ({"resourceServers": [], "resource_servers": []}, "import.part_twice"),
        ({"clients": {}}, "import.not_a_list"),
        ({"clients": "all"}, "import.not_a_list"),
        ({"clients": [{}] * (MAX_ENTRIES + 1)}, "import.too_large"),
    ],
    ids=["nothing", "list", "empty", "other names", "two spellings", "an object", "a text", "too many"],
)
def test_what_is_no_export_is_said(empty: Tenant[Any], document: Any, code: str) -> None:
    """Before anything is tried."""
    with pytest.raises(ConfigurationError) as caught:
        empty.import_(document)
    assert caught.value.code == code and caught.value.remedy


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "import.not_json"),
        (b"[]", "import.not_json"),
        (b'{"clients": [], "clients": []}', "import.not_json"),
        (b'{"clients": NaN}', "import.not_json"),
        (b'{"clients": ' + b"[" * 20 + b"]" * 20 + b"}", "import.not_json"),
        (b'{"clients": ["\\ud800"]}', "import.not_json"),
        (b"\xff\xfe", "import.not_json"),
        (b" " * (MAX_BYTES + 1), "import.too_large"),
    ],
    ids=["empty", "list", "twice", "NaN", "deep", "surrogate", "bytes", "large"],
)
def test_json_is_read_strictly(raw: bytes, code: str) -> None:
    """Bounded in size and depth, no member twice."""
    with pytest.raises(ConfigurationError) as caught:
        read_export(raw)
    assert caught.value.code == code


def test_the_mark_of_windows_editors_is_no_fault() -> None:
    """UTF-8 with a byte order mark."""
    assert read_export(b'\xef\xbb\xbf{"clients": []}') == {"clients": []}


# ---- of a real tenant


REAL: dict[str, Any] = {
    "resource_servers": [
        {"identifier": "https://acme.eu.example/api/v2/", "is_system": True, "name": "Auth0 Management API"},
        an_api(
            id="66a0", token_encryption=None, consent_policy="x", scopes=[{"value": "read"}], signing_secret=SECRET,
            subject_type_authorization={"user": {"policy": "deny_all"}},
        ),
    ],
    "clients": [
        {"client_id": "g", "name": "All Applications", "global": True},
        a_client(tenant="acme", jwt_configuration={"alg": "RS256"}, refresh_token={"infinite_token_lifetime": True}),
        {"client_id": "c2", "name": "Old", "token_endpoint_auth_method": "none", "client_secret": SECRET},
    ],
    "client_grants": [
        {"client_id": "c1", "audience": "https://acme.eu.example/api/v2/", "scope": ["read:users"]},
        {"client_id": "c1", "audience": "https://other.example/api/v2/", "scope": ["read:users"]},
        {"client_id": "c1", "audience": "https://orders.example/", "scope": ["read"], "subject_type": "user"},
    ],
    "roles": [
        {
            "id": "rol_0123456789abcdef", "name": "Clerk", "description": None,
            "permissions": [
                {"resource_server_identifier": "https://orders.example/", "permission_name": "read", "description": ""},
                {"resource_server_identifier": "https://acme.eu.example/api/v2/", "permission_name": "read:users"},
            ],
        }
    ],
    "users": [{"user_id": "samlp|acme|Ada@example.com", "email": "ada@example.com", "logins_count": 7}],
    "start": 0,
    "limit": 50,
}  # fmt: skip


def test_a_real_tenants_export_comes_in(empty: Tenant[Any]) -> None:
    """What has no meaning here is noted and no fault."""
    imported = empty.import_(REAL)
    assert imported.counts == {"resource_servers": 1, "clients": 2, "client_grants": 0, "roles": 1, "users": 1}
    notes = "\n".join(imported.notes)
    for word in (
        "consent_policy", "jwt_configuration", "refresh_token.infinite_token_lifetime", "logins_count", "start, limit",
        "only an HS256 API", "subject_type_authorization is not enforced", "clients[0]: is the tenant-wide",
        "client_grants[0], client_grants[1]: is for a Management API", "client_grants[2]: is for users",
        "roles[0]: its permissions for a Management API", "users[0]: its user_id",
        "clients[2]: has no app_type: taken for native", "clients[2]: client_secret was left out",
    ):  # fmt: skip
        assert word in notes, word
    assert SECRET not in notes and len(empty.client_grants) == 0
    assert empty.users.get("ada@example.com").user_id.startswith("auth0|")
    assert [one.permission_name for one in empty.roles.permissions("Clerk")] == ["read"]
    document = empty.export()
    with Tenant.open() as other:
        other.import_(document)
        assert other.export() == document


def test_a_grant_for_users_is_no_grant_for_the_application(empty: Tenant[Any]) -> None:
    """Taken for one, it would let the application in without a user."""
    empty.import_(REAL)
    assert empty.client_grants.between("c1", "https://orders.example/") is None


# ---- of the vendor's deploy tool


def deployed(**changes: Any) -> dict[str, Any]:
    """An export of the deploy tool: other names for two parts, and an application's name for its id in a grant."""
    return {
        "tenant": {"friendly_name": "Acme"},
        "resourceServers": [an_api(name="Orders", scopes=[{"value": "read"}])],
        "clients": [{"name": "Shop", "app_type": "regular_web"}],
        "clientGrants": [{"client_id": "Shop", "audience": "https://orders.example/", "scope": ["read"]}],
        "roles": [
            {
                "name": "Clerk",
                "permissions": [{"resource_server_identifier": "https://orders.example/", "permission_name": "read"}],
            }
        ],
        **changes,
    }


def test_an_export_of_the_deploy_tool_comes_in_whole(empty: Tenant[Any]) -> None:
    """Its client grant names an application that has no id yet, and works."""
    imported = empty.import_(deployed())
    assert imported.counts == {"resource_servers": 1, "clients": 1, "client_grants": 1, "roles": 1, "users": 0}
    assert "left out, as they have no meaning here: tenant." in imported.notes
    (shop,) = empty.applications
    token = empty.request_token(ClientCredentials(shop, audience="https://orders.example/")).access_token
    assert empty.verifier("https://orders.example/").verify(token)["scope"] == "read"


def test_an_id_goes_before_a_name(empty: Tenant[Any]) -> None:
    """Whatever else is called like it."""
    clients = [a_client(client_id="c1", name="c2"), a_client(client_id="c2", name="c3")]
    grant = {"client_id": "c2", "audience": "https://orders.example/"}
    empty.import_(deployed(clients=clients, clientGrants=[grant]))
    assert [grant.client_id for grant in empty.client_grants] == ["c2"]


def test_a_name_of_several_applications_is_none_of_them(empty: Tenant[Any]) -> None:
    """Nobody guesses which was meant."""
    error = refused(empty, deployed(clients=[a_client(client_id=name, name="Shop") for name in "ab"]))
    assert (error.field, error.code) == ("client_grants[0].client_id", "client_id.ambiguous")


def test_a_name_in_the_tenant_alone_is_unknown(full: Training) -> None:
    """The export cannot have meant it."""
    grant = {"client_id": "Shop", "audience": "https://orders.example/"}
    assert refused(full, {"clientGrants": [grant]}).code == "client_id.unknown"


def test_a_grant_of_an_application_at_fault_is_no_fault_of_its_own(empty: Tenant[Any]) -> None:
    """By its name as by its id."""
    error = refused(empty, deployed(clients=[{"name": "Shop", "app_type": "rms"}]))
    assert error.code == "app_type.unknown" and "client_grants" not in error.message


def an_m2m_setup(subjects: object) -> dict[str, Any]:
    """An application with a grant for an API that says who may ask for its tokens."""
    return {
        "resource_servers": [an_api(subject_type_authorization=subjects)],
        "clients": [a_client()],
        "client_grants": [{"client_id": "c1", "audience": "https://orders.example/"}],
    }


def test_an_api_that_no_application_may_ask_for_itself_has_no_client_grants(empty: Tenant[Any]) -> None:
    """They mean nothing there, and would let applications in here."""
    imported = empty.import_(an_m2m_setup({"user": {"policy": "allow_all"}, "client": {"policy": "deny_all"}}))
    assert imported.counts["client_grants"] == 0 == len(empty.client_grants)
    notes = "\n".join(imported.notes)
    assert (
        "resource_servers[0]: subject_type_authorization" in notes and "client_grants[0]: is for an API that" in notes
    )
    with pytest.raises(GrantRefused):
        empty.request_token(ClientCredentials(empty.applications.get("c1"), audience="https://orders.example/"))


def test_so_it_is_by_the_apis_id(empty: Tenant[Any]) -> None:
    """A grant may name it by either."""
    document = an_m2m_setup({"client": {"policy": "deny_all"}})
    document["resource_servers"][0]["id"] = document["client_grants"][0]["audience"] = "a" * 24
    assert empty.import_(document).counts["client_grants"] == 0


@pytest.mark.parametrize(
    ("subjects", "left_out"),
    [
        ({"client": {"policy": "require_client_grant"}, "user": {"policy": "allow_all"}}, ""),
        ({"client": {}, "user": None, "anonymous_user": None}, ""),
        ({"client": {"policy": "x"}}, "subject_type_authorization.client"),
        ({"anonymous_user": {"policy": "require_client_grant"}}, "subject_type_authorization.anonymous_user"),
        ("all", "subject_type_authorization"),
    ],
    ids=["as here", "not set", "unknown", "of others", "no object"],
)
def test_who_may_ask_is_said_where_it_is_not_as_here(empty: Tenant[Any], subjects: object, left_out: str) -> None:
    """And its client grants come in."""
    imported = empty.import_(an_m2m_setup(subjects))
    assert imported.counts["client_grants"] == 1
    (*said, _secret) = sorted(imported.notes, key=lambda note: "client secret" in note)
    expected = f"resource_servers: left out, as they have no meaning here: {left_out}."
    assert said == ([expected] if left_out else [])


def test_a_management_api_is_known_by_its_id_too(empty: Tenant[Any]) -> None:
    """An API is found by either name, and a stranger's file must not make its application the tenant's ruler."""
    (system,) = (api for api in empty.apis if api.is_system)
    permission = {"resource_server_identifier": system.id, "permission_name": "read:users"}
    document = {
        "clients": [a_client()],
        "client_grants": [{"client_id": "c1", "audience": system.id, "allow_all_scopes": True}],
        "roles": [{"name": "Clerk", "permissions": [permission]}],
        "users": [{"email": "ada@example.com", "permissions": [permission]}],
    }
    notes = "\n".join(empty.import_(document).notes)
    for place in ("client_grants[0]: is", "roles[0]: its permissions", "users[0]: its permissions"):
        assert f"{place} for a Management API" in notes
    assert not len(empty.client_grants) and not empty.roles.permissions("Clerk")
    assert not empty.users.permissions("ada@example.com")


@pytest.mark.parametrize("infinite", [True, False, None, "yes"])
def test_an_infinite_refresh_token_does_not_expire(empty: Tenant[Any], infinite: object) -> None:
    """The vendor takes it before the lifetime that stands beside it; a note says so. Else the lifetime counts."""
    settings = {"expiration_type": "expiring", "token_lifetime": 2592000, "infinite_token_lifetime": infinite}
    notes = "\n".join(empty.import_({"clients": [a_client(refresh_token=settings)]}).notes)
    kept, said = empty.applications.get("c1").refresh_token, "clients[0]: its refresh tokens never expire" in notes
    assert (kept.expiration_type, said) == (("non-expiring", True) if infinite is True else ("expiring", False))
    assert kept.token_lifetime == 2592000
    assert ("no meaning here: refresh_token.infinite_token_lifetime" in notes) == (infinite not in (True, None))


def test_null_is_not_set_within_a_list_too(empty: Tenant[Any]) -> None:
    """As in every entry and in the settings of refresh tokens."""
    permission = {"resource_server_identifier": "https://orders.example/", "permission_name": "r", "sources": None}
    empty.import_(
        {
            "resource_servers": [an_api(scopes=[{"value": "r", "description": None}])],
            "clients": [a_client(refresh_token={"leeway": None})],
            "roles": [{"name": "Clerk", "permissions": [permission]}],
        }
    )
    (scope,) = empty.apis.get("https://orders.example/").scopes
    assert (scope.value, scope.description) == ("r", "")


@pytest.mark.parametrize(
    ("scopes", "code"),
    [([{"value": None, "description": "r"}], "scopes.missing"), ([None], "scopes.not_a_scope")],
    ids=["value", "scope"],
)
def test_null_where_something_must_be_is_a_fault(empty: Tenant[Any], scopes: object, code: str) -> None:
    """A scope that is not there is none without a name."""
    assert refused(empty, {"resource_servers": [an_api(scopes=scopes)]}).code == code


def test_an_empty_client_secret_is_none(empty: Tenant[Any]) -> None:
    """Kept, it would let anybody in who sends nothing."""
    imported = empty.import_({"clients": [a_client(client_secret="")]})
    secret = empty.applications.get("c1").client_secret
    assert secret and "clients[0]: its client secret was not in the export" in imported.notes[0]


# ---- risks


def refreshing(*, offline: bool = True, kind: str = "spa", **settings: Any) -> dict[str, Any]:
    """An API, and an application that may have refresh tokens for it."""
    return {
        "resource_servers": [an_api(allow_offline_access=offline)],
        "clients": [a_client(app_type=kind, **settings)],
    }


RISKS: dict[str, tuple[str, dict[str, Any]]] = {
    "HS256": ("shared secret", {"resource_servers": [an_api(signing_alg="HS256")]}),
    "long life": ("token_lifetime is 86401", {"resource_servers": [an_api(token_lifetime=86401)]}),
    "long life in a browser": (
        "token_lifetime_for_web is 86401",
        {"resource_servers": [an_api(token_lifetime_for_web=86401)]},
    ),
    "no consent": (
        "Consent is skipped",
        {"resource_servers": [an_api(skip_consent_for_verifiable_first_party_clients=True)]},
    ),
    "no RBAC": ("RBAC is off", {"resource_servers": [an_api(enforce_policies=False, scopes=[{"value": "a"}])]}),
    "a callback without TLS": ("is http", {"clients": [a_client(callbacks=["http://shop.example/cb"])]}),
    "a short secret": ("can be guessed", {"clients": [a_client(client_secret="_VALUE_NOT_SHOWN_")]}),
    "a refresh token that stays the same": ("do not rotate", refreshing()),
    "the same on a telephone": ("do not rotate", refreshing(kind="native", refresh_token={"leeway": 5})),
    "implicit": ("'implicit' was left out", {"clients": [a_client(grant_types=["implicit"])]}),
    "password": ("the users' passwords", {"clients": [a_client(grant_types=["password"])]}),
    "an unknown grant type": ("does not know it", {"clients": [a_client(grant_types=["urn:x"])]}),
    "everything granted": (
        "It grants every scope",
        {
            "resource_servers": [an_api(scopes=[{"value": "a"}, {"value": "b"}])],
            "clients": [a_client()],
            "client_grants": [{"client_id": "c1", "audience": "https://orders.example/", "scope": ["b", "a"]}],
        },
    ),
    "an unrestricted grant": (
        "It grants every scope",
        {
            "resource_servers": [an_api(scopes=[{"value": "a"}])],
            "clients": [a_client()],
            "client_grants": [{"client_id": "c1", "audience": "https://orders.example/", "allow_all_scopes": True}],
        },
    ),
}


@pytest.mark.parametrize(
    "document",
    [
        refreshing(refresh_token={"rotation_type": "rotating"}),
        refreshing(offline=False),
        refreshing(grant_types=["authorization_code"]),
        refreshing(kind="regular_web"),
    ],
    ids=["rotating", "no API gives one", "never asks", "keeps a secret"],
)
def test_a_refresh_token_is_no_risk(empty: Tenant[Any], document: dict[str, Any]) -> None:
    """Where a thief would be noticed, has none to take, or would need the secret too."""
    assert empty.import_(document).risks == ()


def test_an_api_of_the_tenant_may_give_refresh_tokens_too(full: Training, api: Api) -> None:
    """Those of the export are not all that the application can ask for."""
    full.apis.update(api, allow_offline_access=True)
    (risk,) = full.import_({"clients": [a_client(app_type="spa")]}).risks
    assert "do not rotate" in risk.what


@pytest.mark.parametrize("risk", RISKS)
def test_a_risk_is_told_with_its_place_and_repair(empty: Tenant[Any], risk: str) -> None:
    """Once, and it comes in all the same."""
    words, document = RISKS[risk]
    (found,) = empty.import_(document).risks
    assert words in found.what and found.remedy
    assert found.where.startswith(f"{list(document)[-1]}[0] (")


def test_a_careful_configuration_has_no_risk(empty: Tenant[Any]) -> None:
    """Nothing is said for the sake of saying something."""
    document = {
        "resource_servers": [an_api(scopes=[{"value": "a"}, {"value": "b"}])],
        "clients": [a_client(callbacks=["https://shop.example/cb", "http://localhost:3000/cb", "http://[::1]/cb"])],
        "client_grants": [{"client_id": "c1", "audience": "https://orders.example/", "scope": ["a"]}],
    }
    assert empty.import_(document).risks == ()


def test_what_an_import_did_shows_itself(empty: Tenant[Any]) -> None:
    """In words, escaped, on one line each however it is named; frozen."""
    document = {
        "resource_servers": [an_api(identifier="<i>", signing_alg="HS256")],
        "clients": [a_client(**{"<b>\n": 1}, grant_types=["\x1b[31m<s>"])],
    }
    imported = empty.import_(document)
    shown, page = repr(imported), imported._repr_html_()
    assert shown.startswith("Imported: 1 API, 1 application, 0 client grants, 0 roles, 0 users")
    assert "Risk: resource_servers[0] (<i>)" in shown and "Repair: " in shown and "\x1b" not in shown
    assert "<i>" not in page and "<b>" not in page and "<s>" not in page and "&lt;i&gt;" in page
    assert repr(imported.risks[0]) in shown.replace("        Repair", "  Repair")
    assert "Repair" in imported.risks[0]._repr_html_() and "<i>" not in imported.risks[0]._repr_html_()
    for change in (lambda: setattr(imported, "notes", ()), lambda: setattr(imported.risks[0], "what", "")):
        with pytest.raises(AttributeError):
            change()
    with pytest.raises(TypeError):
        imported.counts["users"] = 1  # type: ignore[index]


def test_the_document_is_left_as_it_was(empty: Tenant[Any]) -> None:
    """An argument is never changed."""
    before = json.dumps(REAL)
    empty.import_(REAL)
    assert json.dumps(REAL) == before
