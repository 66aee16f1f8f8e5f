"""What a notebook points to is there: other notebooks, pictures, addresses of RFCs; and each leads to the next."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.name[:2].isdigit()]

FILE = re.compile(r"[\w/-]+\.(?:ipynb|png|svg)\b")
TARGET = re.compile(r"\]\(([^)\s]+)|\bsrc(?:set)?=\"([^\"]+)\"")
OUTSIDE = re.compile(r"https://(?:www\.rfc-editor\.org/rfc/rfc\d+(?:#section-[\d.]+)?|openid\.net/specs/[\w.-]+)$")


def prose(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_file_it_names_is_there(path: Path) -> None:
    """Beside it, as a learner's copy has it too."""
    assert [name for name in FILE.findall(prose(path)) if not (path.parent / name).is_file()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    """To a file beside it, or to where RFCs and OpenID's specifications are kept."""
    targets = [one or other for one, other in TARGET.findall(prose(path))]
    assert [to for to in targets if not OUTSIDE.fullmatch(to) and not (path.parent / to).is_file()] == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_it_leads_to_the_next(path: Path) -> None:
    """The last lesson to the playground."""
    following = [*LESSONS, path.with_name("playground.ipynb")][LESSONS.index(path) + 1]
    last = nbformat.read(path, as_version=4).cells[-1].source
    assert "Next: " in last and f"`{following.name}`" in last
