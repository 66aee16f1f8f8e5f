"""How often a password may be guessed."""

from __future__ import annotations

import hashlib
import threading
from typing import Final

from authkit.ground.clock import Clock

WINDOW_SECONDS: Final = 15 * 60
FOR_ONE_USER: Final = 5
FOR_ONE_ADDRESS: Final = 20
_MAX_KEPT: Final = 10_000


class Attempts:
    """Counts failed logins: few for one e-mail address, more for one network address, within a quarter of an hour.

    E-mail addresses of nobody count like any other, or the limit would tell which ones exist.

    Args:
        clock: The tenant's; on a training tenant the quarter of an hour passes when the clock is advanced.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[bytes, list[float]] = {}

    def begin(self, email: str, address: str) -> bool:
        """Count an attempt before the password is looked at, so that guesses side by side do not slip through.

        Returns:
            Whether it may be made; if not, it does not count, and waiting ends in time.
        """
        now = self._clock.monotonic()
        with self._lock:
            limits = self._limits(email, address)
            recent = {key: self._recent(key, now) for key in limits}
            if any(len(recent[key]) >= limit for key, limit in limits.items()):
                return False
            for key, times in recent.items():
                self._failed.pop(key, None)  # put back at the end: the first is the one that has waited longest
                self._failed[key] = [*times, now]
            while len(self._failed) > _MAX_KEPT:
                del self._failed[next(iter(self._failed))]
        return True

    def succeeded(self, email: str, address: str) -> None:
        """The password was right: its user begins anew, and the network address has one failure less."""
        user, network = self._limits(email, address)
        with self._lock:
            self._failed.pop(user, None)
            self._failed[network] = self._failed.get(network, [])[:-1]
            if not self._failed[network]:
                del self._failed[network]

    def _recent(self, key: bytes, now: float) -> list[float]:
        return [time for time in self._failed.get(key, []) if now - time < WINDOW_SECONDS]

    def _limits(self, email: str, address: str) -> dict[bytes, int]:
        """What is counted, and how far; hashed, so that what was typed is kept nowhere."""
        return {_key("user", address, email.lower()): FOR_ONE_USER, _key("address", address): FOR_ONE_ADDRESS}


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
