"""The page that the course re-creates, row by row: the first notebook says which section teaches each."""

import re

import nbformat
import pytest

from tests.course.solving import notebook_of

ROWS = [f"S{number}" for number in range(1, 22)]
SECTION = re.compile(r"\b(\d\d) §(\d+)")


def taught() -> dict[str, list[tuple[str, str]]]:
    """By row, the lessons and sections that the map names."""
    text = "\n".join(cell.source for cell in nbformat.read(notebook_of("00"), as_version=4).cells)
    lines = (line.split("|") for line in text.splitlines() if re.match(r"\| S\d+ \|", line))
    return {cells[1].strip(): SECTION.findall(cells[3]) for cells in lines}


def test_every_row_is_on_the_map() -> None:
    """In the order of the page."""
    assert list(taught()) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_its_sections_are_there(row: str) -> None:
    """At least one, and each a heading of its notebook."""
    assert taught()[row]
    for number, section in taught()[row]:
        cells = nbformat.read(notebook_of(number), as_version=4).cells
        headings = [cell.source for cell in cells if cell.cell_type == "markdown"]
        assert any(re.search(rf"^## {section}\. ", text, re.MULTILINE) for text in headings), (number, section)
