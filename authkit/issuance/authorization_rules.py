"""The rules of an authorization request (RFC 6749 §4.1.1, RFC 7636 §4.4): before anyone logs in, and after."""

from __future__ import annotations

from typing import Final

from authkit.ground.display import shorten
from authkit.issuance import clients, pkce
from authkit.issuance.authorization_request import AuthorizationRequest
from authkit.issuance.consent import Consent, decide
from authkit.issuance.rules import Refusal, Rules
from authkit.issuance.underway import Underway
from authkit.issuance.user_scopes import effective
from authkit.registry.registry import Registry

PROMPTS: Final = ("none", "login", "consent", "select_account")


class Asking(Underway):
    """An authorization request on its way through the rules.

    Attributes:
        asked: The request.
        may_redirect: Whether client and redirect_uri are in order, so that an error may be sent there.
        consented: Whether the user has agreed.
    """

    log_code = "fcoa"

    def __init__(self, registry: Registry, asked: AuthorizationRequest, consented: bool = False) -> None:
        super().__init__(registry)
        self.asked = asked
        self.may_redirect = False
        self.consented = consented


REQUEST_RULES: Final = Rules[Asking]()
"""What needs no user."""

USER_RULES: Final = Rules[Asking]()
"""What is asked once a user has logged in."""


@REQUEST_RULES.declare("application.client_id", "RFC 6749 §4.1.2.1")
def client(r: Asking) -> str | Refusal:
    """Is this application known?"""
    found = r.registry.applications.find(r.asked.client_id)
    if found is None:
        return Refusal(
            "invalid_request", 400, "Unknown client",
            f"no application has the client id {shorten(r.asked.client_id)}",
            "Compare the client_id with tenant.applications. The user sees an error page: nobody is sent to an "
            "address that no known application has registered.",
        )  # fmt: skip
    r.application = found
    return found.name


@REQUEST_RULES.declare("application.callbacks", "RFC 6749 §3.1.2.3–§3.1.2.4")
def redirect_uri(r: Asking) -> str | Refusal:
    """Is the redirect_uri one of the application's callbacks, letter by letter?"""
    given, known = r.asked.redirect_uri, r.known_application.callbacks
    if not given or given not in known:
        listed = ", ".join(shorten(one) for one in known) or "none"
        note = f"{shorten(given)} is none of its callbacks" if given else "no redirect_uri was sent"
        return Refusal(
            "invalid_request", 400, "The redirect_uri is none of the application's callbacks", note,
            f"Send one of them letter by letter (known: {listed}), or add it: "
            "tenant.applications.update(application, callbacks=[...]). The user sees an error page: an address that "
            "is not registered could be anybody's.",
        )  # fmt: skip
    r.may_redirect = True
    return f"{shorten(given)} is a callback of the application"


@REQUEST_RULES.declare("request.response_type", "RFC 6749 §3.1.1")
def response_type(r: Asking) -> str | Refusal:
    """Is a code asked for?"""
    given = r.asked.response_type
    if given != "code":
        error = "unsupported_response_type" if given else "invalid_request"
        text = f"Unsupported response type: {given}" if given else "Missing required parameter: response_type"
        return Refusal(
            error, 400, text, f"response_type is {shorten(given)}",
            'Ask with response_type="code": a token in the address itself would end up in histories and logs '
            "(RFC 9700 §2.1.2).",
            "Unsupported response type" if given else "",
        )  # fmt: skip
    return "response_type is code"


@REQUEST_RULES.declare("application.grant_types", "RFC 6749 §4.1.2.1")
def grant_type(r: Asking) -> str | Refusal:
    """May this application use the authorization code grant?"""
    return clients.may_use(r, "authorization_code")


@REQUEST_RULES.declare("application.app_type", "RFC 7636 §4.3–§4.4.1")
def code_challenge(r: Asking) -> str | Refusal:
    """Is the code bound to who asks for it, by PKCE?"""
    challenge, method = r.asked.code_challenge, r.asked.code_challenge_method
    if challenge is None and method is None:
        if r.known_application.client_secret is not None:
            return "no PKCE, which an application with a secret may leave out (RFC 9700 §2.1.1 advises it all the same)"
        return Refusal(
            "invalid_request", 400, "Missing required parameter: code_challenge",
            f"a {r.known_application.app_type} application has no secret, so PKCE alone protects its code",
            "Draw a code_verifier for each login and send its S256 challenge: "
            "authkit.code_challenge(code_verifier), with code_challenge_method=\"S256\".",
        )  # fmt: skip
    if method != "S256":
        seen = "no code_challenge_method, which means plain (RFC 7636 §4.3)" if method is None else shorten(method)
        return Refusal(
            "invalid_request", 400, "Only code_challenge_method S256 is supported", seen,
            'Send code_challenge_method="S256": with plain, who reads the request can redeem the code.',
        )  # fmt: skip
    if challenge is None or not pkce.is_challenge(challenge):
        return Refusal(
            "invalid_request", 400, "The code_challenge is not an S256 challenge",
            "no code_challenge" if challenge is None else f"{len(challenge)} characters that are no S256 challenge",
            "Send base64url of the code_verifier's SHA-256 without padding, 43 characters (RFC 7636 §4.2): "
            "authkit.code_challenge(code_verifier).",
        )  # fmt: skip
    return "an S256 challenge: only who knows its code_verifier can redeem the code"


@REQUEST_RULES.declare("request.prompt", "OpenID Connect Core §3.1.2.1")
def prompt(r: Asking) -> str | Refusal:
    """Is the prompt one we know?"""
    given = r.asked.prompt
    if any(one not in PROMPTS for one in given) or ("none" in given and len(given) > 1):
        return Refusal(
            "invalid_request", 400, "The prompt is not supported", f"prompt is {shorten(' '.join(given))}",
            f"Leave it out, or use {', '.join(PROMPTS)}; none stands alone.",
        )  # fmt: skip
    return f"prompt is {' '.join(given)}" if given else "no prompt"


@REQUEST_RULES.declare("api.identifier", "vendor's documentation")
def audience(r: Asking) -> str | Refusal:
    """Is there an API with this audience?"""
    asked = r.asked.audience
    if not asked:
        return "no audience: the access token will be opaque, good for userinfo alone"
    found = r.registry.apis.find(asked)
    if found is None or found.identifier != asked:
        return Refusal(
            "access_denied", 403, f"Service not found: {asked}", f"no API has the identifier {shorten(asked)}",
            "Compare letter by letter with tenant.apis: a slash at the end makes another identifier.",
            "Service not found",
        )  # fmt: skip
    r.api = found
    return found.name or found.identifier


@USER_RULES.declare("user.blocked", "vendor's documentation")
def user(r: Asking) -> str | Refusal:
    """May this user log in?"""
    if r.known_user.blocked:
        return Refusal(
            "access_denied", 403, "The user is blocked", "the user is blocked",
            "Unblock: tenant.users.update(user, blocked=False).",
        )  # fmt: skip
    return f"{r.known_user.email} has logged in"


@USER_RULES.declare("api.enforce_policies", "RFC 6749 §3.3")
def scope(r: Asking) -> str | Refusal:
    """Which of the scopes asked for does this user's token get?"""
    decided = effective(r.registry, r.known_application, r.api, r.known_user, r.asked.scope)
    r.scopes = decided.granted
    return decided.note


@USER_RULES.declare("tenant.consent", "RFC 6749 §10.2, vendor's documentation")
def consent(r: Asking) -> str | Refusal:
    """Has the user agreed, where that is needed?"""
    said = consent_for(r)
    if not said.needed:
        return f"not needed. {said.reason}"
    if r.consented and "none" not in r.asked.prompt:
        return f"needed and given. {said.reason}"
    if "none" in r.asked.prompt:
        return Refusal(
            "consent_required", 403, "Consent required", f"prompt=none forbids a page. {said.reason}".rstrip("."),
            "Ask again without prompt=none, so that the consent page can be shown.",
        )  # fmt: skip
    return Refusal(
        "access_denied", 403, "User did not authorize the request", f"needed and not given. {said.reason}".rstrip("."),
        "The user has to agree: tenant.authorize(request, user, consented=True). "
        f"Whether that is asked is decided by {said.setting}.",
    )  # fmt: skip


def consent_for(r: Asking) -> Consent:
    """Whether this user has to agree to these scopes."""
    return decide(
        r.registry,
        r.known_application,
        r.api,
        r.known_user,
        r.scopes,
        redirect_uri=r.asked.redirect_uri or "",
        prompt=r.asked.prompt,
    )
