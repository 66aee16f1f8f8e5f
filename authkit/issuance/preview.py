"""What a preview shows: a request's outcome as things stand, and with other settings, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from authkit.ground import display
from authkit.issuance.refusal import GrantRefused
from authkit.issuance.trace import Trace


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One side of a preview.

    Attributes:
        trace: Every rule, and every claim of the tokens.
        header: The JOSE header of the access token; empty if it is opaque, or if a rule refused.
        claims: The claims of the access token.
        id_claims: The claims of the ID token.
        answer: What else the response holds: lifetime, scope, whether a refresh token comes with it.
        refused: The refusal, if a rule refused.
    """

    trace: Trace
    header: Mapping[str, object]
    claims: Mapping[str, object]
    id_claims: Mapping[str, object]
    answer: Mapping[str, object]
    refused: GrantRefused | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Preview:
    """What a request brings as things stand, and what it would bring with the changes.

    Attributes:
        before: As things stand.
        after: With the changes.
        changes: The settings that were changed, in words.
    """

    before: Sight
    after: Sight
    changes: tuple[str, ...]

    @property
    def differing(self) -> tuple[str, ...]:
        """Names of what differs: claims, `header.…`, `id_token.…` and `response.…`."""
        return tuple(name for name, (old, new) in self._members().items() if old != new)

    def _members(self) -> dict[str, tuple[object, object]]:
        old, new = _flat(self.before), _flat(self.after)
        return {name: (old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new))}

    def _rows(self) -> Iterator[tuple[str, str, str, str]]:
        for name, (old, new) in self._members().items():
            kind = "same" if old == new else "appears" if old is None else "falls away" if new is None else "differs"
            yield kind, name, _shown(old), _shown(new)

    def _outcomes(self) -> list[str]:
        return [
            f"{when}: {'refused, ' if side.refused else ''}{side.trace.sentence}"
            for when, side in (("before", self.before), ("after", self.after))
        ]

    def __repr__(self) -> str:
        lines = [f"  {kind:<10} {name:<24} {old} → {new}" for kind, name, old, new in self._rows() if kind != "same"]
        changed = ", ".join(self.changes) or "nothing changed"
        return "\n".join(
            [f"Preview ({changed}); nothing was stored", *self._outcomes(), *(lines or ["  no difference"])]
        )

    def _repr_html_(self) -> str:
        rows = ((kind, display.name(name), old, new) for kind, name, old, new in self._rows())
        table = display.table(("", "member", "before", "after"), rows, caption="Preview: nothing was stored")
        changed = display.tag("div", f"Changed: {', '.join(self.changes) or 'nothing'}")
        outcomes = (display.tag("div", line) for line in self._outcomes())
        return display.join([changed, *outcomes, table])


def _flat(side: Sight) -> dict[str, object]:
    parts = (("header.", side.header), ("", side.claims), ("id_token.", side.id_claims), ("response.", side.answer))
    return {f"{prefix}{name}": value for prefix, part in parts for name, value in part.items()}


def _shown(value: object) -> str:
    return "–" if value is None else display.printable(value)
