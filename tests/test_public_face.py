"""What `import authkit` gives, what it costs, and what a missing extra says."""

import inspect
import json
import subprocess
import sys

import pytest

import authkit

HEAVY = [
    "pydantic",
    "httpx",
    "fastapi",
    "starlette",
    "uvicorn",
    "ipywidgets",
    "IPython",
    "pandas",
    "matplotlib",
    "sqlite3",
]
BLOCK = "import sys; sys.modules.update(dict.fromkeys({names!r}))\n"


def ran(program: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", authkit.__all__)
def test_every_public_name_resolves_and_is_documented(name: str) -> None:
    """With a docstring of its own, or of its class."""
    value = getattr(authkit, name)
    assert inspect.getdoc(value) and (not inspect.isclass(value) or value.__doc__)


@pytest.mark.parametrize("name", [n for n in authkit.__all__ if inspect.isclass(getattr(authkit, n))])
def test_every_public_method_is_documented(name: str) -> None:
    """Of authkit's own classes."""
    for method, value in vars(getattr(authkit, name)).items():
        if inspect.isfunction(value) and not method.startswith("_"):
            assert value.__doc__, f"{name}.{method}"


def test_names_are_listed_once_and_in_order() -> None:
    """`dir` shows the public names and the parts, and nothing else."""
    assert len(set(authkit.__all__)) == len(authkit.__all__)
    assert set(authkit.__all__) <= set(dir(authkit)) and {"attacks", "widgets"} <= set(dir(authkit))
    assert not [name for name in dir(authkit) if name.startswith("_")]


def test_a_later_name_is_the_one_of_its_module() -> None:
    """Loaded at first touch, the same object ever after."""
    from authkit.tenant import Tenant

    assert authkit.Tenant is Tenant is authkit.Tenant


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As of any module."""
    assert not hasattr(authkit, "no_such_name")
    with pytest.raises(AttributeError):
        authkit.no_such_name  # noqa: B018


def test_a_star_import_gives_the_public_names() -> None:
    """All of them."""
    program = "from authkit import *; import authkit; print(set(authkit.__all__) <= set(globals()))"
    assert ran(program) == "True\n"


def test_importing_brings_nothing_heavy() -> None:
    """The verifier alone: no models, no web, no notebook, no tables, no store."""
    program = f"import authkit, json, sys; print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    assert json.loads(ran(program)) == []


def test_a_verification_brings_nothing_heavy_either() -> None:
    """Keys, decode and verify live in jose."""
    program = (
        "import authkit, json, sys\n"
        "keys = authkit.KeySet.from_secret(b'x' * 32)\n"
        "authkit.Verifier(issuer='i', audience='a', keys=keys, algorithms=['HS256']).explain('a.b.c')\n"
        f"print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    )
    assert json.loads(ran(program)) == []


@pytest.mark.parametrize(
    ("blocked", "touch"),
    [
        ("fastapi", "authkit.serve"),
        ("fastapi", "authkit.serve_orders_api"),
        ("uvicorn", "authkit.serve"),
        ("ipywidgets", "authkit.widgets"),
    ],
)
def test_a_missing_extra_is_one_clear_error(blocked: str, touch: str) -> None:
    """It says which to install; everything else works without it."""
    program = BLOCK.format(names=[blocked]) + (
        "import authkit\n"
        "tenant = authkit.training_tenant()\n"
        "tenant.apis.create(identifier='a')\n"
        f"try:\n    {touch}\n"
        "except authkit.ConfigurationError as error:\n"
        f"    print(error.code, {blocked!r} in error.message, 'authkit[lab]' in error.remedy)"
    )
    assert ran(program) == "extra.missing True True\n"


def test_the_core_works_without_any_extra() -> None:
    """Register, issue, verify with nothing of the lab installed."""
    program = BLOCK.format(
        names=["fastapi", "starlette", "uvicorn", "ipywidgets", "pandas", "matplotlib", "IPython"]
    ) + (
        "import authkit\n"
        "tenant = authkit.training_tenant()\n"
        "api = tenant.apis.create(identifier='a')\n"
        "app = tenant.applications.create(name='x')\n"
        "tenant.client_grants.create(app, api)\n"
        "token = tenant.request_token(authkit.ClientCredentials(app, audience='a')).access_token\n"
        "print(tenant.verifier(api).verify(token)['aud'])"
    )
    assert ran(program) == "a\n"
