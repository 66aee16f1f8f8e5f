"""Who is logged in with which browser: known by a random cookie, of which the server keeps the hash alone."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Final

from authkit.ground import chance
from authkit.ground.chance import Chance, SystemChance
from authkit.ground.clock import Clock

SESSION_SECONDS: Final = 3 * 24 * 3600
MAX_SESSIONS: Final = 1000


@dataclass
class Session:
    """A user's login with one browser.

    Attributes:
        user_id: Who logged in.
        began: When, by the clock's monotonic reading.
        at: When, NumericDate.
        logged_in_for: The request that the password was typed for, as long as that one is not answered.
        password: The mark of the password that was typed: with another one the login is over.
    """

    user_id: str
    began: float
    at: float
    logged_in_for: str | None
    password: str = ""


class Sessions:
    """The sessions of one server, kept in memory: they end with it.

    Args:
        clock: The tenant's. Setting it back gives no session new life.
        chance: Where cookies come from. Unlike the tenant's own it is never repeatable: a cookie stands on no screen
            to be compared, and one from before a restart must not open another person's session.
    """

    def __init__(self, clock: Clock, chance: Chance | None = None) -> None:
        self._clock = clock
        self._chance = chance or SystemChance()
        self._lock = threading.Lock()
        self._kept: dict[str, Session] = {}

    def visitor(self) -> str:
        """A cookie for a browser that has none; nothing is kept for it."""
        return chance.text(self._chance.value("login_cookie"))

    def begin(self, user_id: str, logged_in_for: str, *, instead_of: str, password: str = "") -> str:
        """Note a login and return the cookie for it.

        The browser's cookie from before the login ends here: somebody else may have planted it (session fixation).
        """
        cookie = self.visitor()
        with self._lock:
            self._kept.pop(_hash(instead_of), None)
            for name in [name for name, one in self._kept.items() if self._over(one)]:
                del self._kept[name]
            while len(self._kept) >= MAX_SESSIONS:  # the oldest goes: its user types a password again
                del self._kept[next(iter(self._kept))]
            self._kept[_hash(cookie)] = Session(
                user_id, self._clock.monotonic(), self._clock.now(), logged_in_for, password
            )
        return cookie

    def find(self, cookie: str) -> Session | None:
        """The session of this cookie, or None if there is none or it is over."""
        with self._lock:
            found = self._kept.get(_hash(cookie))
        return None if found is None or self._over(found) else found

    def age(self, session: Session) -> float:
        """Seconds since its password was typed: the larger of two readings.

        The monotonic one stands still while a machine sleeps; the other one can be set back.
        """
        return max(self._clock.monotonic() - session.began, self._clock.now() - session.at)

    def end(self, cookie: str) -> None:
        """Log out."""
        with self._lock:
            self._kept.pop(_hash(cookie), None)

    def _over(self, session: Session) -> bool:
        return self.age(session) >= SESSION_SECONDS


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()
