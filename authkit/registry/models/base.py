"""What all models share: frozen, strict, shown in words; and the rules that several of them have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from pydantic import AfterValidator, BaseModel, ConfigDict

from authkit.ground import display

MAX_NAME: Final = 200
MAX_SCOPE: Final = 280


class Rule(ValueError):
    """A rule that pydantic has no constraint for.

    Args:
        rule: Stable name of the rule, the second half of the error's code.
        sentence: The rule in words.
        remedy: How to keep it.
    """

    def __init__(self, rule: str, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.remedy = remedy


class Model(BaseModel):
    """What all models share: frozen, no unknown fields, no value echoed in pydantic's own errors."""

    # Built when first used: a program that only verifies, or never registers an application, does not wait for it.
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    noun: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    """The fields that a table of several shows; one alone shows all it has."""

    @property
    def brief(self) -> str:
        """What stands for it inside another: its first column."""
        return str(getattr(self, self.columns[0]))

    def _repr_html_(self) -> str:
        return display.fields(self.shown(), caption=self.noun)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self.shown().items())
        return f"{type(self).__name__}({inside})"

    __str__ = __repr__

    def shown(self) -> dict[str, str]:
        """Each field as text, secrets masked; what is not set is left out."""
        return {name: _shown(value) for name, value in self if value is not None}

    def row(self) -> list[str]:
        """Its columns as text, for a table of several: a long list is cut short and counted."""
        values = (getattr(self, name) for name in self.columns)
        return ["" if value is None else _shown(value, most=_MOST_IN_A_ROW) for value in values]


_MOST_IN_A_ROW = 4


def no_angle_brackets(name: str) -> str:
    """A friendly name goes into pages of all kinds: no markup (S3)."""
    if "<" in name or ">" in name:
        raise Rule("forbidden_character", "may not hold < or >", "Write it without < and >.")
    return name


def one_spelling(compared: str) -> AfterValidator:
    """The constraint of a name that things are found by: nothing in it that cannot be seen.

    Args:
        compared: What it is compared with, for the repair.
    """

    def check(name: str) -> str:
        if name != name.strip() or not name.isprintable():
            raise Rule(
                "invisible_character",
                "may not begin or end with a space or hold an invisible character",
                f"Take them out: it is compared letter by letter with {compared}.",
            )
        return name

    return AfterValidator(check)


def in_order(values: Any) -> Any:
    """A set as a list, sorted: its own order is another one in every process, and would come into tokens."""
    return sorted(values, key=str) if isinstance(values, set | frozenset) else values


def unique(values: tuple[str, ...]) -> tuple[str, ...]:
    """The same texts, if none of them stands there twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise Rule("duplicate", f"holds {value!r} twice", "List each once.")
        seen.add(value)
    return values


def _shown(value: Any, most: int | None = None) -> str:
    if isinstance(value, Model):
        return value.brief
    if isinstance(value, Iterable) and not isinstance(value, str):
        items = [_shown(item) for item in value]
        if most is not None and len(items) > most:
            items[most:] = [f"… {len(items)} in all"]
        return ", ".join(items) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return display.printable(value)
