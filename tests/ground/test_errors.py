"""One tree of errors, each with a code, a sentence and a repair."""

import copy
import linecache
import pickle
import traceback
from collections.abc import Callable
from io import StringIO

import pytest
from IPython.core.interactiveshell import InteractiveShell

import authkit
from authkit import Api, AuthKitError, ClientCredentials, Tenant
from authkit.ground.errors import (
    ConfigurationError,
    KeySetError,
    RegistrationError,
    ServerError,
    StorageError,
)

ERRORS = [
    AuthKitError("a.b", "What is wrong.", "What repairs it."),
    ConfigurationError("a.b", "What is wrong.", "What repairs it."),
    KeySetError("a.b", "What is wrong.", "What repairs it."),
    StorageError("a.b", "What is wrong.", "What repairs it."),
    ServerError("a.b", "What is wrong.", "What repairs it."),
    RegistrationError("a.b", "What is wrong.", "What repairs it.", field="a", rule="must be b", value="'c'"),
]


def refused(action: Callable[[], object]) -> AuthKitError:
    with pytest.raises(AuthKitError) as caught:
        action()
    return caught.value


@pytest.fixture
def real_errors(tenant: Tenant[authkit.SteerableClock], api: Api, token: str) -> list[AuthKitError]:
    """One error of every class that carries more than a code, as the package itself raises it."""
    wrong = ClientCredentials("nobody", audience=api.identifier)
    return [
        refused(lambda: tenant.apis.create(identifier="")),
        refused(lambda: tenant.verifier(api).verify(f"{token}x")),
        refused(lambda: tenant.request_token(wrong)),
        refused(lambda: authkit.KeySet.from_jwks({})),
    ]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_descends_from_the_root(error: AuthKitError) -> None:
    """`except AuthKitError` catches all that authkit raises on purpose."""
    assert isinstance(error, AuthKitError)


@pytest.mark.parametrize(
    "kind", [authkit.TokenRejected, authkit.GrantRefused, authkit.KeySetError, authkit.RegistrationError]
)
def test_the_public_errors_are_in_the_tree(kind: type[Exception]) -> None:
    """Errors defined on other floors hang below the same root."""
    assert issubclass(kind, AuthKitError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_text_shows_message_code_and_repair(error: AuthKitError) -> None:
    """str() holds all three parts, the repair on a line of its own."""
    assert str(error).splitlines() == ["What is wrong. [a.b]", "Repair: What repairs it."]


def test_without_repair_there_is_no_repair_line() -> None:
    """An empty remedy leaves no label behind."""
    assert str(AuthKitError("a.b", "What is wrong.")) == "What is wrong. [a.b]"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_survive_pickling(error: AuthKitError) -> None:
    """A process pool hands on the same error, with every attribute."""
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.__dict__ == error.__dict__ and str(again) == str(error) and again.args == error.args


def test_errors_with_more_attributes_survive_pickling_and_copying(real_errors: list[AuthKitError]) -> None:
    """Signatures of their own do not keep errors from being rebuilt."""
    for error in real_errors:
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error) and str(again) == str(error)
            assert {*again.__dict__} == {*error.__dict__}


def test_every_error_has_a_repair(real_errors: list[AuthKitError]) -> None:
    """Nobody is left with a fault alone."""
    assert all(error.remedy for error in real_errors)


def test_html_is_escaped() -> None:
    """What a message quotes cannot become markup."""
    shown = AuthKitError("a.b", "<script>", "<b>")._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "&lt;b&gt;" in shown


def ran(shell: InteractiveShell, source: str, capsys: pytest.CaptureFixture[str]) -> str:
    shell.run_cell(source)
    return capsys.readouterr().out


def test_ipython_shows_the_learners_line_and_no_traceback(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a notebook a fault is three lines: where, what, and the repair."""
    shown = ran(
        shell, "import authkit\ntenant = authkit.training_tenant()\ntenant.apis.create(identifier='')\n", capsys
    )
    lines = shown.strip().splitlines()
    assert lines[0] == "line 3: tenant.apis.create(identifier='')"
    assert lines[1].startswith("RegistrationError: ") and lines[1].endswith("[identifier.empty]")
    assert lines[2].startswith("Repair: ")
    assert len(lines) == 3


def test_ipython_shows_the_last_line_of_the_learners_own_function(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of several frames of the learner's, the one that entered authkit is shown."""
    source = "import authkit\ndef mine(text):\n    return authkit.decode(text)\nmine('x')\n"
    assert ran(shell, source, capsys).startswith("line 3: return authkit.decode(text)\nTokenRejected: ")


def test_a_folder_whose_name_begins_alike_is_not_the_package(shell: InteractiveShell, tmp_path: object) -> None:
    """Only frames below the package's folder count as authkit's own."""
    code = compile("raise error", f"{authkit.__path__[0]}_course/lesson.py", "exec")
    error = AuthKitError("a.b", "What is wrong.")
    with pytest.raises(AuthKitError) as caught:
        exec(code, {"error": error})
    linecache.cache[code.co_filename] = (11, None, ["raise error\n"], code.co_filename)
    assert caught.value._render_traceback_()[0] == "line 1: raise error"


def test_python_itself_still_shows_a_traceback() -> None:
    """Outside notebooks nothing is hidden from a debugger."""
    try:
        authkit.decode("x")
    except AuthKitError:
        written = StringIO()
        traceback.print_exc(file=written)
        assert "Traceback" in written.getvalue() and "form.segments" in written.getvalue()
