"""What numpy and pandas answer with, as Python's own."""

from __future__ import annotations

import sys


def plain(got: object) -> object:
    """A truth or a number of numpy's as Python's own, also one alone in an array; anything else as it is."""
    numpy = sys.modules.get("numpy")  # what an answer is made with, it has imported
    if numpy is None or not isinstance(got, numpy.generic | numpy.ndarray) or got.size != 1:
        return got
    own: object = got.item()
    return own if got.dtype.kind in "biuf" else got
