"""What a learner hands in, wrapped: whatever it is and does, a check goes on and says one of four things."""

from __future__ import annotations

import contextlib
import copy
import io
import linecache
import signal
import threading
import traceback
from collections.abc import Coroutine, Iterator
from types import FrameType
from typing import Any, Final, NamedTuple, NoReturn

from authkit.course.todo import TODO
from authkit.ground.display import shorten
from authkit.ground.running_cell import running_ipython

SECONDS: Final = 2.0
"""How long a check may take, where the platform can end it: in the main thread, and not on Windows."""

_AGAIN_SECONDS: Final = 0.2
_SHOWN: Final = 60
_ACCIDENTS: Final = (NameError, AttributeError, TypeError, ImportError, RecursionError)
"""What no verifier raises in order to refuse a token: TypeError comes of other arguments, or of raising a text."""


class NotAttempted(Exception):
    """There is no answer yet."""


class TryAgain(Exception):
    """The answer is not right.

    Args:
        feedback: What was observed → why → one next question, in at most 40 words.
        belief: The misconception that it points to, as a stable name.
    """

    def __init__(self, feedback: str, belief: str = "") -> None:
        super().__init__(feedback)
        self.feedback = feedback
        self.belief = belief


class BrokenAnswer(Exception):
    """The learner's code raised, or did not come to an end.

    Args:
        what: Which call broke, and how.
        kind: What it raised; None if it did not come to an end.
        said: The same with its first words, as in `ValueError: 'no token'`.
    """

    def __init__(self, what: str, *, kind: type[BaseException] | None = None, said: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kind = kind
        self.said = said

    @property
    def endless(self) -> bool:
        """Whether it did not come to an end."""
        return self.kind is None

    @property
    def slip(self) -> bool:
        """Whether it tells nothing of what the learner thinks: it did not end, or a name was not there."""
        return self.kind is None or issubclass(self.kind, NameError)

    @property
    def refusal(self) -> bool:
        """Whether it may be meant as a refusal of what was handed in: no accident, and no end of the program."""
        return self.kind is not None and issubclass(self.kind, Exception) and not issubclass(self.kind, _ACCIDENTS)


class TooSlow(BaseException):
    """Time is up. No `Exception`, so that a learner's own `except Exception` does not swallow it."""


def shown(value: object) -> str:
    """An answer in an outcome's words: a function by its name, as its repr is another one in every kernel."""
    if callable(value):
        return f"the function {getattr(value, '__name__', 'without a name')}"
    return shorten(value, _SHOWN)


class Reaction(NamedTuple):
    """What an answer did with an input that it may refuse.

    Attributes:
        refusal: How it refused; None if it returned.
        returned: What it returned.
    """

    refusal: BrokenAnswer | None
    returned: Any = None

    def silent(self, what: str) -> TryAgain:
        """What to say if it refused nothing, and let nothing in either."""
        return TryAgain(
            f"It returned {shown(self.returned)} for {what}, and raised nothing. Callers forget to look at what comes "
            "back. What does the caller do with that?"
        )


class Answer:
    """An answer that a check may look at and, if it is a function, call.

    Args:
        value: What was handed in.

    Attributes:
        value: The same.
    """

    def __init__(self, value: object) -> None:
        self.value = value

    def __call__(self, *inputs: Any, **named: Any) -> Any:
        """Call the answer on fresh copies of these inputs: what it does to them cannot spoil the next call.

        Raises:
            NotAttempted: It returned `TODO`.
            TryAgain: It is no function, or an async one.
            BrokenAnswer: It raised; the message names the inputs and the learner's own line.
        """
        if not callable(self.value):
            raise TryAgain(
                f"The check was given {shown(self.value)}, which cannot be called. "
                "Did you put brackets behind the function's name?"
            )
        name = getattr(self.value, "__name__", "your function")
        inside = ", ".join(
            [shorten(one, _SHOWN) for one in inputs]
            + [f"{keyword}={shorten(one, _SHOWN)}" for keyword, one in named.items()]
        )
        try:
            with _Silenced():
                given = self.value(*copy.deepcopy(inputs), **copy.deepcopy(named))
        except (TooSlow, KeyboardInterrupt):
            endless = f"{name}({inside}) was still running when its {SECONDS:g} seconds were up."
            raise BrokenAnswer(endless) from None
        except BaseException as error:  # SystemExit too: no answer ends the kernel
            what = f"{name}({inside}) raised {_said(error)}{_where(error)}."
            raise BrokenAnswer(what, kind=type(error), said=_said(error, _SHOWN)) from None
        if isinstance(given, Coroutine):
            given.close()
            raise TryAgain(
                f"{name} is async: a call gives a coroutine, and no result until somebody awaits it. The check calls, "
                "and awaits nothing. What in it has to be waited for?"
            )
        if given is TODO:
            raise NotAttempted
        return given

    def reaction(self, *inputs: Any, **named: Any) -> Reaction:
        """What the answer, a function, does with these inputs, which it may refuse by an error, as a verifier does.

        Raises:
            BrokenAnswer: It did not come to an end, or what it raised is an accident: that refuses nothing.
        """
        try:
            return Reaction(None, self(*inputs, **named))
        except BrokenAnswer as broken:
            if not broken.refusal:
                raise
            return Reaction(broken)


@contextlib.contextmanager
def time_limit(seconds: float = SECONDS) -> Iterator[None]:
    """End what runs inside when time is up, where the platform can.

    Raises:
        TooSlow: Time is up. It is raised again and again, for code that swallows it.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def kernel_kept() -> Iterator[None]:
    """Have `exit()` raise SystemExit, as Python's own does: a kernel's raises nothing, and ends it after the cell."""

    def leave() -> NoReturn:
        raise SystemExit

    ipython = running_ipython()
    if not hasattr(ipython, "ask_exit"):
        yield
        return
    ipython.ask_exit = leave
    try:
        yield
    finally:
        vars(ipython).pop("ask_exit", None)


class _Silenced(contextlib.ExitStack):
    """What a learner's function prints while it is checked goes nowhere: it might be megabytes."""

    def __enter__(self) -> _Silenced:
        super().__enter__()
        self.enter_context(contextlib.redirect_stdout(_Nowhere()))
        self.enter_context(contextlib.redirect_stderr(_Nowhere()))
        return self


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


def _said(error: BaseException, length: int = 2 * _SHOWN) -> str:
    try:
        words = str(error)
    except Exception:
        words = ""
    return f"{type(error).__name__}: {shorten(words, length)}" if words else type(error).__name__


def _where(error: BaseException) -> str:
    """The last line of the learner's own code: a cell, and not a library that it called."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        in_a_cell = "ipykernel" in frame.filename or frame.filename.startswith(("<ipython", "<cell", "<string"))
        if in_a_cell:
            source = (frame.line or linecache.getline(frame.filename, frame.lineno or 0)).strip()
            return f" in line {frame.lineno}: {source}" if source else f" in line {frame.lineno}"
    return ""
