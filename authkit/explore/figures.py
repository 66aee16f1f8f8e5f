"""What a picture is here: a figure of matplotlib with the words that say the same, and the table behind it."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from authkit.ground import display
from authkit.ground.extras import need
from authkit.ground.running_cell import running_cell

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

Row = dict[str, Any]


class Picture:
    """A figure that says in words what it shows; the words are its `repr`.

    A saved notebook holds the words and an `image/png`, which nbval compares and leaves alone, in this order: pixels
    change with every release of a font, words do not. JupyterLab gives an `image/png` no alternative text. So where
    somebody is looking, the same pixels come as HTML, in an `<img>` that has one.

    Args:
        figure: What matplotlib draws.
        words: The alternative text: what the figure shows, in sentences, without a secret and without what varies.
        rows: The table behind it, a row each; nothing in it varies either.
        measured: What was measured on this machine, a row each: another each time.
    """

    def __init__(self, figure: Figure, words: str, rows: Sequence[Row], measured: Sequence[Row] = ()) -> None:
        self.figure = figure
        self.words = words
        self._rows = rows
        self._measured = measured

    @property
    def table(self) -> DataFrame:
        """The DataFrame behind the figure.

        Raises:
            ConfigurationError: pandas is not installed (`extra.missing`).
        """
        return _frame(self._rows)

    @property
    def measured(self) -> DataFrame:
        """What was measured, as a DataFrame; empty if nothing was. Its numbers differ each time: do not save them.

        Raises:
            ConfigurationError: pandas is not installed (`extra.missing`).
        """
        return _frame(self._measured)

    def png(self) -> bytes:
        """The figure as PNG, two pixels for each of CSS: sharp on a projector."""
        # The canvas itself: savefig would obey whatever the learner's matplotlib is set to.
        canvas = need("matplotlib.backends.backend_agg", extra="lab", feature="A figure").FigureCanvasAgg(self.figure)
        with io.BytesIO() as file:
            canvas.print_png(file, metadata={"Software": None})
            return file.getvalue()

    def html(self) -> display.Html:
        """The figure as one `<img>` with its alternative text."""
        width, height = self._size()
        source = f"data:image/png;base64,{base64.b64encode(self.png()).decode('ascii')}"
        style = "display:block;max-width:100%;height:auto;border-radius:6px"
        attributes = {"src": source, "alt": self.words, "width": width, "height": height, "style": style}
        inside = " ".join(f'{name}="{display.escape(value)}"' for name, value in attributes.items())
        return display.Html(f"<img {inside}>")

    def _size(self) -> tuple[int, int]:
        """Width and height in CSS pixels."""
        width, height = self.figure.get_size_inches()
        return round(width * 100), round(height * 100)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Row, Row]:
        if _someone_looks():
            return {"text/plain": self.words, "text/html": self.html()}, {}
        width, height = self._size()
        # What makes a page of a saved notebook may read the alternative text from here, as nbconvert does.
        metadata = {"image/png": {"width": width, "height": height, "alt": self.words}}
        return {"text/plain": self.words, "image/png": base64.b64encode(self.png()).decode("ascii")}, metadata

    def __repr__(self) -> str:
        return self.words


def _someone_looks() -> bool:
    """Whether a page shows what this cell gives: JupyterLab names its cell, Voilà itself; nbval does neither."""
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila/"):
        return True
    return bool(running_cell().cell)


def _frame(rows: Sequence[Row]) -> DataFrame:
    frame: DataFrame = need("pandas", extra="lab", feature="A table").DataFrame(rows)
    return frame
