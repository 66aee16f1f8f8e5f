"""From pydantic's faults to ours."""

import subprocess
import sys

import pytest

from authkit import RegistrationError
from authkit.registry.models import Api, Application, ClientGrant, Scope
from authkit.registry.rules import build, problems

GOOD = {"id": "", "identifier": "https://a.example/"}


def test_good_values_have_no_problems() -> None:
    """An empty answer."""
    assert problems(Api, GOOD) == {}


def test_every_field_at_fault_is_reported_once() -> None:
    """A form shows a problem under each of its fields."""
    found = problems(Api, {**GOOD, "identifier": "", "name": "<", "token_lifetime": -1, "scopes": {"": "", "a b": ""}})
    assert {field: problem.code for field, problem in found.items()} == {
        "identifier": "identifier.empty",
        "name": "name.forbidden_character",
        "token_lifetime": "token_lifetime.too_small",
        "scopes": "scopes.empty",
    }


def test_a_missing_field_is_named() -> None:
    """With an example of what to give."""
    with pytest.raises(RegistrationError) as caught:
        build(Api, {"id": ""})
    assert (caught.value.code, caught.value.field) == ("identifier.missing", "identifier")


def test_the_error_says_field_rule_value_and_repair() -> None:
    """All four, for programs and for people."""
    error = problems(Api, {**GOOD, "token_lifetime": 2592001})["token_lifetime"]
    assert (error.field, error.value) == ("token_lifetime", "2592001")
    assert error.rule in error.message and "token_lifetime" in error.message and "2592001" in error.message
    assert error.remedy in str(error)


def test_pydantics_own_error_echoes_no_value() -> None:
    """Where a model is used without us, its error hides what was given."""
    with pytest.raises(ValueError) as caught:
        Api(id="", identifier="x", signing_alg="HS256", signing_secret="tell-nobody", name="tell<nobody")  # type: ignore[arg-type]
    assert "tell-nobody" not in str(caught.value) and "tell<nobody" not in str(caught.value)


@pytest.mark.parametrize("model", [Api, Application, ClientGrant, Scope])
def test_every_model_can_be_shown_in_a_table(model: type[Api | Application | ClientGrant | Scope]) -> None:
    """Its columns are fields, and it has a name."""
    assert set(model.columns) <= set(model.model_fields) and model.noun and model.__doc__


FIRST_USE = """
import sys, threading
sys.setswitchinterval(1e-6)
from authkit.registry.models import Api, Application
start, made = threading.Barrier(32), []
def make(number):
    start.wait()
    made.append(Application(client_id="c", name="a", app_type="spa") if number % 2 else Api(id="", identifier="a"))
threads = [threading.Thread(target=make, args=(number,)) for number in range(32)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(made))
"""


@pytest.mark.slow
def test_models_are_built_once_however_many_threads_use_them_first() -> None:
    """They are built when first used, which in a server may be by several requests at once."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", FIRST_USE], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("32\n", "")


def test_a_form_learns_the_same_as_a_program() -> None:
    """A misspelt field is named before the one that seems to be missing because of it."""
    values = {**GOOD, "scopes": [{"values": "read"}]}
    with pytest.raises(RegistrationError) as caught:
        build(Api, values)
    assert caught.value.code == problems(Api, values)["scopes"].code == "scopes.unknown_field"


def test_a_hostile_field_name_stays_on_its_line() -> None:
    """It is anybody's text, of any length: written out, it moves no cursor and fills no screen."""
    for name in ("\x1b[2J\n", "\u202e", "x" * 100_000):
        with pytest.raises(RegistrationError) as caught:
            build(Api, {**GOOD, name: 1})
        error = caught.value
        assert error.message.isprintable() and len(error.message) < 400 and error.field.isprintable()
        assert error.code == f"{error.field.partition('.')[0]}.unknown_field" and error._repr_html_().encode()


def test_settings_inside_a_model_are_asked_for_as_such() -> None:
    """What is no scope is not called one."""
    good = {"client_id": "", "name": "x"}
    for value in (None, 5, "rotating", [], [{"leeway": 5}]):
        problem = problems(Application, {**good, "refresh_token": value})["refresh_token"]
        assert problem.code == "refresh_token.not_settings" and "rotation_type" in problem.remedy
    assert problems(Api, {**GOOD, "scopes": ["read"]})["scopes"].code == "scopes.not_a_scope"
