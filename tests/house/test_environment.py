"""environment.yml gives conda and Binder the same authkit that pyproject.toml gives pip."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

CONDA_SPEC = re.compile(r"(?P<name>[a-z0-9_.-]+)(?P<version>[=<>!~]{1,2}[\w.*,<>=!]+)?")
OWN_PROJECT = re.compile(r"(?:-e )?\.(?:\[(?P<extras>[\w,]+)\])?")


def conda_specs() -> dict[str, str]:
    """What conda installs: name to version part."""
    specs = [CONDA_SPEC.fullmatch(entry) for entry in ENVIRONMENT["dependencies"] if isinstance(entry, str)]
    assert all(specs), f"not all of them are conda specs: {ENVIRONMENT['dependencies']}"
    return {spec["name"]: spec["version"] or "" for spec in specs if spec}


def pip_lines() -> list[str]:
    """What pip installs, from the one mapping among the dependencies."""
    [mapping] = [entry for entry in ENVIRONMENT["dependencies"] if isinstance(entry, dict)]
    assert list(mapping) == ["pip"]
    return list(mapping["pip"])


def test_it_has_the_three_keys_that_travel():
    """No prefix of one machine and no variables: a name, channels, dependencies."""
    assert set(ENVIRONMENT) == {"name", "channels", "dependencies"}


def test_its_only_channel_is_conda_forge():
    """One channel, so that nothing depends on channel priority."""
    assert ENVIRONMENT["channels"] == ["conda-forge"]


def test_it_asks_for_pip_itself():
    """conda warns, and guesses, when a pip section has no pip beside it."""
    assert "pip" in conda_specs()


def test_its_python_is_one_the_project_supports():
    """The Python it names satisfies requires-python and stands among the classifiers."""
    version = conda_specs()["python"].lstrip("=")
    assert version in SpecifierSet(PROJECT["requires-python"])
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]


def test_pip_installs_this_project_and_nothing_else():
    """The only pip line is the checkout, with extras that exist."""
    [line] = pip_lines()
    own = OWN_PROJECT.fullmatch(line)
    assert own, line
    assert set(own["extras"].split(",")) <= set(PROJECT["optional-dependencies"])


def test_no_dependency_is_written_twice():
    """What pyproject.toml asks for appears in environment.yml neither for conda nor for pip."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    declared = {canonicalize_name(Requirement(line).name) for group in groups for line in group}
    assert not declared & {canonicalize_name(name) for name in conda_specs()}


@pytest.mark.parametrize("group", ["dependencies", *PROJECT["optional-dependencies"]])
def test_every_dependency_states_the_version_tested(group: str):
    """Each requirement but the project's own has a lower bound, and no upper one."""
    lines = PROJECT["dependencies"] if group == "dependencies" else PROJECT["optional-dependencies"][group]
    for requirement in map(Requirement, lines):
        operators = [specifier.operator for specifier in requirement.specifier]
        assert operators == ([] if requirement.name == "authkit" else [">="]), str(requirement)
