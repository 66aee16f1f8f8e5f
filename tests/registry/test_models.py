"""The models' rules under any value at all: one RegistrationError or a good object, and a store that is as it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from authkit import Api, Application, ClientGrant, RegistrationError, Secret, SteerableClock, Tenant, training_tenant
from authkit.registry import passwords
from authkit.registry.models import Permission, RefreshTokens, Role, User
from authkit.registry.rules import build, problems

Training = Tenant[SteerableClock]
Model = Api | Application | ClientGrant | Role | User | Permission | RefreshTokens

MODELS: list[type[Model]] = [Api, Application, ClientGrant, Role, User, Permission, RefreshTokens]
SECRET = "tell-nobody-what-this-is-or-it-is-none"


def nested(levels: int) -> object:
    value: object = None
    for _ in range(levels):
        value = [value]
    return value


TEXT = st.text(st.characters(exclude_categories=()))
# By number: hypothesis writes out the values it chooses from, and some of these cannot be written out.
_JUNK: list[Any] = (
    [10**5000, -(10**5000), nested(100_000), object(), datetime(2026, 1, 5, tzinfo=UTC), len, int, Secret(SECRET),
     Ellipsis, 1j, range(3), RefreshTokens(), "\ud800", "\0", "a" * 3000, {1: 2}, {"value": "a"}]
)  # fmt: skip
JUNK = st.integers(0, len(_JUNK) - 1).map(lambda number: _JUNK[number])
NEARLY = st.sampled_from(
    ["a@b.example", "spa", "HS256", "RS256", "https://a.example/", "read:a", "rotating", "client_credentials", True, 60,
     {"rotation_type": "rotating"}, {"leeway": -1}, ["https://a.example/"], {"read:a": "Read"}]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | TEXT | JUNK | NEARLY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4) | st.tuples(inner),
    max_leaves=6,
)


def contents(tenant: Training) -> dict[str, list[Any]]:
    """Every row of every table."""
    rows = tenant.registry.database.rows
    names = [name for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: rows(f"SELECT * FROM {name}") for name in names}


def api_of(tenant: Training) -> Any:
    return tenant.apis.create(identifier="one", scopes={"read:a": ""})


def application_of(tenant: Training) -> Any:
    return tenant.applications.create(name="one")


def role_of(tenant: Training) -> Any:
    return tenant.roles.create(name="one")


def user_of(tenant: Training) -> Any:
    return tenant.users.create(email="one@b.example", password="correct horse")


KINDS: dict[str, tuple[type[Model], Callable[[Training], Any], dict[str, Any]]] = {
    "apis": (Api, api_of, {"identifier": "new"}),
    "applications": (Application, application_of, {"name": "new"}),
    "roles": (Role, role_of, {"name": "new"}),
    "users": (User, user_of, {"email": "new@b.example", "password": "correct horse"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_any_value_of_any_field_is_taken_or_refused_in_one_way(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Creating and changing: what is refused changes no row, what is taken can be read back, shown and deleted."""
    monkeypatch.setattr(passwords, "COST", 2)
    model, make, good = KINDS[kind]
    with training_tenant() as tenant:
        collection, one = getattr(tenant, kind), make(tenant)
        fields = st.sampled_from([*model.model_fields, *good, "self", "colour"]) | TEXT

        @settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
        @given(st.dictionaries(fields, ANYTHING, max_size=3))
        def run(values: dict[str, Any]) -> None:
            before = contents(tenant)
            try:
                made = collection.create(**{**good, **values})
            except RegistrationError as error:
                assert error.code.isprintable() and error.message.isprintable() and error.field in error.message
                assert SECRET not in f"{error}{error._repr_html_()}" and len(error.message) < 600
            else:
                assert collection.get(made) == made == list(collection)[-1]
                assert made._repr_html_().isprintable() and repr(made).isprintable() and repr(collection)
                collection.delete(made)
            assert contents(tenant) == before
            try:
                changed = collection.update(one, **values)
            except RegistrationError as error:
                assert error.code and SECRET not in f"{error}{error._repr_html_()}"
                assert contents(tenant) == before
            else:
                assert collection.get(one) == changed and repr(changed).isprintable()

        run()


@settings(deadline=None)
@given(st.sampled_from(MODELS), st.data())
def test_a_model_is_built_or_refused_in_one_way(model: type[Model], data: st.DataObject) -> None:
    """And a form learns of every field at fault what building says of the first."""
    values = data.draw(st.dictionaries(st.sampled_from([*model.model_fields]) | TEXT, ANYTHING, max_size=4))
    found = problems(model, values)
    if found:
        with pytest.raises(RegistrationError) as caught:
            build(model, values)
        assert caught.value.code in {problem.code for problem in found.values()}
    else:
        assert repr(build(model, values)).isprintable()


@settings(deadline=None)
@given(ANYTHING)
def test_anything_can_be_looked_up(name: Any) -> None:
    """In each collection: nothing is found, and nothing but one clear error comes out."""
    for kind in KINDS:
        collection = getattr(LOOKED_UP, kind)
        assert collection.find(name) is None
        with pytest.raises(RegistrationError) as caught:
            collection.get(name)
        assert caught.value.code == "id.unknown"


LOOKED_UP = training_tenant()


@pytest.mark.parametrize("model", MODELS)
def test_every_model_can_be_shown(model: type[Model]) -> None:
    """Its columns are fields, what cannot be changed is one, and it has a name and a description."""
    assert set(model.columns) <= set(model.model_fields) and model.noun and model.__doc__
    assert set(getattr(model, "immutable", ())) <= set(model.model_fields)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_frozen_and_takes_no_other_field(model: type[Model]) -> None:
    """Only the tenant changes what is stored, and a misspelt setting is not dropped in silence."""
    field = next(iter(model.model_fields))
    with pytest.raises(ValidationError):
        setattr(model.model_construct(), field, "x")
    with pytest.raises(RegistrationError) as caught:
        build(model, {"colour": "red"})
    assert caught.value.code == "colour.unknown_field"


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"rotation_type": "often"}, "rotation_type", "rotation_type.unknown"),
        ({"rotation_type": None}, "rotation_type", "rotation_type.unknown"),
        ({"leeway": -1}, "leeway", "leeway.too_small"),
        ({"leeway": 86401}, "leeway", "leeway.too_large"),
        ({"leeway": 10**5000}, "leeway", "leeway.too_large"),
        ({"leeway": "5"}, "leeway", "leeway.not_a_whole_number"),
        ({"leeway": True}, "leeway", "leeway.not_a_whole_number"),
        ({"leeway": 0.5}, "leeway", "leeway.not_a_whole_number"),
        ({"expiration_type": "never"}, "expiration_type", "expiration_type.unknown"),
        ({"token_lifetime": 0}, "token_lifetime", "token_lifetime.too_small"),
        ({"token_lifetime": 31557601}, "token_lifetime", "token_lifetime.too_large"),
        ({"token_lifetime": None}, "token_lifetime", "token_lifetime.not_a_whole_number"),
        ({"idle_lifetime": 5}, "idle_lifetime", "idle_lifetime.unknown_field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_setting_of_refresh_tokens_has_its_rule(values: dict[str, Any], field: str, code: str) -> None:
    """By itself, and inside an application under its full name."""
    with pytest.raises(RegistrationError) as caught:
        build(RefreshTokens, values)
    assert (caught.value.field, caught.value.code) == (field, code)
    with pytest.raises(RegistrationError) as caught:
        build(Application, {"client_id": "", "name": "x", "refresh_token": values})
    assert caught.value.field == f"refresh_token.{field}"
    assert caught.value.code == f"refresh_token.{code.partition('.')[2]}"


def test_bounds_in_seconds_say_so() -> None:
    """Leeway and lifetime; what counts entries counts entries."""
    for values, words in (({"leeway": 86401}, "86400 seconds"), ({"token_lifetime": 31557601}, "31557600 seconds")):
        assert words in problems(RefreshTokens, values)[next(iter(values))].rule
    callbacks = {"callbacks": [f"https://a.example/{number}" for number in range(101)]}
    assert "100 entries" in problems(Application, callbacks)["callbacks"].rule


def test_the_largest_settings_are_allowed() -> None:
    """Both bounds of each."""
    for leeway, lifetime in ((0, 1), (86400, 31557600)):
        made = build(RefreshTokens, {"leeway": leeway, "token_lifetime": lifetime, "expiration_type": "expiring"})
        assert (made.leeway, made.token_lifetime) == (leeway, lifetime)
    assert RefreshTokens().brief == "non-rotating, non-expiring"


@pytest.mark.parametrize("model", [Application, RefreshTokens])
def test_importing_builds_no_model(model: type[Model]) -> None:
    """They are built when first used; a default that is an object of one would build it at once."""
    assert all(not isinstance(field.default, RefreshTokens) for field in model.model_fields.values())
    first, second = (Application(client_id="", name="x").refresh_token for _ in range(2))
    assert first == second == RefreshTokens()


@pytest.mark.parametrize(
    ("name", "code"), [("", "empty"), ("x" * 281, "too_long"), (5, "not_text"), (None, "not_text")]
)
def test_a_permission_has_a_name_of_1_to_280_characters(name: Any, code: str) -> None:
    """As a scope has."""
    with pytest.raises(RegistrationError) as caught:
        build(Permission, {"resource_server_identifier": "a", "permission_name": name})
    assert caught.value.code == f"permission_name.{code}"
    longest = build(Permission, {"resource_server_identifier": "a", "permission_name": "x" * 280})
    assert longest.brief == "x" * 280


def test_a_row_counts_what_it_cuts_short(tenant: Training) -> None:
    """28 scopes would push a table off the page; alone, a model shows them all."""
    system = tenant.apis.get(f"{tenant.issuer}api/v2/")
    listed = system.row()[-1]
    assert listed.startswith("read:resource_servers, create:resource_servers, ") and listed.count(",") == 4
    assert listed.endswith(f", … {len(system.scopes)} in all")
    assert system.shown()["scopes"].count(",") == len(system.scopes) - 1
