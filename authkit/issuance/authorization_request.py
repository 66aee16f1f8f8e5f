"""A request for an authorization code, as it stands in the address a browser opens (RFC 6749 §4.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from authkit.ground.display import printable
from authkit.issuance import arguments
from authkit.registry.models import Application


class AuthorizationRequest:
    """What an application asks for when it sends a user to the tenant.

    Args:
        application: The application, or its client id.
        redirect_uri: Where to send the user back to: one of the application's callbacks, letter by letter.
        scope: Scopes to ask for, as a list or separated by spaces. `openid` brings an ID token, `offline_access` a
            refresh token where the API allows it.
        audience: The identifier of the API the token is for; without one the access token is opaque.
        response_type: `code`.
        state: What comes back unchanged: the application compares it (RFC 6749 §10.12).
        nonce: What comes back in the ID token (OpenID Connect Core §3.1.2.1).
        code_challenge: The S256 challenge of a `code_verifier` (RFC 7636 §4.3); public applications must send one.
        code_challenge_method: `S256`.
        prompt: `none`, `login`, `consent` or `select_account` (OpenID Connect Core §3.1.2.1).

    Raises:
        ConfigurationError: An argument of the wrong kind.
    """

    def __init__(
        self,
        application: Application | str,
        *,
        redirect_uri: str | None,
        scope: Iterable[str] | str = (),
        audience: str | None = None,
        response_type: str | None = "code",
        state: str | None = None,
        nonce: str | None = None,
        code_challenge: str | None = None,
        code_challenge_method: str | None = None,
        prompt: str | None = None,
    ) -> None:
        self.client_id = arguments.client_id(application)
        self.redirect_uri = arguments.text("redirect_uri", redirect_uri, "text: one of the application's callbacks")
        self.scope = arguments.scopes(scope)
        self.audience = arguments.text("audience", audience, "text: the API's identifier")
        self.response_type = arguments.text("response_type", response_type)
        self.state = arguments.text("state", state)
        self.nonce = arguments.text("nonce", nonce)
        self.code_challenge = arguments.text("code_challenge", code_challenge)
        self.code_challenge_method = arguments.text("code_challenge_method", code_challenge_method)
        self.prompt = tuple((arguments.text("prompt", prompt) or "").split())

    def __repr__(self) -> str:
        asked = printable(" ".join(self.scope)) or "none"
        return (
            f"AuthorizationRequest({self.client_id!r}, redirect_uri={self.redirect_uri!r}, "
            f"audience={self.audience!r}, scope: {asked})"
        )


def with_parameters(url: str, parameters: dict[str, str | None]) -> str:
    """A callback with parameters added; a query it has already stays as it is (RFC 6749 §3.1.2, §4.1.2)."""
    given = urlencode({name: value for name, value in parameters.items() if value is not None}, errors="replace")
    if "?" not in url:
        return f"{url}?{given}"
    return f"{url}{given}" if url.endswith(("?", "&")) else f"{url}&{given}"
