"""Write the table of checks in README.md anew, from the checks themselves: `python tests/write_check_table.py`.

Run it after adding or rewording a check; a test compares the two.
"""

import re
from pathlib import Path

from authkit.jose.checks import CHECKS

README = Path(__file__).resolve().parents[1] / "README.md"
TABLE = re.compile(r"(?<=<!-- checks: python tests/write_check_table.py -->\n).*?(?=<!-- /checks -->)", re.DOTALL)


def table() -> str:
    """The checks in Markdown, in the order they run."""
    rows = [
        f"| {number} | `{check.name}` | {check.question} | "
        f"{'our policy: ' if check.rule == 'our policy' else ''}{check.source} |"
        for number, check in enumerate(CHECKS, start=1)
    ]
    return "\n".join(["| | check | what it asks | stands on |", "|---|---|---|---|", *rows, ""])


def written(page: str) -> str:
    """The page with the table as it should be."""
    page, found = TABLE.subn(lambda _: table(), page)
    if found != 1:
        raise SystemExit("README.md has no place for the table of checks, or more than one.")
    return page


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
