"""Consent: whether the user is asked before an application gets tokens, and what was agreed to before."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import inet_aton
from urllib.parse import unquote, urlsplit

from authkit.ground import display
from authkit.registry.models import Api, Application, User
from authkit.registry.registry import Registry


@dataclass(frozen=True, kw_only=True, repr=False)
class Consent:
    """Whether the consent page is shown.

    Attributes:
        needed: Whether the user has to agree.
        reason: Why, in a sentence.
        setting: Which setting decides it, as code.
        scopes: What the application would get.
    """

    needed: bool
    reason: str
    setting: str
    scopes: tuple[str, ...]

    def __repr__(self) -> str:
        answer = "needed" if self.needed else "not needed"
        return f"Consent {answer}: {self.reason} (setting: {self.setting}; scopes: {' '.join(self.scopes) or 'none'})"

    def _repr_html_(self) -> str:
        facts = {
            "consent": "needed" if self.needed else "not needed",
            "why": self.reason,
            "setting": display.name(self.setting),
            "scopes": " ".join(self.scopes) or "none",
        }
        return display.fields(facts, caption="Consent")


def decide(
    registry: Registry,
    application: Application,
    api: Api | None,
    user: User,
    scopes: tuple[str, ...],
    *,
    redirect_uri: str,
    prompt: tuple[str, ...] = (),
) -> Consent:
    """Whether the user has to agree, by the first of these that applies.

    The source page has it that a callback on localhost always shows consent (S11). The vendor's product has moved on
    and may show a login confirmation there instead; this tenant does what the page says.
    """

    def says(needed: bool, reason: str, setting: str) -> Consent:
        return Consent(needed=needed, reason=reason, setting=setting, scopes=scopes)

    if "consent" in prompt:
        return says(True, "The application asked for the consent page (prompt=consent).", "request.prompt")
    if on_loopback(redirect_uri):
        return says(
            True,
            "The callback is on localhost, where any program of the machine could wait: consent is always shown.",
            "application.callbacks",
        )
    if not application.is_first_party:
        return says(
            True, "The application is a third party's: its users are always asked.", "application.is_first_party"
        )
    if api is None:
        return says(
            False,
            "No API was asked for: the tenant's own application learns no more than who logged in.",
            "request.audience",
        )
    if api.skip_consent_for_verifiable_first_party_clients:
        return says(
            False,
            "The API lets first-party applications skip consent, and this is one.",
            "api.skip_consent_for_verifiable_first_party_clients",
        )
    agreed = remembered(registry, application, api, user)
    if agreed is not None and set(scopes) <= set(agreed):
        return says(False, "The user has agreed to these scopes before.", "tenant's store: consents")
    more = "the user has not agreed to all of these scopes yet" if agreed is not None else "this is the first time"
    return says(
        True,
        f"The API does not let first-party applications skip consent, and {more}.",
        "api.skip_consent_for_verifiable_first_party_clients",
    )


def on_loopback(redirect_uri: str) -> bool:
    """Whether a callback leads back to the user's own machine, by any spelling that a browser takes for it."""
    host = unquote(urlsplit(redirect_uri).hostname or "").lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):  # browsers keep these names to themselves (RFC 6761 §6.3)
        return True
    address = _address(host)
    # Systems take the address of none, 0.0.0.0, for their own.
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
        return getattr(address, "ipv4_mapped", None) or address
    except ValueError:
        pass
    try:
        return IPv4Address(inet_aton(host))  # browsers, too, read 127.1, 0x7f.0.0.1 and 2130706433 as addresses
    except (OSError, ValueError):  # a name
        return None


def remembered(registry: Registry, application: Application, api: Api, user: User) -> tuple[str, ...] | None:
    """The scopes the user has agreed to before; None if never asked."""
    rows = registry.database.rows(
        "SELECT scope FROM consents WHERE user_id = ? AND client_id = ? AND audience = ?",
        (user.user_id, application.client_id, api.identifier),
    )
    return tuple(rows[0][0].split()) if rows else None


def remember(registry: Registry, application: Application, api: Api, user: User, scopes: tuple[str, ...]) -> None:
    """Keep that the user agreed; what was agreed to before stays agreed to."""
    agreed = dict.fromkeys((*(remembered(registry, application, api, user) or ()), *scopes))
    registry.database.execute(
        "INSERT INTO consents (user_id, client_id, audience, scope) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET scope = excluded.scope",
        (user.user_id, application.client_id, api.identifier, " ".join(agreed)),
    )
