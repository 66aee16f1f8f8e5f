"""`validity_timeline(tokens, clock)`: when each token may be used, against now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from authkit.explore.figures import Picture
from authkit.explore.pictures.axis import TimeAxis
from authkit.explore.pictures.sheet import BLUE, GREEN, INK, NORMAL, QUIET, SMALL, VERMILION, Sheet
from authkit.explore.pictures.spans import now_of, span
from authkit.ground.clock import Clock, readable
from authkit.ground.display import TONES, printable, shorten
from authkit.ground.errors import ConfigurationError
from authkit.jose.decode import decode

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST: Final = 20
"""Tokens on one picture."""

FAR: Final = 3660 * 86400
"""Seconds from now after which a time is off the picture: ten years, which no token lives. Milliseconds do."""

_LEFT, _RIGHT, _TOP, _ROW = 216.0, 848.0, 124.0, 66.0


class _Life(NamedTuple):
    """One token's times: NumericDates, or None where the claim is missing or no number."""

    name: str
    times: dict[str, float | None]
    state: str
    detail: str

    @property
    def words(self) -> str:
        return f"{self.state}, {self.detail}"


_COLOURS: Final = {"in its time": GREEN, "expired": VERMILION, "not yet": BLUE, "never": VERMILION}
_SIGNS: Final = {
    "in its time": TONES["accepted"][0], "expired": TONES["refused"][0], "not yet": "…", "never": TONES["refused"][0],
}  # fmt: skip


def validity_timeline(tokens: str | Mapping[str, str] | Iterable[str], clock: Clock) -> Picture:
    """A picture of when tokens may be used (`nbf`, `iat`, `exp`; RFC 7519 §4.1.4–4.1.6). Nothing is verified.

    Its table has a row a token: the three NumericDates, the same as dates, and what they say now.

    Args:
        tokens: One token, several, or a mapping of names to tokens; at most 20.
        clock: Whose now counts, as in `tenant.clock`.

    Raises:
        TokenRejected: One cannot be decoded.
        ConfigurationError: There is none, or more than 20; what was given is no clock; or matplotlib is not installed
            (`extra.missing`).
    """
    now = now_of(clock)
    lives = [_life(name, token, now) for name, token in _named(tokens).items()]
    words = " ".join(f"{life.name}: {life.words}." for life in lives)
    words = f"When {_tokens(len(lives))} may be used, not verified; now is {readable(now)}. {words}"
    return Picture(_drawn(lives, now), words, [_row(life) for life in lives])


def _named(tokens: str | Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    if isinstance(tokens, str):
        named = {"the token": tokens}
    elif isinstance(tokens, Mapping):
        named = {printable(name): token for name, token in tokens.items()}
    elif isinstance(tokens, Iterable):
        named = {f"token {number}": token for number, token in enumerate(tokens, start=1)}
    else:
        named = {}
    if not 1 <= len(named) <= MOST:
        raise ConfigurationError(
            "picture.tokens",
            f"A timeline shows 1 to {MOST} tokens, not {len(named) or shorten(tokens)}.",
            'Pass a token, a list of them, or {"before": token, "after": token}.',
        )
    return named


def _tokens(number: int) -> str:
    return "a token" if number == 1 else f"{number} tokens"


def _life(name: str, token: str, now: float) -> _Life:
    payload = decode(token).payload
    times = {claim: _number(payload.get(claim)) for claim in ("iat", "nbf", "exp")}
    return _Life(name, times, *_state(times["nbf"], times["exp"], now))


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _state(nbf: float | None, exp: float | None, now: float) -> tuple[str, str]:
    if exp is not None and nbf is not None and exp <= nbf:
        return "never", "exp is not after nbf"
    if exp is not None and exp <= now:
        return "expired", _ago(now - exp)
    if nbf is not None and now < nbf:
        return "not yet", _ahead("begins", "nbf", nbf, now)
    if exp is None:
        return "in its time", "no exp: for ever"
    return "in its time", _ahead("expires", "exp", exp, now)


def _ago(seconds: float) -> str:
    return "just now" if seconds < 1 else f"{span(seconds)} ago" if seconds < FAR else "long ago"


def _ahead(what: str, claim: str, moment: float, now: float) -> str:
    if moment - now < FAR:
        return f"{what} in {span(max(1, moment - now))}"
    return f"{claim} in milliseconds?" if abs(moment / 1000 - now) < FAR else f"{what} in over ten years"


def _row(life: _Life) -> dict[str, Any]:
    row: dict[str, Any] = {"token": life.name, "state": life.state, "detail": life.detail}
    for claim, moment in life.times.items():
        # Text, not a number: a column with a gap would turn every NumericDate into a float.
        row[claim] = "" if moment is None else str(moment)
        row[f"{claim}_date"] = "" if moment is None else readable(moment)
    return row


def _drawn(lives: list[_Life], now: float) -> Figure:
    near = [
        moment for life in lives for moment in life.times.values() if moment is not None and abs(moment - now) <= FAR
    ]
    axis = TimeAxis([now, *near], _LEFT, _RIGHT)
    bottom = _TOP + _ROW * len(lives)
    what = "this token" if len(lives) == 1 else "these tokens"
    subtitle = f"What {what} say{'s' if len(lives) == 1 else ''} of time, NOT verified: anyone could write it."
    sheet = Sheet(bottom + 56, "When a token may be used", subtitle)
    axis.draw(sheet, top=_TOP - 8, bottom=bottom)
    at = axis.place(now)
    sheet.line([(at, _TOP - 12), (at, bottom)], colour=INK, width=1.6)
    label = f"now: {readable(now)}"
    half = sheet.width_of(label, bold=True) / 2
    sheet.text(min(max(at, _LEFT + half), _RIGHT - half), _TOP - 24, label, bold=True, across="center")
    for number, life in enumerate(lives):
        _bar(sheet, axis, life, now, _TOP + _ROW * number)
    return sheet.figure


def _bar(sheet: Sheet, axis: TimeAxis, life: _Life, now: float, top: float) -> None:
    colour = _COLOURS[life.state]
    sheet.text(24, top + 12, sheet.fit(life.name, _LEFT - 44, size=NORMAL, bold=True), size=NORMAL, bold=True)
    sheet.text(24, top + 33, f"{_SIGNS[life.state]} {life.state}")
    sheet.text(24, top + 52, sheet.fit(life.detail, _LEFT - 44), colour=QUIET)
    start, end = _ends(axis, life, now)
    iat, nbf = life.times["iat"], life.times["nbf"]
    if iat is not None and nbf is not None and iat < nbf:
        sheet.line([(axis.place(iat), top + 23), (start, top + 23)], colour=colour, dashed=True)
    if end > start:
        hatch = {"expired": "////", "never": "////", "not yet": ""}.get(life.state, "")
        strength = {"in its time": 0.45}.get(life.state, 0.12)
        sheet.box(start, top + 12, end - start, 22, colour=colour, strength=strength, hatch=hatch,
                  dashed=life.state == "not yet")  # fmt: skip
    _marks(sheet, axis, life, top)


def _ends(axis: TimeAxis, life: _Life, now: float) -> tuple[float, float]:
    """Where a token's time begins and ends on the picture. An `iat` ahead of now holds nobody up by itself."""
    iat, nbf, exp = life.times["iat"], life.times["nbf"], life.times["exp"]
    begin = nbf if nbf is not None else None if iat is None else min(iat, now)
    return axis.left if begin is None else axis.place(begin), axis.right if exp is None else axis.place(exp)


def _marks(sheet: Sheet, axis: TimeAxis, life: _Life, top: float) -> None:
    """The claims under their places; those that share one share a label."""
    placed = [(axis.place(moment), axis.pointed(claim, moment)) for claim, moment in life.times.items()
              if moment is not None]  # fmt: skip
    merged: list[tuple[float, list[str]]] = []
    for at, label in sorted(placed, key=lambda one: one[0]):
        sheet.line([(at, top + 8), (at, top + 38)], colour=INK)
        if merged and at - merged[-1][0] < sheet.width_of(", ".join(merged[-1][1])) / 2 + 22:
            merged[-1][1].append(label)
        else:
            merged.append((at, [label]))
    if life.times["exp"] is None:
        merged.append((_RIGHT, ["no exp →"]))
    for at, labels in merged:
        label = ", ".join(labels)
        half = sheet.width_of(label) / 2
        at = min(max(at, _LEFT + half), _RIGHT - half)
        sheet.text(at, top + 48, label, size=SMALL, colour=QUIET, across="center", backed=True)
