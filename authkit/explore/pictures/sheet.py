"""The sheet that pictures are drawn on: a light card, laid out in CSS pixels, with matplotlib's own fonts.

A card, since it reads the same in a light and a dark theme. No pyplot and no style sheet: a picture leaves nothing
behind, and does not depend on what the learner has set.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from authkit.ground.display import printable
from authkit.ground.extras import need

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH: Final = 880
"""CSS pixels, as wide as a panel."""

SMALL: Final = 10.0
"""Points of the smallest text: 14 CSS pixels."""
NORMAL: Final = 11.0
TITLE: Final = 13.5

CARD, INK, QUIET, LINE = "#fbfbf9", "#1b1b1b", "#555555", "#b9b9b4"

BLUE, GREEN, VERMILION, ORANGE = "#0072b2", "#009e73", "#d55e00", "#e69f00"
"""Of Okabe and Ito's palette, which those who see fewer colours tell apart. No meaning hangs on colour alone."""

_FONTS: Final = {
    (False, False): "DejaVuSans.ttf",
    (False, True): "DejaVuSans-Bold.ttf",
    (True, False): "DejaVuSansMono.ttf",
    (True, True): "DejaVuSansMono-Bold.ttf",
}
_PIXELS_A_POINT: Final = 100 / 72

Across = Literal["left", "center", "right"]


class Sheet:
    """One picture under the pen: x to the right and y down, in CSS pixels from the top left corner.

    Args:
        height: Of the picture, in CSS pixels.
        title: What stands at the top.
        subtitle: One more sentence below it.

    Raises:
        ConfigurationError: matplotlib is not installed (`extra.missing`).
    """

    def __init__(self, height: float, title: str, subtitle: str = "") -> None:
        figures = need("matplotlib.figure", extra="lab", feature="A figure")
        self.figure: Figure = figures.Figure(figsize=(WIDTH / 100, height / 100), dpi=200, facecolor=CARD)
        self._patches: Any = need("matplotlib.patches", extra="lab", feature="A figure")
        self._axes: Any = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        self.text(24, 30, self.fit(title, WIDTH - 48, size=TITLE, bold=True), size=TITLE, bold=True)
        if subtitle:
            self.text(24, 54, self.fit(subtitle, WIDTH - 48), colour=QUIET)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SMALL,
        bold: bool = False,
        mono: bool = False,
        colour: str = INK,
        across: Across = "left",
        backed: bool = False,
    ) -> None:
        """One line of text, its middle at this height; `backed` hides the lines that run behind it."""
        box = {"boxstyle": "square,pad=0.15", "facecolor": CARD, "edgecolor": "none"} if backed else None
        self._axes.text(
            x, y, _drawable(words, mono, bold), fontproperties=_font(mono, bold, size), color=colour,
            horizontalalignment=across, verticalalignment="center_baseline", parse_math=False, bbox=box, zorder=5,
        )  # fmt: skip

    def box(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        colour: str,
        strength: float = 0.22,
        dashed: bool = False,
        hatch: str = "",
    ) -> None:
        """A rectangle, its edge in the colour and its inside in a tint of it, so that dark text reads on it."""
        tint = _mixed(colour, strength)
        style = {"facecolor": tint, "edgecolor": colour, "linewidth": 1.2, "linestyle": "--" if dashed else "-"}
        if hatch:  # below the edge, and paler than it
            pale = {"facecolor": tint, "edgecolor": _mixed(colour, 0.5), "linewidth": 0, "hatch": hatch}
            self._axes.add_patch(self._patches.Rectangle((left, top), width, height, **pale, zorder=2))
            style["facecolor"] = "none"
        self._axes.add_patch(self._patches.Rectangle((left, top), width, height, **style, zorder=2))

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str = LINE, width: float = 1.2, dashed: bool = False
    ) -> None:
        """Straight lines from point to point."""
        across, down = zip(*points, strict=True)
        self._axes.plot(
            across, down, color=colour, linewidth=width, linestyle=(0, (4, 3)) if dashed else "-",
            solid_capstyle="butt", marker="none", zorder=1,
        )  # fmt: skip

    def area(self, points: Sequence[tuple[float, float]], *, colour: str, strength: float = 0.1) -> None:
        """A surface without an edge, in a tint of the colour."""
        self._axes.add_patch(self._patches.Polygon(points, facecolor=_mixed(colour, strength), linewidth=0, zorder=1))

    def dot(self, x: float, y: float, *, colour: str, marker: str = "o") -> None:
        """A point that is meant to be seen; the markers are matplotlib's."""
        style = {"markerfacecolor": colour, "markeredgecolor": INK, "markeredgewidth": 1, "markersize": 8}
        self._axes.plot([x], [y], marker=marker, linestyle="none", **style, zorder=4)

    def width_of(self, words: str, *, size: float = SMALL, bold: bool = False, mono: bool = False) -> float:
        """How many CSS pixels a text takes."""
        face = _face(mono, bold)
        return sum(_advance(face, letter) for letter in _drawable(words, mono, bold)) * size * _PIXELS_A_POINT

    def fit(self, words: str, width: float, *, size: float = SMALL, bold: bool = False, mono: bool = False) -> str:
        """The text, or as much of its beginning as this width holds."""
        words = printable(words)[:400]  # never more than fits a picture: a claim may be a megabyte
        if self.width_of(words, size=size, bold=bold, mono=mono) <= width:
            return words
        while words and self.width_of(f"{words}…", size=size, bold=bold, mono=mono) > width:
            words = words[:-1]
        return f"{words.rstrip()}…"


def _mixed(colour: str, strength: float) -> str:
    """The colour on the card, so much of it."""
    pairs = ((int(colour[i : i + 2], 16), int(CARD[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(strength * one + (1 - strength) * card):02x}" for one, card in pairs)


def _path(mono: bool, bold: bool) -> Path:
    """A font that comes with matplotlib: the same on every machine, and no search for it."""
    folder = need("matplotlib", extra="lab", feature="A figure").get_data_path()
    return Path(folder, "fonts", "ttf", _FONTS[mono, bold])


def _font(mono: bool, bold: bool, size: float) -> Any:
    manager = need("matplotlib.font_manager", extra="lab", feature="A figure")
    return manager.FontProperties(fname=str(_path(mono, bold)), size=size)


@cache
def _face(mono: bool, bold: bool) -> Any:
    face = need("matplotlib.ft2font", extra="lab", feature="A figure").FT2Font(str(_path(mono, bold)))
    face.set_size(100, 72)
    return face


def _advance(face: Any, letter: str) -> float:
    """The width of a letter, as a part of its size."""
    return float(face.load_char(ord(letter)).linearHoriAdvance) / 65536 / 100


def _drawable(words: str, mono: bool, bold: bool) -> str:
    """The text with a box for each letter that the font lacks: matplotlib would warn, once a letter."""
    face = _face(mono, bold)
    return "".join(letter if face.get_char_index(ord(letter)) else "□" for letter in printable(words))
