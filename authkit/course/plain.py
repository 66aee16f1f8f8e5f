"""What numpy and pandas answer with, as Python's own."""

from __future__ import annotations

import sys


def plain(got: object) -> object:
    """A truth or a number of numpy's as Python's own; anything else as it is."""
    numpy = sys.modules.get("numpy")  # what an answer is made with, it has imported
    if numpy is not None and isinstance(got, numpy.generic) and got.dtype.kind in "biuf":
        own: object = got.item()
        return own
    return got
