"""What may be legal and is still risky in a tenant's settings: said once, with the repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from authkit.ground import display
from authkit.registry.models import CONFIDENTIAL, Api, Application, ClientGrant

A_DAY: Final = 86400
SHORT_SECRET: Final = 22
"""Characters of base64url that 128 random bits have, which nobody guesses (RFC 6749 §10.10)."""
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, repr=False)
class Risk:
    """A setting that is allowed, and that someone should look at.

    Attributes:
        where: The entry and its name, as in `resource_servers[0] (https://orders.example/)`.
        what: What may happen.
        remedy: What would prevent it.
    """

    where: str
    what: str
    remedy: str

    def __repr__(self) -> str:
        return f"{self.where}: {self.what}\n  Repair: {self.remedy}"

    def _repr_html_(self) -> str:
        return display.block(self.where, self.what, tone="undecided", note=self.remedy)


def of_api(where: str, api: Api) -> Iterator[Risk]:
    """The risks of one API's settings."""
    if api.signing_alg == "HS256":
        yield Risk(
            where,
            "Its tokens are signed with a shared secret (HS256): whoever can verify one can make one.",
            "Create it anew with signing_alg='RS256'; the algorithm of an API never changes.",
        )
    for field in ("token_lifetime", "token_lifetime_for_web"):
        seconds = getattr(api, field)
        if seconds > A_DAY:
            yield Risk(
                where,
                f"{field} is {seconds} seconds, more than a day: nobody can call a stolen token back before its end.",
                f"tenant.apis.update(api, {field}={A_DAY}), or shorter; refresh tokens bridge the time.",
            )
    if api.skip_consent_for_verifiable_first_party_clients:
        yield Risk(
            where,
            "Consent is skipped: first-party applications get tokens for users who were never asked.",
            "tenant.apis.update(api, skip_consent_for_verifiable_first_party_clients=False)",
        )
    if api.scopes and not api.enforce_policies:
        yield Risk(
            where,
            "RBAC is off: an application gets every scope it asks for, whoever the user is.",
            "tenant.apis.update(api, enforce_policies=True), and give the scopes to roles.",
        )


def of_application(where: str, application: Application, *, offline: bool) -> Iterator[Risk]:
    """The risks of one application's settings.

    Args:
        where: The entry.
        application: The application.
        offline: Whether any API gives refresh tokens: where none does, how they behave is no risk.
    """
    for callback in application.callbacks:
        parts = urlsplit(callback)
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            yield Risk(
                where,
                f"The callback {display.shorten(callback, 200)} is http: who is on the way reads the code (RFC 9700).",
                "Use https; plain http is for this machine alone.",
            )
    secret = application.client_secret
    if secret is not None and len(secret) < SHORT_SECRET:
        yield Risk(
            where,
            f"Its client secret has fewer than {SHORT_SECRET} characters: it can be guessed, or stands for one that "
            "was not shown.",
            "tenant.applications.rotate_secret(application), and configure the application with the new one.",
        )
    public = application.app_type not in CONFIDENTIAL and "refresh_token" in application.grant_types
    if offline and public and application.refresh_token.rotation_type != "rotating":
        yield Risk(
            where,
            "Its refresh tokens do not rotate, and it has no secret: whoever steals one uses it unnoticed "
            "(RFC 9700 §2.2.2, §4.14.2).",
            "tenant.applications.update(application, refresh_token={'rotation_type': 'rotating'})",
        )


def of_grant(where: str, grant: ClientGrant, api: Api, *, unrestricted: bool) -> Iterator[Risk]:
    """The risks of one client grant.

    Args:
        where: The entry.
        grant: The grant.
        api: The API it is for.
        unrestricted: Whether it named no scopes and asked for all of them.
    """
    if unrestricted or (len(api.scopes) > 1 and set(grant.scope) >= set(api.scope_values)):
        yield Risk(
            where,
            f"It grants every scope of {display.shorten(api.identifier, 200)}.",
            "tenant.client_grants.update(grant, scope=[...]) with those that the application needs.",
        )


def of_grant_type(where: str, grant_type: object) -> Risk:
    """The risk of a way to ask for tokens that this tenant does not have."""
    what, remedy = _GRANT_TYPES.get(str(grant_type), _UNKNOWN_GRANT_TYPE)
    return Risk(where, f"The grant type {display.shorten(grant_type)} was left out: {what}", remedy)


_UNKNOWN_GRANT_TYPE: Final = (
    "this tenant does not know it.",
    "Find out who uses it before the application moves; here it asks by another grant type.",
)
_PASSWORD: Final = (
    "with it the application handles the users' passwords (RFC 9700 §2.4).",
    "Use authorization_code: users then type their password at the tenant alone.",
)
_GRANT_TYPES: Final = {
    "implicit": (
        "it puts tokens into addresses, where histories and logs keep them (RFC 9700 §2.1.2).",
        "Use authorization_code with PKCE.",
    ),
    "password": _PASSWORD,
    "http://auth0.com/oauth/grant-type/password-realm": _PASSWORD,
}
