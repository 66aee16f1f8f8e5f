"""From what was typed into the create-API form to the values of an API, and to words about them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from authkit.ground.errors import RegistrationError

LABELS: Final = {
    "name": "The name",
    "identifier": "The identifier",
    "signing_alg": "The signing algorithm",
    "token_lifetime": "The token expiration",
    "scopes": "The list of scopes",
    "scopes.value": "A scope’s value",
    "scopes.description": "A scope’s description",
}
"""How a sentence about a field begins."""

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,4000}")  # Python itself reads no more digits
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


class Problem(NamedTuple):
    """What is wrong with a field.

    Attributes:
        code: Stable name of the fault, as the registry's error has it.
        rule: The broken rule in a sentence.
        remedy: How to keep it.
    """

    code: str
    rule: str
    remedy: str


def lifetime(typed: str) -> int | str:
    """The number that was typed; anything else stays text, so that the model's own rule speaks about it."""
    return int(typed) if _WHOLE_NUMBER.fullmatch(typed.strip()) else typed


def scope_list(typed: str) -> tuple[dict[str, str], ...]:
    """One scope a line: its first word is the value, the rest its description. An indented line has no value."""
    scopes = []
    for line in typed.splitlines():
        if line.strip():
            value, *rest = ["", line] if line[0].isspace() else line.split(maxsplit=1)
            scopes.append({"value": value, "description": "".join(rest).strip()})
    return tuple(scopes)


def span(seconds: int | str) -> str:
    """A number of seconds as people say it; empty for what is no span of time.

    A whole number of hours up to two days stays in hours: a day is not always what a lifetime of 24 hours means.
    """
    if not isinstance(seconds, int) or seconds < 0:
        return ""
    if seconds and seconds % 3600 == 0 and seconds <= 172800:
        return _counted(seconds // 3600, "hour")
    said = []
    rest = seconds
    for unit, length in _UNITS:
        count, rest = divmod(rest, length)
        if count:
            said.append(_counted(count, unit))
    return " ".join(said[:2]) or "0 seconds: expired as soon as it is issued"


def problem(error: RegistrationError) -> Problem:
    """A broken rule as a line under its field, with what was given where a reader would otherwise search for it."""
    label = LABELS.get(error.field, error.field)
    given = f"; given was {error.value}" if error.field.startswith("scopes.") and error.value != "''" else ""
    return Problem(error.code, f"{label} {error.rule}{given}.", error.remedy)


def scope_source(scopes: tuple[dict[str, str], ...]) -> dict[str, str] | list[dict[str, str]]:
    """The scopes as a learner writes them: a dict, or a list where a dict would swallow one that stands twice."""
    as_dict = {scope["value"]: scope["description"] for scope in scopes}
    return as_dict if len(as_dict) == len(scopes) else list(scopes)


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count:,} {unit}s"
