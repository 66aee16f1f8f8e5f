"""From the query of `/authorize` to the authorization it asks for (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2.1).

A fault of the client or of its callback is told to the user alone; every other one goes back to the application.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus

from authkit.http.parameters import OAuthError, read_query, twice
from authkit.issuance import Authorization, AuthorizationRefused, AuthorizationRequest
from authkit.issuance.authorization_request import with_parameters
from authkit.jose.decode import decode
from authkit.jose.rejection import TokenRejected

if TYPE_CHECKING:
    from authkit.tenant import Tenant

_NOT_OURS: Final = {
    "request": ("request_not_supported", "Send the parameters themselves, not a request object"),
    "request_uri": ("request_uri_not_supported", "Send the parameters themselves, not the address of a request object"),
    "registration": ("registration_not_supported", "Register the application first"),
}
"""Parameters that must not be ignored, as they would change what is asked (OpenID Connect Core 1.0 §6, §7.2.1)."""


_PLAIN: Final = "".join(set(string.punctuation) - set("\"#<>'&+%"))
"""What browsers leave as it is in a query. To encode more could make it longer than the limit that it has passed."""


class SendBack(Exception):
    """The application is told what is wrong: its callback, with `error` and `state` (RFC 6749 §4.1.2.1)."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request that may go on to login and consent.

    Attributes:
        given: Its parameters.
        request: The same for the tenant.
        authorization: What the tenant made of it.
    """

    given: dict[str, str]
    request: AuthorizationRequest
    authorization: Authorization

    @property
    def query(self) -> str:
        """Its parameters, always written the same way, for the forms that lead back to it."""
        return _query(self.given)

    @property
    def query_with_login(self) -> str:
        """The same request, by somebody who is to log in first."""
        return _query({**self.given, "prompt": " ".join(sorted({*self.prompts, "login"}))})

    @property
    def prompts(self) -> frozenset[str]:
        """What the user is to be asked, whatever is known already."""
        return frozenset(self.given.get("prompt", "").split())

    @property
    def max_age(self) -> int | None:
        """Seconds since the login after which the user must log in again."""
        return int(self.given["max_age"]) if "max_age" in self.given else None

    @property
    def login_hint(self) -> str:
        """Who the application thinks the user is."""
        return self.given.get("login_hint", "")

    @property
    def hinted_user(self) -> str | None:
        """The subject of an ID token that the application sent along: nobody else is to answer.

        It is read and not verified: a forged one opens nothing, it only asks somebody to log in.
        """
        return _subject(self.given["id_token_hint"]) if "id_token_hint" in self.given else None

    @property
    def digest(self) -> str:
        """What tells this request from others."""
        return hashlib.sha256(self.query.encode()).hexdigest()

    def refusal(self, error: str, description: str) -> str:
        """The callback with an error."""
        return _with_error(self.request, error, description)


def understood(tenant: Tenant[Any], query: bytes) -> Asked:
    """What a query asks for.

    Raises:
        OAuthError: It cannot be read at all.
        AuthorizationRefused: The client or its callback is at fault: no redirect.
        SendBack: Anything else is.
    """
    given, repeated = read_query(query)
    if not {"client_id", "redirect_uri"}.isdisjoint(repeated):  # which of them is meant, nobody can say
        raise OAuthError("invalid_request", twice(repeated))
    fault = _fault(given, repeated)
    request = AuthorizationRequest(
        given.get("client_id", ""),
        redirect_uri=given.get("redirect_uri"),
        scope=given.get("scope", ""),
        audience=given.get("audience"),
        response_type=given.get("response_type"),
        state=given.get("state"),
        nonce=given.get("nonce"),
        code_challenge=given.get("code_challenge"),
        code_challenge_method=given.get("code_challenge_method"),
        prompt=given.get("prompt"),
    )
    try:
        authorization = tenant.authorization(request)
    except AuthorizationRefused as refused:
        if refused.redirect_to is None:
            raise
        raise SendBack(refused.redirect_to if fault is None else _with_error(request, *fault)) from None
    if fault is not None:
        raise SendBack(_with_error(request, *fault))
    return Asked(given=given, request=request, authorization=authorization)


def _query(given: dict[str, str]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(value, safe=_PLAIN)}" for name, value in given.items())


def _with_error(request: AuthorizationRequest, error: str, description: str) -> str:
    told = {"error": error, "error_description": description, "state": request.state}
    return with_parameters(request.redirect_uri or "", told)


def _subject(id_token: str) -> str | None:
    """Whom an ID token names; None if it can be no ID token."""
    try:
        subject = decode(id_token).payload.get("sub")
    except TokenRejected:
        return None
    return subject if isinstance(subject, str) else None


def _fault(given: dict[str, str], repeated: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with the parameters themselves: the error and its description, or None."""
    if repeated:
        return "invalid_request", twice(repeated)
    for name, fault in _NOT_OURS.items():
        if name in given:
            return fault
    if given.get("response_mode", "query") != "query":
        return "invalid_request", "Unsupported response_mode: codes come in the query"
    max_age = given.get("max_age", "0")
    if not (max_age.isascii() and max_age.isdigit() and len(max_age) <= 10):
        return "invalid_request", "max_age is a number of seconds"
    if "id_token_hint" in given and _subject(given["id_token_hint"]) is None:
        return "invalid_request", "id_token_hint is no ID token"
    return None
