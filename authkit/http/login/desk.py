"""Who is at the other end: the browser's cookie, its session, its user; and how they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authkit.http.login.attempts import WINDOW_SECONDS, Attempts
from authkit.http.login.sessions import Session, Sessions

if TYPE_CHECKING:
    from authkit.registry.models import User
    from authkit.tenant import Tenant

WRONG = "The e-mail address or the password is wrong."
TOO_MANY = "Too many failed attempts with this e-mail address or from this machine: wait a quarter of an hour."
TOO_MANY_TRAINING = f"{TOO_MANY} On this tenant: tenant.clock.advance(minutes=15)."
INCOMPLETE = "Type your e-mail address and your password."


class LoginFailed(Exception):
    """Nobody was logged in.

    Attributes:
        sentence: What the page says about it.
        status: 403, or 429 where there were too many attempts.
        retry_after: Seconds to wait, by the tenant's clock; 0 if none.
    """

    def __init__(self, sentence: str, status: int = 403, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True)
class Visitor:
    """A browser as it came.

    Attributes:
        cookie: Its cookie; a fresh one if it brought none.
        known: Whether it brought one.
        session: Its login, or None.
        user: Who is logged in, or None.
    """

    cookie: str
    known: bool
    session: Session | None
    user: User | None


class Desk:
    """Logs users in and out.

    Args:
        tenant: Whose users they are.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        self._tenant = tenant
        self.sessions = Sessions(tenant.clock)
        self._attempts = Attempts(tenant.clock)

    def visitor(self, cookie: str | None) -> Visitor:
        """The browser with this cookie.

        A user who was blocked or deleted since, or has another password, is logged in no longer.
        """
        if cookie is None:
            return Visitor(self.sessions.visitor(), False, None, None)
        session = self.sessions.find(cookie)
        users = self._tenant.users
        user = users.find(session.user_id) if session is not None else None
        if session is None or user is None or user.blocked or users.password_mark(user.id) != session.password:
            return Visitor(cookie, True, None, None)
        return Visitor(cookie, True, session, user)

    def log_in(self, email: str, password: str, *, address: str, client_id: str, request: str, instead_of: str) -> str:
        """Log in the user with this address and password; the cookie of the session.

        Args:
            email: What was typed.
            password: What was typed; it is kept nowhere.
            address: The network address it came from.
            client_id: The application that the user wants to go on to, for the log.
            request: What the user wants to go on with; see `Session`.
            instead_of: The browser's cookie until now.

        Raises:
            LoginFailed: They are wrong, missing, or tried too often. For an address that nobody has, too, and it takes
                as long.
        """
        if not email or not password:
            raise LoginFailed(INCOMPLETE)
        if not self._attempts.begin(email, address):
            raise LoginFailed(TOO_MANY_TRAINING if self._tenant.training else TOO_MANY, 429, WINDOW_SECONDS)
        found = self._tenant.users.authenticated(email, password)
        if found is None:
            self._note_failure(email, client_id)
            raise LoginFailed(WRONG)
        user, mark = found
        self._attempts.succeeded(email, address)
        # The log says so when the login leads to a code.
        return self.sessions.begin(user.user_id, request, instead_of=instead_of, password=mark)

    def typed_at(self, visitor: Visitor) -> float | None:
        """When the browser's user typed the password, NumericDate; None if nobody is logged in."""
        if visitor.session is None:
            return None
        return float(self._tenant.clock.now()) - self.sessions.age(visitor.session)

    def _note_failure(self, email: str, client_id: str) -> None:
        # What was typed is not noted: it may well be a password in the wrong field.
        found = self._tenant.users.find(email)
        if found is None:
            self._tenant.log.add("fu", "No user has this e-mail address.", client_id=client_id)
        else:
            why = "The user is blocked, or the password is wrong." if found.blocked else "The password is wrong."
            self._tenant.log.add("fp", why, client_id=client_id, user_id=found.user_id)
