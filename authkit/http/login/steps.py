"""What comes next for a request: the login page, the consent page, or the way back to the application."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from starlette.responses import Response

from authkit.http.login.desk import Desk, LoginFailed, Visitor
from authkit.http.login.form_token import FIELD, FormTokens
from authkit.http.login.pages import LOCKED_IN, Pages
from authkit.http.login.request_in_words import in_words
from authkit.http.login.scopes import explained
from authkit.issuance import AuthorizationRefused
from authkit.issuance.codes import CODE_LIFETIME

if TYPE_CHECKING:
    from authkit.http.authorize_request import Asked
    from authkit.http.login.cookie import LoginCookie
    from authkit.issuance import Consent
    from authkit.registry.models import User
    from authkit.tenant import Tenant

ANSWER_SECONDS: Final = 600
"""How long a login counts as made for its request, while a consent page is read: then it is one like any other."""

_STALE: Final = (
    "Since it was opened, somebody has logged in or out with this browser, or what it asks has changed, or the tenant "
    "was started again – or it came from elsewhere. Nothing was changed."
)


class Steps:
    """Leads a user from a request to its answer.

    The request travels in the address of every step and is understood anew each time, so that nothing is kept for who
    never comes back, and a setting that changes meanwhile counts.

    Args:
        tenant: Who decides.
        pages: What the user sees.
        cookie: What the browser is known by.
    """

    def __init__(self, tenant: Tenant[Any], pages: Pages, cookie: LoginCookie) -> None:
        self._tenant = tenant
        self._pages = pages
        self._cookie = cookie
        self._tokens = FormTokens()
        self.desk = Desk(tenant)

    def next(self, asked: Asked, visitor: Visitor) -> Response:
        """The first page that is still needed, or the way back with a code."""
        user = _logged_in(asked, visitor, self.desk)
        if isinstance(user, str):
            if "none" in asked.prompts:
                return sent_to(asked.authorization.login_required().redirect_to or "")
            return self._login_page(asked, visitor, email=asked.login_hint, why=user)
        consent = asked.authorization.consent(user)
        if consent.needed and "none" not in asked.prompts:
            return self._consent_page(asked, visitor, user, consent)
        return self._answer(asked, visitor, user, consented=False)

    def log_in(self, asked: Asked, visitor: Visitor, fields: dict[str, str], address: str) -> Response:
        """The answer to the login page: back to the request as somebody, or the same page with what went wrong."""
        if not self._tokens.matches(fields.get(FIELD, ""), _known(visitor), "login", asked.query):
            return self._stale(asked)
        email = fields.get("email", "").strip()  # a space slips in with a paste, and no address has one
        try:
            cookie = self.desk.log_in(
                email, fields.get("password", ""), address=address, client_id=asked.authorization.application.client_id,
                request=asked.digest, instead_of=visitor.cookie,
            )  # fmt: skip
        except LoginFailed as failed:
            answer = self._login_page(
                asked, visitor, email=email, why="That has not worked yet.", error=failed.sentence, status=failed.status
            )
            if failed.retry_after:
                answer.headers["Retry-After"] = str(failed.retry_after)
            return answer
        answer = sent_to(f"authorize?{asked.query}")
        self._cookie.give(answer, cookie)
        return answer

    def consent(self, asked: Asked, visitor: Visitor, fields: dict[str, str]) -> Response:
        """The answer to the consent page: a code, or `access_denied` (RFC 6749 §4.1.2.1)."""
        user = _logged_in(asked, visitor, self.desk)
        if isinstance(user, str):  # the session ended while the page was open
            return sent_to(f"authorize?{asked.query}")
        about = _agreed_to(asked, user, asked.authorization.consent(user))
        decision = fields.get("decision", "")
        if not self._tokens.matches(fields.get(FIELD, ""), _known(visitor), *about):
            return self._stale(asked)
        if decision == "accept":
            return self._answer(asked, visitor, user, consented=True)
        self._tenant.log.add(
            "fcoa", "access_denied: The user declined.",
            client_id=asked.authorization.application.client_id, user_id=user.user_id,
        )  # fmt: skip
        return self._back(visitor, asked.refusal("access_denied", "User did not authorize the request"))

    def _login_page(
        self, asked: Asked, visitor: Visitor, *, email: str, why: str, error: str = "", status: int = 200
    ) -> Response:
        return self._form(
            "login", asked, visitor, ("login", asked.query),
            step=2, login_reason=why, email=email, error=error, status=status,
        )  # fmt: skip

    def _consent_page(self, asked: Asked, visitor: Visitor, user: User, consent: Consent) -> Response:
        return self._form(
            "consent", asked, visitor, _agreed_to(asked, user, consent),
            step=3, login_reason="", user=user, scopes=explained(consent.scopes, asked.authorization.api),
            left_out=[name for name in asked.request.scope if name not in consent.scopes],
            reason=consent.reason, setting=consent.setting, callback=asked.request.redirect_uri,
            another=f"authorize?{asked.query_with_login}",
        )  # fmt: skip

    def _form(self, name: str, asked: Asked, visitor: Visitor, about: tuple[str, ...], **shown: Any) -> Response:
        answer = self._pages.page(
            name,
            action=f"{name}?{asked.query}",
            token=self._tokens.make(visitor.cookie, *about),
            token_field=FIELD,
            application=asked.authorization.application,
            api=asked.authorization.api,
            sent=in_words(asked.given),
            code_seconds=CODE_LIFETIME,
            **shown,
        )
        if not visitor.known:
            self._cookie.give(answer, visitor.cookie)
        return answer

    def _answer(self, asked: Asked, visitor: Visitor, user: User, *, consented: bool) -> Response:
        try:
            auth_time = self.desk.typed_at(visitor) if asked.max_age is not None else None
            url = self._tenant.authorize(asked.request, user, consented, auth_time=auth_time).redirect_to
        except AuthorizationRefused as refused:
            if refused.redirect_to is None:
                raise
            url = refused.redirect_to
        return self._back(visitor, url)

    def _back(self, visitor: Visitor, url: str) -> Response:
        if visitor.session is not None:
            visitor.session.logged_in_for = None  # prompt=login asks for a password each time
        return sent_to(url)

    def _stale(self, asked: Asked) -> Response:
        return self._pages.page(
            "error", status=403, heading="This form cannot be used", description=_STALE, error="", rule=None, remedy="",
            onward=f"authorize?{asked.query}",
        )  # fmt: skip


def sent_to(url: str) -> Response:
    """A redirect by which a form's content travels no further (RFC 9700 §4.12), with the address letter by letter."""
    # A header is ASCII: other characters are percent-encoded, and nothing that is written already is touched.
    return Response(status_code=303, headers={**LOCKED_IN, "Location": quote(url, safe=string.punctuation)})


def _agreed_to(asked: Asked, user: User, consent: Consent) -> tuple[str, ...]:
    """What an answer to the consent page answers: who asks whom for what, in the words that are shown."""
    application, api = asked.authorization.application, asked.authorization.api
    words = [text for scope in explained(consent.scopes, api) for text in scope]
    return ("consent", asked.query, user.user_id, application.name, *((api.id, api.name) if api else ()), *words)


def _known(visitor: Visitor) -> str | None:
    return visitor.cookie if visitor.known else None


def _logged_in(asked: Asked, visitor: Visitor, desk: Desk) -> User | str:
    """Who is logged in; or why this request is not content with that (OpenID Connect Core 1.0 §3.1.2.1)."""
    session, user = visitor.session, visitor.user
    if session is None or user is None:
        return "Nobody is logged in with this browser."
    if asked.hinted_user not in (None, user.user_id):
        return "The application expects somebody else (id_token_hint)."
    age = desk.sessions.age(session)
    just_now = session.logged_in_for == asked.digest and age <= ANSWER_SECONDS
    # 0 is as prompt=login, even on a tenant whose clock stands still; by any other age also the login just now is old.
    if asked.max_age is not None and (age > asked.max_age if asked.max_age else not just_now):
        return f"The application wants a login that is no older than {asked.max_age} seconds (max_age)."
    if not just_now and (again := asked.prompts & {"login", "select_account"}):
        return f"The application wants you to log in again (prompt={min(again)})."
    return user
