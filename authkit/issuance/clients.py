"""Client authentication at the token endpoint (RFC 6749 §2.3.1), and whether the grant is allowed; for every flow."""

from __future__ import annotations

from typing import Final

from authkit.ground.secret import Secret
from authkit.issuance.rules import Refusal
from authkit.issuance.underway import Underway

_RFC_SAYS: Final = "Auth0 answers access_denied here; RFC 6749 §5.2 says invalid_client."


def confidential(r: Underway, client_id: str, given: Secret | None) -> str | Refusal:
    """Whether this application exists and proved its secret; one without a secret cannot."""
    found = r.registry.applications.find(client_id)
    if found is None:
        return _unauthorized(
            "no application has this client id", "Compare it with tenant.applications, or pass the application itself."
        )
    if found.client_secret is None:
        return _unauthorized(
            f"{found.name} keeps no secret to prove: it is {found.app_type}",
            "Use an application of the type non_interactive or regular_web.",
        )
    if not given or not found.client_secret.matches(given.reveal()):
        return _unauthorized(
            f"the secret is not that of {found.name}" if given else "no secret was presented",
            "Pass the application as it is now, tenant.applications.get(client_id), as its secret may have been "
            "rotated; or its client id with its client secret.",
        )
    r.application = found
    return f"{found.name} proved its secret"


def _unauthorized(note: str, remedy: str) -> Refusal:
    """One answer for every fault: which of them it was would tell a guesser that the client id exists."""
    return Refusal("access_denied", 401, "Unauthorized", note, f"{remedy} {_RFC_SAYS}")


def any_kind(r: Underway, client_id: str, given: Secret | None) -> str | Refusal:
    """The same, and a public application (RFC 6749 §2.1) is taken at its word: it has nothing to prove itself with."""
    found = r.registry.applications.find(client_id)
    if found is None or found.client_secret is not None:
        return confidential(r, client_id, given)
    if given:
        return Refusal(
            "access_denied", 401, "Unauthorized", f"{found.name} keeps no secret, and one was presented",
            f"Leave the client secret out: a {found.app_type} application cannot keep one. {_RFC_SAYS}",
        )  # fmt: skip
    r.application = found
    return f"{found.name} is a public application ({found.app_type}): it has no secret to prove"


def may_use(r: Underway, grant: str) -> str | Refusal:
    """Whether the grant is among the application's grant types."""
    if grant not in r.known_application.grant_types:
        listed = ", ".join(f'"{name}"' for name in (*r.known_application.grant_types, grant))
        return Refusal(
            "unauthorized_client", 403, f"Grant type '{grant}' not allowed for the client.",
            f"{grant} is not among its grant types",
            f"Allow it: tenant.applications.update(application, grant_types=[{listed}]).",
        )  # fmt: skip
    return f"{grant} is among its grant types"
