"""APIs: every rule of the page Set up an API, each refusal with code, field, and nothing stored."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from authkit import Api, ClientCredentials, RegistrationError, Scope, Secret, SteerableClock, Tenant, training_tenant
from authkit.registry.collection import LONGEST_KEPT, MOST_KEPT

Training = Tenant[SteerableClock]
URL = "https://a.example/"
SECRET = "a-signing-secret-of-at-least-32-bytes"


def nested(levels: int) -> object:
    value: object = None
    for _ in range(levels):
        value = [value]
    return value


def problem(action: Any, *arguments: Any, **settings: Any) -> RegistrationError:
    with pytest.raises(RegistrationError) as caught:
        action(*arguments, **settings)
    error = caught.value
    assert error.remedy and error.rule and error.field and error.code.partition(".")[0] == error.field.partition(".")[0]
    return error


# S1–S4: what an API is created with


def test_only_the_identifier_is_required(tenant: Training) -> None:
    """The vendor's recorded defaults fill the rest."""
    api = tenant.apis.create(identifier=URL)
    assert re.fullmatch("[0-9a-f]{24}", api.id)
    assert api.model_dump(exclude={"id"}) == {
        "name": None,
        "identifier": URL,
        "signing_alg": "RS256",
        "signing_secret": None,
        "token_lifetime": 86400,
        "token_lifetime_for_web": 7200,
        "allow_offline_access": False,
        "skip_consent_for_verifiable_first_party_clients": False,
        "enforce_policies": None,
        "token_dialect": None,
        "scopes": (),
        "is_system": False,
    }


def test_a_created_api_is_found_by_id_and_identifier(tenant: Training) -> None:
    """And stands last in the list."""
    api = tenant.apis.create(name="A", identifier=URL)
    assert tenant.apis.get(api) == tenant.apis.get(api.id) == tenant.apis.get(URL) == list(tenant.apis)[-1] == api


def test_a_slash_at_the_end_makes_two_apis(tenant: Training) -> None:
    """Identifiers are compared letter by letter (S2)."""
    with_slash = tenant.apis.create(identifier="https://a.example/")
    without = tenant.apis.create(identifier="https://a.example")
    assert with_slash.id != without.id and tenant.apis.get("https://a.example") == without
    assert tenant.apis.create(identifier="HTTPS://A.EXAMPLE/").id not in {with_slash.id, without.id}


@pytest.mark.parametrize(
    "identifier", ["x", "urn:orders", "orders", "a b", "é", "x" * 600, "<orders>", "'; DROP TABLE"]
)
def test_an_identifier_is_any_name_of_1_to_600_characters(tenant: Training, identifier: str) -> None:
    """A URL is recommended, not required; it is never called."""
    assert tenant.apis.get(tenant.apis.create(identifier=identifier).id).identifier == identifier


@pytest.mark.parametrize("name", ["x", "Tom & Jerry", "x" * 200, "' OR 1=1", "日本"])
def test_a_name_is_free_and_without_effect(tenant: Training, name: str) -> None:
    """Anything but < and >; two APIs may share one (S3)."""
    assert tenant.apis.create(identifier="a", name=name).name == tenant.apis.create(identifier="b", name=name).name


@pytest.mark.parametrize("lifetime", [0, 1, 86400, 2592000])
def test_a_lifetime_is_0_to_30_days(tenant: Training, lifetime: int) -> None:
    """Both bounds are allowed (S7)."""
    api = tenant.apis.create(identifier=URL, token_lifetime=lifetime, token_lifetime_for_web=lifetime)
    assert tenant.apis.get(api).token_lifetime == tenant.apis.get(api).token_lifetime_for_web == lifetime


BAD: dict[str, tuple[str, Any, str, str]] = {
    # the bad input of the first walk
    "name with <": ("name", "a<b", "name", "name.forbidden_character"),
    "name with >": ("name", "a>b", "name", "name.forbidden_character"),
    "empty identifier": ("identifier", "", "identifier", "identifier.empty"),
    "identifier of 601 characters": ("identifier", "x" * 601, "identifier", "identifier.too_long"),
    "lifetime -1": ("token_lifetime", -1, "token_lifetime", "token_lifetime.too_small"),
    "lifetime 0.5": ("token_lifetime", 0.5, "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime 2592001": ("token_lifetime", 2592001, "token_lifetime", "token_lifetime.too_large"),
    "lifetime soon": ("token_lifetime", "soon", "token_lifetime", "token_lifetime.not_a_whole_number"),
    "algorithm none": ("signing_alg", "none", "signing_alg", "signing_alg.unknown"),
    "scope without a value": ("scopes", [{"description": "x"}], "scopes.value", "scopes.missing"),
    # and more of the kind
    "empty name": ("name", "", "name", "name.empty"),
    "name of 201 characters": ("name", "x" * 201, "name", "name.too_long"),
    "name a number": ("name", 5, "name", "name.not_text"),
    "name bytes": ("name", b"x", "name", "name.not_text"),
    "name a lone surrogate": ("name", "\ud800", "name", "name.not_text"),
    "identifier None": ("identifier", None, "identifier", "identifier.not_text"),
    "identifier a number": ("identifier", 5, "identifier", "identifier.not_text"),
    "identifier a huge number": ("identifier", 10**5000, "identifier", "identifier.not_text"),
    "identifier nested without end": ("identifier", nested(100_000), "identifier", "identifier.not_text"),
    "identifier a lone surrogate": ("identifier", "\ud800", "identifier", "identifier.not_text"),
    "identifier with a space before": ("identifier", " a", "identifier", "identifier.invisible_character"),
    "identifier with a space behind": ("identifier", "a ", "identifier", "identifier.invisible_character"),
    "identifier a space": ("identifier", " ", "identifier", "identifier.invisible_character"),
    "identifier with a line break": ("identifier", "a\nb", "identifier", "identifier.invisible_character"),
    "identifier with a NUL": ("identifier", "a\0b", "identifier", "identifier.invisible_character"),
    "identifier with a zero width space": ("identifier", "a\u200bb", "identifier", "identifier.invisible_character"),
    "identifier written backwards": ("identifier", "a\u202eb", "identifier", "identifier.invisible_character"),
    "lifetime true": ("token_lifetime", True, "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime a float": ("token_lifetime", 60.0, "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime text": ("token_lifetime", "60", "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime None": ("token_lifetime", None, "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime NaN": ("token_lifetime", float("nan"), "token_lifetime", "token_lifetime.not_a_whole_number"),
    "lifetime a huge number": ("token_lifetime", 10**5000, "token_lifetime", "token_lifetime.too_large"),
    "web lifetime too long": (
        "token_lifetime_for_web", 2592001, "token_lifetime_for_web", "token_lifetime_for_web.too_large"),
    "algorithm in small letters": ("signing_alg", "rs256", "signing_alg", "signing_alg.unknown"),
    "algorithm ES256": ("signing_alg", "ES256", "signing_alg", "signing_alg.unknown"),
    "algorithm None": ("signing_alg", None, "signing_alg", "signing_alg.unknown"),
    "algorithm a list": ("signing_alg", ["RS256"], "signing_alg", "signing_alg.unknown"),
    "offline access as text": (
        "allow_offline_access", "yes", "allow_offline_access", "allow_offline_access.not_yes_or_no"),
    "offline access as a number": (
        "allow_offline_access", 1, "allow_offline_access", "allow_offline_access.not_yes_or_no"),
    "skip consent as None": (
        "skip_consent_for_verifiable_first_party_clients", None, "skip_consent_for_verifiable_first_party_clients",
        "skip_consent_for_verifiable_first_party_clients.not_yes_or_no"),
    "scopes a number": ("scopes", 5, "scopes", "scopes.not_a_list"),
    "scopes a text": ("scopes", "read:a", "scopes", "scopes.not_a_list"),
    "scopes None": ("scopes", None, "scopes", "scopes.not_a_list"),
    "scopes a list of texts": ("scopes", ["read:a"], "scopes", "scopes.not_a_scope"),
    "scopes a list of None": ("scopes", [None], "scopes", "scopes.not_a_scope"),
    "scope empty": ("scopes", {"": "x"}, "scopes.value", "scopes.empty"),
    "scope of 281 characters": ("scopes", {"x" * 281: "x"}, "scopes.value", "scopes.too_long"),
    "scope with a space": ("scopes", {"read a": "x"}, "scopes.value", "scopes.forbidden_character"),
    "scope with a quote": ("scopes", {'read"a': "x"}, "scopes.value", "scopes.forbidden_character"),
    "scope with a backslash": ("scopes", {"read\\a": "x"}, "scopes.value", "scopes.forbidden_character"),
    "scope with a line break": ("scopes", {"read:a\n": "x"}, "scopes.value", "scopes.forbidden_character"),
    "scope of another script": ("scopes", {"lire:é": "x"}, "scopes.value", "scopes.forbidden_character"),
    "scope a number": ("scopes", {5: "x"}, "scopes.value", "scopes.not_text"),
    "scope description None": ("scopes", {"read:a": None}, "scopes.description", "scopes.not_text"),
    "scope description a lone surrogate": ("scopes", {"read:a": "\ud800"}, "scopes.description", "scopes.not_text"),
    "scope twice": ("scopes", [{"value": "a"}, {"value": "a"}], "scopes", "scopes.duplicate"),
    "scope with a member more": ("scopes", [{"value": "a", "x": 1}], "scopes.x", "scopes.unknown_field"),
    "1001 scopes": ("scopes", {f"s{number}": "" for number in range(1001)}, "scopes", "scopes.too_long"),
    "unknown field": ("colour", "red", "colour", "colour.unknown_field"),
    "unknown field named like a parameter": ("self", 1, "self", "self.unknown_field"),
    "another unknown field named so": ("one", 1, "one", "one.unknown_field"),
    "id": ("id", "x", "id", "id.read_only"),
    "is_system": ("is_system", True, "is_system", "is_system.read_only"),
}  # fmt: skip


@pytest.mark.parametrize(("setting", "value", "field", "code"), BAD.values(), ids=BAD)
def test_bad_input_names_field_rule_and_repair_and_stores_nothing(
    tenant: Training, setting: str, value: Any, field: str, code: str
) -> None:
    """One clear error; the tenant is as it was, and what it would make next is too."""
    before = list(tenant.apis)
    error = problem(tenant.apis.create, **{"identifier": URL, setting: value})
    assert (error.code, error.field) == (code, field)
    assert field in error.message and len(error.message) < 500
    assert list(tenant.apis) == before
    with training_tenant() as untouched:
        assert tenant.apis.create(identifier=URL).id == untouched.apis.create(identifier=URL).id


def test_a_duplicate_identifier_is_refused(tenant: Training) -> None:
    """The API that has it stays as it is."""
    first = tenant.apis.create(identifier=URL, name="First")
    assert problem(tenant.apis.create, identifier=URL, name="Second").code == "identifier.duplicate"
    assert tenant.apis.get(URL) == first and len(tenant.apis) == 2


RESERVED = (
    "address created_at email email_verified family_name given_name identities name nickname offline_access openid "
    "phone picture profile"
)


@pytest.mark.parametrize("name", RESERVED.split())
def test_reserved_scopes_are_refused(tenant: Training, name: str) -> None:
    """The names of the user's own profile."""
    assert problem(tenant.apis.create, identifier=URL, scopes={name: "x"}).code == "scopes.reserved"
    assert tenant.apis.create(identifier=URL, scopes={f"{name}2": "x"}).scope_values == (f"{name}2",)


def test_refused_attempts_change_no_later_identifier(tenant: Training) -> None:
    """A lesson's next screen is the same, however often a learner erred."""
    for value in ("", "x" * 601, None):
        problem(tenant.apis.create, identifier=value)
        problem(tenant.apis.create, identifier="h", signing_alg="HS256", signing_secret="short")
    tenant.apis.create(identifier="taken")
    for _ in range(3):
        problem(tenant.apis.create, identifier="taken", signing_alg="HS256")
    with training_tenant() as straight:
        straight.apis.create(identifier="taken")
        mine, theirs = (t.apis.create(identifier="h", signing_alg="HS256") for t in (tenant, straight))
    assert mine == theirs and mine.signing_secret == theirs.signing_secret


def test_a_failed_transaction_changes_no_identifier_either(tenant: Training) -> None:
    """What is deleted frees its identifier, and the next id is a new one."""
    first = tenant.apis.create(identifier=URL)
    tenant.apis.delete(first)
    assert tenant.apis.create(identifier=URL).id != first.id


# HS256 and its secret (S4, S14)


def test_an_hs256_api_gets_a_secret_of_43_characters(tenant: Training) -> None:
    """Made for it, and masked."""
    api = tenant.apis.create(identifier=URL, signing_alg="HS256")
    assert isinstance(api.signing_secret, Secret) and len(api.signing_secret) == 43
    assert api.signing_secret.reveal() not in repr(api) + str(api) + api._repr_html_() + repr(tenant.apis)


def test_a_secret_of_ones_own_is_kept(tenant: Training) -> None:
    """Text or Secret."""
    for number, given in enumerate((SECRET, Secret(SECRET))):
        api = tenant.apis.create(identifier=f"{URL}{number}", signing_alg="HS256", signing_secret=given)
        assert tenant.apis.get(api).signing_secret == Secret(SECRET)


@pytest.mark.parametrize(
    ("secret", "rule"),
    [
        ("short-secret-7f3a", "too_short"),
        ("x7f3a" * 6, "too_short"),
        ("x7f3a" + "\0" * 40, "blank"),
        ("-----BEGIN PUBLIC KEY-----\nx7f3a\n" * 2, "public_key"),
        ("\ud800x7f3a" * 9, "not_text"),
        (5, "wrong_type"),
        (b"x7f3a" * 9, "wrong_type"),
        (["x7f3a" * 9], "wrong_type"),
        ({"x7f3a": "x7f3a" * 9}, "wrong_type"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_bad_secret_is_refused_and_never_echoed(tenant: Training, secret: Any, rule: str) -> None:
    """Its length is said, and nothing else of it."""
    error = problem(tenant.apis.create, identifier=URL, signing_alg="HS256", signing_secret=secret)
    assert (error.code, error.field) == (f"signing_secret.{rule}", "signing_secret")
    assert "7f3a" not in f"{error} {error.value} {error!r} {error._repr_html_()} {error.args}"


def test_a_secret_in_a_misspelt_field_is_not_echoed(tenant: Training) -> None:
    """Nor in a nested one."""
    for settings in (
        {"secret": SECRET},
        {"signingSecret": SECRET},
        {"scopes": [{"value": "a", "signing_secret": SECRET}]},
    ):
        assert SECRET[:10] not in str(problem(tenant.apis.create, identifier=URL, **settings))


def test_an_rs256_api_takes_no_secret(tenant: Training) -> None:
    """It is signed with the tenant's private key."""
    error = problem(tenant.apis.create, identifier=URL, signing_secret=SECRET)
    assert error.code == "signing_secret.not_for_this_algorithm" and SECRET not in str(error)


def test_a_leaked_secret_can_be_replaced(tenant: Training) -> None:
    """Tokens under the old one are refused from then on (S14)."""
    api = tenant.apis.create(identifier=URL, signing_alg="HS256")
    app = tenant.applications.create(name="x")
    tenant.client_grants.create(app, api)
    old = tenant.request_token(ClientCredentials(app, audience=URL)).access_token
    tenant.apis.update(api, signing_secret=SECRET)
    assert tenant.verifier(api).explain(old).outcome == "refused"
    new = tenant.request_token(ClientCredentials(app, audience=URL)).access_token
    assert tenant.verifier(api).explain(new).outcome == "accepted"


def test_an_hs256_api_is_never_left_without_its_secret(tenant: Training) -> None:
    """Nothing could sign for it any more."""
    api = tenant.apis.create(identifier=URL, signing_alg="HS256")
    assert problem(tenant.apis.update, api, signing_secret=None).code == "signing_secret.missing"
    assert tenant.apis.get(api).signing_secret == api.signing_secret


# Settings and scopes, later (S7, S8)


def test_settings_can_be_changed(tenant: Training) -> None:
    """A new object comes back; the old one stays as it was."""
    api = tenant.apis.create(identifier=URL)
    changed = tenant.apis.update(api, name="New", token_lifetime=60, allow_offline_access=True)
    assert (changed.name, changed.token_lifetime, changed.allow_offline_access) == ("New", 60, True)
    assert tenant.apis.get(URL) == changed and api.token_lifetime == 86400


def test_a_model_is_frozen() -> None:
    """Only the tenant changes what is stored."""
    with pytest.raises(ValidationError):
        Scope(value="a").value = "b"


def test_updating_scopes_replaces_the_whole_list(tenant: Training) -> None:
    """As the vendor's PATCH does."""
    api = tenant.apis.create(identifier=URL, scopes={"read:a": "Read", "write:a": "Write"})
    changed = tenant.apis.update(api, scopes={"read:b": "Read"})
    assert changed.scope_values == ("read:b",)


def test_scopes_come_in_three_forms(tenant: Training) -> None:
    """A mapping, a list of members, a list of Scope."""
    forms: list[Any] = [{"a": "A"}, [{"value": "a", "description": "A"}], [Scope(value="a", description="A")]]
    made = [tenant.apis.create(identifier=f"{URL}{number}", scopes=form) for number, form in enumerate(forms)]
    assert {api.scopes for api in made} == {(Scope(value="a", description="A"),)}


def test_1000_scopes_of_280_characters_are_allowed(tenant: Training) -> None:
    """The vendor's limits themselves."""
    scopes = {f"{number:04}{'x' * 276}": "" for number in range(1000)}
    assert len(tenant.apis.get(tenant.apis.create(identifier=URL, scopes=scopes)).scopes) == 1000


@pytest.mark.parametrize(
    "change", [{"identifier": f"{URL}x"}, {"signing_alg": "HS256"}, {"id": "x"}, {"is_system": True}]
)
def test_what_an_api_is_cannot_be_changed(tenant: Training, change: dict[str, Any]) -> None:
    """Identifier and algorithm are for good (S2, S4)."""
    api = tenant.apis.create(identifier=URL)
    (field,) = change
    error = problem(tenant.apis.update, api, name="New", **change)
    assert (error.code, error.field) == (f"{field}.immutable", field) and tenant.apis.get(api) == api


def test_the_same_value_is_no_change(tenant: Training) -> None:
    """A form may send all its fields back."""
    api = tenant.apis.create(identifier=URL)
    assert tenant.apis.update(api, identifier=URL, signing_alg="RS256", id=api.id) == api


@pytest.mark.parametrize(("setting", "value", "field", "code"), BAD.values(), ids=BAD)
def test_bad_changes_are_refused_and_store_nothing(
    tenant: Training, setting: str, value: Any, field: str, code: str
) -> None:
    """The rules of creation hold for changes."""
    api = tenant.apis.create(identifier="the-one")
    error = problem(tenant.apis.update, api, **{setting: value})
    assert error.code in (code, f"{setting}.immutable") and tenant.apis.get(api) == api


# The tenant's own API (S5), finding and deleting


def test_one_api_is_there_from_the_start(tenant: Training) -> None:
    """The Management API, named after the issuer."""
    (api,) = tenant.apis
    assert api.is_system and api.identifier == f"{tenant.issuer}api/v2/" and api.name == "Management API"


def test_the_system_api_cannot_be_deleted(tenant: Training) -> None:
    """Nor does another one become a system API."""
    (api,) = tenant.apis
    assert problem(tenant.apis.delete, api).code == "is_system.protected" and list(tenant.apis) == [api]


@pytest.mark.parametrize(
    "name",
    ["", "x", None, 5, 10**5000, b"x", "\ud800", "?", [], {}, object(), 1.5, True],
    ids=lambda v: type(v).__name__,
)
def test_an_unknown_api_is_one_clear_error(tenant: Training, name: Any) -> None:
    """Whatever it is called by."""
    for action in (tenant.apis.get, tenant.apis.delete, tenant.apis.update, tenant.verifier):
        assert problem(action, name).code == "id.unknown"
    assert tenant.apis.find(name) is None


def test_what_is_gone_may_be_deleted_again_where_that_is_said(tenant: Training) -> None:
    """As the Management API does it; what is protected stays."""
    api = tenant.apis.create(identifier="a")
    for _ in range(2):
        tenant.apis.delete("a", missing_ok=True)
        tenant.apis.delete(api, missing_ok=True)
    (system,) = tenant.apis
    assert problem(lambda one: tenant.apis.delete(one, missing_ok=True), system).code == "is_system.protected"


def test_half_a_surrogate_pair_names_no_other_api(tenant: Training) -> None:
    """What SQLite cannot hold is not looked up as something else."""
    tenant.apis.create(identifier="?")
    assert tenant.apis.find("\ud800") is None and tenant.apis.find("?") is not None


def test_deleting_an_api_deletes_its_grants(tenant: Training) -> None:
    """And nothing else."""
    api, other = tenant.apis.create(identifier=URL), tenant.apis.create(identifier=f"{URL}2")
    app = tenant.applications.create(name="x")
    tenant.client_grants.create(app, api)
    kept = tenant.client_grants.create(app, other)
    tenant.apis.delete(api)
    assert list(tenant.client_grants) == [kept] and tenant.apis.find(URL) is None
    assert problem(tenant.apis.delete, api).code == "id.unknown"


def test_an_api_shows_itself_escaped() -> None:
    """In a notebook its identifier is text."""
    with training_tenant() as tenant:
        api: Api = tenant.apis.create(identifier="<b>&")
        assert "<b>" not in api._repr_html_() + tenant.apis._repr_html_() and "&lt;b&gt;&amp;" in api._repr_html_()


def test_an_identifier_is_not_another_ones_id(tenant: Training) -> None:
    """Both are names that an API is looked up by: the second one could never be found."""
    first = tenant.apis.create(identifier="https://first.example/")
    assert problem(tenant.apis.create, identifier=first.id).code == "identifier.duplicate"


def test_the_dialect_is_the_vendors_own_unless_said(tenant: Training) -> None:
    """Unset and set to it are told apart in exports, and mean the same."""
    plain = tenant.apis.create(identifier="a")
    profile = tenant.apis.create(identifier="b", token_dialect="rfc9068_profile", enforce_policies=True)
    assert (plain.token_dialect, plain.dialect, profile.dialect) == (None, "access_token", "rfc9068_profile")
    assert problem(tenant.apis.create, identifier="c", token_dialect="jwt").field == "token_dialect"


@pytest.mark.parametrize(
    ("setting", "value", "rule"),
    [
        ("enforce_policies", "yes", "not_yes_or_no"),
        ("enforce_policies", 1, "not_yes_or_no"),
        ("token_dialect", "RFC9068_PROFILE", "unknown"),
        ("token_dialect", "", "unknown"),
        ("token_dialect", ["access_token"], "unknown"),
        ("token_dialect", 10**5000, "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_bad_policies_and_dialects_are_refused(tenant: Training, setting: str, value: Any, rule: str) -> None:
    """When an API is made and when it is changed; nothing is stored."""
    api = tenant.apis.create(identifier=URL)
    for action in (lambda: tenant.apis.create(identifier="b", **{setting: value}),
                   lambda: tenant.apis.update(api, **{setting: value})):  # fmt: skip
        assert problem(action).code == f"{setting}.{rule}"
    assert list(tenant.apis)[-1] == api


def test_policies_and_dialect_can_be_set_and_unset(tenant: Training) -> None:
    """None is what it was before."""
    api = tenant.apis.create(identifier=URL)
    for dialect in ("access_token", "access_token_authz", "rfc9068_profile", "rfc9068_profile_authz"):
        changed = tenant.apis.update(api, enforce_policies=True, token_dialect=dialect)
        assert (changed.enforce_policies, changed.token_dialect, changed.dialect) == (True, dialect, dialect)
    assert tenant.apis.update(api, enforce_policies=None, token_dialect=None) == api


def test_what_was_given_up_is_forgotten(tenant: Training) -> None:
    """An API that was read inside a change is not there after the change was undone, nor are its settings."""
    api = tenant.apis.create(identifier="https://orders.example/")
    with pytest.raises(ZeroDivisionError), tenant.registry.database.transaction():
        tenant.apis.update(api, token_lifetime=60)
        tenant.apis.create(identifier="https://stock.example/")
        assert tenant.apis.get(api).token_lifetime == 60 and tenant.apis.find("https://stock.example/")
        raise ZeroDivisionError
    assert tenant.apis.get(api).token_lifetime == 86400
    assert tenant.apis.find("https://stock.example/") is None
    assert [one.identifier for one in tenant.apis][1:] == ["https://orders.example/"]


def test_names_that_strangers_ask_for_do_not_pile_up(tenant: Training) -> None:
    """What was read is kept until something changes, and not without a limit."""
    for number in range(3000):
        assert tenant.apis.find(f"https://{number}.example/") is None
    assert len(tenant.apis._read.answers) <= MOST_KEPT + 2
    tenant.apis.find("ü" * 50_000)
    assert max(len(name) for asked in tenant.apis._read.answers for name in asked) <= LONGEST_KEPT
