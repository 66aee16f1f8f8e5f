"""README.md and CONTRIBUTING.md promise only what is there."""

import functools
import os
import re
import shutil
import subprocess
import sysconfig
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from authkit.jose.checks import CHECKS
from tests.write_check_table import written

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md"]

OPEN_THE_LAB = 'python3 -m venv .venv && .venv/bin/python -m pip install ".[lab]" && .venv/bin/authkit lab'
RUN_THE_TESTS = 'python3 -m venv .venv && .venv/bin/python -m pip install -e ".[test]" && .venv/bin/python -m pytest'

FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(?:^|[\s/])authkit(?P<words>(?: +(?:--)?[a-z][\w-]*)+)")
MARKDOWN_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)[^)]*\)")


class Tags(HTMLParser):
    """Collects what HTML in a page points at, and its images without alternative text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.silent: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        self.targets += [found for name in ("href", "src", "srcset") if (found := values.get(name))]
        if tag == "img" and not (values.get("alt") or "").strip():
            self.silent.append(values.get("src") or tag)


def prose(page: str) -> str:
    """The page without its fenced blocks and inline code, in which brackets are no links and tags no HTML."""
    return INLINE_CODE.sub("", FENCE.sub("", (ROOT / page).read_text(encoding="utf-8")))


def mentioned_commands() -> set[tuple[str, ...]]:
    """Every `authkit ...` of the README's code, as words: subcommand and options, values left out."""
    shell = [block["text"] for block in FENCE.finditer(README) if block["language"] in {"", "bash", "console", "sh"}]
    inline = INLINE_CODE.findall(FENCE.sub("", README))
    return {tuple(found["words"].split()) for code in [*shell, *inline] for found in COMMAND.finditer(code)}


@functools.cache
def authkit(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed command, plain and wide, so that its help is not cut."""
    command = shutil.which("authkit", path=sysconfig.get_path("scripts"))
    assert command, "the command authkit is not installed"
    plain = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run([command, *arguments], env=plain, capture_output=True, text=True, encoding="utf-8")


def test_two_commands_set_it_up():
    """One pasted line opens the lab and one runs the tests; no other set-up is asked for."""
    blocks = [block["text"].strip() for block in FENCE.finditer(README)]
    assert sorted(block for block in blocks if "-m venv" in block) == sorted([OPEN_THE_LAB, RUN_THE_TESTS])


def test_the_extras_it_names_exist():
    """Whatever stands in `.[...]` is an extra of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {extra for extras in re.findall(r"(?:\.|authkit)\[([\w,]+)\]", README) for extra in extras.split(",")}
    assert named and named <= set(project["optional-dependencies"])


@pytest.mark.slow
@pytest.mark.parametrize("words", sorted(mentioned_commands()), ids=" ".join)
def test_a_command_it_mentions_exists(words: tuple[str, ...]):
    """The subcommand answers --help, and its help knows every option the README gives it."""
    path = [word for word in words[:1] if not word.startswith("-")]
    shown = authkit(*path, "--help")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    for option in words[len(path) :]:
        if option.startswith("--"):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", shown.stdout), f"{option} is not in\n{shown.stdout}"


def test_it_mentions_commands_at_all():
    """Else the test above would pass on nothing."""
    assert ("lab",) in mentioned_commands()


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_somewhere(page: str):
    """Links and images within the repository point at files that exist."""
    text = prose(page)
    targets = [found["target"] for found in MARKDOWN_LINK.finditer(text)] + Tags(text).targets
    inside = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    missing = [target for target in inside if not (ROOT / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_every_image_says_what_it_shows(page: str):
    """Images have alternative text that is not empty."""
    text = prose(page)
    markdown = [
        found["target"] for found in MARKDOWN_LINK.finditer(text) if found["image"] and not found["text"].strip()
    ]
    assert not markdown + Tags(text).silent


def test_the_table_of_checks_is_made_from_the_checks():
    """A new check is in it as soon as `python tests/write_check_table.py` has run."""
    assert written(README) == README, "run: python tests/write_check_table.py"
    assert all(f"| `{check.name}` | {check.question} |" in README for check in CHECKS)
