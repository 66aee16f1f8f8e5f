"""Where the chance in an answer comes from."""

from __future__ import annotations

import random
from collections.abc import Callable


def repeats(draw: Callable[[], object]) -> bool:
    """Whether it draws from the module `random`, whose state anyone can compute who has seen enough of it."""
    state = random.getstate()
    try:
        random.seed(3)
        first = draw()
        random.seed(3)
        return bool(draw() == first)
    finally:
        random.setstate(state)
